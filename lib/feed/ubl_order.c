/* ubl_order.c - what each element of a UBL document says; see ubl.h. */
#include "feed/ubl.h"

#include <stdio.h>
#include <string.h>

#define LINE "OrderLine"
#define ITEM "OrderLine/LineItem/"

/* What becomes of the text of an element. */
enum act {
	ACT_CELL,   /* a cell, as it is */
	ACT_NUMBER, /* a cell, as a number */
	ACT_TEXT,   /* kept in a member for later */
	ACT_VALUE,  /* likewise, as a number */
	ACT_TOTAL,
	ACT_REFERENCE,
	ACT_INDICATOR,
	ACT_AMOUNT, /* of an allowance or a charge */
	ACT_STATUS,
};

#define MEMBER(m) offsetof(struct om_ubl, m)

static const struct {
	const char *path;
	enum act act;
	size_t to; /* a column, a member or a total */
} elements[] = {
	{ "ID", ACT_REFERENCE, true },
	{ "OrderReference/ID", ACT_REFERENCE, false },
	{ "SequenceNumberID", ACT_TEXT, MEMBER(sequence) },
	{ "IssueDate", ACT_TEXT, MEMBER(date) },
	{ "IssueTime", ACT_TEXT, MEMBER(time) },
	{ "OrderTypeCode", ACT_CELL, OM_DC_TYPE },
	{ "DocumentCurrencyCode", ACT_CELL, OM_DC_CURRENCY },
	{ "LineCountNumeric", ACT_TEXT, MEMBER(line_count) },
	{ "Contract/ID", ACT_CELL, OM_DC_CONTRACT },
	{ "BuyerCustomerParty/Party/PartyIdentification/ID", ACT_TEXT,
	    MEMBER(party[0]) },
	{ "BuyerCustomerParty/Party/EndpointID", ACT_TEXT, MEMBER(party[1]) },
	{ "BuyerCustomerParty/Party/PartyName/Name", ACT_TEXT,
	    MEMBER(party[2]) },
	{ "BuyerCustomerParty/Party/PartyLegalEntity/RegistrationName",
	    ACT_TEXT, MEMBER(party[3]) },
	{ "SellerSupplierParty/Party/PartyIdentification/ID", ACT_CELL,
	    OM_DC_SUPPLIER },
	{ "Delivery/DeliveryLocation/ID", ACT_CELL, OM_DC_SHIP_TO },
	{ "AllowanceCharge/ChargeIndicator", ACT_INDICATOR, 0 },
	{ "AllowanceCharge/Amount", ACT_AMOUNT, 0 },
	{ "TaxTotal/TaxAmount", ACT_NUMBER, OM_DC_TAX },
	{ "AnticipatedMonetaryTotal/LineExtensionAmount", ACT_TOTAL,
	    OM_UBL_LINES },
	{ "AnticipatedMonetaryTotal/TaxExclusiveAmount", ACT_TOTAL,
	    OM_UBL_EXCLUSIVE },
	{ "AnticipatedMonetaryTotal/TaxInclusiveAmount", ACT_TOTAL,
	    OM_UBL_INCLUSIVE },
	{ "AnticipatedMonetaryTotal/AllowanceTotalAmount", ACT_TOTAL,
	    OM_UBL_ALLOWANCES },
	{ "AnticipatedMonetaryTotal/ChargeTotalAmount", ACT_TOTAL,
	    OM_UBL_CHARGES },
	{ "AnticipatedMonetaryTotal/PrepaidAmount", ACT_TOTAL, OM_UBL_PREPAID },
	{ "AnticipatedMonetaryTotal/PayableRoundingAmount", ACT_TOTAL,
	    OM_UBL_ROUNDING },
	{ "AnticipatedMonetaryTotal/PayableAmount", ACT_TOTAL, OM_UBL_PAYABLE },
	{ ITEM "ID", ACT_CELL, OM_DC_LINE },
	{ ITEM "LineStatusCode", ACT_STATUS, 0 },
	{ ITEM "Quantity", ACT_NUMBER, OM_DC_QUANTITY },
	{ ITEM "LineExtensionAmount", ACT_NUMBER, OM_DC_LINE_TOTAL },
	{ ITEM "TotalTaxAmount", ACT_NUMBER, OM_DC_LINE_TAX },
	{ ITEM "TaxTotal/TaxAmount", ACT_NUMBER, OM_DC_LINE_TAX },
	{ ITEM "AllowanceCharge/ChargeIndicator", ACT_INDICATOR, 0 },
	{ ITEM "AllowanceCharge/Amount", ACT_AMOUNT, 0 },
	{ ITEM "Price/PriceAmount", ACT_VALUE, MEMBER(price) },
	{ ITEM "Price/BaseQuantity", ACT_VALUE, MEMBER(per) },
	{ ITEM "Item/SellersItemIdentification/ID", ACT_TEXT, MEMBER(item[0]) },
	{ ITEM "Item/StandardItemIdentification/ID", ACT_TEXT,
	    MEMBER(item[1]) },
	{ ITEM "Item/BuyersItemIdentification/ID", ACT_TEXT, MEMBER(item[2]) },
};

