/* config_check.c - ordmill config check [FILE] */
#include "base/buf.h"
#include "cmd/config.h"
#include "feed/feed.h"
#include "text/json.h"

#define JSON_MAX ((size_t)1024 * 1024)

static const struct om_opt check_opts[] = {
	{ 0 },
};

static const char *const check_examples[] = {
	"prove a configuration before it is put in its place",
	"ordmill config check new.yaml && cp new.yaml "
	"/etc/ordmill/ordmill.yaml",
	NULL,
};

static om_run_fn check_run;

const struct om_cmd om_cmd_config_check = {
	.name = "config check",
	.summary = "read the configuration, or FILE, and every feed in it",
	.operands = "[FILE]",
	.operand_max = 1,
	.opts = check_opts,
	.run = check_run,
	.examples = check_examples,
};

static int
check_feeds(const struct om_config_file *f, struct om_arena *arena,
    size_t *out_count, struct om_err *err)
{
	const struct om_yaml *feeds = om_yaml_get(f->root, "feeds");

	*out_count = feeds != NULL ? feeds->count : 0;
	for (size_t i = 0; i < *out_count; i++) {
		OM_AUTO(om_feed_free) struct om_feed *feed = NULL;
		const char *name = om_str_dup(arena, feeds->keys[i]->text).p;

		if (om_feed_compile(name, f->path, feeds->items[i], &feed,
			err) < 0)
			return err->code;
	}
	return 0;
}

static void
print_json(const struct om_config *config, const size_t *feeds, FILE *out)
{
	OM_AUTO(om_buf_fini) struct om_buf buf;
	struct om_json j;

	om_buf_init(&buf, JSON_MAX);
	om_json_init(&j, &buf);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.config-check/1");
	om_json_array(&j, "files");
	for (size_t i = 0; i < config->count; i++) {
		om_json_object(&j, NULL);
		om_json_cstr(&j, "path", config->file[i].path);
		om_json_int(&j, "feeds", (int64_t)feeds[i]);
		om_json_end(&j);
	}
	om_json_end(&j);
	om_json_end(&j);
	fprintf(out, "%.*s\n", OM_FMT(om_buf_view(&buf)));
}

static void
print_text(const struct om_config *config, const size_t *feeds, FILE *out)
{
	for (size_t i = 0; i < config->count; i++)
		fprintf(out, "%s: ok, %zu feed%s\n", config->file[i].path,
		    feeds[i], feeds[i] == 1 ? "" : "s");
	if (config->count == 0)
		fputs("no configuration file\n", out);
}

static int
check_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct om_config_places named = { .named =
						    argc > 0 ? argv[0] : NULL };
	size_t feeds[OM_CONFIG_FILES_MAX];
	struct om_config config;
	int rc;

	(void)args;
	rc = argc > 0 ? om_config_read(&named, cli->arena, &config, err)
		      : om_config_load(cli, &config, err);
	for (size_t i = 0; rc == 0 && i < config.count; i++)
		rc = check_feeds(&config.file[i], cli->arena, &feeds[i], err);
	if (rc < 0)
		return rc;
	if (cli->g->json)
		print_json(&config, feeds, cli->out);
	else if (!cli->g->quiet)
		print_text(&config, feeds, cli->out);
	return OM_EXIT_OK;
}
