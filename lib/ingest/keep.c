/* keep.c - row by row, in the order of an export; see keep.h. */
#include "ingest/keep.h"

#include "store/quarantine.h"

#define BEFORE (-1) /* row_no; that behind it is one more than the last */

int
om_keep_rows(struct om_store *store, int64_t batch, int64_t number,
    const struct om_reject *r, struct om_err *err)
{
	int64_t n = (int64_t)r->row_count;

	if (r->before.n > 0 && om_quarantine_put_row(store, batch, number,
				   BEFORE, &r->rows[0].at, r->before, err) < 0)
		return err->code;
	for (int64_t i = 0; i < n; i++)
		if (om_quarantine_put_row(store, batch, number, i,
			&r->rows[i].at, r->rows[i].bytes, err) < 0)
			return err->code;
	if (r->after.n > 0)
		return om_quarantine_put_row(store, batch, number, n,
		    &r->rows[n - 1].at, r->after, err);
	return 0;
}
