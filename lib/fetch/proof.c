/* proof.c - checksums, signature, and what a body unpacks to; see proof.h. */
#include "fetch/proof.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/base64.h"
#include "io/source.h"

#define BLOCK ((size_t)64 * 1024)

/* "sha-256=:BASE64:" of RFC 9530, "SHA-256=BASE64" of RFC 3230, in a list.
 * False: there is none of SHA-256 that can be read. */
static bool
read_digest(const char *value, struct om_buf *out)
{
	struct om_err ignored = { 0 };

	for (const char *p = value; *p != '\0'; p++) {
		struct om_str text;

		if (strncasecmp(p, "sha-256=", 8) != 0)
			continue;
		p += 8 + (p[8] == ':');
		text = (struct om_str){ p, strcspn(p, ":, ;") };
		return om_unbase64(text, out, &ignored) == 0 &&
		       out->n == OM_SHA256_SIZE;
	}
	return false;
}

static int
check_digest(const struct om_http_answer *answer, const char *name,
    const struct om_body *body, struct om_err *err)
{
	struct om_buf stated OM_AUTO(om_buf_fini);
	const char *value = om_http_header(answer, name);
	char hex[OM_SHA256_HEX];

	om_buf_init(&stated, 4096);
	if (value == NULL || !read_digest(value, &stated) ||
	    om_same_bytes(stated.p, body->digest, OM_SHA256_SIZE))
		return 0;
	om_hex((const unsigned char *)stated.p, OM_SHA256_SIZE, hex);
	return om_fail(err, OM_EDATA,
	    "wrong checksum: %s states SHA-256 %s, the body has %s", name, hex,
	    body->hex);
}

/* Of the bytes as they came. */
static int
hmac_of(const struct om_body *body, struct om_str key,
    unsigned char out[OM_SHA256_SIZE], struct om_err *err)
{
	struct om_hmac h;
	char block[4096];
	uint64_t at = 0;
	ssize_t n = 1;

	om_hmac_init(&h, key);
	while (n > 0) {
		n = pread(body->fd, block, sizeof(block), (off_t)at);
		at += n > 0 ? (uint64_t)n : 0;
		om_hmac_add(&h, block, n > 0 ? (size_t)n : 0);
	}
	om_hmac_end(&h, out);
	return at == body->size
		   ? 0
		   : om_fail(err, OM_EIO, "cannot read '%s'", body->path);
}

/* The code as it stands in the header: hexadecimal or base64. */
static bool
read_code(const struct om_feed_signature *s, struct om_str text,
    const unsigned char want[OM_SHA256_SIZE])
{
	struct om_buf code OM_AUTO(om_buf_fini);
	char hex[OM_SHA256_HEX];

	om_buf_init(&code, 4096);
	if (s->base64) {
		om_base64(want, OM_SHA256_SIZE, &code);
	} else {
		om_hex(want, OM_SHA256_SIZE, hex);
		om_buf_text(&code, hex);
	}
	if (text.n != code.n)
		return false;
	/* Either case will do for hexadecimal digits. */
	return s->base64 ? om_same_bytes(text.p, code.p, code.n)
			 : strncasecmp(text.p, code.p, code.n) == 0;
}

static int
check_signature(const struct om_feed_signature *s,
    const struct om_http_answer *answer, const struct om_body *body,
    struct om_err *err)
{
	struct om_buf key OM_AUTO(om_secret_wipe);
	unsigned char want[OM_SHA256_SIZE];
	const char *value;
	size_t n;

	om_buf_init(&key, OM_SECRET_MAX);
	if (s->header == NULL)
		return 0;
	value = om_http_header(answer, s->header);
	if (value == NULL)
		return om_fail(err, OM_EDATA,
		    "it is not signed: no header '%s'", s->header);
	n = s->prefix == NULL ? 0 : strlen(s->prefix);
	if (om_secret_read(&s->secret, false, &key, err) < 0 ||
	    hmac_of(body, om_buf_view(&key), want, err) < 0)
		return err->code;
	if (strncmp(value, s->prefix == NULL ? "" : s->prefix, n) != 0 ||
	    !read_code(s, om_str_of(value + n), want))
		return om_fail(err, OM_EDATA,
		    "the signature in '%s' is not that of the body", s->header);
	return 0;
}

/* Only gzip is asked for, and only gzip is understood later. */
static int
check_encoding(const struct om_http_answer *answer, struct om_err *err)
{
	const char *value = om_http_header(answer, "content-encoding");

	if (value == NULL || strcasecmp(value, "gzip") == 0 ||
	    strcasecmp(value, "x-gzip") == 0 ||
	    strcasecmp(value, "identity") == 0)
		return 0;
	return om_fail(err, OM_EDATA,
	    "it is packed by '%.40s', which was not asked for", value);
}

/* Whatever is packed, on the way or in the first place, is unpacked once, so
 * that neither a bomb nor a file that is cut short gets in. */
static int
check_unpacked(uint64_t limit, const struct om_body *body, struct om_err *err)
{
	OM_AUTO(om_source_close) struct om_source *source = NULL;
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	char *block;
	size_t n = 1;

	if (om_source_open(body->path, &source, err) < 0)
		return err->code;
	if (!om_source_gzip(source))
		return 0;
	block = om_alloc_raw(&arena, BLOCK);
	while (n > 0) {
		if (om_source_read(source, block, BLOCK, &n, err) < 0)
			return err->code;
		if (om_source_bytes(source) > limit)
			return om_fail(err, OM_ELIMIT,
			    "it unpacks to over %" PRIu64 " bytes", limit);
	}
	return 0;
}

int
om_proof(const struct om_feed_http *feed, const struct om_http_answer *answer,
    const struct om_body *body, bool whole, struct om_err *err)
{
	if (check_digest(answer, "repr-digest", body, err) < 0 ||
	    check_digest(answer, "digest", body, err) < 0 ||
	    (whole && check_digest(answer, "content-digest", body, err) < 0))
		return err->code;
	if (check_encoding(answer, err) < 0 ||
	    check_signature(&feed->signature, answer, body, err) < 0)
		return err->code;
	return check_unpacked(feed->max_unpacked, body, err);
}
