/* feedside.c - orders and payments of a feed as cells; see feedside.h. */
#include "recon/feedside.h"

#include <string.h>

#include "base/time.h"
#include "io/source.h"

#define GATHER_MAX  ((size_t)64 * 1024 * 1024)
#define COLUMNS_MAX 16

/* What orders and payments have in common, then what they have not. */
enum { CHANNEL, REFERENCE, CURRENCY, COMMON };

enum order_column {
	O_REVISION = COMMON,
	O_CUSTOMER,
	O_PLACED_AT,
	O_SUBTOTAL,
	O_DISCOUNT,
	O_SHIPPING,
	O_TAX,
	O_TOTAL,
	O_AMOUNT,
	O_COLUMNS
};

enum payment_column { P_PAYMENT = COMMON, P_AMOUNT, P_PAID_AT, P_COLUMNS };

static const char *const order_columns[O_COLUMNS] = {
	[CHANNEL] = "channel",
	[REFERENCE] = "reference",
	[CURRENCY] = "currency",
	[O_REVISION] = "revision",
	[O_CUSTOMER] = "customer",
	[O_PLACED_AT] = "placed_at",
	[O_SUBTOTAL] = "subtotal",
	[O_DISCOUNT] = "discount",
	[O_SHIPPING] = "shipping",
	[O_TAX] = "tax",
	[O_TOTAL] = "total",
	[O_AMOUNT] = "amount",
};

static const char *const payment_columns[P_COLUMNS] = {
	[CHANNEL] = "channel",
	[REFERENCE] = "reference",
	[CURRENCY] = "currency",
	[P_PAYMENT] = "payment",
	[P_AMOUNT] = "amount",
	[P_PAID_AT] = "paid_at",
};

struct om_rec_feedside {
	struct om_arena arena;
	struct om_arena item_arena; /* of the current item */
	struct om_reader *reader;
	struct om_rec_origin origin;
	struct om_rec_input input;
	struct om_str cell[COLUMNS_MAX];
	char text[COLUMNS_MAX][OM_MONEY_TEXT_MAX];
	char reason[OM_REASON_MAX];
};

static void
put_money(struct om_rec_feedside *s, int at, int64_t minor,
    const struct om_currency *c)
{
	s->cell[at] = om_str_of(om_money_text(minor, c, s->text[at]));
}

static void
put_time(struct om_rec_feedside *s, int at, int64_t when)
{
	_Static_assert(OM_TIME_TEXT_MAX <= OM_MONEY_TEXT_MAX, "room");

	s->cell[at] =
	    when == 0 ? OM_STR("") : om_str_of(om_time_text(when, s->text[at]));
}

static void
put_order(struct om_rec_feedside *s, const struct om_order *o)
{
	const struct om_currency *c = o->currency;

	s->cell[CHANNEL] = o->channel;
	s->cell[REFERENCE] = o->reference;
	s->cell[O_REVISION] = o->revision;
	s->cell[O_CUSTOMER] = o->customer;
	s->cell[CURRENCY] = om_str_of(c->code);
	put_time(s, O_PLACED_AT, o->placed_at);
	put_money(s, O_SUBTOTAL, o->subtotal_minor, c);
	put_money(s, O_DISCOUNT, o->discount_minor, c);
	put_money(s, O_SHIPPING, o->shipping_minor, c);
	put_money(s, O_TAX, o->tax_minor, c);
	put_money(s, O_TOTAL, o->total_minor, c);
	s->cell[O_AMOUNT] = s->cell[O_TOTAL];
}

static void
put_payment(struct om_rec_feedside *s, const struct om_payment *p)
{
	s->cell[CHANNEL] = p->channel;
	s->cell[REFERENCE] = p->reference;
	s->cell[P_PAYMENT] = p->payment;
	s->cell[CURRENCY] = om_str_of(p->currency->code);
	put_money(s, P_AMOUNT, p->amount_minor, p->currency);
	put_time(s, P_PAID_AT, p->paid_at);
}

