/*
 * feedside.h - a file read by a feed, as one side of a reconciliation.
 *
 * The feed does what it does for ingest: it knows the file's columns, dates
 * and numbers, gathers the lines of an order and checks the arithmetic. A feed
 * of orders gives the columns channel reference revision customer placed_at
 * currency subtotal discount shipping tax total amount (= total); a feed of
 * payments gives channel reference payment currency amount paid_at. What the
 * feed would quarantine becomes a break of class data, with its reason; so does
 * a cancellation, which means something to a store only.
 */
#ifndef OM_RECON_FEEDSIDE_H
#define OM_RECON_FEEDSIDE_H

#include "feed/reader.h"
#include "recon/input.h"

struct om_rec_feedside;

/* feed outlives the side. OM_EUSAGE: the feed takes more than one file. */
OM_MUST_USE int om_rec_feedside_open(const struct om_feed *feed,
    const char *path, struct om_rec_feedside **out, struct om_err *err);
void om_rec_feedside_close(struct om_rec_feedside **side); /* safe twice */

const struct om_rec_input *om_rec_feedside_input(
    const struct om_rec_feedside *side);

#endif
