/* csv_scan.c - from mark to mark, 64 bytes at a time; see csv_scan.h. */
#include "text/csv_scan.h"

#define NONE SIZE_MAX

/* Walks over the marks in the buffer, in order. */
struct cursor {
	size_t block;
	uint64_t bits; /* marks of the block that are still to come */
	bool odd;      /* so was a block on the way */
};

/* The field that is being read. */
struct part {
	size_t start;
	size_t skip;  /* this byte is escaped */
	bool undo;    /* it holds doubled quotes or escapes */
	bool tainted; /* it has a problem: leave it as it is */
};

void
om_csv_scan_set(struct om_csv_scan *s, const char *bytes, size_t have)
{
	s->bytes = bytes;
	s->have = have;
	s->block = NONE;
}

static inline void
load(struct om_csv_scan *s, size_t block)
{
	const void *at = s->bytes + block;
	size_t left = s->have - block;

	s->bits = om_csv_block(at, &s->marks, &s->odd);
	if (left < OM_CSV_BLOCK)
		s->bits &= (UINT64_C(1) << left) - 1;
	s->block = block;
}

static inline struct cursor
cursor_at(struct om_csv_scan *s, size_t pos)
{
	size_t block = pos / OM_CSV_BLOCK * OM_CSV_BLOCK;

	if (s->block != block)
		load(s, block);
	return (
	    struct cursor){ block, s->bits & ~UINT64_C(0) << pos % 64, s->odd };
}

static inline bool
next_block(struct om_csv_scan *s, struct cursor *c)
{
	c->block += OM_CSV_BLOCK;
	if (c->block >= s->have)
		return false;
	load(s, c->block);
	c->bits = s->bits;
	c->odd |= s->odd;
	return true;
}

static inline size_t
next_mark(struct om_csv_scan *s, struct cursor *c)
{
	size_t pos;

	while (c->bits == 0)
		if (!next_block(s, c))
			return NONE;
	pos = c->block + (size_t)__builtin_ctzll(c->bits);
	c->bits &= c->bits - 1;
	return pos;
}

static void
taint(struct om_csv_scan *s, struct part *f, const char *what, size_t at)
{
	f->tainted = true;
	if (s->problem != NULL)
		return;
	s->problem = what;
	s->problem_at = at;
}

/* Behind an opening quote: the position of the closing one, or NONE. */
static inline size_t
closing_quote(struct om_csv_scan *s, struct cursor *c, struct part *f,
    bool final)
{
	const char *p = s->bytes;
	const char quote = (char)s->marks.quote;
	size_t skip = NONE;
	size_t pos;

	while ((pos = next_mark(s, c)) != NONE) {
		s->newlines +=
		    p[pos] == '\r' || (p[pos] == '\n' && p[pos - 1] != '\r');
		if (pos == skip)
			continue;
		if (s->escapes && p[pos] == (char)s->marks.escape) {
			f->undo = true;
			skip = pos + 1;
		} else if (p[pos] == quote) {
			if (pos + 1 == s->have)
				return final ? pos : NONE;
			if (p[pos + 1] != quote)
				return pos;
			f->undo = true;
			skip = pos + 1;
		}
	}
	return NONE;
}

static inline bool
put(struct om_csv_scan *s, const struct part *f, size_t from, size_t to,
    bool quoted)
{
	size_t n = s->count;

	if (n == OM_CSV_FIELDS_MAX)
		return false;
	s->field[n] = (struct om_str){ s->bytes + from, to - from };
	s->quoted[n] = quoted;
	if (f->undo && !f->tainted)
		s->undo[s->undo_count++] = (uint16_t)n;
	s->count = n + 1;
	return true;
}

/* A quoted field from its opening quote on. *out_pos is the mark behind it,
 * at which it was put; or, if something else follows, the opening quote, and
 * the field goes on as if the quotes meant nothing. */
