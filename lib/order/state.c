/* state.c - the one table of legal transitions; see state.h. */
#include "order/state.h"

#include "base/attr.h"

#define TO(state) (1U << (state))

/* clang-format off */
static const struct {
	const char *name;
	unsigned next; /* set of states */
} table[OM_STATE_COUNT] = {
	[OM_RECEIVED] = { "received",
	    TO(OM_ACCEPTED) | TO(OM_HELD) | TO(OM_CANCELLED) },
	[OM_HELD] = { "held",
	    TO(OM_ACCEPTED) | TO(OM_RECEIVED) | TO(OM_CANCELLED) },
	[OM_ACCEPTED] = { "accepted",
	    TO(OM_ALLOCATED) | TO(OM_BACKORDERED) | TO(OM_HELD) |
	    TO(OM_CANCELLED) },
	[OM_ALLOCATED] = { "allocated",
	    TO(OM_RELEASED) | TO(OM_ACCEPTED) | TO(OM_BACKORDERED) |
	    TO(OM_CANCELLED) },
	[OM_BACKORDERED] = { "backordered",
	    TO(OM_ALLOCATED) | TO(OM_HELD) | TO(OM_CANCELLED) },
	[OM_RELEASED] = { "released", TO(OM_SHIPPED) | TO(OM_CANCELLED) },
	[OM_SHIPPED] = { "shipped", TO(OM_CLOSED) },
	[OM_CLOSED] = { "closed", 0 },
	[OM_CANCELLED] = { "cancelled", 0 },
};
/* clang-format on */

static bool
is_known(enum om_state state)
{
	return (unsigned)state < OM_STATE_COUNT;
}

const char *
om_state_name(enum om_state state)
{
	return is_known(state) ? table[state].name : "unknown";
}

bool
om_state_find(struct om_str name, enum om_state *out)
{
	for (size_t i = 0; i < OM_COUNT(table); i++) {
		if (om_str_is(name, table[i].name)) {
			*out = (enum om_state)i;
			return true;
		}
	}
	return false;
}

bool
om_state_may(enum om_state from, enum om_state to)
{
	return is_known(from) && is_known(to) &&
	       (table[from].next & TO(to)) != 0;
}

bool
om_state_open(enum om_state state)
{
	return is_known(state) && table[state].next != 0;
}
