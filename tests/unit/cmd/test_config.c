/* test_config.c - which file has the last word. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/config.h"

/* A folder of its own for each test: system/, system/conf.d/, user/. */
struct world {
	char root[64];
	char system[96];
	char user[96];
	struct om_arena arena;
	struct om_config config;
	struct om_err err;
};

static void
put(const struct world *w, const char *name, const char *text)
{
	char path[192];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", w->root, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int
make_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char path[192];

	assert_non_null(w);
	strcpy(w->root, "/tmp/ordmill-config-XXXXXX");
	assert_non_null(mkdtemp(w->root));
	snprintf(w->system, sizeof(w->system), "%s/system", w->root);
	snprintf(w->user, sizeof(w->user), "%s/user", w->root);
	snprintf(path, sizeof(path), "%s/conf.d", w->system);
	assert_int_equal(mkdir(w->system, 0700), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(mkdir(w->user, 0700), 0);
	*state = w;
	return 0;
}

static int
end_world(void **state)
{
	static const char *const names[] = { "system/ordmill.yaml",
		"system/conf.d/10.yaml", "system/conf.d/20.yaml",
		"system/conf.d/note.txt", "system/conf.d", "system",
		"user/ordmill.yaml", "user", "named.yaml", "" };
	struct world *w = *state;
	char path[192];

	for (size_t i = 0; i < OM_COUNT(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", w->root, names[i]);
		(void)remove(path);
	}
	om_arena_clear(&w->arena);
	free(w);
	return 0;
}

static int
read_all(struct world *w)
{
	const struct om_config_places p = { NULL, w->system, w->user };

	return om_config_read(&p, &w->arena, &w->config, &w->err);
}

static void
is_set(struct world *w, const char *key, const char *value)
{
	struct om_setting s;

	om_config_setting(&w->config, key, &w->arena, &s);
	if (value == NULL)
		assert_null(s.value);
	else
		assert_string_equal(s.value, value);
}

static void
nothing_anywhere_is_no_error(void **state)
{
	struct world *w = *state;

	assert_int_equal(read_all(w), 0);
	assert_int_equal(w->config.count, 0);
	is_set(w, "store", NULL);
}

static void
the_user_overrides_the_system_and_later_files_earlier_ones(void **state)
{
	struct world *w = *state;

	put(w, "system/ordmill.yaml", "store: /a\nkey: /ka\n");
	assert_int_equal(read_all(w), 0);
	is_set(w, "store", "/a");
	put(w, "system/conf.d/20.yaml", "store: /c\n");
	put(w, "system/conf.d/10.yaml", "store: /b\nkey: /kb\n");
	put(w, "system/conf.d/note.txt", "not: read\n");
	assert_int_equal(read_all(w), 0);
	is_set(w, "store", "/c");
	is_set(w, "key", "/kb");
	put(w, "user/ordmill.yaml", "store: /d\n");
	assert_int_equal(read_all(w), 0);
	is_set(w, "store", "/d");
	is_set(w, "key", "/kb");
	assert_int_equal(w->config.count, 4);
}

static void
a_named_file_stands_alone(void **state)
{
	struct world *w = *state;
	char path[192];
	const struct om_config_places p = { path, w->system, w->user };

	snprintf(path, sizeof(path), "%s/named.yaml", w->root);
	put(w, "system/ordmill.yaml", "store: /a\n");
	put(w, "named.yaml", "key: /k\n");
	assert_int_equal(om_config_read(&p, &w->arena, &w->config, &w->err), 0);
	assert_int_equal(w->config.count, 1);
	is_set(w, "store", NULL);
	is_set(w, "key", "/k");
}

static void
a_named_file_must_be_there(void **state)
{
	struct world *w = *state;
	const struct om_config_places p = { .named = "/no/such.yaml" };

	assert_int_equal(om_config_read(&p, &w->arena, &w->config, &w->err),
	    OM_EUSAGE);
}

static void
relative_paths_start_from_their_file(void **state)
{
	struct world *w = *state;
	char want[192];

	put(w, "user/ordmill.yaml", "store: shop\nkey: k/sign.key\n");
	assert_int_equal(read_all(w), 0);
	snprintf(want, sizeof(want), "%s/shop", w->user);
	is_set(w, "store", want);
	put(w, "user/ordmill.yaml", "store: postgresql://db/shop\n");
	assert_int_equal(read_all(w), 0);
	is_set(w, "store", "postgresql://db/shop");
}

static void
the_strongest_block_of_a_feed_is_found(void **state)
{
	struct world *w = *state;
	const struct om_config_file *file = NULL;
	const struct om_yaml *block;

	put(w, "system/ordmill.yaml",
	    "feeds:\n  a: {format: csv}\n  b: {format: tsv}\n");
	put(w, "user/ordmill.yaml", "feeds:\n  a: {format: psv}\n");
	assert_int_equal(read_all(w), 0);
	block = om_config_feed(&w->config, "a", &file);
	assert_non_null(block);
	assert_true(om_str_is(om_yaml_get(block, "format")->text, "psv"));
	assert_ptr_equal(file, &w->config.file[1]);
	block = om_config_feed(&w->config, "b", &file);
	assert_non_null(block);
	assert_ptr_equal(file, &w->config.file[0]);
	assert_null(om_config_feed(&w->config, "c", &file));
}

static void
refuses(struct world *w, const char *text, const char *message)
{
	char want[256];

	put(w, "user/ordmill.yaml", text);
	assert_int_equal(read_all(w), OM_EUSAGE);
	snprintf(want, sizeof(want), "%s/ordmill.yaml:%s", w->user, message);
	assert_string_equal(w->err.msg, want);
}

static void
what_nobody_understands_is_refused_at_its_place(void **state)
{
	struct world *w = *state;

	refuses(w, "key: /k\nstor: /a\n",
	    "2:1: unknown key 'stor'; did you mean 'store'?");
	refuses(w, "elephant: 1\n", "1:1: unknown key 'elephant'");
	refuses(w, "store: [a, b]\n", "1:1: plain text is wanted for 'store'");
	refuses(w, "feeds: acme\n",
	    "1:1: a map of feeds is wanted for 'feeds'");
	refuses(w, "- store\n", "1:1: a map is wanted");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_world, end_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_anywhere_is_no_error),
		TEST(
		    the_user_overrides_the_system_and_later_files_earlier_ones),
		TEST(a_named_file_stands_alone),
		TEST(a_named_file_must_be_there),
		TEST(relative_paths_start_from_their_file),
		TEST(the_strongest_block_of_a_feed_is_found),
		TEST(what_nobody_understands_is_refused_at_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
