/*
 * rules.h - what makes two rows the same, and what may differ between them.
 *
 * Rules are words on a command line, resolved once against the columns of
 * both sides. A compared column is an amount or text. Amounts are integers:
 * minor units of the row's currency or, when no currency is known, millionths.
 */
#ifndef OM_RECON_RULES_H
#define OM_RECON_RULES_H

#include "order/money.h"
#include "recon/input.h"

#define OM_REC_KEYS_MAX	    8
#define OM_REC_COMPARES_MAX 32
#define OM_REC_PLACES	    6 /* of an amount without a currency */

enum om_rec_kind { OM_REC_TEXT, OM_REC_AMOUNT };

enum om_rec_slack {
	OM_REC_NONE,
	OM_REC_ABSOLUTE, /* millionths of the major unit */
	OM_REC_RELATIVE, /* of the left amount, in units of 10^-8 */
};

/* A column that is looked at, on both sides. */
struct om_rec_column {
	const char *left; /* its name; that of the right unless mapped */
	const char *right;
	size_t at[2]; /* its index, left and right */
	enum om_rec_kind kind;
	enum om_rec_slack slack;
	int64_t tolerance; /* as slack says; >= 0 */
	const char *tolerance_text;
};

struct om_rec_rules {
	struct om_rec_column key[OM_REC_KEYS_MAX];
	size_t keys;
	struct om_rec_column compare[OM_REC_COMPARES_MAX];
	size_t compares;
	bool has_currency;	       /* a column says it, row by row */
	struct om_rec_column currency; /* if it does */
	const struct om_currency *default_currency; /* else; NULL: unknown */
	size_t amounts; /* compared columns that are amounts */
	size_t texts;	/* compared columns that are not */
	size_t main;	/* the first amount's index; compares: there is none */
};

/* The words as they were given. */
struct om_rec_words {
	const char *key;     /* "id" or "channel,reference" */
	const char *compare; /* NULL, or "total,status:text" */
	/* A column, an ISO 4217 code, "none", or NULL: the column "currency"
	 * if both sides have one. */
	const char *currency;
	const char *const *tolerance; /* "total=0.01", "fee=5bp", "fee=2%" */
	size_t tolerance_count;
	const char *const *map; /* "LEFT=RIGHT": names of one column */
	size_t map_count;
};

/* Fails with OM_EUSAGE, naming the nearest column when one is unknown. Text is
 * copied into arena; the inputs are only looked at. */
OM_MUST_USE int om_rec_rules_make(struct om_arena *arena,
    const struct om_rec_words *words, const struct om_rec_input *left,
    const struct om_rec_input *right, struct om_rec_rules *out,
    struct om_err *err);

/* Is the difference of two amounts within the column's tolerance? places is
 * the number of minor digits both are counted in. Exact at the limit. */
bool om_rec_within(const struct om_rec_column *column, int64_t left,
    int64_t right, int places);

#endif
