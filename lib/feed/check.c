/* check.c - whether a compiled feed fits together and says enough. */
#include <stdio.h>

#include "feed/compile.h"
#include "feed/docs.h"
#include "feed/path.h"
#include "order/state.h"

static int
fail_at(const struct om_feed *feed, const struct om_value *v,
    struct om_err *err, const char *why, const char *what)
{
	if (v != NULL && v->at_line > 0)
		return om_fail(err, OM_EUSAGE, "%s:%d:%d: %s '%s'", feed->path,
		    v->at_line, v->at_column, why, what);
	return om_fail(err, OM_EUSAGE, "%s: %s '%s'", feed->path, why, what);
}

static bool
mapped(const struct om_feed *feed, enum om_field field)
{
	return feed->value[field].mapped;
}

/* A word that the mapping itself supplies must be one that can be read. */
static bool
good_word(enum om_field_type type, struct om_str word)
{
	if (word.p == NULL)
		return true;
	if (type == OM_TYPE_KIND)
		return om_str_is(word, "order") || om_str_is(word, "cancel") ||
		       om_str_is(word, "cancelled");
	if (type == OM_TYPE_CURRENCY)
		return om_currency_find(word) != NULL;
	return true;
}

static int
check_words(const struct om_feed *feed, enum om_field field, struct om_err *err)
{
	const struct om_value *v = &feed->value[field];
	enum om_field_type type = om_field_row(field)->type;
	struct om_str bad = { NULL, 0 };

	if (!good_word(type, v->constant))
		bad = v->constant;
	if (!good_word(type, v->fallback))
		bad = v->fallback;
	for (size_t i = 0; i < v->rule_count; i++)
		if (!good_word(type, v->rules[i].value))
			bad = v->rules[i].value;
	if (bad.p == NULL)
		return 0;
	return fail_at(feed, v, err,
	    type == OM_TYPE_KIND ? "none of 'order', 'cancel', 'cancelled':"
				 : "no such currency",
	    bad.p);
}

/* Without a header, columns are numbers. */
static int
check_number(const struct om_feed *feed, const struct om_value *v,
    unsigned source, struct om_err *err)
{
	const struct om_dialect *d = &feed->dialect[source];
	int64_t n;

	if (d->header || v->from.p == NULL)
		return 0;
	if (!om_str_int(v->from, &n) || n < 1 || n > OM_CSV_FIELDS_MAX)
		return fail_at(feed, v, err,
		    "without a header a column is a number, not", v->from.p);
	if (d->fields > 0 && (size_t)n > d->fields)
		return fail_at(feed, v, err, "there is no column", v->from.p);
	return 0;
}

static int
check_value(const struct om_feed *feed, enum om_field field, struct om_err *err)
{
	const struct om_field_row *row = om_field_row(field);
	const struct om_value *v = &feed->value[field];
	bool payments = feed->kind == OM_FEED_PAYMENTS;
	unsigned source =
	    feed->shape == OM_SHAPE_JOINED && field >= OM_F_ORDER_COUNT;

	if (!v->mapped)
		return 0;
	if (payments && (row->use & OM_USE_PAYMENT) == 0)
		return fail_at(feed, v, err, "a payment has no", row->name);
	if (!payments && row->use == OM_USE_PAYMENT)
		return fail_at(feed, v, err, "an order has no", row->name);
	if (check_words(feed, field, err) < 0)
		return err->code;
	return check_number(feed, v, source, err);
}

/* Only cancellations: nothing but the identity is needed. */
static bool
cancels_only(const struct om_feed *feed)
{
	return om_str_is(feed->value[OM_F_KIND].constant, "cancel");
}

static int
check_lines(const struct om_feed *feed, struct om_err *err)
{
	bool priced =
	    mapped(feed, OM_F_LINE_TOTAL) || mapped(feed, OM_F_LINE_GROSS) ||
	    (mapped(feed, OM_F_QUANTITY) && mapped(feed, OM_F_UNIT_PRICE));

	if (feed->shape == OM_SHAPE_JOINED && !feed->key.mapped)
		return fail_at(feed, NULL, err, "shape 'joined' needs",
		    "lines: {key: ...}");
	if (feed->shape == OM_SHAPE_JOINED &&
	    feed->value[OM_F_CHANNEL].from.p != NULL)
		return fail_at(feed, &feed->value[OM_F_CHANNEL], err,
		    "two files are joined in one channel, not by column",
		    feed->value[OM_F_CHANNEL].from.p);
	if (feed->shape != OM_SHAPE_JOINED && feed->key.mapped)
		return fail_at(feed, &feed->key, err,
		    "'lines' belongs to shape", "joined");
	if (feed->value[OM_F_LINE_TAX].rate != OM_RATE_NONE &&
	    feed->tax == OM_TAX_AUTO)
		return fail_at(feed, &feed->value[OM_F_LINE_TAX], err,
		    "a rate needs 'tax: added' or 'tax: included':",
		    "line_tax");
	if (feed->shape == OM_SHAPE_ORDERS || cancels_only(feed) || priced)
		return 0;
	return fail_at(feed, NULL, err, "no price of a line: map",
	    "quantity and unit_price, line_gross or line_total");
}

