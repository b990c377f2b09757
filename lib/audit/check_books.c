/* check_books.c - does the catalog say what the journal's entries say?
 *
 * The entry of a command repeats what the command put into the books, one
 * field for each row: "EUR.created" = "7 209385" for a batch, "accepted" =
 * "150" for a pass. That of a decision about a gap repeats its row. */
#include <inttypes.h>

#include "audit/check.h"
#include "order/sequence.h"
#include "store/sql.h"

#define FACTS 4

static const char sql_batch[] =
    "SELECT feed, source, sha256, CAST(rows_read AS text) FROM batches"
    " WHERE batch = $1 AND state = 'published'";
static const char sql_batch_books[] =
    "SELECT CASE WHEN currency = '' THEN 'none' ELSE currency END"
    " || '.' || outcome, CAST(orders AS text) || ' ' ||"
    " CAST(amount_minor AS text) FROM batch_books WHERE batch = $1";

static const char sql_run_books[] =
    "SELECT outcome, CAST(orders AS text) FROM run_books"
    " WHERE run = $1 AND pass = $2";

static const char sql_decision[] =
    "SELECT unit, from_number, to_number, decided_at, decision, feed,"
    " decided_by, reason FROM gap_decisions WHERE leaf = $1";

static const struct om_str nobody = { NULL, 0 };

/* An entry, and how many of its fields belong to books. */
struct entry {
	struct om_flaws *flaws;
	uint64_t leaf;
	struct om_journal_reader record;
	size_t fields;
};

static bool
field(const struct entry *e, struct om_str name, struct om_str *out)
{
	struct om_journal_reader r = e->record;
	struct om_str found;

	while (om_journal_next_field(&r, &found, out))
		if (om_str_eq(found, name))
			return true;
	return false;
}

static bool
field_int(const struct entry *e, const char *name, int64_t *out)
{
	struct om_str text;

	return field(e, om_str_of(name), &text) && om_str_int(text, out);
}

static void
compare(const struct entry *e, const char *what, int64_t number,
    struct om_str name, struct om_str value)
{
	struct om_str said = { "nothing", 7 };

	if (field(e, name, &said) && om_str_eq(said, value))
		return;
	om_flaw(e->flaws, nobody, nobody,
	    "%s %" PRId64 ": its %.*s is '%.*s', entry %" PRIu64 " says '%.*s'",
	    what, number, OM_FMT(name), OM_FMT(value), e->leaf, OM_FMT(said));
}

/* Every row is a field, and there are as many of the one as of the other. */
static int
compare_rows(const struct entry *e, struct om_stmt *q, const char *what,
    int64_t number, struct om_err *err)
{
	size_t rows = 0;
	int rc;

	for (; (rc = om_stmt_step(q, err)) == 1; rows++)
		compare(e, what, number, om_col_text(q, 0), om_col_text(q, 1));
	if (rc == 0 && rows < e->fields)
		om_flaw(e->flaws, nobody, nobody,
		    "%s %" PRId64 ": its books have %zu rows, entry %" PRIu64
		    " has %zu",
		    what, number, rows, e->leaf, e->fields);
	return rc;
}

static int
check_batch(struct om_db *db, struct entry *e, struct om_err *err)
{
	static const char *const fact[FACTS] = { "feed", "source", "sha256",
		"rows" };
	struct om_stmt *q;
	int64_t batch = 0;
	int rc;

	if (!field_int(e, "batch", &batch))
		return 0;
	e->fields -= 2 + FACTS;
	if (om_sql(db, &q, err, sql_batch, "i", batch) < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	if (rc == 0)
		om_flaw(e->flaws, nobody, nobody,
		    "batch %" PRId64 " of entry %" PRIu64 " is missing", batch,
		    e->leaf);
	for (int i = 0; rc == 1 && i < FACTS; i++)
		compare(e, "batch", batch, om_str_of(fact[i]),
		    om_col_text(q, i));
	om_stmt_reset(q);
	if (om_sql(db, &q, err, sql_batch_books, "i", batch) < 0)
		return err->code;
	return compare_rows(e, q, "batch", batch, err);
}

static int
check_run(struct om_db *db, struct entry *e, struct om_err *err)
{
	struct om_str pass;
	struct om_stmt *q;
	int64_t run = 0;

	if (!field_int(e, "run", &run) || !field(e, OM_STR("pass"), &pass))
		return 0;
	e->fields -= 3;
	if (om_sql(db, &q, err, sql_run_books, "it", run, &pass) < 0)
		return err->code;
	return compare_rows(e, q, "run", run, err);
}

static void
compare_decision(const struct entry *e, const struct om_stmt *q,
    enum om_sequence_unit unit)
{
	static const char *const texts[] = { "decision", "feed", "by",
		"reason" };
	char from[OM_SEQUENCE_TEXT_MAX];
	char to[OM_SEQUENCE_TEXT_MAX];
	char at[OM_TIME_TEXT_MAX];
	int64_t leaf = (int64_t)e->leaf;

	compare(e, "gap decision", leaf, OM_STR("unit"), om_col_text(q, 0));
	compare(e, "gap decision", leaf, OM_STR("from"),
	    om_str_of(om_sequence_text(unit, om_col_int(q, 1), from)));
	compare(e, "gap decision", leaf, OM_STR("to"),
	    om_str_of(om_sequence_text(unit, om_col_int(q, 2), to)));
	compare(e, "gap decision", leaf, OM_STR("at"),
	    om_str_of(om_time_text(om_col_int(q, 3), at)));
	for (size_t i = 0; i < OM_COUNT(texts); i++)
		compare(e, "gap decision", leaf, om_str_of(texts[i]),
		    om_col_text(q, 4 + (int)i));
}

static int
check_decision(struct om_db *db, const struct entry *e, struct om_err *err)
{
	enum om_sequence_unit unit;
	struct om_stmt *q;
	struct om_err why;
	int rc;

	if (om_sql(db, &q, err, sql_decision, "i", (int64_t)e->leaf) < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	if (rc == 0)
		om_flaw(e->flaws, nobody, nobody,
		    "the gap decision of entry %" PRIu64 " is missing",
		    e->leaf);
	else if (om_sequence_unit_find(om_col_text(q, 0), &unit, &why) < 0)
		om_flaw(e->flaws, nobody, nobody,
		    "gap decision %" PRIu64 ": %s", e->leaf, why.msg);
	else
		compare_decision(e, q, unit);
	om_stmt_reset(q);
	return 0;
}

int
om_check_books(struct om_db *db, uint64_t leaf, struct om_str record,
    struct om_flaws *flaws, struct om_spoken *spoken, struct om_err *err)
{
	struct entry e = { .flaws = flaws, .leaf = leaf };
	struct om_str command;
	struct om_err why;

	if (om_journal_read(record, &e.record, &why) < 0 ||
	    !field(&e, OM_STR("command"), &command))
		return 0;
	e.fields = (size_t)e.record.fields;
	if (om_str_is(command, "ingest")) {
		spoken->batches++;
		return check_batch(db, &e, err);
	}
	if (om_str_is(command, "run"))
		return check_run(db, &e, err);
	if (om_str_is(command, "gaps")) {
		spoken->decisions++;
		return check_decision(db, &e, err);
	}
	return 0;
}
