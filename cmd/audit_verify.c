/* audit_verify.c - ordmill audit verify [--key KEY] [--checkpoint FILE]
 *                  ordmill audit verify --note FILE --key KEY */
#include <inttypes.h>
#include <stdio.h>

#include "audit/verify.h"
#include "cmd/audit.h"
#include "cmd/session.h"

struct verify_args {
	const char *key;
	const char *checkpoint;
	const char *note;
};

static const struct om_opt verify_opts[] = {
	OM_TEXT_OPT(struct verify_args, key, 'k', "key", "KEY",
	    "demand signatures by this verifier key, or the one in this file"),
	OM_TEXT_OPT(struct verify_args, checkpoint, 'c', "checkpoint", "FILE",
	    "the journal must continue this checkpoint, kept elsewhere"),
	OM_TEXT_OPT(struct verify_args, note, 0, "note", "FILE",
	    "look at no store: check this signed note and print its text"),
	{ 0 },
};

static const char *const verify_examples[] = {
	"is every order still what it was when it came in?",
	"ordmill audit verify -s day",
	"and is the log the one that the auditor saw last week?",
	"ordmill audit verify -s day --checkpoint last-week.note",
	"is this note signed by that key?",
	"ordmill audit verify --note close.note --key alice.pub",
	NULL,
};

static om_run_fn verify_run;

const struct om_cmd om_cmd_audit_verify = {
	.name = "audit verify",
	.summary = "compare every row with what the logs sealed",
	.operands = "",
	.opts = verify_opts,
	.args_size = sizeof(struct verify_args),
	.run = verify_run,
	.examples = verify_examples,
};

static void
show_flaw(FILE *out, const struct om_flaw *flaw)
{
	if (flaw->shard < 0)
		fputs("journal: ", out);
	else
		fprintf(out, "shard %" PRId64 ": ", flaw->shard);
	if (flaw->order != NULL)
		fprintf(out, "order '%s': ", flaw->order);
	fprintf(out, "%s\n", flaw->what);
}

static void
show_text(const struct om_cli *cli, const struct om_verified *v)
{
	OM_AUTO(om_buf_fini) struct om_buf root = { 0 };
	uint64_t shown = 0;

	for (const struct om_flaw *f = v->flaws; f != NULL; f = f->next) {
		show_flaw(cli->out, f);
		shown++;
	}
	if (v->flaw_count > shown)
		fprintf(cli->out, "and %" PRIu64 " more\n",
		    v->flaw_count - shown);
	if (v->flaw_count > 0 || cli->g->quiet)
		return;
	om_buf_init(&root, 64);
	om_base64(v->root.h, sizeof(v->root.h), &root);
	fprintf(cli->out,
	    "ok: %" PRIu64 " leaves, %" PRIu64 " journal entries, %" PRIu64
	    " checkpoints %s\nroot %s\n",
	    v->leaves, v->size, v->checkpoints,
	    v->signed_by_key ? "signed" : "without a key to check them",
	    root.p);
	if (v->pending > 0)
		fprintf(cli->out,
		    "%" PRIu64 " leaves of work in progress are not sealed"
		    " yet\n",
		    v->pending);
}

static void
flaws_json(struct om_json *j, const struct om_verified *v)
{
	om_json_int(j, "flaw_count", (int64_t)v->flaw_count);
	om_json_array(j, "flaws");
	for (const struct om_flaw *f = v->flaws; f != NULL; f = f->next) {
		om_json_object(j, NULL);
		if (f->shard < 0)
			om_json_null(j, "shard");
		else
			om_json_int(j, "shard", f->shard);
		om_json_cstr(j, "order", f->order);
		om_json_cstr(j, "what", f->what);
		om_json_end(j);
	}
	om_json_end(j);
}

static void
show_json(const struct om_cli *cli, const struct om_verified *v)
{
	OM_AUTO(om_buf_fini) struct om_buf text;
	OM_AUTO(om_buf_fini) struct om_buf root;
	struct om_json j;

	om_buf_init(&root, 64);
	om_base64(v->root.h, sizeof(v->root.h), &root);
	om_buf_init(&text, (size_t)1 << 28);
	om_json_init(&j, &text);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.audit-verify/1");
	om_json_bool(&j, "ok", v->flaw_count == 0);
	om_json_int(&j, "size", (int64_t)v->size);
	om_json_text(&j, "root", om_buf_view(&root));
	om_json_int(&j, "checked", (int64_t)v->leaves);
	om_json_int(&j, "pending", (int64_t)v->pending);
	om_json_int(&j, "checkpoints", (int64_t)v->checkpoints);
	om_json_bool(&j, "signed", v->signed_by_key);
	flaws_json(&j, v);
	om_json_end(&j);
	fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&text)));
}

static int
verify_store(const struct om_cli *cli, const struct verify_args *a,
    const struct om_verifier *verifier, struct om_err *err)
{
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	OM_AUTO(om_buf_fini) struct om_buf trusted;
	struct om_verify_plan plan = { .verifier = verifier };
	struct om_verified v;

	om_buf_init(&trusted, OM_NOTE_MAX);
	if (a->checkpoint != NULL) {
		if (om_cli_note(a->checkpoint, &trusted, err) < 0)
			return om_wrap(err, "--checkpoint");
		plan.trusted = om_buf_view(&trusted);
	}
	if (om_cli_open(cli, OM_STORE_READ, "audit verify", &store, err) < 0 ||
	    om_verify(store, &plan, cli->arena, &v, err) < 0)
		return err->code;
	if (cli->g->json)
		show_json(cli, &v);
	else
		show_text(cli, &v);
	return v.flaw_count == 0 ? OM_EXIT_OK : OM_EXIT_FOUND;
}

/* What does not hold is an answer, not a failure of the command. */
static int
verify_note(const struct om_cli *cli, const char *path,
    const struct om_verifier *verifier, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf note;
	struct om_str text;

	om_buf_init(&note, OM_NOTE_MAX);
	if (om_cli_note(path, &note, err) < 0)
		return om_wrap(err, "--note");
	if (om_note_verify(verifier, om_buf_view(&note), &text, err) < 0) {
		fprintf(stderr, "ordmill audit verify: '%s': %s\n", path,
		    err->msg);
		*err = (struct om_err){ 0 };
		return OM_EXIT_FOUND;
	}
	fwrite(text.p, 1, text.n, cli->out);
	return OM_EXIT_OK;
}

static int
verify_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct verify_args *a = args;
	OM_AUTO(om_verifier_free) struct om_verifier *verifier = NULL;

	(void)argc;
	(void)argv;
	if (a->note != NULL && a->key == NULL)
		return om_fail(err, OM_EUSAGE, "--note wants a --key");
	if (a->note != NULL && a->checkpoint != NULL)
		return om_fail(err, OM_EUSAGE,
		    "--note and --checkpoint do not go together");
	if (a->key != NULL && om_cli_verifier(a->key, &verifier, err) < 0)
		return err->code;
	if (a->note != NULL)
		return verify_note(cli, a->note, verifier, err);
	return verify_store(cli, a, verifier, err);
}
