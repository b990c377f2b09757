/* http_text.c - a document that is a few bytes, in memory; see http_get.h. */
#include "io/http_get.h"

static int
sink_begin(void *arg, uint64_t offset, const struct om_http_answer *answer,
    struct om_err *err)
{
	struct om_buf *b = arg;

	(void)answer;
	(void)err;
	b->n = (size_t)offset <= b->n ? (size_t)offset : 0;
	return 0;
}

static int
sink_write(void *arg, const void *bytes, size_t n, struct om_err *err)
{
	struct om_buf *b = arg;

	om_buf_add(b, bytes, n);
	if (om_buf_over(b))
		return om_fail(err, OM_ELIMIT, "an answer of over %zu bytes",
		    b->max);
	return 0;
}

int
om_http_get_text(struct om_http *http, const struct om_http_get *get,
    const struct om_http_env *env, struct om_http_answer *answer,
    struct om_buf *out, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_http_get text = *get;
	const char *url;

	text.sink = (struct om_http_sink){ sink_begin, sink_write, out };
	return om_http_get(http, &text, env, answer, &arena, &url, err);
}
