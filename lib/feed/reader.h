/*
 * reader.h - orders (or payments) out of the files of one batch, in a fixed
 * order, each either whole and checked or quarantined with its reason.
 *
 * Rows of one order need not be adjacent: they are gathered in memory and,
 * beyond the memory budget, in temporary files. The order in which items come
 * depends only on the input, the feed and the budget, never on timing.
 */
#ifndef OM_FEED_READER_H
#define OM_FEED_READER_H

#include "base/attr.h"
#include "feed/feed.h"

#define OM_REASON_MAX 256

/* One original row of a quarantined order. */
struct om_reject_row {
	struct om_position at;
	struct om_str bytes; /* as it stood, without its line end */
};

/* A quarantined order: why, where, and every byte it came with. value and the
 * rows' bytes may hold anything, also NUL and what is not UTF-8; reason and
 * reference are text. */
struct om_reject {
	struct om_str channel;	 /* of the feed or its column, else empty */
	struct om_str reference; /* as far as it could be read */
	struct om_position at;	 /* of the culprit */
	struct om_str column;	 /* its name in the file, or empty */
	struct om_str value;	 /* the culprit, or empty */
	char reason[OM_REASON_MAX];
	bool in_sum; /* each row is well, all do not add up: are they all? */
	const struct om_currency *currency; /* NULL if unreadable */
	int64_t total_minor; /* the stated total if readable, else 0 */
	const struct om_reject_row *rows;
	size_t row_count;
	struct om_str
	    before; /* of a document in an envelope: what makes one for */
	struct om_str
	    after; /* it alone, in front of its rows and behind them */
};

/* A payment (positive) or refund (negative) that a statement reports. */
struct om_payment {
	struct om_str channel;	 /* of the order */
	struct om_str reference; /* of the order */
	struct om_str payment;	 /* its own id, unique in its feed */
	const struct om_currency *currency;
	int64_t amount_minor;
	int64_t paid_at;
	struct om_position at;
	uint64_t hash; /* om_hash64(channel, reference) */
};

enum om_item_kind { OM_ITEM_ORDER, OM_ITEM_PAYMENT, OM_ITEM_REJECT };

struct om_item {
	enum om_item_kind kind;
	struct om_order order;
	struct om_payment payment;
	struct om_reject reject;
};

struct om_reader;

/* paths are files, gzip by content; as many as om_feed_sources() says.
 * budget is the memory for gathering, in bytes, at least 256 KiB; spill_dir
 * holds what does not fit (NULL: $TMPDIR or /tmp). feed
 * outlives the reader. */
OM_MUST_USE int om_reader_open(const struct om_feed *feed,
    const char *const *paths, unsigned path_count, size_t budget,
    const char *spill_dir, struct om_reader **out, struct om_err *err);
void om_reader_close(struct om_reader **reader);

/* From now on an order or payment, too, comes with its original rows, in
 * item.reject.rows. */
void om_reader_keep_rows(struct om_reader *reader);

/*
 * Before the first om_reader_next(): read orders off as they come, without
 * gathering, as long as their references ascend; no effect where a feed needs
 * no gathering. Where they do not ascend, or a hundred orders in a row seem to
 * lack rows, om_reader_next() fails and om_reader_scattered() says so: forget
 * the items, and read again without this call. Items then come in another order.
 */
void om_reader_stream(struct om_reader *reader);
bool om_reader_scattered(const struct om_reader *reader);

/* 1: *out is the next item, its text allocated in arena. 0: the end.
 * Negative: the input cannot be read on (a missing required column, an
 * unterminated quote, a truncated gzip, a hundred like rejects in a row). */
OM_MUST_USE int om_reader_next(struct om_reader *reader, struct om_arena *arena,
    struct om_item *out, struct om_err *err);

/* What was read so far, to be held against a manifest. */
struct om_read_tally {
	int64_t lines;	/* of an order that was rejected, its rows */
	om_int128 hash; /* the sum of the quantities, in thousandths */
};

const struct om_read_tally *om_reader_tally(const struct om_reader *reader);

/* The numbers of the envelopes read so far, where the feed goes by these. NULL:
 * its files have none. */
struct om_sequences;
const struct om_sequences *om_reader_numbers(const struct om_reader *reader);

/* Data rows read so far, over all sources: headers, comments and blank lines
 * are not rows. */
uint64_t om_reader_rows(const struct om_reader *reader);

/* The header bytes of a source (for reject files); empty if it has none. */
struct om_str om_reader_header(const struct om_reader *reader, unsigned source);

#endif
