/* Bytes through a thread: all of them, in their order, up to a failure. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "fetch/drain.h"

#define MANY ((size_t)5000011) /* some blocks, and a part of one */

struct fixture {
	struct om_buf taken;
	size_t calls;
	size_t refuse_from; /* bytes; 0: never */
	struct om_drain *drain;
};

static int
take(void *arg, const void *bytes, size_t n, struct om_err *err)
{
	struct fixture *f = arg;

	f->calls++;
	if (f->refuse_from > 0 && f->taken.n + n > f->refuse_from)
		return om_fail(err, OM_EOUTPUT, "no room");
	om_buf_add(&f->taken, bytes, n);
	return 0;
}

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	om_buf_init(&f->taken, 16 * 1024 * 1024);
	f->drain = om_drain_new(take, f);
	*state = f;
	return 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	om_drain_free(&f->drain);
	om_drain_free(&f->drain);
	om_buf_fini(&f->taken);
	free(f);
	return 0;
}

static char *
many_bytes(void)
{
	char *bytes = malloc(MANY);

	assert_non_null(bytes);
	for (size_t i = 0; i < MANY; i++)
		bytes[i] = (char)(i * 31 + i / 251);
	return bytes;
}

/* In pieces of this size; 0, or the first failure. */
static int
add(struct fixture *f, const char *bytes, size_t n, size_t piece,
    struct om_err *err)
{
	for (size_t at = 0; at < n; at += piece)
		if (om_drain_add(f->drain, bytes + at,
			n - at < piece ? n - at : piece, err) < 0)
			return err->code;
	return 0;
}

static void
few_bytes_are_taken_once_they_are_waited_for(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(om_drain_wait(f->drain, &err));
	assert_ok(add(f, "hello, world", 12, 5, &err));
	assert_int_equal(f->calls, 0);
	assert_ok(om_drain_wait(f->drain, &err));
	assert_int_equal(f->calls, 1);
	assert_string_equal(f->taken.p, "hello, world");
	assert_ok(om_drain_wait(f->drain, &err));
	assert_int_equal(f->calls, 1);
}

static void
many_bytes_are_taken_in_their_order(void **state)
{
	static const size_t pieces[] = { 16384, 1000003, OM_DRAIN_BLOCK,
		OM_DRAIN_BLOCK - 1, MANY };
	struct fixture *f = *state;
	char *bytes = many_bytes();

	for (size_t i = 0; i < OM_COUNT(pieces); i++) {
		struct om_err err = { 0 };

		f->taken.n = 0;
		assert_ok(add(f, bytes, MANY, pieces[i], &err));
		assert_ok(om_drain_wait(f->drain, &err));
		assert_int_equal(f->taken.n, MANY);
		assert_memory_equal(f->taken.p, bytes, MANY);
	}
	free(bytes);
}

static void
a_block_that_is_just_full_is_taken_whole(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	char *bytes = many_bytes();

	assert_ok(add(f, bytes, OM_DRAIN_BLOCK, OM_DRAIN_BLOCK, &err));
	assert_ok(om_drain_wait(f->drain, &err));
	assert_int_equal(f->calls, 1);
	assert_int_equal(f->taken.n, OM_DRAIN_BLOCK);
	free(bytes);
}

static void
a_refusal_is_told_and_nothing_behind_it_is_taken(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	char *bytes = many_bytes();
	int rc;

	f->refuse_from = 3 * OM_DRAIN_BLOCK;
	rc = add(f, bytes, MANY, 16384, &err);
	if (rc == 0)
		rc = om_drain_wait(f->drain, &err);
	assert_int_equal(rc, OM_EOUTPUT);
	assert_string_equal(err.msg, "no room");
	assert_int_equal(f->taken.n, 3 * OM_DRAIN_BLOCK);
	assert_fails(om_drain_wait(f->drain, &err), OM_EOUTPUT);
	assert_int_equal(f->calls, 4);
	free(bytes);
}

static void
a_few_bytes_can_be_refused_as_well(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->refuse_from = 1;
	assert_ok(add(f, "hello", 5, 5, &err));
	assert_fails(om_drain_wait(f->drain, &err), OM_EOUTPUT);
	assert_fails(om_drain_add(f->drain, "x", 1, &err), OM_EOUTPUT);
}

static void
what_nobody_waits_for_is_let_go(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	char *bytes = many_bytes();

	assert_ok(add(f, bytes, MANY, MANY, &err));
	om_drain_free(&f->drain);
	assert_null(f->drain);
	free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(few_bytes_are_taken_once_they_are_waited_for),
		TEST(many_bytes_are_taken_in_their_order),
		TEST(a_block_that_is_just_full_is_taken_whole),
		TEST(a_refusal_is_told_and_nothing_behind_it_is_taken),
		TEST(a_few_bytes_can_be_refused_as_well),
		TEST(what_nobody_waits_for_is_let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
