/* One report, four renderings: exact output, escapes, and what is too wide. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "report/report.h"

#define OUT_MAX ((size_t)1 << 20)

static const struct om_report_column columns[] = {
	{ "currency", "Currency", OM_LEFT },
	{ "orders", "Orders", OM_RIGHT },
	{ "total", "Total", OM_RIGHT },
};

struct fixture {
	struct om_arena arena;
	struct om_report *r;
	struct om_buf out;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	f->r = om_report_new(&f->arena, "ordmill.sample/1", "Sample");
	om_buf_init(&f->out, OUT_MAX);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	om_buf_fini(&f->out);
	om_arena_clear(&f->arena);
	free(f);
	return 0;
}

static void
fill(struct om_report *r)
{
	om_report_section(r, "day", "The day");
	om_report_fact(r, "date", "Date", "2026-11-23");
	om_report_factf(r, "batches", "Batches loaded", "%d", 2);
	om_report_note(r, 'g', "every book closes");
	om_report_section(r, "money", "Money in");
	om_report_table(r, "currencies", columns, 3);
	om_report_row(r, (const char *const[]){ "EUR", "7", "2093.85" });
	om_report_row(r, (const char *const[]){ "JPY", "12000", "-1234567" });
	om_report_chart(r, "share", "Orders per currency");
	om_report_bar(r, "EUR", 7, "7");
	om_report_bar(r, "JPY", 12000, "12000");
}

static const char *
rendered(struct fixture *f, enum om_report_format format)
{
	om_buf_reset(&f->out);
	om_report_render(f->r, format, &f->out);
	assert_false(om_buf_over(&f->out));
	return om_buf_view(&f->out).p;
}

static void
text_lines_everything_up(void **state)
{
	struct fixture *f = *state;

	fill(f->r);
	assert_string_equal(rendered(f, OM_AS_TEXT),
	    "Sample\n"
	    "======\n"
	    "\n"
	    "The day\n"
	    "-------\n"
	    "  Date            2026-11-23\n"
	    "  Batches loaded  2\n"
	    "\n"
	    "  ok  every book closes\n"
	    "\n"
	    "Money in\n"
	    "--------\n"
	    "  Currency  Orders       Total\n"
	    "  --------  ------  ----------\n"
	    "  EUR            7    2,093.85\n"
	    "  JPY       12,000  -1,234,567\n"
	    "\n"
	    "  Orders per currency\n"
	    "  EUR  # 7\n"
	    "  JPY  #################################### 12,000\n");
}

static void
csv_tags_every_record(void **state)
{
	struct fixture *f = *state;

	fill(f->r);
	assert_string_equal(rendered(f, OM_AS_CSV),
	    "section,item,kind,values\n"
	    "day,date,fact,2026-11-23\n"
	    "day,batches,fact,2\n"
	    "day,,note,good,every book closes\n"
	    "money,currencies,head,currency,orders,total\n"
	    "money,currencies,row,EUR,7,2093.85\n"
	    "money,currencies,row,JPY,12000,-1234567\n"
	    "money,share,bar,EUR,7,7\n"
	    "money,share,bar,JPY,12000,12000\n");
}

static void
json_is_one_line_of_strings(void **state)
{
	struct fixture *f = *state;

	fill(f->r);
	assert_string_equal(rendered(f, OM_AS_JSON),
	    "{\"schema\":\"ordmill.sample/1\",\"title\":\"Sample\","
	    "\"day\":{\"title\":\"The day\",\"date\":\"2026-11-23\","
	    "\"batches\":\"2\",\"notes\":[{\"status\":\"good\","
	    "\"text\":\"every book closes\"}]},"
	    "\"money\":{\"title\":\"Money in\",\"currencies\":["
	    "{\"currency\":\"EUR\",\"orders\":\"7\",\"total\":\"2093.85\"},"
	    "{\"currency\":\"JPY\",\"orders\":\"12000\","
	    "\"total\":\"-1234567\"}],\"share\":["
	    "{\"label\":\"EUR\",\"value\":\"7\",\"text\":\"7\"},"
	    "{\"label\":\"JPY\",\"value\":\"12000\",\"text\":\"12000\"}]}}\n");
}

static void
html_has_the_same_figures(void **state)
{
	struct fixture *f = *state;
	const char *html;

	fill(f->r);
	html = rendered(f, OM_AS_HTML);
	assert_ptr_equal(strstr(html, "<!DOCTYPE html>\n"), html);
	assert_non_null(strstr(html,
	    "<h1>Sample</h1>\n<p class=\"schema\">ordmill.sample/1</p>\n"
	    "</header>\n<main>\n<section id=\"section-day\">\n"
	    "<h2>The day</h2>\n<dl>\n"
	    "<div class=\"large\"><dt>Date</dt><dd>2026-11-23</dd></div>\n"
	    "<div class=\"large\"><dt>Batches loaded</dt><dd>2</dd></div>\n"
	    "</dl>\n<p class=\"note good\">"));
	assert_non_null(strstr(html,
	    "<tr><td>JPY</td><td class=\"n\">12,000</td>"
	    "<td class=\"n\">-1,234,567</td></tr>\n"
	    "</tbody></table></div>\n"
	    "<figure><figcaption>Orders per currency</figcaption>\n"
	    "<svg class=\"chart\" role=\"img\" width=\"100%\" height=\"60\" "
	    "aria-labelledby=\"money-share\">\n"
	    "<title id=\"money-share\">Orders per currency</title>\n"
	    "<g><title>EUR: 7</title>"));
	assert_non_null(
	    strstr(html, "</section>\n</main>\n</body>\n</html>\n"));
}

static void
html_needs_nothing_from_elsewhere(void **state)
{
	static const char *const foreign[] = { "<script", "<link",
		"http:", "https:", "url(", "@import", "src=" };
	struct fixture *f = *state;
	const char *html;

	fill(f->r);
	html = rendered(f, OM_AS_HTML);
	for (size_t i = 0; i < OM_COUNT(foreign); i++)
		assert_null(strstr(html, foreign[i]));
}

static void
counts_are_grouped_for_people_only(void **state)
{
	struct fixture *f = *state;

	om_report_section(f->r, "s", "S");
	om_report_count(f->r, "n", "N", -1234567);
	om_report_fact(f->r, "id", "Id", "1234567");
	assert_non_null(strstr(rendered(f, OM_AS_TEXT),
	    "  N   -1,234,567\n  Id  1234567\n"));
	assert_non_null(strstr(rendered(f, OM_AS_JSON),
	    "\"n\":\"-1234567\",\"id\":\"1234567\""));
	assert_non_null(
	    strstr(rendered(f, OM_AS_HTML), "<dt>N</dt><dd>-1,234,567</dd>"));
}

static void
html_escapes_what_could_be_markup(void **state)
{
	struct fixture *f = *state;
	const char *html;

	om_report_section(f->r, "s", "<b>&\"'");
	om_report_fact(f->r, "x", "a<b", "\x01 & </dd>");
	om_report_chart(f->r, "c", "'><script>");
	om_report_bar(f->r, "<i>", 1, "\"1\"");
	html = rendered(f, OM_AS_HTML);
	assert_non_null(strstr(html, "<h2>&lt;b&gt;&amp;&quot;&#39;</h2>"));
	assert_non_null(strstr(html, "<dt>a&lt;b</dt><dd>\xef\xbf\xbd &amp; "
				     "&lt;/dd&gt;</dd>"));
	assert_non_null(strstr(html, ">&#39;&gt;&lt;script&gt;</title>"));
	assert_non_null(
	    strstr(html, "<title>&lt;i&gt;: &quot;1&quot;</title>"));
	assert_null(strstr(html, "<script"));
}

static void
html_cuts_a_long_label_but_not_its_title(void **state)
{
	struct fixture *f = *state;
	const char *html;

	om_report_section(f->r, "s", "S");
	om_report_chart(f->r, "c", "C");
	om_report_bar(f->r, "123456789012345678901234", 1, "fits");
	om_report_bar(f->r, "1234567890123456789012345", 1, "cut");
	html = rendered(f, OM_AS_HTML);
	assert_non_null(strstr(html, ">123456789012345678901234</text>"));
	assert_non_null(strstr(html, ">12345678901234567890123\xe2\x80\xa6"
				     "</text>"));
	assert_non_null(
	    strstr(html, "<title>1234567890123456789012345: cut</title>"));
}

static void
json_escapes_quotes_and_controls(void **state)
{
	struct fixture *f = *state;

	om_report_section(f->r, "s", "a\"b\\c\n\x7f");
	assert_string_equal(rendered(f, OM_AS_JSON),
	    "{\"schema\":\"ordmill.sample/1\",\"title\":\"Sample\","
	    "\"s\":{\"title\":\"a\\\"b\\\\c\\u000a\\u007f\"}}\n");
}

static void
csv_quotes_what_needs_it(void **state)
{
	struct fixture *f = *state;

	om_report_section(f->r, "s", "S");
	om_report_fact(f->r, "a", "A", "say \"hi\", twice");
	om_report_fact(f->r, "b", "B", "two\nlines");
	om_report_fact(f->r, "c", "C", "");
	assert_string_equal(rendered(f, OM_AS_CSV),
	    "section,item,kind,values\n"
	    "s,a,fact,\"say \"\"hi\"\", twice\"\n"
	    "s,b,fact,\"two\nlines\"\n"
	    "s,c,fact,\n");
}

static void
bad_bytes_become_the_replacement_character(void **state)
{
	struct fixture *f = *state;

	om_report_section(f->r, "s", "S");
	om_report_fact(f->r, "a", "A", "x\xff\xc3(\xe2\x82");
	assert_string_equal(rendered(f, OM_AS_CSV),
	    "section,item,kind,values\n"
	    "s,a,fact,x\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\n");
}

static void
text_disarms_terminal_escapes(void **state)
{
	struct fixture *f = *state;

	om_report_section(f->r, "s", "S");
	om_report_fact(f->r, "a", "A", "\x1b[2Jred\xc2\x9b");
	assert_non_null(strstr(rendered(f, OM_AS_TEXT),
	    "  A  \xef\xbf\xbd[2Jred\xef\xbf\xbd\n"));
}

static void
an_empty_table_still_has_its_header(void **state)
{
	struct fixture *f = *state;

	om_report_section(f->r, "s", "S");
	om_report_table(f->r, "t", columns, 3);
	assert_string_equal(rendered(f, OM_AS_TEXT),
	    "Sample\n======\n\nS\n-\n"
	    "  Currency  Orders  Total\n"
	    "  --------  ------  -----\n"
	    "  (none)\n");
	assert_string_equal(rendered(f, OM_AS_CSV),
	    "section,item,kind,values\ns,t,head,currency,orders,total\n");
	assert_non_null(strstr(rendered(f, OM_AS_JSON), "\"t\":[]"));
	assert_non_null(strstr(rendered(f, OM_AS_HTML),
	    "<td colspan=\"3\" class=\"none\">none</td>"));
}

static void
a_total_row_is_set_apart(void **state)
{
	struct fixture *f = *state;

	om_report_section(f->r, "s", "S");
	om_report_table(f->r, "t", columns, 3);
	om_report_row(f->r, (const char *const[]){ "EUR", "1", "2.00" });
	om_report_row(f->r, (const char *const[]){ "total", "1", "2.00" });
	assert_non_null(
	    strstr(rendered(f, OM_AS_TEXT), "  EUR            1   2.00\n"
					    "  --------  ------  -----\n"
					    "  total          1   2.00\n"));
	assert_non_null(strstr(rendered(f, OM_AS_HTML),
	    "<tr class=\"total\"><td>total</td>"));
}

/* Every line of out within 80 characters; returns how many lines. */
static int
fits_80(const char *out)
{
	int lines = 0;

	while (*out != '\0') {
		size_t n = strcspn(out, "\n");

		if (n > 80)
			fail_msg("%zu columns: %.*s", n, (int)n, out);
		assert_true(n == 0 || out[n - 1] != ' ');
		out += n + (out[n] == '\n');
		lines++;
	}
	return lines;
}

