/* buf.c - doubling growth below a fixed maximum; see buf.h. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/be.h"

#define CAP_MIN 256

void
om_buf_init(struct om_buf *buf, size_t max)
{
	*buf = (struct om_buf){ .max = max };
}

void
om_buf_fini(struct om_buf *buf)
{
	free(buf->p);
	*buf = (struct om_buf){ .max = buf->max };
}

void
om_buf_reset(struct om_buf *buf)
{
	buf->n = 0;
	buf->over = false;
	if (buf->p != NULL)
		buf->p[0] = '\0';
}

/* Room for n more bytes and a NUL, or false when that passes the maximum. */
static bool
reserve(struct om_buf *buf, size_t n)
{
	size_t cap = buf->cap < CAP_MIN ? CAP_MIN : buf->cap;

	if (buf->over || n > buf->max - buf->n) {
		buf->over = true;
		return false;
	}
	if (buf->cap > buf->n + n)
		return true;
	while (cap <= buf->n + n)
		cap *= 2;
	buf->p = realloc(buf->p, cap);
	if (buf->p == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	buf->cap = cap;
	return true;
}

void
om_buf_add(struct om_buf *buf, const void *bytes, size_t n)
{
	if (!reserve(buf, n))
		return;
	if (n > 0)
		memcpy(buf->p + buf->n, bytes, n);
	buf->n += n;
	buf->p[buf->n] = '\0';
}

void
om_buf_str(struct om_buf *buf, struct om_str s)
{
	om_buf_add(buf, s.p, s.n);
}

void
om_buf_text(struct om_buf *buf, const char *text)
{
	om_buf_add(buf, text, strlen(text));
}

void
om_buf_char(struct om_buf *buf, char c)
{
	om_buf_add(buf, &c, 1);
}

void
om_buf_printf(struct om_buf *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		buf->over = true;
	if (n < 0 || !reserve(buf, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(buf->p + buf->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->n += (size_t)n;
}

unsigned char *
om_buf_room(struct om_buf *buf, size_t n)
{
	char *room;

	if (!reserve(buf, n))
		return NULL;
	room = buf->p + buf->n;
	buf->n += n;
	buf->p[buf->n] = '\0';
	return (unsigned char *)room;
}

void
om_buf_give_back(struct om_buf *buf, size_t n)
{
	assert(n <= buf->n);

	buf->n -= n;
	buf->p[buf->n] = '\0';
}

void
om_buf_be32(struct om_buf *buf, uint32_t n)
{
	unsigned char b[4];

	om_be32_put(b, n);
	om_buf_add(buf, b, sizeof(b));
}

void
om_buf_be64(struct om_buf *buf, uint64_t n)
{
	unsigned char b[8];

	om_be64_put(b, n);
	om_buf_add(buf, b, sizeof(b));
}

bool
om_buf_over(const struct om_buf *buf)
{
	return buf->over;
}

struct om_str
om_buf_view(const struct om_buf *buf)
{
	return (struct om_str){ buf->p == NULL ? "" : buf->p, buf->n };
}
