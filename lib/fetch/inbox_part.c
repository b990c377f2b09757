/* inbox_part.c - a body that did not come whole, to be gone on with: its bytes
 * in next.part, and in next.mark what is known of them; see inbox.h. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fetch/inbox_parts.h"
#include "io/url.h"

#define MARK_MAX ((size_t)256 * 1024)
#define BLOCK	 ((size_t)256 * 1024)

void
om_part_note(struct om_body *b, const struct om_http_answer *a)
{
	const char *tag = om_http_validator(a);

	om_arena_reset(&b->arena);
	b->validator = NULL;
	if (tag == NULL || b->asked[0] == '\0')
		return;
	b->validator = om_strndup(&b->arena, tag, strlen(tag));
	b->headers = om_http_headers_copy(om_http_headers(a), &b->arena);
}

static void
write_mark(const struct om_body *b, struct om_buf *out)
{
	unsigned char digest[OM_SHA256_SIZE];
	char hex[OM_SHA256_HEX];
	struct om_json j;

	om_sha256_peek(&b->sha, digest);
	om_hex(digest, sizeof(digest), hex);
	om_json_init(&j, out);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.part/1");
	om_json_cstr(&j, "asked", b->asked);
	om_json_int(&j, "bytes", (int64_t)b->size);
	om_json_cstr(&j, "sha256", hex);
	om_json_cstr(&j, "validator", b->validator);
	om_record_headers(&j, b->headers);
	om_json_end(&j);
	om_buf_char(out, '\n');
}

void
om_inbox_unmark(struct om_inbox *inbox)
{
	char path[OM_INBOX_PATH_MAX];

	om_inbox_path(inbox, 0, "next.mark", path);
	(void)unlink(path);
}

/* Over the one before, which is no longer; neither is flushed. A kill in the
 * middle, or a machine that stops, leaves a mark that cannot be read, or one
 * that the part is not what it says: then the body is begun anew. */
bool
om_part_mark(const struct om_body *b)
{
	struct om_buf text OM_AUTO(om_buf_fini);
	char path[OM_INBOX_PATH_MAX];
	bool done;
	int fd;

	om_buf_init(&text, MARK_MAX);
	if (b->validator == NULL || b->size == 0)
		return false;
	write_mark(b, &text);
	om_inbox_path(b->inbox, 0, "next.mark", path);
	fd = om_buf_over(&text)
		 ? -1
		 : open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return false;
	done = pwrite(fd, text.p, text.n, 0) == (ssize_t)text.n &&
	       ftruncate(fd, (off_t)text.n) == 0;
	close(fd);
	if (!done)
		om_inbox_unmark(b->inbox);
	return done;
}

void
om_part_unmark(const struct om_body *b)
{
	if (b->asked[0] != '\0')
		om_inbox_unmark(b->inbox);
}

static void
read_headers(const struct om_yaml *root, struct om_body *b)
{
	const struct om_yaml *list = om_yaml_get(root, "headers");
	size_t n = list == NULL ? 0 : list->count;
	struct om_http_header *h = om_alloc(&b->arena, (n + 1) * sizeof(*h));

	for (size_t i = 0; i < n; i++)
		h[i] = (struct om_http_header){
			om_inbox_text(list->items[i], "name", &b->arena),
			om_inbox_text(list->items[i], "value", &b->arena),
		};
	b->headers = (struct om_http_headers){ h, n };
}

/* Does the file begin with these bytes? Then it is read up to there. */
static bool
has_bytes(struct om_body *b, uint64_t bytes, const char *sha256)
{
	unsigned char digest[OM_SHA256_SIZE];
	char hex[OM_SHA256_HEX];
	char *block = om_alloc_raw(&b->arena, BLOCK);

	while (b->size < bytes) {
		uint64_t left = bytes - b->size;
		ssize_t n = pread(b->fd, block,
		    left < BLOCK ? (size_t)left : BLOCK, (off_t)b->size);

		if (n <= 0)
			return false;
		om_sha256_add(&b->sha, block, (size_t)n);
		b->size += (uint64_t)n;
	}
	om_sha256_peek(&b->sha, digest);
	om_hex(digest, sizeof(digest), hex);
	return strcmp(hex, sha256) == 0;
}

bool
om_part_take(struct om_body *b)
{
	const struct om_yaml *root;
	struct om_err ignored = { 0 };
	char path[OM_INBOX_PATH_MAX];
	int64_t bytes = 0;

	om_inbox_path(b->inbox, 0, "next.mark", path);
	if (b->asked[0] == '\0' || access(path, F_OK) < 0 ||
	    om_inbox_read_json(path, &b->arena, &root, &ignored) < 0 ||
	    strcmp(om_inbox_text(root, "asked", &b->arena), b->asked) != 0 ||
	    !om_str_int(om_str_of(om_inbox_text(root, "bytes", &b->arena)),
		&bytes) ||
	    bytes <= 0 ||
	    !has_bytes(b, (uint64_t)bytes,
		om_inbox_text(root, "sha256", &b->arena)))
		return false;
	b->validator = om_inbox_text(root, "validator", &b->arena);
	read_headers(root, b);
	b->behind = b->size;
	return ftruncate(b->fd, (off_t)b->size) == 0 &&
	       lseek(b->fd, (off_t)b->size, SEEK_SET) == (off_t)b->size;
}

struct om_http_part
om_body_part(const struct om_body *b)
{
	return (struct om_http_part){
		.bytes = b->validator == NULL ? 0 : b->size,
		.validator = b->validator,
		.headers = b->headers,
	};
}
