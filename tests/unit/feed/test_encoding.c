/* Files in other encodings are read like those in UTF-8. */
#include "scene.h"

#define MAP                                                                    \
	"channel: shop\nencoding: %s\nskip: %d\n"                              \
	"columns: {reference: Ref, currency: Cur, total: Sum, "                \
	"customer: K\xc3\xa4ufer}\n"

static int
map(struct scene *s, const char *encoding, int skip)
{
	char text[256];

	snprintf(text, sizeof(text), MAP, encoding, skip);
	return scene_map(s, text);
}

static int
read_bytes(struct scene *s, const void *bytes, size_t n)
{
	scene_write(s->file[0], bytes, n);
	return scene_paths(s, s->file[0], NULL, (size_t)1 << 20);
}

static void
columns_and_cells_are_found_in_latin1(void **state)
{
	struct scene *s = *state;

	assert_ok(map(s, "latin1", 1));
	assert_ok(scene_read(s,
	    "\xe4 line\nRef,Cur,Sum,K\xe4ufer\n1,EUR,1.00,J\xfcrgen\n"
	    "2,EUR,x,\xfc\n",
	    NULL));
	assert_true(scene_is(scene_order(s, 0)->customer, "J\xc3\xbcrgen"));
	assert_int_equal(scene_order(s, 0)->at.offset, 26);
	scene_reject(s, 1, 4, "Sum", "bad amount 'x'");
	assert_int_equal(s->item[1].reject.at.offset, 44);
}

static void
rejects_keep_text_that_can_be_read_again(void **state)
{
	struct scene *s = *state;
	char file[256];
	struct om_str row;
	struct om_str head;
	int n;

	assert_ok(map(s, "latin1", 1));
	assert_ok(scene_read(s,
	    "\xe4 line\nRef,Cur,Sum,K\xe4ufer\n2,EUR,x,\xfc\n", NULL));
	row = s->item[0].reject.rows[0].bytes;
	assert_true(scene_is(row, "2,EUR,x,\xc3\xbc"));
	head = om_reader_header(s->reader, 0);
	assert_true(scene_is(head, "\xef\xbb\xbf\xc3\xa4 line\n"
				   "Ref,Cur,Sum,K\xc3\xa4ufer"));
	n = snprintf(file, sizeof(file), "%.*s\n%.*s\n", OM_FMT(head),
	    OM_FMT(row));
	*strstr(file, ",x,") = ',';
	file[strcspn(file, "x")] = '7';
	assert_ok(read_bytes(s, file, (size_t)n));
	assert_true(scene_is(scene_order(s, 0)->customer, "\xc3\xbc"));
}

static void
a_bad_character_is_a_reject_of_its_encoding(void **state)
{
	struct scene *s = *state;
	static const char wide[] = "\xff\xfeR\0,\0T\0\n\0"
				   "1\0,\0\x00\xd8\n\0";

	assert_ok(map(s, "windows-1252", 0));
	assert_ok(
	    scene_read(s, "Ref,Cur,Sum,K\xe4ufer\n1,EUR,1,a\x81\n", NULL));
	scene_reject(s, 0, 2, "K\xc3\xa4ufer", "not windows-1252");
	assert_int_equal(s->item[0].reject.at.offset, 28);
	assert_ok(scene_map(s, "channel: shop\ncurrency: EUR\n"
			       "columns: {reference: R, total: T}\n"));
	assert_ok(read_bytes(s, wide, sizeof(wide) - 1));
	scene_reject(s, 0, 2, "T", "not UTF-16");
	assert_int_equal(s->item[0].reject.at.offset, 14);
}

static void
utf16_must_say_so(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_fails(read_bytes(s, "r\0e\0f\0\n\0", 8), OM_EDATA);
	assert_non_null(strstr(err.msg,
	    "a.csv: looks like UTF-16 without a byte order mark: say "
	    "'encoding: utf-16le' in the feed"));
	assert_fails(map(s, "utf16", 0), OM_EUSAGE);
	assert_non_null(
	    strstr(err.msg, "unknown word 'utf16', did you mean 'utf-16'"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(columns_and_cells_are_found_in_latin1),
		TEST(rejects_keep_text_that_can_be_read_again),
		TEST(a_bad_character_is_a_reject_of_its_encoding),
		TEST(utf16_must_say_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
