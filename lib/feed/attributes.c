/* attributes.c - see attributes.h. */
#include "feed/attributes.h"

#include "text/json.h"

static struct om_str
first_of(const struct om_row *rows, size_t count, uint32_t source, size_t cell)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].at.source == source && cell < rows[i].count &&
		    rows[i].cell[cell].n > 0)
			return rows[i].cell[cell];
	return (struct om_str){ NULL, 0 };
}

int
om_build_attributes(struct om_builder *b, const struct om_row *rows,
    size_t count, struct om_str *out, struct om_reject *why)
{
	const struct om_plan *plan = b->plan[0];
	struct om_json json;
	bool any = false;

	*out = (struct om_str){ NULL, 0 };
	if (plan->extra_count == 0)
		return 0;
	om_buf_reset(&b->json);
	om_json_init(&json, &b->json);
	om_json_object(&json, NULL);
	for (size_t i = 0; i < plan->extra_count; i++) {
		struct om_str text =
		    first_of(rows, count, 0, plan->extra[i].cell);

		if (text.p == NULL)
			continue;
		om_json_text(&json, plan->extra[i].name, text);
		any = true;
	}
	om_json_end(&json);
	if (om_buf_over(&b->json))
		return om_fault(why, &rows[0], NULL, OM_STR(""),
		    "attributes over %zu bytes", OM_ATTRIBUTES_MAX);
	if (any)
		*out = om_buf_view(&b->json);
	return 0;
}
