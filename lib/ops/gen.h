/*
 * gen.h - deterministic orders, the statement that should match them, what is
 * planted in both, and the answer keys.
 *
 * The same options give the same bytes on every machine. Everything about an
 * order follows from the seed and its number, so memory stays constant and
 * parts can be made apart: the files of parts 1..K, put behind each other,
 * are the files of the whole.
 *
 * orders.csv     profile canonical; one row per line, or, without lines, one
 *                row per order with ten columns
 * statement.csv  profile payments: one payment in full per order that gets in
 * answers.csv    class,key,left_amount,right_amount,currency: the breaks, with
 *                the orders as the left side, the statement as the right and
 *                the reference as the key
 *
 * and, if changes or bad rows are asked for:
 *
 * changes.csv    profile canonical: later revisions and cancellations of
 *                orders of orders.csv, to be loaded after it
 * rejects.csv    line,column,class,reference,currency,total,reason: what
 *                ingest says of the damaged orders of orders.csv
 * books.csv      file,currency,outcome,orders,amount: the books of both files
 */
#ifndef OM_OPS_GEN_H
#define OM_OPS_GEN_H

#include "base/err.h"
#include "base/hash.h"
#include "store/outcome.h"

#define OM_GEN_ORDERS_MAX     INT64_C(10000000000)
#define OM_GEN_LINES_MAX      1000 /* average per order */
#define OM_GEN_DAYS_MAX	      3650
#define OM_GEN_PARTS_MAX      4096
#define OM_GEN_CURRENCIES_MAX 16
#define OM_GEN_WEIGHT_MAX     1000000

/* What part of the orders is in which currency. */
struct om_gen_mix {
	int count;
	uint32_t sum; /* of the weights */
	struct {
		const struct om_currency *currency;
		uint32_t weight;
	} part[OM_GEN_CURRENCIES_MAX];
};

/* "EUR:70,USD:20,JPY:5,KWD:5", or "EUR" alone. */
OM_MUST_USE int om_gen_mix_parse(struct om_str text, struct om_gen_mix *out,
    struct om_err *err);

struct om_gen_options {
	uint64_t seed;
	int64_t orders;
	int64_t lines; /* average per order; 0: no lines, ten columns */
	bool random_references;
	/* Each concerns an order of its own: together <= orders. */
	int64_t breaks;
	int64_t amendments;
	int64_t cancellations;
	int64_t bad_rows;
	const char *channel;
	struct om_gen_mix mix;
	int64_t start; /* the first order's time, seconds UTC */
	int64_t days;  /* over which the orders are spread */
	int64_t parts; /* make part (1..parts) of the whole */
	int64_t part;
	bool dry_run; /* the figures, but no files */
};

/* The classes of breaks that are planted, in turn. */
enum om_gen_break {
	OM_GEN_MISSING_RIGHT, /* the order was never paid */
	OM_GEN_AMOUNT_UNDER,  /* the statement says less */
	OM_GEN_MISSING_LEFT,  /* a payment for an order that is not there */
	OM_GEN_AMOUNT_OVER,
	OM_GEN_DUPLICATE, /* the same payment twice */
	OM_GEN_CURRENCY,  /* the same amount in another currency */
	OM_GEN_BREAK_COUNT
};

const char *om_gen_break_name(enum om_gen_break what); /* "amount_over" */

/* How the rows of an order are damaged, in turn. */
enum om_gen_bad {
	OM_GEN_BAD_AMOUNT,	  /* the total is no number */
	OM_GEN_MISSING_REFERENCE, /* and one row is all there is */
	OM_GEN_UNKNOWN_CURRENCY,
	OM_GEN_TOTAL_OFF, /* by the smallest unit */
	OM_GEN_NOT_UTF8,
	OM_GEN_MISSING_CELL,
	OM_GEN_EXTRA_CELL,
	OM_GEN_BAD_DATE,
	/* only if there are lines: */
	OM_GEN_BAD_QUANTITY,
	OM_GEN_LINE_TOTAL_OFF,
	OM_GEN_BAD_COUNT
};

const char *om_gen_bad_name(enum om_gen_bad what); /* "bad_amount" */

enum om_gen_file_no {
	OM_GEN_ORDERS,
	OM_GEN_STATEMENT,
	OM_GEN_ANSWERS,
	OM_GEN_CHANGES,
	OM_GEN_REJECTS,
	OM_GEN_BOOKS,
	OM_GEN_FILES
};

struct om_gen_summary {
	int64_t orders;
	int64_t lines;
	struct {
		int64_t orders;
		int64_t total_minor;
	} money[OM_GEN_CURRENCIES_MAX]; /* by index in the mix */
	int64_t breaks[OM_GEN_BREAK_COUNT];
	int64_t amended;
	int64_t cancelled;
	int64_t bad[OM_GEN_BAD_COUNT];
	struct {
		const char *name; /* "orders.csv"; NULL: not asked for */
		uint64_t rows;	  /* without the header */
		uint64_t bytes;
		char sha256[OM_SHA256_HEX];
	} file[OM_GEN_FILES];
};

/* "12", or "0.5%" of the orders, rounded down. OM_EUSAGE. */
OM_MUST_USE int om_gen_count(struct om_str text, int64_t orders, int64_t *out,
    struct om_err *err);

OM_MUST_USE int om_gen_check(const struct om_gen_options *opt,
    struct om_err *err); /* the bounds, OM_EUSAGE */

/* Bounds are checked (OM_EUSAGE); dir is made if it is missing, its files
 * appear whole or not at all and replace what was there. */
OM_MUST_USE int om_gen_run(const struct om_gen_options *opt, const char *dir,
    struct om_gen_summary *out, struct om_err *err);

#endif
