/*
 * field.h - the facts that a mapping can fill, and what kind each one is.
 *
 * The names are those of `columns:` in ordmill-feed(5). Their order here is
 * the order in which they are read, so a row with several faults is always
 * rejected for the same one.
 */
#ifndef OM_FEED_FIELD_H
#define OM_FEED_FIELD_H

#include "base/str.h"

enum om_field {
	OM_F_KIND,
	OM_F_CHANNEL,
	OM_F_REFERENCE,
	OM_F_REVISION,
	OM_F_CUSTOMER,
	OM_F_PLACED_AT,
	OM_F_CURRENCY,
	OM_F_SUBTOTAL,
	OM_F_DISCOUNT,
	OM_F_SHIPPING,
	OM_F_CHARGES,
	OM_F_TAX,
	OM_F_TAX_INCLUDED,
	OM_F_TOTAL,
	OM_F_PAYMENT,
	OM_F_AMOUNT,
	OM_F_PAID_AT,
	OM_F_ORDER_COUNT, /* facts of the order end here; lines follow */
	OM_F_LINE = OM_F_ORDER_COUNT,
	OM_F_SKU,
	OM_F_QUANTITY,
	OM_F_UNIT_PRICE,
	OM_F_LINE_GROSS,
	OM_F_LINE_DISCOUNT,
	OM_F_LINE_TAX,
	OM_F_LINE_TOTAL,
	OM_F_COUNT
};

enum om_field_type {
	OM_TYPE_KIND,	  /* order, cancel */
	OM_TYPE_TEXT,	  /* any text */
	OM_TYPE_NAME,	  /* text without control characters */
	OM_TYPE_TIME,	  /* a date, with or without time and offset */
	OM_TYPE_CURRENCY, /* ISO 4217 */
	OM_TYPE_AMOUNT,	  /* in the order's currency */
	OM_TYPE_BOOL,	  /* true, false, yes, no, 1, 0 */
	OM_TYPE_NUMBER,	  /* a whole number */
	OM_TYPE_QUANTITY, /* three places */
	OM_TYPE_PRICE,	  /* six places */
};

/* Which feeds may map it. */
enum om_field_use {
	OM_USE_ORDER = 1,
	OM_USE_LINE = 2,
	OM_USE_PAYMENT = 4,
};

struct om_field_row {
	const char *name;
	enum om_field_type type;
	unsigned use; /* of enum om_field_use */
	size_t max;   /* bytes of text; 0: the number's own bound */
};

const struct om_field_row *om_field_row(enum om_field field);

/* False if no field has that name. */
bool om_field_find(struct om_str name, enum om_field *out);

/* The name of a field that looks like it, or NULL. */
const char *om_field_nearest(struct om_str name);

#endif
