/*
 * fuzz_feed.c - whatever a file holds, what comes out of a feed is whole.
 *
 * The first byte of an input chooses the feed; for the last choice a mapping
 * follows up to the first RS (0x1e). The rest is the file, or two with an RS
 * between them. Every order must pass the check that the reader claims to have
 * made; every reject must say why, and hold the very bytes of its rows.
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

#define ITEMS_MAX 100000

static const char *const feeds[] = { "canonical", "payments", "shopify", "tpch",
	"tpch-delete" };

/* A file that is rewritten for every input. */
static const char *
put(unsigned i, struct om_str text)
{
	static char path[3][40];
	FILE *f;

	snprintf(path[i], sizeof(path[i]), "/tmp/om-fuzz-%ld-%u",
	    (long)getpid(), i);
	f = fopen(path[i], "wb");
	CHECK(f != NULL);
	CHECK(fwrite(text.p, 1, text.n, f) == text.n);
	CHECK(fclose(f) == 0);
	return path[i];
}

/* Compiled once: the profiles are not what is tried here. */
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

static struct om_str
cut(struct om_str *rest)
{
	const char *rs = memchr(rest->p, 0x1e, rest->n);
	struct om_str head = { rest->p,
		rs == NULL ? rest->n : (size_t)(rs - rest->p) };

	rest->p += head.n + (rs != NULL);
	rest->n -= head.n + (rs != NULL);
	return head;
}

static void
check_reject(const struct om_reject *r, const struct om_str *text)
{
	size_t bad;

	CHECK(r->reason[0] != '\0');
	CHECK(om_utf8_valid(om_str_of(r->reason), &bad));
	CHECK(om_utf8_valid(r->reference, &bad));
	CHECK(r->reference.n <= OM_REFERENCE_MAX);
	CHECK(r->row_count >= 1);
	for (size_t i = 0; i < r->row_count; i++) {
		const struct om_reject_row *row = &r->rows[i];
		struct om_str file = text[row->at.source];

		CHECK(row->at.line >= 1);
		CHECK(row->at.offset + row->bytes.n <= file.n);
		CHECK(memcmp(file.p + row->at.offset, row->bytes.p,
			  row->bytes.n) == 0);
	}
}

static void
check_item(const struct om_item *item, const struct om_str *text, bool exact)
{
	const struct om_order *o = &item->order;
	const struct om_payment *p = &item->payment;
	struct om_err err = { 0 };

	if (item->kind == OM_ITEM_REJECT) {
		check_reject(&item->reject, text);
	} else if (item->kind == OM_ITEM_PAYMENT) {
		CHECK(p->currency != NULL && p->payment.n > 0);
		CHECK(p->hash == om_hash64(p->channel, p->reference));
	} else {
		CHECK(o->hash == om_hash64(o->channel, o->reference));
		CHECK(!exact || om_order_check(o, 0, &err) == 0);
	}
}

static void
read_all(const struct om_feed *feed, const char *const *paths,
    const struct om_str *text, bool exact)
{
	struct om_reader *reader OM_AUTO(om_reader_close) = NULL;
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };
	struct om_err err = { 0 };
	struct om_item item;

	if (om_reader_open(feed, paths, om_feed_sources(feed), 0, NULL, &reader,
		&err) < 0) {
		CHECK(err.msg[0] != '\0');
		return;
	}
	for (int i = 0; i < ITEMS_MAX; i++) {
		int rc = om_reader_next(reader, &arena, &item, &err);

		CHECK(rc >= 0 || err.msg[0] != '\0');
		if (rc <= 0)
			return;
		check_item(&item, text, exact);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct om_feed *feed OM_AUTO(om_feed_free) = NULL;
	struct om_err err = { 0 };
	struct om_str rest = { (const char *)bytes + 1, n - 1 };
	struct om_str text[OM_FEED_SOURCES_MAX];
	const char *paths[OM_FEED_SOURCES_MAX];
	const struct om_feed *chosen = NULL;
	size_t choice;

	if (n == 0)
		return 0;
	choice = bytes[0] % (OM_COUNT(feeds) + 1);
	if (choice < OM_COUNT(feeds)) {
		chosen = profile(choice);
	} else if (om_feed_load(put(2, cut(&rest)), &feed, &err) < 0) {
		CHECK(err.msg[0] != '\0');
		return 0;
	}
	if (feed != NULL)
		chosen = feed;
	text[0] = om_feed_sources(chosen) == 2 ? cut(&rest) : rest;
	text[1] = rest;
	/* gzip has fuzzers of its own, and offsets of another kind */
	for (unsigned i = 0; i < OM_FEED_SOURCES_MAX; i++) {
		if (text[i].n >= 2 && memcmp(text[i].p, "\x1f\x8b", 2) == 0)
			return 0;
		paths[i] = put(i, text[i]);
	}
	read_all(chosen, paths, text, choice < OM_COUNT(feeds));
	return 0;
}
