/* exit.c - failures into exit statuses, and which of two wins. */
#include "cmd/exit.h"

#include <assert.h>

#include "base/attr.h"

enum om_exit
om_exit_of(enum om_code code)
{
	switch (code) {
	case OM_OK:
		return OM_EXIT_OK;
	case OM_EUSAGE:
		return OM_EXIT_USAGE;
	case OM_EDATA:
	case OM_ECONFLICT:
	case OM_ELIMIT:
		return OM_EXIT_DATA;
	case OM_ENOENT:
	case OM_EIO:
		return OM_EXIT_NOENT;
	case OM_EBUSY:
		return OM_EXIT_BUSY;
	case OM_ESTORE:
		return OM_EXIT_STORE;
	case OM_EDAMAGED:
		return OM_EXIT_DAMAGED;
	case OM_EDEADLINE:
		return OM_EXIT_DEADLINE;
	case OM_EREMOTE:
		return OM_EXIT_REMOTE;
	case OM_EAUTH:
		return OM_EXIT_AUTH;
	case OM_EOUTPUT:
		return OM_EXIT_OUTPUT;
	case OM_EINTERNAL:
		break;
	}
	return OM_EXIT_INTERNAL;
}

static size_t
rank(int status)
{
	static const int order[] = {
		OM_EXIT_INTERNAL,
		OM_EXIT_DAMAGED,
		OM_EXIT_STORE,
		OM_EXIT_AUTH,
		OM_EXIT_OUTPUT,
		OM_EXIT_REMOTE,
		OM_EXIT_BUSY,
		OM_EXIT_DEADLINE,
		OM_EXIT_DATA,
		OM_EXIT_NOENT,
		OM_EXIT_USAGE,
		OM_EXIT_PARTIAL,
		OM_EXIT_FOUND,
		OM_EXIT_OK,
	};
	size_t i = 0;

	while (i < OM_COUNT(order) && order[i] != status)
		i++;
	assert(i < OM_COUNT(order));
	return i;
}

int
om_exit_worst(int a, int b)
{
	return rank(b) < rank(a) ? b : a;
}
