/*
 * csv.h - delimited records (CSV, TSV, pipes) with their exact positions.
 *
 * RFC 4180 with the dialect options people meet. A zero-copy scanner: fields
 * point into the caller's bytes or, when quotes had to be undone, into the
 * reader's own scratch; both live until the next call. A record that is wrong
 * by itself (a NUL byte, bytes that are not UTF-8, text behind a closing
 * quote, a bare quote) is returned with .problem set, so that the caller can
 * quarantine it and go on. What makes the rest of the input meaningless (an
 * unterminated quote, a record over the maximum) is an error with a position.
 *
 * Blank lines are skipped and counted as lines. Line ends are LF, CR LF or CR,
 * also mixed, and count as lines inside quotes too. A UTF-8 BOM at the start of
 * the input is dropped and counted in the offsets. Offsets are counted from 0,
 * in bytes of the input, or where the dialect has a measure, in what it makes
 * of them; lines from 1. Blanks around a field belong to it.
 *
 * A field with a problem is given as it lies there, quotes and all.
 */
#ifndef OM_TEXT_CSV_H
#define OM_TEXT_CSV_H

#include "base/err.h"
#include "base/str.h"

#define OM_CSV_FIELDS_MAX 4096
#define OM_CSV_RECORD_MAX ((size_t)16 * 1024 * 1024)

/* The length that some bytes had before they were made UTF-8: decode.h. */
typedef uint64_t om_measure_fn(const char *bytes, size_t n);

struct om_csv_dialect {
	char delimiter; /* 0 means ',' */
	char quote;	/* 0 means '"'; '\n' means no quoting */
	char comment;	/* 0 means none: lines that start so are skipped */
	char escape;	/* 0 means none: the byte behind it is taken as it is */
	bool trailing_delimiter; /* the last, empty field is not a field */
	size_t record_max;	 /* bytes; 0 means OM_CSV_RECORD_MAX */
	om_measure_fn *measure;	 /* NULL: bytes are as in the input */
};

struct om_csv_record {
	const struct om_str *field;
	const bool *quoted; /* [count]: tells "" from nothing */
	size_t count;
	uint64_t line;	     /* 1.., where the record starts */
	uint64_t offset;     /* of its first byte in the input */
	struct om_str raw;   /* the bytes of the record, without its line end */
	const char *problem; /* NULL, or what is wrong with it */
	size_t problem_field; /* 0.. */
	uint64_t problem_offset;
};

/* Give up to n bytes of input; *out_n 0 at its end. */
typedef int om_read_fn(void *arg, void *bytes, size_t n, size_t *out_n,
    struct om_err *err);

struct om_csv;

OM_MUST_USE int om_csv_open(const struct om_csv_dialect *dialect,
    om_read_fn *read, void *arg, struct om_csv **out, struct om_err *err);
void om_csv_close(struct om_csv **csv);

/* 1: *out is a record. 0: the end. Negative: failed. */
OM_MUST_USE int om_csv_next(struct om_csv *csv, struct om_csv_record *out,
    struct om_err *err);

/* The fields of one record given as bytes, in the arena. For small jobs, such
 * as showing a quarantined row; strict, so a record with a structural problem
 * is OM_EDATA. No comments, no escapes: those are OM_EUSAGE. */
OM_MUST_USE int om_csv_fields(struct om_arena *arena, struct om_str record,
    const struct om_csv_dialect *dialect, const struct om_str **out,
    size_t *out_count, struct om_err *err);

struct om_buf;

/* Append one field, quoted if and only if it must be. */
void om_csv_write_field(struct om_buf *out, struct om_str field,
    char delimiter);

/* Append a record and its LF. A lone empty field is quoted: as a blank line it
 * would be lost. */
void om_csv_write_record(struct om_buf *out, const struct om_str *field,
    size_t count, char delimiter);

#endif
