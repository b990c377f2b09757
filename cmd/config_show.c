/* config_show.c - ordmill config show [--origin] */
#include <string.h>

#include "base/buf.h"
#include "cmd/config.h"
#include "text/json.h"

#define JSON_MAX ((size_t)16 * 1024 * 1024)

struct show_args {
	bool origin;
};

static const struct om_opt show_opts[] = {
	OM_FLAG(struct show_args, origin, 0, "origin",
	    "say of each setting where it comes from"),
	{ 0 },
};

static const char *const show_examples[] = {
	"which store would be used, and who says so",
	"ordmill config show --origin",
	NULL,
};

static om_run_fn show_run;

const struct om_cmd om_cmd_config_show = {
	.name = "config show",
	.summary = "print the settings that are in force",
	.opts = show_opts,
	.args_size = sizeof(struct show_args),
	.run = show_run,
	.examples = show_examples,
};

/* Where settings are printed to: a FILE as text, or a JSON document. */
struct printer {
	FILE *out;
	struct om_json *json; /* NULL: text */
	bool origin;
};

static void
print(const struct printer *p, const struct om_setting *s)
{
	if (p->json == NULL) {
		fprintf(p->out, "%s: %s", s->key,
		    s->value != NULL ? s->value : "(not set)");
		if (p->origin)
			fprintf(p->out, "  # %s", s->origin);
		putc('\n', p->out);
		return;
	}
	om_json_object(p->json, NULL);
	om_json_cstr(p->json, "key", s->key);
	if (s->value != NULL)
		om_json_cstr(p->json, "value", s->value);
	else
		om_json_null(p->json, "value");
	om_json_cstr(p->json, "origin", s->origin);
	om_json_end(p->json);
}

/* Feeds of this file that no stronger one defines again. */
static void
print_feeds(const struct om_config *config, const struct om_config_file *f,
    struct om_arena *arena, const struct printer *p)
{
	const struct om_yaml *feeds = om_yaml_get(f->root, "feeds");

	for (size_t i = 0; feeds != NULL && i < feeds->count; i++) {
		const struct om_config_file *strongest = NULL;
		const char *name = om_str_dup(arena, feeds->keys[i]->text).p;
		size_t size = strlen(name) + sizeof("feeds.");
		char *key = om_alloc(arena, size);

		(void)om_config_feed(config, name, &strongest);
		if (strongest != f)
			continue;
		snprintf(key, size, "feeds.%s", name);
		print(p, &(struct om_setting){ key, "(a feed)",
			     om_config_origin(f, feeds->keys[i], arena) });
	}
}

static int
print_all(const struct om_cli *cli, const struct om_config *config,
    const struct printer *p, struct om_err *err)
{
	for (size_t i = 0; om_config_keys[i] != NULL; i++) {
		struct om_setting s;

		if (om_cli_setting(cli, om_config_keys[i], &s, err) < 0)
			return err->code;
		print(p, &s);
	}
	for (size_t i = 0; i < config->count; i++)
		print_feeds(config, &config->file[i], cli->arena, p);
	return 0;
}

static int
show_json(const struct om_cli *cli, const struct om_config *config,
    struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf buf;
	struct om_json j;
	struct printer p = { .json = &j };

	om_buf_init(&buf, JSON_MAX);
	om_json_init(&j, &buf);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.config/1");
	om_json_array(&j, "files");
	for (size_t i = 0; i < config->count; i++)
		om_json_cstr(&j, NULL, config->file[i].path);
	om_json_end(&j);
	om_json_array(&j, "settings");
	if (print_all(cli, config, &p, err) < 0)
		return err->code;
	om_json_end(&j);
	om_json_end(&j);
	if (om_buf_over(&buf))
		return om_fail(err, OM_ELIMIT, "over %zu bytes of settings",
		    JSON_MAX);
	fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&buf)));
	return 0;
}

static int
show_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct show_args *a = args;
	const struct printer p = { .out = cli->out, .origin = a->origin };
	struct om_config config;

	(void)argc;
	(void)argv;
	if (om_config_load(cli, &config, err) < 0)
		return err->code;
	if (cli->g->json)
		return show_json(cli, &config, err);
	return print_all(cli, &config, &p, err);
}
