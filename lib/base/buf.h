/*
 * buf.h - text that grows, up to a maximum stated when it is born.
 *
 * An add that does not fit is dropped whole, and so is every add after it:
 * after any number of adds, ask om_buf_over() once. Nothing may be added to a
 * buffer from itself. Running out of memory is fatal, as everywhere.
 * The bytes are always followed by a NUL that .n does not count.
 */
#ifndef OM_BASE_BUF_H
#define OM_BASE_BUF_H

#include "base/attr.h"
#include "base/str.h"

struct om_buf {
	char *p;
	size_t n;
	size_t cap;
	size_t max;
	bool over;
};

void om_buf_init(struct om_buf *buf, size_t max);
void om_buf_fini(struct om_buf *buf);  /* safe twice */
void om_buf_reset(struct om_buf *buf); /* empty, capacity kept */

void om_buf_add(struct om_buf *buf, const void *bytes, size_t n);
void om_buf_str(struct om_buf *buf, struct om_str s);
void om_buf_text(struct om_buf *buf, const char *text);
void om_buf_char(struct om_buf *buf, char c);
void om_buf_printf(struct om_buf *buf, const char *fmt, ...) OM_PRINTF(2, 3);

/* n bytes at the end, to be written by the caller before the next add; NULL if
 * they do not fit. */
unsigned char *om_buf_room(struct om_buf *buf, size_t n);
/* The last n bytes of it, which were not needed. */
void om_buf_give_back(struct om_buf *buf, size_t n);

/* Fixed-width big-endian integers, for canonical records. */
void om_buf_be32(struct om_buf *buf, uint32_t n);
void om_buf_be64(struct om_buf *buf, uint64_t n);

bool om_buf_over(const struct om_buf *buf);
struct om_str om_buf_view(const struct om_buf *buf); /* until the next add */

#endif
