/*
 * manifest.h - what a batch must add up to, said by others than its rows.
 *
 * One form for all sources: a file named on the command line, a trailer in the
 * input itself. What was read is brought into the form of struct om_read_tally; who
 * compares the two is the business of ingest. A sidecar with a checksum is
 * compared here.
 */
#ifndef OM_FEED_MANIFEST_H
#define OM_FEED_MANIFEST_H

#include "base/hash.h"
#include "feed/feed.h"
#include "feed/reader.h"

#define OM_MANIFEST_SUMS_MAX 64
#define OM_MANIFEST_PLACES   OM_CURRENCY_EXPONENT_MAX
#define OM_MANIFEST_NAME_MAX 256

/* Which figures are stated. */
enum om_figure {
	OM_FIGURE_ORDERS = 1, /* or payments, rejected ones too */
	OM_FIGURE_LINES = 2,  /* of all orders; of a rejected one its rows */
	OM_FIGURE_ROWS = 4,   /* data rows, of all files */
	OM_FIGURE_HASH = 8,   /* the sum of all quantities */
	OM_FIGURE_SHA256 = 16,
	OM_FIGURE_SEQUENCE = 32, /* of the batch in its feed; holds always */
};

struct om_manifest_sum {
	const struct om_currency *currency; /* NULL: the only one there is */
	int64_t amount; /* OM_MANIFEST_PLACES of the major unit */
};

struct om_manifest {
	char name[OM_MANIFEST_NAME_MAX]; /* who says so, for messages */
	unsigned stated;		 /* of enum om_figure */
	int64_t orders;
	int64_t lines;
	int64_t rows;
	int64_t hash_milli;
	int64_t sequence;
	char sha256[OM_SHA256_HEX];
	struct om_manifest_sum sum[OM_MANIFEST_SUMS_MAX];
	size_t sums;
};

/* --manifest FILE, a YAML map: orders, lines, rows, sum, hash, sha256,
 * sequence. Unknown keys are OM_EUSAGE with a suggestion. */
OM_MUST_USE int om_manifest_load(const char *path, struct om_manifest *out,
    struct om_err *err);

/* A decimal number at OM_MANIFEST_PLACES. */
OM_MUST_USE int om_manifest_amount(struct om_str text,
    const struct om_number_format *number, int64_t *out, struct om_err *err);
/* A quantity in thousandths; a count. */
OM_MUST_USE int om_manifest_hash(struct om_str text,
    const struct om_number_format *number, int64_t *out, struct om_err *err);
OM_MUST_USE int om_manifest_count(struct om_str text, int64_t *out,
    struct om_err *err);

#define OM_SIDECAR_PATH_MAX 4096
#define OM_SIDECAR_MAX	    ((size_t)4 * 1024 * 1024)

/* Does the feed want a sidecar? Then its path, for this source as it was named.
 * And what its text says of the source: it has this SHA-256, or OM_EDATA. */
bool om_sidecar_wanted(const struct om_feed *feed);
OM_MUST_USE int om_sidecar_path(const struct om_feed *feed, const char *source,
    char out[OM_SIDECAR_PATH_MAX], struct om_err *err);
OM_MUST_USE int om_sidecar_says(struct om_str text, const char *path,
    const char *source, const char *hex, struct om_err *err);

/* If the feed wants a sidecar: its line for source (a path), or its only line,
 * holds this SHA-256. OM_ENOENT without a sidecar, OM_EDATA if it differs. */
OM_MUST_USE int om_sidecar_check(const struct om_feed *feed, const char *source,
    const unsigned char sha[OM_SHA256_SIZE], struct om_err *err);

/* What the input's own trailer states, once the reader is at its end. 1: *out
 * is it. 0: the feed has none. OM_EDATA: there should be one. */
OM_MUST_USE int om_reader_stated(const struct om_reader *reader,
    const struct om_manifest **out, struct om_err *err);

#endif
