/*
 * edi_x12.c - X12 interchanges: ISA, GS, ST ... SE, GE, IEA (X12.5, X12.6).
 *
 * Each trailer says how many of its kind there are and repeats the control
 * number of its header. Several interchanges may follow each other, each with
 * delimiters of its own.
 */
#include "feed/edi_x12.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/docs.h"
#include "feed/edi_wrap.h"

struct x12 {
	struct om_edi *edi;
	struct om_x12_envelope envelope;
	struct om_edi_wrap wrap;
	struct om_position isa;
	struct om_position gs;
	bool in_interchange;
	bool in_group;
	uint64_t groups; /* of the interchange */
	uint64_t sets;	 /* of the group */
};

static int
x12_open(const struct om_feed *feed, const char *path, void **out,
    struct om_err *err)
{
	struct x12 *x = calloc(1, sizeof(*x));

	(void)feed;
	if (x == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	*out = x;
	return om_edi_open(path, &x->edi, err);
}

static void
x12_close(void *self)
{
	struct x12 *x = self;

	om_edi_close(&x->edi);
	om_arena_clear(&x->envelope.arena);
	free(x);
}

/* Control numbers are numbers: 245 and 000000245 are the same. */
static int
check_number(const struct om_edi_segment *s, const char *name,
    struct om_str stated, struct om_str want, const char *of,
    struct om_err *err)
{
	struct om_str a = stated;
	struct om_str b = want;

	while (a.n > 1 && a.p[0] == '0')
		a = (struct om_str){ a.p + 1, a.n - 1 };
	while (b.n > 1 && b.p[0] == '0')
		b = (struct om_str){ b.p + 1, b.n - 1 };
	if (om_str_eq(a, b))
		return 0;
	return om_doc_fail(err, OM_EDATA, s->at,
	    "%s says control number '%.*s', %s says '%.*s'", name,
	    OM_FMT(stated), of, OM_FMT(want));
}

static struct om_str
text(struct x12 *x, const struct om_edi_segment *s, size_t i)
{
	return om_edi_text(x->edi, s, i, 0, &x->envelope.arena);
}

/* 1, or 0 at the end of the file. */
static int
begin_interchange(struct x12 *x, struct om_doc *doc, struct om_err *err)
{
	struct om_edi_segment s;
	int rc = om_edi_declare_x12(x->edi, err);

	if (rc == 1)
		rc = om_edi_next(x->edi, &s, err);
	if (rc <= 0)
		return rc;
	om_arena_reset(&x->envelope.arena);
	x->envelope.control = text(x, &s, 13);
	om_edi_wrap_outer(&x->wrap, x->edi, &s, "IEA", 13, &x->envelope.arena);
	om_doc_envelope(doc, OM_ENVELOPE_OUTER, x->envelope.control);
	x->in_interchange = true;
	x->isa = s.at;
	x->groups = 0;
	return 1;
}

static int
begin_group(struct x12 *x, const struct om_edi_segment *s, struct om_doc *doc,
    struct om_err *err)
{
	struct om_str date = text(x, s, 4);
	struct om_str time = text(x, s, 5);
	char *sent = om_alloc(&x->envelope.arena, date.n + time.n + 4);
	int n;

	if (x->in_group)
		return om_doc_fail(err, OM_EDATA, s->at,
		    "GS within a group: the one of byte %llu has no GE",
		    (unsigned long long)x->gs.offset);
	n = snprintf(sent, date.n + time.n + 4, "%s%.*sT%.*s",
	    date.n == 6 ? "20" : "", OM_FMT(date), OM_FMT(time));
	x->envelope.sent = (struct om_str){ sent, (size_t)n };
	x->envelope.sender = text(x, s, 2);
	x->envelope.group = text(x, s, 6);
	om_edi_wrap_group(&x->wrap, x->edi, s, "GE", 6, &x->envelope.arena);
	om_doc_envelope(doc, OM_ENVELOPE_GROUP, x->envelope.group);
	x->in_group = true;
	x->gs = s->at;
	x->sets = 0;
	x->groups++;
	return 0;
}

static int
end_group(struct x12 *x, const struct om_edi_segment *s, struct om_err *err)
{
	x->in_group = false;
	if (om_doc_count(err, s->at, "GE01", text(x, s, 1), x->sets,
		"transaction sets") < 0)
		return err->code;
	return check_number(s, "GE02", text(x, s, 2), x->envelope.group, "GS06",
	    err);
}

static int
end_interchange(struct x12 *x, const struct om_edi_segment *s,
    struct om_err *err)
{
	if (x->in_group)
		return om_doc_fail(err, OM_EDATA, s->at,
		    "IEA within a group: the one of byte %llu has no GE",
		    (unsigned long long)x->gs.offset);
	x->in_interchange = false;
	if (om_doc_count(err, s->at, "IEA01", text(x, s, 1), x->groups,
		"groups") < 0)
		return err->code;
	return check_number(s, "IEA02", text(x, s, 2), x->envelope.control,
	    "ISA13", err);
}

/* A segment of the envelope. 1: a set begins. */
static int
step(struct x12 *x, const struct om_edi_segment *s, struct om_doc *doc,
    struct om_err *err)
{
	if (om_str_is(s->tag, "ST") && x->in_group) {
		x->sets++;
		return 1;
	}
	if (om_str_is(s->tag, "GS"))
		return begin_group(x, s, doc, err);
	if (om_str_is(s->tag, "GE") && x->in_group)
		return end_group(x, s, err);
	if (om_str_is(s->tag, "IEA"))
		return end_interchange(x, s, err);
	if (om_str_is(s->tag, "TA1") && !x->in_group)
		return 0;
	return om_doc_fail(err, OM_EDATA, s->at,
	    "segment '%.*s' outside a transaction set",
	    s->tag.n > 8 ? 8 : (int)s->tag.n, s->tag.n == 0 ? "" : s->tag.p);
}

static int
x12_next(void *self, struct om_doc *doc, struct om_err *err)
{
	struct x12 *x = self;
	struct om_edi_segment s;
	int rc;

	for (;;) {
		if (!x->in_interchange) {
			rc = begin_interchange(x, doc, err);
			if (rc <= 0)
				return rc;
		}
		rc = om_edi_next(x->edi, &s, err);
		if (rc < 0)
			return rc;
		if (rc == 0)
			return om_doc_fail(err, OM_EDATA, x->isa,
			    "the interchange has no IEA: the file is cut "
			    "short");
		rc = step(x, &s, doc, err);
		if (rc < 0)
			return rc;
		if (rc == 0)
			continue;
		om_edi_mark(x->edi);
		if (om_x12_set(x->edi, &x->envelope, &s, doc, err) < 0)
			return err->code;
		om_edi_wrap_doc(&x->wrap, doc);
		return 1;
	}
}

const struct om_doc_format om_doc_x12 = { x12_open, x12_next, x12_close };
