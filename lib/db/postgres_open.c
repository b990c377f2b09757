/* postgres_open.c - PostgreSQL: the URL, the connection, the session. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "db/postgres.h"

#define URL_MAX	    ((size_t)4096)
#define CONNECT_MS  10000
#define OPTIONS_MAX 64

/* What every session starts with. The size of temporary buffers is a bound, not
 * an allocation: lent chunks should not be written out to files. */
static const char settings[] = "SET client_min_messages = warning;"
			       "SET TimeZone = 'UTC';"
			       "SET standard_conforming_strings = on;"
			       "SET lock_timeout = '10s';"
			       "SET temp_buffers = '64MB'";

static void
free_options(PQconninfoOption **options)
{
	PQconninfoFree(*options);
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c | 0x20);

	return at == NULL ? -1 : (int)(at - digits);
}

static void
percent_decode(const char *p, size_t n, struct om_buf *out)
{
	for (size_t i = 0; i < n; i++) {
		int high = i + 2 < n ? hex_digit(p[i + 1]) : -1;
		int low = i + 2 < n ? hex_digit(p[i + 2]) : -1;

		if (p[i] == '%' && i + 2 < n && high >= 0 && low >= 0) {
			om_buf_char(out, (char)(high * 16 + low));
			i += 2;
		} else {
			om_buf_char(out, p[i]);
		}
	}
}

/* Looked for by hand, before libpq could quote the URL in a complaint. */
static bool
has_password(const char *url)
{
	OM_AUTO(om_buf_fini) struct om_buf decoded = { .max = strlen(url) };
	const char *host = strstr(url, "://") + 3;
	size_t n = strcspn(host, "/?");
	const char *at = memchr(host, '@', n);

	if (at != NULL && memchr(host, ':', (size_t)(at - host)) != NULL)
		return true;
	percent_decode(url, strlen(url), &decoded);
	return strstr(om_buf_view(&decoded).p, "password=") != NULL;
}

/* libpq does not know schema=NAME: take it out of the query part. */
static void
split_url(const char *url, struct om_buf *rest, struct om_buf *schema)
{
	size_t n = strcspn(url, "?");
	char mark = '?';

	om_buf_add(rest, url, n);
	url += n;
	while (*url != '\0') {
		url++;
		n = strcspn(url, "&");
		if (strncmp(url, "schema=", 7) == 0) {
			om_buf_reset(schema);
			percent_decode(url + 7, n - 7, schema);
		} else {
			om_buf_char(rest, mark);
			om_buf_add(rest, url, n);
			mark = '&';
		}
		url += n;
	}
}

static int
refused(PGconn *conn, struct om_err *err)
{
	const char *text = PQerrorMessage(conn);
	const char *state = om_postgres_sqlstate_in(text);
	enum om_code code = OM_EREMOTE;

	if (state != NULL) {
		code = om_postgres_code(state);
		text = state + 7;
	} else if (PQconnectionNeedsPassword(conn)) {
		code = OM_EAUTH;
	}
	return om_fail(err, code, "%.*s", (int)strcspn(text, "\n"), text);
}

/* Drive the connection by hand instead of by PQconnectdb(): only so can the
 * verbosity be raised first, and only a verbose refusal has its SQLSTATE. */
static int
await_connection(PGconn *conn, struct om_err *err)
{
	int64_t end = om_monotonic_ns() + (int64_t)CONNECT_MS * 1000000;
	PostgresPollingStatusType want = PGRES_POLLING_WRITING;

	PQsetErrorVerbosity(conn, PQERRORS_VERBOSE);
	if (PQstatus(conn) == CONNECTION_BAD)
		return refused(conn, err);
	while (want != PGRES_POLLING_OK && want != PGRES_POLLING_FAILED) {
		int64_t left = (end - om_monotonic_ns()) / 1000000;
		struct pollfd fd = { .fd = PQsocket(conn) };

		fd.events = want == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		if (left <= 0)
			return om_fail(err, OM_EREMOTE,
			    "no answer from the server in %d seconds",
			    CONNECT_MS / 1000);
		if (poll(&fd, 1, (int)left) > 0)
			want = PQconnectPoll(conn);
	}
	PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
	return want == PGRES_POLLING_OK ? 0 : refused(conn, err);
}

