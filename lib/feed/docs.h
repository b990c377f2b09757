/*
 * docs.h - the documents of one file, whatever their format.
 *
 * Envelopes (ISA..IEA, UNB..UNZ) are checked on the way: a count or a control
 * number that does not hold is OM_EDATA, with position and both figures.
 */
#ifndef OM_FEED_DOCS_H
#define OM_FEED_DOCS_H

#include "feed/build.h"
#include "feed/doc.h"
#include "feed/manifest.h"

struct om_docs;

/* Whether files of this format are documents. */
bool om_format_is_doc(enum om_format format);

/* feed outlives it. Messages begin with the path. */
OM_MUST_USE int om_docs_open(const struct om_feed *feed, const char *path,
    struct om_docs **out, struct om_err *err);
void om_docs_close(struct om_docs **docs); /* safe on NULL and twice */

/* 1: *out is the next document as an order or a reject, its text in arena;
 * *out_doc until the next call. 0: the end. An order whose claims do not hold
 * is OM_EDATA and ends the batch, except that of a document which may speak of
 * a part of the order: that is a reject. */
OM_MUST_USE int om_docs_item(struct om_docs *docs, struct om_builder *builder,
    struct om_arena *arena, struct om_item *out, struct om_doc **out_doc,
    struct om_err *err);

/* What the documents so far state together, where all of them do. False: they
 * state nothing. */
bool om_docs_stated(const struct om_docs *docs, const struct om_manifest **out);

/* The control numbers of the envelopes so far, as the feed is numbered. */
const struct om_sequences *om_docs_numbers(const struct om_docs *docs);

/* How a format reads: private to docs.c and its formats. */
struct om_doc_format {
	OM_MUST_USE int (*open)(const struct om_feed *feed, const char *path,
	    void **out, struct om_err *err);
	/* Fill doc, begun and ended. 1, 0 or negative. */
	OM_MUST_USE int (
	    *next)(void *self, struct om_doc *doc, struct om_err *err);
	void (*close)(void *self);
};

extern const struct om_doc_format om_doc_x12;
extern const struct om_doc_format om_doc_edifact;
extern const struct om_doc_format om_doc_ubl;

#endif
