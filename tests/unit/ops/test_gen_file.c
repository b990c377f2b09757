/* Numbers as text at their limits, and rows across the edge of a buffer. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/gen_file.h"

static const char *
terminated(char *end, char *text)
{
	*end = '\0';
	return text;
}

static void
digits_are_padded_and_never_cut(void **state)
{
	char b[64];

	(void)state;
	assert_string_equal(terminated(om_put_digits(b, 0, 1), b), "0");
	assert_string_equal(terminated(om_put_digits(b, 7, 3), b), "007");
	assert_string_equal(terminated(om_put_digits(b, 10, 1), b), "10");
	assert_string_equal(terminated(om_put_digits(b, 99, 2), b), "99");
	assert_string_equal(terminated(om_put_digits(b, 100, 2), b), "100");
	assert_string_equal(terminated(om_put_digits(b, UINT64_MAX, 1), b),
	    "18446744073709551615");
}

static void
amounts_have_all_their_places(void **state)
{
	char b[64];

	(void)state;
	assert_string_equal(terminated(om_put_amount(b, 0, 2), b), "0.00");
	assert_string_equal(terminated(om_put_amount(b, -5, 2), b), "-0.05");
	assert_string_equal(terminated(om_put_amount(b, 1234, 0), b), "1234");
	assert_string_equal(terminated(om_put_amount(b, 1234, 3), b), "1.234");
	assert_string_equal(terminated(om_put_amount(b, 12345, 4), b),
	    "1.2345");
	assert_string_equal(terminated(om_put_amount(b, INT64_MIN, 2), b),
	    "-92233720368547758.08");
}

static void
times_change_their_date_at_midnight(void **state)
{
	struct om_put_dates day = { 0 };
	char b[64];

	(void)state;
	assert_string_equal(terminated(om_put_time(b, 0, &day), b),
	    "1970-01-01T00:00:00Z");
	assert_string_equal(terminated(om_put_time(b, 1767225599, &day), b),
	    "2025-12-31T23:59:59Z");
	assert_string_equal(terminated(om_put_time(b, 1767225600, &day), b),
	    "2026-01-01T00:00:00Z");
	assert_string_equal(terminated(om_put_time(b, 1767229323, &day), b),
	    "2026-01-01T01:02:03Z");
}

static void
hex_has_sixteen_digits(void **state)
{
	char b[64];

	(void)state;
	assert_string_equal(terminated(om_put_hex64(b, 0xab), b),
	    "00000000000000ab");
	assert_string_equal(terminated(om_put_hex64(b, UINT64_MAX), b),
	    "ffffffffffffffff");
}

/* Rows of the greatest length, so many that the buffer fills several times. */
static void
write_rows(struct om_gen_file *f, int rows)
{
	struct om_err err = { 0 };

	for (int i = 0; i < rows; i++) {
		char *p = om_gen_file_row(f, &err);

		if (p == NULL) {
			fail_msg("%s", err.msg);
			return;
		}
		memset(p, 'a' + i % 26, OM_GEN_ROW_MAX - 1);
		p[OM_GEN_ROW_MAX - 1] = '\n';
		om_gen_file_end(f, p + OM_GEN_ROW_MAX);
	}
}

static void
rows_survive_the_edge_of_the_buffer(void **state)
{
	char dir[] = "/tmp/om-gen-XXXXXX";
	char path[64];
	char sha[OM_SHA256_HEX];
	char dry_sha[OM_SHA256_HEX];
	struct om_gen_file f OM_AUTO(om_gen_file_close) = { 0 };
	struct om_gen_file dry OM_AUTO(om_gen_file_close) = { 0 };
	struct om_err err = { 0 };
	FILE *in;
	long size;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/rows", dir);
	assert_ok(om_gen_file_open(&f, dir, "rows", false, &err));
	write_rows(&f, 2500);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_ok(om_gen_file_commit(&f, sha, &err));
	assert_int_equal(f.rows, 2500);
	assert_int_equal(f.bytes, 2500 * OM_GEN_ROW_MAX);

	in = fopen(path, "r");
	assert_non_null(in);
	for (int i = 0; i < 2500; i++) {
		char row[OM_GEN_ROW_MAX];

		assert_int_equal(fread(row, 1, sizeof(row), in), sizeof(row));
		assert_int_equal(row[0], 'a' + i % 26);
		assert_int_equal(row[OM_GEN_ROW_MAX - 2], 'a' + i % 26);
	}
	size = ftell(in);
	fclose(in);
	assert_int_equal(size, 2500 * OM_GEN_ROW_MAX);

	assert_ok(om_gen_file_open(&dry, dir, "none", true, &err));
	write_rows(&dry, 2500);
	assert_ok(om_gen_file_commit(&dry, dry_sha, &err));
	assert_string_equal(sha, dry_sha);
	unlink(path);
	assert_int_equal(rmdir(dir), 0); /* the dry one left nothing */
}

static void
a_file_closed_uncommitted_never_appears(void **state)
{
	char dir[] = "/tmp/om-gen-XXXXXX";
	struct om_gen_file f = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_ok(om_gen_file_open(&f, dir, "rows", false, &err));
	write_rows(&f, 3000);
	om_gen_file_close(&f);
	om_gen_file_close(&f);
	assert_int_equal(rmdir(dir), 0);
}

static void
a_path_that_is_too_long_is_refused(void **state)
{
	struct om_gen_file f OM_AUTO(om_gen_file_close) = { 0 };
	struct om_err err = { 0 };
	char dir[5000];

	(void)state;
	memset(dir, 'd', sizeof(dir) - 1);
	dir[sizeof(dir) - 1] = '\0';
	assert_fails(om_gen_file_open(&f, dir, "rows", false, &err), OM_EUSAGE);
	assert_string_equal(err.msg, "path of 'rows' is too long");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_are_padded_and_never_cut),
		cmocka_unit_test(amounts_have_all_their_places),
		cmocka_unit_test(times_change_their_date_at_midnight),
		cmocka_unit_test(hex_has_sixteen_digits),
		cmocka_unit_test(rows_survive_the_edge_of_the_buffer),
		cmocka_unit_test(a_file_closed_uncommitted_never_appears),
		cmocka_unit_test(a_path_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
