/*
 * command.h - what a subcommand is, and what every one of them is given.
 *
 * One file per subcommand, one const struct om_cmd at its top. Parsing, usage,
 * `ordmill help`, completion and the OPTIONS section of the man page all read
 * that table, so none of them can disagree with another.
 */
#ifndef OM_CMD_COMMAND_H
#define OM_CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"

#define OM_VERSION	 "0.2.0"
#define OM_ARGS_SIZE_MAX 2048
#define OM_LIST_MAX	 64
#define OM_WORD_MAX	 64 /* a command's name, an option's name */

enum om_opt_kind {
	OM_OPT_END,
	OM_OPT_FLAG,
	OM_OPT_COUNT, /* -v, -vv: an int64_t that grows */
	OM_OPT_INT,
	OM_OPT_TEXT,
	OM_OPT_LIST,	 /* may be given again: a struct om_list */
	OM_OPT_DURATION, /* "90s", "15m", "2h", "1d": an int64_t, milliseconds */
};

struct om_list {
	size_t count;
	const char *item[OM_LIST_MAX];
};

struct om_opt {
	enum om_opt_kind kind;
	char letter; /* 0: it has none */
	const char *name;
	const char *value; /* what the man page calls it; NULL for a flag. Words
			      in lower case joined by '|' are the only values
			      the parser lets through: "text|json" */
	size_t offset;	   /* of the field in the command's args struct */
	const char *help;  /* a phrase: lower case, no full stop */
	int64_t min;	   /* of an OM_OPT_INT */
	int64_t max;
};

/* Offset of a field, refusing to compile unless it has the right type. */
#define OM_FIELD(T, field, type)                                               \
	(offsetof(T, field) + _Generic(((T *)0)->field, type : 0))

/* clang-format off */
#define OM_OPT_ROW(T, kind, type, field, letter, name, value, help, min, max) \
	{ kind, letter, name, value, OM_FIELD(T, field, type), help, min, max }
#define OM_FLAG(T, field, letter, name, help) \
	OM_OPT_ROW(T, OM_OPT_FLAG, bool, field, letter, name, NULL, help, 0, 0)
#define OM_COUNTER(T, field, letter, name, help) \
	OM_OPT_ROW(T, OM_OPT_COUNT, int64_t, field, letter, name, NULL, \
	    help, 0, 0)
/* A number from 0 up; OM_INTEGER_IN has its own bounds, both included. */
#define OM_INTEGER(T, field, letter, name, value, help) \
	OM_OPT_ROW(T, OM_OPT_INT, int64_t, field, letter, name, value, \
	    help, 0, INT64_MAX)
#define OM_INTEGER_IN(T, field, letter, name, value, help, min, max) \
	OM_OPT_ROW(T, OM_OPT_INT, int64_t, field, letter, name, value, \
	    help, min, max)
#define OM_TEXT_OPT(T, field, letter, name, value, help) \
	OM_OPT_ROW(T, OM_OPT_TEXT, const char *, field, letter, name, value, \
	    help, 0, 0)
#define OM_LIST_OPT(T, field, letter, name, value, help) \
	OM_OPT_ROW(T, OM_OPT_LIST, struct om_list, field, letter, name, value, \
	    help, 0, 0)
#define OM_DURATION(T, field, letter, name, value, help) \
	OM_OPT_ROW(T, OM_OPT_DURATION, int64_t, field, letter, name, value, \
	    help, 0, 0)
/* clang-format on */

/* Exit statuses, promised in ordmill-exit(7). Scripts branch on these. */
enum om_exit {
	OM_EXIT_OK = 0,
	OM_EXIT_FOUND = 1,
	OM_EXIT_USAGE = 2,
	OM_EXIT_PARTIAL = 3,
	OM_EXIT_NOENT = 4,
	OM_EXIT_DATA = 5,
	OM_EXIT_STORE = 6,
	OM_EXIT_DAMAGED = 7,
	OM_EXIT_BUSY = 8,
	OM_EXIT_DEADLINE = 9,
	OM_EXIT_REMOTE = 10,
	OM_EXIT_AUTH = 11,
	OM_EXIT_OUTPUT = 12,
	OM_EXIT_INTERNAL = 70,
};

