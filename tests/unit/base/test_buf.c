/* Buffers: growth, the maximum and one past it. */
#include "unit.h"

#include <string.h>

#include "base/buf.h"

static void
adds_follow_each_other_and_end_in_a_nul(void **state)
{
	struct om_buf buf OM_AUTO(om_buf_fini);

	(void)state;
	om_buf_init(&buf, 100);
	assert_string_equal(om_buf_view(&buf).p, "");
	om_buf_text(&buf, "ab");
	om_buf_char(&buf, 'c');
	om_buf_str(&buf, OM_STR("d\0e"));
	om_buf_printf(&buf, "-%d-%s", 42, "x");
	assert_int_equal(buf.n, 11);
	assert_memory_equal(buf.p, "abcd\0e-42-x", 12);
	assert_false(om_buf_over(&buf));
	assert_int_equal(om_buf_view(&buf).n, 11);
}

static void
the_maximum_is_reached_and_not_passed(void **state)
{
	struct om_buf buf OM_AUTO(om_buf_fini);

	(void)state;
	om_buf_init(&buf, 4);
	om_buf_text(&buf, "abcd");
	assert_false(om_buf_over(&buf));
	om_buf_add(&buf, "", 0);
	assert_false(om_buf_over(&buf));
	om_buf_char(&buf, 'e');
	assert_true(om_buf_over(&buf));
	assert_string_equal(buf.p, "abcd");
}

static void
what_does_not_fit_is_dropped_whole(void **state)
{
	struct om_buf buf OM_AUTO(om_buf_fini);

	(void)state;
	om_buf_init(&buf, 4);
	om_buf_text(&buf, "ab");
	om_buf_printf(&buf, "%s", "cde");
	om_buf_char(&buf, 'f');
	assert_true(om_buf_over(&buf));
	assert_string_equal(buf.p, "ab");
	assert_int_equal(buf.n, 2);
}

static void
printf_fills_the_buffer_to_its_last_byte(void **state)
{
	struct om_buf buf OM_AUTO(om_buf_fini);

	(void)state;
	om_buf_init(&buf, 300);
	for (int i = 0; i < 30; i++)
		om_buf_printf(&buf, "%010d", i);
	assert_false(om_buf_over(&buf));
	assert_int_equal(buf.n, 300);
	assert_string_equal(buf.p + 290, "0000000029");
	om_buf_printf(&buf, "%s", "");
	assert_false(om_buf_over(&buf));
}

static void
growth_keeps_every_byte(void **state)
{
	struct om_buf buf OM_AUTO(om_buf_fini);
	char big[1000];

	(void)state;
	om_buf_init(&buf, 1000000);
	for (int i = 0; i < 5000; i++)
		om_buf_char(&buf, (char)('a' + i % 26));
	memset(big, '#', sizeof(big));
	om_buf_add(&buf, big, sizeof(big));
	assert_int_equal(buf.n, 6000);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(buf.p[i], 'a' + i % 26);
	assert_memory_equal(buf.p + 5000, big, sizeof(big));
	assert_int_equal(buf.p[6000], '\0');
}

static void
reset_empties_and_forgives(void **state)
{
	struct om_buf buf OM_AUTO(om_buf_fini);

	(void)state;
	om_buf_init(&buf, 2);
	om_buf_reset(&buf);
	om_buf_text(&buf, "abc");
	assert_true(om_buf_over(&buf));
	om_buf_reset(&buf);
	assert_false(om_buf_over(&buf));
	om_buf_text(&buf, "xy");
	assert_string_equal(buf.p, "xy");
	om_buf_reset(&buf);
	assert_string_equal(om_buf_view(&buf).p, "");
}

static void
fini_is_safe_twice_and_keeps_the_maximum(void **state)
{
	struct om_buf buf;

	(void)state;
	om_buf_init(&buf, 3);
	om_buf_text(&buf, "abc");
	om_buf_fini(&buf);
	om_buf_fini(&buf);
	assert_null(buf.p);
	om_buf_text(&buf, "abcd");
	assert_true(om_buf_over(&buf));
	om_buf_fini(&buf);
}

static void
integers_are_big_endian(void **state)
{
	struct om_buf buf OM_AUTO(om_buf_fini);

	(void)state;
	om_buf_init(&buf, 24);
	om_buf_be32(&buf, UINT32_C(0x01020384));
	om_buf_be64(&buf, UINT64_C(0x8102030405060708));
	om_buf_be64(&buf, UINT64_MAX);
	assert_memory_equal(buf.p,
	    "\x01\x02\x03\x84\x81\x02\x03\x04\x05\x06\x07\x08"
	    "\xff\xff\xff\xff\xff\xff\xff\xff",
	    20);
	assert_int_equal(buf.n, 20);
	om_buf_be64(&buf, 1);
	assert_true(om_buf_over(&buf));
	assert_int_equal(buf.n, 20);
}

static void
room_that_was_not_needed_goes_back(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf buf = { .max = 10 };

	(void)state;
	om_buf_text(&buf, "ab");
	memcpy(om_buf_room(&buf, 8), "cd", 2);
	om_buf_give_back(&buf, 6);
	assert_string_equal(om_buf_view(&buf).p, "abcd");
	om_buf_text(&buf, "ef");
	assert_string_equal(om_buf_view(&buf).p, "abcdef");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_follow_each_other_and_end_in_a_nul),
		cmocka_unit_test(the_maximum_is_reached_and_not_passed),
		cmocka_unit_test(what_does_not_fit_is_dropped_whole),
		cmocka_unit_test(printf_fills_the_buffer_to_its_last_byte),
		cmocka_unit_test(growth_keeps_every_byte),
		cmocka_unit_test(reset_empties_and_forgives),
		cmocka_unit_test(fini_is_safe_twice_and_keeps_the_maximum),
		cmocka_unit_test(integers_are_big_endian),
		cmocka_unit_test(room_that_was_not_needed_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
