/*
 * csv_scan.h - one record out of a buffer.
 *
 * Private to the CSV reader: csv.c feeds it, csv_scan.c does it. It sees
 * positions in the buffer only; what they are in the input is csv.c's business.
 */
#ifndef OM_TEXT_CSV_SCAN_H
#define OM_TEXT_CSV_SCAN_H

#include "text/csv.h"
#include "text/csv_block.h"

enum om_csv_found {
	OM_CSV_RECORD,
	OM_CSV_MORE,	 /* the buffer ends first */
	OM_CSV_OPEN,	 /* the input ends inside quotes */
	OM_CSV_TOO_MANY, /* fields */
};

struct om_csv_scan {
	struct om_csv_marks marks;
	bool escapes;	   /* marks.escape is one */
	const char *bytes; /* OM_CSV_BLOCK more than have can be read */
	size_t have;

	size_t block;  /* the position whose marks are kept, or SIZE_MAX */
	uint64_t bits; /* its marks, none behind the end */
	bool odd;

	/* The record. Its fields are those of the input: not undone. */
	struct om_str field[OM_CSV_FIELDS_MAX];
	bool quoted[OM_CSV_FIELDS_MAX];
	size_t count;
	uint16_t undo[OM_CSV_FIELDS_MAX]; /* fields with quotes to undo */
	size_t undo_count;
	size_t end;	   /* of its bytes; a line end is there, or for OPEN and
		     * TOO_MANY, what makes it so */
	uint64_t newlines; /* inside quotes */
	bool maybe_odd;	   /* look for NUL and bad UTF-8 */

	const char *problem;
	size_t problem_at;

	/* MORE, OPEN: */
	bool in_quotes;
	size_t quote_at;
	uint64_t quote_newlines; /* before quote_at */
};

/* New bytes, or the same at another place. */
void om_csv_scan_set(struct om_csv_scan *s, const char *bytes, size_t have);

/* The record that starts at start < have. final: nothing follows. */
enum om_csv_found om_csv_scan(struct om_csv_scan *s, size_t start, bool final);

#endif
