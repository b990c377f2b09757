/* http.c - one exchange, by libcurl's multi interface so that the limits are
 * ours and to the millisecond; see http.h. */
#include "io/http.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "io/http_parts.h"

#define POLL_MS	     1000
#define RANGE_TEXT   64
#define BUFFER_BYTES (512L * 1024)
#define CONNECT_MS   30000
#define TOTAL_MS     (INT64_C(3600) * 1000)
#define STALL_MS     30000
#define MAX_BYTES    (UINT64_C(16) << 30)
#define NS_PER_MS    1000000

struct om_http {
	struct om_http_config config;
	CURL *easy;
	CURLM *multi;
	char detail[CURL_ERROR_SIZE];
};

/* One exchange. */
struct exchange {
	struct om_http *http;
	const struct om_http_request *request;
	const struct om_http_sink *sink;
	struct om_http_answer *answer;
	struct om_err *err;
	bool failed; /* by us, in a callback: *err is filled */
	bool begun;  /* the sink knows of a body */
	int64_t window_ns;
	uint64_t window_bytes; /* received when it began */
};

void
om_http_config_init(struct om_http_config *config)
{
	*config = (struct om_http_config){
		.connect_ms = CONNECT_MS,
		.total_ms = TOTAL_MS,
		.stall_ms = STALL_MS,
		.min_speed = 1,
		.max_bytes = MAX_BYTES,
	};
}

static int
cannot_start(struct om_err *err)
{
	return om_fail(err, OM_EIO, "cannot start libcurl");
}

int
om_http_start(struct om_err *err)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
		   ? 0
		   : cannot_start(err);
}

/* What is the same for every exchange. */
static bool
set_up(struct om_http *h)
{
	const struct om_http_config *c = &h->config;
	CURL *e = h->easy;
	int bad = 0;

#define SET(option, value) (bad |= curl_easy_setopt(e, option, value) != 0)
	SET(CURLOPT_PROTOCOLS_STR, c->allow_http ? "http,https" : "https");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_ERRORBUFFER, h->detail);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_BUFFERSIZE, BUFFER_BYTES);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)c->connect_ms);
	SET(CURLOPT_TIMEOUT_MS, (long)c->total_ms);
	if (c->agent != NULL)
		SET(CURLOPT_USERAGENT, c->agent);
	if (c->ca_file != NULL)
		SET(CURLOPT_CAINFO, c->ca_file);
	if (c->ca_file != NULL)
		SET(CURLOPT_CAPATH, NULL);
	if (c->cert != NULL)
		SET(CURLOPT_SSLCERT, c->cert);
	if (c->cert != NULL)
		SET(CURLOPT_SSLKEY, c->key != NULL ? c->key : c->cert);
#undef SET
	return bad == 0;
}

int
om_http_open(const struct om_http_config *config, struct om_http **out,
    struct om_err *err)
{
	OM_AUTO(om_http_close) struct om_http *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return cannot_start(err);
	h->config = *config;
	h->easy = curl_easy_init();
	h->multi = curl_multi_init();
	if (h->easy == NULL || h->multi == NULL || !set_up(h))
		return cannot_start(err);
	*out = h;
	h = NULL;
	return 0;
}

void
om_http_close(struct om_http **http)
{
	struct om_http *h = *http;

	if (h == NULL)
		return;
	curl_easy_cleanup(h->easy);
	curl_multi_cleanup(h->multi);
	free(h);
	*http = NULL;
}

void
om_http_answer_end(struct om_http_answer *answer)
{
	om_arena_clear(&answer->arena);
	answer->header_count = 0;
}

static size_t
refuse(struct exchange *x)
{
	x->failed = true;
	return 0;
}

static size_t
on_head(const char *bytes, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct om_str line = om_str_trim((struct om_str){ bytes, size * n });

	if (om_http_head_line(x->answer, line))
		return size * n;
	om_fail(x->err, OM_ELIMIT, "over %d header lines", OM_HTTP_HEADERS_MAX);
	return refuse(x);
}

/* "bytes 500-999/1000", as it was asked for. */
static bool
good_range(struct exchange *x)
{
	const char *range = om_http_header(x->answer, "content-range");
	uint64_t first;
	uint64_t last;
	uint64_t all;

	/* NOLINTNEXTLINE(cert-err34-c): a number too large does not fit */
	if (range == NULL ||
	    sscanf(range, "bytes %" SCNu64 "-%" SCNu64 "/%" SCNu64, &first,
		&last, &all) != 3)
		return false;
	x->answer->length = (int64_t)all;
	return first == x->request->from && last >= first && last + 1 == all &&
	       all <= INT64_MAX;
}

/* Is the rest that was sent that of another body than we have the start of? It
 * has to say which one it is of (RFC 9110 section 15.3.7). */
static bool
is_of_another(const struct exchange *x)
{
	const char *tag = om_http_header(x->answer, "etag");

	return x->request->if_range != NULL &&
	       (tag == NULL || strcmp(tag, x->request->if_range) != 0);
}

static int
check_rest(struct exchange *x)
{
	x->answer->no_rest = true;
	if (!good_range(x))
		return om_fail(x->err, OM_EREMOTE,
		    "a part of the body was sent that was not asked for");
	if (is_of_another(x))
		return om_fail(x->err, OM_EREMOTE,
		    "the rest of another body was sent");
	x->answer->no_rest = false;
	return 0;
}

