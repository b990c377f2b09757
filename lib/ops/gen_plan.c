/* gen_plan.c - special orders at random places; see gen_plan.h. */
#include "ops/gen_plan.h"

#include "ops/prng.h"

#define PLACE_STREAMS UINT64_C(0x5bd1e995b4ea4c5d) /* apart from the orders' */

static int64_t
count_of(const struct om_gen_options *opt, enum om_gen_fate fate)
{
	switch (fate) {
	case OM_GEN_BROKEN:
		return opt->breaks;
	case OM_GEN_AMENDED:
		return opt->amendments;
	case OM_GEN_CANCELLED:
		return opt->cancellations;
	case OM_GEN_BAD:
		return opt->bad_rows;
	case OM_GEN_PLAIN:
	case OM_GEN_FATES:
		break;
	}
	return 0;
}

int64_t
om_gen_special(const struct om_gen_options *opt)
{
	int64_t sum = 0;

	for (int f = OM_GEN_PLAIN + 1; f < OM_GEN_FATES; f++)
		sum += count_of(opt, (enum om_gen_fate)f);
	return sum;
}

/* floor(n * part / whole) */
static int64_t
portion(int64_t n, int64_t part, int64_t whole)
{
	return (int64_t)((om_int128)n * part / whole);
}

/* The last order of the strides before this one. */
static int64_t
stride_start(const struct om_gen_plan *p, int64_t index)
{
	return portion(index, p->opt->orders, p->count);
}

static int64_t
place(const struct om_gen_plan *p, int64_t index)
{
	int64_t start = stride_start(p, index);
	int64_t length = stride_start(p, index + 1) - start;
	struct om_prng r =
	    om_prng_stream(p->opt->seed ^ PLACE_STREAMS, (uint64_t)index);

	return start + 1 + (int64_t)(om_prng_next(&r) % (uint64_t)length);
}

static void
aim(struct om_gen_plan *p)
{
	p->at = p->index < p->count ? place(p, p->index) : INT64_MAX;
}

void
om_gen_plan_start(const struct om_gen_options *opt, int64_t first,
    struct om_gen_plan *out)
{
	*out = (struct om_gen_plan){ .opt = opt, .count = om_gen_special(opt) };
	/* A stride before the one that the quotient names, to be safe. */
	if (out->count > 0 && first > 1)
		out->index = portion(first - 1, out->count, opt->orders);
	if (out->index > 0)
		out->index--;
	aim(out);
	while (out->at < first) {
		out->index++;
		aim(out);
	}
}

/* As a line is drawn on a raster: a kind has its turn whenever its share of
 * those before fills up by one; the others deal with what is left. */
static struct om_gen_turn
turn_of(const struct om_gen_plan *p, int64_t index)
{
	int64_t left = p->count;

	for (int f = OM_GEN_PLAIN + 1; f < OM_GEN_FATES; f++) {
		enum om_gen_fate fate = (enum om_gen_fate)f;
		int64_t count = count_of(p->opt, fate);
		int64_t before = portion(index, count, left);

		if (portion(index + 1, count, left) > before)
			return (struct om_gen_turn){ fate, before };
		index -= before;
		left -= count;
	}
	return (struct om_gen_turn){ OM_GEN_PLAIN, 0 };
}

struct om_gen_turn
om_gen_plan_next(struct om_gen_plan *plan, int64_t number)
{
	struct om_gen_turn turn = { OM_GEN_PLAIN, 0 };

	if (number != plan->at)
		return turn;
	turn = turn_of(plan, plan->index);
	plan->index++;
	aim(plan);
	return turn;
}
