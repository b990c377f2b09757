/*
 * sequence.c - `sequence:`, and the number in the name of a file or on an
 * envelope; see compile.h, feed.h and doc.h.
 */
#include <string.h>

#include "base/time.h"
#include "feed/compile.h"
#include "feed/doc.h"

#define NUMBER "{number}"
#define DATE   "{date}"

#define DIGITS_MAX 18

/* All of it; no sign, no blanks. */
static bool
read_number(struct om_str text, int64_t *out)
{
	if (text.n == 0 || text.n > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return om_str_int(text, out);
}

/* "2026-11-26" or "20261126" */
static bool
read_date(struct om_str text, int64_t *out)
{
	bool dashed = text.n == 10 && text.p[4] == '-' && text.p[7] == '-';
	size_t month = dashed ? 5 : 4;
	size_t day = dashed ? 8 : 6;
	int64_t y;
	int64_t m;
	int64_t d;

	return (dashed || text.n == 8) &&
	       read_number((struct om_str){ text.p, 4 }, &y) &&
	       read_number((struct om_str){ text.p + month, 2 }, &m) &&
	       read_number((struct om_str){ text.p + day, 2 }, &d) &&
	       om_time_civil(y, (int)m, (int)d, out);
}

static bool
is_digit(struct om_str name, size_t i)
{
	return i < name.n && name.p[i] >= '0' && name.p[i] <= '9';
}

/* How long what stands at i is: a number has all of its digits. */
static size_t
length_at(const struct om_numbering *rule, struct om_str name, size_t i)
{
	size_t n = 0;

	if (rule->unit != OM_SEQUENCE_NUMBER)
		return i + 4 < name.n && name.p[i + 4] == '-' ? 10 : 8;
	if (i > 0 && is_digit(name, i - 1))
		return 0;
	while (is_digit(name, i + n))
		n++;
	return n;
}

static bool
read_at(const struct om_numbering *rule, struct om_str name, size_t i,
    int64_t *out)
{
	size_t n = length_at(rule, name, i);
	struct om_str text = { name.p + i, n };
	struct om_str rest = { name.p + i + n, name.n - i - n };

	if (n == 0 || n > name.n - i)
		return false;
	if (!om_str_glob(rule->before, (struct om_str){ name.p, i }) ||
	    !om_str_glob(rule->after, rest))
		return false;
	return rule->unit == OM_SEQUENCE_NUMBER ? read_number(text, out)
						: read_date(text, out);
}

bool
om_feed_number_of(const struct om_feed *feed, const char *path,
    struct om_sequence *out)
{
	const struct om_numbering *rule = &feed->numbering;
	const char *slash = strrchr(path, '/');
	struct om_str name = om_str_of(slash == NULL ? path : slash + 1);

	if (rule->before == NULL)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (read_at(rule, name, i, &out->number)) {
			out->unit = rule->unit;
			return true;
		}
	return false;
}

void
om_doc_envelope(struct om_doc *doc, enum om_envelope envelope,
    struct om_str control)
{
	int64_t number;

	if (doc->feed->numbering.envelope == envelope &&
	    read_number(control, &number))
		om_sequences_add(doc->numbers, OM_SEQUENCE_NUMBER, number);
}

static int
set_envelope(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	static const char *const words[] = { "interchange", "group" };
	struct om_numbering *rule = target;
	int word;

	if (om_compile_word(c, node, words, OM_COUNT(words), &word, err) < 0)
		return err->code;
	rule->envelope = word == 0 ? OM_ENVELOPE_OUTER : OM_ENVELOPE_GROUP;
	return 0;
}

/* Cut in two at the place of the number. */
static int
set_name(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_numbering *rule = target;
	struct om_str text;
	const char *number;
	const char *date;
	const char *at;

	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	number = strstr(text.p, NUMBER);
	date = strstr(text.p, DATE);
	if ((number == NULL) == (date == NULL))
		return om_compile_fail(c, node, err,
		    "a name has one " NUMBER " or one " DATE " in it");
	at = number == NULL ? date : number;
	rule->unit = number == NULL ? OM_SEQUENCE_DAY : OM_SEQUENCE_NUMBER;
	rule->before =
	    om_strndup(&c->feed->arena, text.p, (size_t)(at - text.p));
	rule->after = strchr(at, '}') + 1;
	return 0;
}

static int
set_days(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	static const char *const words[] = { "all", "weekdays" };
	int *days = target;

	return om_compile_word(c, node, words, OM_COUNT(words), days, err);
}

static const struct om_key keys[] = {
	{ "envelope", set_envelope },
	{ "name", set_name },
	{ "days", NULL },
};

int
om_compile_sequence(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_numbering rule = { .envelope = OM_ENVELOPE_NONE };
	const struct om_yaml *days;
	int weekdays = 0;

	(void)target;
	if (om_compile_map(c, node, keys, OM_COUNT(keys), &rule, err) < 0)
		return err->code;
	days = om_yaml_get(node, "days");
	if (days != NULL && set_days(c, days, &weekdays, err) < 0)
		return err->code;
	if (days != NULL && rule.unit != OM_SEQUENCE_DAY)
		return om_compile_fail(c, days, err,
		    "'days' belongs to a 'name' with " DATE);
	if (weekdays == 1)
		rule.unit = OM_SEQUENCE_WEEKDAY;
	c->feed->numbering = rule;
	return 0;
}
