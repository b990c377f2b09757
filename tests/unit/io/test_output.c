/* Files appear whole or not at all; standard output tells the truth. */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/output.h"

struct fixture {
	char dir[32];
	char path[64];
	char link[64];
};

static int
make_dir(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	strcpy(f->dir, "/tmp/om-output-XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		return -1;
	snprintf(f->path, sizeof(f->path), "%s/out", f->dir);
	snprintf(f->link, sizeof(f->link), "%s/link", f->dir);
	*state = f;
	return 0;
}

static int
drop_dir(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	unlink(f->link);
	rmdir(f->dir);
	free(f);
	return 0;
}

static size_t
entries(const char *dir)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2; /* . and .. */
}

static void
holds(const char *path, const char *want)
{
	char text[64] = { 0 };
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	(void)!fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	assert_string_equal(text, want);
}

static void
put(const char *path, const char *text)
{
	OM_AUTO(om_output_end) struct om_output out = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_output_open(path, &out, &err));
	fputs(text, out.f);
	assert_ok(om_output_commit(&out, &err));
}

static void
a_file_appears_at_commit_only(void **state)
{
	struct fixture *f = *state;
	struct om_output out = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_output_open(f->path, &out, &err));
	fputs("text\n", out.f);
	assert_int_equal(access(f->path, F_OK), -1);
	assert_ok(om_output_commit(&out, &err));
	holds(f->path, "text\n");
	om_output_end(&out);
	om_output_end(&out);
	holds(f->path, "text\n");
	assert_int_equal(entries(f->dir), 1);
}

static void
without_a_commit_the_old_file_stays(void **state)
{
	struct fixture *f = *state;
	struct om_output out = { 0 };
	struct om_err err = { 0 };

	put(f->path, "old");
	assert_ok(om_output_open(f->path, &out, &err));
	fputs("new", out.f);
	fflush(out.f);
	assert_int_equal(entries(f->dir), 2);
	om_output_end(&out);
	holds(f->path, "old");
	assert_int_equal(entries(f->dir), 1);
}

static void
a_replaced_file_keeps_its_mode(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	mode_t mask = umask(027);

	put(f->path, "old");
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(chmod(f->path, 0606), 0);
	put(f->path, "new");
	umask(mask);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0606);
	holds(f->path, "new");
}

static void
a_symbolic_link_stays_one(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	put(f->path, "old");
	assert_int_equal(symlink("out", f->link), 0);
	put(f->link, "new");
	holds(f->path, "new");
	assert_int_equal(lstat(f->link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void
a_device_is_written_straight_to(void **state)
{
	struct fixture *f = *state;
	OM_AUTO(om_output_end) struct om_output out = { 0 };
	struct om_err err = { 0 };
	struct stat st;

	(void)f;
	put("/dev/null", "gone");
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_ok(om_output_open("/dev/full", &out, &err));
	fputs("x", out.f);
	assert_fails(om_output_commit(&out, &err), OM_EOUTPUT);
	assert_string_equal(err.msg,
	    "cannot write '/dev/full': No space left on device");
	assert_false(out.broken_pipe);
}

static void
what_cannot_be_created_is_refused_at_once(void **state)
{
	struct fixture *f = *state;
	struct om_output out = { 0 };
	struct om_err err = { 0 };
	char path[80];
	char want[160];

	assert_fails(om_output_open(f->dir, &out, &err), OM_EOUTPUT);
	snprintf(want, sizeof(want), "'%s' is a directory", f->dir);
	assert_string_equal(err.msg, want);
	snprintf(path, sizeof(path), "%s/no/out", f->dir);
	assert_fails(om_output_open(path, &out, &err), OM_EOUTPUT);
	snprintf(want, sizeof(want),
	    "cannot create '%s': No such file or directory", path);
	assert_string_equal(err.msg, want);
	assert_null(out.f);
}

/* Commit text on a standard output that is fd. */
static int
print_to(int fd, size_t n, bool *out_broken, struct om_err *err)
{
	OM_AUTO(om_output_end) struct om_output out = { 0 };
	int saved = dup(STDOUT_FILENO);
	int null = open("/dev/null", O_WRONLY);
	int rc;

	fflush(stdout);
	assert_true(saved >= 0);
	assert_true(dup2(fd, STDOUT_FILENO) >= 0);
	assert_int_equal(om_output_open(NULL, &out, err), 0);
	for (size_t i = 0; i < n; i++)
		putc('x', out.f);
	rc = om_output_commit(&out, err);
	*out_broken = out.broken_pipe;
	/* What could not be written must not come out later. */
	(void)dup2(null, STDOUT_FILENO);
	(void)fflush(stdout);
	clearerr(stdout);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	close(null);
	return rc;
}

static void
a_full_standard_output_is_an_error(void **state)
{
	int fd = open("/dev/full", O_WRONLY);
	bool broken = true;

	(void)state;
	for (size_t n = 1; n <= 100000; n += 99999) {
		struct om_err err = { 0 };

		assert_fails(print_to(fd, n, &broken, &err), OM_EOUTPUT);
		assert_string_equal(err.msg, "cannot write 'standard output': "
					     "No space left on device");
		assert_false(broken);
	}
	close(fd);
}

static void
a_pipe_that_nobody_reads_is_told_apart(void **state)
{
	int fd[2];
	bool broken = false;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	close(fd[0]);
	signal(SIGPIPE, SIG_IGN);
	for (size_t n = 1; n <= 100000; n += 99999) {
		struct om_err err = { 0 };

		assert_fails(print_to(fd[1], n, &broken, &err), OM_EOUTPUT);
		assert_true(broken);
	}
	close(fd[1]);
}

static void
a_pipe_that_somebody_reads_works(void **state)
{
	struct om_err err = { 0 };
	char text[8] = { 0 };
	bool broken = true;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_ok(print_to(fd[1], 3, &broken, &err));
	assert_false(broken);
	assert_int_equal(read(fd[0], text, sizeof(text)), 3);
	assert_string_equal(text, "xxx");
	close(fd[0]);
	close(fd[1]);
}

static void
replace_writes_a_file_at_once(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct stat st;
	char path[80];

	assert_ok(om_file_replace(f->path, "key", 3, 0600, &err));
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_ok(om_file_replace(f->path, NULL, 0, 0600, &err));
	holds(f->path, "");
	assert_int_equal(entries(f->dir), 1);
	snprintf(path, sizeof(path), "%s/no/out", f->dir);
	assert_fails(om_file_replace(path, "x", 1, 0600, &err), OM_EOUTPUT);
	assert_fails(om_file_replace(f->dir, "x", 1, 0600, &err), OM_EOUTPUT);
	assert_int_equal(entries(f->dir), 1);
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, drop_dir)
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_appears_at_commit_only),
		TEST(without_a_commit_the_old_file_stays),
		TEST(a_replaced_file_keeps_its_mode),
		TEST(a_symbolic_link_stays_one),
		TEST(a_device_is_written_straight_to),
		TEST(what_cannot_be_created_is_refused_at_once),
		cmocka_unit_test(a_full_standard_output_is_an_error),
		cmocka_unit_test(a_pipe_that_nobody_reads_is_told_apart),
		cmocka_unit_test(a_pipe_that_somebody_reads_works),
		TEST(replace_writes_a_file_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
