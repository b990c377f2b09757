/*
 * ubl.h - the elements of one UBL document as rows; part of ubl.c.
 */
#ifndef OM_FEED_UBL_H
#define OM_FEED_UBL_H

#include "feed/doc.h"

/* Amounts of AnticipatedMonetaryTotal. */
enum om_ubl_total {
	OM_UBL_LINES,
	OM_UBL_EXCLUSIVE,
	OM_UBL_INCLUSIVE,
	OM_UBL_ALLOWANCES,
	OM_UBL_CHARGES,
	OM_UBL_PREPAID,
	OM_UBL_ROUNDING,
	OM_UBL_PAYABLE,
	OM_UBL_TOTALS
};

struct om_ubl {
	struct om_doc *doc;
	bool is_order; /* not a change or cancellation */
	bool in_line;
	bool deleted; /* the line at hand */
	size_t row;
	struct om_str date;
	struct om_str time;
	struct om_str sequence;
	struct om_str party[4]; /* how the buyer is called, best first */
	struct om_str price;
	struct om_str per;
	struct om_str item[3]; /* seller's, standard, buyer's */
	struct om_str line_count;
	struct om_position line_count_at;
	bool charge; /* of the AllowanceCharge at hand */
	struct om_doc_sum allowed;
	struct om_doc_sum charged;
	struct om_doc_sum off; /* of the line */
	struct om_str total[OM_UBL_TOTALS];
	struct om_position total_at[OM_UBL_TOTALS];
	size_t references;
};

OM_MUST_USE int om_ubl_begin(struct om_ubl *u, struct om_doc *doc,
    const char *kind, struct om_position at, struct om_err *err);
OM_MUST_USE int om_ubl_start(struct om_ubl *u, const char *path,
    struct om_position at, struct om_err *err);
/* currency: the element's currencyID, or empty. */
OM_MUST_USE int om_ubl_value(struct om_ubl *u, const char *path,
    struct om_str text, const char *currency, struct om_position at,
    struct om_err *err);
OM_MUST_USE int om_ubl_end(struct om_ubl *u, struct om_position at,
    struct om_err *err);

#endif
