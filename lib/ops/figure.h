/* figure.h - numbers and amounts as cells of a report, in an arena. */
#ifndef OM_OPS_FIGURE_H
#define OM_OPS_FIGURE_H

#include "order/money.h"

const char *om_cell_int(struct om_arena *arena, int64_t n);
const char *om_cell_str(struct om_arena *arena, struct om_str s);
/* In the major unit; without a currency the bare minor units. */
const char *om_cell_money(struct om_arena *arena, int64_t minor,
    const struct om_currency *c);
const char *om_cell_code(const struct om_currency *c); /* "-": none */
/* RFC 3339, "-" for 0. */
const char *om_cell_time(struct om_arena *arena, int64_t when);
/* "2026-11-23" */
const char *om_cell_date(struct om_arena *arena, int64_t when);
/* "%s" and friends, at most 1 KiB of it. */
const char *om_cellf(struct om_arena *arena, const char *fmt, ...)
    OM_PRINTF(2, 3);

#endif
