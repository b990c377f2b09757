/*
 * options.c - words into fields, by the tables of a command and of globals.c.
 *
 * Names match exactly, never by abbreviation: a script written today must not
 * change its meaning when an option is added.
 */
#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "cmd/command.h"
#include "cmd/value.h"

#define NAMES_MAX 128

struct parser {
	const struct om_cmd *cmd; /* NULL before the command's name */
	struct om_globals *globals;
	void *args;
};

/* An option and the struct that its offset counts from. */
struct target {
	const struct om_opt *opt;
	void *base;
};

static bool
is_called(const struct om_opt *o, char letter, struct om_str name)
{
	return letter != 0 ? o->letter == letter : om_str_is(name, o->name);
}

static const struct om_opt *
find_in(const struct om_opt *opts, char letter, struct om_str name)
{
	for (; opts != NULL && opts->kind != OM_OPT_END; opts++)
		if (is_called(opts, letter, name))
			return opts;
	return NULL;
}

/* By letter, or by name if letter is 0. */
static bool
find(const struct parser *p, char letter, struct om_str name,
    struct target *out)
{
	const struct om_opt *o = NULL;

	if (p->cmd != NULL)
		o = find_in(p->cmd->opts, letter, name);
	if (o != NULL) {
		*out = (struct target){ o, p->args };
		return true;
	}
	o = find_in(om_global_opts, letter, name);
	*out = (struct target){ o, p->globals };
	return o != NULL;
}

static size_t
add_names(const struct om_opt *opts, const char **names, size_t n)
{
	for (; opts != NULL && opts->kind != OM_OPT_END; opts++) {
		assert(n < NAMES_MAX);
		names[n++] = opts->name;
	}
	return n;
}

static int
unknown_name(const struct parser *p, struct om_str name, struct om_err *err)
{
	const char *names[NAMES_MAX];
	char word[OM_WORD_MAX];
	const char *near = NULL;
	size_t n = 0;

	if (p->cmd != NULL)
		n = add_names(p->cmd->opts, names, n);
	n = add_names(om_global_opts, names, n);
	if (name.n < sizeof(word)) {
		memcpy(word, name.p, name.n);
		word[name.n] = '\0';
		near = om_str_nearest(word, names, n);
	}
	if (near == NULL)
		return om_fail(err, OM_EUSAGE, "unknown option '--%.*s'",
		    OM_FMT(name));
	return om_fail(err, OM_EUSAGE,
	    "unknown option '--%.*s'; did you mean '--%s'?", OM_FMT(name),
	    near);
}

static bool
takes_value(const struct om_opt *o)
{
	return o->kind != OM_OPT_FLAG && o->kind != OM_OPT_COUNT;
}

/* "--name", "--name value" or "--name=value": the words used, 1 or 2. */
static int
parse_long(const struct parser *p, char **argv, struct om_err *err)
{
	const char *word = argv[0] + 2;
	struct om_str name = { word, strcspn(word, "=") };
	const char *text = word[name.n] == '=' ? word + name.n + 1 : NULL;
	struct target t;
	int used = 1;

	if (!find(p, 0, name, &t))
		return unknown_name(p, name, err);
	if (!takes_value(t.opt) && text != NULL)
		return om_fail(err, OM_EUSAGE, "--%s takes no value",
		    t.opt->name);
	if (takes_value(t.opt) && text == NULL) {
		text = argv[1];
		used = 2;
	}
	if (om_value_set(t.opt, text, t.base, err) < 0)
		return err->code;
	return used;
}

/* "-abc", "-s value" or "-svalue": the words used, 1 or 2. */
static int
parse_cluster(const struct parser *p, char **argv, struct om_err *err)
{
	struct om_str none = { NULL, 0 };
	struct target t;

	for (const char *c = argv[0] + 1; *c != '\0'; c++) {
		const char *text = NULL;

		if (!find(p, *c, none, &t))
			return om_fail(err, OM_EUSAGE, "unknown option '-%c'",
			    *c);
		if (takes_value(t.opt))
			text = c[1] != '\0' ? c + 1 : argv[1];
		if (om_value_set(t.opt, text, t.base, err) < 0)
			return err->code;
		if (takes_value(t.opt))
			return c[1] != '\0' ? 1 : 2;
	}
	return 1;
}

static bool
is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

static int
parse_one(const struct parser *p, char **argv, struct om_err *err)
{
	return argv[0][1] == '-' ? parse_long(p, argv, err)
				 : parse_cluster(p, argv, err);
}

int
om_globals_parse(int argc, char **argv, struct om_globals *globals,
    struct om_err *err)
{
	struct parser p = { .globals = globals };
	int i = 0;

	while (i < argc && is_option(argv[i])) {
		int used;

		if (strcmp(argv[i], "--") == 0)
			return i + 1;
		used = parse_one(&p, argv + i, err);
		if (used < 0)
			return used;
		i += used;
	}
	return i;
}

static int
check_operands(const struct om_cmd *cmd, int count, char **argv,
    struct om_err *err)
{
	if (count < cmd->operand_min)
		return om_fail(err, OM_EUSAGE, "missing operand: want '%s'",
		    cmd->operands);
	if (cmd->operand_max >= 0 && count > cmd->operand_max)
		return om_fail(err, OM_EUSAGE, "unexpected operand '%s'",
		    argv[cmd->operand_max]);
	return count;
}

/* An option of a command must not hide a global one: it would mean something
 * else before the command's name than after it. */
static bool
hides_no_global(const struct om_cmd *cmd)
{
	const struct om_opt *o = cmd->opts;

	for (; o != NULL && o->kind != OM_OPT_END; o++)
		if (find_in(om_global_opts, 0, om_str_of(o->name)) != NULL ||
		    (o->letter != 0 && find_in(om_global_opts, o->letter,
					   om_str_of("")) != NULL))
			return false;
	return true;
}

int
om_opt_parse(const struct om_cmd *cmd, int argc, char **argv,
    struct om_globals *globals, void *args, struct om_err *err)
{
	struct parser p = { cmd, globals, args };
	bool open = true; /* no "--" yet */
	int operands = 0;
	int i = 0;

	assert(cmd->args_size <= OM_ARGS_SIZE_MAX);
	assert(hides_no_global(cmd));

	while (i < argc) {
		int used = 1;

		if (!open || !is_option(argv[i]))
			argv[operands++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			open = false;
		else if ((used = parse_one(&p, argv + i, err)) < 0)
			return used;
		i += used;
	}
	if (globals->help || globals->version)
		return operands;
	return check_operands(cmd, operands, argv, err);
}
