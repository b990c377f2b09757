/*
 * gen_file.h - rows into a file without a printf per field.
 *
 * A row is written straight into the file's buffer: om_gen_file_row() makes
 * room for OM_GEN_ROW_MAX bytes and says where, the om_put_ functions append
 * there and return the new end, om_gen_file_end() takes it. Whole buffers go
 * to the hash and to the disk.
 */
#ifndef OM_OPS_GEN_FILE_H
#define OM_OPS_GEN_FILE_H

#include <string.h>

#include "base/hash.h"
#include "io/output.h"

#define OM_GEN_ROW_MAX 1024

struct om_gen_file {
	struct om_output out;
	struct om_sha256 sha;
	char *buffer; /* NULL: not open */
	size_t used;
	bool dry;
	uint64_t bytes;
	uint64_t rows;
};

/* dry: only count and hash. */
OM_MUST_USE int om_gen_file_open(struct om_gen_file *file, const char *dir,
    const char *name, bool dry, struct om_err *err);
/* The file appears; sha256 is of its content. */
OM_MUST_USE int om_gen_file_commit(struct om_gen_file *file,
    char sha256[OM_SHA256_HEX], struct om_err *err);
void om_gen_file_close(struct om_gen_file *file); /* safe twice */

OM_MUST_USE int om_gen_file_flush(struct om_gen_file *file, struct om_err *err);

#define OM_GEN_BUFFER ((size_t)1024 * 1024)

/* Where the next row goes; NULL: the disk is full, *err says so. */
static inline char *
om_gen_file_row(struct om_gen_file *file, struct om_err *err)
{
	if (OM_GEN_BUFFER - file->used < OM_GEN_ROW_MAX &&
	    om_gen_file_flush(file, err) < 0)
		return NULL;
	return file->buffer + file->used;
}

static inline void
om_gen_file_end(struct om_gen_file *file, const char *end)
{
	file->used = (size_t)(end - file->buffer);
	file->rows++;
}

static inline char *
om_put_str(char *p, struct om_str s)
{
	memcpy(p, s.p, s.n);
	return p + s.n;
}

static inline char *
om_put_char(char *p, char c)
{
	*p = c;
	return p + 1;
}

/* Decimal, with zeros in front up to width digits. */
char *om_put_digits(char *p, uint64_t n, int width);

/* "-12.50": n counted in units of 10^-places; 0, 2, 3 or 4 places, as
 * currencies have them. */
char *om_put_amount(char *p, int64_t n, int places);

char *om_put_hex64(char *p, uint64_t n);

/* RFC 3339, UTC, from 1970 on. *dates, zeroed at first, keeps the text of the
 * last few dates: neighbouring rows are seldom further apart. */
#define OM_PUT_DATES 8
struct om_put_dates {
	int64_t day[OM_PUT_DATES];
	char text[OM_PUT_DATES][12];
};
char *om_put_time(char *p, int64_t when, struct om_put_dates *dates);

#endif
