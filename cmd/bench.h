/* bench.h - measure this machine, step by step. For cmd/bench*.c. */
#ifndef OM_CMD_BENCH_H
#define OM_CMD_BENCH_H

#include "cmd/command.h"
#include "ops/capacity.h"
#include "ops/machine.h"

enum om_bench_step {
	OM_BENCH_GENERATE,
	OM_BENCH_LOAD,
	OM_BENCH_VALIDATE,
	OM_BENCH_RECONCILE,
	OM_BENCH_VERIFY,
	OM_BENCH_STEPS
};

struct om_bench_plan {
	const struct om_cli *cli;
	int64_t orders;
	int64_t breaks;
	unsigned shards;
	int64_t deadline_ns; /* om_monotonic_ns(), or 0 */
};

/* What came of it; plain bytes, as it comes from another process. */
struct om_bench {
	struct om_machine machine;
	struct {
		int64_t count;
		int64_t ns;
	} step[OM_BENCH_STEPS];
	int64_t made; /* orders */
	int64_t created;
	int64_t accepted;
	bool money_agrees; /* what was loaded with what was made */
	uint64_t breaks_planted;
	uint64_t breaks_found;
	uint64_t breaks_unasked;
	uint64_t leaves;
	uint64_t flaws;
	int64_t store_bytes;
	int64_t memory_bytes; /* resident, at most */
};

/* Do it all in dir, an om_aside_fn: arg is a plan, result a struct om_bench. */
OM_MUST_USE int om_bench_work(const void *arg, const char *dir, void *result,
    struct om_err *err);

/* Do the books agree, and the evidence verify? */
bool om_bench_good(const struct om_bench *b);

void om_bench_text(const struct om_bench_plan *plan, const struct om_bench *b,
    FILE *out);
void om_bench_json(const struct om_bench_plan *plan, const struct om_bench *b,
    FILE *out);

#endif
