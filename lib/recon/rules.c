/* rules.c - names to columns, limits to integers; see rules.h. */
#include "recon/rules.h"

#include <string.h>

/* A column whose name ends in one of these holds amounts unless told
 * otherwise. */
static const char *const amount_words[] = { "amount", "total", "subtotal",
	"gross", "net", "fee", "fees", "tax", "price", "balance", "debit",
	"credit", "paid", "refunded", "discount", "shipping", "cost", "sum",
	"vat", "payout" };

struct maker {
	struct om_arena *arena;
	const struct om_rec_words *words;
	const struct om_rec_input *side[2];
	struct om_rec_rules *rules;
	bool mapped[64]; /* this --map was used */
};

static const char *const side_names[] = { "left", "right" };

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Does name end in word, and does a word begin there? "Net Amount" and
 * "total_amount" do, "discounted" and "Planet" do not. */
static bool
ends_in(const char *name, const char *word)
{
	size_t n = strlen(name);
	size_t w = strlen(word);

	if (n < w)
		return false;
	for (size_t i = 0; i < w; i++)
		if (lower(name[n - w + i]) != word[i])
			return false;
	if (n == w)
		return true;
	return strchr(" _-.", name[n - w - 1]) != NULL ||
	       (name[n - w] < 'a' && name[n - w - 1] >= 'a');
}

static bool
sounds_like_amount(const char *name)
{
	for (size_t i = 0; i < OM_COUNT(amount_words); i++)
		if (ends_in(name, amount_words[i]))
			return true;
	return false;
}

/* The index of a column; column_count if there is none. */
static size_t
find(const struct om_rec_input *input, const char *name, size_t from)
{
	size_t i = from;

	while (i < input->column_count && strcmp(input->columns[i], name) != 0)
		i++;
	return i;
}

static int
locate(const struct om_rec_input *input, const char *side, const char *name,
    size_t *out, struct om_err *err)
{
	size_t at = find(input, name, 0);
	const char *near;

	if (at == input->column_count) {
		near =
		    om_str_nearest(name, input->columns, input->column_count);
		if (near == NULL)
			return om_fail(err, OM_EUSAGE,
			    "%s '%s' has no column '%s'", side, input->name,
			    name);
		return om_fail(err, OM_EUSAGE,
		    "%s '%s' has no column '%s'; did you mean '%s'?", side,
		    input->name, name, near);
	}
	if (find(input, name, at + 1) != input->column_count)
		return om_fail(err, OM_EUSAGE,
		    "%s '%s' has more than one column '%s'", side, input->name,
		    name);
	*out = at;
	return 0;
}

/* "LEFT=..." in a list of such words: its index, or n. */
static size_t
assigned(const char *const *list, size_t n, const char *left)
{
	size_t len = strlen(left);
	size_t i = 0;

	while (
	    i < n && (strncmp(list[i], left, len) != 0 || list[i][len] != '='))
		i++;
	return i;
}

/* What the right side calls the left side's column. */
static const char *
right_name(struct maker *m, const char *left)
{
	size_t i = assigned(m->words->map, m->words->map_count, left);

	if (i == m->words->map_count)
		return left;
	m->mapped[i] = true;
	return m->words->map[i] + strlen(left) + 1;
}

static int
resolve(struct maker *m, struct om_str name, struct om_rec_column *out,
    struct om_err *err)
{
	struct om_rec_column c = { .kind = OM_REC_TEXT };

	c.left = om_strndup(m->arena, name.p, name.n);
	c.right = right_name(m, c.left);
	if (locate(m->side[0], side_names[0], c.left, &c.at[0], err) < 0 ||
	    locate(m->side[1], side_names[1], c.right, &c.at[1], err) < 0)
		return err->code;
	*out = c;
	return 0;
}

/* The next name of a comma-separated list; false at its end. */
static bool
next_name(const char **list, struct om_str *out)
{
	const char *comma;

	if (*list == NULL)
		return false;
	comma = strchr(*list, ',');
	out->p = *list;
	out->n = comma == NULL ? strlen(*list) : (size_t)(comma - *list);
	*list = comma == NULL ? NULL : comma + 1;
	return true;
}

/* Column names of one option into out[]. */
static int
resolve_list(struct maker *m, const char *option, const char *list,
    struct om_rec_column *out, size_t max, size_t *out_n, struct om_err *err)
{
	struct om_str name;
	size_t n = 0;

