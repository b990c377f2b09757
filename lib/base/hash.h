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

void om_hex(const unsigned char *bytes, size_t n, char *out); /* 2n+1 bytes */

/* Where an order lives. FNV-1a (64 bit) over channel, one zero byte and
 * reference, then the finalizer of MurmurHash3 (fmix64). Published in
 * ordmill-schema(7) with test values: it never changes. */
uint64_t om_hash64(struct om_str channel, struct om_str reference);

#define OM_SLOTS 4096

/* hash mod 4096 */
unsigned om_slot_of(uint64_t hash);

/* 63 bits, slot first: sorting by key sorts by slot. */
int64_t om_key_of(uint64_t hash);

#endif
