/* Both ways of looking at 64 bytes see the same. */
#include "unit.h"

#include <string.h>

#include "text/csv_block.h"

static void
the_plain_loop_finds_each_mark_in_each_place(void **state)
{
	static const unsigned char mark[] = { ',', '"', '\\', '\n', '\r' };
	const struct om_csv_marks m = { ',', '"', '\\' };
	bool odd;

	(void)state;
	for (size_t k = 0; k < sizeof(mark); k++) {
		for (int i = 0; i < OM_CSV_BLOCK; i++) {
			unsigned char block[OM_CSV_BLOCK];

			memset(block, 'x', sizeof(block));
			block[i] = mark[k];
			assert_true(om_csv_block_plain(block, &m, &odd) ==
				    UINT64_C(1) << i);
			assert_false(odd);
		}
	}
}

static void
every_byte_value_is_seen_alike(void **state)
{
	const struct om_csv_marks m = { '|', '\n', '|' };

	(void)state;
	for (int value = 0; value < 256; value++) {
		for (int i = 0; i < OM_CSV_BLOCK; i++) {
			unsigned char block[OM_CSV_BLOCK];
			bool plain;
			bool quick;
			uint64_t bits;

			memset(block, 'x', sizeof(block));
			block[i] = (unsigned char)value;
			bits = om_csv_block_plain(block, &m, &plain);
			assert_true(om_csv_block(block, &m, &quick) == bits);
			assert_int_equal(quick, plain);
			assert_int_equal(plain, value == 0 || value > 127);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_plain_loop_finds_each_mark_in_each_place),
		cmocka_unit_test(every_byte_value_is_seen_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
