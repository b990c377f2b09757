/*
 * edi_fact.c - EDIFACT interchanges: UNA, UNB, UNG, UNH ... UNT, UNE, UNZ
 * (ISO 9735, syntax versions 1 to 4).
 *
 * Each trailer says how many of its kind there are and repeats the reference
 * of its header. Several interchanges may follow each other.
 */
#include "feed/edi_fact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/docs.h"
#include "feed/edi_wrap.h"

struct fact {
	struct om_edi *edi;
	struct om_edifact_envelope envelope;
	struct om_edi_wrap wrap;
	struct om_position unb;
	struct om_position ung;
	struct om_str group; /* UNG 0048 */
	bool in_interchange;
	bool in_group;
	uint64_t groups;	 /* of the interchange */
	uint64_t messages;	 /* of the interchange */
	uint64_t group_messages; /* of the group */
};

static int
fact_open(const struct om_feed *feed, const char *path, void **out,
    struct om_err *err)
{
	struct fact *f = calloc(1, sizeof(*f));

	(void)feed;
	if (f == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	*out = f;
	return om_edi_open(path, &f->edi, err);
}

static void
fact_close(void *self)
{
	struct fact *f = self;

	om_edi_close(&f->edi);
	om_arena_clear(&f->envelope.arena);
	free(f);
}

static struct om_str
text(struct fact *f, const struct om_edi_segment *s, size_t i, size_t k)
{
	return om_edi_text(f->edi, s, i, k, &f->envelope.arena);
}

/* UNOA and UNOB are parts of ASCII, UNOC is ISO 8859-1, UNOY is UTF-8. */
static int
read_charset(struct fact *f, const struct om_edi_segment *s, struct om_err *err)
{
	static const char *const known[] = { "UNOA", "UNOB", "UNOC", "UNOY" };
	struct om_str name = text(f, s, 1, 1);

	f->envelope.latin1 = om_str_is(name, "UNOC");
	om_edi_latin1(f->edi, f->envelope.latin1);
	for (size_t i = 0; i < OM_COUNT(known); i++)
		if (om_str_is(name, known[i]))
			return 0;
	return om_doc_fail(err, OM_EDATA, s->at,
	    "character set '%.*s': UNOA, UNOB, UNOC and UNOY are read",
	    OM_FMT(name));
}

/* 1, or 0 at the end of the file. */
static int
begin_interchange(struct fact *f, struct om_doc *doc, struct om_err *err)
{
	struct om_edi_segment s;
	struct om_str date;
	struct om_str time;
	char *sent;
	int n;
	int rc = om_edi_declare_edifact(f->edi, err);

	if (rc == 1)
		rc = om_edi_next(f->edi, &s, err);
	if (rc <= 0)
		return rc;
	om_arena_reset(&f->envelope.arena);
	if (read_charset(f, &s, err) < 0)
		return err->code;
	date = text(f, &s, 4, 1);
	time = text(f, &s, 4, 2);
	sent = om_alloc(&f->envelope.arena, date.n + time.n + 4);
	n = snprintf(sent, date.n + time.n + 4, "%s%.*sT%.*s",
	    date.n == 6 ? "20" : "", OM_FMT(date), OM_FMT(time));
	f->envelope.sent = (struct om_str){ sent, (size_t)n };
	f->envelope.sender = text(f, &s, 2, 1);
	f->envelope.control = text(f, &s, 5, 1);
	om_edi_wrap_outer(&f->wrap, f->edi, &s, "UNZ", 5, &f->envelope.arena);
	om_doc_envelope(doc, OM_ENVELOPE_OUTER, f->envelope.control);
	f->in_interchange = true;
	f->unb = s.at;
	f->groups = 0;
	f->messages = 0;
	return 1;
}

static int
check_reference(const struct om_edi_segment *s, const char *name,
    struct om_str stated, const char *of, struct om_str want,
    struct om_err *err)
{
	if (om_str_eq(stated, want))
		return 0;
	return om_doc_fail(err, OM_EDATA, s->at,
	    "%s says reference '%.*s', %s says '%.*s'", name, OM_FMT(stated),
	    of, OM_FMT(want));
}

static int
begin_group(struct fact *f, const struct om_edi_segment *s, struct om_doc *doc,
    struct om_err *err)
{
	if (f->in_group)
		return om_doc_fail(err, OM_EDATA, s->at,
		    "UNG within a group: the one of byte %llu has no UNE",
		    (unsigned long long)f->ung.offset);
	f->group = text(f, s, 5, 1);
	om_edi_wrap_group(&f->wrap, f->edi, s, "UNE", 5, &f->envelope.arena);
	om_doc_envelope(doc, OM_ENVELOPE_GROUP, f->group);
	f->ung = s->at;
	f->in_group = true;
	f->group_messages = 0;
	f->groups++;
	return 0;
}

static int
end_group(struct fact *f, const struct om_edi_segment *s, struct om_err *err)
{
	f->in_group = false;
	om_edi_unwrap_group(&f->wrap);
	if (om_doc_count(err, s->at, "UNE 0060", text(f, s, 1, 1),
		f->group_messages, "messages") < 0)
		return err->code;
	return check_reference(s, "UNE", text(f, s, 2, 1), "UNG", f->group,
	    err);
}

/* UNZ counts groups, or messages if there are no groups. */
static int
end_interchange(struct fact *f, const struct om_edi_segment *s,
    struct om_err *err)
{
	if (f->in_group)
		return om_doc_fail(err, OM_EDATA, s->at,
		    "UNZ within a group: the one of byte %llu has no UNE",
		    (unsigned long long)f->ung.offset);
	f->in_interchange = false;
	if (om_doc_count(err, s->at, "UNZ 0036", text(f, s, 1, 1),
		f->groups > 0 ? f->groups : f->messages,
		f->groups > 0 ? "groups" : "messages") < 0)
		return err->code;
	return check_reference(s, "UNZ", text(f, s, 2, 1), "UNB",
	    f->envelope.control, err);
}

/* A segment of the envelope. 1: a message begins. */
static int
step(struct fact *f, const struct om_edi_segment *s, struct om_doc *doc,
    struct om_err *err)
{
	if (om_str_is(s->tag, "UNH") && (f->in_group || f->groups == 0)) {
		f->messages++;
		f->group_messages++;
		return 1;
	}
	if (om_str_is(s->tag, "UNG"))
		return begin_group(f, s, doc, err);
	if (om_str_is(s->tag, "UNE") && f->in_group)
		return end_group(f, s, err);
	if (om_str_is(s->tag, "UNZ"))
		return end_interchange(f, s, err);
	return om_doc_fail(err, OM_EDATA, s->at,
	    "segment '%.*s' outside a message",
	    s->tag.n > 8 ? 8 : (int)s->tag.n, s->tag.n == 0 ? "" : s->tag.p);
}

static int
fact_next(void *self, struct om_doc *doc, struct om_err *err)
{
	struct fact *f = self;
	struct om_edi_segment s;
	int rc;

	for (;;) {
		if (!f->in_interchange) {
			rc = begin_interchange(f, doc, err);
			if (rc <= 0)
				return rc;
		}
		rc = om_edi_next(f->edi, &s, err);
		if (rc < 0)
			return rc;
		if (rc == 0)
			return om_doc_fail(err, OM_EDATA, f->unb,
			    "the interchange has no UNZ: the file is cut "
			    "short");
		rc = step(f, &s, doc, err);
		if (rc < 0)
			return rc;
		if (rc == 0)
			continue;
		om_edi_mark(f->edi);
		if (om_edifact_message(f->edi, &f->envelope, &s, doc, err) < 0)
			return err->code;
		om_edi_wrap_doc(&f->wrap, doc);
		return 1;
	}
}

const struct om_doc_format om_doc_edifact = { fact_open, fact_next,
	fact_close };
