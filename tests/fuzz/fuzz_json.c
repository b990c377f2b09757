/*
 * fuzz_json.c - JSON does not depend on how its input is cut, and what comes
 * out of a feed of documents is whole.
 *
 * The first byte of an input chooses the format and the size of the pieces; the
 * rest is the file. Read in one piece, by single bytes and in such pieces it
 * must give the same tokens or the same message. Every order of the feed must
 * pass the check that the reader claims to have made; every reject must say
 * why, and hold the very bytes it came with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "feed/reader.h"
#include "text/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define CHECK(true_or_abort)                                                   \
	do {                                                                   \
		if (!(true_or_abort)) {                                        \
			fputs("failed: " #true_or_abort "\n", stderr);         \
			abort();                                               \
		}                                                              \
	} while (0)

#define ITEMS_MAX 100000
#define VALUE_MAX 500

static const char *const feeds[] = { "shopify-rest", "woocommerce" };

struct input {
	struct om_str text;
	size_t at;
	size_t step;
};

static int
give(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	struct input *in = arg;
	size_t left = in->text.n - in->at;

	(void)err;
	n = n < in->step ? n : in->step;
	n = n < left ? n : left;
	if (n > 0)
		memcpy(bytes, in->text.p + in->at, n);
	in->at += n;
	*out_n = n;
	return 0;
}

static void
show_tokens(struct om_str text, size_t step, bool tolerant, struct om_buf *out)
{
	struct input in = { text, 0, step };
	OM_AUTO(om_json_close)
	struct om_json_reader *r = om_json_open(give, &in, VALUE_MAX, tolerant);
	struct om_json_token t;
	struct om_err err = { 0 };
	size_t bad;
	int rc;

	while ((rc = om_json_next(r, &t, &err)) == 1) {
		CHECK(t.offset < text.n && t.depth >= 0);
		om_buf_printf(out, "%d %d %llu %llu ", t.kind, t.depth,
		    (unsigned long long)t.line, (unsigned long long)t.offset);
		if (t.kind != OM_JSON_STRING && t.kind != OM_JSON_KEY)
			continue;
		om_buf_str(out, t.text);
		CHECK(tolerant || om_utf8_valid(t.text, &bad));
		if (t.verbatim)
			CHECK(memcmp(text.p + t.offset + 1, t.text.p,
				  t.text.n) == 0);
	}
	om_buf_text(out, err.msg);
	om_buf_text(out, om_json_problem(r)->what);
}

static void
check_tokens(struct om_str text, size_t step, bool tolerant)
{
	static const size_t steps[] = { SIZE_MAX, 1, 0 };
	struct om_buf got[3];

	for (size_t i = 0; i < 3; i++) {
		om_buf_init(&got[i], (size_t)64 << 20);
		show_tokens(text, steps[i] == 0 ? step : steps[i], tolerant,
		    &got[i]);
		CHECK(om_str_eq(om_buf_view(&got[i]), om_buf_view(&got[0])));
	}
	for (size_t i = 0; i < 3; i++)
		om_buf_fini(&got[i]);
}

static void
check_item(const struct om_item *item, struct om_str text)
{
	const struct om_reject *r = &item->reject;
	struct om_err err = { 0 };
	size_t bad;

	if (item->kind == OM_ITEM_ORDER) {
		CHECK(om_order_check(&item->order, 0, &err) == 0);
		return;
	}
	CHECK(r->reason[0] != '\0' && r->row_count == 1);
	CHECK(om_utf8_valid(om_str_of(r->reason), &bad));
	CHECK(r->at.offset <= text.n && r->at.line >= 1);
	CHECK(r->rows[0].at.offset + r->rows[0].bytes.n <= text.n);
	CHECK(memcmp(text.p + r->rows[0].at.offset, r->rows[0].bytes.p,
		  r->rows[0].bytes.n) == 0);
}

/* Compiled once; the lines of ndjson are those of shopify-rest. */
static const struct om_feed *
feed_of(size_t choice)
{
	static struct om_feed *compiled[OM_COUNT(feeds) + 1];
	static const char yaml[] =
	    "profile: shopify-rest\nformat: ndjson\nitems: []\n";
	struct om_err err = { 0 };
	char path[40];
	FILE *f;

	if (compiled[choice] != NULL)
		return compiled[choice];
	if (choice < OM_COUNT(feeds)) {
		CHECK(om_feed_builtin(feeds[choice], &compiled[choice], &err) ==
		      0);
		return compiled[choice];
	}
	snprintf(path, sizeof(path), "/tmp/om-fuzz-%ld.yaml", (long)getpid());
	f = fopen(path, "wb");
	CHECK(f != NULL && fputs(yaml, f) >= 0 && fclose(f) == 0);
	CHECK(om_feed_load(path, &compiled[choice], &err) == 0);
	(void)unlink(path);
	return compiled[choice];
}

static void
check_feed(const struct om_feed *feed, struct om_str text)
{
	struct om_reader *reader OM_AUTO(om_reader_close) = NULL;
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };
	struct om_err err = { 0 };
	struct om_item item;
	char path[40];
	const char *paths[] = { path };
	FILE *f;
	int rc = 1;

	snprintf(path, sizeof(path), "/tmp/om-fuzz-%ld-j", (long)getpid());
	f = fopen(path, "wb");
	CHECK(f != NULL && fwrite(text.p, 1, text.n, f) == text.n &&
	      fclose(f) == 0);
	CHECK(om_reader_open(feed, paths, 1, 0, NULL, &reader, &err) == 0);
	for (int i = 0; i < ITEMS_MAX && rc == 1; i++) {
		rc = om_reader_next(reader, &arena, &item, &err);
		CHECK(rc >= 0 || err.msg[0] != '\0');
		if (rc == 1)
			check_item(&item, text);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct om_str text = { (const char *)bytes + 1, n - 1 };

	if (n == 0 || (n >= 3 && memcmp(bytes + 1, "\x1f\x8b", 2) == 0))
		return 0;
	check_tokens(text, 2U + bytes[0] / 16U, (bytes[0] & 1) != 0);
	check_feed(feed_of(bytes[0] % (OM_COUNT(feeds) + 1)), text);
	return 0;
}
