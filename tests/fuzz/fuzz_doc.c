/*
 * fuzz_doc.c - whatever a file of documents holds, what comes out is whole.
 *
 * The first byte of an input chooses the format, the rest is the file. Every
 * order must pass the check that the reader claims to have made; every reject
 * must say why, and hold the very bytes of its document.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feed/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define CHECK(true_or_abort)                                                   \
	do {                                                                   \
		if (!(true_or_abort)) {                                        \
			fputs("failed: " #true_or_abort "\n", stderr);         \
			abort();                                               \
		}                                                              \
	} while (0)

static const char *const feeds[] = { "x12-850", "edifact-orders", "ubl-order" };

static const struct om_feed *
profile(size_t choice)
{
	static struct om_feed *compiled[OM_COUNT(feeds)];
	struct om_err err = { 0 };

	if (compiled[choice] == NULL)
		CHECK(om_feed_builtin(feeds[choice], &compiled[choice], &err) ==
		      0);
	return compiled[choice];
}

/* A file that is rewritten for every input. */
static const char *
put(struct om_str text)
{
	static char path[40];
	FILE *f;

	snprintf(path, sizeof(path), "/tmp/om-fuzz-doc-%ld", (long)getpid());
	f = fopen(path, "wb");
	CHECK(f != NULL);
	CHECK(fwrite(text.p, 1, text.n, f) == text.n);
	CHECK(fclose(f) == 0);
	return path;
}

static void
check_reject(const struct om_reject *r, struct om_str file)
{
	size_t bad;

	CHECK(r->reason[0] != '\0');
	CHECK(om_utf8_valid(om_str_of(r->reason), &bad));
	CHECK(om_utf8_valid(r->reference, &bad));
	CHECK(r->reference.n <= OM_REFERENCE_MAX);
	CHECK(r->row_count >= 1);
	for (size_t i = 0; i < r->row_count; i++) {
		const struct om_reject_row *row = &r->rows[i];

		CHECK(row->at.line >= 1);
		CHECK(row->at.offset + row->bytes.n <= file.n);
		CHECK(memcmp(file.p + row->at.offset, row->bytes.p,
			  row->bytes.n) == 0);
	}
}

static void
check_order(const struct om_order *o)
{
	struct om_err err = { 0 };

	CHECK(o->hash == om_hash64(o->channel, o->reference));
	CHECK(om_order_check(o, 0, &err) == 0);
	CHECK(o->kind == OM_KIND_CANCEL || o->line_count > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct om_reader *reader OM_AUTO(om_reader_close) = NULL;
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };
	struct om_str file = { (const char *)bytes + 1, n - 1 };
	struct om_err err = { 0 };
	struct om_item item;
	const char *path;
	int rc;

	/* gzip has fuzzers of its own, and offsets of another kind */
	if (n == 0 || (n >= 3 && memcmp(file.p, "\x1f\x8b", 2) == 0))
		return 0;
	path = put(file);
	if (om_reader_open(profile(bytes[0] % OM_COUNT(feeds)), &path, 1, 0,
		NULL, &reader, &err) < 0) {
		CHECK(err.msg[0] != '\0');
		return 0;
	}
	while ((rc = om_reader_next(reader, &arena, &item, &err)) == 1) {
		if (item.kind == OM_ITEM_REJECT)
			check_reject(&item.reject, file);
		else
			check_order(&item.order);
	}
	CHECK(rc == 0 || err.msg[0] != '\0');
	return 0;
}
