/* gen_file.c - fast text, hashed on its way to the disk; see gen_file.h. */
#include "ops/gen_file.h"

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

char *
om_put_digits(char *p, uint64_t n, int width)
{
	static const char pairs[] =
	    "00010203040506070809101112131415161718192021222324"
	    "25262728293031323334353637383940414243444546474849"
	    "50515253545556575859606162636465666768697071727374"
	    "75767778798081828384858687888990919293949596979899";
	char digits[20];
	char *q = digits + sizeof(digits);
	int length;

	while (n >= 100) {
		q -= 2;
		memcpy(q, pairs + 2 * (n % 100), 2);
		n /= 100;
	}
	if (n >= 10) {
		q -= 2;
		memcpy(q, pairs + 2 * n, 2);
	} else {
		*--q = (char)('0' + n);
	}
	length = (int)(digits + sizeof(digits) - q);
	for (; width > length; width--)
		*p++ = '0';
	memcpy(p, q, (size_t)length);
	return p + length;
}

char *
om_put_amount(char *p, int64_t n, int places)
{
	static const uint64_t powers[] = { 1, 10, 100, 1000, 10000 };
	uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	if (n < 0)
		*p++ = '-';
	p = om_put_digits(p, size / powers[places], 1);
	if (places == 0)
		return p;
	*p++ = '.';
	return om_put_digits(p, size % powers[places], places);
}

char *
om_put_hex64(char *p, uint64_t n)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[(n >> shift) & 15];
	return p;
}

char *
om_put_time(char *p, int64_t when, struct om_put_day *day)
{
	uint64_t rest = (uint64_t)(when % 86400);

	if (day->text[0] == '\0' || day->day != when / 86400) {
		char text[OM_TIME_TEXT_MAX];

		om_time_text(when, text);
		memcpy(day->text, text, 10);
		day->day = when / 86400;
	}
	memcpy(p, day->text, 10);
	p[10] = 'T';
	p = om_put_digits(p + 11, rest / 3600, 2);
	*p++ = ':';
	p = om_put_digits(p, rest / 60 % 60, 2);
	*p++ = ':';
	p = om_put_digits(p, rest % 60, 2);
	*p++ = 'Z';
	return p;
}
