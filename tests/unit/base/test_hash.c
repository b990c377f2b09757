/* Published values: SHA-256 (FIPS 180-4) and our own placement hash. */
#include "unit.h"

#include <string.h>

#include "base/hash.h"

static void
digest_is(struct om_sha256 *h, const char *want)
{
	unsigned char out[OM_SHA256_SIZE];
	char hex[OM_SHA256_HEX];

	om_sha256_end(h, out);
	om_hex(out, sizeof(out), hex);
	assert_string_equal(hex, want);
}

static void
sha256_gives_the_published_digests(void **state)
{
	struct om_sha256 h OM_AUTO(om_sha256_fini);

	(void)state;
	om_sha256_init(&h);
	digest_is(&h, "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855");
	om_sha256_add(&h, "abc", 3);
	digest_is(&h, "ba7816bf8f01cfea414140de5dae2223"
		      "b00361a396177a9cb410ff61f20015ad");
	om_sha256_add(&h,
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56);
	digest_is(&h, "248d6a61d20638b8e5c026930c3e6039"
		      "a33ce45964ff2167f6ecedd419db06c1");
}

static void
sha256_so_far_does_not_end_the_message(void **state)
{
	struct om_sha256 h OM_AUTO(om_sha256_fini);
	unsigned char so_far[OM_SHA256_SIZE];
	unsigned char whole[OM_SHA256_SIZE];

	(void)state;
	om_sha256_init(&h);
	om_sha256_add(&h, "ab", 2);
	om_sha256_peek(&h, so_far);
	om_sha256_end(&h, whole);
	assert_memory_equal(so_far, whole, sizeof(whole));
	om_sha256_add(&h, "ab", 2);
	om_sha256_peek(&h, so_far);
	om_sha256_add(&h, "c", 1);
	digest_is(&h, "ba7816bf8f01cfea414140de5dae2223"
		      "b00361a396177a9cb410ff61f20015ad");
}

static void
sha256_of_parts_is_that_of_the_whole(void **state)
{
	struct om_sha256 h OM_AUTO(om_sha256_fini);
	char thousand[1000];

	(void)state;
	memset(thousand, 'a', sizeof(thousand));
	om_sha256_init(&h);
	for (int i = 0; i < 1000; i++) {
		om_sha256_add(&h, thousand, (size_t)i);
		om_sha256_add(&h, "", 0);
		om_sha256_add(&h, thousand, sizeof(thousand) - (size_t)i);
	}
	digest_is(&h, "cdc76e5c9914fb9281a1c7e284d73e67"
		      "f1809a48a497200e046d39ccc7112cd0");
}

static void
code_is(struct om_str key, const char *text, const char *want)
{
	unsigned char out[OM_SHA256_SIZE];
	char hex[OM_SHA256_HEX];
	struct om_hmac h;

	om_hmac_init(&h, key);
	om_hmac_add(&h, text, strlen(text));
	om_hmac_end(&h, out);
	om_hex(out, sizeof(out), hex);
	assert_string_equal(hex, want);
}

