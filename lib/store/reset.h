/*
 * reset.h - a store as it was when it was made.
 *
 * A store that is a copy of a template becomes that copy again, any other one
 * is empty again; its identity and its key stay. Everything since is gone, the
 * evidence of it, too. Killed before the point of no return, nothing has
 * happened; after it, there is no store until the call is made again.
 */
#ifndef OM_STORE_RESET_H
#define OM_STORE_RESET_H

#include "store/store.h"

struct om_reset {
	bool resumed;	/* finished what another call, or a copy, began */
	bool templated; /* back to the copy of a template */
	unsigned shards;
	int64_t batches; /* published ones, that are gone; 0 if resumed */
};

/* OM_EUSAGE: a database is on a server. dry_run: tell, do nothing. */
OM_MUST_USE int om_reset(const char *url, const struct om_session *session,
    bool dry_run, struct om_reset *out, struct om_err *err);

#endif
