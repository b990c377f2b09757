/* A body that was cut: when its beginning is there in the next call. */
#include "tree.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/inbox.h"

struct fixture {
	char root[32];
	struct om_inbox *inbox;
	struct om_http_answer answer;
};

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct om_err err = { 0 };

	if (f == NULL)
		return -1;
	strcpy(f->root, "/tmp/om-part-XXXXXX");
	f->answer.status = 200;
	*state = f;
	return mkdtemp(f->root) == NULL ||
		       om_inbox_open(f->root, "shop", true, &f->inbox, &err) < 0
		   ? -1
		   : 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	om_inbox_close(&f->inbox);
	tree_remove(f->root);
	free(f);
	return 0;
}

/* As of a server that can send the rest. */
static void
tag_answer(struct fixture *f)
{
	f->answer.header[0] = (struct om_http_header){ "ETag", "\"v1\"" };
	f->answer.header[1] =
	    (struct om_http_header){ "Accept-Ranges", "bytes" };
	f->answer.header[2] = (struct om_http_header){ "X-Token", "sesame" };
	f->answer.header_count = 3;
}

/* Bytes of a body of this URL; then how many there are in the next call. */
static uint64_t
leave(struct fixture *f, const char *url, const char *bytes, const char *next)
{
	struct om_body body = { .fd = -1 };
	struct om_http_sink sink;
	struct om_err err = { 0 };
	uint64_t size;

	assert_ok(om_body_begin(f->inbox, url, &body, &err));
	sink = om_body_sink(&body);
	assert_ok(sink.begin(sink.arg, 0, &f->answer, &err));
	assert_ok(sink.write(sink.arg, bytes, strlen(bytes), &err));
	om_body_leave(&body);
	om_body_end(&body);
	assert_ok(om_body_begin(f->inbox, next, &body, &err));
	size = om_body_part(&body).bytes;
	om_body_end(&body);
	return size;
}

static void
a_body_that_was_cut_is_there_in_the_next_call(void **state)
{
	struct fixture *f = *state;
	struct om_body body OM_AUTO(om_body_end) = { .fd = -1 };
	struct om_http_sink sink;
	struct om_http_part part;
	struct om_err err = { 0 };

	tag_answer(f);
	assert_ok(om_body_begin(f->inbox, "https://x/1", &body, &err));
	assert_int_equal(om_body_part(&body).bytes, 0);
	sink = om_body_sink(&body);
	assert_ok(sink.begin(sink.arg, 0, &f->answer, &err));
	assert_ok(sink.write(sink.arg, "ab", 2, &err));
	om_body_leave(&body);
	om_body_end(&body);
	assert_ok(om_body_begin(f->inbox, "https://x/1", &body, &err));
	part = om_body_part(&body);
	assert_int_equal(part.bytes, 2);
	assert_string_equal(part.validator, "\"v1\"");
	assert_int_equal(part.headers.count, 2); /* no secret */
	assert_ok(sink.begin(sink.arg, 2, &f->answer, &err));
	assert_ok(sink.write(sink.arg, "c", 1, &err));
	assert_ok(om_body_finish(&body, &err));
	assert_string_equal(body.hex,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
a_part_is_left_only_if_its_rest_can_be_asked_for(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(leave(f, "https://x/1", "ab", "https://x/1"), 0);
	tag_answer(f);
	assert_int_equal(leave(f, "https://x/1", "ab", "https://x/1"), 2);
	assert_int_equal(leave(f, "https://x/1", "ab", "https://x/2"), 0);
	assert_int_equal(leave(f, "https://x/1", "", "https://x/1"), 0);
	assert_int_equal(leave(f, NULL, "ab", "https://x/1"), 0);
	f->answer.header[0].value = "W/\"v1\"";
	assert_int_equal(leave(f, "https://x/1", "ab", "https://x/1"), 0);
	f->answer.header[0].value = "\"v1\"";
	f->answer.header[1].value = "none";
	assert_int_equal(leave(f, "https://x/1", "ab", "https://x/1"), 0);
}

static void
a_dry_run_leaves_a_part_alone(void **state)
{
	struct fixture *f = *state;
	struct om_body body = { .fd = -1 };
	struct om_http_sink sink = om_body_sink(&body);
	struct om_err err = { 0 };

	tag_answer(f);
	assert_ok(om_body_begin(f->inbox, "https://x/1", &body, &err));
	assert_ok(sink.begin(sink.arg, 0, &f->answer, &err));
	assert_ok(sink.write(sink.arg, "ab", 2, &err));
	om_body_leave(&body);
	om_body_end(&body);
	assert_ok(om_body_begin(f->inbox, NULL, &body, &err));
	assert_int_equal(om_body_part(&body).bytes, 0);
	assert_ok(sink.begin(sink.arg, 0, &f->answer, &err));
	assert_ok(sink.write(sink.arg, "xyz", 3, &err));
	om_body_end(&body);
	assert_ok(om_body_begin(f->inbox, "https://x/1", &body, &err));
	assert_int_equal(om_body_part(&body).bytes, 2);
	om_body_end(&body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_body_that_was_cut_is_there_in_the_next_call),
		TEST(a_part_is_left_only_if_its_rest_can_be_asked_for),
		TEST(a_dry_run_leaves_a_part_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
