/* tally.c - count, merge, and prove that the books close; see tally.h. */
#include "recon/tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const names[OM_REC_CLASSES] = {
	[OM_REC_EXACT] = "exact",
	[OM_REC_TOLERATED] = "tolerance",
	[OM_REC_MISSING_LEFT] = "missing_left",
	[OM_REC_MISSING_RIGHT] = "missing_right",
	[OM_REC_AMOUNT_OVER] = "amount_over",
	[OM_REC_AMOUNT_UNDER] = "amount_under",
	[OM_REC_CURRENCY] = "currency",
	[OM_REC_VALUE] = "value",
	[OM_REC_DUPLICATE] = "duplicate",
	[OM_REC_DATA] = "data",
};

const char *om_rec_class_name(enum om_rec_class class)
{
	return names[class];
}

bool
om_rec_class_find(struct om_str name, enum om_rec_class *out)
{
	for (size_t i = 0; i < OM_COUNT(names); i++) {
		if (!om_str_is(name, names[i]))
			continue;
		*out = (enum om_rec_class)i;
		return true;
	}
	return false;
}

void
om_rec_tally_init(struct om_rec_tally *tally)
{
	tally->sum = calloc(OM_REC_CURRENCIES, sizeof(tally->sum[0]));
	if (tally->sum == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
}

void
om_rec_tally_fini(struct om_rec_tally *tally)
{
	free(tally->sum);
	tally->sum = NULL;
}

static void
add(struct om_rec_sum *into, const struct om_rec_sum *from)
{
	into->items += from->items;
	into->amount += from->amount;
	for (int side = 0; side < 2; side++) {
		into->rows[side] += from->rows[side];
		into->total[side] += from->total[side];
	}
}

void
om_rec_tally_merge(struct om_rec_tally *into, const struct om_rec_tally *from)
{
	for (size_t i = 0; i < OM_REC_CURRENCIES; i++)
		for (size_t c = 0; c < OM_REC_CLASSES; c++)
			add(&into->sum[i][c], &from->sum[i][c]);
}

struct om_rec_sum
om_rec_tally_class(const struct om_rec_tally *tally, enum om_rec_class class)
{
	struct om_rec_sum all = { 0 };

	for (size_t i = 0; i < OM_REC_CURRENCIES; i++)
		add(&all, &tally->sum[i][class]);
	return all;
}

uint64_t
om_rec_tally_breaks(const struct om_rec_tally *tally)
{
	uint64_t n = 0;

	for (int c = OM_REC_FIRST_BREAK; c < OM_REC_CLASSES; c++)
		n += om_rec_tally_class(tally, (enum om_rec_class)c).items;
	return n;
}

static bool
fits(om_int128 n)
{
	return n >= INT64_MIN && n <= INT64_MAX;
}

static int
close_side(const struct om_rec_tally *tally, int side,
    const struct om_rec_control *control, struct om_err *err)
{
	const char *name = side == 0 ? "left" : "right";
	uint64_t all = 0;

	for (size_t i = 0; i < OM_REC_CURRENCIES; i++) {
		struct om_rec_sum sum = { 0 };

		for (size_t c = 0; c < OM_REC_CLASSES; c++) {
			add(&sum, &tally->sum[i][c]);
			if (!fits(tally->sum[i][c].amount))
				return om_fail(err, OM_ELIMIT,
				    "sum of %s overflows", names[c]);
		}
		if (sum.rows[side] != control->by_currency[i] ||
		    sum.total[side] != control->total[i])
			return om_fail(err, OM_EINTERNAL,
			    "the books of the %s side do not close: %" PRIu64
			    " rows read, %" PRIu64 " accounted for",
			    name, control->by_currency[i], sum.rows[side]);
		if (!fits(control->total[i]))
			return om_fail(err, OM_ELIMIT,
			    "sum of the %s side overflows", name);
		all += sum.rows[side];
	}
	if (all != control->rows)
		return om_fail(err, OM_EINTERNAL,
		    "the books of the %s side do not close: %" PRIu64
		    " rows read, %" PRIu64 " accounted for",
		    name, control->rows, all);
	return 0;
}

int
om_rec_tally_close(const struct om_rec_tally *tally,
    const struct om_rec_control *left, const struct om_rec_control *right,
    struct om_err *err)
{
	int rc = close_side(tally, 0, left, err);

	return rc < 0 ? rc : close_side(tally, 1, right, err);
}
