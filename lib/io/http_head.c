/* http_head.c - what the headers of an answer say; see http.h. */
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "io/http_parts.h"

const char *
om_http_header(const struct om_http_answer *a, const char *name)
{
	for (size_t i = 0; i < a->header_count; i++)
		if (strcasecmp(a->header[i].name, name) == 0)
			return a->header[i].value;
	return NULL;
}

const char *
om_http_validator(const struct om_http_answer *a)
{
	const char *tag = om_http_header(a, "etag");
	const char *ranges = om_http_header(a, "accept-ranges");

	if (tag == NULL || tag[0] != '"' || strlen(tag) >= OM_HTTP_TAG_MAX)
		return NULL;
	if (a->status != 206 &&
	    (ranges == NULL || strcasecmp(ranges, "bytes") != 0))
		return NULL;
	return tag;
}

struct om_http_headers
om_http_headers(const struct om_http_answer *a)
{
	return (struct om_http_headers){ a->header, a->header_count };
}

struct om_http_headers
om_http_headers_copy(struct om_http_headers from, struct om_arena *arena)
{
	struct om_http_header *h =
	    om_alloc(arena, (from.count + 1) * sizeof(*h));

	for (size_t i = 0; i < from.count; i++) {
		const char *name = from.header[i].name;
		const char *value = from.header[i].value;

		h[i].name = om_strndup(arena, name, strlen(name));
		h[i].value = om_strndup(arena, value, strlen(value));
	}
	return (struct om_http_headers){ h, from.count };
}

void
om_http_headers_fill(struct om_http_answer *a, struct om_http_headers from)
{
	for (size_t i = 0; i < from.count; i++)
		if (om_http_header(a, from.header[i].name) == NULL &&
		    a->header_count < OM_HTTP_HEADERS_MAX)
			a->header[a->header_count++] = from.header[i];
}

/* "HTTP/1.1 503 Service Unavailable"; of HTTP/2 there is no reason. */
static void
read_status(struct om_http_answer *a, struct om_str line)
{
	const char *p = memchr(line.p, ' ', line.n);
	struct om_str reason;
	size_t n = 0;

	a->header_count = 0; /* those of a "100 Continue" before do not count */
	a->reason[0] = '\0';
	if (p == NULL || line.n - (size_t)(p - line.p) < 5)
		return;
	reason = om_str_trim(
	    (struct om_str){ p + 4, line.n - (size_t)(p - line.p) - 4 });
	for (size_t i = 0; i < reason.n && n + 1 < sizeof(a->reason); i++)
		if (reason.p[i] >= ' ' && reason.p[i] < 0x7f)
			a->reason[n++] = reason.p[i];
	a->reason[n] = '\0';
}

bool
om_http_head_line(struct om_http_answer *a, struct om_str line)
{
	const char *colon;
	struct om_str name;
	struct om_str value;

	if (line.n >= 5 && memcmp(line.p, "HTTP/", 5) == 0) {
		read_status(a, line);
		return true;
	}
	colon = memchr(line.p, ':', line.n);
	if (colon == NULL)
		return true;
	if (a->header_count == OM_HTTP_HEADERS_MAX)
		return false;
	name = (struct om_str){ line.p, (size_t)(colon - line.p) };
	value = om_str_trim((struct om_str){ colon + 1, line.n - name.n - 1 });
	a->header[a->header_count++] = (struct om_http_header){
		.name = om_strndup(&a->arena, name.p, name.n),
		.value = om_strndup(&a->arena, value.p, value.n),
	};
	return true;
}

/* Behind the ">" of a link: is one of its parameters rel=, with this word? */
static bool
has_rel(const char *p, const char *end, const char *rel)
{
	size_t n = strlen(rel);

	for (; p + 4 < end; p++) {
		const char *word = p + 4;
		const char *stop;

		if (strncasecmp(p, "rel=", 4) != 0)
			continue;
		if (*word == '"')
			word++;
		stop = word + strcspn(word, "\";,");
		while (word < stop) {
			size_t w = strcspn(word, " \";,");

			if (w == n && strncasecmp(word, rel, n) == 0)
				return true;
			word += w + 1;
		}
	}
	return false;
}

/* The end of a link's parameters: a comma that is not in quotes. */
static const char *
end_of_link(const char *p)
{
	bool quoted = false;

	for (; *p != '\0' && (quoted || *p != ','); p++)
		if (*p == '"')
			quoted = !quoted;
	return p;
}

const char *
om_http_link(struct om_http_answer *a, const char *rel)
{
	for (size_t i = 0; i < a->header_count; i++) {
		const char *p = a->header[i].value;

		if (strcasecmp(a->header[i].name, "link") != 0)
			continue;
		while ((p = strchr(p, '<')) != NULL) {
			const char *close = strchr(p, '>');
			const char *end;

			if (close == NULL)
				break;
			end = end_of_link(close);
			if (has_rel(close, end, rel))
				return om_strndup(&a->arena, p + 1,
				    (size_t)(close - p - 1));
			p = end;
		}
	}
	return NULL;
}

int64_t
om_http_retry_after(const struct om_http_answer *a, int64_t now)
{
	const char *value = om_http_header(a, "retry-after");
	int64_t seconds;

	if (value == NULL)
		return -1;
	if (om_str_int(om_str_of(value), &seconds))
		return seconds < 0 ? 0 : seconds;
	seconds = (int64_t)curl_getdate(value, NULL);
	if (seconds == -1)
		return -1;
	return seconds > now ? seconds - now : 0;
}

int64_t
om_http_date(const struct om_http_answer *a)
{
	const char *value = om_http_header(a, "date");

	return value == NULL ? -1 : (int64_t)curl_getdate(value, NULL);
}