	while (next_name(&list, &name)) {
		if (name.n == 0)
			return om_fail(err, OM_EUSAGE,
			    "--%s: empty column name", option);
		if (n == max)
			return om_fail(err, OM_ELIMIT,
			    "--%s: more than %zu columns", option, max);
		if (resolve(m, name, &out[n], err) < 0)
			return om_wrap(err, "--%s", option);
		for (size_t i = 0; i < n; i++)
			if (strcmp(out[i].left, out[n].left) == 0)
				return om_fail(err, OM_EUSAGE,
				    "--%s: '%s' is named twice", option,
				    out[n].left);
		n++;
	}
	*out_n = n;
	return 0;
}

/* "status:text" and "code:amount" say what a column is; without a suffix a
 * tolerance or its name does. */
static bool
declared(struct om_str *name, enum om_rec_kind *out)
{
	static const struct {
		struct om_str suffix;
		enum om_rec_kind kind;
	} known[] = {
		{ { ":text", 5 }, OM_REC_TEXT },
		{ { ":amount", 7 }, OM_REC_AMOUNT },
	};

	for (size_t i = 0; i < OM_COUNT(known); i++) {
		size_t n = known[i].suffix.n;

		if (name->n <= n ||
		    memcmp(name->p + name->n - n, known[i].suffix.p, n) != 0)
			continue;
		name->n -= n;
		*out = known[i].kind;
		return true;
	}
	return false;
}

static int
add_compare(struct maker *m, struct om_str name, struct om_err *err)
{
	struct om_rec_rules *r = m->rules;
	enum om_rec_kind kind = OM_REC_TEXT;
	bool said = declared(&name, &kind);
	struct om_rec_column *c = &r->compare[r->compares];
	size_t one;
	int rc;

	if (r->compares == OM_REC_COMPARES_MAX)
		return om_fail(err, OM_ELIMIT,
		    "--compare: more than %d columns", OM_REC_COMPARES_MAX);
	rc = resolve_list(m, "compare", om_strndup(m->arena, name.p, name.n), c,
	    1, &one, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < r->compares; i++)
		if (strcmp(r->compare[i].left, c->left) == 0)
			return om_fail(err, OM_EUSAGE,
			    "--compare: '%s' is named twice", c->left);
	c->kind = said				? kind
		  : sounds_like_amount(c->left) ? OM_REC_AMOUNT
						: OM_REC_TEXT;
	if (!said && assigned(m->words->tolerance, m->words->tolerance_count,
			 c->left) < m->words->tolerance_count)
		c->kind = OM_REC_AMOUNT;
	r->compares++;
	return 0;
}

static int
resolve_compares(struct maker *m, struct om_err *err)
{
	struct om_rec_rules *r = m->rules;
	const char *list = m->words->compare;
	struct om_str name;
	int rc;

	while (next_name(&list, &name))
		if ((rc = add_compare(m, name, err)) < 0)
			return rc;
	for (size_t i = r->compares; i-- > 0;) {
		if (r->compare[i].kind == OM_REC_AMOUNT) {
			r->amounts++;
			r->main = i;
		}
	}
	r->texts = r->compares - r->amounts;
	if (r->amounts == 0)
		r->main = r->compares;
	return 0;
}

/* "0.01", "25bp" or "0.25%" as an integer. */
static int
parse_limit(struct om_rec_column *c, struct om_str text, struct om_err *err)
{
	int places = 6;

	c->slack = OM_REC_ABSOLUTE;
	if (text.n > 2 && memcmp(text.p + text.n - 2, "bp", 2) == 0) {
		c->slack = OM_REC_RELATIVE;
		places = 4;
		text.n -= 2;
	} else if (text.n > 1 && text.p[text.n - 1] == '%') {
		c->slack = OM_REC_RELATIVE;
		text.n--;
	}
	if (om_decimal_parse(text, places, OM_ROUND_EXACT, NULL, &c->tolerance,
		err) < 0 ||
	    c->tolerance < 0)
		return om_fail(err, OM_EUSAGE,
		    "bad limit '%s': give an amount (0.01), basis points (5bp) "
		    "or per cent (0.1%%)",
		    c->tolerance_text);
	return 0;
}

