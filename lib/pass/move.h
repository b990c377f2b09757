/*
 * move.h - many events at once: into the log, the events and the orders.
 */
#ifndef OM_PASS_MOVE_H
#define OM_PASS_MOVE_H

#include "order/state.h"
#include "pass/pass.h"

/* One event of an order. Moves of one order stand together, oldest first. */
struct om_move {
	int64_t order_id;
	int64_t slot;
	int64_t prev_leaf; /* the order's last_leaf before it */
	int64_t leaf;	   /* given by om_moves_seal */
	int64_t kind;	   /* enum om_event_kind */
	enum om_state from;
	enum om_state to;
	int64_t amount_minor;
	const char *reason; /* "" if there is none */
};

/* Give each move its leaf, chain the moves of one order, append to the log
 * and insert the events. The transitions must be legal (assert). */
OM_MUST_USE int om_moves_seal(struct om_work *w, const char *pass,
    struct om_move *moves, size_t n, struct om_err *err);

/* Bring the orders to the state of their move: one move an order. */
OM_MUST_USE int om_moves_apply(struct om_work *w, const struct om_move *moves,
    size_t n, struct om_err *err);

#endif
