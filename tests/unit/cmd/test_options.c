/* test_options.c - what a command line means, word by word. */
#include "unit.h"

#include <string.h>

#include "cmd/command.h"

#define WORDS_MAX 80

struct args {
	bool loud;
	bool fast;
	int64_t shards;
	const char *format;
	struct om_list names;
	int64_t wait_ms;
};

static const struct om_opt opts[] = {
	OM_FLAG(struct args, loud, 'l', "loud", "make noise"),
	OM_FLAG(struct args, fast, 'f', "fast", "make haste"),
	OM_INTEGER_IN(struct args, shards, 'S', "shards", "N", "so many", 1,
	    64),
	OM_TEXT_OPT(struct args, format, 'F', "format", "text|json",
	    "look like this"),
	OM_LIST_OPT(struct args, names, 'N', "name", "NAME", "call it so"),
	OM_DURATION(struct args, wait_ms, 0, "wait", "DURATION", "wait"),
	{ 0 },
};

static const struct om_cmd cmd = {
	.name = "try",
	.summary = "try it",
	.operands = "FILE...",
	.operand_min = 0,
	.operand_max = -1,
	.opts = opts,
	.args_size = sizeof(struct args),
};

/* A command line, split at blanks, and what came of it. */
struct result {
	char copy[4096];
	char *argv[WORDS_MAX + 1];
	struct om_globals globals;
	struct args args;
	struct om_err err;
	int count;
};

static void
parse_with(const struct om_cmd *c, const char *line, struct result *r)
{
	char *save = NULL;
	int argc = 0;

	memset(r, 0, sizeof(*r));
	om_globals_init(&r->globals);
	snprintf(r->copy, sizeof(r->copy), "%s", line);
	for (char *w = strtok_r(r->copy, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save)) {
		assert_true(argc < WORDS_MAX);
		r->argv[argc++] = w;
	}
	r->count =
	    om_opt_parse(c, argc, r->argv, &r->globals, &r->args, &r->err);
}

static void
parse(const char *line, struct result *r)
{
	parse_with(&cmd, line, r);
}

static void
refuses(const char *line, const char *message)
{
	struct result r;

	parse(line, &r);
	assert_int_equal(r.count, OM_EUSAGE);
	assert_string_equal(r.err.msg, message);
}

static void
options_stand_before_and_after_operands(void **state)
{
	struct result r;

	(void)state;
	parse("a.csv --shards 4 b.csv --loud c.csv", &r);
	assert_int_equal(r.count, 3);
	assert_string_equal(r.argv[0], "a.csv");
	assert_string_equal(r.argv[1], "b.csv");
	assert_string_equal(r.argv[2], "c.csv");
	assert_int_equal(r.args.shards, 4);
	assert_true(r.args.loud);
}

static void
a_value_may_follow_an_equals_sign(void **state)
{
	struct result r;

	(void)state;
	parse("--shards=64 --name=a=b --format=json", &r);
	assert_int_equal(r.count, 0);
	assert_int_equal(r.args.shards, 64);
	assert_string_equal(r.args.names.item[0], "a=b");
	assert_string_equal(r.args.format, "json");
}

static void
flags_cluster_and_the_last_may_take_a_value(void **state)
{
	struct result r;

	(void)state;
	parse("-lfvvS7 -lS 8 x", &r);
	assert_int_equal(r.count, 1);
	assert_true(r.args.loud && r.args.fast);
	assert_int_equal(r.globals.verbose, 2);
	assert_int_equal(r.args.shards, 8);
}

static void
two_dashes_end_the_options(void **state)
{
	struct result r;

	(void)state;
	parse("--loud -- --fast -l", &r);
	assert_int_equal(r.count, 2);
	assert_string_equal(r.argv[0], "--fast");
	assert_string_equal(r.argv[1], "-l");
	assert_false(r.args.fast);
}

static void
one_dash_is_an_operand(void **state)
{
	struct result r;

	(void)state;
	parse("-l -", &r);
	assert_int_equal(r.count, 1);
	assert_string_equal(r.argv[0], "-");
}

static void
globals_are_accepted_after_the_command(void **state)
{
	struct result r;

	(void)state;
	parse("-s shop --json -n --lock-wait 2h", &r);
	assert_int_equal(r.count, 0);
	assert_string_equal(r.globals.store, "shop");
	assert_true(r.globals.json && r.globals.dry_run);
	assert_int_equal(r.globals.lock_wait_ms, 7200000);
	assert_string_equal(r.globals.progress, "auto");
}

