/* Fields are quoted if and only if they must be, and read back the same. */
#include "unit.h"

#include <string.h>

#include "base/buf.h"
#include "text/csv.h"

static void
writes(const char *field, char delimiter, const char *want)
{
	OM_AUTO(om_buf_fini) struct om_buf out;

	om_buf_init(&out, 1000);
	om_csv_write_field(&out, om_str_of(field), delimiter);
	assert_string_equal(om_buf_view(&out).p, want);
}

static void
a_plain_field_is_not_quoted(void **state)
{
	(void)state;
	writes("a b", ',', "a b");
	writes(" ;x'", ',', " ;x'");
	writes("", ',', "");
	writes(NULL, ',', "");
}

static void
a_field_that_would_not_read_back_is_quoted(void **state)
{
	(void)state;
	writes("a,b", ',', "\"a,b\"");
	writes("a;b", ';', "\"a;b\"");
	writes("a\nb", ',', "\"a\nb\"");
	writes("a\r", ',', "\"a\r\"");
	writes("\"", ',', "\"\"\"\"");
	writes("x\"y\"", ',', "\"x\"\"y\"\"\"");
}

static void
a_record_reads_back(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf out;
	const struct om_str field[] = { OM_STR("a"), OM_STR(""),
		OM_STR("b,c") };

	(void)state;
	om_buf_init(&out, 1000);
	om_csv_write_record(&out, field, 3, ',');
	om_csv_write_record(&out, field + 1, 1, ',');
	om_csv_write_record(&out, field + 1, 2, '\t');
	assert_string_equal(out.p, "a,,\"b,c\"\n\"\"\n\tb,c\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_field_is_not_quoted),
		cmocka_unit_test(a_field_that_would_not_read_back_is_quoted),
		cmocka_unit_test(a_record_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
