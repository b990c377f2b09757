/*
 * hash.h - SHA-256 for content and evidence, a 64-bit hash for placement.
 */
#ifndef OM_BASE_HASH_H
#define OM_BASE_HASH_H

#include "base/err.h"
#include "base/str.h"

#define OM_SHA256_SIZE 32
#define OM_SHA256_HEX  65 /* with the NUL */

/* FIPS 180-4. One object, one thread; reused for any number of messages. */
struct om_sha256 {
	void *ctx;
};

void om_sha256_init(struct om_sha256 *h); /* also starts a message */
void om_sha256_fini(struct om_sha256 *h); /* safe twice */
void om_sha256_add(struct om_sha256 *h, const void *bytes, size_t n);

/* Finish the message and start the next one. */
void om_sha256_end(struct om_sha256 *h, unsigned char out[OM_SHA256_SIZE]);

/* What it is so far; the message goes on. */
void om_sha256_peek(const struct om_sha256 *h,
    unsigned char out[OM_SHA256_SIZE]);

/* Of the OpenSSL that is loaded: "3.0.15". */
const char *om_openssl_version(void);

/* HMAC by RFC 2104, with SHA-256; end also wipes the key. */
struct om_hmac {
	struct om_sha256 sha;
	unsigned char outer[64];
};

void om_hmac_init(struct om_hmac *h, struct om_str key);
void om_hmac_add(struct om_hmac *h, const void *bytes, size_t n);
void om_hmac_end(struct om_hmac *h, unsigned char out[OM_SHA256_SIZE]);

/* Equal, in a time that does not tell where they differ. */
bool om_same_bytes(const void *a, const void *b, size_t n);

void om_hex(const unsigned char *bytes, size_t n, char *out); /* 2n+1 bytes */

/*
 * Where an order lives. FNV-1a (64 bit) over channel, one zero byte and
 * reference, then the finalizer of MurmurHash3 (fmix64). Published in
 * ordmill-schema(7) with these test values: it never changes.
 *     channel  reference            hash              slot
 *     ""       ""                   b9034ad37056f5fb  1531
 *     shopify  1165                 105b9c720b721eca  3786
 *     tpch     1                    a1dae78fdc6070f6   246
 *     shop     Bestellung-ü (UTF-8) f1433678eb66d03f    63
 */
uint64_t om_hash64(struct om_str channel, struct om_str reference);

#define OM_SLOTS 4096

/* hash mod 4096 */
unsigned om_slot_of(uint64_t hash);

/* 63 bits, slot first: slot << 51 | hash >> 13. Sorting by key sorts by slot,
 * a slot's keys are the range [slot << 51, (slot + 1) << 51), and the key
 * leaves out bit 12 of the hash. */
int64_t om_key_of(uint64_t hash);
unsigned om_key_slot(int64_t key);

#endif