/* The head is complete: does a body begin that is wanted? */
static int
begin_body(struct exchange *x)
{
	struct om_http_answer *a = x->answer;
	curl_off_t length = -1;

	x->begun = true;
	if (a->status != 200 && a->status != 206)
		return 0;
	curl_easy_getinfo(x->http->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
	    &length);
	a->length = (int64_t)length;
	a->received = a->status == 206 ? x->request->from : 0;
	x->window_bytes = a->received;
	if (a->status == 206 && check_rest(x) < 0)
		return x->err->code;
	if (a->length > 0 && (uint64_t)a->length > x->http->config.max_bytes)
		return om_fail(x->err, OM_ELIMIT,
		    "a body of %" PRId64 " bytes is over the limit of %" PRIu64,
		    a->length, x->http->config.max_bytes);
	return x->sink->begin(x->sink->arg, a->received, a, x->err);
}

static void
note_status(struct exchange *x)
{
	long status = 0;

	curl_easy_getinfo(x->http->easy, CURLINFO_RESPONSE_CODE, &status);
	x->answer->status = (int)status;
}

static size_t
on_body(const char *bytes, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct om_http_answer *a = x->answer;

	n *= size;
	if (!x->begun) {
		note_status(x);
		if (begin_body(x) < 0)
			return refuse(x);
	}
	if (a->status != 200 && a->status != 206)
		return n; /* the words of an error page */
	a->received += n;
	if (a->received > x->http->config.max_bytes) {
		om_fail(x->err, OM_ELIMIT,
		    "the body is over the limit of %" PRIu64 " bytes",
		    x->http->config.max_bytes);
		return refuse(x);
	}
	return x->sink->write(x->sink->arg, bytes, n, x->err) < 0 ? refuse(x)
								  : n;
}

/* In each window of stall_ms so many bytes must have come. */
static bool
stalls(struct exchange *x)
{
	const struct om_http_config *c = &x->http->config;
	struct om_http_answer *a = x->answer;
	int64_t now = om_monotonic_ns();
	uint64_t want = (uint64_t)(c->min_speed * c->stall_ms / 1000);
	uint64_t got = a->received - x->window_bytes;

	if (now - x->window_ns < c->stall_ms * NS_PER_MS)
		return false;
	x->window_ns = now;
	x->window_bytes = a->received;
	if (got >= (want > 0 ? want : 1))
		return false;
	a->transient = true;
	om_fail(x->err, OM_EREMOTE,
	    "stalled: %" PRIu64 " bytes in %" PRId64 " ms", got, c->stall_ms);
	x->failed = true;
	return true;
}

static CURLcode
result_of(struct om_http *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL)
		if (m->msg == CURLMSG_DONE)
			return m->data.result;
	return CURLE_ABORTED_BY_CALLBACK;
}

static CURLcode
transfer(struct exchange *x)
{
	struct om_http *h = x->http;
	int running = 1;
	int64_t pause = x->http->config.stall_ms / 4 + 1;
	CURLcode result;

	if (curl_multi_add_handle(h->multi, h->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	while (curl_multi_perform(h->multi, &running) == CURLM_OK &&
	       running > 0 && !stalls(x))
		curl_multi_poll(h->multi, NULL, 0,
		    (int)(pause < POLL_MS ? pause : POLL_MS), NULL);
	result = result_of(h);
	curl_multi_remove_handle(h->multi, h->easy);
	return result;
}

/* What belongs to this exchange alone. False: no memory. */
static bool
prepare(struct exchange *x, struct curl_slist **list, char range[RANGE_TEXT])
{
	const struct om_http_request *r = x->request;
	CURL *e = x->http->easy;
	const char *const *h = r->headers;
	char line[512];
	int bad = 0;

#define SET(option, value) (bad |= curl_easy_setopt(e, option, value) != 0)
	for (; h != NULL && *h != NULL; h++)
		*list = curl_slist_append(*list, *h);
	snprintf(range, RANGE_TEXT, "%" PRIu64 "-", r->from);
	snprintf(line, sizeof(line), "If-Range: %s",
	    r->if_range == NULL ? "" : r->if_range);
	if (r->from > 0)
		*list = curl_slist_append(*list, line);
	SET(CURLOPT_RANGE, r->from > 0 ? range : NULL);
	SET(CURLOPT_URL, r->url);
	SET(CURLOPT_HTTPHEADER, *list);
	SET(CURLOPT_HEADERFUNCTION, on_head);
	SET(CURLOPT_HEADERDATA, x);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, x);
	SET(CURLOPT_HTTPGET, 1L);
	if (r->form.p != NULL) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDS, r->form.p);
		SET(CURLOPT_POSTFIELDSIZE, (long)r->form.n);
	}
#undef SET
	return bad == 0;
}

static int
finish(struct exchange *x, CURLcode result)
{
	struct om_http_answer *a = x->answer;

	note_status(x);
	if (x->failed)
		return x->err->code;
	if (result != CURLE_OK)
		return om_http_failed((int)result, x->http->detail, a, x->err);
	if (!x->begun && begin_body(x) < 0) /* an empty one */
		return x->err->code;
	return 0;
}

int
om_http_exchange(struct om_http *http, const struct om_http_request *request,
    const struct om_http_sink *sink, struct om_http_answer *answer,
    struct om_err *err)
{
	struct exchange x = { http, request, sink, answer, err, false, false,
		om_monotonic_ns(), 0 };
	struct curl_slist *list = NULL;
	char range[RANGE_TEXT];
	int64_t started = x.window_ns;
	int rc;

	om_http_answer_end(answer);
	*answer = (struct om_http_answer){ .length = -1 };
	http->detail[0] = '\0';
	if (!prepare(&x, &list, range))
		rc = cannot_start(err);
	else
		rc = finish(&x, transfer(&x));
	curl_slist_free_all(list);
	answer->ns = om_monotonic_ns() - started;
	return rc;
}

const char *
om_curl_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}
