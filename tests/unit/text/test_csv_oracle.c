/* The scanner against libcsv on thousands of nasty inputs. */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "csv_oracle.h"

#define INPUTS	  20000
#define INPUT_MAX 64

/* Splitmix64: the same inputs everywhere. */
static uint64_t
draw(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void
agree(struct om_str in, size_t step)
{
	OM_AUTO(om_buf_fini) struct om_buf want;
	OM_AUTO(om_buf_fini) struct om_buf got;
	bool ok;

	om_buf_init(&want, 1 << 20);
	om_buf_init(&got, 1 << 20);
	ok = oracle_by_libcsv(in, ',', &want);
	if (oracle_by_scanner(in, ',', step, &got) != ok)
		fail_msg("libcsv %s '%.*s'", ok ? "takes" : "refuses",
		    OM_FMT(in));
	if (!om_str_eq(om_buf_view(&got), om_buf_view(&want)))
		fail_msg("'%.*s' gives\n%.*s, not\n%.*s", OM_FMT(in),
		    OM_FMT(om_buf_view(&got)), OM_FMT(om_buf_view(&want)));
}

/* Up to INPUT_MAX pieces of an alphabet, then a few long fields so that some
 * marks lie near the edges of 64-byte blocks. */
static void
torture(const char *const *alphabet, size_t letters, uint64_t seed)
{
	OM_AUTO(om_buf_fini) struct om_buf in;

	om_buf_init(&in, 1 << 20);
	for (int k = 0; k < INPUTS; k++) {
		uint64_t pieces = draw(&seed) % INPUT_MAX;

		om_buf_reset(&in);
		for (uint64_t i = 0; i < pieces; i++)
			om_buf_text(&in, alphabet[draw(&seed) % letters]);
		agree(om_buf_view(&in), 1 + draw(&seed) % 100);
	}
}

static void
random_quotes_and_line_ends_read_the_same(void **state)
{
	static const char *const alphabet[] = { "\"", ",", "\r", "\n", " ", "a",
		"b", "\xc3\xbc" };

	(void)state;
	torture(alphabet, OM_COUNT(alphabet), 1);
}

/* Whole fields: most of these are taken by libcsv. */
static void
random_well_formed_records_read_the_same(void **state)
{
	static const char *const alphabet[] = { ",", ",", "\r\n", "\n", "\r",
		"\n\n", "word,", ",\"\"", ",\"a\"\"b\"\n", ",\"x,\r\ny\",",
		"\n\"\"\"\"\n",
		"a field of more than sixty-four bytes, in which nothing at all "
		"happens,",
		"\n\"another long one, \"\"quoted\"\", so that its marks lie in "
		"some other block\"\r" };

	(void)state;
	torture(alphabet, OM_COUNT(alphabet), 2);
}

/* Such bytes are a problem to us and nothing to libcsv; the fields agree. */
static void
bytes_that_are_not_text_read_the_same(void **state)
{
	static const char *const alphabet[] = { ",", "\n", "a", "\xff", "\x80",
		"\xef\xbb", "b,\"c\xfe\"\n" };

	(void)state;
	torture(alphabet, OM_COUNT(alphabet), 3);
}

/* What the fuzzer begins with; what it finds it compares itself. */
static void
the_inputs_of_the_fuzzer_read_the_same(void **state)
{
	static const char folder[] = "tests/fuzz/csv";
	struct dirent *entry;
	DIR *dir = opendir(folder);
	int files = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		char path[512];
		char bytes[4096];
		size_t n;
		FILE *f;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		f = fopen(path, "rb");
		assert_non_null(f);
		n = fread(bytes, 1, sizeof(bytes), f);
		fclose(f);
		assert_true(n > 2 && n < sizeof(bytes));
		for (size_t step = 1; step <= 65; step += 32)
			agree((struct om_str){ bytes + 2, n - 2 }, step);
		files++;
	}
	closedir(dir);
	assert_true(files >= 5);
}

static void
libcsv_keeps_a_byte_order_mark(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf want;
	OM_AUTO(om_buf_fini) struct om_buf got;

	(void)state;
	om_buf_init(&want, 100);
	om_buf_init(&got, 100);
	assert_true(oracle_by_libcsv(OM_STR("\xef\xbb\xbf"
					    "a"),
	    ',', &want));
	assert_true(oracle_by_scanner(OM_STR("\xef\xbb\xbf"
					     "a"),
	    ',', 9, &got));
	assert_string_equal(want.p, "[\xef\xbb\xbf"
				    "a]\n");
	assert_string_equal(got.p, "[a]\n");
}

static void
single_records_split_as_in_the_scanner(void **state)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_csv_dialect semicolon = { .delimiter = ';' };
	const struct om_str *field = NULL;
	struct om_err err = { 0 };
	size_t n = 0;

	(void)state;
	assert_ok(om_csv_fields(&arena, OM_STR(" a ;\"b;\"\"\nc\";;\xff"),
	    &semicolon, &field, &n, &err));
	assert_int_equal(n, 4);
	assert_true(om_str_is(field[0], " a "));
	assert_true(om_str_is(field[1], "b;\"\nc"));
	assert_true(om_str_is(field[2], ""));
	assert_true(om_str_is(field[3], "\xff"));
}

static void
a_single_record_must_be_one_and_sound(void **state)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const struct om_str *field = NULL;
	struct om_err err = { 0 };
	size_t n = 0;
	static const char *const bad[] = { "a\"b", "\"a\"b", "\"a", "a\nb" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++)
		assert_fails(om_csv_fields(&arena, om_str_of(bad[i]),
				 &(struct om_csv_dialect){ 0 }, &field, &n,
				 &err),
		    OM_EDATA);
	assert_fails(om_csv_fields(&arena, OM_STR("a"),
			 &(struct om_csv_dialect){ .escape = '\\' }, &field, &n,
			 &err),
	    OM_EUSAGE);
}

static void
a_trailing_delimiter_counts_for_single_records_too(void **state)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_csv_dialect tbl = { .delimiter = '|',
		.quote = '\n',
		.trailing_delimiter = true };
	const struct om_str *field = NULL;
	struct om_err err = { 0 };
	size_t n = 0;

	(void)state;
	assert_ok(
	    om_csv_fields(&arena, OM_STR("1|\"x|"), &tbl, &field, &n, &err));
	assert_int_equal(n, 2);
	assert_true(om_str_is(field[1], "\"x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_quotes_and_line_ends_read_the_same),
		cmocka_unit_test(random_well_formed_records_read_the_same),
		cmocka_unit_test(bytes_that_are_not_text_read_the_same),
		cmocka_unit_test(the_inputs_of_the_fuzzer_read_the_same),
		cmocka_unit_test(libcsv_keeps_a_byte_order_mark),
		cmocka_unit_test(single_records_split_as_in_the_scanner),
		cmocka_unit_test(a_single_record_must_be_one_and_sound),
		cmocka_unit_test(
		    a_trailing_delimiter_counts_for_single_records_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
