/* log_proof.c - proofs by RFC 6962 section 2.1, read from tiles; see log.h. */
#include <inttypes.h>

#include "audit/tiles.h"

/* A run of leaves whose root goes into a proof. */
struct span {
	uint64_t from;
	uint64_t to;
};

/* The largest power of two below n; n > 1. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k *= 2;
	return k;
}

/* The root of 2^height leaves from first on, which is a multiple of it: the
 * tile of height / 6 holds its ancestors 2^(height % 6) apart. */
static int
perfect(struct om_log *log, uint64_t first, unsigned height,
    struct om_node *out, struct om_err *err)
{
	unsigned level = height / OM_TILE_BITS;
	size_t width = (size_t)1 << (height % OM_TILE_BITS);
	uint64_t at = om_tile_count(first, level);
	size_t column = (size_t)(at % OM_TILE_WIDTH);
	struct om_tile tile;

	if (om_tile_read(log, level, at / OM_TILE_WIDTH, column + width, &tile,
		err) < 0)
		return err->code;
	om_tile_fold(&log->sha, &tile.hash[column], width, out);
	return 0;
}

/* The root of a span, from its narrow right end to the left. */
static int
span_root(struct om_log *log, struct span s, struct om_node *out,
    struct om_err *err)
{
	uint64_t end = s.to;
	struct om_node right = { 0 };
	bool any = false;

	for (unsigned height = 0; end > s.from; height++) {
		struct om_node left;

		if (((end - s.from) >> height & 1) == 0)
			continue;
		end -= UINT64_C(1) << height;
		if (perfect(log, end, height, &left, err) < 0)
			return err->code;
		if (any)
			om_merkle_join(&log->sha, &left, &right, &right);
		else
			right = left;
		any = true;
	}
	*out = right;
	return 0;
}

/* Spans are found from the root down; a proof is told from the leaf up. */
static int
emit(struct om_log *log, const struct span *spans, size_t n,
    struct om_node *proof, size_t *out_n, struct om_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (span_root(log, spans[n - 1 - i], &proof[i], err) < 0)
			return err->code;
	*out_n = n;
	return 0;
}

static int
bounds(const struct om_log *log, uint64_t part, uint64_t size,
    struct om_err *err)
{
	if (size <= log->size && part <= size)
		return 0;
	return om_fail(err, OM_ENOENT,
	    "no proof of %" PRIu64 " in %" PRIu64 ": the log has %" PRIu64
	    " leaves",
	    part, size, log->size);
}

int
om_log_inclusion(struct om_log *log, uint64_t leaf, uint64_t size,
    struct om_node proof[OM_PROOF_MAX], size_t *out_n, struct om_err *err)
{
	struct span spans[OM_PROOF_MAX];
	struct span in = { 0, size };
	size_t n = 0;

	if (bounds(log, leaf + 1, size, err) < 0)
		return err->code;
	while (in.to - in.from > 1) {
		uint64_t middle = in.from + split(in.to - in.from);

		if (leaf < middle) {
			spans[n++] = (struct span){ middle, in.to };
			in.to = middle;
		} else {
			spans[n++] = (struct span){ in.from, middle };
			in.from = middle;
		}
	}
	return emit(log, spans, n, proof, out_n, err);
}

int
om_log_consistency(struct om_log *log, uint64_t old_size, uint64_t size,
    struct om_node proof[OM_PROOF_MAX], size_t *out_n, struct om_err *err)
{
	struct span spans[OM_PROOF_MAX];
	struct span in = { 0, size };
	size_t n = 0;

	if (bounds(log, old_size, size, err) < 0)
		return err->code;
	if (old_size == 0 || old_size == size) {
		*out_n = 0;
		return 0;
	}
	while (in.to != old_size) {
		uint64_t middle = in.from + split(in.to - in.from);

		if (old_size <= middle) {
			spans[n++] = (struct span){ middle, in.to };
			in.to = middle;
		} else {
			spans[n++] = (struct span){ in.from, middle };
			in.from = middle;
		}
	}
	/* The old tree itself is known to the reader, a part of it is not. */
	if (in.from > 0)
		spans[n++] = in;
	return emit(log, spans, n, proof, out_n, err);
}

static bool
same(const struct om_node *a, const struct om_node *b)
{
	unsigned char differ = 0;

	for (size_t i = 0; i < sizeof(a->h); i++)
		differ |= a->h[i] ^ b->h[i];
	return differ == 0;
}

/* RFC 9162 section 2.1.3.2. */
bool
om_proof_holds(struct om_sha256 *sha, uint64_t index, uint64_t size,
    const struct om_node *leaf, const struct om_node *proof, size_t n,
    const struct om_node *root)
{
	uint64_t at = index;
	uint64_t last = size - 1;
	struct om_node r = *leaf;

	if (index >= size)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (last == 0)
			return false;
		if ((at & 1) != 0 || at == last) {
			om_merkle_join(sha, &proof[i], &r, &r);
			while ((at & 1) == 0 && at != 0) {
				at >>= 1;
				last >>= 1;
			}
		} else {
			om_merkle_join(sha, &r, &proof[i], &r);
		}
		at >>= 1;
		last >>= 1;
	}
	return last == 0 && same(&r, root);
}

/* RFC 9162 section 2.1.4.2. */
bool
om_consistency_holds(struct om_sha256 *sha, uint64_t old_size, uint64_t size,
    const struct om_node *old_root, const struct om_node *root,
    const struct om_node *proof, size_t n)
{
	uint64_t at = old_size - 1;
	uint64_t last = size - 1;
	struct om_node old;
	struct om_node new;
	size_t i = 0;

	if (old_size > size || old_size == 0)
		return old_size == 0 && n == 0;
	if (old_size == size)
		return n == 0 && same(old_root, root);
	for (; (at & 1) != 0; at >>= 1)
		last >>= 1;
	if (at == 0)
		old = new = *old_root;
	else if (n == 0)
		return false;
	else
		old = new = proof[i++];
	for (; i < n; i++) {
		if (last == 0)
			return false;
		if ((at & 1) != 0 || at == last) {
			om_merkle_join(sha, &proof[i], &old, &old);
			om_merkle_join(sha, &proof[i], &new, &new);
			for (; (at & 1) == 0 && at != 0; at >>= 1)
				last >>= 1;
		} else {
			om_merkle_join(sha, &new, &proof[i], &new);
		}
		at >>= 1;
		last >>= 1;
	}
	return last == 0 && same(&old, old_root) && same(&new, root);
}
