/* totals.c - the keys of `totals:`; see compile.h. */
#include "feed/compile.h"

static int
set_match(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_trailer *t = target;
	struct om_str text;

	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	t->match = text.p;
	return 0;
}

static int
set_field(const struct om_compiler *c, const struct om_yaml *node,
    int64_t *target, struct om_err *err)
{
	return om_compile_int(c, node, 1, OM_CSV_FIELDS_MAX, target, err);
}

static int
set_count(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	return set_field(c, node, &((struct om_trailer *)target)->count, err);
}

static int
set_lines(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	return set_field(c, node, &((struct om_trailer *)target)->lines, err);
}

static int
set_rows(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	return set_field(c, node, &((struct om_trailer *)target)->rows, err);
}

static int
set_hash(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	return set_field(c, node, &((struct om_trailer *)target)->hash, err);
}

static int
set_sum(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	return set_field(c, node, &((struct om_trailer *)target)->sum, err);
}

static int
set_currency(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return set_field(c, node, &((struct om_trailer *)target)->currency,
	    err);
}

static int
set_sequence(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return set_field(c, node, &((struct om_trailer *)target)->sequence,
	    err);
}

static const struct om_key trailer_keys[] = {
	{ "match", set_match },
	{ "count", set_count },
	{ "lines", set_lines },
	{ "rows", set_rows },
	{ "hash", set_hash },
	{ "sum", set_sum },
	{ "currency", set_currency },
	{ "sequence", set_sequence },
};

static int
set_trailer(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_trailer *t = om_new(&c->feed->arena, struct om_trailer);

	(void)target;
	if (om_compile_map(c, node, trailer_keys, OM_COUNT(trailer_keys), t,
		err) < 0)
		return err->code;
	if (t->match == NULL || t->match[0] == '\0')
		return om_compile_fail(c, node, err,
		    "a trailer needs 'match': the pattern of its row");
	if (t->currency != 0 && t->sum == 0)
		return om_compile_fail(c, node, err,
		    "'currency' belongs to a 'sum'");
	c->feed->dialect[0].trailer = t;
	return 0;
}

static int
set_sidecar(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_str text;

	(void)target;
	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	if (text.n == 0)
		return om_compile_fail(c, node, err, "empty path");
	c->feed->sidecar = text.p;
	return 0;
}

static const struct om_key totals_keys[] = {
	{ "trailer", set_trailer },
	{ "sidecar", set_sidecar },
};

int
om_compile_totals(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return om_compile_map(c, node, totals_keys, OM_COUNT(totals_keys),
	    target, err);
}
