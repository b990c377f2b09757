/* feeds.c - gaps of numbered feeds, for people and programs; see feeds.h. */
#include "ops/feeds.h"

#include <inttypes.h>
#include <string.h>

#include "ops/figure.h"
#include "store/gaps.h"

/* While the rows come in; gaps come in the order of the feeds. */
struct reading {
	struct om_arena *arena;
	struct om_feed_state *first;
	struct om_feed_state **end;
	struct om_feed_state *now; /* whose gaps come */
	struct om_feed_gap **gap_end;
};

static const char *
text_of(struct om_arena *arena, enum om_sequence_unit unit, int64_t number)
{
	char text[OM_SEQUENCE_TEXT_MAX];

	return om_cellf(arena, "%s", om_sequence_text(unit, number, text));
}

static int
take_feed(const struct om_numbered *n, void *arg, struct om_err *err)
{
	struct reading *r = arg;
	struct om_feed_state *s = om_new(r->arena, struct om_feed_state);

	(void)err;
	s->feed = om_cell_str(r->arena, n->feed);
	s->unit = n->unit;
	s->first = text_of(r->arena, n->unit, n->first);
	s->last = text_of(r->arena, n->unit, n->last);
	s->repeated = n->repeated;
	*r->end = s;
	r->end = &s->next;
	return 0;
}

static int
take_gap(const struct om_gap *gap, void *arg, struct om_err *err)
{
	struct reading *r = arg;
	struct om_arena *a = r->arena;
	struct om_feed_gap *g;

	(void)err;
	while (
	    !om_str_is(gap->feed, r->now->feed) || gap->unit != r->now->unit) {
		r->now = r->now->next;
		r->gap_end = &r->now->gap;
	}
	if (gap->accepted != NULL) {
		r->now->accepted += gap->missing;
		return 0;
	}
	r->now->missing += gap->missing;
	if (r->now->gaps++ >= OM_FEEDS_GAPS_SHOWN)
		return 0;
	g = om_new(a, struct om_feed_gap);
	g->text = text_of(a, gap->unit, gap->from);
	if (gap->to > gap->from)
		g->text = om_cellf(a, "%s to %s", g->text,
		    text_of(a, gap->unit, gap->to));
	*r->gap_end = g;
	r->gap_end = &g->next;
	return 0;
}

int
om_feeds_read(struct om_store *store, int64_t batch, int64_t until,
    struct om_arena *arena, struct om_feed_state **out, struct om_err *err)
{
	struct reading r = { .arena = arena };
	struct om_decision *decisions = NULL;

	r.end = &r.first;
	if (om_numbered_each(store, batch, take_feed, &r, err) < 0 ||
	    om_decisions_read(store, until, arena, &decisions, err) < 0)
		return err->code;
	r.now = r.first;
	if (r.now != NULL)
		r.gap_end = &r.now->gap;
	if (om_gaps_each(store, batch, decisions, take_gap, &r, err) < 0)
		return err->code;
	*out = r.first;
	return 0;
}

bool
om_feeds_troubled(const struct om_feed_state *feeds)
{
	for (; feeds != NULL; feeds = feeds->next)
		if (feeds->missing > 0 || feeds->repeated > 0)
			return true;
	return false;
}

void
om_feeds_remarks(const struct om_feed_state *feeds, struct om_report *r,
    struct om_arena *arena)
{
	for (const struct om_feed_state *f = feeds; f != NULL; f = f->next) {
		if (f->missing > 0)
			om_report_note(r, 'b',
			    om_cellf(arena,
				"feed %s: %" PRId64 " missing, %s first",
				f->feed, f->missing, f->gap->text));
		if (f->repeated > 0)
			om_report_note(r, 'b',
			    om_cellf(arena,
				"feed %s: %" PRId64
				" came again with other content",
				f->feed, f->repeated));
	}
}

/* "6, 8 to 12, and 3 more" */
static const char *
list_gaps(const struct om_feed_state *f, struct om_arena *arena)
{
	const char *text = f->gap == NULL ? "-" : f->gap->text;

	for (const struct om_feed_gap *g = f->gap; g != NULL; g = g->next)
		if (g != f->gap)
			text = om_cellf(arena, "%s, %s", text, g->text);
	if (f->gaps > OM_FEEDS_GAPS_SHOWN)
		text = om_cellf(arena, "%s, and %" PRId64 " more", text,
		    f->gaps - OM_FEEDS_GAPS_SHOWN);
	return text;
}

void
om_feeds_report(const struct om_feed_state *feeds, struct om_report *r,
    struct om_arena *arena)
{
	static const struct om_report_column columns[] = {
		{ "feed", "Feed", OM_LEFT },
		{ "first", "First", OM_RIGHT },
		{ "last", "Last", OM_RIGHT },
		{ "missing", "Missing", OM_RIGHT },
		{ "accepted", "Accepted", OM_RIGHT },
		{ "repeated", "Repeated", OM_RIGHT },
		{ "gaps", "Which", OM_LEFT },
	};

	if (feeds == NULL)
		return;
	om_report_section(r, "feeds", "Numbered feeds");
	om_report_table(r, "feeds", columns, OM_COUNT(columns));
	for (const struct om_feed_state *f = feeds; f != NULL; f = f->next)
		om_report_row(r, (const char *const[]){
				     f->feed,
				     f->first,
				     f->last,
				     om_cell_int(arena, f->missing),
				     om_cell_int(arena, f->accepted),
				     om_cell_int(arena, f->repeated),
				     list_gaps(f, arena),
				 });
}

/* In quotes, as the format wants it. */
static void
label(struct om_buf *out, const char *text)
{
	om_buf_char(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			om_buf_char(out, '\\');
		if (*text == '\n')
			om_buf_text(out, "\\n");
		else
			om_buf_char(out, *text);
	}
	om_buf_char(out, '"');
}

static void
gauge(struct om_buf *out, const char *name, const struct om_feed_state *f,
    int64_t value)
{
	om_buf_printf(out, "ordmill_feed_%s{feed=", name);
	label(out, f->feed);
	om_buf_printf(out, ",unit=\"%s\"} %" PRId64 "\n",
	    f->unit == OM_SEQUENCE_NUMBER ? "number" : "day", value);
}

void
om_feeds_prometheus(const struct om_feed_state *feeds, struct om_buf *out)
{
	if (feeds == NULL)
		return;
	om_buf_text(out, "# HELP ordmill_feed_missing Numbers or days that the"
			 " feed left out.\n"
			 "# TYPE ordmill_feed_missing gauge\n");
	for (const struct om_feed_state *f = feeds; f != NULL; f = f->next)
		gauge(out, "missing", f, f->missing);
	om_buf_text(out, "# HELP ordmill_feed_accepted Numbers or days that are"
			 " accepted as missing.\n"
			 "# TYPE ordmill_feed_accepted gauge\n");
	for (const struct om_feed_state *f = feeds; f != NULL; f = f->next)
		gauge(out, "accepted", f, f->accepted);
	om_buf_text(out, "# HELP ordmill_feed_repeated Numbers that came again"
			 " with other content.\n"
			 "# TYPE ordmill_feed_repeated gauge\n");
	for (const struct om_feed_state *f = feeds; f != NULL; f = f->next)
		gauge(out, "repeated", f, f->repeated);
}
