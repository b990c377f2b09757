/* value.c - one option's text, checked and put into its field. */
#include "cmd/value.h"

#include <assert.h>
#include <string.h>

#include "base/time.h"

#define CHOICES_MAX 16

static int
set_int(const struct om_opt *o, const char *text, void *field,
    struct om_err *err)
{
	int64_t n;

	if (!om_str_int(om_str_of(text), &n))
		return om_fail(err, OM_EUSAGE, "--%s wants a number, got '%s'",
		    o->name, text);
	if (n < o->min)
		return om_fail(err, OM_EUSAGE,
		    "--%s wants at least %lld, got '%s'", o->name,
		    (long long)o->min, text);
	if (n > o->max)
		return om_fail(err, OM_EUSAGE,
		    "--%s wants at most %lld, got '%s'", o->name,
		    (long long)o->max, text);
	memcpy(field, &n, sizeof(n));
	return 0;
}

static int
set_duration(const struct om_opt *o, const char *text, void *field,
    struct om_err *err)
{
	int64_t ms;

	if (!om_duration_parse(om_str_of(text), &ms))
		return om_fail(err, OM_EUSAGE,
		    "--%s wants a duration such as 90s, 15m, 2h or 1d, "
		    "got '%s'",
		    o->name, text);
	memcpy(field, &ms, sizeof(ms));
	return 0;
}

bool
om_opt_is_choice(const struct om_opt *o)
{
	return o->value != NULL && strchr(o->value, '|') != NULL &&
	       strspn(o->value, "abcdefghijklmnopqrstuvwxyz0123456789-|") ==
		   strlen(o->value);
}

/* Is text one of the words of "a|b|c"? If not, the nearest goes to *near. */
static bool
is_among(struct om_str text, const char *choices, struct om_str *near)
{
	char copy[OM_ERR_MAX];
	const char *words[CHOICES_MAX];
	char *next = copy;
	size_t n = 0;
	const char *found;

	snprintf(copy, sizeof(copy), "%s", choices);
	while (next != NULL && n < CHOICES_MAX) {
		words[n] = next;
		next = strchr(next, '|');
		if (next != NULL)
			*next++ = '\0';
		if (om_str_is(text, words[n++]))
			return true;
	}
	found = om_str_nearest(text.p, words, n);
	*near = (struct om_str){ NULL, 0 };
	if (found != NULL)
		*near =
		    (struct om_str){ choices + (found - copy), strlen(found) };
	return false;
}

static int
check_choice(const struct om_opt *o, const char *text, struct om_err *err)
{
	struct om_str near;

	if (!om_opt_is_choice(o) || is_among(om_str_of(text), o->value, &near))
		return 0;
	if (near.p == NULL)
		return om_fail(err, OM_EUSAGE, "--%s wants %s, got '%s'",
		    o->name, o->value, text);
	return om_fail(err, OM_EUSAGE,
	    "--%s wants %s, got '%s'; did you mean '%.*s'?", o->name, o->value,
	    text, OM_FMT(near));
}

static int
add_item(const struct om_opt *o, const char *text, void *field,
    struct om_err *err)
{
	struct om_list list;

	memcpy(&list, field, sizeof(list));
	if (list.count == OM_LIST_MAX)
		return om_fail(err, OM_EUSAGE, "--%s is given over %d times",
		    o->name, OM_LIST_MAX);
	list.item[list.count++] = text;
	memcpy(field, &list, sizeof(list));
	return 0;
}

static void
count_up(void *field)
{
	int64_t n;

	memcpy(&n, field, sizeof(n));
	n++;
	memcpy(field, &n, sizeof(n));
}

static int
set_text(const struct om_opt *o, const char *text, void *field,
    struct om_err *err)
{
	if (text == NULL)
		return om_fail(err, OM_EUSAGE, "--%s wants a value: %s",
		    o->name, o->value);
	if (o->kind == OM_OPT_INT)
		return set_int(o, text, field, err);
	if (o->kind == OM_OPT_DURATION)
		return set_duration(o, text, field, err);
	if (check_choice(o, text, err) < 0)
		return err->code;
	if (o->kind == OM_OPT_LIST)
		return add_item(o, text, field, err);
	memcpy(field, &text, sizeof(text));
	return 0;
}

int
om_value_set(const struct om_opt *o, const char *text, void *base,
    struct om_err *err)
{
	void *field = (unsigned char *)base + o->offset;

	switch (o->kind) {
	case OM_OPT_FLAG:
		memcpy(field, &(bool){ true }, sizeof(bool));
		return 0;
	case OM_OPT_COUNT:
		count_up(field);
		return 0;
	case OM_OPT_INT:
	case OM_OPT_TEXT:
	case OM_OPT_LIST:
	case OM_OPT_DURATION:
		return set_text(o, text, field, err);
	case OM_OPT_END:
		break;
	}
	assert(!"an option of no kind");
	return 0;
}
