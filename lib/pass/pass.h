/*
 * pass.h - a restartable step that moves orders from state to state.
 *
 * A pass declares what it is and does its work on a window of the shard inside
 * the runner's transaction; the runner (run.h) does the rest, once for
 * all passes: locks, threads, checkpoints, books, evidence.
 *
 * The books of a pass: in = the sum of all other lines. A pass counts every
 * item that it was given under exactly one of them.
 */
#ifndef OM_PASS_PASS_H
#define OM_PASS_PASS_H

#include "audit/log.h"
#include "base/buf.h"
#include "store/store.h"

#define OM_RULES_MAX   32
#define OM_TALLY_LINES 16

/* Lines of the books by name, "in" first. Names are static text. */
struct om_tally {
	size_t count;
	struct {
		const char *name;
		int64_t n;
	} line[OM_TALLY_LINES];
};

void om_tally_add(struct om_tally *tally, const char *name, int64_t n);
int64_t om_tally_get(const struct om_tally *tally, const char *name);
/* OM_EINTERNAL unless in = everything else. */
OM_MUST_USE int om_tally_close(const struct om_tally *tally,
    struct om_err *err);

/* A rule of the user: orders for which the SQL condition over the columns of
 * order_rows (as o) holds are held, with the name as the reason. */
struct om_rule {
	const char *name;
	const char *condition;
};

/* What a pass works with, in one shard and one thread. */
struct om_work {
	struct om_db *db;
	struct om_log *log;
	struct om_sha256 sha;
	struct om_buf record;
	struct om_arena arena; /* for one piece of work */
	struct om_arena keep;  /* outlives db: texts of statements */
	const char *sql;       /* a statement that the pass put together */
	int64_t run;
	int64_t now;
	int64_t published;
	const struct om_rule *rules;
	size_t rule_count;
	struct om_tally tally;
};

/* How a pass walks a shard. */
enum om_window {
	OM_BY_ARRIVAL, /* rows that came since its last full run, by id */
	OM_BY_SLOT,    /* everything, slot by slot */
};

struct om_pass {
	const char *name;
	const char *summary;
	const char *from; /* states, for people */
	const char *to;
	const char *items; /* what its books count: "orders", "payments" */
	enum om_window window;
	/* Work on ids (or slots) from..to, inside a transaction of w->db. */
	int (*work)(struct om_work *w, int64_t from, int64_t to,
	    struct om_err *err);
};

extern const struct om_pass om_pass_validate;
extern const struct om_pass om_pass_settle;

/* In the order in which `run` takes them; NULL-terminated. */
extern const struct om_pass *const om_passes[];
const struct om_pass *om_pass_find(const char *name);

#endif
