/* A directory of our own goes with all that is in it, and nothing else. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/tree.h"

#define PARENT "/tmp/om-tree-XXXXXX"

static void
write_file(const char *dir, const char *name, size_t n)
{
	char path[2 * OM_TREE_PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(fputc('x', f), 'x');
	assert_int_equal(fclose(f), 0);
}

static void
make_below(const char *dir, const char *name)
{
	char path[2 * OM_TREE_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
a_tree_goes_with_all_that_is_in_it(void **state)
{
	char parent[] = PARENT;
	char dir[OM_TREE_PATH_MAX];
	struct om_err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(parent));
	assert_ok(om_tree_make(parent, dir, &err));
	assert_memory_equal(dir, parent, strlen(parent));
	make_below(dir, "a");
	make_below(dir, "a/b");
	write_file(dir, "a/b/file", 10);
	write_file(dir, ".hidden", 10);
	assert_ok(om_tree_remove(dir, &err));
	assert_int_equal(rmdir(parent), 0); /* so it was empty */
}

static void
only_its_owner_may_enter(void **state)
{
	char dir[OM_TREE_PATH_MAX];
	struct om_err err = { 0 };
	struct stat st;

	(void)state;
	assert_ok(om_tree_make("/tmp", dir, &err));
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_ok(om_tree_remove(dir, &err));
}

static void
what_a_link_leads_to_stays(void **state)
{
	char kept[] = PARENT;
	char dir[OM_TREE_PATH_MAX];
	char link[OM_TREE_PATH_MAX + 8];
	struct om_err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(kept));
	write_file(kept, "file", 1);
	assert_ok(om_tree_make("/tmp", dir, &err));
	snprintf(link, sizeof(link), "%s/link", dir);
	assert_int_equal(symlink(kept, link), 0);
	assert_ok(om_tree_remove(dir, &err));
	assert_int_equal(rmdir(kept), -1); /* not empty */
	assert_ok(om_tree_remove(kept, &err));
}

static void
what_is_gone_already_is_no_failure(void **state)
{
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_tree_remove("/tmp/om-no-such-tree", &err));
}

static void
its_files_are_weighed(void **state)
{
	char dir[OM_TREE_PATH_MAX];
	struct om_err err = { 0 };
	int64_t empty = -1;
	int64_t full = -1;

	(void)state;
	assert_ok(om_tree_make("/tmp", dir, &err));
	make_below(dir, "a");
	assert_ok(om_tree_bytes(dir, &empty, &err));
	write_file(dir, "a/file", 100000);
	assert_ok(om_tree_bytes(dir, &full, &err));
	assert_true(full - empty >= 100000);
	assert_true(full - empty < 200000);
	assert_ok(om_tree_remove(dir, &err));
	assert_fails(om_tree_bytes(dir, &full, &err), OM_EIO);
}

static void
the_parent_must_be_there_and_its_name_fit(void **state)
{
	char path[OM_TREE_PATH_MAX + 1] = { 0 };
	char dir[OM_TREE_PATH_MAX] = "kept";
	struct om_err err = { 0 };

	(void)state;
	assert_fails(om_tree_make("/nowhere", dir, &err), OM_ENOENT);
	assert_string_equal(err.msg,
	    "make a directory in '/nowhere': No such file or directory");
	memset(path, '/', OM_TREE_PATH_MAX - sizeof("/ordmill-XXXXXX"));
	memcpy(path, "/tmp", 4);
	assert_ok(om_tree_make(path, dir, &err));
	assert_ok(om_tree_remove(dir, &err));
	strcat(path, "//");
	assert_fails(om_tree_make(path, dir, &err), OM_ELIMIT);
}

static void
the_environment_says_where(void **state)
{
	char parent[] = PARENT;
	char dir[OM_TREE_PATH_MAX];
	struct om_err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(parent));
	assert_int_equal(setenv("TMPDIR", parent, 1), 0);
	assert_ok(om_tree_make(NULL, dir, &err));
	assert_memory_equal(dir, parent, strlen(parent));
	assert_ok(om_tree_remove(parent, &err));
	assert_int_equal(unsetenv("TMPDIR"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_goes_with_all_that_is_in_it),
		cmocka_unit_test(only_its_owner_may_enter),
		cmocka_unit_test(what_a_link_leads_to_stays),
		cmocka_unit_test(what_is_gone_already_is_no_failure),
		cmocka_unit_test(its_files_are_weighed),
		cmocka_unit_test(the_parent_must_be_there_and_its_name_fit),
		cmocka_unit_test(the_environment_says_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
