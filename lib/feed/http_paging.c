/* http_paging.c - how pages are turned, and where the next fetch begins: the
 * keys of `paging:`, `since:` and `days:`; see http_keys.h. */
#include <string.h>

#include "base/time.h"
#include "feed/http_keys.h"

static int
set_paging_kind(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	static const char *const words[] = { "none", "link", "cursor", "offset",
		"page", "since-id" };
	static const char *const parameters[] = { NULL, NULL, NULL, "offset",
		"page", "since_id" };
	struct om_feed_paging *p = target;
	int word;

	if (om_compile_word(c, node, words, OM_COUNT(words), &word, err) < 0)
		return err->code;
	p->kind = (enum om_paging_kind)word;
	p->parameter = parameters[word];
	return 0;
}

static int
set_sort(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_feed_paging *p = target;

	p->sort_count = 0;
	return om_http_pairs(c, node, p->sort, &p->sort_count, err);
}

/* The kind first: it has a parameter of its own, which may be overridden. */
static const struct om_http_key paging_keys[] = {
	OM_HTTP_OTHER(set_paging_kind, "kind"),
	OM_HTTP_KEY(struct om_feed_paging, parameter, OM_KEY_TEXT, "parameter"),
	OM_HTTP_KEY(struct om_feed_paging, size_parameter, OM_KEY_TEXT,
	    "size-parameter"),
	OM_HTTP_KEY(struct om_feed_paging, size, OM_KEY_COUNT, "size"),
	OM_HTTP_KEY(struct om_feed_paging, start, OM_KEY_COUNT, "start"),
	OM_HTTP_KEY(struct om_feed_paging, overlap, OM_KEY_COUNT, "overlap"),
	OM_HTTP_OTHER(set_sort, "sort"),
	OM_HTTP_KEY(struct om_feed_paging, unstable, OM_KEY_BOOL, "unstable"),
	OM_HTTP_KEY(struct om_feed_paging, items, OM_KEY_TEXT, "items"),
	OM_HTTP_KEY(struct om_feed_paging, id, OM_KEY_TEXT, "id"),
	OM_HTTP_KEY(struct om_feed_paging, next, OM_KEY_TEXT, "next"),
	OM_HTTP_KEY(struct om_feed_paging, more, OM_KEY_TEXT, "more"),
	OM_HTTP_KEY(struct om_feed_paging, total, OM_KEY_TEXT, "total"),
	OM_HTTP_KEY(struct om_feed_paging, total_header, OM_KEY_TEXT,
	    "total-header"),
	OM_HTTP_KEY(struct om_feed_paging, max_pages, OM_KEY_COUNT,
	    "max-pages"),
};

int
om_http_paging(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_feed_paging *p = &((struct om_feed_http *)target)->paging;

	if (om_http_keys(c, node, paging_keys, OM_COUNT(paging_keys), p, err) <
	    0)
		return err->code;
	if (p->kind == OM_PAGING_CURSOR && p->next == NULL)
		return om_compile_fail(c, node, err,
		    "paging by cursor needs 'next', the path of the cursor");
	if ((p->kind == OM_PAGING_PAGE || p->kind == OM_PAGING_OFFSET) &&
	    p->sort_count == 0 && !p->unstable)
		return om_compile_fail(c, node, err,
		    "pages that are counted skip and repeat items unless they "
		    "are sorted: name the parameters that sort them in 'sort', "
		    "or say 'unstable: true'");
	if ((p->kind == OM_PAGING_OFFSET || p->kind == OM_PAGING_SINCE_ID) &&
	    p->size == 0)
		return om_compile_fail(c, node, err,
		    "paging by %s needs 'size', the items of a full page",
		    p->kind == OM_PAGING_OFFSET ? "offset" : "since-id");
	if (p->kind == OM_PAGING_OFFSET && p->overlap >= p->size)
		return om_compile_fail(c, node, err,
		    "'overlap' is not below 'size'");
	return 0;
}

static const struct om_http_key since_keys[] = {
	OM_HTTP_KEY(struct om_feed_since, parameter, OM_KEY_TEXT, "parameter"),
	OM_HTTP_KEY(struct om_feed_since, field, OM_KEY_TEXT, "field"),
	OM_HTTP_KEY(struct om_feed_since, start, OM_KEY_TEXT, "start"),
	OM_HTTP_KEY(struct om_feed_since, margin_ms, OM_KEY_DURATION, "margin"),
	OM_HTTP_KEY(struct om_feed_since, exclusive, OM_KEY_BOOL, "exclusive"),
};

int
om_http_since(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_feed_since *s = &((struct om_feed_http *)target)->since;

	if (node->kind == OM_YAML_SCALAR && om_str_is(node->text, "null")) {
		*s = (struct om_feed_since){ .margin_ms = OM_SINCE_MARGIN_MS };
		return 0;
	}
	if (om_http_keys(c, node, since_keys, OM_COUNT(since_keys), s, err) < 0)
		return err->code;
	if (s->parameter == NULL || s->field == NULL)
		return om_compile_fail(c, node, err,
		    "'since' needs 'parameter' and 'field'");
	return 0;
}

/* Year, month and day, each in figures, with whatever stands between them. */
static int
set_format(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_str text;

	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	for (const char *p = strchr(text.p, '%'); p != NULL;
	     p = strchr(p + 2, '%'))
		if (p[1] == '\0' || strchr("Ymd", p[1]) == NULL)
			return om_compile_fail(c, node, err,
			    "a day is made of %%Y, %%m and %%d");
	if (strstr(text.p, "%d") == NULL || text.n > 64)
		return om_compile_fail(c, node, err,
		    "a day is made of %%Y, %%m and %%d");
	((struct om_feed_days *)target)->format = text.p;
	return 0;
}

static int
set_from(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_err why = { 0 };
	struct om_str text;
	int64_t when;

	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	if (text.n != strlen("2026-11-26") ||
	    om_time_parse(text, &when, &why) < 0)
		return om_compile_fail(c, node, err,
		    "a day such as 2026-11-26 expected");
	((struct om_feed_days *)target)->from = text.p;
	return 0;
}

static const char *const missing_words[] = { "stop", "skip" };

static const struct om_http_key days_keys[] = {
	OM_HTTP_OTHER(set_from, "from"),
	OM_HTTP_OTHER(set_format, "format"),
	OM_HTTP_CHOICE(struct om_feed_days, skip, missing_words, "missing"),
};

int
om_http_days(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_feed_days *d = &((struct om_feed_http *)target)->days;

	return om_http_keys(c, node, days_keys, OM_COUNT(days_keys), d, err);
}
