/* conflicts.h - the original rows of what contradicts the store. */
#ifndef OM_INGEST_CONFLICTS_H
#define OM_INGEST_CONFLICTS_H

#include "feed/feed.h"
#include "store/store.h"

struct om_conflicts {
	struct om_store *store;
	const struct om_feed *feed;
	const char *const *paths;
	unsigned path_count;
	size_t memory; /* for gathering lines */
	int64_t batch;
	int64_t rejects; /* numbered so far; findings are numbered after them */
};

/*
 * Who conflicts is known only when the shards have judged, and the rows of a
 * good order are not kept until then: so the input is read once more, and the
 * rows of every finding go to the quarantine under the number that
 * om_publish_findings() will give it. OM_EIO if the input is not what it was.
 */
OM_MUST_USE int om_conflicts_keep(const struct om_conflicts *c,
    struct om_err *err);

#endif
