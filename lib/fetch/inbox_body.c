/* inbox_body.c - a body on its way into the inbox, and its record. */
#define _GNU_SOURCE /* sync_file_range */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "fetch/inbox_parts.h"
#include "io/output.h"

#define WRITE_BEHIND ((uint64_t)8 * 1024 * 1024)
#define RECORD_MAX   OM_YAML_MAX /* it is read as such */

static int
cannot_write(const struct om_body *b, struct om_err *err)
{
	return om_fail(err, OM_EOUTPUT, "cannot write '%s': %s", b->path,
	    strerror(errno));
}

/* Nothing of it is there. */
static int
begin_anew(struct om_body *b, struct om_err *err)
{
	unsigned char ignored[OM_SHA256_SIZE];

	if (ftruncate(b->fd, 0) < 0 || lseek(b->fd, 0, SEEK_SET) < 0)
		return cannot_write(b, err);
	om_part_unmark(b);
	om_sha256_end(&b->sha, ignored);
	b->size = 0;
	b->behind = 0;
	b->validator = NULL;
	return 0;
}

/* From the start, or just behind what there is. */
static int
sink_begin(void *arg, uint64_t offset, const struct om_http_answer *answer,
    struct om_err *err)
{
	struct om_body *b = arg;

	if (om_drain_wait(b->drain, err) < 0)
		return err->code;
	if (offset != 0 && offset != b->size)
		return om_fail(err, OM_EINTERNAL,
		    "a body goes on at byte %" PRIu64 " of %" PRIu64, offset,
		    b->size);
	if (offset != 0)
		return 0;
	if (b->size > 0 && begin_anew(b, err) < 0)
		return err->code;
	om_part_note(b, answer);
	return 0;
}

/* Set the disk to work while the rest is on its way, so that the flush at the
 * end has little left to wait for; and say how far it is, for who comes after a
 * kill. */
static void
write_behind(struct om_body *b)
{
	uint64_t n = b->size - b->behind;

	if (n < WRITE_BEHIND)
		return;
	(void)sync_file_range(b->fd, (off_t)b->behind, (off_t)n,
	    SYNC_FILE_RANGE_WRITE);
	b->behind = b->size;
	(void)om_part_mark(b);
}

/* In the thread of the drain, if there is one. */
static int
take_bytes(void *arg, const void *bytes, size_t n, struct om_err *err)
{
	struct om_body *b = arg;
	const char *p = bytes;
	size_t left = n;

	while (left > 0) {
		ssize_t did = write(b->fd, p, left);

		if (did < 0 && errno == EINTR)
			continue;
		if (did < 0)
			return cannot_write(b, err);
		p += did;
		left -= (size_t)did;
	}
	om_sha256_add(&b->sha, bytes, n);
	b->size += n;
	write_behind(b);
	return 0;
}

static int
sink_write(void *arg, const void *bytes, size_t n, struct om_err *err)
{
	struct om_body *b = arg;

	return om_drain_add(b->drain, bytes, n, err);
}

struct om_http_sink
om_body_sink(struct om_body *body)
{
	return (struct om_http_sink){ sink_begin, sink_write, body };
}

/* The hash of a URL, as it may hold what is not to be seen. */
static void
note_url(struct om_body *b, const char *url)
{
	unsigned char digest[OM_SHA256_SIZE];

	om_sha256_add(&b->sha, url, strlen(url));
	om_sha256_end(&b->sha, digest);
	om_hex(digest, sizeof(digest), b->asked);
}