static inline enum om_csv_found
quoted_field(struct om_csv_scan *s, struct cursor *c, struct part *f,
    bool final, size_t *out_pos)
{
	const unsigned char delimiter = s->marks.delimiter;
	size_t close;
	unsigned char after;

	s->quote_at = f->start;
	s->quote_newlines = s->newlines;
	close = closing_quote(s, c, f, final);
	if (close == NONE) {
		s->in_quotes = true;
		s->end = s->have;
		return final ? OM_CSV_OPEN : OM_CSV_MORE;
	}
	*out_pos = close + 1;
	if (close + 1 < s->have) {
		after = (unsigned char)s->bytes[close + 1];
		if (after != delimiter && after != '\n' && after != '\r') {
			taint(s, f, "text after closing quote", close + 1);
			*out_pos = f->start;
			return OM_CSV_RECORD;
		}
		(void)next_mark(s, c);
	}
	s->end = close + 1;
	return put(s, f, f->start + 1, close, true) ? OM_CSV_RECORD
						    : OM_CSV_TOO_MANY;
}

/* Marks that neither end a field nor open a quoted one. */
static inline void
inner_mark(struct om_csv_scan *s, struct part *f, size_t pos)
{
	if (s->escapes && s->bytes[pos] == (char)s->marks.escape) {
		f->undo = true;
		f->skip = pos + 1;
	} else {
		taint(s, f, "bare quote", pos);
	}
}

static inline void
begin(struct om_csv_scan *s)
{
	s->count = 0;
	s->undo_count = 0;
	s->newlines = 0;
	s->problem = NULL;
	s->in_quotes = false;
}

/* As many fields as end at a delimiter and hold no other mark: nearly all do.
 * Returns where the field behind them starts; its first mark is still to
 * come. */
static inline size_t
plain_fields(struct om_csv_scan *s, struct cursor *c, size_t start)
{
	const char delimiter = (char)s->marks.delimiter;
	const char *const bytes = s->bytes;
	size_t n = s->count;
	uint64_t bits;

	do {
		for (bits = c->bits; bits != 0; bits &= bits - 1) {
			size_t pos = c->block + (size_t)__builtin_ctzll(bits);

			if (bytes[pos] != delimiter || n == OM_CSV_FIELDS_MAX)
				break;
			s->field[n] =
			    (struct om_str){ bytes + start, pos - start };
			s->quoted[n++] = false;
			start = pos + 1;
		}
		c->bits = bits;
	} while (bits == 0 && next_block(s, c));
	s->count = n;
	return start;
}

enum om_csv_found
om_csv_scan(struct om_csv_scan *s, size_t start, bool final)
{
	const unsigned char delimiter = s->marks.delimiter;
	const unsigned char quote = s->marks.quote;
	struct cursor c = cursor_at(s, start);
	struct part f = { .skip = NONE };

	begin(s);
	f.start = plain_fields(s, &c, start);
	for (;;) {
		size_t pos = next_mark(s, &c);
		unsigned char mark = '\n';
		bool done = false;

		if (pos != NONE)
			mark = (unsigned char)s->bytes[pos];
		else if (final)
			pos = s->have;
		else
			return OM_CSV_MORE;
		if (mark == quote && pos == f.start && mark != '\n') {
			enum om_csv_found found =
			    quoted_field(s, &c, &f, final, &pos);

			if (found != OM_CSV_RECORD)
				return found;
			if (pos == f.start)
				continue;
			done = true;
			mark =
			    pos < s->have ? (unsigned char)s->bytes[pos] : '\n';
		}
		if (mark == delimiter && pos == f.skip)
			continue;
		if (mark != delimiter && mark != '\n' && mark != '\r') {
			if (pos != f.skip)
				inner_mark(s, &f, pos);
			continue;
		}
		if (!done && !put(s, &f, f.start, pos, false)) {
			s->end = pos;
			return OM_CSV_TOO_MANY;
		}
		if (mark != delimiter) {
			s->end = pos;
			s->maybe_odd = c.odd;
			return OM_CSV_RECORD;
		}
		f = (struct part){ .start = plain_fields(s, &c, pos + 1),
			.skip = NONE };
	}
}