static void
a_wide_table_wraps_within_80_columns(void **state)
{
	static const struct om_report_column wide[] = {
		{ "id", "Batch", OM_LEFT },
		{ "source", "Source", OM_LEFT },
		{ "orders", "Orders read", OM_RIGHT },
		{ "reason", "Reason", OM_LEFT },
	};
	struct fixture *f = *state;

	om_report_section(f->r, "s", "S");
	om_report_table(f->r, "t", wide, 4);
	om_report_row(f->r,
	    (const char *const[]){ "7",
		"0123456789012345678901234567890123456789.csv", "1234567",
		"the total does not follow from the lines by one cent" });
	assert_int_equal(fits_80(rendered(f, OM_AS_TEXT)), 9);
	assert_non_null(strstr(om_buf_view(&f->out).p, "1,234,567"));
}

static void
a_table_too_wide_for_a_grid_goes_down_the_page(void **state)
{
	static const struct om_report_column wide[] = {
		{ "a", "Alpha", OM_LEFT },
		{ "b", "Beta", OM_RIGHT },
		{ "c", "Gamma", OM_RIGHT },
	};
	struct fixture *f = *state;
	char digits[61];

	memset(digits, '1', sizeof(digits) - 1);
	digits[60] = '\0';
	om_report_section(f->r, "s", "S");
	om_report_table(f->r, "t", wide, 3);
	om_report_row(f->r, (const char *const[]){ "x", digits, digits });
	fits_80(rendered(f, OM_AS_TEXT));
	assert_non_null(strstr(om_buf_view(&f->out).p, "  Alpha  x\n  Beta"));
}

