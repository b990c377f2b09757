/* value.c - what is done to a cell: {from, const, map, trim, ...}. */
#include "feed/compile.h"

static int
set_from(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_value *v = target;

	if (om_compile_text(c, node, &v->from, err) < 0)
		return err->code;
	if (v->from.n == 0)
		return om_compile_fail(c, node, err, "empty column name");
	return 0;
}

static int
set_const(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_value *v = target;

	return om_compile_text(c, node, &v->constant, err);
}

static int
set_default(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_value *v = target;

	return om_compile_text(c, node, &v->fallback, err);
}

static int
set_map(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_value *v = target;
	struct om_rule *rules;

	if (node->kind != OM_YAML_MAP || node->count == 0)
		return om_compile_fail(c, node, err,
		    "patterns and values expected");
	rules = om_alloc(&c->feed->arena, node->count * sizeof(*rules));
	for (size_t i = 0; i < node->count; i++) {
		struct om_str pattern;

		if (om_compile_text(c, node->keys[i], &pattern, err) < 0 ||
		    om_compile_text(c, node->items[i], &rules[i].value, err) <
			0)
			return err->code;
		rules[i].pattern = pattern.p;
		if (om_str_is(rules[i].value, "null"))
			rules[i].value = (struct om_str){ NULL, 0 };
	}
	v->rules = rules;
	v->rule_count = node->count;
	return 0;
}

/* null: empty cells are not there (as always); error: they are rejects; else
 * one text or a list of texts that mean empty. */
static int
set_empty(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_value *v = target;
	const struct om_yaml *const *items = node->items;
	size_t n = node->count;
	struct om_str *blanks;

	if (node->kind == OM_YAML_SCALAR) {
		if (om_str_is(node->text, "null"))
			return 0;
		if (om_str_is(node->text, "error")) {
			v->need = OM_NEED_CELL;
			return 0;
		}
		items = &node;
		n = 1;
	} else if (node->kind == OM_YAML_MAP) {
		return om_compile_fail(c, node, err,
		    "'null', 'error' or a list of texts expected");
	}
	blanks = om_alloc(&c->feed->arena, n * sizeof(*blanks));
	for (size_t i = 0; i < n; i++)
		if (om_compile_text(c, items[i], &blanks[i], err) < 0)
			return err->code;
	v->blanks = blanks;
	v->blank_count = n;
	return 0;
}

static int
set_trim(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	return om_compile_bool(c, node, &((struct om_value *)target)->trim,
	    err);
}

static int
set_absolute(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return om_compile_bool(c, node, &((struct om_value *)target)->absolute,
	    err);
}

static int
set_negate(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return om_compile_bool(c, node, &((struct om_value *)target)->negate,
	    err);
}

static int
set_net(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	return om_compile_bool(c, node, &((struct om_value *)target)->net, err);
}

static int
set_counted(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	static const char *const words[] = { "true", "auto" };
	struct om_value *v = target;
	int word;

	if (om_compile_word(c, node, words, OM_COUNT(words), &word, err) < 0)
		return err->code;
	v->maybe = word == 1;
	return 0;
}

static int
set_required(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_value *v = target;
	bool required;

	if (om_compile_bool(c, node, &required, err) < 0)
		return err->code;
	v->need = required ? OM_NEED_CELL : OM_NEED_NOTHING;
	return 0;
}

static int
set_rate(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	static const char *const words[] = { "false", "true", "percent" };
	struct om_value *v = target;
	int word;

	if (om_compile_word(c, node, words, OM_COUNT(words), &word, err) < 0)
		return err->code;
	v->rate = (enum om_rate)word;
	return 0;
}

static int
set_scale(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_value *v = target;
	int64_t scale;

	v->minor =
	    node->kind == OM_YAML_SCALAR && om_str_is(node->text, "minor");
	if (v->minor)
		return 0;
	if (om_compile_int(c, node, -9, 9, &scale, err) < 0)
		return err->code;
	v->scale = (int)scale;
	return 0;
}

static int
set_decimal(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return om_compile_decimal(c, node,
	    &((struct om_value *)target)->decimal, err);
}

static int
set_thousands(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return om_compile_decimal(c, node,
	    &((struct om_value *)target)->thousands, err);
}

static int
set_date(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	return om_compile_date(c, node, &((struct om_value *)target)->date,
	    err);
}

static const struct om_key keys[] = {
	{ "from", set_from },
	{ "const", set_const },
	{ "map", set_map },
	{ "trim", set_trim },
	{ "empty", set_empty },
	{ "date", set_date },
	{ "decimal", set_decimal },
	{ "thousands", set_thousands },
	{ "scale", set_scale },
	{ "absolute", set_absolute },
	{ "negate", set_negate },
	{ "default", set_default },
	{ "required", set_required },
	{ "rate", set_rate },
	{ "net", set_net },
	{ "counted", set_counted },
};

/* Options that mean nothing for this kind of fact are mistakes. */
static int
check_options(const struct om_compiler *c, enum om_field field,
    const struct om_yaml *node, const struct om_value *v, struct om_err *err)
{
	const struct om_field_row *row = om_field_row(field);
	bool amount = row->type == OM_TYPE_AMOUNT;
	bool number = amount || row->type == OM_TYPE_QUANTITY ||
		      row->type == OM_TYPE_PRICE || row->type == OM_TYPE_NUMBER;
	const char *wrong = NULL;

	if (v->from.p != NULL && v->constant.p != NULL)
		return om_compile_fail(c, node, err,
		    "'%s' has both 'from' and 'const'", row->name);
	if (v->from.p == NULL && v->constant.p == NULL && v->fallback.p == NULL)
		return om_compile_fail(c, node, err,
		    "'%s' has neither 'from' nor 'const'", row->name);
	if (v->date != NULL && row->type != OM_TYPE_TIME &&
	    field != OM_F_REVISION)
		wrong = "date";
	else if (!number && (v->absolute || v->negate))
		wrong = v->absolute ? "absolute" : "negate";
	else if (!number && (v->decimal != 0 || v->thousands != 0))
		wrong = v->decimal != 0 ? "decimal" : "thousands";
	else if ((v->minor && !amount) || (v->scale != 0 && !number))
		wrong = "scale";
	else if (v->rate != OM_RATE_NONE && field != OM_F_LINE_DISCOUNT &&
		 field != OM_F_LINE_TAX)
		wrong = "rate";
	else if (v->net && field != OM_F_SUBTOTAL)
		wrong = "net";
	else if (v->maybe && field != OM_F_CHARGES)
		wrong = "counted";
	if (wrong != NULL)
		return om_compile_fail(c, node, err,
		    "'%s' means nothing for '%s'", wrong, row->name);
	return 0;
}

int
om_compile_value(const struct om_compiler *c, enum om_field field,
    const struct om_yaml *node, struct om_value *out, struct om_err *err)
{
	struct om_value v = { .at_line = node->line,
		.at_column = node->column };

	*out = v;
	if (node->kind == OM_YAML_SCALAR) {
		if (om_str_is(node->text, "null"))
			return 0; /* takes back what a profile mapped */
		if (set_from(c, node, &v, err) < 0)
			return err->code;
	} else if (om_compile_map(c, node, keys, OM_COUNT(keys), &v, err) < 0 ||
		   check_options(c, field, node, &v, err) < 0) {
		return err->code;
	}
	v.mapped = true;
	*out = v;
	return 0;
}
