/*
 * edi_declare.c - the delimiters that an interchange declares, in its ISA
 * segment or in UNA; see edi_read.h.
 */
#include <string.h>

#include "feed/edi_parts.h"

#define ISA_FIELDS 16

/* 1: something follows. */
static int
begin(struct om_edi *e, struct om_err *err)
{
	static const char bom[] = "\xef\xbb\xbf";

	if (om_edi_want(e, 3, err) < 0)
		return err->code;
	if (e->base + e->at == 0 && e->end - e->at >= 3 &&
	    memcmp(e->buf + e->at, bom, 3) == 0)
		e->at += 3;
	if (om_edi_skip_blanks(e, err) < 0)
		return err->code;
	return e->at < e->end;
}

static bool
is_delimiter(int c)
{
	return c >= 0 && c < 0x80 && (c < '0' || c > '9') &&
	       (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != ' ' &&
	       c != 0;
}

int
om_edi_declare_x12(struct om_edi *e, struct om_err *err)
{
	size_t i;
	int fields = 0;
	int rc = begin(e, err);

	if (rc <= 0)
		return rc;
	if (om_edi_want(e, 512, err) < 0)
		return err->code;
	if (e->end - e->at < 4 || memcmp(e->buf + e->at, "ISA", 3) != 0)
		return om_doc_fail(err, OM_EDATA,
		    om_edi_position(e, e->at, e->line),
		    "an X12 interchange begins with ISA");
	e->element = (unsigned char)e->buf[e->at + 3];
	for (i = e->at + 3; i < e->end && fields < ISA_FIELDS; i++)
		fields += (unsigned char)e->buf[i] == e->element;
	if (i + 1 >= e->end || i - e->at > 500)
		return om_doc_fail(err, OM_EDATA,
		    om_edi_position(e, e->at, e->line),
		    "the ISA segment is cut short");
	e->component = (unsigned char)e->buf[i];
	e->segment = (unsigned char)e->buf[i + 1];
	e->release = OM_EDI_NONE;
	if (!is_delimiter(e->element) || !is_delimiter(e->component) ||
	    !is_delimiter(e->segment) || e->element == e->component ||
	    e->element == e->segment || e->component == e->segment)
		return om_doc_fail(err, OM_EDATA,
		    om_edi_position(e, e->at, e->line),
		    "the ISA segment declares no usable delimiters");
	return 1;
}

int
om_edi_declare_edifact(struct om_edi *e, struct om_err *err)
{
	const char *p;
	int rc = begin(e, err);

	if (rc <= 0)
		return rc;
	if (om_edi_want(e, OM_EDI_UNA_SIZE, err) < 0)
		return err->code;
	p = e->buf + e->at;
	e->component = ':';
	e->element = '+';
	e->release = '?';
	e->segment = '\'';
	e->una[0] = '\0';
	if (e->end - e->at >= OM_EDI_UNA_SIZE && memcmp(p, "UNA", 3) == 0) {
		memcpy(e->una, p, OM_EDI_UNA_SIZE);
		e->component = (unsigned char)p[3];
		e->element = (unsigned char)p[4];
		e->release = p[6] == ' ' ? OM_EDI_NONE : (unsigned char)p[6];
		e->segment = (unsigned char)p[8];
		if (!is_delimiter(e->component) || !is_delimiter(e->element) ||
		    !is_delimiter(e->segment) || e->component == e->element ||
		    e->component == e->segment || e->element == e->segment ||
		    (e->release != OM_EDI_NONE && !is_delimiter(e->release)) ||
		    e->release == e->element || e->release == e->component ||
		    e->release == e->segment)
			return om_doc_fail(err, OM_EDATA,
			    om_edi_position(e, e->at, e->line),
			    "UNA declares no usable delimiters");
		e->at += OM_EDI_UNA_SIZE;
		if (om_edi_skip_blanks(e, err) < 0 ||
		    om_edi_want(e, 3, err) < 0)
			return err->code;
		p = e->buf + e->at;
	}
	if (e->end - e->at < 3 || memcmp(p, "UNB", 3) != 0)
		return om_doc_fail(err, OM_EDATA,
		    om_edi_position(e, e->at, e->line),
		    "an EDIFACT interchange begins with UNA or UNB");
	return 1;
}

void
om_edi_delimiters(const struct om_edi *e, char *out_element, char *out_segment)
{
	*out_element = (char)e->element;
	*out_segment = (char)e->segment;
}
