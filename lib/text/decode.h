/*
 * decode.h - the bytes of a file as UTF-8, whatever it was written in.
 *
 * A stage between a source of bytes and the CSV reader. A byte order mark at
 * the very start decides, whatever was declared; it goes on as U+FEFF, which
 * the CSV reader drops. UTF-16 without one is noticed by the NUL bytes in its
 * first characters and refused, unless its byte order was declared.
 *
 * UTF-8 goes through untouched, valid or not. In the others, what is no
 * character (an unpaired surrogate, a byte that windows-1252 has no use for)
 * becomes a sequence that is not UTF-8, so that the row that holds it is
 * quarantined and no other: a surrogate in three bytes as if it were a
 * character, a byte as U+0080 ... U+00FF in three bytes, one more than due.
 */
#ifndef OM_TEXT_DECODE_H
#define OM_TEXT_DECODE_H

#include "text/csv.h"

enum om_encoding {
	OM_ENC_UTF8, /* the default */
	OM_ENC_LATIN1,
	OM_ENC_WINDOWS_1252,
	OM_ENC_UTF16, /* the byte order mark says which */
	OM_ENC_UTF16LE,
	OM_ENC_UTF16BE,
	OM_ENCODINGS
};

const char *om_encoding_name(enum om_encoding encoding); /* "utf-16le" */

#define OM_DECODE_BLOCK ((size_t)16 * 1024)

/* Stays where it is while it is read from. */
struct om_decoder {
	om_read_fn *read;
	void *arg;
	enum om_encoding encoding; /* as decided: never OM_ENC_UTF16 */
	bool marked;		   /* there was a byte order mark */
	bool ended;
	size_t at;
	size_t have;
	uint64_t before; /* offset of block[0] in the input */
	unsigned char block[OM_DECODE_BLOCK];
};

/* Reads the first block and decides. OM_EDATA "looks like UTF-16 ...". */
OM_MUST_USE int om_decode_open(struct om_decoder *d, enum om_encoding declared,
    om_read_fn *read, void *arg, struct om_err *err);

/* An om_read_fn whose arg is the decoder; n is at least 4. OM_EDATA if the
 * input ends inside a character of UTF-16. */
int om_decode_read(void *decoder, void *bytes, size_t n, size_t *out_n,
    struct om_err *err);

/* How many bytes of the input some decoded bytes, whole characters, come
 * from: what makes offsets those of the input. NULL: just as many. */
om_measure_fn *om_decode_measure(const struct om_decoder *d);

#endif
