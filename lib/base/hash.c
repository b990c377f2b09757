/* hash.c - the program's only use of OpenSSL's digests; see hash.h. */
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(int ok)
{
	if (ok == 1)
		return;
	fputs("ordmill: SHA-256 is not available\n", stderr);
	abort();
}

/* A copy of a context that has just been set up costs less than setting up: it
 * looks for no engine. */
struct state {
	EVP_MD_CTX *ctx;
	EVP_MD_CTX *empty;
	EVP_MD *md;
};

void
om_sha256_init(struct om_sha256 *h)
{
	struct state *s = calloc(1, sizeof(*s));

	must(s != NULL);
	s->md = EVP_MD_fetch(NULL, "SHA256", NULL);
	s->ctx = EVP_MD_CTX_new();
	s->empty = EVP_MD_CTX_new();
	must(s->md != NULL && s->ctx != NULL && s->empty != NULL);
	must(EVP_DigestInit_ex2(s->empty, s->md, NULL));
	must(EVP_MD_CTX_copy_ex(s->ctx, s->empty));
	h->ctx = s;
}

void
om_sha256_fini(struct om_sha256 *h)
{
	struct state *s = h->ctx;

	if (s == NULL)
		return;
	EVP_MD_CTX_free(s->ctx);
	EVP_MD_CTX_free(s->empty);
	EVP_MD_free(s->md);
	free(s);
	h->ctx = NULL;
}

void
om_sha256_add(struct om_sha256 *h, const void *bytes, size_t n)
{
	struct state *s = h->ctx;

	must(EVP_DigestUpdate(s->ctx, bytes, n));
}

void
om_sha256_end(struct om_sha256 *h, unsigned char out[OM_SHA256_SIZE])
{
	struct state *s = h->ctx;

	must(EVP_DigestFinal_ex(s->ctx, out, NULL));
	must(EVP_MD_CTX_copy_ex(s->ctx, s->empty));
}

void
om_sha256_peek(const struct om_sha256 *h, unsigned char out[OM_SHA256_SIZE])
{
	const struct state *s = h->ctx;
	EVP_MD_CTX *copy = EVP_MD_CTX_new();

	must(copy != NULL);
	must(EVP_MD_CTX_copy_ex(copy, s->ctx));
	must(EVP_DigestFinal_ex(copy, out, NULL));
	EVP_MD_CTX_free(copy);
}

void
om_hmac_init(struct om_hmac *h, struct om_str key)
{
	unsigned char inner[sizeof(h->outer)] = { 0 };

	om_sha256_init(&h->sha);
	if (key.n > sizeof(inner)) {
		om_sha256_add(&h->sha, key.p, key.n);
		om_sha256_end(&h->sha, inner);
	} else if (key.n > 0) {
		memcpy(inner, key.p, key.n);
	}
	for (size_t i = 0; i < sizeof(inner); i++) {
		h->outer[i] = inner[i] ^ 0x5c;
		inner[i] ^= 0x36;
	}
	om_sha256_add(&h->sha, inner, sizeof(inner));
	OPENSSL_cleanse(inner, sizeof(inner));
}

void
om_hmac_add(struct om_hmac *h, const void *bytes, size_t n)
{
	om_sha256_add(&h->sha, bytes, n);
}

void
om_hmac_end(struct om_hmac *h, unsigned char out[OM_SHA256_SIZE])
{
	om_sha256_end(&h->sha, out);
	om_sha256_add(&h->sha, h->outer, sizeof(h->outer));
	om_sha256_add(&h->sha, out, OM_SHA256_SIZE);
	om_sha256_end(&h->sha, out);
	om_sha256_fini(&h->sha);
	OPENSSL_cleanse(h->outer, sizeof(h->outer));
}

bool
om_same_bytes(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

void
om_hex(const unsigned char *bytes, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digit[bytes[i] >> 4];
		out[2 * i + 1] = digit[bytes[i] & 15];
	}
	out[2 * n] = '\0';
}

static uint64_t
fnv1a(uint64_t h, struct om_str s)
{
#pragma GCC unroll 8
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return h;
}

uint64_t
om_hash64(struct om_str channel, struct om_str reference)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	h = fnv1a(h, channel);
	h *= UINT64_C(0x100000001b3); /* the zero byte */
	h = fnv1a(h, reference);
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= h >> 33;
	return h;
}

unsigned
om_slot_of(uint64_t hash)
{
	return (unsigned)(hash % OM_SLOTS);
}

int64_t
om_key_of(uint64_t hash)
{
	return (int64_t)((hash % OM_SLOTS) << 51 | hash >> 13);
}

const char *
om_openssl_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION_STRING);
}

unsigned
om_key_slot(int64_t key)
{
	return (unsigned)((uint64_t)key >> 51);
}
