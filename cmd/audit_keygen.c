/* audit_keygen.c - ordmill audit keygen NAME FILE */
#include <stdio.h>
#include <string.h>

#include "audit/note.h"
#include "cmd/command.h"
#include "text/json.h"

#define PRIVATE_SUFFIX ".key"
#define PUBLIC_SUFFIX  ".pub"

static const struct om_opt keygen_opts[] = {
	{ 0 },
};

static const char *const keygen_examples[] = {
	"a key pair of a person, in alice.key and alice.pub",
	"ordmill audit keygen alice@example.com alice.key",
	NULL,
};

static om_run_fn keygen_run;

const struct om_cmd om_cmd_audit_keygen = {
	.name = "audit keygen",
	.summary = "make a key pair for signing checkpoints",
	.operands = "NAME FILE",
	.operand_min = 2,
	.operand_max = 2,
	.opts = keygen_opts,
	.run = keygen_run,
	.examples = keygen_examples,
};

/* "alice.key" and "alice" go with "alice.pub". */
static void
public_path(const char *path, struct om_buf *out)
{
	struct om_str s = om_str_of(path);
	size_t n = sizeof(PRIVATE_SUFFIX) - 1;

	if (s.n > n && memcmp(s.p + s.n - n, PRIVATE_SUFFIX, n) == 0)
		s.n -= n;
	om_buf_str(out, s);
	om_buf_text(out, PUBLIC_SUFFIX);
}

static int
show(const struct om_cli *cli, const char *file, struct om_str vkey)
{
	OM_AUTO(om_buf_fini) struct om_buf text = { 0 };
	struct om_json j;

	if (!cli->g->json) {
		fprintf(cli->out, "%.*s\n", OM_FMT(vkey));
		return OM_EXIT_OK;
	}
	om_buf_init(&text, OM_NOTE_MAX);
	om_json_init(&j, &text);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.audit-keygen/1");
	om_json_cstr(&j, "key", file);
	om_json_text(&j, "vkey", vkey);
	om_json_end(&j);
	fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&text)));
	return OM_EXIT_OK;
}

static int
keygen_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	OM_AUTO(om_signer_free) struct om_signer *signer = NULL;
	OM_AUTO(om_buf_fini) struct om_buf path;
	OM_AUTO(om_buf_fini) struct om_buf vkey;

	(void)args;
	(void)argc;
	om_buf_init(&path, 4096);
	om_buf_init(&vkey, OM_NOTE_MAX);
	public_path(argv[1], &path);
	if (om_buf_over(&path))
		return om_fail(err, OM_EUSAGE, "path '%s' is too long",
		    argv[1]);
	if (cli->g->dry_run)
		return OM_EXIT_OK;
	if (om_key_generate(argv[0], argv[1], path.p, err) < 0 ||
	    om_signer_load(argv[1], &signer, err) < 0)
		return err->code;
	om_signer_vkey(signer, &vkey);
	return show(cli, argv[1], om_buf_view(&vkey));
}
