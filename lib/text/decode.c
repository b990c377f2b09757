/* decode.c - other encodings to UTF-8; see decode.h. */
#include "text/decode.h"

#include <inttypes.h>
#include <string.h>

#define SNIFF 512 /* bytes that are looked at for UTF-16 */

static const char *const names[OM_ENCODINGS] = {
	[OM_ENC_UTF8] = "utf-8",
	[OM_ENC_LATIN1] = "latin1",
	[OM_ENC_WINDOWS_1252] = "windows-1252",
	[OM_ENC_UTF16] = "utf-16",
	[OM_ENC_UTF16LE] = "utf-16le",
	[OM_ENC_UTF16BE] = "utf-16be",
};

/* Bytes 0x80 to 0x9f, by the WHATWG's encoding index without its five
 * controls, which are 0 here: they are no characters of the code page. */
static const uint16_t windows_1252[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
	0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178 };

const char *
om_encoding_name(enum om_encoding encoding)
{
	return names[encoding];
}

/* Keep what is not used yet and read behind it. */
static int
refill(struct om_decoder *d, struct om_err *err)
{
	size_t n = 0;

	d->before += d->at;
	d->have -= d->at;
	memmove(d->block, d->block + d->at, d->have);
	d->at = 0;
	if (d->read(d->arg, d->block + d->have, sizeof(d->block) - d->have, &n,
		err) < 0)
		return err->code;
	d->have += n;
	d->ended = n == 0;
	return 0;
}

static bool
starts(const struct om_decoder *d, const char *mark, size_t n)
{
	return d->have >= n && memcmp(d->block, mark, n) == 0;
}

/* Mostly Latin text in UTF-16 has a NUL in every second byte, and in no
 * other: UTF8 here means that it has not. */
static enum om_encoding
looks_like(const struct om_decoder *d)
{
	size_t units = (d->have < SNIFF ? d->have : SNIFF) / 2;
	size_t nuls[2] = { 0, 0 };

	for (size_t i = 0; i < 2 * units; i++)
		nuls[i % 2] += d->block[i] == 0;
	if (units < 2)
		return OM_ENC_UTF8;
	if (nuls[0] == 0 && nuls[1] * 2 > units)
		return OM_ENC_UTF16LE;
	if (nuls[1] == 0 && nuls[0] * 2 > units)
		return OM_ENC_UTF16BE;
	return OM_ENC_UTF8;
}

static int
decide(struct om_decoder *d, enum om_encoding declared, struct om_err *err)
{
	enum om_encoding like;

	d->encoding = declared;
	d->marked = true;
	if (starts(d, "\xef\xbb\xbf", 3))
		d->encoding = OM_ENC_UTF8;
	else if (starts(d, "\xff\xfe", 2))
		d->encoding = OM_ENC_UTF16LE;
	else if (starts(d, "\xfe\xff", 2))
		d->encoding = OM_ENC_UTF16BE;
	else
		d->marked = false;
	if (d->marked || declared == OM_ENC_UTF16LE ||
	    declared == OM_ENC_UTF16BE)
		return 0;
	like = looks_like(d);
	if (like != OM_ENC_UTF8)
		return om_fail(err, OM_EDATA,
		    "looks like UTF-16 without a byte order mark: say "
		    "'encoding: %s' in the feed",
		    names[like]);
	if (declared == OM_ENC_UTF16 && d->have > 0)
		return om_fail(err, OM_EDATA,
		    "no byte order mark: say utf-16le or utf-16be if it is "
		    "UTF-16");
	if (declared == OM_ENC_UTF16)
		d->encoding = OM_ENC_UTF16LE; /* an empty file */
	return 0;
}

int
om_decode_open(struct om_decoder *d, enum om_encoding declared,
    om_read_fn *read, void *arg, struct om_err *err)
{
	d->read = read;
	d->arg = arg;
	d->ended = false;
	d->at = 0;
	d->have = 0;
	d->before = 0;
	while (d->have < SNIFF && !d->ended)
		if (refill(d, err) < 0)
			return err->code;
	return decide(d, declared, err);
}