static int
connect_to(struct om_postgres *db, const char *url, struct om_err *err)
{
	OM_AUTO(free_options) PQconninfoOption *options = NULL;
	const char *names[OPTIONS_MAX + 3] = { "application_name",
		"client_encoding" };
	const char *values[OPTIONS_MAX + 3] = { "ordmill", "UTF8" };
	char *why = NULL;
	int n = 2;

	options = PQconninfoParse(url, &why);
	if (options == NULL) {
		(void)om_fail(err, OM_EUSAGE, "bad database URL: %.*s",
		    why == NULL ? 0 : (int)strcspn(why, "\n"), why);
		PQfreemem(why);
		return OM_EUSAGE;
	}
	for (PQconninfoOption *o = options; o->keyword != NULL; o++) {
		if (o->val == NULL || n >= OPTIONS_MAX)
			continue;
		names[n] = o->keyword;
		values[n++] = o->val;
	}
	db->conn = PQconnectStartParams(names, values, 0);
	if (db->conn == NULL)
		return om_fail(err, OM_EREMOTE, "out of memory");
	return await_connection(db->conn, err);
}

static void
no_notice(void *arg, const PGresult *notice)
{
	(void)arg;
	(void)notice;
}

static int
schema_exists(struct om_postgres *db, bool *out, struct om_err *err)
{
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	const char *value = db->schema;

	res = PQexecParams(db->conn,
	    "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", 1, NULL,
	    &value, NULL, NULL, 0);
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		return om_postgres_fail(db, res, err);
	*out = PQntuples(res) > 0;
	return 0;
}

static int
use_schema(struct om_postgres *db, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = 2 * URL_MAX };
	char *quoted;
	bool exists = false;

	if (schema_exists(db, &exists, err) < 0)
		return err->code;
	if (!exists && db->base.mode != OM_DB_CREATE)
		return om_fail(err, OM_ESTORE, "no schema '%s'", db->schema);
	quoted = PQescapeIdentifier(db->conn, db->schema, strlen(db->schema));
	if (quoted == NULL)
		return om_postgres_fail(db, NULL, err);
	if (!exists)
		om_buf_printf(&sql, "CREATE SCHEMA IF NOT EXISTS %s;", quoted);
	om_buf_printf(&sql, "SET search_path = %s", quoted);
	PQfreemem(quoted);
	return om_postgres_run(db, om_buf_view(&sql).p, NULL, err);
}

static int
start_session(struct om_postgres *db, struct om_err *err)
{
	PQsetNoticeReceiver(db->conn, no_notice, NULL);
	if (om_postgres_run(db, settings, NULL, err) < 0)
		return err->code;
	if (*db->schema != '\0' && use_schema(db, err) < 0)
		return err->code;
	if (db->base.mode != OM_DB_READ)
		return 0;
	return om_postgres_run(db, "SET default_transaction_read_only = on",
	    NULL, err);
}

static char *
copy_of(const struct om_buf *buf)
{
	return memcpy(om_db_alloc(buf->n + 1), om_buf_view(buf).p, buf->n);
}

int
om_postgres_open(const char *url, enum om_db_mode mode, struct om_db **out,
    struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf rest = { .max = URL_MAX };
	OM_AUTO(om_buf_fini) struct om_buf schema = { .max = URL_MAX };
	struct om_postgres *db;

	if (has_password(url))
		return om_fail(err, OM_EUSAGE,
		    "a password in a database URL is refused:"
		    " put it into ~/.pgpass");
	split_url(url, &rest, &schema);
	if (om_buf_over(&rest))
		return om_fail(err, OM_EUSAGE,
		    "database URL of more than %zu bytes", URL_MAX);
	db = om_db_alloc(sizeof(*db));
	db->base.ops = &om_postgres_ops;
	db->base.mode = mode;
	db->schema = copy_of(&schema);
	if (connect_to(db, om_buf_view(&rest).p, err) < 0 ||
	    start_session(db, err) < 0) {
		om_postgres_close(&db->base);
		return om_wrap(err, "open '%s'", url);
	}
	*out = &db->base;
	return 0;
}

void
om_postgres_close(struct om_db *base)
{
	struct om_postgres *db = om_postgres_of(base);

	PQfinish(db->conn);
	om_postgres_loans_free(db);
	om_postgres_targets_free(db);
	free(db->copy);
	free(db->schema);
	free(db);
}
