/* http.c - the keys of `http:` and what they may not say; see http.h. */
#include "feed/http.h"

#include <stdio.h>
#include <string.h>

#include "feed/http_keys.h"
#include "feed/spec.h"
#include "io/url.h"

#define MAX_UNPACKED (UINT64_C(64) << 30)
#define MAX_PAGES    100000
#define REDIRECTS    5

static const struct om_http_key bucket_keys[] = {
	OM_HTTP_KEY(struct om_feed_http, bucket_header, OM_KEY_TEXT, "header"),
	OM_HTTP_KEY(struct om_feed_http, bucket_leak_ms, OM_KEY_RATE, "leak"),
};

static int
set_bucket(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	const struct om_feed_http *h = target;

	if (om_http_keys(c, node, bucket_keys, OM_COUNT(bucket_keys), target,
		err) < 0)
		return err->code;
	if (h->bucket_header == NULL || h->bucket_leak_ms == 0)
		return om_compile_fail(c, node, err,
		    "'bucket' needs 'header' and 'leak'");
	return 0;
}

static int
set_parameters(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_feed_http *h = target;

	h->parameter_count = 0;
	return om_http_pairs(c, node, h->parameter, &h->parameter_count, err);
}

/* How long nothing may happen: neither a connection nor a byte. */
static int
set_timeout(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_http_config *t = &((struct om_feed_http *)target)->transport;

	if (om_http_duration(c, node, &t->stall_ms, err) < 0)
		return err->code;
	t->connect_ms = t->stall_ms;
	return 0;
}

static const struct om_http_key http_keys[] = {
	OM_HTTP_KEY(struct om_feed_http, transport.allow_http, OM_KEY_BOOL,
	    "allow-http"),
	OM_HTTP_KEY(struct om_feed_http, transport.ca_file, OM_KEY_PATH,
	    "ca-file"),
	OM_HTTP_KEY(struct om_feed_http, transport.cert, OM_KEY_PATH,
	    "client-certificate"),
	OM_HTTP_KEY(struct om_feed_http, transport.key, OM_KEY_PATH,
	    "client-key"),
	OM_HTTP_OTHER(set_timeout, "timeout"),
	OM_HTTP_KEY(struct om_feed_http, transport.total_ms, OM_KEY_DURATION,
	    "max-time"),
	OM_HTTP_KEY(struct om_feed_http, transport.min_speed, OM_KEY_COUNT,
	    "min-speed"),
	OM_HTTP_KEY(struct om_feed_http, transport.max_bytes, OM_KEY_BYTES,
	    "max-size"),
	OM_HTTP_KEY(struct om_feed_http, max_unpacked, OM_KEY_BYTES,
	    "max-unpacked"),
	OM_HTTP_KEY(struct om_feed_http, redirects, OM_KEY_COUNT,
	    "max-redirects"),
	OM_HTTP_KEY(struct om_feed_http, pace_ms, OM_KEY_RATE, "rate"),
	OM_HTTP_KEY(struct om_feed_http, patience.retries, OM_KEY_COUNT,
	    "retries"),
	OM_HTTP_KEY(struct om_feed_http, patience.budget_ms, OM_KEY_DURATION,
	    "retry-time"),
	OM_HTTP_KEY(struct om_feed_http, patience.wait_ms, OM_KEY_DURATION,
	    "retry-wait"),
	OM_HTTP_KEY(struct om_feed_http, patience.retry_after_max_ms,
	    OM_KEY_DURATION, "retry-after-max"),
	OM_HTTP_KEY(struct om_feed_http, gzip, OM_KEY_BOOL, "gzip"),
	OM_HTTP_OTHER(om_http_plain_headers, "headers"),
	OM_HTTP_OTHER(set_parameters, "parameters"),
	OM_HTTP_KEY(struct om_feed_http, header_file, OM_KEY_PATH,
	    "header-file"),
	OM_HTTP_OTHER(om_http_auth, "auth"),
	OM_HTTP_OTHER(om_http_signature, "signature"),
	OM_HTTP_OTHER(om_http_paging, "paging"),
	OM_HTTP_OTHER(om_http_since, "since"),
	OM_HTTP_OTHER(set_bucket, "bucket"),
	OM_HTTP_OTHER(om_http_days, "days"),
};

int
om_compile_http(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_feed_http *h = &c->feed->http;

	(void)target;
	if (om_http_keys(c, node, http_keys, OM_COUNT(http_keys), h, err) < 0)
		return err->code;
	if (h->transport.key != NULL && h->transport.cert == NULL)
		return om_compile_fail(c, node, err,
		    "'client-key' without 'client-certificate'");
	return 0;
}

int
om_compile_source(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_str text;

	(void)target;
	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	c->feed->source = text.p;
	c->feed->source_line = node->line;
	c->feed->source_column = node->column;
	return 0;
}

static int
check_urls(const struct om_feed *feed, struct om_err *err)
{
	const char *token = feed->http.auth.token_url;
	bool http = feed->http.transport.allow_http;

	if (strstr(feed->source, "{date}") != NULL &&
	    (feed->http.paging.kind != OM_PAGING_NONE ||
		feed->http.since.parameter != NULL))
		return om_fail(err, OM_EUSAGE,
		    "a document for each day has neither pages nor 'since'");
	if (om_url_check(feed->source, http, err) < 0 ||
	    (token != NULL && om_url_check(token, http, err) < 0))
		return err->code;
	if (feed->sidecar != NULL &&
	    (feed->http.paging.kind != OM_PAGING_NONE ||
		feed->http.since.parameter != NULL))
		return om_fail(err, OM_EUSAGE,
		    "pages, and what is asked for by 'since', have no sidecar");
	return 0;
}

int
om_compile_check_source(const struct om_feed *feed, struct om_err *err)
{
	const struct om_feed_auth *a = &feed->http.auth;
	const char *missing = om_http_lacks(a);
	struct om_err why = { 0 };

	if (om_feed_url(feed) == NULL)
		return 0;
	if (check_urls(feed, &why) < 0)
		return om_fail(err, OM_EUSAGE, "%s:%d:%d: %s", feed->path,
		    feed->source_line, feed->source_column, why.msg);
	if (missing != NULL)
		return om_fail(err, OM_EUSAGE, "%s:%d:%d: 'auth' lacks '%s'",
		    feed->path, a->at_line > 0 ? a->at_line : feed->source_line,
		    a->at_line > 0 ? a->at_column : feed->source_column,
		    missing);
	return 0;
}

void
om_compile_http_init(struct om_feed_http *h)
{
	om_http_config_init(&h->transport);
	om_http_patience_init(&h->patience);
	h->redirects = REDIRECTS;
	h->max_unpacked = MAX_UNPACKED;
	h->gzip = true;
	h->since.margin_ms = OM_SINCE_MARGIN_MS;
	h->days.format = "%Y-%m-%d";
	h->paging.start = 1;
	h->paging.id = "id";
	h->paging.overlap = 1;
	h->paging.max_pages = MAX_PAGES;
}

const char *
om_feed_url(const struct om_feed *feed)
{
	return feed->source != NULL && om_url_is_http(feed->source)
		   ? feed->source
		   : NULL;
}

const struct om_feed_http *
om_feed_http(const struct om_feed *feed)
{
	return &feed->http;
}

const struct om_str *
om_feed_items(const struct om_feed *feed, size_t *out_count)
{
	const struct om_feed *f = feed->json != NULL ? feed->json : feed;

	*out_count = f->item_count;
	return f->items;
}
