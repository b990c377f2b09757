/* docs.c - from the format of a feed to the reader of its documents. */
#include "feed/docs.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct om_docs {
	const struct om_doc_format *format;
	void *self;
	char *path;
	struct om_doc doc;
	struct om_manifest stated;
	struct om_sequences numbers;
};

static const struct om_doc_format *
format_of(enum om_format format)
{
	if (format == OM_FORMAT_X12)
		return &om_doc_x12;
	if (format == OM_FORMAT_EDIFACT)
		return &om_doc_edifact;
	return format == OM_FORMAT_UBL ? &om_doc_ubl : NULL;
}

bool
om_format_is_doc(enum om_format format)
{
	return format_of(format) != NULL;
}

static struct om_docs *
docs_new(const char *path)
{
	struct om_docs *d = calloc(1, sizeof(*d));
	char *copy = strdup(path);

	if (d == NULL || copy == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	d->path = copy;
	return d;
}

int
om_docs_open(const struct om_feed *feed, const char *path, struct om_docs **out,
    struct om_err *err)
{
	struct om_docs *d OM_AUTO(om_docs_close) = docs_new(path);

	d->format = format_of(feed->dialect[0].format);
	d->doc.feed = feed;
	d->doc.numbers = &d->numbers;
	d->stated.stated = OM_FIGURE_ORDERS | OM_FIGURE_LINES | OM_FIGURE_HASH;
	snprintf(d->stated.name, sizeof(d->stated.name),
	    "the interchange of %s", path);
	assert(d->format != NULL);
	if (d->format->open(feed, path, &d->self, err) < 0)
		return err->code;
	*out = d;
	d = NULL;
	return 0;
}

void
om_docs_close(struct om_docs **docs)
{
	struct om_docs *d = *docs;

	if (d == NULL)
		return;
	if (d->self != NULL)
		d->format->close(d->self);
	om_doc_fini(&d->doc);
	om_sequences_fini(&d->numbers);
	free(d->path);
	free(d);
	*docs = NULL;
}

/* What must hold of a document beyond what holds of every order: 0, or 1 with
 * a reason in *why, or negative. */
static int
settle(const struct om_docs *d, struct om_order *o, struct om_reject *why,
    struct om_err *err)
{
	const struct om_doc *doc = &d->doc;
	struct om_err broken = { 0 };

	if (o->kind == OM_KIND_CANCEL)
		return 0;
	if (o->line_count == 0) {
		(void)om_fault(why, &doc->rows[0], NULL, OM_STR(""),
		    "an order without lines");
		return 1;
	}
	if (doc->change && doc->claims == 0) {
		(void)om_fault(why, &doc->rows[0], NULL, OM_STR(""),
		    "a change without a total may be of a part of the order");
		return 1;
	}
	if (om_doc_settle(doc, o, &broken) == 0)
		return 0;
	if (!doc->change)
		return om_fail(err, broken.code, "%s: %s", d->path, broken.msg);
	(void)om_fault(why, &doc->rows[0], NULL, OM_STR(""),
	    "the change is not of the whole order: %s", broken.msg);
	return 1;
}

/* What is stated of one more document. A figure that one of them leaves out is
 * not known of all. */
static void
tally(struct om_manifest *m, const struct om_doc *doc)
{
	int64_t milli = 0;
	struct om_err err;

	if (!doc->states_orders)
		m->stated &= ~(unsigned)OM_FIGURE_ORDERS;
	if (!doc->states_items)
		m->stated &= ~(unsigned)OM_FIGURE_LINES;
	if (!doc->states_hash || doc->hash.bad || doc->hash.micro % 1000 != 0 ||
	    !om_money_narrow(doc->hash.micro / 1000, &milli) ||
	    om_money_add(&m->hash_milli, milli, &err) < 0)
		m->stated &= ~(unsigned)OM_FIGURE_HASH;
	m->orders++;
	m->lines += (int64_t)doc->items;
}

int
om_docs_item(struct om_docs *d, struct om_builder *builder,
    struct om_arena *arena, struct om_item *out, struct om_doc **out_doc,
    struct om_err *err)
{
	struct om_doc *doc = &d->doc;
	int rc = d->format->next(d->self, doc, err);

	if (rc < 0)
		return om_wrap(err, "%s", d->path);
	if (rc == 0)
		return 0;
	*out_doc = doc;
	out->kind = OM_ITEM_ORDER;
	if (om_build_order(builder, doc->rows, doc->count, arena, &out->order,
		&out->reject) < 0) {
		out->kind = OM_ITEM_REJECT;
	} else {
		rc = settle(d, &out->order, &out->reject, err);
		if (rc < 0)
			return rc;
		if (rc == 1) {
			om_build_reject(builder, doc->rows, doc->count, arena,
			    &out->reject);
			out->kind = OM_ITEM_REJECT;
		}
	}
	if (out->kind == OM_ITEM_REJECT)
		out->reject.total_minor =
		    om_doc_stated(doc, out->reject.currency);
	tally(&d->stated, doc);
	return 1;
}

const struct om_sequences *
om_docs_numbers(const struct om_docs *d)
{
	return &d->numbers;
}

bool
om_docs_stated(const struct om_docs *d, const struct om_manifest **out)
{
	*out = &d->stated;
	return d->stated.stated != 0;
}