static const char *const total_names[OM_UBL_TOTALS] = {
	[OM_UBL_LINES] = "LineExtensionAmount",
	[OM_UBL_EXCLUSIVE] = "TaxExclusiveAmount",
	[OM_UBL_INCLUSIVE] = "TaxInclusiveAmount",
	[OM_UBL_ALLOWANCES] = "AllowanceTotalAmount",
	[OM_UBL_CHARGES] = "ChargeTotalAmount",
	[OM_UBL_PREPAID] = "PrepaidAmount",
	[OM_UBL_ROUNDING] = "PayableRoundingAmount",
	[OM_UBL_PAYABLE] = "PayableAmount",
};

static void
put(const struct om_ubl *u, enum om_doc_column column, struct om_str text)
{
	om_doc_set(u->doc, u->row, column, text);
}

int
om_ubl_begin(struct om_ubl *u, struct om_doc *doc, const char *kind,
    struct om_position at, struct om_err *err)
{
	*u = (struct om_ubl){ .doc = doc };
	om_doc_begin(doc, at);
	if (om_doc_row(doc, at, false, err) < 0)
		return err->code;
	u->is_order = strcmp(kind, "Order") == 0;
	doc->change = strcmp(kind, "OrderChange") == 0;
	put(u, OM_DC_PURPOSE, om_str_of(kind));
	return 0;
}

int
om_ubl_start(struct om_ubl *u, const char *path, struct om_position at,
    struct om_err *err)
{
	if (strcmp(path, LINE) != 0)
		return 0;
	u->in_line = true;
	u->deleted = false;
	u->row = u->doc->count;
	u->doc->items++;
	u->price = (struct om_str){ NULL, 0 };
	u->per = (struct om_str){ NULL, 0 };
	memset(u->item, 0, sizeof(u->item));
	u->off = (struct om_doc_sum){ 0 };
	return om_doc_row(u->doc, at, true, err);
}

/* Its rows' bytes stay, its cells do not: it brings no line. */
static void
drop_line(struct om_ubl *u)
{
	memset(u->doc->cell[u->row], 0,
	    OM_DC_COUNT * sizeof(*u->doc->cell[u->row]));
	u->doc->lines--;
}

static void
end_line(struct om_ubl *u)
{
	struct om_arena *arena = &u->doc->arena;
	struct om_str number = om_doc_get(u->doc, u->row, OM_DC_LINE);
	int64_t n;

	om_doc_add(&u->doc->hash, om_doc_get(u->doc, u->row, OM_DC_QUANTITY),
	    false);
	/* an identifier that is no number is not a line's number */
	if (!om_str_int(number, &n) || n < 0 || n > INT32_MAX)
		u->doc->cell[u->row][OM_DC_LINE] = (struct om_str){ NULL, 0 };
	put(u, OM_DC_LINE_DISCOUNT, om_doc_sum_text(arena, &u->off));
	for (size_t i = 0; i < OM_COUNT(u->item); i++)
		put(u, OM_DC_SKU, u->item[i]);
	om_doc_price_per(u->doc, u->row, u->price, u->per);
	if (u->deleted)
		drop_line(u);
	u->in_line = false;
	u->row = 0;
}

/* The order's number: its own, or that of the order which a change or a
 * cancellation is about. */
static void
reference(struct om_ubl *u, bool own, struct om_str text)
{
	if (own != u->is_order)
		return;
	if (++u->references > 1)
		u->doc->rows[0].problem = "more than one order";
	put(u, OM_DC_NUMBER, text);
}

static void
amount(struct om_ubl *u, struct om_str text)
{
	if (u->in_line)
		om_doc_add(&u->off, text, u->charge);
	else
		om_doc_add(u->charge ? &u->charged : &u->allowed, text, false);
}

/* A member of struct om_ubl that is a text. */
static struct om_str *
member(struct om_ubl *u, size_t at)
{
	void *p = (char *)u + at;

	return p;
}

static void
act(struct om_ubl *u, size_t i, struct om_str text, struct om_position at)
{
	struct om_str number = om_doc_number(&u->doc->arena, text, false);
	size_t to = elements[i].to;

	switch (elements[i].act) {
	case ACT_CELL:
		put(u, (enum om_doc_column)to, text);
		break;
	case ACT_NUMBER:
		put(u, (enum om_doc_column)to, number);
		break;
	case ACT_TEXT:
	case ACT_VALUE:
		if (member(u, to)->n == 0)
			*member(u, to) =
			    elements[i].act == ACT_TEXT ? text : number;
		if (to == MEMBER(line_count))
			u->line_count_at = at;
		break;
	case ACT_TOTAL:
		u->total[to] = number;
		u->total_at[to] = at;
		break;
	case ACT_REFERENCE:
		reference(u, to != 0, text);
		break;
	case ACT_INDICATOR:
		u->charge = om_str_is(text, "true") || om_str_is(text, "1");
		break;
	case ACT_AMOUNT:
		amount(u, number);
		break;
	case ACT_STATUS:
		u->deleted = !u->is_order && (om_str_is(text, "Cancelled") ||
						 om_str_is(text, "2"));
		break;
	}
}

