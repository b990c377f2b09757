/* field.c - the table behind field.h. */
#include "feed/field.h"

#include <stdio.h>

#include "base/attr.h"
#include "order/order.h"

#define TEXT_MAX 4096
#define ORDER	 OM_USE_ORDER
#define LINE	 OM_USE_LINE
#define PAYMENT	 OM_USE_PAYMENT

/* clang-format off */
static const struct om_field_row rows[OM_F_COUNT] = {
	[OM_F_KIND] = { "kind", OM_TYPE_KIND, ORDER, 0 },
	[OM_F_CHANNEL] = { "channel", OM_TYPE_NAME, ORDER | PAYMENT,
	    OM_CHANNEL_MAX },
	[OM_F_REFERENCE] = { "reference", OM_TYPE_NAME, ORDER | PAYMENT,
	    OM_REFERENCE_MAX },
	[OM_F_REVISION] = { "revision", OM_TYPE_NAME, ORDER, 255 },
	[OM_F_CUSTOMER] = { "customer", OM_TYPE_TEXT, ORDER, TEXT_MAX },
	[OM_F_PLACED_AT] = { "placed_at", OM_TYPE_TIME, ORDER, 0 },
	[OM_F_CURRENCY] = { "currency", OM_TYPE_CURRENCY, ORDER | PAYMENT, 0 },
	[OM_F_SUBTOTAL] = { "subtotal", OM_TYPE_AMOUNT, ORDER, 0 },
	[OM_F_DISCOUNT] = { "discount", OM_TYPE_AMOUNT, ORDER, 0 },
	[OM_F_SHIPPING] = { "shipping", OM_TYPE_AMOUNT, ORDER, 0 },
	[OM_F_CHARGES] = { "charges", OM_TYPE_AMOUNT, ORDER, 0 },
	[OM_F_TAX] = { "tax", OM_TYPE_AMOUNT, ORDER, 0 },
	[OM_F_TAX_INCLUDED] = { "tax_included", OM_TYPE_BOOL, ORDER, 0 },
	[OM_F_TOTAL] = { "total", OM_TYPE_AMOUNT, ORDER, 0 },
	[OM_F_PAYMENT] = { "payment", OM_TYPE_NAME, PAYMENT,
	    OM_REFERENCE_MAX },
	[OM_F_AMOUNT] = { "amount", OM_TYPE_AMOUNT, PAYMENT, 0 },
	[OM_F_PAID_AT] = { "paid_at", OM_TYPE_TIME, PAYMENT, 0 },
	[OM_F_LINE] = { "line", OM_TYPE_NUMBER, LINE, 0 },
	[OM_F_SKU] = { "sku", OM_TYPE_NAME, LINE, OM_REFERENCE_MAX },
	[OM_F_QUANTITY] = { "quantity", OM_TYPE_QUANTITY, LINE, 0 },
	[OM_F_UNIT_PRICE] = { "unit_price", OM_TYPE_PRICE, LINE, 0 },
	[OM_F_LINE_GROSS] = { "line_gross", OM_TYPE_AMOUNT, LINE, 0 },
	[OM_F_LINE_DISCOUNT] = { "line_discount", OM_TYPE_AMOUNT, LINE, 0 },
	[OM_F_LINE_TAX] = { "line_tax", OM_TYPE_AMOUNT, LINE, 0 },
	[OM_F_LINE_TOTAL] = { "line_total", OM_TYPE_AMOUNT, LINE, 0 },
};
/* clang-format on */

const struct om_field_row *
om_field_row(enum om_field field)
{
	return &rows[field];
}

bool
om_field_find(struct om_str name, enum om_field *out)
{
	for (int i = 0; i < OM_F_COUNT; i++) {
		if (om_str_is(name, rows[i].name)) {
			*out = (enum om_field)i;
			return true;
		}
	}
	return false;
}

const char *
om_field_nearest(struct om_str name)
{
	const char *names[OM_F_COUNT];
	char word[32];

	for (int i = 0; i < OM_F_COUNT; i++)
		names[i] = rows[i].name;
	snprintf(word, sizeof(word), "%.*s", OM_FMT(name));
	return om_str_nearest(word, names, OM_COUNT(names));
}