/* One character, up to 0xffff as it is: also a surrogate. */
static size_t
put(uint32_t c, unsigned char *to)
{
	if (c < 0x80) {
		to[0] = (unsigned char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (unsigned char)(0xc0 | c >> 6);
		to[1] = (unsigned char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (unsigned char)(0xe0 | c >> 12);
		to[1] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (unsigned char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (unsigned char)(0xf0 | c >> 18);
	to[1] = (unsigned char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (unsigned char)(0x80 | (c & 0x3f));
	return 4;
}

static size_t
put_byte(enum om_encoding encoding, unsigned char byte, unsigned char *to)
{
	uint32_t c = byte;

	if (encoding == OM_ENC_WINDOWS_1252 && byte >= 0x80 && byte < 0xa0)
		c = windows_1252[byte - 0x80];
	if (c != 0 || byte == 0)
		return put(c, to);
	to[0] = 0xe0; /* overlong: not UTF-8, but it says which byte it was */
	to[1] = (unsigned char)(0x80 | byte >> 6);
	to[2] = (unsigned char)(0x80 | (byte & 0x3f));
	return 3;
}

static uint32_t
unit(const struct om_decoder *d, size_t at)
{
	unsigned low = d->encoding == OM_ENC_UTF16LE ? 0 : 1;

	return d->block[at + low] | (uint32_t)d->block[at + 1 - low] << 8;
}

/* The character at d->at, whose two bytes are there. False: the rest of a
 * pair is still to be read. */
static bool
put_unit(struct om_decoder *d, unsigned char *to, size_t *out_n)
{
	uint32_t c = unit(d, d->at);
	uint32_t low = 0;

	if (c >= 0xd800 && c < 0xdc00) {
		if (d->have - d->at < 4 && !d->ended)
			return false;
		if (d->have - d->at >= 4)
			low = unit(d, d->at + 2);
	}
	if (low >= 0xdc00 && low < 0xe000) {
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		d->at += 2;
	}
	d->at += 2;
	*out_n = put(c, to);
	return true;
}

/* As much of the block as fits into n bytes. */
static size_t
convert(struct om_decoder *d, unsigned char *to, size_t n)
{
	bool wide = d->encoding >= OM_ENC_UTF16;
	size_t used = 0;
	size_t length;

	while (used + 4 <= n && d->have - d->at >= (wide ? 2U : 1U)) {
		if (!wide)
			length =
			    put_byte(d->encoding, d->block[d->at++], to + used);
		else if (!put_unit(d, to + used, &length))
			break;
		used += length;
	}
	return used;
}

/* UTF-8: first what was looked at, then straight from the source. */
static int
pass(struct om_decoder *d, void *bytes, size_t n, size_t *out_n,
    struct om_err *err)
{
	size_t left = d->have - d->at;

	if (left == 0)
		return d->read(d->arg, bytes, n, out_n, err);
	*out_n = left < n ? left : n;
	memcpy(bytes, d->block + d->at, *out_n);
	d->at += *out_n;
	return 0;
}

int
om_decode_read(void *decoder, void *bytes, size_t n, size_t *out_n,
    struct om_err *err)
{
	struct om_decoder *d = decoder;

	if (d->encoding == OM_ENC_UTF8)
		return pass(d, bytes, n, out_n, err);
	for (;;) {
		*out_n = convert(d, bytes, n);
		if (*out_n > 0 || (d->ended && d->have == d->at))
			return 0;
		if (d->ended)
			return om_fail(err, OM_EDATA,
			    "byte %" PRIu64
			    ": ends inside a character of UTF-16",
			    d->before + d->at);
		if (refill(d, err) < 0)
			return err->code;
	}
}

static uint64_t
measure_bytes(const char *bytes, size_t n)
{
	uint64_t characters = 0;

	for (size_t i = 0; i < n; i++)
		characters += ((unsigned char)bytes[i] & 0xc0) != 0x80;
	return characters;
}

static uint64_t
measure_units(const char *bytes, size_t n)
{
	uint64_t units = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];

		units += (c & 0xc0) != 0x80;
		units += c >= 0xf0;
	}
	return 2 * units;
}

om_measure_fn *
om_decode_measure(const struct om_decoder *d)
{
	if (d->encoding == OM_ENC_UTF8)
		return NULL;
	return d->encoding >= OM_ENC_UTF16 ? measure_units : measure_bytes;
}
