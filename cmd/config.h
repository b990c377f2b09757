/*
 * config.h - what the configuration files say, strongest last word.
 *
 * Flag, then environment, then the user's file, then the system's files, then
 * the default. With --config (or $ORDMILL_CONFIG) that file alone is read;
 * nothing is ever looked for in the current directory. Unknown keys are
 * errors. Relative paths in a file start from the folder of that file.
 */
#ifndef OM_CMD_CONFIG_H
#define OM_CMD_CONFIG_H

#include "cmd/command.h"
#include "text/yaml.h"

#define OM_CONFIG_FILES_MAX 64

struct om_config {
	size_t count;
	struct om_config_file {
		const char *path;
		const struct om_yaml *root;
	} file[OM_CONFIG_FILES_MAX]; /* weakest first */
};

/* Where to look; NULL: nowhere. */
struct om_config_places {
	const char *named;  /* this file alone */
	const char *system; /* a folder: ordmill.yaml, conf.d/ */
	const char *user;   /* a folder: ordmill.yaml */
};

/* A setting, and who said so: "--store", "$ORDMILL_STORE", "FILE:LINE" or
 * "default". */
struct om_setting {
	const char *key;
	const char *value; /* NULL: not set */
	const char *origin;
};

/* Everything lives in arena. OM_EUSAGE, with file, line and column, if a file
 * cannot be read or says what nobody understands. */
OM_MUST_USE int om_config_read(const struct om_config_places *places,
    struct om_arena *arena, struct om_config *out, struct om_err *err);
/* The files of this call, by its flags and environment. */
OM_MUST_USE int om_config_load(const struct om_cli *cli, struct om_config *out,
    struct om_err *err);

/* The strongest word on a key of plain text ("store", "key"). */
void om_config_setting(const struct om_config *config, const char *key,
    struct om_arena *arena, struct om_setting *out);
/* With flag and environment before it: "store" only. */
OM_MUST_USE int om_cli_setting(const struct om_cli *cli, const char *key,
    struct om_setting *out, struct om_err *err);

/* Keys of plain text, NULL-terminated. */
extern const char *const om_config_keys[];

/* The block of a feed in the strongest file that has it, or NULL. */
const struct om_yaml *om_config_feed(const struct om_config *config,
    const char *name, const struct om_config_file **out_file);
/* "FILE:LINE" */
const char *om_config_origin(const struct om_config_file *file,
    const struct om_yaml *node, struct om_arena *arena);

/* The path of the signing key that the configuration names, or NULL. */
OM_MUST_USE int om_cli_key(const struct om_cli *cli, const char **out_path,
    struct om_err *err);

#endif
