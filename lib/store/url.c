/* url.c - from the URL of a store to those of its databases. */
#include <stdio.h>
#include <string.h>

#include "store/handle.h"

#define CATALOG_FILE   "catalog.db"
#define CATALOG_SCHEMA "ordmill"
#define LOCK_FILE      "lock"

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

int
om_store_catalog_url(const char *store_url, char out[OM_URL_MAX],
    struct om_err *err)
{
	if (om_db_url_is_remote(store_url) &&
	    strstr(store_url, "schema=") != NULL)
		return fits(snprintf(out, OM_URL_MAX, "%s", store_url),
		    store_url, err);
	return om_url_join(store_url,
	    om_db_url_is_remote(store_url) ? CATALOG_SCHEMA : CATALOG_FILE, out,
	    err);
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
