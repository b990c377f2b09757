/* Which file system a path is on, and a machine that says what it is. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "ops/machine.h"

/* Fields as proc(5) has them, with and without optional ones. */
static const char table[] =
    "22 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw\n"
    "23 22 0:21 / /proc rw - proc proc rw\n"
    "24 22 0:22 / /data rw,relatime - xfs /dev/vdb rw\n"
    "25 24 0:23 /sub /data/my\\040disk rw - btrfs /dev/vdc rw,subvol=/sub\n"
    "26 24 0:24 / /data/hot rw - tmpfs tmpfs rw\n"
    "27 26 0:25 / /data/hot rw - ext4 /dev/vdd rw\n"
    "a line that is none\n"
    "28 too - short\n";

static const char *
type_of(const char *path, char out[OM_MOUNT_TYPE_MAX])
{
	FILE *f = tmpfile();
	bool found;

	assert_non_null(f);
	assert_true(fputs(table, f) >= 0);
	rewind(f);
	found = om_mount_type(f, path, out);
	fclose(f);
	return found ? out : NULL;
}

static void
the_longest_mount_point_counts(void **state)
{
	char type[OM_MOUNT_TYPE_MAX];

	(void)state;
	assert_string_equal(type_of("/", type), "ext4");
	assert_string_equal(type_of("/home/x", type), "ext4");
	assert_string_equal(type_of("/data", type), "xfs");
	assert_string_equal(type_of("/data/x/y", type), "xfs");
	assert_string_equal(type_of("/proc/self", type), "proc");
}

static void
a_name_that_only_begins_alike_is_another(void **state)
{
	char type[OM_MOUNT_TYPE_MAX];

	(void)state;
	assert_string_equal(type_of("/database", type), "ext4");
}

static void
a_blank_in_a_mount_point_is_read(void **state)
{
	char type[OM_MOUNT_TYPE_MAX];

	(void)state;
	assert_string_equal(type_of("/data/my disk/x", type), "btrfs");
	assert_string_equal(type_of("/data/my", type), "xfs");
}

static void
what_was_mounted_last_counts(void **state)
{
	char type[OM_MOUNT_TYPE_MAX];

	(void)state;
	assert_string_equal(type_of("/data/hot", type), "ext4");
}

static void
what_is_on_no_file_system_is_not_found(void **state)
{
	char type[OM_MOUNT_TYPE_MAX];

	(void)state;
	assert_null(type_of("relative", type));
}

static void
this_machine_has_processors_and_memory(void **state)
{
	struct om_machine m;

	(void)state;
	om_machine_read("/", &m);
	assert_true(m.processors >= 1);
	assert_true(m.memory_bytes > 0);
	assert_string_not_equal(m.system, "unknown");
	assert_string_not_equal(m.system, "");
}

static void
what_is_not_there_is_unknown(void **state)
{
	struct om_machine m;

	(void)state;
	om_machine_read("/no/such/directory", &m);
	assert_string_equal(m.file_system, "unknown");
	assert_false(m.in_memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_mount_point_counts),
		cmocka_unit_test(a_name_that_only_begins_alike_is_another),
		cmocka_unit_test(a_blank_in_a_mount_point_is_read),
		cmocka_unit_test(what_was_mounted_last_counts),
		cmocka_unit_test(what_is_on_no_file_system_is_not_found),
		cmocka_unit_test(this_machine_has_processors_and_memory),
		cmocka_unit_test(what_is_not_there_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
