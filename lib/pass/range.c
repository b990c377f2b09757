/* range.c - ranges of ids; see range.h. */
#include "pass/range.h"

#include <assert.h>

#include "store/chunk.h"

static const struct om_lend_column columns[] = {
	{ "slot", OM_INT },
	{ "from_id", OM_INT },
	{ "to_id", OM_INT },
};

static void
cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct om_range *r = (const struct om_range *)rows + row;

	out->i = col == 0 ? r->slot : col == 1 ? r->from_id : r->to_id;
}

int
om_ranges_lend(struct om_db *db, unsigned from, unsigned to, uint64_t since,
    struct om_range ranges[OM_RANGE_SLOTS], struct om_err *err)
{
	const struct om_lend table = {
		.name = "ranges",
		.columns = columns,
		.column_count = OM_COUNT(columns),
		.rows = ranges,
		.row_count = to - from + 1,
		.cell = cell,
		.sorted_by = 1,
	};

	assert(to - from < OM_RANGE_SLOTS);

	for (unsigned slot = from; slot <= to; slot++)
		ranges[slot - from] = (struct om_range){
			.slot = slot,
			.from_id = om_row_id(slot, since),
			.to_id = om_row_last(slot),
		};
	return om_db_lend(db, &table, err);
}