int
om_body_begin(struct om_inbox *inbox, const char *url, struct om_body *out,
    struct om_err *err)
{
	*out = (struct om_body){ .inbox = inbox };
	om_inbox_path(inbox, 0, url == NULL ? "dry.part" : "next.part",
	    out->path);
	out->fd = open(out->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (out->fd < 0)
		return cannot_write(out, err);
	om_sha256_init(&out->sha);
	out->drain = om_drain_new(take_bytes, out);
	if (url != NULL)
		note_url(out, url);
	return om_part_take(out) ? 0 : begin_anew(out, err);
}

int
om_body_finish(struct om_body *b, struct om_err *err)
{
	if (om_drain_wait(b->drain, err) < 0)
		return err->code;
	if (fsync(b->fd) < 0)
		return cannot_write(b, err);
	om_sha256_end(&b->sha, b->digest);
	om_hex(b->digest, sizeof(b->digest), b->hex);
	return 0;
}

void
om_body_keep(struct om_body *b, const char *name)
{
	char path[OM_INBOX_PATH_MAX];

	om_inbox_path(b->inbox, 0, name, path);
	(void)rename(b->path, path);
}

void
om_body_leave(struct om_body *b)
{
	struct om_err ignored = { 0 };

	if (b->fd < 0 || om_drain_wait(b->drain, &ignored) < 0 ||
	    !om_part_mark(b))
		return;
	close(b->fd);
	b->fd = -1;
}

void
om_body_end(struct om_body *b)
{
	om_drain_free(&b->drain);
	if (b->fd >= 0) {
		om_part_unmark(b);
		close(b->fd);
		(void)unlink(b->path);
	}
	om_sha256_fini(&b->sha);
	om_arena_clear(&b->arena);
	b->fd = -1;
}

/* Headers that carry, or may carry, what grants something. */
static bool
may_be_kept(const char *name)
{
	static const char *const never[] = { "set-cookie", "authorization",
		"www-authenticate", "proxy-authenticate", "link", "location",
		"content-location", "refresh" };

	for (size_t i = 0; i < OM_COUNT(never); i++)
		if (strcasecmp(name, never[i]) == 0)
			return false;
	for (const char *p = name; *p != '\0'; p++)
		if (strncasecmp(p, "token", 5) == 0 ||
		    strncasecmp(p, "secret", 6) == 0 ||
		    strncasecmp(p, "cookie", 6) == 0)
			return false;
	return true;
}

void
om_record_headers(struct om_json *j, struct om_http_headers h)
{
	om_json_array(j, "headers");
	for (size_t i = 0; i < h.count; i++) {
		if (!may_be_kept(h.header[i].name))
			continue;
		om_json_object(j, NULL);
		om_json_cstr(j, "name", h.header[i].name);
		om_json_cstr(j, "value", h.header[i].value);
		om_json_end(j);
	}
	om_json_end(j);
}

static const char *
header_or_none(const struct om_http_answer *a, const char *name)
{
	const char *value = om_http_header(a, name);

	return value == NULL ? "" : value;
}

static void
write_record(const struct om_body *b, const struct om_record *r, int64_t number,
    const struct om_fetch_state *state, struct om_buf *out)
{
	char when[OM_TIME_TEXT_MAX];
	struct om_json j;

	om_json_init(&j, out);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.document/1");
	om_json_cstr(&j, "feed", r->feed);
	om_json_int(&j, "document", number);
	om_json_cstr(&j, "at", om_time_text(r->at, when));
	om_json_cstr(&j, "url", r->url);
	om_json_int(&j, "status", r->answer->status);
	om_json_int(&j, "bytes", (int64_t)b->size);
	om_json_cstr(&j, "sha256", b->hex);
	om_json_cstr(&j, "type", header_or_none(r->answer, "content-type"));
	om_json_cstr(&j, "packed",
	    header_or_none(r->answer, "content-encoding"));
	om_json_seconds(&j, "seconds", r->answer->ns);
	if (r->items >= 0)
		om_json_int(&j, "items", r->items);
	om_record_headers(&j, om_http_headers(r->answer));
	om_fetch_state_write(state, &j);
	om_json_end(&j);
	om_buf_char(out, '\n');
}

static int
next_number(const struct om_inbox *inbox, int64_t *out, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const struct om_yaml *root;
	char path[OM_INBOX_PATH_MAX];
	int64_t *numbers;
	int64_t after = 0;
	size_t count;

	if (om_inbox_numbers(inbox, &arena, &numbers, &count, err) < 0)
		return err->code;
	*out = count == 0 ? 1 : numbers[count - 1] + 1;
	/* The records up to it may have been forgotten. */
	om_inbox_path(inbox, 0, "state.json", path);
	if (access(path, F_OK) < 0)
		return 0;
	if (om_inbox_read_json(path, &arena, &root, err) < 0)
		return err->code;
	if (om_yaml_get(root, "after") != NULL &&
	    om_str_int(om_yaml_get(root, "after")->text, &after) &&
	    after >= *out)
		*out = after + 1;
	return 0;
}

int
om_body_commit(struct om_body *b, const struct om_record *record,
    const struct om_fetch_state *state, int64_t *out_number, struct om_err *err)
{
	struct om_buf text OM_AUTO(om_buf_fini);
	char path[OM_INBOX_PATH_MAX];
	int64_t number = 0;

	om_buf_init(&text, RECORD_MAX);
	if (next_number(b->inbox, &number, err) < 0)
		return err->code;
	write_record(b, record, number, state, &text);
	if (om_buf_over(&text))
		return om_fail(err, OM_ELIMIT, "a record of over %zu bytes",
		    RECORD_MAX);
	om_inbox_path(b->inbox, number, "body", path);
	if (rename(b->path, path) < 0)
		return cannot_write(b, err);
	om_part_unmark(b);
	om_sync_folder_of(path);
	close(b->fd);
	b->fd = -1;
	om_inbox_path(b->inbox, number, "json", path);
	if (om_file_replace(path, text.p, text.n, 0666, err) < 0)
		return err->code;
	*out_number = number;
	return 0;
}
