/* gen_file.c - fast text, hashed on its way to the disk; see gen_file.h. */
#include "ops/gen_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/time.h"

#define PATH_MAX_BYTES 4096

int
om_gen_file_open(struct om_gen_file *file, const char *dir, const char *name,
    bool dry, struct om_err *err)
{
	struct om_buf path OM_AUTO(om_buf_fini) = { 0 };
	char *buffer = malloc(OM_GEN_BUFFER);

	if (buffer == NULL)
		return om_fail(err, OM_EIO, "out of memory");
	*file = (struct om_gen_file){ .buffer = buffer, .dry = dry };
	om_sha256_init(&file->sha);
	om_buf_init(&path, PATH_MAX_BYTES);
	om_buf_printf(&path, "%s/%s", dir, name);
	if (om_buf_over(&path))
		return om_fail(err, OM_EUSAGE, "path of '%s' is too long",
		    name);
	return dry ? 0 : om_output_open(path.p, &file->out, err);
}

int
om_gen_file_flush(struct om_gen_file *file, struct om_err *err)
{
	size_t n = file->used;

	om_sha256_add(&file->sha, file->buffer, n);
	file->bytes += n;
	file->used = 0;
	if (!file->dry && fwrite(file->buffer, 1, n, file->out.f) != n)
		return om_fail(err, OM_EOUTPUT, "cannot write '%s'",
		    file->out.path);
	return 0;
}

int
om_gen_file_commit(struct om_gen_file *file, char sha256[OM_SHA256_HEX],
    struct om_err *err)
{
	unsigned char digest[OM_SHA256_SIZE];
	int rc = om_gen_file_flush(file, err);

	if (rc < 0)
		return rc;
	om_sha256_end(&file->sha, digest);
	om_hex(digest, sizeof(digest), sha256);
	return file->dry ? 0 : om_output_commit(&file->out, err);
}

void
om_gen_file_close(struct om_gen_file *file)
{
	if (file->buffer == NULL)
		return;
	if (!file->dry)
		om_output_end(&file->out);
	om_sha256_fini(&file->sha);
	free(file->buffer);
	file->buffer = NULL;
}

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324"
    "25262728293031323334353637383940414243444546474849"
    "50515253545556575859606162636465666768697071727374"
    "75767778798081828384858687888990919293949596979899";

static inline char *
put_pair(char *p, uint64_t n)
{
	memcpy(p, pairs + 2 * n, 2);
	return p + 2;
}

/* As many digits as it has: first the usual sizes. */
static inline char *
put_number(char *p, uint64_t n)
{
	if (n < 10) {
		*p = (char)('0' + n);
		return p + 1;
	}
	if (n < 100)
		return put_pair(p, n);
	if (n < 1000) {
		*p = (char)('0' + n / 100);
		return put_pair(p + 1, n % 100);
	}
	if (n < 10000)
		return put_pair(put_pair(p, n / 100), n % 100);
	return put_pair(put_pair(put_number(p, n / 10000), n / 100 % 100),
	    n % 100);
}

/* From the last digit to the first, where they are to stand. */
char *
om_put_digits(char *p, uint64_t n, int width)
{
	uint64_t rest = n;
	char *q = p + width;

	for (; q - p >= 2; rest /= 100) {
		q -= 2;
		memcpy(q, pairs + 2 * (rest % 100), 2);
	}
	if (q > p) {
		*p = (char)('0' + rest % 10);
		rest /= 10;
	}
	return rest == 0 ? p + width : put_number(p, n);
}

/* A divisor that the compiler knows costs a multiplication. */
char *
om_put_amount(char *p, int64_t n, int places)
{
	uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	if (n < 0)
		*p++ = '-';
	switch (places) {
	case 0:
		return put_number(p, size);
	case 2:
		p = put_number(p, size / 100);
		*p++ = '.';
		return put_pair(p, size % 100);
	case 3:
		p = put_number(p, size / 1000);
		*p++ = '.';
		return om_put_digits(p, size % 1000, 3);
	default:
		assert(places == 4);
		p = put_number(p, size / 10000);
		*p++ = '.';
		return put_pair(put_pair(p, size % 10000 / 100), size % 100);
	}
}

char *
om_put_hex64(char *p, uint64_t n)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[(n >> shift) & 15];
	return p;
}

static const char *
date_text(struct om_put_dates *dates, int64_t day)
{
	size_t i = (size_t)(day % OM_PUT_DATES);

	if (dates->text[i][0] == '\0' || dates->day[i] != day) {
		char text[OM_TIME_TEXT_MAX];

		om_time_text(day * 86400, text);
		memcpy(dates->text[i], text, 10);
		dates->day[i] = day;
	}
	return dates->text[i];
}

char *
om_put_time(char *p, int64_t when, struct om_put_dates *dates)
{
	uint64_t rest = (uint64_t)(when % 86400);

	memcpy(p, date_text(dates, when / 86400), 10);
	p[10] = 'T';
	p = put_pair(p + 11, rest / 3600);
	*p++ = ':';
	p = put_pair(p, rest / 60 % 60);
	*p++ = ':';
	p = put_pair(p, rest % 60);
	*p++ = 'Z';
	return p;
}
