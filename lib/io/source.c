/* source.c - read(2) and inflate behind one call; see source.h. */
#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define BLOCK ((size_t)256 * 1024)

enum gzip_state {
	PLAIN,	 /* not gzip at all */
	MEMBER,	 /* inside a member */
	BETWEEN, /* behind a member: another, padding, or the end */
	PADDING, /* zeros behind the last member */
};

struct om_source {
	struct om_arena arena;
	int fd;
	const char *path;
	enum gzip_state state;
	bool ended;	    /* read(2) has said so */
	unsigned char *raw; /* BLOCK bytes as they lie in the file */
	size_t at;	    /* raw bytes [at, have) are not used yet */
	size_t have;
	uint64_t before; /* offset of raw[0] in the file */
	uint64_t decoded;
	struct om_sha256 sha; /* of the bytes in the file, if asked for */
	uint64_t hashed;
	z_stream z;
};

static int
read_some(int fd, const char *path, void *bytes, size_t n, size_t *out_n,
    struct om_err *err)
{
	ssize_t got;

	do
		got = read(fd, bytes, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return om_fail(err, OM_EIO, "cannot read '%s': %s", path,
		    strerror(errno));
	*out_n = (size_t)got;
	return 0;
}

static int
open_file(const char *path, int *out_fd, struct om_err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		bool ours = errno == EMFILE || errno == ENFILE || errno == EIO;

		return om_fail(err, ours ? OM_EIO : OM_ENOENT,
		    "cannot open '%s': %s", path, strerror(errno));
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return om_fail(err, OM_ENOENT, "'%s' is a directory", path);
	}
	*out_fd = fd;
	return 0;
}

/* Bytes of the file, as they lie there. */
static int
read_raw(struct om_source *s, void *bytes, size_t n, size_t *out_n,
    struct om_err *err)
{
	int rc = read_some(s->fd, s->path, bytes, n, out_n, err);

	if (rc < 0 || s->sha.ctx == NULL)
		return rc;
	om_sha256_add(&s->sha, bytes, *out_n);
	s->hashed += *out_n;
	return 0;
}

/* Have at least two raw bytes at hand, fewer only at the end of the file. */
static int
fill(struct om_source *s, struct om_err *err)
{
	memmove(s->raw, s->raw + s->at, s->have - s->at);
	s->before += s->at;
	s->have -= s->at;
	s->at = 0;
	while (s->have < 2 && !s->ended) {
		size_t n;
		int rc =
		    read_raw(s, s->raw + s->have, BLOCK - s->have, &n, err);

		if (rc < 0)
			return rc;
		s->have += n;
		s->ended = n == 0;
	}
	return 0;
}

static bool
at_gzip_magic(const struct om_source *s)
{
	return s->have - s->at >= 2 && s->raw[s->at] == 0x1f &&
	       s->raw[s->at + 1] == 0x8b;
}

/* The first two bytes say what the file is, whatever it is called. */
static int
sniff(struct om_source *s, struct om_err *err)
{
	int rc = fill(s, err);

	if (rc < 0)
		return rc;
	if (!at_gzip_magic(s))
		return 0;
	if (inflateInit2(&s->z, 15 + 16) != Z_OK)
		return om_fail(err, OM_EIO, "cannot start zlib");
	s->state = MEMBER;
	return 0;
}

int
om_source_open(const char *path, struct om_source **out, struct om_err *err)
{
	struct om_arena arena = { 0 };
	OM_AUTO(om_source_close) struct om_source *s = NULL;
	bool is_stdin = strcmp(path, "-") == 0;
	int rc;

	s = om_new(&arena, struct om_source);
	s->raw = om_alloc(&arena, BLOCK);
	s->path = is_stdin ? "standard input"
			   : om_strndup(&arena, path, strlen(path));
	s->fd = STDIN_FILENO;
	s->arena = arena;
	if (!is_stdin && (rc = open_file(path, &s->fd, err)) < 0) {
		s->fd = STDIN_FILENO;
		return rc;
	}
	if ((rc = sniff(s, err)) < 0)
		return rc;
	*out = s;
	s = NULL;
	return 0;
}

void
om_source_close(struct om_source **source)
{
	struct om_source *s = *source;
	struct om_arena arena;

	if (s == NULL)
		return;
	if (s->state != PLAIN)
		inflateEnd(&s->z);
	if (s->fd != STDIN_FILENO)
		close(s->fd);
	om_sha256_fini(&s->sha);
	arena = s->arena; /* s itself lives in it */
	om_arena_clear(&arena);
	*source = NULL;
}

static int
read_plain(struct om_source *s, void *bytes, size_t n, size_t *out_n,
    struct om_err *err)
{
	size_t left = s->have - s->at;

