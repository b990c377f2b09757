/*
 * line_text.h - the lines of an order as one text, as a store keeps them.
 *
 * A JSON array with an array for each line, without blanks:
 *
 *     [[1,"SKU-1",1500,19990000,0,480,2999],[2,...]]
 *
 * The numbers are those of struct om_line, in its order. Of the bytes of a SKU
 * the quote, the backslash and those under 0x20 are escaped, as \", \\ and
 * \u00xx; every other one stands for itself. Lines have this one text and no
 * other: what differs from it by a byte is no text of theirs.
 */
#ifndef OM_ORDER_LINE_TEXT_H
#define OM_ORDER_LINE_TEXT_H

#include "base/buf.h"
#include "order/order.h"

/* Append; no lines are "[]". */
void om_line_text_write(struct om_buf *out, const struct om_line *lines,
    uint32_t count);

/* False, and *out untouched, if that is no such text. Up to
 * OM_ORDER_LINES_MAX lines, in the arena with their SKUs. */
OM_MUST_USE bool om_line_text_read(struct om_str text, struct om_arena *arena,
    struct om_line **out, uint32_t *out_count);

#endif