/* The global options, accepted before and after the command. */
struct om_globals {
	const char *store; /* flag, else $ORDMILL_STORE, else configuration */
	const char *config;
	bool no_config;
	bool json;
	const char *output;
	bool dry_run;
	bool quiet;
	int64_t verbose;
	const char *progress; /* "auto", "lines", "none" */
	int64_t lock_wait_ms;
	int64_t max_duration_ms; /* 0: none */
	const char *log_format;	 /* "text", "json" */
	bool help;
	bool version;
};

/* What a command works with. Print data to out (standard output, or the file
 * of -o; main() commits it and turns a failed write into 12), remarks for
 * people to stderr unless g->quiet. */
struct om_cli {
	const struct om_globals *g;
	struct om_clock clock;
	FILE *out;
	bool out_is_tty;
	struct om_arena *arena; /* lives as long as the command */
};

/* args points at the command's own args struct, filled from its options.
 * Returns an exit status (0..), or a negative code with *err filled. */
typedef int om_run_fn(const struct om_cli *cli, const void *args, int argc,
    char **argv, struct om_err *err);

struct om_cmd {
	const char *name;     /* "ingest", or "audit verify" */
	const char *summary;  /* one phrase, for the list and the man page */
	const char *operands; /* "SOURCE..." */
	int operand_min;
	int operand_max; /* -1: any number */
	const struct om_opt *opts;
	size_t args_size;
	om_run_fn *run;
	const char *const *examples; /* pairs: what it does, the command line;
					NULL-terminated */
};

extern const struct om_cmd *const om_cmds[]; /* NULL-terminated, sorted */

/* The store of this call, or OM_EUSAGE saying how to name one. */
OM_MUST_USE int om_cli_store(const struct om_cli *cli, const char **out_url,
    struct om_err *err);

const struct om_cmd *om_cmd_find(const char *name);
/* The command that argv begins with, by its one or two words; their number
 * in *out_words. OM_EUSAGE, with a suggestion, if there is none. */
OM_MUST_USE int om_cmd_match(int argc, char **argv, const struct om_cmd **out,
    int *out_words, struct om_err *err);
/* Is cmd called word, or "word something"? */
bool om_cmd_in_family(const struct om_cmd *cmd, const char *word);

/* For people: the overview, the list by purpose, one line, all about one. */
void om_help_overview(FILE *out);
void om_help_list(FILE *out);
void om_help_usage(const struct om_cmd *cmd, FILE *out);
void om_help_command(const struct om_cmd *cmd, FILE *out);
/* For scripts/man.sh: the sections of the manual page of a first word that
 * must agree with the parser; false if no command begins so. */
bool om_help_mdoc(const char *family, FILE *out);
void om_help_mdoc_globals(FILE *out);

extern const struct om_opt om_global_opts[];
void om_globals_init(struct om_globals *globals);

/* Options that stand before the command's name: fills globals and returns how
 * many words they took. */
OM_MUST_USE int om_globals_parse(int argc, char **argv,
    struct om_globals *globals, struct om_err *err);

/* argv is what follows the command's name. Options may stand before and after
 * operands; "--" ends them. Fills args and globals, moves the operands to the
 * front of argv and returns their number. */
OM_MUST_USE int om_opt_parse(const struct om_cmd *cmd, int argc, char **argv,
    struct om_globals *globals, void *args, struct om_err *err);

/* Is value "a|b|c": the only words an option takes? */
bool om_opt_is_choice(const struct om_opt *opt);

/* Of two exit statuses, the one that wins when both apply. */
int om_exit_worst(int a, int b);

#endif