	if (left == 0)
		return read_raw(s, bytes, n, out_n, err);
	*out_n = left < n ? left : n;
	memcpy(bytes, s->raw + s->at, *out_n);
	s->at += *out_n;
	return 0;
}

static int
bad_gzip(const struct om_source *s, const char *what, struct om_err *err)
{
	return om_fail(err, OM_EDATA, "'%s': %s at byte %" PRIu64, s->path,
	    what, s->before + s->at);
}

/* Behind a member. Leaves MEMBER, or PADDING at the very end of the file. */
static int
next_member(struct om_source *s, struct om_err *err)
{
	int rc;

	if (s->have - s->at < 2 && (rc = fill(s, err)) < 0)
		return rc;
	if (s->state == BETWEEN && at_gzip_magic(s)) {
		s->state = MEMBER;
		inflateReset(&s->z);
		return 0;
	}
	s->state = PADDING;
	while (s->at < s->have) {
		if (s->raw[s->at] != 0)
			return bad_gzip(s, "garbage behind the gzip data", err);
		s->at++;
		if (s->at == s->have && (rc = fill(s, err)) < 0)
			return rc;
	}
	return 0;
}

/* Inflate what is at hand; *out_n may be 0 without being at the end. */
static int
inflate_some(struct om_source *s, void *bytes, size_t n, size_t *out_n,
    struct om_err *err)
{
	uInt room = n < BLOCK ? (uInt)n : (uInt)BLOCK;
	int rc;

	if (s->at == s->have && (rc = fill(s, err)) < 0)
		return rc;
	s->z.next_in = s->raw + s->at;
	s->z.avail_in = (uInt)(s->have - s->at);
	s->z.next_out = bytes;
	s->z.avail_out = room;
	rc = inflate(&s->z, Z_NO_FLUSH);
	s->at = s->have - s->z.avail_in;
	*out_n = room - s->z.avail_out;
	if (rc == Z_STREAM_END)
		s->state = BETWEEN;
	else if (rc == Z_MEM_ERROR)
		return om_fail(err, OM_EIO, "'%s': zlib: out of memory",
		    s->path);
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		return bad_gzip(s, "damaged gzip data", err);
	else if (*out_n == 0 && s->ended && s->at == s->have)
		return bad_gzip(s, "gzip data is cut off", err);
	return 0;
}

static int
read_gzip(struct om_source *s, void *bytes, size_t n, size_t *out_n,
    struct om_err *err)
{
	size_t got = 0;

	while (got == 0) {
		bool inside = s->state == MEMBER;
		int rc = inside ? inflate_some(s, bytes, n, &got, err)
				: next_member(s, err);

		if (rc < 0)
			return rc;
		if (s->state == PADDING)
			break;
	}
	*out_n = got;
	return 0;
}

int
om_source_read(struct om_source *source, void *bytes, size_t n, size_t *out_n,
    struct om_err *err)
{
	size_t got = 0;
	int rc = 0;

	if (n > 0)
		rc = source->state == PLAIN
			 ? read_plain(source, bytes, n, &got, err)
			 : read_gzip(source, bytes, n, &got, err);
	if (rc < 0)
		return rc;
	source->decoded += got;
	*out_n = got;
	return 0;
}

bool
om_source_gzip(const struct om_source *source)
{
	return source->state != PLAIN;
}

uint64_t
om_source_bytes(const struct om_source *source)
{
	return source->decoded;
}

void
om_source_hash(struct om_source *source)
{
	om_sha256_init(&source->sha);
	om_sha256_add(&source->sha, source->raw, source->have);
	source->hashed = source->have;
}

void
om_source_hashed(struct om_source *source,
    unsigned char out_sha[OM_SHA256_SIZE], uint64_t *out_size)
{
	om_sha256_end(&source->sha, out_sha);
	*out_size = source->hashed;
}

static int
digest_all(int fd, const char *path, struct om_sha256 *sha, uint64_t *out_size,
    struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	unsigned char *block = om_alloc(&arena, BLOCK);
	uint64_t size = 0;
	size_t n = 0;

	do {
		int rc = read_some(fd, path, block, BLOCK, &n, err);

		if (rc < 0)
			return rc;
		om_sha256_add(sha, block, n);
		size += n;
	} while (n > 0);
	*out_size = size;
	return 0;
}

int
om_file_digest(const char *path, unsigned char out_sha[OM_SHA256_SIZE],
    uint64_t *out_size, struct om_err *err)
{
	OM_AUTO(om_sha256_fini) struct om_sha256 sha = { NULL };
	int fd = -1;
	int rc = open_file(path, &fd, err);

	if (rc < 0)
		return rc;
	om_sha256_init(&sha);
	rc = digest_all(fd, path, &sha, out_size, err);
	close(fd);
	if (rc == 0)
		om_sha256_end(&sha, out_sha);
	return rc;
}
