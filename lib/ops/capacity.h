/*
 * capacity.h - is a measured rate enough for what is asked of it?
 *
 * The question (ordmill-design(7)): a hundred million users with ten actions a
 * day are 12 thousand orders a second on average, 36 thousand at peak, and ten
 * times that in a spike. What can only be loaded in time waits in the store
 * for its passes; what cannot even be loaded in time waits as files.
 */
#ifndef OM_OPS_CAPACITY_H
#define OM_OPS_CAPACITY_H

#include <stddef.h>
#include <stdint.h>

/* The most that may be counted in one step: its rate is exact. */
#define OM_STEP_COUNT_MAX INT64_C(4000000000)

/* count things in ns nanoseconds, as things a second, rounded down; what took
 * no time counts as a nanosecond. */
int64_t om_per_second(int64_t count, int64_t ns);

struct om_load {
	const char *name;
	int64_t per_second;
};

#define OM_LOADS 3
extern const struct om_load om_loads[OM_LOADS]; /* growing */

enum om_verdict {
	OM_HOLDS,    /* every step keeps up */
	OM_LOADS_IT, /* loading keeps up, other steps follow later */
	OM_QUEUES,   /* loading does not keep up */
};

const char *om_verdict_name(enum om_verdict verdict);  /* "holds" */
const char *om_verdict_words(enum om_verdict verdict); /* for people */

struct om_capacity {
	enum om_verdict verdict;
	int64_t load_tenths; /* of the rate asked for: 25 is 2.5 times it */
	int64_t all_tenths;
};

/* Rates in orders a second: of loading alone, and of all steps. */
struct om_capacity om_capacity_of(const struct om_load *load, int64_t loading,
    int64_t all);

#endif
