/*
 * doc.h - business documents (X12, EDIFACT, UBL) as rows: a header, a row for
 * each order line, and what follows them.
 *
 * Each format fills the same columns, so that a profile maps them to facts as
 * it maps those of a CSV file. A document is one order and complete in itself:
 * nothing is gathered. Rows hold the document's own bytes; what the format
 * computes (sums of allowances, a price per piece) stands in cells beside them.
 *
 * What a document says it adds up to is a claim. Claims about counts are held
 * against the document as it is read; those about money once it is an order.
 */
#ifndef OM_FEED_DOC_H
#define OM_FEED_DOC_H

#include "feed/row.h"
#include "feed/spec.h"

#define OM_DOC_BYTES_MAX  ((size_t)64 * 1024 * 1024)
#define OM_DOC_CLAIMS_MAX 8
#define OM_DOC_MICRO	  6 /* places in which documents are added up */

enum om_doc_column {
	OM_DC_PURPOSE,
	OM_DC_TYPE,
	OM_DC_NUMBER,
	OM_DC_REVISION,
	OM_DC_DATE,
	OM_DC_CURRENCY,
	OM_DC_CUSTOMER,
	OM_DC_SHIP_TO,
	OM_DC_SUPPLIER,
	OM_DC_CONTRACT,
	OM_DC_INTERCHANGE,
	OM_DC_ALLOWANCE,
	OM_DC_CHARGE,
	OM_DC_TAX,
	OM_DC_LINE,
	OM_DC_SKU,
	OM_DC_QUANTITY,
	OM_DC_UNIT_PRICE,
	OM_DC_LINE_GROSS,
	OM_DC_LINE_DISCOUNT,
	OM_DC_LINE_TAX,
	OM_DC_LINE_TOTAL,
	OM_DC_COUNT
};

/* What of an order a claim is about. */
enum om_doc_figure {
	OM_DOC_SUBTOTAL,
	OM_DOC_DISCOUNT,
	OM_DOC_SHIPPING,
	OM_DOC_TAX,
	OM_DOC_NET, /* subtotal less discount, with shipping, without tax */
	OM_DOC_TOTAL,
};

struct om_doc_claim {
	const char *name; /* "AMT*TT" */
	enum om_doc_figure figure;
	struct om_str text; /* as stated, its decimal mark a point */
	om_int128 adjust;   /* micro; added to the figure before comparing */
	struct om_position at;
};

/* Sums in millionths; bad once a term is no number. */
struct om_doc_sum {
	om_int128 micro;
	size_t terms;
	bool bad;
};

/* One document, on its way in and when it is there; all its memory is in its
 * arena and lives until the next one begins. */
struct om_doc {
	struct om_arena arena;
	const struct om_feed *feed;
	struct om_row *rows;
	struct om_str **cell; /* of each row */
	uint64_t *end;	      /* of each row's bytes, in the input */
	size_t count;
	size_t room;
	size_t lines; /* rows that are one */
	bool change;  /* may speak of a part of the order only */
	struct om_doc_claim claim[OM_DOC_CLAIMS_MAX];
	size_t claims;
	struct om_position at; /* of its first byte */
	struct om_str before; /* an envelope for it alone: what stands before */
	struct om_str after;  /* and behind it; or empty */
	uint64_t items;	      /* lines as the format counts them */
	struct om_doc_sum hash;	      /* of their quantities */
	struct om_sequences *numbers; /* of the envelopes so far */
	bool states_orders;	      /* its envelope says how many there are */
	bool states_items;
	bool states_hash;
};

/* Name of each column, OM_DC_COUNT of them. */
const struct om_str *om_doc_columns(void);

void om_doc_begin(struct om_doc *doc, struct om_position at);
void om_doc_fini(struct om_doc *doc);

/* The next row begins here and the one before it ends. OM_ELIMIT: the order
 * has too many lines. */
OM_MUST_USE int om_doc_row(struct om_doc *doc, struct om_position at,
    bool is_line, struct om_err *err);
/* A cell of row i; text lives as long as the document. A cell that is filled
 * already stays as it is. */
void om_doc_set(struct om_doc *doc, size_t row, enum om_doc_column column,
    struct om_str text);
struct om_str om_doc_get(const struct om_doc *doc, size_t row,
    enum om_doc_column column);

/* What the bytes of a document must be. */
enum om_doc_bytes { OM_DOC_UTF8, OM_DOC_LATIN1, OM_DOC_CHECKED };

/* The control number of an envelope, if that is how the feed is numbered. One
 * that is no number, as EDIFACT allows, is none to follow. */
void om_doc_envelope(struct om_doc *doc, enum om_envelope envelope,
    struct om_str control);

/* Nothing more comes: bytes are those from doc->at on. Rows get theirs, and a
 * problem if these are not what they must be. */
void om_doc_end(struct om_doc *doc, struct om_str bytes, enum om_doc_bytes are);

/* More than OM_DOC_CLAIMS_MAX are dropped; text is copied. */
void om_doc_claim(struct om_doc *doc, const char *name,
    enum om_doc_figure figure, struct om_str text, om_int128 adjust,
    struct om_position at);

/* "line 3, byte 120: ..."; returns the code. */
int om_doc_fail(struct om_err *err, enum om_code code, struct om_position at,
    const char *fmt, ...) OM_PRINTF(4, 5);

/* "CTT01 says 5, there are 4 lines" unless text is that number. */
OM_MUST_USE int om_doc_count(struct om_err *err, struct om_position at,
    const char *name, struct om_str text, uint64_t there, const char *what);

/* "CTT02 says 21, the quantities make 20" unless text is the sum of the
 * quantities, or other if it is not NULL. An empty text states nothing. */
OM_MUST_USE int om_doc_hash(struct om_doc *doc, struct om_err *err,
    struct om_position at, const char *name, struct om_str text,
    const struct om_doc_sum *other);

/* Hold the order against the claims. With `tax: auto` a stated total that is
 * nearer to the sum without the tax means that prices include it. OM_EDATA:
 * both figures are in the message. */
OM_MUST_USE int om_doc_settle(const struct om_doc *doc, struct om_order *order,
    struct om_err *err);
/* The stated total of a document that became no order, or 0. */
int64_t om_doc_stated(const struct om_doc *doc, const struct om_currency *c);

/* ".5", "5." and "+5" as others read them; with comma, also "0,5". Anything
 * else stays as it is. */
struct om_str om_doc_number(struct om_arena *arena, struct om_str text,
    bool comma);

void om_doc_add(struct om_doc_sum *sum, struct om_str text, bool negative);
/* As a decimal; {NULL, 0} if there was no term. A bad sum is "?", so that
 * whoever reads it complains. */
struct om_str om_doc_sum_text(struct om_arena *arena,
    const struct om_doc_sum *sum);

/* The price of a line whose quantity is known, for so many pieces (empty: one):
 * the price of one to six places, and the gross of the line from the exact
 * quotient, each rounded half up. */
void om_doc_price_per(struct om_doc *doc, size_t row, struct om_str price,
    struct om_str per);

/* A revision that is a number, so that 10 comes after 9 byte by byte. */
struct om_str om_doc_revision(struct om_arena *arena, struct om_str text);

#endif