static void
globals_are_accepted_before_the_command(void **state)
{
	char a[] = "-qs", b[] = "shop", c[] = "try", d[] = "--json";
	char *argv[] = { a, b, c, d, NULL };
	struct om_globals g;
	struct om_err err = { 0 };

	(void)state;
	om_globals_init(&g);
	assert_int_equal(om_globals_parse(4, argv, &g, &err), 2);
	assert_string_equal(g.store, "shop");
	assert_true(g.quiet);
	assert_false(g.json);
}

static void
names_are_never_abbreviated(void **state)
{
	(void)state;
	refuses("--shard 4",
	    "unknown option '--shard'; did you mean '--shards'?");
	refuses("--lou", "unknown option '--lou'; did you mean '--loud'?");
	refuses("--jason", "unknown option '--jason'; did you mean '--json'?");
	refuses("--bicycle", "unknown option '--bicycle'");
	refuses("-lZ", "unknown option '-Z'");
}

static void
values_are_wanted_or_refused(void **state)
{
	(void)state;
	refuses("--shards", "--shards wants a value: N");
	refuses("-S", "--shards wants a value: N");
	refuses("--loud=yes", "--loud takes no value");
}

static void
numbers_are_checked_at_their_bounds(void **state)
{
	struct result r;

	(void)state;
	parse("--shards 1", &r);
	assert_int_equal(r.count, 0);
	refuses("--shards 0", "--shards wants at least 1, got '0'");
	refuses("--shards 65", "--shards wants at most 64, got '65'");
	refuses("--shards 4x", "--shards wants a number, got '4x'");
	refuses("--shards 9223372036854775808",
	    "--shards wants a number, got '9223372036854775808'");
}

static void
choices_are_the_only_words(void **state)
{
	(void)state;
	refuses("--format jsn",
	    "--format wants text|json, got 'jsn'; did you mean 'json'?");
	refuses("--format bicycle", "--format wants text|json, got 'bicycle'");
	refuses("--format tex",
	    "--format wants text|json, got 'tex'; did you mean 'text'?");
}

static void
durations_have_a_unit(void **state)
{
	static const struct {
		const char *line;
		int64_t ms;
	} good[] = {
		{ "--wait 0", 0 },
		{ "--wait 500ms", 500 },
		{ "--wait 90s", 90000 },
		{ "--wait 15m", 900000 },
		{ "--wait 2h", 7200000 },
		{ "--wait 1d", 86400000 },
	};
	struct result r;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(good); i++) {
		parse(good[i].line, &r);
		assert_int_equal(r.count, 0);
		assert_int_equal(r.args.wait_ms, good[i].ms);
	}
	refuses("--wait 5",
	    "--wait wants a duration such as 90s, 15m, 2h or 1d, got '5'");
	refuses("--wait -1s",
	    "--wait wants a duration such as 90s, 15m, 2h or 1d, got '-1s'");
	refuses("--wait 106751991168d",
	    "--wait wants a duration such as 90s, 15m, 2h or 1d, "
	    "got '106751991168d'");
}

static void
a_list_holds_its_maximum_and_no_more(void **state)
{
	char line[4096] = "";
	struct result r;

	(void)state;
	for (int i = 0; i < OM_LIST_MAX; i++)
		strcat(line, "-Nx ");
	parse(line, &r);
	assert_int_equal(r.count, 0);
	assert_int_equal(r.args.names.count, OM_LIST_MAX);
	strcat(line, "-Nx");
	refuses(line, "--name is given over 64 times");
}

static void
operands_are_counted(void **state)
{
	const struct om_cmd one = {
		.name = "one",
		.operands = "FILE",
		.operand_min = 1,
		.operand_max = 1,
	};
	struct result r;

	(void)state;
	parse_with(&one, "", &r);
	assert_int_equal(r.count, OM_EUSAGE);
	assert_string_equal(r.err.msg, "missing operand: want 'FILE'");
	parse_with(&one, "a b", &r);
	assert_int_equal(r.count, OM_EUSAGE);
	assert_string_equal(r.err.msg, "unexpected operand 'b'");
	parse_with(&one, "--help", &r);
	assert_int_equal(r.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_stand_before_and_after_operands),
		cmocka_unit_test(a_value_may_follow_an_equals_sign),
		cmocka_unit_test(flags_cluster_and_the_last_may_take_a_value),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(one_dash_is_an_operand),
		cmocka_unit_test(globals_are_accepted_after_the_command),
		cmocka_unit_test(globals_are_accepted_before_the_command),
		cmocka_unit_test(names_are_never_abbreviated),
		cmocka_unit_test(values_are_wanted_or_refused),
		cmocka_unit_test(numbers_are_checked_at_their_bounds),
		cmocka_unit_test(choices_are_the_only_words),
		cmocka_unit_test(durations_have_a_unit),
		cmocka_unit_test(a_list_holds_its_maximum_and_no_more),
		cmocka_unit_test(operands_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
