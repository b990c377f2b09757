/*
 * query.h - what a store holds as one side of a reconciliation.
 *
 *   orders    the current revision of every order: channel reference revision
 *             customer placed_at currency subtotal discount shipping tax
 *             total amount (= total) paid refunded due state batch source_line
 *   payments  what statements reported: channel reference payment currency
 *             amount paid_at applied batch source_line
 *
 * Only published batches count, those known when the store was opened. Rows
 * come shard by shard in the order in which they arrived; their line is
 * counted from 1. A row whose currency is not known has empty amounts.
 */
#ifndef OM_RECON_QUERY_H
#define OM_RECON_QUERY_H

#include "recon/input.h"
#include "store/store.h"

struct om_rec_query;

/* store outlives the query and belongs to the same reader. OM_EUSAGE, with a
 * suggestion, if there is no such query. */
OM_MUST_USE int om_rec_query_open(const struct om_store *store,
    const char *name, struct om_rec_query **out, struct om_err *err);
void om_rec_query_close(struct om_rec_query **query); /* safe twice */

const struct om_rec_input *om_rec_query_input(const struct om_rec_query *query);

#endif
