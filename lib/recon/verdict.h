/* verdict.h - two rows with one key: do they agree, and if not, in what? */
#ifndef OM_RECON_VERDICT_H
#define OM_RECON_VERDICT_H

#include "recon/tally.h"

struct om_rec_verdict {
	enum om_rec_class class; /* exact, tolerance, or the kind of break */
	uint8_t column; /* to blame: index into compare, or OM_REC_AT_... */
	uint32_t also;	/* further compared columns that differ, as bits */
	om_int128 tolerated; /* sum of the absolute differences let pass */
};

/* The first differing amount decides, then the first differing text. places:
 * of the left row's currency. */
struct om_rec_verdict om_rec_judge(const struct om_rec_rules *rules,
    const struct om_rec_row *left, const struct om_rec_row *right, int places);

/* Which of the row's amounts belongs to compared column `column`. */
size_t om_rec_amount_index(const struct om_rec_rules *rules, size_t column);
/* The same for its texts. */
size_t om_rec_text_index(const struct om_rec_rules *rules, size_t column);

#endif
