/* init_template.c - ordmill init --template DIR; see init.h. */
#include "audit/journal.h"
#include "cmd/init.h"
#include "store/copy.h"

/* Where the copy's evidence begins: what came before belongs to the template,
 * whose checkpoints prove it. */
static int
write_journal(struct om_store *store, const struct om_copied *from,
    struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	const struct om_journal_field fields[] = {
		{ "command", "init" },
		{ "template", from->head },
	};
	struct om_head heads[OM_SHARDS_MAX];
	size_t n = 0;

	if (om_journal_heads(store, heads, &n, err) < 0 ||
	    om_txn_begin(om_store_catalog(store), &txn, err) < 0 ||
	    om_journal_append(store, fields, OM_COUNT(fields), heads, n, err) <
		0)
		return err->code;
	return om_txn_commit(&txn, err);
}

int
om_init_template(const char *url, const char *template_url,
    const struct om_store_plan *plan, const struct om_session *session,
    struct om_err *err)
{
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	struct om_copied from;

	if (om_copy_begin(url, template_url, plan, session, &store, &from,
		err) < 0 ||
	    om_init_key(store, err) < 0 || write_journal(store, &from, err) < 0)
		return err->code;
	return om_copy_commit(&store, err);
}