static int
check_needed(const struct om_feed *feed, struct om_err *err)
{
	static const enum om_field payment[] = { OM_F_CHANNEL, OM_F_REFERENCE,
		OM_F_CURRENCY, OM_F_PAYMENT, OM_F_AMOUNT };
	static const enum om_field order[] = { OM_F_CHANNEL, OM_F_REFERENCE,
		OM_F_CURRENCY, OM_F_TOTAL };
	const enum om_field *need = order;
	size_t n = OM_COUNT(order);

	if (feed->kind == OM_FEED_PAYMENTS) {
		need = payment;
		n = OM_COUNT(payment);
	} else if (cancels_only(feed)) {
		n -= 2;
	} else if (feed->shape == OM_SHAPE_LINES ||
		   feed->shape == OM_SHAPE_JOINED ||
		   feed->shape == OM_SHAPE_NESTED) {
		n -= 1; /* a total that nobody states is computed */
	}
	for (size_t i = 0; i < n; i++)
		if (!mapped(feed, need[i]))
			return fail_at(feed, NULL, err,
			    "no column is mapped to",
			    om_field_row(need[i])->name);
	return 0;
}

/* What a feed says once for all its rows stands in for a missing cell. */
static void
fill(struct om_value *v, struct om_str text)
{
	if (text.p == NULL || v->constant.p != NULL || v->fallback.p != NULL)
		return;
	v->mapped = true;
	v->fallback = text;
}

/* Cells without which there is no order; the others may be empty. */
static void
require(struct om_feed *feed)
{
	static const enum om_field always[] = { OM_F_REFERENCE, OM_F_PAYMENT,
		OM_F_AMOUNT };

	for (size_t i = 0; i < OM_COUNT(always); i++)
		feed->value[always[i]].need = OM_NEED_CELL;
	feed->key.need = OM_NEED_CELL;
	if (feed->value[OM_F_CHANNEL].fallback.p == NULL)
		feed->value[OM_F_CHANNEL].need = OM_NEED_CELL;
}

/* A document has columns of its own and is one order. */
static int
check_docs(const struct om_feed *feed, struct om_err *err)
{
	const struct om_dialect *d = &feed->dialect[0];

	if (!om_format_is_doc(d->format))
		return 0;
	if (feed->kind == OM_FEED_PAYMENTS)
		return fail_at(feed, NULL, err,
		    "a document is an order, not one of", "kind: payments");
	if (feed->shape != OM_SHAPE_LINES)
		return fail_at(feed, NULL, err, "a document needs",
		    "shape: lines");
	if (!d->header || d->skip != 0 || d->fields != 0)
		return fail_at(feed, NULL, err, "a document has no",
		    !d->header	   ? "header"
		    : d->skip != 0 ? "skip"
				   : "fields");
	return 0;
}

/* A document that holds an array of lines is an order with its lines. */
static int
check_json(struct om_feed *feed, struct om_err *err)
{
	enum om_format format = feed->dialect[0].format;
	bool json = format == OM_FORMAT_JSON || format == OM_FORMAT_NDJSON;

	if (!json && feed->shape == OM_SHAPE_NESTED)
		return fail_at(feed, NULL, err, "only documents have the shape",
		    "nested");
	if (feed->item_count > 0 && format != OM_FORMAT_JSON)
		return fail_at(feed, NULL, err, "'items' needs format", "json");
	if (!json)
		return 0;
	if (feed->shape == OM_SHAPE_JOINED)
		return fail_at(feed, NULL, err, "documents cannot have shape",
		    "joined");
	if (om_paths_compile(feed, err) < 0)
		return err->code;
	if (feed->paths->nested && feed->shape == OM_SHAPE_LINES)
		return fail_at(feed, NULL, err,
		    "with an array of lines the shape is not", "lines");
	if (feed->paths->nested)
		feed->shape = OM_SHAPE_NESTED;
	else if (feed->shape == OM_SHAPE_NESTED)
		feed->shape = OM_SHAPE_ORDERS;
	return 0;
}

/* What belongs to interchanges. */
static int
check_numbering(const struct om_feed *feed, struct om_err *err)
{
	enum om_format format = feed->dialect[0].format;

	if (feed->numbering.envelope != OM_ENVELOPE_NONE &&
	    format != OM_FORMAT_X12 && format != OM_FORMAT_EDIFACT)
		return fail_at(feed, NULL, err, "only X12 and EDIFACT have an",
		    "envelope");
	return 0;
}

/* What belongs to rows that are cut by a delimiter. */
static int
check_rows(const struct om_feed *feed, struct om_err *err)
{
	const struct om_dialect *d = &feed->dialect[0];

	if (d->format == OM_FORMAT_CSV)
		return 0;
	if (d->trailer != NULL)
		return fail_at(feed, NULL, err, "only delimited files have a",
		    "trailer");
	if (d->encoding != OM_ENC_UTF8)
		return fail_at(feed, NULL, err,
		    "only of delimited files one says the", "encoding");
	return 0;
}

int
om_compile_check(struct om_feed *feed, struct om_err *err)
{
	struct om_number_format number = { feed->decimal, feed->thousands };

	fill(&feed->value[OM_F_CHANNEL], feed->channel);
	fill(&feed->value[OM_F_CURRENCY], feed->currency);
	require(feed);
	if (om_compile_check_source(feed, err) < 0 || check_rows(feed, err) < 0)
		return err->code;
	if (feed->dialect[0].trailer != NULL)
		feed->dialect[0].trailer->number = number;
	if (!om_number_format_valid(&number))
		return fail_at(feed, NULL, err,
		    "clashes with 'decimal':", "thousands");
	if (feed->kind == OM_FEED_PAYMENTS)
		feed->shape = OM_SHAPE_ORDERS;
	if (check_docs(feed, err) < 0 || check_numbering(feed, err) < 0)
		return err->code;
	for (int i = 0; i < OM_F_COUNT; i++)
		if (check_value(feed, (enum om_field)i, err) < 0)
			return err->code;
	if (check_number(feed, &feed->key, 1, err) < 0 ||
	    check_json(feed, err) < 0 || check_needed(feed, err) < 0)
		return err->code;
	return feed->kind == OM_FEED_PAYMENTS ? 0 : check_lines(feed, err);
}
