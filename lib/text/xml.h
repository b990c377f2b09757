/*
 * xml.h - XML 1.0 read element by element, with exact places, by expat.
 *
 * Nothing outside the input is ever looked at and nothing is expanded but the
 * five entities of XML and character references: a document type declaration
 * is an error. Input is UTF-8, UTF-16, ISO-8859-1 or US-ASCII, as the document
 * declares; text comes out as UTF-8. Offsets are those of the input's bytes.
 */
#ifndef OM_TEXT_XML_H
#define OM_TEXT_XML_H

#include "text/csv.h"

#define OM_XML_DEPTH_MAX 64
#define OM_XML_TEXT_MAX	 ((size_t)64 * 1024) /* of an element that is kept */

enum om_xml_kind { OM_XML_START, OM_XML_END };

struct om_xml_event {
	enum om_xml_kind kind;
	int depth;	     /* of the element; the root is 0 */
	struct om_str space; /* its namespace; may be empty */
	struct om_str name;  /* without a prefix */
	/* START: the attribute that is watched, or empty. END: what stands between its tags, if no element does. Cut off at
	 * OM_XML_TEXT_MAX. Until the next call. */
	struct om_str text;
	uint64_t line;	 /* 1.., of its start tag, or its end tag */
	uint64_t offset; /* likewise, from the start of the input */
	uint64_t end;	 /* of that tag */
};

struct om_xml;

void om_xml_open(om_read_fn *read, void *arg, struct om_xml **out);
void om_xml_close(struct om_xml **xml); /* safe on NULL and twice */

/* Report this attribute, of no namespace, of each element. */
void om_xml_watch(struct om_xml *xml, const char *attribute);

/* 1: *out is the next event. 0: the end. OM_EDATA: not well-formed, with line
 * and byte; OM_ELIMIT: elements too deep, or too much is kept. */
OM_MUST_USE int om_xml_next(struct om_xml *xml, struct om_xml_event *out,
    struct om_err *err);

/* Keep all bytes of the input from this offset on, which was the start of the
 * event at hand; at most max of them. */
void om_xml_mark(struct om_xml *xml, uint64_t offset, size_t max);
/* The bytes from the mark to this offset, the end of the event at hand; until
 * the next call. The mark is gone. */
struct om_str om_xml_marked(struct om_xml *xml, uint64_t end);

#endif
