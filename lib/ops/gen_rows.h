/*
 * gen_rows.h - orders and payments as rows of text.
 *
 * The om_gen_put_ functions write where they are told, which must have room
 * for OM_GEN_ROW_MAX bytes, and return the new end; the others write to a
 * file.
 */
#ifndef OM_OPS_GEN_ROWS_H
#define OM_OPS_GEN_ROWS_H

#include "ops/gen_file.h"
#include "ops/gen_order.h"

/* What rows share. opt and channel are borrowed. */
struct om_gen_rows {
	const struct om_gen_options *opt;
	struct om_str channel;
	struct om_put_dates dates;
	char cells[OM_GEN_ROW_MAX]; /* what the rows of an order share */
};

void om_gen_rows_init(struct om_gen_rows *rows,
    const struct om_gen_options *opt);

/* With the end of the line. */
struct om_str om_gen_orders_header(const struct om_gen_options *opt);
struct om_str om_gen_changes_header(const struct om_gen_options *opt);

const struct om_currency *om_gen_currency(const struct om_gen_options *opt,
    const struct om_gen_order *order);
char *om_gen_put_reference(char *p, const struct om_gen_options *opt,
    int64_t number);

/* A row of an order without its end of line: the cells that all of its rows
 * share must have been put by om_gen_rows_begin(). */
void om_gen_rows_begin(struct om_gen_rows *rows,
    const struct om_gen_order *order, struct om_str *out_shared);
char *om_gen_put_line(char *p, struct om_str shared,
    const struct om_gen_options *opt, const struct om_gen_order *order,
    uint32_t line);

/* For orders.csv. */
OM_MUST_USE int om_gen_write_order(struct om_gen_rows *rows,
    const struct om_gen_order *order, struct om_gen_file *file,
    struct om_err *err);
/* For changes.csv: a later revision, or a cancellation with its number. */
OM_MUST_USE int om_gen_write_amendment(struct om_gen_rows *rows,
    const struct om_gen_order *order, struct om_gen_file *file,
    struct om_err *err);
OM_MUST_USE int om_gen_write_cancellation(struct om_gen_rows *rows,
    const struct om_gen_order *order, struct om_gen_file *file,
    struct om_err *err);

struct om_gen_payment {
	int64_t number; /* of the order that it says it is for */
	int64_t amount_minor;
	const struct om_currency *currency;
	int64_t paid_at;
};
OM_MUST_USE int om_gen_write_payment(struct om_gen_rows *rows,
    const struct om_gen_payment *payment, struct om_gen_file *file,
    struct om_err *err);

#endif
