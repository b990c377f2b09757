/* init.c - ordmill init [--shards N] [--shard URL]... [--template DIR] */
#define _XOPEN_SOURCE 700 /* realpath */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "audit/note.h"
#include "cmd/config.h"
#include "cmd/init.h"
#include "cmd/session.h"
#include "store/copy.h"

#define KEY_FILE  "signing.key"
#define VKEY_FILE "signing.pub"
#define VKEY_MAX  512

#define SHARDS_DEFAULT 2

struct init_args {
	int64_t shards;
	struct om_list shard;
	const char *key;
	const char *template_url;
	bool if_missing;
};

static const struct om_opt init_opts[] = {
	OM_INTEGER_IN(struct init_args, shards, 0, "shards", "N",
	    "spread the orders over this many shards, 1 to 64 (default 2)", 1,
	    OM_SHARDS_MAX),
	OM_LIST_OPT(struct init_args, shard, 0, "shard", "URL",
	    "put a shard there: a path (from the store's directory) or"
	    " postgresql://...; may be repeated"),
	OM_TEXT_OPT(struct init_args, key, 0, "key", "FILE",
	    "sign checkpoints with this key instead of making one"),
	OM_TEXT_OPT(struct init_args, template_url, 0, "template", "DIR",
	    "as a copy of the store in this directory"),
	OM_FLAG(struct init_args, if_missing, 0, "if-missing",
	    "do nothing if the store is there already"),
	{ 0 },
};

static const char *const init_examples[] = {
	"a store of two SQLite shards in the directory day",
	"ordmill init -s day",
	"four shards, and no complaint if it is there",
	"ordmill init -s day --shards 4 --if-missing",
	"a copy of a store, for a test that may do what it likes",
	"ordmill init -s test --template day",
	"a store on a PostgreSQL server",
	"ordmill init -s postgresql:///orders --shards 1",
	NULL,
};

static om_run_fn init_run;

const struct om_cmd om_cmd_init = {
	.name = "init",
	.summary = "make a store",
	.operands = "",
	.opts = init_opts,
	.args_size = sizeof(struct init_args),
	.run = init_run,
	.examples = init_examples,
};

/* The verifier key that belongs to a private key in a file. */
static int
read_vkey(const char *path, char out[VKEY_MAX], struct om_err *err)
{
	OM_AUTO(om_signer_free) struct om_signer *signer = NULL;
	OM_AUTO(om_buf_fini) struct om_buf text;

	om_buf_init(&text, VKEY_MAX - 1);
	if (om_signer_load(path, &signer, err) < 0)
		return err->code;
	om_signer_vkey(signer, &text);
	snprintf(out, VKEY_MAX, "%.*s",
	    OM_FMT(om_str_trim(om_buf_view(&text))));
	return 0;
}

int
om_init_key(struct om_store *store, struct om_err *err)
{
	char seed[OM_URL_MAX];
	char public[OM_URL_MAX];
	char name[OM_META_MAX];
	char vkey[VKEY_MAX];

	if (om_store_meta(store, "key", name, err) < 0)
		return err->code;
	if (name[0] != '\0' || om_db_url_is_remote(om_store_url(store)))
		return 0;
	if (om_store_path(store, KEY_FILE, seed, err) < 0 ||
	    om_store_path(store, VKEY_FILE, public, err) < 0 ||
	    om_store_meta(store, "origin", name, err) < 0)
		return err->code;
	if (om_key_generate(name, seed, public, err) < 0 &&
	    err->code != OM_ECONFLICT)
		return err->code;
	if (read_vkey(seed, vkey, err) < 0 ||
	    om_store_set_meta(store, "vkey", vkey, err) < 0)
		return err->code;
	return om_store_set_meta(store, "key", KEY_FILE, err);
}

