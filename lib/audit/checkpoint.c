/* checkpoint.c - reading and countersigning checkpoints; see checkpoint.h. */
#include "audit/checkpoint.h"

static const char sql_newest[] =
    "SELECT note FROM checkpoints WHERE size >= 0 ORDER BY size DESC LIMIT 1";

int
om_checkpoint_newest(struct om_store *store, struct om_buf *out,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(om_store_catalog(store), sql_newest, &q, err) < 0)
		return err->code;
	if ((rc = om_stmt_step(q, err)) < 0)
		return rc;
	if (rc == 1)
		om_buf_str(out, om_col_text(q, 0));
	om_stmt_reset(q);
	if (rc == 0)
		return om_fail(err, OM_ENOENT,
		    "store '%s' has no checkpoint yet", om_store_url(store));
	if (om_buf_over(out))
		return om_fail(err, OM_EDAMAGED, "checkpoint is too long");
	return 0;
}

int
om_checkpoint_countersign(struct om_str note, const struct om_signer *signer,
    struct om_buf *out, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf text;
	struct om_checkpoint cp;

	om_buf_init(&text, OM_NOTE_MAX);
	if (om_checkpoint_parse(note, &cp, err) < 0)
		return err->code;
	om_checkpoint_text(&cp, &text);
	return om_note_sign(signer, om_buf_view(&text), out, err);
}
