/* group.h - rows that share a key, when one side has it more than once. */
#ifndef OM_RECON_GROUP_H
#define OM_RECON_GROUP_H

#include "recon/match.h"

/* Stages 1 to 4 of match.h. The members are reordered. */
OM_MUST_USE int om_rec_match_group(struct om_rec_matcher *m,
    struct om_rec_member *left, size_t left_n, struct om_rec_member *right,
    size_t right_n, struct om_err *err);

#endif