/* RFC 4231, test cases 1, 2 and 6. */
static void
hmac_gives_the_published_codes(void **state)
{
	char key[131];

	(void)state;
	memset(key, 0x0b, sizeof(key));
	code_is((struct om_str){ key, 20 }, "Hi There",
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	code_is(OM_STR("Jefe"), "what do ya want for nothing?",
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	code_is((struct om_str){ key, sizeof(key) },
	    "Test Using Larger Than Block-Size Key - Hash Key First",
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void
bytes_are_the_same_or_not(void **state)
{
	(void)state;
	assert_true(om_same_bytes("abc", "abd", 2));
	assert_false(om_same_bytes("abc", "abd", 3));
	assert_true(om_same_bytes("", "x", 0));
}

static void
sha256_is_finished_twice_without_harm(void **state)
{
	struct om_sha256 h;

	(void)state;
	om_sha256_init(&h);
	om_sha256_fini(&h);
	om_sha256_fini(&h);
	assert_null(h.ctx);
}

static void
hex_is_lower_case_and_terminated(void **state)
{
	char out[7] = "xxxxxx";

	(void)state;
	om_hex((const unsigned char *)"\x00\xaf\x19", 3, out);
	assert_string_equal(out, "00af19");
	om_hex((const unsigned char *)"", 0, out);
	assert_string_equal(out, "");
}

static void
placement_gives_the_published_values(void **state)
{
	static const struct {
		const char *channel;
		const char *reference;
		uint64_t hash;
		unsigned slot;
		int64_t key;
	} cases[] = {
		{ "", "", UINT64_C(0xb9034ad37056f5fb), 1531,
		    INT64_C(3449132905083404983) },
		{ "shopify", "1165", UINT64_C(0x105b9c720b721eca), 3786,
		    INT64_C(8525457979834653584) },
		{ "tpch", "1", UINT64_C(0xa1dae78fdc6070f6), 246,
		    INT64_C(555366446645830403) },
		{ "shop", "Bestellung-\xc3\xbc", UINT64_C(0xf1433678eb66d03f),
		    63, INT64_C(143985556094147382) },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		uint64_t hash = om_hash64(om_str_of(cases[i].channel),
		    om_str_of(cases[i].reference));

		assert_true(hash == cases[i].hash);
		assert_int_equal(om_slot_of(hash), cases[i].slot);
		assert_true(om_key_of(hash) == cases[i].key);
	}
}

static void
channel_and_reference_do_not_run_together(void **state)
{
	(void)state;
	assert_true(om_hash64(OM_STR("a"), OM_STR("bc")) ==
		    UINT64_C(0xdf52f2b01fb62dc7));
	assert_true(om_hash64(OM_STR("ab"), OM_STR("c")) ==
		    UINT64_C(0xc87d91e7dc16f99d));
	assert_true(om_hash64((struct om_str){ NULL, 0 }, OM_STR("")) ==
		    om_hash64(OM_STR(""), OM_STR("")));
}

static void
a_key_begins_with_its_slot_and_is_never_negative(void **state)
{
	uint64_t hash = 1;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		int64_t key = om_key_of(hash);

		assert_true(key >= 0);
		assert_true(om_slot_of(hash) < OM_SLOTS);
		assert_true((uint64_t)key >> 51 == om_slot_of(hash));
		assert_true(
		    ((uint64_t)key & ((UINT64_C(1) << 51) - 1)) == hash >> 13);
		hash =
		    hash * UINT64_C(6364136223846793005) + 1442695040888963407;
	}
	assert_true(om_key_of(UINT64_MAX) == INT64_MAX);
	assert_true(om_key_of(0) == 0);
}

static void
growing_references_spread_over_all_slots(void **state)
{
	static unsigned count[OM_SLOTS];
	char digits[6];

	(void)state;
	for (int i = 0; i < 409600; i++) {
		for (int d = 0, n = i; d < 6; d++, n /= 10)
			digits[5 - d] = (char)('0' + n % 10);
		count[om_slot_of(
		    om_hash64(OM_STR("shop"), (struct om_str){ digits, 6 }))]++;
	}
	for (int s = 0; s < OM_SLOTS; s++)
		assert_in_range(count[s], 50, 160); /* 100 +- 6 sigma */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_published_digests),
		cmocka_unit_test(sha256_so_far_does_not_end_the_message),
		cmocka_unit_test(sha256_of_parts_is_that_of_the_whole),
		cmocka_unit_test(hmac_gives_the_published_codes),
		cmocka_unit_test(bytes_are_the_same_or_not),
		cmocka_unit_test(sha256_is_finished_twice_without_harm),
		cmocka_unit_test(hex_is_lower_case_and_terminated),
		cmocka_unit_test(placement_gives_the_published_values),
		cmocka_unit_test(channel_and_reference_do_not_run_together),
		cmocka_unit_test(
		    a_key_begins_with_its_slot_and_is_never_negative),
		cmocka_unit_test(growing_references_spread_over_all_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
