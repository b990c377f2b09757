/*
 * ubl.c - UBL 2.1 documents: Order, OrderChange, OrderCancellation.
 *
 * They may be the root of a file or stand within an envelope, and there may be
 * several. Elements are known by their path below the document; what is not in
 * the table (extensions, attachments, parties we have no use for) is passed
 * over. See OASIS, Universal Business Language 2.1, and Peppol BIS Order 3.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/docs.h"
#include "feed/ubl.h"
#include "io/source.h"
#include "text/xml.h"

#define UBL	 "urn:oasis:names:specification:ubl:schema:xsd:"
#define PATH_MAX 512

struct ubl {
	struct om_source *source;
	struct om_xml *xml;
	char path[PATH_MAX]; /* below the document, "OrderLine/LineItem/ID" */
	size_t length;
	int depth;	  /* of the document's own element */
	char root[64];	  /* of the file */
	char currency[8]; /* of the element at hand */
	uint64_t documents;
	struct om_ubl order;
};

static int
read_source(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	return om_source_read(arg, bytes, n, out_n, err);
}

static int
ubl_open(const struct om_feed *feed, const char *path, void **out,
    struct om_err *err)
{
	struct ubl *u = calloc(1, sizeof(*u));

	(void)feed;
	if (u == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	*out = u;
	if (om_source_open(path, &u->source, err) < 0)
		return err->code;
	om_xml_open(read_source, u->source, &u->xml);
	om_xml_watch(u->xml, "currencyID");
	return 0;
}

static void
ubl_close(void *self)
{
	struct ubl *u = self;

	om_xml_close(&u->xml);
	om_source_close(&u->source);
	free(u);
}

static struct om_position
place(const struct om_xml_event *e)
{
	return (struct om_position){ 0, e->line, e->offset };
}

/* "Order", "OrderChange", "OrderCancellation", or NULL. */
static const char *
document(const struct om_xml_event *e)
{
	static const struct {
		const char *space;
		const char *name;
	} table[] = { { UBL "Order-2", "Order" },
		{ UBL "OrderChange-2", "OrderChange" },
		{ UBL "OrderCancellation-2", "OrderCancellation" } };

	for (size_t i = 0; i < OM_COUNT(table); i++)
		if (om_str_is(e->name, table[i].name) &&
		    om_str_is(e->space, table[i].space))
			return table[i].name;
	return NULL;
}

/* Up to the start of a document. */
static int
find_document(struct ubl *u, struct om_xml_event *e, const char **out,
    struct om_err *err)
{
	int rc;

	while ((rc = om_xml_next(u->xml, e, err)) == 1) {
		if (e->kind == OM_XML_END)
			continue;
		if (e->depth == 0)
			snprintf(u->root, sizeof(u->root), "%.*s",
			    OM_FMT(e->name));
		*out = document(e);
		if (*out != NULL)
			return 1;
	}
	if (rc == 0 && u->documents == 0)
		return om_fail(err, OM_EDATA,
		    "no Order, OrderChange or OrderCancellation of UBL 2, but "
		    "'%s'",
		    u->root);
	return rc;
}

/* The path grows by the element's name; one that is too long is none that we
 * know, and stays so until it is short again. */
static void
descend(struct ubl *u, struct om_str name)
{
	size_t n = u->length + (u->length > 0) + name.n;

	if (n < sizeof(u->path))
		snprintf(u->path + u->length, sizeof(u->path) - u->length,
		    "%s%.*s", u->length > 0 ? "/" : "", OM_FMT(name));
	u->length = n;
}

static void
ascend(struct ubl *u, struct om_str name)
{
	u->length -= name.n;
	if (u->length > 0)
		u->length--;
	if (u->length < sizeof(u->path))
		u->path[u->length] = '\0';
}

static int
read_event(struct ubl *u, const struct om_xml_event *e, struct om_err *err)
{
	int rc = 0;

	if (e->kind == OM_XML_START) {
		descend(u, e->name);
		snprintf(u->currency, sizeof(u->currency), "%.*s",
		    OM_FMT(e->text));
		if (u->length < sizeof(u->path))
			rc = om_ubl_start(&u->order, u->path, place(e), err);
		return rc;
	}
	if (u->length < sizeof(u->path))
		rc = om_ubl_value(&u->order, u->path, e->text, u->currency,
		    place(e), err);
	ascend(u, e->name);
	u->currency[0] = '\0';
	return rc;
}

static int
ubl_next(void *self, struct om_doc *doc, struct om_err *err)
{
	struct ubl *u = self;
	struct om_xml_event e;
	const char *kind;
	int rc = find_document(u, &e, &kind, err);

	if (rc <= 0)
		return rc;
	u->documents++;
	u->depth = e.depth;
	u->length = 0;
	om_xml_mark(u->xml, e.offset, OM_DOC_BYTES_MAX);
	if (om_ubl_begin(&u->order, doc, kind, place(&e), err) < 0)
		return err->code;
	while ((rc = om_xml_next(u->xml, &e, err)) == 1) {
		if (e.depth == u->depth) {
			if (om_ubl_end(&u->order, place(&e), err) < 0)
				return err->code;
			om_doc_end(doc, om_xml_marked(u->xml, e.end),
			    OM_DOC_CHECKED);
			return 1;
		}
		if (read_event(u, &e, err) < 0)
			return err->code;
	}
	return rc; /* negative: it would not be well-formed */
}

const struct om_doc_format om_doc_ubl = { ubl_open, ubl_next, ubl_close };