/* All amounts are in one currency: the document's, or that of the first. */
static void
check_currency(struct om_ubl *u, const char *currency)
{
	struct om_str own = om_doc_get(u->doc, 0, OM_DC_CURRENCY);

	if (currency[0] == '\0')
		return;
	if (own.n == 0)
		om_doc_set(u->doc, 0, OM_DC_CURRENCY,
		    om_str_dup(&u->doc->arena, om_str_of(currency)));
	else if (!om_str_is(own, currency))
		u->doc->rows[u->row].problem =
		    "an amount in another currency than the order's";
}

int
om_ubl_value(struct om_ubl *u, const char *path, struct om_str text,
    const char *currency, struct om_position at, struct om_err *err)
{
	(void)err;
	if (strcmp(path, LINE) == 0) {
		end_line(u);
		return 0;
	}
	for (size_t i = 0; i < OM_COUNT(elements); i++) {
		if (strcmp(path, elements[i].path) != 0)
			continue;
		check_currency(u, currency);
		text = om_str_trim(text);
		if (text.n > 0)
			act(u, i, om_str_dup(&u->doc->arena, text), at);
		break;
	}
	return 0;
}

/* "2010-01-20" and "12:30:00" with whatever zone they have. */
static struct om_str
when(struct om_ubl *u)
{
	size_t size = u->date.n + u->time.n + 16;
	char *out = om_alloc(&u->doc->arena, size);
	int n;

	if (u->date.n == 0 || (u->date.n <= 10 && u->time.n == 0))
		return u->date;
	n = snprintf(out, size, "%.10sT%.*s%.*s", u->date.p,
	    u->time.n == 0 ? 8 : (int)u->time.n,
	    u->time.n == 0 ? "00:00:00" : u->time.p,
	    u->time.n > 8 || u->date.n <= 10 ? 0 : (int)u->date.n - 10,
	    u->date.n <= 10 ? "" : u->date.p + 10);
	return (struct om_str){ out, (size_t)n };
}

static void
claim(struct om_ubl *u, enum om_ubl_total total, enum om_doc_figure figure,
    om_int128 adjust)
{
	om_doc_claim(u->doc, total_names[total], figure, u->total[total],
	    adjust, u->total_at[total]);
}

/* Allowances and charges that are stated by their sum only. */
static void
sum_or_claim(struct om_ubl *u, enum om_ubl_total total,
    const struct om_doc_sum *sum, enum om_doc_column column,
    enum om_doc_figure figure)
{
	if (sum->terms == 0) {
		put(u, column, u->total[total]);
		return;
	}
	put(u, column, om_doc_sum_text(&u->doc->arena, sum));
	claim(u, total, figure, 0);
}

static void
claims(struct om_ubl *u)
{
	struct om_doc_sum adjust = { 0 };

	sum_or_claim(u, OM_UBL_ALLOWANCES, &u->allowed, OM_DC_ALLOWANCE,
	    OM_DOC_DISCOUNT);
	sum_or_claim(u, OM_UBL_CHARGES, &u->charged, OM_DC_CHARGE,
	    OM_DOC_SHIPPING);
	om_doc_add(&adjust, u->total[OM_UBL_PREPAID], true);
	om_doc_add(&adjust, u->total[OM_UBL_ROUNDING], false);
	if (adjust.bad)
		u->doc->rows[0].problem =
		    "bad PrepaidAmount or PayableRoundingAmount";
	claim(u, OM_UBL_LINES, OM_DOC_SUBTOTAL, 0);
	claim(u, OM_UBL_EXCLUSIVE, OM_DOC_NET, 0);
	claim(u, OM_UBL_INCLUSIVE, OM_DOC_TOTAL, 0);
	claim(u, OM_UBL_PAYABLE, OM_DOC_TOTAL, adjust.micro);
}

int
om_ubl_end(struct om_ubl *u, struct om_position at, struct om_err *err)
{
	struct om_doc *doc = u->doc;
	bool cancels = !u->is_order && !doc->change;

	u->row = 0;
	put(u, OM_DC_DATE, when(u));
	for (size_t i = 0; i < OM_COUNT(u->party); i++)
		put(u, OM_DC_CUSTOMER, u->party[i]);
	if (!cancels && !u->is_order) {
		put(u, OM_DC_REVISION,
		    om_doc_revision(&doc->arena, u->sequence));
		put(u, OM_DC_REVISION, when(u));
	}
	claims(u);
	if (u->line_count.n > 0) {
		if (om_doc_count(err, u->line_count_at, "LineCountNumeric",
			u->line_count, doc->items, "lines") < 0)
			return err->code;
		doc->states_items = true;
	}
	return doc->items == 0 ? 0 : om_doc_row(doc, at, false, err);
}
