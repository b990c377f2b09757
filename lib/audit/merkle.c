/* merkle.c - leaves, nodes and the compact tree; see merkle.h. */
#include "audit/merkle.h"

#include <string.h>

/* Most records are shorter: copied, one call costs less than two. */
#define SHORT_MESSAGE 1024

void
om_merkle_leaf(struct om_sha256 *sha, const void *record, size_t n,
    struct om_node *out)
{
	unsigned char message[SHORT_MESSAGE];

	message[0] = 0;
	if (n < sizeof(message)) {
		if (n > 0)
			memcpy(message + 1, record, n);
		om_sha256_add(sha, message, 1 + n);
	} else {
		om_sha256_add(sha, message, 1);
		om_sha256_add(sha, record, n);
	}
	om_sha256_end(sha, out->h);
}

/* One message of 65 bytes: one call costs less than three. */
void
om_merkle_join(struct om_sha256 *sha, const struct om_node *left,
    const struct om_node *right, struct om_node *out)
{
	unsigned char message[1 + 2 * OM_SHA256_SIZE];

	message[0] = 1;
	memcpy(message + 1, left->h, OM_SHA256_SIZE);
	memcpy(message + 1 + OM_SHA256_SIZE, right->h, OM_SHA256_SIZE);
	om_sha256_add(sha, message, sizeof(message));
	om_sha256_end(sha, out->h);
}

static unsigned
ones(uint64_t n)
{
	unsigned count = 0;

	for (; n != 0; n &= n - 1)
		count++;
	return count;
}

/* Like adding one to a binary counter: each carry joins two peaks. */
void
om_merkle_append(struct om_merkle *tree, struct om_sha256 *sha,
    const struct om_node *leaf)
{
	unsigned top = ones(tree->size);
	struct om_node node = *leaf;

	for (uint64_t n = tree->size; (n & 1) != 0; n >>= 1)
		om_merkle_join(sha, &tree->peak[--top], &node, &node);
	tree->peak[top] = node;
	tree->size++;
}

void
om_merkle_root(const struct om_merkle *tree, struct om_sha256 *sha,
    struct om_node *out)
{
	unsigned top = ones(tree->size);

	if (top == 0) {
		om_sha256_end(sha, out->h);
		return;
	}
	*out = tree->peak[--top];
	while (top > 0)
		om_merkle_join(sha, &tree->peak[--top], out, out);
}