static void
a_long_paragraph_wraps_at_blanks(void **state)
{
	struct fixture *f = *state;

	om_report_section(f->r, "s", "S");
	om_report_note(f->r, 'b',
	    "two orders of the batch acme-2026-11-23.csv were put aside "
	    "because their totals do not follow from their lines");
	fits_80(rendered(f, OM_AS_TEXT));
	assert_non_null(strstr(om_buf_view(&f->out).p,
	    "  !!  two orders of the batch acme-2026-11-23.csv were put aside "
	    "because their\n      totals do not"));
}

static void
bars_scale_at_the_ends_of_the_range(void **state)
{
	struct fixture *f = *state;
	const char *text;

	om_report_section(f->r, "s", "S");
	om_report_chart(f->r, "c", "C");
	om_report_bar(f->r, "low", INT64_MIN, "low");
	om_report_bar(f->r, "high", INT64_MAX, "high");
	om_report_bar(f->r, "zero", 0, "0");
	text = rendered(f, OM_AS_TEXT);
	assert_non_null(
	    strstr(text, "  low   #################################### low\n"));
	assert_non_null(strstr(text,
	    "  high  #################################### high\n"));
	assert_non_null(strstr(text, "  zero  0\n"));
	assert_non_null(strstr(rendered(f, OM_AS_HTML),
	    "<rect class=\"neg\" x=\"26.0%\" y=\"6\" width=\"58.0%\""));
}

