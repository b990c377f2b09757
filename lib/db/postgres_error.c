/* postgres_error.c - PostgreSQL: from SQLSTATE to our codes (appendix A). */
#include <string.h>

#include "db/postgres.h"

static const struct {
	const char *prefix; /* of the SQLSTATE; the first that fits counts */
	enum om_code code;
} codes[] = {
	{ "40001", OM_EBUSY },	 /* serialization failure */
	{ "40P01", OM_EBUSY },	 /* deadlock */
	{ "55P03", OM_EBUSY },	 /* lock not available */
	{ "53300", OM_EBUSY },	 /* too many connections */
	{ "28", OM_EAUTH },	 /* invalid authorization */
	{ "42501", OM_EAUTH },	 /* insufficient privilege */
	{ "08", OM_EREMOTE },	 /* connection */
	{ "57P0", OM_EREMOTE },	 /* shutdown, starting up */
	{ "23", OM_ECONFLICT },	 /* constraint */
	{ "53100", OM_EOUTPUT }, /* disk full */
	{ "58030", OM_EIO },	 /* i/o error */
	{ "3D000", OM_ESTORE },	 /* no such database */
	{ "3F000", OM_ESTORE },	 /* no such schema */
	{ "XX001", OM_EDAMAGED }, { "XX002", OM_EDAMAGED },
	{ "22021", OM_EDATA },	/* not in the encoding: a NUL byte, too */
	{ "25006", OM_EUSAGE }, /* read-only transaction */
};

enum om_code
om_postgres_code(const char *sqlstate)
{
	for (size_t i = 0; i < OM_COUNT(codes); i++)
		if (strncmp(sqlstate, codes[i].prefix,
			strlen(codes[i].prefix)) == 0)
			return codes[i].code;
	return OM_EINTERNAL;
}

/* "FATAL:  28P01: password ..." whatever language FATAL is in. */
const char *
om_postgres_sqlstate_in(const char *message)
{
	for (const char *p = message; (p = strstr(p, ":  ")) != NULL; p++)
		if (strspn(p + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
			5 &&
		    p[8] == ':')
			return p + 3;
	return NULL;
}

/* What comes without a SQLSTATE comes from libpq and is about the connection,
 * even while it has not noticed yet that it is lost. */
int
om_postgres_fail(struct om_postgres *db, const PGresult *res,
    struct om_err *err)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	enum om_code code = OM_EREMOTE;

	if (state != NULL && PQstatus(db->conn) != CONNECTION_BAD)
		code = om_postgres_code(state);
	if (text == NULL)
		text = PQerrorMessage(db->conn);
	return om_fail(err, code, "%.*s", (int)strcspn(text, "\n"), text);
}
