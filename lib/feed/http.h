/*
 * http.h - how a feed is got by HTTP: its `source` and its `http` block.
 *
 * What a profile says is overridden key by key. Nothing in here is secret: it
 * says where secrets come from. Documented in ordmill-feed(5).
 */
#ifndef OM_FEED_HTTP_H
#define OM_FEED_HTTP_H

#include "feed/feed.h"
#include "io/http_get.h"
#include "io/secret.h"

#define OM_FEED_HEADERS_MAX 32

struct om_feed_pair {
	const char *name;
	struct om_str value;
};

struct om_feed_auth {
	enum om_auth_kind {
		OM_AUTH_NONE,
		OM_AUTH_BEARER,
		OM_AUTH_BASIC,
		OM_AUTH_HEADER,
		OM_AUTH_OAUTH2, /* client credentials, RFC 6749 section 4.4 */
	} kind;
	struct om_secret secret;
	const char *user;   /* basic, oauth2 */
	const char *header; /* header */
	const char *token_url;
	const char *scope; /* NULL: none */
	int at_line;	   /* of the block; 0: a profile's */
	int at_column;
};

/* HMAC-SHA256 of the body, in a header of the answer. */
struct om_feed_signature {
	const char *header; /* NULL: it is not signed */
	const char *prefix; /* in front of it, such as "sha256=" */
	bool base64;	    /* else hexadecimal */
	struct om_secret secret;
};

struct om_feed_paging {
	enum om_paging_kind {
		OM_PAGING_NONE,
		OM_PAGING_LINK,	  /* Link: <...>; rel="next" */
		OM_PAGING_CURSOR, /* a value of the body */
		OM_PAGING_OFFSET,
		OM_PAGING_PAGE,
		OM_PAGING_SINCE_ID, /* the largest id so far */
	} kind;
	const char *parameter;
	const char *size_parameter;
	int64_t size;	 /* items in a full page; 0: not known */
	int64_t start;	 /* number of the first page */
	int64_t overlap; /* items that two pages share, by offset */
	struct om_feed_pair sort[OM_FEED_HEADERS_MAX];
	size_t sort_count;
	bool unstable;	   /* page numbers without a stable sort */
	const char *items; /* path; NULL: the feed's */
	const char *id;	   /* paths in an item */
	const char *next;  /* paths in the document, or NULL */
	const char *more;
	const char *total;
	const char *total_header;
	int64_t max_pages;
};

/* Only what has changed since: `field` of the items, as a parameter. */
struct om_feed_since {
	const char *parameter; /* NULL: ask for everything */
	const char *field;
	const char *start;
	int64_t margin_ms; /* how late a change may still show */
	bool exclusive;	   /* the server leaves out what is just as old */
};

/* A document for each day: {date} in the source. */
struct om_feed_days {
	const char *from;   /* the first one; NULL: today */
	const char *format; /* of %Y, %m and %d */
	bool skip;	    /* a day may have none */
};

struct om_feed_http {
	struct om_http_config transport;
	struct om_http_patience patience;
	int64_t redirects;
	uint64_t max_unpacked; /* bytes */
	int64_t pace_ms;       /* from one request to the next */
	bool gzip;
	struct om_feed_pair header[OM_FEED_HEADERS_MAX];
	size_t header_count;
	struct om_feed_pair parameter[OM_FEED_HEADERS_MAX]; /* of each walk */
	size_t parameter_count;
	const char *header_file; /* more of them, all secret; or NULL */
	struct om_feed_auth auth;
	struct om_feed_signature signature;
	struct om_feed_paging paging;
	struct om_feed_since since;
	struct om_feed_days days;
	const char *bucket_header; /* "used/size", or NULL */
	int64_t bucket_leak_ms;	   /* for one request to leave it */
};

/* The URL, or NULL if the feed does not come by HTTP. */
const char *om_feed_url(const struct om_feed *feed);
const struct om_feed_http *om_feed_http(const struct om_feed *feed);
/* Where the items of a document are: the feed's own paths. */
const struct om_str *om_feed_items(const struct om_feed *feed,
    size_t *out_count);

#endif