static void
output_beyond_the_buffer_is_remembered(void **state)
{
	struct fixture *f = *state;
	struct om_buf small;

	fill(f->r);
	om_buf_init(&small, 100);
	om_report_render(f->r, OM_AS_HTML, &small);
	assert_true(om_buf_over(&small));
	om_buf_fini(&small);
}

static void
formats_are_found_by_name(void **state)
{
	enum om_report_format format = OM_AS_TEXT;

	(void)state;
	assert_true(om_report_format_find("html", &format));
	assert_int_equal(format, OM_AS_HTML);
	assert_true(om_report_format_find("json", &format));
	assert_int_equal(format, OM_AS_JSON);
	assert_false(om_report_format_find("pdf", &format));
	assert_int_equal(format, OM_AS_JSON);
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(text_lines_everything_up),
		TEST(csv_tags_every_record),
		TEST(json_is_one_line_of_strings),
		TEST(html_has_the_same_figures),
		TEST(html_needs_nothing_from_elsewhere),
		TEST(counts_are_grouped_for_people_only),
		TEST(html_escapes_what_could_be_markup),
		TEST(html_cuts_a_long_label_but_not_its_title),
		TEST(json_escapes_quotes_and_controls),
		TEST(csv_quotes_what_needs_it),
		TEST(bad_bytes_become_the_replacement_character),
		TEST(text_disarms_terminal_escapes),
		TEST(an_empty_table_still_has_its_header),
		TEST(a_total_row_is_set_apart),
		TEST(a_wide_table_wraps_within_80_columns),
		TEST(a_table_too_wide_for_a_grid_goes_down_the_page),
		TEST(a_long_paragraph_wraps_at_blanks),
		TEST(bars_scale_at_the_ends_of_the_range),
		TEST(output_beyond_the_buffer_is_remembered),
		TEST(formats_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
