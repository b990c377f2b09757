/* audit_checkpoint.c - ordmill audit checkpoint [--sign FILE] */
#include <stdio.h>

#include "audit/checkpoint.h"
#include "cmd/session.h"

struct checkpoint_args {
	const char *sign;
};

static const struct om_opt checkpoint_opts[] = {
	OM_TEXT_OPT(struct checkpoint_args, sign, 0, "sign", "FILE",
	    "sign it with the private key in this file instead"),
	{ 0 },
};

static const char *const checkpoint_examples[] = {
	"keep the newest checkpoint in a place of its own",
	"ordmill audit checkpoint -s day -o /mnt/other/day.note",
	NULL,
};

static om_run_fn checkpoint_run;

const struct om_cmd om_cmd_audit_checkpoint = {
	.name = "audit checkpoint",
	.summary = "print the newest signed checkpoint",
	.operands = "",
	.opts = checkpoint_opts,
	.args_size = sizeof(struct checkpoint_args),
	.run = checkpoint_run,
	.examples = checkpoint_examples,
};

static int
sign(const char *path, struct om_buf *note, struct om_err *err)
{
	OM_AUTO(om_signer_free) struct om_signer *signer = NULL;
	OM_AUTO(om_buf_fini) struct om_buf other;

	om_buf_init(&other, OM_NOTE_MAX);
	if (om_signer_load(path, &signer, err) < 0)
		return om_wrap(err, "--sign");
	if (om_checkpoint_countersign(om_buf_view(note), signer, &other, err) <
	    0)
		return err->code;
	om_buf_reset(note);
	om_buf_str(note, om_buf_view(&other));
	return 0;
}

static int
checkpoint_run(const struct om_cli *cli, const void *args, int argc,
    char **argv, struct om_err *err)
{
	const struct checkpoint_args *a = args;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	OM_AUTO(om_buf_fini) struct om_buf note;

	(void)argc;
	(void)argv;
	om_buf_init(&note, OM_NOTE_MAX);
	if (om_cli_open(cli, OM_STORE_READ, "audit checkpoint", &store, err) <
		0 ||
	    om_checkpoint_newest(store, &note, err) < 0)
		return err->code;
	if (a->sign != NULL && sign(a->sign, &note, err) < 0)
		return err->code;
	fwrite(note.p, 1, note.n, cli->out);
	return OM_EXIT_OK;
}