static void
put_reject(struct om_rec_feedside *s, const struct om_reject *r,
    struct om_rec_record *out)
{
	s->cell[REFERENCE] = r->reference;
	if (r->currency != NULL)
		s->cell[CURRENCY] = om_str_of(r->currency->code);
	memcpy(s->reason, r->reason, sizeof(s->reason));
	out->fault = s->reason;
	out->raw = r->value.n > 0     ? r->value
		   : r->row_count > 0 ? r->rows[0].bytes
				      : r->reference;
	out->line = r->at.line;
}

static void
put_cancel(struct om_rec_feedside *s, const struct om_order *o,
    struct om_rec_record *out)
{
	s->cell[CHANNEL] = o->channel;
	s->cell[REFERENCE] = o->reference;
	out->fault = "a cancellation, which means something to a store only";
}

static int
next_row(void *arg, struct om_rec_record *out, struct om_err *err)
{
	struct om_rec_feedside *s = arg;
	struct om_item item;
	int rc;

	om_arena_clear(&s->item_arena);
	rc = om_reader_next(s->reader, &s->item_arena, &item, err);
	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < s->input.column_count; i++)
		s->cell[i] = OM_STR("");
	*out = (struct om_rec_record){ .cell = s->cell,
		.count = s->input.column_count };
	switch (item.kind) {
	case OM_ITEM_ORDER:
		out->line = item.order.at.line;
		if (item.order.kind != OM_KIND_ORDER)
			put_cancel(s, &item.order, out);
		else
			put_order(s, &item.order);
		break;
	case OM_ITEM_PAYMENT:
		out->line = item.payment.at.line;
		put_payment(s, &item.payment);
		break;
	case OM_ITEM_REJECT:
		put_reject(s, &item.reject, out);
		break;
	}
	return 1;
}

/* The reader opens the file by itself, so its hash takes a read of its own;
 * standard input has none. */
static int
describe(struct om_rec_feedside *s, const char *path, struct om_err *err)
{
	unsigned char sha[OM_SHA256_SIZE];

	if (strcmp(path, "-") == 0)
		return 0;
	if (om_file_digest(path, sha, &s->origin.bytes, err) < 0)
		return err->code;
	om_hex(sha, sizeof(sha), s->origin.sha256);
	s->input.origin = &s->origin;
	return 0;
}

int
om_rec_feedside_open(const struct om_feed *feed, const char *path,
    struct om_rec_feedside **out, struct om_err *err)
{
	bool orders = om_feed_kind_of(feed) == OM_FEED_ORDERS;
	struct om_arena arena = { 0 };
	OM_AUTO(om_rec_feedside_close)
	struct om_rec_feedside *s = om_new(&arena, struct om_rec_feedside);

	s->arena = arena;
	s->input = (struct om_rec_input){
		.name = strcmp(path, "-") == 0
			    ? "standard input"
			    : om_strndup(&s->arena, path, strlen(path)),
		.columns = orders ? order_columns : payment_columns,
		.column_count = orders ? (size_t)O_COLUMNS : (size_t)P_COLUMNS,
		.next = next_row,
		.arg = s,
	};
	if (om_feed_sources(feed) != 1)
		return om_fail(err, OM_EUSAGE,
		    "feed '%s' reads %u files at once: ingest them, and "
		    "reconcile store:orders",
		    om_feed_name(feed), om_feed_sources(feed));
	if (describe(s, path, err) < 0 ||
	    om_reader_open(feed, &path, 1, GATHER_MAX, NULL, &s->reader, err) <
		0)
		return err->code;
	*out = s;
	s = NULL;
	return 0;
}

void
om_rec_feedside_close(struct om_rec_feedside **side)
{
	struct om_rec_feedside *s = *side;
	struct om_arena arena;

	if (s == NULL)
		return;
	om_reader_close(&s->reader);
	om_arena_clear(&s->item_arena);
	arena = s->arena; /* s itself lives in it */
	om_arena_clear(&arena);
	*side = NULL;
}

const struct om_rec_input *
om_rec_feedside_input(const struct om_rec_feedside *side)
{
	return &side->input;
}
