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

/* The worst first: when several apply, the first one wins. */
static const struct {
	int status;
	const char *meaning;
} table[] = {
	{ OM_EXIT_INTERNAL, "internal" },
	{ OM_EXIT_DAMAGED, "store damaged" },
	{ OM_EXIT_STORE, "no store" },
	{ OM_EXIT_AUTH, "not authorised" },
	{ OM_EXIT_OUTPUT, "output" },
	{ OM_EXIT_REMOTE, "remote" },
	{ OM_EXIT_BUSY, "locked" },
	{ OM_EXIT_DEADLINE, "deadline" },
	{ OM_EXIT_DATA, "bad input" },
	{ OM_EXIT_NOENT, "no such input" },
	{ OM_EXIT_USAGE, "usage" },
	{ OM_EXIT_PARTIAL, "partial" },
	{ OM_EXIT_FOUND, "found something" },
	{ OM_EXIT_OK, "done" },
};

static size_t
rank(int status)
{
	size_t i = 0;

	while (i < OM_COUNT(table) && table[i].status != status)
		i++;
	return i;
}

int
om_exit_worst(int a, int b)
{
	assert(rank(a) < OM_COUNT(table) && rank(b) < OM_COUNT(table));
	return rank(b) < rank(a) ? b : a;
}

const char *
om_exit_meaning(int status)
{
	size_t i = rank(status);

	return i < OM_COUNT(table) ? table[i].meaning : NULL;
}
