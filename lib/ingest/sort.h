/*
 * sort.h - put the orders of a block in the order of their keys.
 *
 * Sorted by the table's own key first, a chunk goes in several times faster
 * than in random order.
 */
#ifndef OM_INGEST_SORT_H
#define OM_INGEST_SORT_H

#include "store/chunk.h"

/* By key, then by index; items come in with ascending index. scratch has room
 * for n. */
void om_sort_keyed(struct om_keyed *items, struct om_keyed *scratch, size_t n);

#endif
