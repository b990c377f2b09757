/* journal_read.c - what a journal record says; see journal.h. */
#include <string.h>

#include "audit/journal.h"

static const char sql_entries[] =
    "SELECT leaf, record FROM journal WHERE leaf >= $1 ORDER BY leaf";

static bool
take(struct om_str *from, void *out, size_t n)
{
	if (from->n < n)
		return false;
	memcpy(out, from->p, n);
	from->p += n;
	from->n -= n;
	return true;
}

static bool
take_be(struct om_str *from, size_t n, uint64_t *out)
{
	unsigned char b[8];

	if (!take(from, b, n))
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = *out << 8 | b[i];
	return true;
}

static bool
take_text(struct om_str *from, struct om_str *out)
{
	uint64_t n = 0;

	if (!take_be(from, 4, &n) || n > from->n)
		return false;
	*out = (struct om_str){ from->p, (size_t)n };
	from->p += n;
	from->n -= n;
	return true;
}

static bool
take_head(struct om_str *from, struct om_head *out)
{
	uint64_t shard = 0;

	if (!take_be(from, 8, &shard) || !take_be(from, 8, &out->size) ||
	    !take(from, out->root.h, sizeof(out->root.h)))
		return false;
	out->shard = (int64_t)shard;
	return true;
}

bool
om_journal_next_field(struct om_journal_reader *r, struct om_str *out_name,
    struct om_str *out_value)
{
	if (r->fields == 0)
		return false;
	r->fields--;
	if (!take_text(&r->rest, out_name) || !take_text(&r->rest, out_value))
		return false;
	return r->fields > 0 || take_be(&r->rest, 4, &r->heads);
}

bool
om_journal_next_head(struct om_journal_reader *r, struct om_head *out)
{
	struct om_str name;
	struct om_str value;

	while (r->fields > 0)
		if (!om_journal_next_field(r, &name, &value))
			return false;
	if (r->heads == 0)
		return false;
	r->heads--;
	return take_head(&r->rest, out);
}

/* Walk to the end once, so that the calls above cannot fail later. */
static bool
well_formed(struct om_journal_reader r)
{
	struct om_str name;
	struct om_str value;
	struct om_head head;

	while (r.fields > 0)
		if (!om_journal_next_field(&r, &name, &value))
			return false;
	while (r.heads > 0)
		if (!om_journal_next_head(&r, &head))
			return false;
	return r.rest.n == 0;
}

int
om_journal_read(struct om_str record, struct om_journal_reader *out,
    struct om_err *err)
{
	struct om_journal_reader r = { .rest = record };
	struct om_str tag;

	if (!take_text(&r.rest, &tag) || !om_str_is(tag, OM_JOURNAL_TAG) ||
	    !take_be(&r.rest, 4, &r.fields) ||
	    (r.fields == 0 && !take_be(&r.rest, 4, &r.heads)) ||
	    !well_formed(r))
		return om_fail(err, OM_EDAMAGED, "malformed journal record");
	*out = r;
	return 0;
}

int
om_journal_head(struct om_str record, int64_t shard, struct om_head *out,
    bool *out_there, struct om_err *err)
{
	struct om_journal_reader r;
	struct om_head head;

	if (om_journal_read(record, &r, err) < 0)
		return err->code;
	*out_there = false;
	while (!*out_there && om_journal_next_head(&r, &head)) {
		if (head.shard != shard)
			continue;
		*out = head;
		*out_there = true;
	}
	return 0;
}

int
om_journal_each(struct om_store *store, int64_t from, om_entry_fn *each,
    void *arg, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(om_store_catalog(store), sql_entries, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, from);
	while ((rc = om_stmt_step(q, err)) == 1)
		if ((rc = each(om_col_int(q, 0), om_col_blob(q, 1), arg, err)) <
		    0)
			break;
	om_stmt_reset(q);
	return rc;
}
