/* pg.c - start and stop a PostgreSQL server; see pg.h. */
#include "pg.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "db/db.h"

#define START_TRIES 1500 /* of 20 ms */

static struct {
	pid_t pid; /* 0: not running */
	char dir[64];
	char bin[256];
	char url[160];
} server;

bool
pg_skipped(void)
{
	const char *skip = getenv("ORDMILL_SKIP_PG");

	return skip != NULL && strcmp(skip, "1") == 0;
}

const char *
pg_url(void)
{
	return server.url;
}

static bool
complain(const char *what)
{
	fprintf(stderr, "# postgres: %s: %s (ORDMILL_SKIP_PG=1 skips)\n", what,
	    strerror(errno));
	return false;
}

/* The newest installed version. */
static bool
find_programs(void)
{
	glob_t found;
	bool ok =
	    glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) == 0;

	if (ok) {
		const char *last = found.gl_pathv[found.gl_pathc - 1];

		snprintf(server.bin, sizeof(server.bin), "%.*s",
		    (int)(strlen(last) - strlen("/initdb")), last);
		globfree(&found);
	}
	errno = ok ? 0 : ENOENT;
	return ok || complain("no server in /usr/lib/postgresql");
}

/* A server refuses to run as root. */
static const struct passwd *
other_user(void)
{
	return geteuid() == 0 ? getpwnam("postgres") : NULL;
}

/* In the child: drop root, die with the parent, say everything to the log. */
static void
become_server(const struct passwd *user, const char *log)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);

	if (user != NULL &&
	    (setgid(user->pw_gid) < 0 || setuid(user->pw_uid) < 0))
		_exit(126);
	prctl(PR_SET_PDEATHSIG, SIGQUIT);
	if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0 || chdir("/") < 0)
		_exit(126);
}

static pid_t
spawn(const char **args)
{
	const struct passwd *user = other_user();
	char program[320];
	char log[96];
	pid_t pid;

	snprintf(program, sizeof(program), "%s/%s", server.bin, args[0]);
	snprintf(log, sizeof(log), "%s/log", server.dir);
	pid = fork();
	if (pid != 0)
		return pid;
	become_server(user, log);
	args[0] = program; /* where it looks for its siblings */
	execv(program, (char *const *)(uintptr_t)args);
	_exit(127);
}

static void
show_log(void)
{
	char line[512];
	FILE *f;

	snprintf(line, sizeof(line), "%s/log", server.dir);
	f = fopen(line, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		fprintf(stderr, "# %s", line);
	if (f != NULL)
		fclose(f);
}

static bool
make_directory(void)
{
	const struct passwd *user = other_user();

	strcpy(server.dir, "/tmp/ordmill-pg-XXXXXX");
	if (mkdtemp(server.dir) == NULL)
		return complain("mkdtemp");
	if (user != NULL && chown(server.dir, user->pw_uid, user->pw_gid) < 0)
		return complain("chown");
	return true;
}

static bool
make_cluster(const char *data)
{
	const char *args[] = { "initdb", "-D", data, "-U", "ordmill", "-A",
		"trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", NULL };
	pid_t pid = spawn(args);
	int status = -1;

	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0) {
		show_log();
		return complain("initdb");
	}
	return true;
}

/* Ask until it answers or has died. */
static bool
await_answer(void)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	struct om_err err;
	struct om_db *db;

	for (int i = 0; i < START_TRIES; i++) {
		if (om_db_open(server.url, OM_DB_READ, &db, &err) == 0) {
			om_db_close(&db);
			return true;
		}
		if (waitpid(server.pid, NULL, WNOHANG) == server.pid) {
			server.pid = 0;
			break;
		}
		nanosleep(&pause, NULL);
	}
	fprintf(stderr, "# %s\n", err.msg);
	show_log();
	return complain("start");
}

bool
pg_start(void)
{
	char data[80];
	const char *args[] = { "postgres", "-D", data, "-k", server.dir, "-c",
		"listen_addresses=", "-c", "fsync=off", "-c",
		"full_page_writes=off", "-c", "autovacuum=off", NULL };

	if (server.pid != 0)
		return true;
	if (!find_programs() || !make_directory())
		return false;
	atexit(pg_stop);
	snprintf(data, sizeof(data), "%s/data", server.dir);
	if (!make_cluster(data))
		return false;
	server.pid = spawn(args);
	snprintf(server.url, sizeof(server.url),
	    "postgresql://ordmill@/postgres?host=%s", server.dir);
	return server.pid > 0 ? await_answer() : complain("fork");
}

void
pg_stop(void)
{
	char command[128];

	if (server.pid > 0) {
		kill(server.pid, SIGQUIT);
		waitpid(server.pid, NULL, 0);
	}
	if (server.dir[0] != '\0') {
		snprintf(command, sizeof(command), "rm -rf '%s'", server.dir);
		if (system(command) != 0)
			complain("rm");
	}
	memset(&server, 0, sizeof(server));
}
