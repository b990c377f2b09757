/* RFC 4648 section 10's values, and what a strict reader refuses. */
#include "unit.h"

#include <string.h>

#include "base/base64.h"

static const struct {
	const char *plain;
	const char *coded;
} vectors[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "\xfb\xff\xfe", "+//+" },
};

static void
the_vectors_of_the_rfc_hold_both_ways(void **state)
{
	struct om_err err = { 0 };
	struct om_buf buf;

	(void)state;
	om_buf_init(&buf, 100);
	for (size_t i = 0; i < OM_COUNT(vectors); i++) {
		om_buf_reset(&buf);
		om_base64(vectors[i].plain, strlen(vectors[i].plain), &buf);
		assert_string_equal(om_buf_view(&buf).p, vectors[i].coded);
		om_buf_reset(&buf);
		assert_ok(om_unbase64(om_str_of(vectors[i].coded), &buf, &err));
		assert_string_equal(om_buf_view(&buf).p, vectors[i].plain);
	}
	om_buf_fini(&buf);
}

static void
what_is_not_exact_is_refused(void **state)
{
	static const char *const bad[] = { "Zg=", "Zg", "Z",
		"Zh==", "Zm9=", "Zg==Zg==", "Zm9v\n", "Zm 9", "=m9v", "Zm=v",
		"====", "Z===", "Zm9v====", "-_-_" };
	struct om_err err = { 0 };
	struct om_buf buf;

	(void)state;
	om_buf_init(&buf, 100);
	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		assert_fails(om_unbase64(om_str_of(bad[i]), &buf, &err),
		    OM_EDATA);
		assert_int_equal(buf.n, 0);
	}
	assert_string_equal(err.msg, "bad base64 '-_-_'");
	om_buf_fini(&buf);
}

static void
more_than_fits_is_refused(void **state)
{
	struct om_err err = { 0 };
	struct om_buf buf;

	(void)state;
	om_buf_init(&buf, 3);
	assert_ok(om_unbase64(OM_STR("Zm9v"), &buf, &err));
	om_buf_reset(&buf);
	assert_fails(om_unbase64(OM_STR("Zm9vYg=="), &buf, &err), OM_ELIMIT);
	om_buf_fini(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc_hold_both_ways),
		cmocka_unit_test(what_is_not_exact_is_refused),
		cmocka_unit_test(more_than_fits_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
