/*
 * input.h - one side of a reconciliation: rows of named columns, pulled.
 *
 * A file, a store's orders, a test's table: each is a struct om_rec_input
 * that its maker fills. next() is called from one thread at a time, possibly
 * not the one that made the input, and never after it returned 0 or failed.
 */
#ifndef OM_RECON_INPUT_H
#define OM_RECON_INPUT_H

#include "base/err.h"
#include "base/hash.h"

/* One row. The cells live until the next call of next(). */
struct om_rec_record {
	const struct om_str *cell; /* in the order of the input's columns */
	size_t count;  /* of cells; a row may be ragged. {NULL, 0}: no value */
	uint64_t line; /* 1.., for people: where to look */
	const char *problem; /* NULL, or why no cell of it can be trusted */
	const char *fault;   /* NULL, or why only its key can be trusted */
	struct om_str raw;   /* what to show of it: the row as it stood */
};

/* 1: *out is the next row. 0: the end. Negative: failed. */
typedef int om_rec_next_fn(void *arg, struct om_rec_record *out,
    struct om_err *err);

/* What the bytes were; complete once next() has returned 0. */
struct om_rec_origin {
	uint64_t bytes;		    /* as they lie there, not decoded */
	char sha256[OM_SHA256_HEX]; /* of those bytes */
};

struct om_rec_input {
	const char *name; /* for messages and headings: "bank.csv" */
	const char *const *columns;
	size_t column_count;
	/* [column_count], all false, or NULL. Before the first next() those
	 * that will be looked at become true; the others may stay empty. */
	bool *wanted;
	om_rec_next_fn *next;
	void *arg;
	const struct om_rec_origin *origin; /* NULL: it is not a file */
};

#endif
