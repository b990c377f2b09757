/*
 * http.h - one exchange with an HTTP server: a request, and its answer.
 *
 * libcurl moves the bytes; nothing here tries again, and nothing follows a
 * redirect: that is http_get.h. Certificates are always verified (TLS 1.2 and
 * up). Every limit is a failure: time to connect, time in all, a body that
 * stalls or drips, its size. A body that ends before its Content-Length, or in
 * the middle of a chunk, is a failure too.
 *
 * The body is given as it came: what the server packed (Content-Encoding) is
 * still packed. A handle belongs to one thread and keeps its connection.
 */
#ifndef OM_IO_HTTP_H
#define OM_IO_HTTP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define OM_HTTP_HEADERS_MAX 256
#define OM_HTTP_REASON_MAX  64
#define OM_HTTP_TAG_MAX	    256 /* with the NUL */

struct om_http;

/* All lives as long as the handle. */
struct om_http_config {
	bool allow_http;     /* besides https */
	const char *ca_file; /* PEM; NULL: the system's */
	const char *cert;    /* PEM, of the client; NULL: none */
	const char *key;     /* PEM; NULL: stands in cert */
	const char *agent;   /* User-Agent; NULL: none */
	int64_t connect_ms;
	int64_t total_ms;
	int64_t stall_ms;  /* in so long ... */
	int64_t min_speed; /* ... this many bytes a second must have come */
	uint64_t max_bytes;
};

void om_http_config_init(struct om_http_config *config);

struct om_http_header {
	const char *name;
	const char *value;
};

struct om_http_headers {
	const struct om_http_header *header;
	size_t count;
};

struct om_http_answer;

/* Where a body goes. Each returns 0, or fills *err. */
struct om_http_sink {
	/* The body of this answer begins at this offset: what is there from it
	 * on is dropped. */
	int (*begin)(void *arg, uint64_t offset,
	    const struct om_http_answer *answer, struct om_err *err);
	int (
	    *write)(void *arg, const void *bytes, size_t n, struct om_err *err);
	void *arg;
};

struct om_http_request {
	const char *url;
	const char *const *headers; /* "Name: value", NULL-terminated */
	struct om_str form;	    /* to be posted; {NULL, 0}: GET */
	uint64_t from;		    /* ask for the rest of a body only */
	const char *if_range;	    /* as long as this validator holds */
};

/* What came back, as far as it came. To be ended, and used again. */
struct om_http_answer {
	struct om_arena arena;
	int status; /* 0: none came */
	char reason[OM_HTTP_REASON_MAX];
	struct om_http_header header[OM_HTTP_HEADERS_MAX];
	size_t header_count;
	int64_t length;	   /* of the whole body as announced, -1: it was not */
	uint64_t received; /* bytes of it there are, with those before `from` */
	int64_t ns;
	bool transient; /* of a failure: it may work the next time */
	bool no_rest;	/* or: what was sent is not the rest of the body */
};

/* Once, before there are threads. */
OM_MUST_USE int om_http_start(struct om_err *err);

/* OM_EUSAGE if a file of the configuration cannot be used. */
OM_MUST_USE int om_http_open(const struct om_http_config *config,
    struct om_http **out, struct om_err *err);
void om_http_close(struct om_http **http); /* safe on NULL and twice */

/*
 * 0: there is an answer, whatever its status; a body of status 200 or 206 went
 * to the sink. OM_EREMOTE: the exchange failed. OM_EAUTH: the server, or we,
 * could not prove who it is. OM_ELIMIT: the body is too large. Or what the
 * sink said. Messages do not name the URL.
 */
OM_MUST_USE int om_http_exchange(struct om_http *http,
    const struct om_http_request *request, const struct om_http_sink *sink,
    struct om_http_answer *answer, struct om_err *err);
void om_http_answer_end(struct om_http_answer *answer); /* safe twice */

/* The first header of this name, whatever its case, or NULL. */
const char *om_http_header(const struct om_http_answer *answer,
    const char *name);
/* By which the rest of a body can be asked for that was cut (an ETag that is
 * strong, of a server that knows ranges), or NULL. */
const char *om_http_validator(const struct om_http_answer *answer);
/* Its headers, for as long as it is not used again; a deep copy of them; and
 * those that an answer lacks, into it: one with the rest of a body need not say
 * again what the first one said. */
struct om_http_headers om_http_headers(const struct om_http_answer *answer);
struct om_http_headers om_http_headers_copy(struct om_http_headers from,
    struct om_arena *arena);
void om_http_headers_fill(struct om_http_answer *answer,
    struct om_http_headers from);
/* Of `Link: <URL>; rel="next"` (RFC 8288), the URL as it stands, or NULL. */
const char *om_http_link(struct om_http_answer *answer, const char *rel);
/* The server's clock by its Date, or -1. */
int64_t om_http_date(const struct om_http_answer *answer);
/* Seconds from now by Retry-After, a number or a date; 0: in the past. -1:
 * there is none that can be read. */
int64_t om_http_retry_after(const struct om_http_answer *answer, int64_t now);

const char *om_curl_version(void);

#endif
