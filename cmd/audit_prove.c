/* audit_prove.c - ordmill audit prove CHANNEL/REFERENCE [--event] */
#include <stdio.h>
#include <string.h>

#include "audit/prove.h"
#include "cmd/session.h"

struct prove_args {
	bool event;
};

static const struct om_opt prove_opts[] = {
	OM_FLAG(struct prove_args, event, 'e', "event",
	    "prove the last thing that happened to it, not its content"),
	{ 0 },
};

static const char *const prove_examples[] = {
	"show an outsider what the order was when it came in",
	"ordmill audit prove -s day -o A1001.proof web/A1001",
	NULL,
};

static om_run_fn prove_run;

const struct om_cmd om_cmd_audit_prove = {
	.name = "audit prove",
	.summary = "write a proof that can be checked without the store",
	.operands = "CHANNEL/REFERENCE",
	.operand_min = 1,
	.operand_max = 1,
	.opts = prove_opts,
	.args_size = sizeof(struct prove_args),
	.run = prove_run,
	.examples = prove_examples,
};

static int
prove_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct prove_args *a = args;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	OM_AUTO(om_buf_fini) struct om_buf proof;
	const char *slash = strchr(argv[0], '/');

	(void)argc;
	om_buf_init(&proof, OM_PROOF_TEXT_MAX);
	if (slash == NULL)
		return om_fail(err, OM_EUSAGE,
		    "'%s' is not of the form CHANNEL/REFERENCE", argv[0]);
	if (om_cli_open(cli, OM_STORE_READ, "audit prove", &store, err) < 0 ||
	    om_prove(store,
		(struct om_str){ argv[0], (size_t)(slash - argv[0]) },
		om_str_of(slash + 1),
		a->event ? OM_PROVE_EVENT : OM_PROVE_ORDER, &proof, err) < 0)
		return err->code;
	fwrite(proof.p, 1, proof.n, cli->out);
	return OM_EXIT_OK;
}
