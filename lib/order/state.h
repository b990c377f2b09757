/*
 * state.h - the states of an order and the only legal ways between them.
 *
 * One table in state.c lists every transition; no code moves an order except
 * through it. The numbers are stored in databases: they never change.
 */
#ifndef OM_ORDER_STATE_H
#define OM_ORDER_STATE_H

#include "base/str.h"

enum om_state {
	OM_RECEIVED = 0,
	OM_HELD = 1,
	OM_ACCEPTED = 2,
	OM_ALLOCATED = 3,
	OM_BACKORDERED = 4,
	OM_RELEASED = 5,
	OM_SHIPPED = 6,
	OM_CLOSED = 7,
	OM_CANCELLED = 8,
	OM_STATE_COUNT
};

const char *om_state_name(enum om_state state); /* "received" */
bool om_state_find(struct om_str name, enum om_state *out);
bool om_state_may(enum om_state from, enum om_state to);

/* Not closed and not cancelled. */
bool om_state_open(enum om_state state);

#endif
