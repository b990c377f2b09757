/*
 * merkle.h - the hash tree of RFC 6962 section 2.1, one leaf at a time.
 *
 * leaf = SHA-256(0x00 || record), node = SHA-256(0x01 || left || right). A
 * struct om_merkle is the compact form of a tree: its size and the roots of
 * its perfect subtrees, largest first; enough to append and to state the root.
 */
#ifndef OM_AUDIT_MERKLE_H
#define OM_AUDIT_MERKLE_H

#include "base/hash.h"

struct om_node {
	unsigned char h[OM_SHA256_SIZE];
};

struct om_merkle {
	uint64_t size;
	struct om_node peak[64];
};

void om_merkle_leaf(struct om_sha256 *sha, const void *record, size_t n,
    struct om_node *out);
void om_merkle_join(struct om_sha256 *sha, const struct om_node *left,
    const struct om_node *right, struct om_node *out);

void om_merkle_append(struct om_merkle *tree, struct om_sha256 *sha,
    const struct om_node *leaf);
void om_merkle_root(const struct om_merkle *tree, struct om_sha256 *sha,
    struct om_node *out);

#endif
