/* What a file's first line decides, and what becomes of its rows. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "recon/file.h"

struct fixture {
	char path[32];
	struct om_buf out;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int fd;

	if (f == NULL)
		return -1;
	strcpy(f->path, "/tmp/om-file-XXXXXX");
	fd = mkstemp(f->path);
	if (fd < 0)
		return -1;
	close(fd);
	om_buf_init(&f->out, 1 << 20);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	om_buf_fini(&f->out);
	free(f);
	return 0;
}

static void
put(const struct fixture *f, const char *text, size_t n)
{
	FILE *to = fopen(f->path, "wb");

	assert_non_null(to);
	assert_int_equal(fwrite(text, 1, n, to), n);
	assert_int_equal(fclose(to), 0);
}

static void
add_row(struct om_buf *out, const struct om_rec_record *r)
{
	om_buf_printf(out, "%d:", (int)r->line);
	for (size_t i = 0; i < r->count; i++)
		om_buf_printf(out, "%s%.*s", i == 0 ? "" : "~",
		    OM_FMT(r->cell[i]));
	if (r->problem != NULL)
		om_buf_printf(out, " (%s)", r->problem);
	om_buf_char(out, '\n');
}

/* Names and rows, cells joined by '~'. */
static const char *
contents(struct fixture *f, const char *text)
{
	OM_AUTO(om_rec_file_close) struct om_rec_file *file = NULL;
	const struct om_rec_input *in;
	struct om_err err = { 0 };
	struct om_rec_record r;
	int rc;

	put(f, text, strlen(text));
	om_buf_reset(&f->out);
	assert_ok(om_rec_file_open(f->path, &file, &err));
	in = om_rec_file_input(file);
	for (size_t i = 0; i < in->column_count; i++)
		om_buf_printf(&f->out, "%s%s", i == 0 ? "" : "~",
		    in->columns[i]);
	om_buf_char(&f->out, '\n');
	while ((rc = in->next(in->arg, &r, &err)) > 0)
		add_row(&f->out, &r);
	assert_ok(rc);
	assert_int_equal(in->origin->bytes, strlen(text));
	assert_int_equal(strlen(in->origin->sha256), 64);
	return om_buf_view(&f->out).p;
}

static void
the_most_frequent_delimiter_of_the_header_wins(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(contents(f, "a,b\n1,2\n"), "a~b\n2:1~2\n");
	assert_string_equal(contents(f, "a\tb,c\td\n1\t2,3\t4\n"),
	    "a~b,c~d\n2:1~2,3~4\n");
	assert_string_equal(contents(f, "a|b|c\n1|2,|3\n"),
	    "a~b~c\n2:1~2,~3\n");
	assert_string_equal(contents(f, "a;b\n1,5;2,5\n"), "a~b\n2:1,5~2,5\n");
	assert_string_equal(contents(f, "\"a;;;;b\",c\n1,2\n"),
	    "a;;;;b~c\n2:1~2\n");
	assert_string_equal(contents(f, "one\n1,2\n"), "one\n2:1~2\n");
}

static void
a_bar_at_the_end_ends_the_last_field(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(contents(f, "a|b|\n1|2|\n"), "a~b\n2:1~2\n");
	assert_string_equal(contents(f, "a,b,\n1,2,3\n"), "a~b~\n2:1~2~3\n");
}

static void
names_lose_blanks_around_them_and_cells_keep_theirs(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(contents(f, "\xef\xbb\xbf a , b\r\n 1 ,2\r\n"),
	    "a~b\n2: 1 ~2\n");
}

static void
blank_lines_count_as_lines_but_not_as_rows(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(contents(f, "\n\na,b\n\n1,2\n\n3,4"),
	    "a~b\n5:1~2\n7:3~4\n");
}

static void
a_bad_row_comes_with_its_problem(void **state)
{
	struct fixture *f = *state;
	const char *got = contents(f, "a,b\n\"1\"x,2\n3,4\n");

	assert_non_null(strstr(got, "2:"));
	assert_non_null(strstr(got, " ("));
	assert_non_null(strstr(got, "\n3:3~4\n"));
}

static void
a_header_longer_than_the_first_look_is_read_whole(void **state)
{
	struct fixture *f = *state;
	OM_AUTO(om_buf_fini) struct om_buf text;
	char want[64];

	om_buf_init(&text, 1 << 20);
	om_buf_text(&text, "first,");
	while (text.n < OM_REC_HEADER_MAX + 10)
		om_buf_char(&text, 'x');
	om_buf_text(&text, ",last\n1,2,3\n");
	snprintf(want, sizeof(want), "~last\n2:1~2~3\n");
	assert_non_null(strstr(contents(f, text.p), want));
}

static void
without_a_header_there_is_nothing_to_compare(void **state)
{
	struct fixture *f = *state;
	struct om_rec_file *file = NULL;
	struct om_err err = { 0 };
	char want[80];

	put(f, "\n\n", 2);
	assert_fails(om_rec_file_open(f->path, &file, &err), OM_EDATA);
	snprintf(want, sizeof(want), "%s: empty: no line of column names",
	    f->path);
	assert_string_equal(err.msg, want);
	put(f, "a,\0\n", 4);
	assert_fails(om_rec_file_open(f->path, &file, &err), OM_EDATA);
	assert_null(file);
	assert_fails(om_rec_file_open("/nonexistent", &file, &err), OM_ENOENT);
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_most_frequent_delimiter_of_the_header_wins),
		TEST(a_bar_at_the_end_ends_the_last_field),
		TEST(names_lose_blanks_around_them_and_cells_keep_theirs),
		TEST(blank_lines_count_as_lines_but_not_as_rows),
		TEST(a_bad_row_comes_with_its_problem),
		TEST(a_header_longer_than_the_first_look_is_read_whole),
		TEST(without_a_header_there_is_nothing_to_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
