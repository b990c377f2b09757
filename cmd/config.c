/* config.c - find, read and check the configuration files; see config.h. */
#include "cmd/config.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYSTEM_FOLDER "/etc/ordmill"

const char *const om_config_keys[] = { "store", "key", "inbox", NULL };

static const char *const known_keys[] = { "store", "key", "inbox", "feeds" };

static char *
join(struct om_arena *arena, const char *a, const char *b)
{
	size_t n = strlen(a);
	size_t m = strlen(b);
	char *path = om_alloc(arena, n + m + 2);

	memcpy(path, a, n);
	path[n] = '/';
	memcpy(path + n + 1, b, m);
	return path;
}

static int
fail_at(const char *path, const struct om_yaml *node, struct om_err *err,
    const char *message, const char *near)
{
	return om_fail(err, OM_EUSAGE, "%s:%d:%d: %s '%.*s'%s%s%s", path,
	    node->line, node->column, message, OM_FMT(node->text),
	    near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
}

static int
check_key(const char *path, const struct om_yaml *key,
    const struct om_yaml *value, struct om_arena *arena, struct om_err *err)
{
	const char *name = om_str_dup(arena, key->text).p;
	bool is_feeds = om_str_is(key->text, "feeds");

	for (size_t i = 0; i < OM_COUNT(known_keys); i++) {
		if (!om_str_is(key->text, known_keys[i]))
			continue;
		if (is_feeds ? value->kind != OM_YAML_MAP
			     : value->kind != OM_YAML_SCALAR)
			return fail_at(path, key, err,
			    is_feeds ? "a map of feeds is wanted for"
				     : "plain text is wanted for",
			    NULL);
		return 0;
	}
	return fail_at(path, key, err, "unknown key",
	    om_str_nearest(name, known_keys, OM_COUNT(known_keys)));
}

static int
check_file(const struct om_config_file *f, struct om_arena *arena,
    struct om_err *err)
{
	const struct om_yaml *root = f->root;

	if (root->kind != OM_YAML_MAP)
		return om_fail(err, OM_EUSAGE, "%s:%d:%d: a map is wanted",
		    f->path, root->line, root->column);
	for (size_t i = 0; i < root->count; i++)
		if (check_key(f->path, root->keys[i], root->items[i], arena,
			err) < 0)
			return err->code;
	return 0;
}

static int
read_file(const char *path, struct om_arena *arena, struct om_config *out,
    struct om_err *err)
{
	struct om_config_file *f = &out->file[out->count];

	if (out->count == OM_CONFIG_FILES_MAX)
		return om_fail(err, OM_EUSAGE,
		    "%s: over %d configuration files", path,
		    OM_CONFIG_FILES_MAX);
	f->path = om_strndup(arena, path, strlen(path));
	if (om_yaml_load(arena, f->path, &f->root, err) < 0) {
		err->code = OM_EUSAGE; /* also if it cannot be read */
		return err->code;
	}
	out->count++;
	return check_file(f, arena, err);
}

/* One that is not there is as good as empty; one that cannot be read is not. */
static int
read_if_there(const char *path, struct om_arena *arena, struct om_config *out,
    struct om_err *err)
{
	if (access(path, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	return read_file(path, arena, out, err);
}

static int
read_folder(const char *folder, struct om_arena *arena, struct om_config *out,
    struct om_err *err)
{
	glob_t found = { 0 };
	int rc = 0;

	if (glob(join(arena, folder, "*.yaml"), 0, NULL, &found) != 0)
		return 0;
	for (size_t i = 0; i < found.gl_pathc && rc == 0; i++)
		rc = read_file(found.gl_pathv[i], arena, out, err);
	globfree(&found);
	return rc;
}

int
om_config_read(const struct om_config_places *p, struct om_arena *arena,
    struct om_config *out, struct om_err *err)
{
	out->count = 0;
	if (p->named != NULL)
		return read_file(p->named, arena, out, err);
	if (p->system != NULL &&
	    (read_if_there(join(arena, p->system, "ordmill.yaml"), arena, out,
		 err) < 0 ||
		read_folder(join(arena, p->system, "conf.d"), arena, out, err) <
		    0))
		return err->code;
	if (p->user == NULL)
		return 0;
	return read_if_there(join(arena, p->user, "ordmill.yaml"), arena, out,
	    err);
}

/* A variable that is set and not empty, or NULL. */
static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

/* By the XDG base directory specification a relative path is ignored. */
static const char *
user_folder(struct om_arena *arena)
{
	const char *config = environment("XDG_CONFIG_HOME");
	const char *home = environment("HOME");

	if (config != NULL && config[0] == '/')
		return join(arena, config, "ordmill");
	if (home != NULL && home[0] == '/')
		return join(arena, home, ".config/ordmill");
	return NULL;
}

int
om_config_load(const struct om_cli *cli, struct om_config *out,
    struct om_err *err)
{
	struct om_config_places places = { .named = cli->g->config };

	out->count = 0;
	if (cli->g->no_config)
		return 0;
	if (places.named == NULL)
		places.named = environment("ORDMILL_CONFIG");
	places.system = SYSTEM_FOLDER;
	places.user = user_folder(cli->arena);
	return om_config_read(&places, cli->arena, out, err);
}

/* A relative path in a file starts from the folder of that file. */
static const char *
from_folder_of(const char *file, struct om_str value, struct om_arena *arena)
{
	const char *slash = strrchr(file, '/');
	char *text = om_strndup(arena, value.p, value.n);

	if (value.n == 0 || text[0] == '/' || strstr(text, "://") != NULL ||
	    slash == NULL)
		return text;
	return join(arena, om_strndup(arena, file, (size_t)(slash - file)),
	    text);
}

const char *
om_config_origin(const struct om_config_file *file, const struct om_yaml *node,
    struct om_arena *arena)
{
	size_t size = strlen(file->path) + 16;
	char *text = om_alloc(arena, size);

	snprintf(text, size, "%s:%d", file->path, node->line);
	return text;
}

void
om_config_setting(const struct om_config *config, const char *key,
    struct om_arena *arena, struct om_setting *out)
{
	*out = (struct om_setting){ key, NULL, "default" };
	for (size_t i = 0; i < config->count; i++) {
		const struct om_config_file *f = &config->file[i];
		const struct om_yaml *value = om_yaml_get(f->root, key);

		if (value == NULL)
			continue;
		out->value = from_folder_of(f->path, value->text, arena);
		out->origin = om_config_origin(f, value, arena);
	}
}

int
om_cli_setting(const struct om_cli *cli, const char *key,
    struct om_setting *out, struct om_err *err)
{
	bool is_store = strcmp(key, "store") == 0;
	const char *url = environment("ORDMILL_STORE");
	struct om_config config;

	if (is_store && cli->g->store != NULL) {
		*out = (struct om_setting){ key, cli->g->store, "--store" };
		return 0;
	}
	if (is_store && url != NULL) {
		*out = (struct om_setting){ key, url, "$ORDMILL_STORE" };
		return 0;
	}
	if (om_config_load(cli, &config, err) < 0)
		return err->code;
	om_config_setting(&config, key, cli->arena, out);
	return 0;
}

int
om_cli_store(const struct om_cli *cli, const char **out_url, struct om_err *err)
{
	struct om_setting s;

	if (om_cli_setting(cli, "store", &s, err) < 0)
		return err->code;
	if (s.value == NULL || *s.value == '\0')
		return om_fail(err, OM_EUSAGE,
		    "which store? name it with --store, $ORDMILL_STORE or "
		    "'store:' in the configuration");
	*out_url = s.value;
	return 0;
}

int
om_cli_key(const struct om_cli *cli, const char **out_path, struct om_err *err)
{
	struct om_setting s;

	if (om_cli_setting(cli, "key", &s, err) < 0)
		return err->code;
	*out_path = s.value;
	return 0;
}

const struct om_yaml *
om_config_feed(const struct om_config *config, const char *name,
    const struct om_config_file **out_file)
{
	for (size_t i = config->count; i-- > 0;) {
		const struct om_config_file *f = &config->file[i];
		const struct om_yaml *feeds = om_yaml_get(f->root, "feeds");
		const struct om_yaml *block = NULL;

		if (feeds != NULL)
			block = om_yaml_get(feeds, name);
		if (block == NULL)
			continue;
		*out_file = f;
		return block;
	}
	return NULL;
}
