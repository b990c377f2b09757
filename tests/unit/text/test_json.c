/* What the JSON writer writes, to the byte. */
#include "unit.h"

#include <string.h>

#include "text/json.h"

struct fixture {
	struct om_buf out;
	struct om_json j;
};

static void
begin(struct fixture *f)
{
	om_buf_init(&f->out, 1 << 20);
	om_json_init(&f->j, &f->out);
}

static void
ends_as(struct fixture *f, const char *want)
{
	assert_string_equal(om_buf_view(&f->out).p, want);
	om_buf_fini(&f->out);
}

static void
objects_and_arrays_nest_with_their_commas(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	om_json_object(&f.j, NULL);
	om_json_array(&f.j, "a");
	om_json_object(&f.j, NULL);
	om_json_end(&f.j);
	om_json_array(&f.j, NULL);
	om_json_end(&f.j);
	om_json_number(&f.j, NULL, 1);
	om_json_end(&f.j);
	om_json_bool(&f.j, "b", true);
	om_json_bool(&f.j, "c", false);
	om_json_null(&f.j, "d");
	om_json_end(&f.j);
	ends_as(&f, "{\"a\":[{},[],1],\"b\":true,\"c\":false,\"d\":null}");
}

static void
integers_go_out_as_text_or_as_numbers(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	om_json_array(&f.j, NULL);
	om_json_int(&f.j, NULL, INT64_MIN);
	om_json_int(&f.j, NULL, INT64_MAX);
	om_json_number(&f.j, NULL, -7);
	om_json_end(&f.j);
	ends_as(&f, "[\"-9223372036854775808\",\"9223372036854775807\",-7]");
}

static void
seconds_have_up_to_three_places(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	om_json_array(&f.j, NULL);
	om_json_seconds(&f.j, NULL, 0);
	om_json_seconds(&f.j, NULL, 999999);
	om_json_seconds(&f.j, NULL, 10000000);
	om_json_seconds(&f.j, NULL, 1001000000);
	om_json_seconds(&f.j, NULL, 2500000000);
	om_json_seconds(&f.j, NULL, INT64_C(3600000000000));
	om_json_seconds(&f.j, NULL, -1000000000);
	om_json_end(&f.j);
	ends_as(&f, "[0,0,0.01,1.001,2.5,3600,0]");
}

static void
text_is_escaped(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	om_json_object(&f.j, NULL);
	om_json_text(&f.j, "a\"b", OM_STR("\\\"/\n\r\t\b\0\x1f\x7f"));
	om_json_cstr(&f.j, "c", "gr\xc3\xbc\xc3\x9f");
	om_json_cstr(&f.j, "d", "");
	om_json_end(&f.j);
	ends_as(&f,
	    "{\"a\\\"b\":\"\\\\\\\"/\\n\\r\\t\\u0008\\u0000\\u001f\x7f\","
	    "\"c\":\"gr\xc3\xbc\xc3\x9f\",\"d\":\"\"}");
}

static void
nothing_is_null(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	om_json_array(&f.j, NULL);
	om_json_text(&f.j, NULL, (struct om_str){ NULL, 0 });
	om_json_cstr(&f.j, NULL, NULL);
	om_json_end(&f.j);
	ends_as(&f, "[null,null]");
}

static void
each_bad_byte_is_replaced(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	om_json_cstr(&f.j, NULL,
	    "\xff"
	    "a\xc3\"\xe2\x82");
	ends_as(&f, "\"\xef\xbf\xbd"
		    "a\xef\xbf\xbd\\\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void
the_deepest_nesting_closes(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	for (int i = 0; i < OM_JSON_DEPTH_MAX; i++)
		om_json_array(&f.j, NULL);
	for (int i = 0; i < OM_JSON_DEPTH_MAX; i++)
		om_json_end(&f.j);
	ends_as(&f, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
		    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_and_arrays_nest_with_their_commas),
		cmocka_unit_test(integers_go_out_as_text_or_as_numbers),
		cmocka_unit_test(seconds_have_up_to_three_places),
		cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(nothing_is_null),
		cmocka_unit_test(each_bad_byte_is_replaced),
		cmocka_unit_test(the_deepest_nesting_closes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
