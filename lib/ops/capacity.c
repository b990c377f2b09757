/* capacity.c - rates against loads; see capacity.h. */
#include "ops/capacity.h"

#include <assert.h>

#define NS_PER_SECOND INT64_C(1000000000)
#define TENTHS	      10

/* 1 billion a day is 11,574 a second; people say 12 thousand. */
const struct om_load om_loads[OM_LOADS] = {
	{ "average", 12000 },
	{ "peak", 36000 },
	{ "spike", 360000 },
};

int64_t
om_per_second(int64_t count, int64_t ns)
{
	assert(count >= 0 && count <= OM_STEP_COUNT_MAX);
	return count * NS_PER_SECOND / (ns < 1 ? 1 : ns);
}

const char *
om_verdict_name(enum om_verdict verdict)
{
	static const char *const names[] = {
		[OM_HOLDS] = "holds",
		[OM_LOADS_IT] = "loads",
		[OM_QUEUES] = "queues",
	};

	return names[verdict];
}

const char *
om_verdict_words(enum om_verdict verdict)
{
	static const char *const words[] = {
		[OM_HOLDS] = "yes",
		[OM_LOADS_IT] = "loads it, the rest follows later",
		[OM_QUEUES] = "no: files queue up",
	};

	return words[verdict];
}

/* rate / per_second * 10, rounded down. */
static int64_t
tenths(int64_t rate, int64_t per_second)
{
	return rate / per_second * TENTHS +
	       rate % per_second * TENTHS / per_second;
}

struct om_capacity
om_capacity_of(const struct om_load *load, int64_t loading, int64_t all)
{
	struct om_capacity out = {
		.verdict = OM_QUEUES,
		.load_tenths = tenths(loading, load->per_second),
		.all_tenths = tenths(all, load->per_second),
	};

	if (all >= load->per_second)
		out.verdict = OM_HOLDS;
	else if (loading >= load->per_second)
		out.verdict = OM_LOADS_IT;
	return out;
}
