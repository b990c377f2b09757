/* judge.h - what an order that arrives is, by what the shard has of it. */
#ifndef OM_STORE_JUDGE_H
#define OM_STORE_JUDGE_H

#include "store/chunk.h"
#include "store/stored.h"

/* Nothing is stored under the entry's key. */
void om_judge_new(struct om_entry *entry, struct om_arena *arena);

/* stored is the current revision. Sets outcome, and state, prev_id and sums
 * where a row follows, or the reason of a conflict. */
OM_MUST_USE int om_judge(struct om_db *db, struct om_entry *entry,
    struct om_stored *stored, struct om_arena *arena, struct om_err *err);

#endif
