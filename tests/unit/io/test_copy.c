/* Copies have every byte, replace what was there, and say what went wrong. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/copy.h"

static char dir[] = "/tmp/om-copy-XXXXXX";

static const char *
path(const char *name)
{
	static char text[2][64];
	static unsigned turn;
	char *p = text[turn++ % 2];

	snprintf(p, sizeof(text[0]), "%s/%s", dir, name);
	return p;
}

static void
put(const char *name, size_t n)
{
	FILE *f = fopen(path(name), "w");

	assert_non_null(f);
	for (size_t i = 0; i < n; i++)
		fputc((int)(i * 31 % 251), f);
	assert_int_equal(fclose(f), 0);
}

static void
is_like(const char *name, size_t n)
{
	FILE *f = fopen(path(name), "r");
	size_t got = 0;
	int c;

	assert_non_null(f);
	while ((c = fgetc(f)) != EOF) {
		assert_int_equal(c, (int)(got * 31 % 251));
		got++;
	}
	fclose(f);
	assert_int_equal(got, n);
}

static void
every_byte_is_there(void **state)
{
	static const size_t sizes[] = { 0, 1, 4096, 65536, 65537, 3000001 };
	struct om_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		put("from", sizes[i]);
		assert_ok(om_copy_file(path("from"), path("to"), &err));
		is_like("to", sizes[i]);
	}
	put("from", 5); /* a shorter one, over the last */
	assert_ok(om_copy_file(path("from"), path("to"), &err));
	is_like("to", 5);
}

static void
a_file_of_another_file_system_is_copied_too(void **state)
{
	char shm[] = "/dev/shm/om-copy-XXXXXX";
	struct om_err err = { 0 };
	int fd = mkstemp(shm);

	(void)state;
	if (fd < 0)
		skip();
	close(fd);
	put("from", 100000);
	assert_ok(om_copy_file(path("from"), shm, &err));
	assert_ok(om_copy_file(shm, path("to"), &err));
	is_like("to", 100000);
	unlink(shm);
}

static void
a_private_file_stays_private(void **state)
{
	struct om_err err = { 0 };
	struct stat st;

	(void)state;
	put("from", 3);
	assert_int_equal(chmod(path("from"), 0600), 0);
	unlink(path("to"));
	assert_ok(om_copy_file(path("from"), path("to"), &err));
	assert_int_equal(stat(path("to"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
what_went_wrong_is_said(void **state)
{
	struct om_err err = { 0 };

	(void)state;
	assert_fails(om_copy_file(path("none"), path("to"), &err), OM_ENOENT);
	assert_non_null(strstr(err.msg, "/none': No such file"));
	put("from", 10);
	assert_fails(om_copy_file(path("from"), path("no/to"), &err),
	    OM_EOUTPUT);
	assert_non_null(strstr(err.msg, "cannot write"));
	if (access("/dev/full", W_OK) == 0)
		assert_fails(om_copy_file(path("from"), "/dev/full", &err),
		    OM_EOUTPUT);
}

static int
set(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
clear(void **state)
{
	(void)state;
	unlink(path("from"));
	unlink(path("to"));
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_there),
		cmocka_unit_test(a_file_of_another_file_system_is_copied_too),
		cmocka_unit_test(a_private_file_stays_private),
		cmocka_unit_test(what_went_wrong_is_said),
	};

	return cmocka_run_group_tests(tests, set, clear);
}