static int
set_tolerance(struct maker *m, const char *word, struct om_err *err)
{
	const char *equals = strchr(word, '=');
	size_t n = equals == NULL ? 0 : (size_t)(equals - word);

	if (n == 0)
		return om_fail(err, OM_EUSAGE, "'%s' is not COLUMN=LIMIT",
		    word);
	for (size_t i = 0; i < m->rules->compares; i++) {
		struct om_rec_column *c = &m->rules->compare[i];

		if (strlen(c->left) != n || memcmp(c->left, word, n) != 0)
			continue;
		if (c->kind != OM_REC_AMOUNT)
			return om_fail(err, OM_EUSAGE, "'%s' is text", c->left);
		if (c->slack != OM_REC_NONE)
			return om_fail(err, OM_EUSAGE, "'%s' is given twice",
			    c->left);
		c->tolerance_text =
		    om_strndup(m->arena, equals + 1, strlen(equals + 1));
		return parse_limit(c, om_str_of(c->tolerance_text), err);
	}
	return om_fail(err, OM_EUSAGE, "'%.*s' is not among --compare", (int)n,
	    word);
}

/* Is there one and only one such column on each side? */
static bool
on_both_sides(struct maker *m, const char *left)
{
	size_t l = find(m->side[0], left, 0);
	const char *name = right_name(m, left);
	size_t r = find(m->side[1], name, 0);

	return l < m->side[0]->column_count && r < m->side[1]->column_count;
}

static int
resolve_currency(struct maker *m, struct om_err *err)
{
	struct om_rec_rules *r = m->rules;
	const char *word = m->words->currency;

	if (word == NULL) {
		if (!on_both_sides(m, "currency"))
			return 0;
		word = "currency";
	} else if (strcmp(word, "none") == 0) {
		return 0;
	} else if (!on_both_sides(m, word)) {
		r->default_currency = om_currency_find(om_str_of(word));
		if (r->default_currency != NULL)
			return 0;
	}
	r->has_currency = true;
	if (resolve(m, om_str_of(word), &r->currency, err) < 0)
		return om_wrap(err, "--currency");
	return 0;
}

static int
check_maps(const struct maker *m, struct om_err *err)
{
	for (size_t i = 0; i < m->words->map_count; i++) {
		const char *word = m->words->map[i];
		const char *equals = strchr(word, '=');

		if (equals == NULL || equals == word || equals[1] == '\0')
			return om_fail(err, OM_EUSAGE,
			    "--map: '%s' is not LEFT=RIGHT", word);
		if (!m->mapped[i])
			return om_fail(err, OM_EUSAGE,
			    "--map: '%.*s' is neither a key nor compared",
			    (int)(equals - word), word);
	}
	return 0;
}

int
om_rec_rules_make(struct om_arena *arena, const struct om_rec_words *words,
    const struct om_rec_input *left, const struct om_rec_input *right,
    struct om_rec_rules *out, struct om_err *err)
{
	struct om_rec_rules rules = { 0 };
	struct maker m = { arena, words, { left, right }, &rules, { false } };
	int rc;

	if (words->map_count > OM_COUNT(m.mapped))
		return om_fail(err, OM_ELIMIT, "--map: more than %zu",
		    OM_COUNT(m.mapped));
	if (words->key == NULL)
		return om_fail(err, OM_EUSAGE, "--key is missing");
	if ((rc = resolve_list(&m, "key", words->key, rules.key,
		 OM_REC_KEYS_MAX, &rules.keys, err)) < 0 ||
	    (rc = resolve_compares(&m, err)) < 0)
		return rc;
	for (size_t i = 0; i < words->tolerance_count; i++)
		if (set_tolerance(&m, words->tolerance[i], err) < 0)
			return om_wrap(err, "--tolerance");
	if ((rc = resolve_currency(&m, err)) < 0 ||
	    (rc = check_maps(&m, err)) < 0)
		return rc;
	*out = rules;
	return 0;
}

bool
om_rec_within(const struct om_rec_column *column, int64_t left, int64_t right,
    int places)
{
	om_int128 diff = (om_int128)right - left;
	om_int128 base = left;

	if (diff < 0)
		diff = -diff;
	if (base < 0)
		base = -base;
	switch (column->slack) {
	case OM_REC_ABSOLUTE:
		for (; places < OM_REC_PLACES; places++)
			diff *= 10;
		return diff <= column->tolerance;
	case OM_REC_RELATIVE:
		return diff * 100000000 <= base * column->tolerance;
	case OM_REC_NONE:
		break;
	}
	return diff == 0;
}
