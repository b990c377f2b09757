/* main.c - words in, exit status out. Knows commands; knows no orders. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cmd/command.h"
#include "cmd/exit.h"
#include "db/db.h"
#include "io/output.h"
#include "text/json.h"

/* One call of the program. */
struct call {
	struct om_globals globals;
	const struct om_cmd *cmd; /* NULL until found */
	int argc;
	char **argv; /* what follows the command's name, then its operands */
	alignas(max_align_t) unsigned char args[OM_ARGS_SIZE_MAX];
};

/* A closed standard stream would lend its number to the next file opened, and
 * data would go there: fill the gap with something that refuses. */
static void
fill_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* A pipe that nobody reads and a file beyond the limit of this process are
 * failures to be told, and to be gone on from. */
static void
ignore_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	(void)sigaction(SIGPIPE, &action, NULL);
	(void)sigaction(SIGXFSZ, &action, NULL);
}

/* Whoever asked for JSON gets it for a wrong command line too, even if the
 * parser stopped before it came to --log-format. */
static bool
wants_json_log(int argc, char **argv)
{
	bool json = false;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--log-format=json") == 0)
			json = true;
		if (i + 1 < argc && strcmp(argv[i], "--log-format") == 0)
			json = strcmp(argv[i + 1], "json") == 0;
	}
	return json;
}

/* "audit --help", where only "audit verify" and such are commands. */
static bool
asks_about_family(int argc, char **argv)
{
	if (argc < 2 || om_cmd_find(argv[0]) != NULL ||
	    (strcmp(argv[1], "--help") != 0 && strcmp(argv[1], "-h") != 0))
		return false;
	for (size_t i = 0; om_cmds[i] != NULL; i++)
		if (om_cmd_in_family(om_cmds[i], argv[0]))
			return true;
	return false;
}

/* Find the command and fill in its options. 1: there is none, and none is
 * needed. */
static int
parse(struct call *c, int argc, char **argv, struct om_err *err)
{
	int used = om_globals_parse(argc - 1, argv + 1, &c->globals, err);
	int words = 0;

	if (used < 0)
		return used;
	c->argc = argc - 1 - used;
	c->argv = argv + 1 + used;
	if (c->globals.version) {
		c->cmd = om_cmd_find("version");
		c->argc = 0;
		return 0;
	}
	if (c->argc == 0)
		return 1;
	if (asks_about_family(c->argc, c->argv)) {
		c->cmd = om_cmd_find("help");
		c->argc = 1;
		return 0;
	}
	if (om_cmd_match(c->argc, c->argv, &c->cmd, &words, err) < 0)
		return err->code;
	c->argc -= words;
	c->argv += words;
	c->argc =
	    om_opt_parse(c->cmd, c->argc, c->argv, &c->globals, c->args, err);
	return c->argc < 0 ? c->argc : 0;
}

static int
read_clock(struct om_clock *out, int64_t *fixed, struct om_err *err)
{
	const char *text = getenv("ORDMILL_NOW");

	*out = om_clock_system();
	if (text == NULL || *text == '\0')
		return 0;
	if (om_time_parse(om_str_of(text), fixed, err) < 0) {
		err->code = OM_EUSAGE;
		return om_wrap(err, "$ORDMILL_NOW");
	}
	*out = om_clock_fixed(fixed);
	return 0;
}

static int
dispatch(const struct call *c, const struct om_cli *cli, struct om_err *err)
{
	if (c->globals.help) {
		om_help_command(c->cmd, cli->out);
		return OM_EXIT_OK;
	}
	return c->cmd->run(cli, c->args, c->argc, c->argv, err);
}

/* What was printed counts only if the command did not fail: a file named by
 * -o appears whole or not at all. The exit status; a failure also has *err.
 * That nobody reads on ("| head -1") is not worth a message. */
static int
finish(struct om_output *out, int status, struct om_err *err)
{
	struct om_err late = { 0 };

	if (status < 0)
		status = (int)om_exit_of(err->code);
	if (err->code < 0 && out->path != NULL)
		return status;
	if (om_output_commit(out, &late) == 0 ||
	    om_exit_worst(status, OM_EXIT_OUTPUT) != OM_EXIT_OUTPUT)
		return status;
	*err = late;
	if (out->broken_pipe)
		err->msg[0] = '\0';
	return OM_EXIT_OUTPUT;
}

/* Returns an exit status. */
static int
run(const struct call *c, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	OM_AUTO(om_output_end) struct om_output out = { 0 };
	struct om_cli cli = { .g = &c->globals, .arena = &arena };
	int64_t fixed;

	if (read_clock(&cli.clock, &fixed, err) < 0 ||
	    om_output_open(c->globals.output, &out, err) < 0)
		return (int)om_exit_of(err->code);
	cli.out = out.f;
	cli.out_is_tty = isatty(fileno(out.f)) == 1;
	return finish(&out, dispatch(c, &cli, err), err);
}

/* The last line of a command under --log-format json that did not simply end
 * well: also of one that ran to its end and says so by its exit status. */
static void
print_json_error(const struct om_cmd *cmd, int status, const struct om_err *err)
{
	const char *meaning = om_exit_meaning(status);
	OM_AUTO(om_buf_fini) struct om_buf buf;
	struct om_json j;

	om_buf_init(&buf, (size_t)8 * OM_ERR_MAX);
	om_json_init(&j, &buf);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.error/1");
	if (cmd != NULL)
		om_json_cstr(&j, "command", cmd->name);
	else
		om_json_null(&j, "command");
	om_json_number(&j, "exit", status);
	om_json_cstr(&j, "code",
	    err->code < 0 ? om_code_name(err->code) : meaning);
	om_json_cstr(&j, "message", err->code < 0 ? err->msg : meaning);
	om_json_end(&j);
	fprintf(stderr, "%.*s\n", OM_FMT(om_buf_view(&buf)));
}

static void
tell(const struct call *c, int status, const struct om_err *err, bool json)
{
	bool failed = err->code < 0;

	if (failed && err->msg[0] == '\0') /* quietly */
		return;
	if (json && status != OM_EXIT_OK)
		print_json_error(c->cmd, status, err);
	else if (failed)
		fprintf(stderr, "ordmill%s%s: %s\n", c->cmd != NULL ? " " : "",
		    c->cmd != NULL ? c->cmd->name : "", err->msg);
}

int
main(int argc, char **argv)
{
	struct call c = { 0 };
	struct om_err err = { 0 };
	bool json = wants_json_log(argc, argv);
	int status;

	om_db_setup();
	fill_standard_streams();
	ignore_signals();
	om_globals_init(&c.globals);
	status = parse(&c, argc, argv, &err);
	if (status > 0 && !c.globals.help) {
		om_help_overview(stderr);
		return OM_EXIT_USAGE;
	}
	if (status > 0) {
		c.cmd = om_cmd_find("help");
		c.globals.help = false;
	}
	if (status < 0) {
		status = (int)om_exit_of(err.code);
		tell(&c, status, &err, json);
		if (c.cmd != NULL && !json)
			om_help_usage(c.cmd, stderr);
		return status;
	}
	status = run(&c, &err);
	tell(&c, status, &err, json);
	return status;
}
