/* url.c - from the URL of a store to those of its databases. */
#include <stdio.h>
#include <string.h>

#include "store/handle.h"

#define CATALOG_FILE   "catalog.db"
#define CATALOG_SCHEMA "ordmill"
#define LOCK_FILE      "lock"

#define SCHEMA_NAME_MAX 63 /* PostgreSQL cuts off the rest */

static int
fits(int n, const char *base, struct om_err *err)
{
	if (n < 0 || n >= OM_URL_MAX)
		return om_fail(err, OM_ELIMIT, "'%.60s...' is over %d bytes",
		    base, OM_URL_MAX - 1);
	return 0;
}

int
om_url_join(const char *base, const char *name, char out[OM_URL_MAX],
    struct om_err *err)
{
	const char *query = strchr(base, '?');
	size_t len = strlen(base);

	if (om_db_url_is_remote(base))
		return fits(snprintf(out, OM_URL_MAX, "%s%sschema=%s", base,
				query == NULL ? "?" : "&", name),
		    base, err);
	while (len > 1 && base[len - 1] == '/')
		len--;
	return fits(snprintf(out, OM_URL_MAX, "%.*s/%s", (int)len, base, name),
	    base, err);
}

/* The value of schema=, {NULL, 0} if the URL has none. */
static struct om_str
schema_of(const char *url)
{
	const char *at = strchr(url, '?');

	while (at != NULL) {
		at++;
		if (strncmp(at, "schema=", 7) == 0)
			return (struct om_str){ at + 7, strcspn(at + 7, "&") };
		at = strchr(at, '&');
	}
	return (struct om_str){ NULL, 0 };
}

int
om_store_catalog_url(const char *store_url, char out[OM_URL_MAX],
    struct om_err *err)
{
	if (om_db_url_is_remote(store_url) && schema_of(store_url).p != NULL)
		return fits(snprintf(out, OM_URL_MAX, "%s", store_url),
		    store_url, err);
	return om_url_join(store_url,
	    om_db_url_is_remote(store_url) ? CATALOG_SCHEMA : CATALOG_FILE, out,
	    err);
}

/* Beside the catalog's schema, so that one database can hold many stores. */
int
om_store_shard_beside(const char *store_url, unsigned shard,
    char out[OM_URL_MAX], struct om_err *err)
{
	const struct om_str set = schema_of(store_url);
	const struct om_str schema =
	    set.p == NULL ? OM_STR(CATALOG_SCHEMA) : set;
	char name[SCHEMA_NAME_MAX + 1];
	int n;

	if (!om_db_url_is_remote(store_url))
		return fits(snprintf(out, OM_URL_MAX, "shard-%u.db", shard),
		    store_url, err);
	n = snprintf(name, sizeof(name), "%.*s_shard_%u", OM_FMT(schema),
	    shard);
	if (n < 0 || (size_t)n >= sizeof(name))
		return om_fail(err, OM_EUSAGE,
		    "schema '%.*s' is too long to name shards after",
		    OM_FMT(schema));
	if (set.p == NULL)
		return om_url_join(store_url, name, out, err);
	return fits(snprintf(out, OM_URL_MAX, "%.*s%s%s",
			(int)(set.p - store_url), store_url, name,
			set.p + set.n),
	    store_url, err);
}

int
om_store_shard_url(const char *store_url, const char *kept,
    char out[OM_URL_MAX], struct om_err *err)
{
	if (om_db_url_is_remote(kept) || kept[0] == '/')
		return fits(snprintf(out, OM_URL_MAX, "%s", kept), kept, err);
	if (om_db_url_is_remote(store_url))
		return om_fail(err, OM_EUSAGE,
		    "shard '%s' is neither a url nor an absolute path", kept);
	return om_url_join(store_url, kept, out, err);
}

int
om_store_lock_path(const char *store_url, char out[OM_URL_MAX],
    struct om_err *err)
{
	return om_url_join(store_url, LOCK_FILE, out, err);
}

int
om_store_path(const struct om_store *store, const char *name,
    char out[OM_URL_MAX], struct om_err *err)
{
	if (store->remote)
		return om_fail(err, OM_EUSAGE,
		    "a store on a server has no files of its own");
	return om_url_join(store->url, name, out, err);
}
