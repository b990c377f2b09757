/* command.c - the table of commands, and how their names are found. */
#include "cmd/command.h"

#include <string.h>

#include "base/str.h"

#define COMMANDS_MAX 128

extern const struct om_cmd om_cmd_audit_checkpoint;
extern const struct om_cmd om_cmd_audit_keygen;
extern const struct om_cmd om_cmd_audit_log;
extern const struct om_cmd om_cmd_audit_prove;
extern const struct om_cmd om_cmd_audit_verify;
extern const struct om_cmd om_cmd_bench;
extern const struct om_cmd om_cmd_completion;
extern const struct om_cmd om_cmd_config_check;
extern const struct om_cmd om_cmd_config_show;
extern const struct om_cmd om_cmd_demo;
extern const struct om_cmd om_cmd_expect;
extern const struct om_cmd om_cmd_fetch;
extern const struct om_cmd om_cmd_gaps_accept;
extern const struct om_cmd om_cmd_gaps_list;
extern const struct om_cmd om_cmd_gaps_reopen;
extern const struct om_cmd om_cmd_gen;
extern const struct om_cmd om_cmd_help;
extern const struct om_cmd om_cmd_inbox_drop;
extern const struct om_cmd om_cmd_inbox_list;
extern const struct om_cmd om_cmd_inbox_retain;
extern const struct om_cmd om_cmd_inbox_show;
extern const struct om_cmd om_cmd_ingest;
extern const struct om_cmd om_cmd_init;
extern const struct om_cmd om_cmd_reconcile;
extern const struct om_cmd om_cmd_rejects_export;
extern const struct om_cmd om_cmd_rejects_list;
extern const struct om_cmd om_cmd_report_daily;
extern const struct om_cmd om_cmd_reset;
extern const struct om_cmd om_cmd_run;
extern const struct om_cmd om_cmd_status;
extern const struct om_cmd om_cmd_trace;
extern const struct om_cmd om_cmd_version;

/* Sorted by name; tests/cli/t0010-help.sh looks. */
const struct om_cmd *const om_cmds[] = {
	&om_cmd_audit_checkpoint,
	&om_cmd_audit_keygen,
	&om_cmd_audit_log,
	&om_cmd_audit_prove,
	&om_cmd_audit_verify,
	&om_cmd_bench,
	&om_cmd_completion,
	&om_cmd_config_check,
	&om_cmd_config_show,
	&om_cmd_demo,
	&om_cmd_expect,
	&om_cmd_fetch,
	&om_cmd_gaps_accept,
	&om_cmd_gaps_list,
	&om_cmd_gaps_reopen,
	&om_cmd_gen,
	&om_cmd_help,
	&om_cmd_inbox_drop,
	&om_cmd_inbox_list,
	&om_cmd_inbox_retain,
	&om_cmd_inbox_show,
	&om_cmd_ingest,
	&om_cmd_init,
	&om_cmd_reconcile,
	&om_cmd_rejects_export,
	&om_cmd_rejects_list,
	&om_cmd_report_daily,
	&om_cmd_reset,
	&om_cmd_run,
	&om_cmd_status,
	&om_cmd_trace,
	&om_cmd_version,
	NULL,
};

const struct om_cmd *
om_cmd_find(const char *name)
{
	for (size_t i = 0; om_cmds[i] != NULL; i++)
		if (strcmp(om_cmds[i]->name, name) == 0)
			return om_cmds[i];
	return NULL;
}

bool
om_cmd_in_family(const struct om_cmd *cmd, const char *word)
{
	size_t n = strcspn(cmd->name, " ");

	return strlen(word) == n && memcmp(cmd->name, word, n) == 0;
}

/* "first second", or "first". */
static const struct om_cmd *
find_words(const char *first, const char *second)
{
	char name[OM_WORD_MAX];
	int n = snprintf(name, sizeof(name), second == NULL ? "%s" : "%s %s",
	    first, second);

	return n < OM_WORD_MAX ? om_cmd_find(name) : NULL;
}

/* The second words of a family, as choices for a message. */
static int
fail_in_family(const char *first, const char *second, struct om_err *err)
{
	const char *names[COMMANDS_MAX];
	char list[OM_ERR_MAX / 2] = "";
	const char *near;
	size_t n = 0;

	for (size_t i = 0; om_cmds[i] != NULL && n < COMMANDS_MAX; i++) {
		size_t used = strlen(list);

		if (!om_cmd_in_family(om_cmds[i], first))
			continue;
		names[n] = om_cmds[i]->name + strlen(first) + 1;
		snprintf(list + used, sizeof(list) - used, "%s%s",
		    n == 0 ? "" : ", ", names[n]);
		n++;
	}
	if (second == NULL)
		return om_fail(err, OM_EUSAGE, "'%s' needs one of: %s", first,
		    list);
	near = om_str_nearest(second, names, n);
	if (near == NULL)
		return om_fail(err, OM_EUSAGE,
		    "no command '%s %s'; there are: %s", first, second, list);
	return om_fail(err, OM_EUSAGE,
	    "no command '%s %s'; did you mean '%s %s'?", first, second, first,
	    near);
}

static bool
is_family(const char *word)
{
	for (size_t i = 0; om_cmds[i] != NULL; i++)
		if (om_cmd_in_family(om_cmds[i], word))
			return true;
	return false;
}

static int
fail_alone(const char *word, struct om_err *err)
{
	const char *names[COMMANDS_MAX];
	const char *near;
	size_t n = 0;

	for (size_t i = 0; om_cmds[i] != NULL && n < COMMANDS_MAX; i++)
		names[n++] = om_cmds[i]->name;
	near = om_str_nearest(word, names, n);
	if (near == NULL)
		return om_fail(err, OM_EUSAGE,
		    "no command '%s'; try 'ordmill help'", word);
	return om_fail(err, OM_EUSAGE, "no command '%s'; did you mean '%s'?",
	    word, near);
}

int
om_cmd_match(int argc, char **argv, const struct om_cmd **out, int *out_words,
    struct om_err *err)
{
	const char *second = argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;
	const struct om_cmd *cmd = NULL;
	int words = 2;

	if (second != NULL)
		cmd = find_words(argv[0], second);
	if (cmd == NULL) {
		words = 1;
		cmd = om_cmd_find(argv[0]);
	}
	if (cmd == NULL && is_family(argv[0]))
		return fail_in_family(argv[0], second, err);
	if (cmd == NULL)
		return fail_alone(argv[0], err);
	*out = cmd;
	*out_words = words;
	return 0;
}
