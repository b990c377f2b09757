/*
 * decisions.h - what people said of numbers of a feed that did not come.
 *
 * A decision is about a range of numbers: they are accepted as missing, or
 * reopened, which takes that back. Decisions are only ever added, and of
 * several about a number the newest holds, so that what was known on any day
 * can be told later. Each has its entry in the journal.
 */
#ifndef OM_STORE_DECISIONS_H
#define OM_STORE_DECISIONS_H

#include "order/sequence.h"
#include "store/store.h"

#define OM_DECISION_TEXT_MAX 1000 /* bytes of who and of why */

struct om_decision {
	struct om_decision *next; /* an older one */
	int64_t leaf;		  /* of the journal */
	struct om_str feed;
	enum om_sequence_unit unit;
	int64_t from;
	int64_t to;
	bool accepted; /* else reopened */
	int64_t at;
	struct om_str by;
	struct om_str reason;
};

const char *om_decision_name(bool accepted);

/* In the caller's transaction of the catalog. */
OM_MUST_USE int om_decision_put(struct om_store *store,
    const struct om_decision *decision, struct om_err *err);

/* Those until then, the newest first; all text is in arena. */
OM_MUST_USE int om_decisions_read(struct om_store *store, int64_t until,
    struct om_arena *arena, struct om_decision **out, struct om_err *err);

/* Of the numbers of a feed from here on: NULL if the first is not accepted,
 * else the decision that accepts it; and the last one, up to to, of which the
 * same decision, or none, holds. */
const struct om_decision *om_decisions_at(const struct om_decision *newest,
    struct om_str feed, enum om_sequence_unit unit, int64_t from, int64_t to,
    int64_t *out_last);

#endif