static int
plan_of(const struct init_args *a, struct om_store_plan *plan, char *key_path,
    char *vkey, struct om_err *err)
{
	if (a->shard.count > 0 && a->shards != 0 &&
	    a->shards != (int64_t)a->shard.count)
		return om_fail(err, OM_EUSAGE,
		    "--shards %lld, but --shard was given %zu times",
		    (long long)a->shards, a->shard.count);
	plan->shards =
	    a->shard.count > 0 ? (unsigned)a->shard.count : (unsigned)a->shards;
	/* As many as the template has. */
	if (plan->shards == 0 && a->template_url == NULL)
		plan->shards = SHARDS_DEFAULT;
	if (a->shard.count > 0)
		plan->shard_url = a->shard.item;
	if (a->key == NULL)
		return 0;
	if (realpath(a->key, key_path) == NULL)
		return om_fail(err, OM_ENOENT, "key '%s' cannot be read",
		    a->key);
	if (strlen(key_path) >= OM_META_MAX)
		return om_fail(err, OM_ELIMIT, "path of the key is too long");
	plan->key_path = key_path;
	plan->vkey = vkey;
	return read_vkey(key_path, vkey, err);
}

static int
show(const struct om_cli *cli, const char *url, unsigned shards,
    const char *vkey, bool made)
{
	OM_AUTO(om_buf_fini) struct om_buf text = { 0 };
	struct om_json j;

	if (!cli->g->json) {
		if (!cli->g->quiet && made)
			fprintf(cli->out, "store %s with %u shard%s\n%s%s%s",
			    url, shards, shards == 1 ? "" : "s",
			    vkey[0] == '\0' ? "no signing key: checkpoints"
					      " will not be signed"
					    : "verifier key ",
			    vkey, "\n");
		return OM_EXIT_OK;
	}
	om_buf_init(&text, 65536);
	om_json_init(&j, &text);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.init/1");
	om_json_cstr(&j, "store", url);
	om_json_int(&j, "shards", shards);
	om_json_bool(&j, "made", made);
	om_json_cstr(&j, "vkey", vkey);
	om_json_end(&j);
	fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&text)));
	return OM_EXIT_OK;
}

static int
rehearse(const char *url, bool if_missing, struct om_err *err)
{
	return if_missing || !om_store_exists(url)
		   ? OM_EXIT_OK
		   : om_fail(err, OM_ECONFLICT, "'%s' is a store already", url);
}

/* *out_made: it was not there before. */
static int
make(const struct om_cli *cli, const struct init_args *a,
    const struct om_store_plan *plan, const char *url, bool *out_made,
    struct om_err *err)
{
	const struct om_session session = {
		.access = OM_STORE_WRITE,
		.command = "init",
		.lock_wait_ms = cli->g->lock_wait_ms,
		.clock = cli->clock,
	};
	bool done = false;

	if (om_copy_finish(url, &session, &done, err) < 0)
		return err->code;
	if (done && a->template_url != NULL) {
		*out_made = true;
		return 0;
	}
	*out_made = !a->if_missing || !om_store_exists(url);
	if (!*out_made)
		return 0;
	if (a->template_url != NULL)
		return om_init_template(url, a->template_url, plan, &session,
		    err);
	return om_store_create(url, plan, &cli->clock, err);
}

static int
init_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	struct init_args a = *(const struct init_args *)args;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	struct om_store_plan plan = { 0 };
	char key_path[PATH_MAX];
	char vkey[VKEY_MAX] = "";
	const char *url;
	bool made;

	(void)argc;
	(void)argv;
	if (om_cli_store(cli, &url, err) < 0 ||
	    (a.key == NULL && om_cli_key(cli, &a.key, err) < 0) ||
	    plan_of(&a, &plan, key_path, vkey, err) < 0)
		return err->code;
	if (cli->g->dry_run)
		return rehearse(url, a.if_missing, err);
	if (make(cli, &a, &plan, url, &made, err) < 0 ||
	    om_cli_open(cli, OM_STORE_WRITE, "init", &store, err) < 0 ||
	    om_init_key(store, err) < 0 ||
	    om_store_meta(store, "vkey", vkey, err) < 0)
		return err->code;
	return show(cli, url, om_store_shards(store), vkey, made);
}
