/* What om_source gives for plain, compressed, cut and padded files. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "io/source.h"

#define OUT_MAX ((size_t)1024 * 1024)

struct fixture {
	char dir[32];
	char path[64];
	unsigned char file[OUT_MAX]; /* what was written to path */
	size_t size;
	char out[OUT_MAX]; /* what was read from it */
	size_t n;
};

static int
make_dir(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->dir, "/tmp/om-source-XXXXXX");
	if (f == NULL || mkdtemp(f->dir) == NULL)
		return -1;
	snprintf(f->path, sizeof(f->path), "%s/in", f->dir);
	*state = f;
	return 0;
}

static int
drop_dir(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	rmdir(f->dir);
	free(f);
	return 0;
}

static void
put_file(const struct fixture *f)
{
	FILE *to = fopen(f->path, "wb");

	assert_non_null(to);
	assert_int_equal(fwrite(f->file, 1, f->size, to), f->size);
	assert_int_equal(fclose(to), 0);
}

/* Append one gzip member that holds n bytes of text. */
static void
add_member(struct fixture *f, const char *text, size_t n)
{
	z_stream z = { 0 };
	Bytef *copy = malloc(n + 1);

	assert_non_null(copy);
	memcpy(copy, text, n);
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, 0), Z_OK);
	z.next_in = copy;
	z.avail_in = (uInt)n;
	z.next_out = f->file + f->size;
	z.avail_out = (uInt)(OUT_MAX - f->size);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	f->size = OUT_MAX - z.avail_out;
	deflateEnd(&z);
	free(copy);
}

static void
add_bytes(struct fixture *f, const char *bytes, size_t n)
{
	memcpy(f->file + f->size, bytes, n);
	f->size += n;
}

/* Read the whole of path in steps of at most step bytes. */
static int
slurp(struct fixture *f, const char *path, size_t step, struct om_err *err)
{
	OM_AUTO(om_source_close) struct om_source *s = NULL;
	size_t got = 1;
	int rc = om_source_open(path, &s, err);

	f->n = 0;
	while (rc == 0 && got > 0) {
		assert_true(f->n + step <= OUT_MAX);
		rc = om_source_read(s, f->out + f->n, step, &got, err);
		if (rc == 0)
			f->n += got;
	}
	if (rc == 0)
		assert_int_equal(om_source_bytes(s), f->n);
	return rc;
}

static void
a_plain_file_comes_as_it_is(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	add_bytes(f, "a,b\n1,\0\n", 8);
	put_file(f);
	for (size_t step = 1; step < 12; step++) {
		assert_ok(slurp(f, f->path, step, &err));
		assert_int_equal(f->n, 8);
		assert_memory_equal(f->out, f->file, 8);
	}
}

static void
an_empty_file_and_one_byte_are_plain(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	put_file(f);
	assert_ok(slurp(f, f->path, 100, &err));
	assert_int_equal(f->n, 0);

	add_bytes(f, "\x1f", 1);
	put_file(f);
	assert_ok(slurp(f, f->path, 100, &err));
	assert_int_equal(f->n, 1);
}

static void
all_members_of_a_gzip_file_are_read(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	add_member(f, "one,", 4);
	add_member(f, "", 0);
	add_member(f, "two", 3);
	put_file(f);
	for (size_t step = 1; step < 10; step++) {
		assert_ok(slurp(f, f->path, step, &err));
		assert_int_equal(f->n, 7);
		assert_memory_equal(f->out, "one,two", 7);
	}
}

static void
a_large_member_survives_refills(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	size_t n = 900000;
	char *text = malloc(n);
	uint32_t x = 1;

	assert_non_null(text);
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		text[i] = (char)(x >> 24); /* does not compress: many refills */
	}
	add_member(f, text, n);
	put_file(f);
	assert_true(f->size > 3 * 256 * 1024);
	assert_ok(slurp(f, f->path, 100000, &err));
	assert_int_equal(f->n, n);
	assert_memory_equal(f->out, text, n);
	free(text);
}

static void
zeros_behind_the_last_member_are_padding(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	add_member(f, "one", 3);
	f->size += 1000; /* the fixture is zeroed */
	put_file(f);
	assert_ok(slurp(f, f->path, 100, &err));
	assert_int_equal(f->n, 3);
}

static void
garbage_behind_the_last_member_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	char want[128];

	add_member(f, "one", 3);
	snprintf(want, sizeof(want),
	    "'%s': garbage behind the gzip data at byte %zu", f->path, f->size);
	add_bytes(f, "\x1f", 1);
	put_file(f);
	assert_fails(slurp(f, f->path, 100, &err), OM_EDATA);
	assert_string_equal(err.msg, want);
	add_bytes(f, "junk", 4);
	put_file(f);
	assert_fails(slurp(f, f->path, 100, &err), OM_EDATA);
	assert_string_equal(err.msg, want);
}

static void
a_cut_gzip_file_is_an_error_wherever_it_is_cut(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	size_t whole;

	add_member(f, "some text that is cut", 21);
	whole = f->size;
	for (f->size = 2; f->size < whole; f->size++) {
		char want[128];

		put_file(f);
		snprintf(want, sizeof(want),
		    "'%s': gzip data is cut off at byte %zu", f->path, f->size);
		assert_fails(slurp(f, f->path, 100, &err), OM_EDATA);
		assert_string_equal(err.msg, want);
	}
}

static void
a_damaged_gzip_file_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	add_member(f, "some text that is damaged", 25);
	f->file[f->size - 8] ^= 1; /* the checksum */
	put_file(f);
	assert_fails(slurp(f, f->path, 100, &err), OM_EDATA);
	assert_non_null(strstr(err.msg, "damaged gzip data at byte"));
	assert_fails(slurp(f, f->path, 100, &err), OM_EDATA);
}

static void
gzip_is_noticed_by_content(void **state)
{
	struct fixture *f = *state;
	OM_AUTO(om_source_close) struct om_source *s = NULL;
	struct om_err err = { 0 };

	add_bytes(f, "plain", 5);
	put_file(f);
	assert_ok(om_source_open(f->path, &s, &err));
	assert_false(om_source_gzip(s));
	om_source_close(&s);
	f->size = 0;
	add_member(f, "x", 1);
	put_file(f);
	assert_ok(om_source_open(f->path, &s, &err));
	assert_true(om_source_gzip(s));
}

static void
what_is_missing_or_a_directory_is_not_found(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	char want[128];

	assert_fails(slurp(f, f->path, 1, &err), OM_ENOENT);
	snprintf(want, sizeof(want),
	    "cannot open '%s': No such file or directory", f->path);
	assert_string_equal(err.msg, want);
	assert_fails(slurp(f, f->dir, 1, &err), OM_ENOENT);
	snprintf(want, sizeof(want), "'%s' is a directory", f->dir);
	assert_string_equal(err.msg, want);
}

static void
a_dash_is_standard_input(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	int saved = dup(STDIN_FILENO);
	int fd;

	add_member(f, "from stdin", 10);
	put_file(f);
	fd = open(f->path, O_RDONLY);
	assert_true(saved >= 0 && fd >= 0);
	assert_true(dup2(fd, STDIN_FILENO) >= 0);
	assert_ok(slurp(f, "-", 100, &err));
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	close(saved);
	close(fd);
	assert_int_equal(f->n, 10);
	assert_memory_equal(f->out, "from stdin", 10);
}

static void
a_read_that_fails_is_an_io_error(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	int saved = dup(STDIN_FILENO);
	int fd = open(f->dir, O_RDONLY); /* opens, but cannot be read */

	assert_true(saved >= 0 && fd >= 0);
	assert_true(dup2(fd, STDIN_FILENO) >= 0);
	assert_fails(slurp(f, "-", 100, &err), OM_EIO);
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	close(saved);
	close(fd);
	assert_string_equal(err.msg,
	    "cannot read 'standard input': Is a directory");
}

static void
the_digest_is_that_of_the_raw_file(void **state)
{
	struct fixture *f = *state;
	unsigned char sha[OM_SHA256_SIZE];
	char hex[OM_SHA256_HEX];
	struct om_err err = { 0 };
	uint64_t size = 0;

	add_bytes(f, "abc", 3);
	put_file(f);
	assert_ok(om_file_digest(f->path, sha, &size, &err));
	om_hex(sha, sizeof(sha), hex);
	assert_int_equal(size, 3);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
	assert_fails(om_file_digest(f->dir, sha, &size, &err), OM_ENOENT);
}

static void
what_is_read_is_hashed_as_it_lies_in_the_file(void **state)
{
	struct fixture *f = *state;
	OM_AUTO(om_source_close) struct om_source *s = NULL;
	unsigned char want[OM_SHA256_SIZE];
	unsigned char got[OM_SHA256_SIZE];
	struct om_err err = { 0 };
	uint64_t size = 0;
	char bytes[3];
	size_t n = 1;

	add_member(f, "one,", 4);
	add_member(f, "two", 3);
	put_file(f);
	assert_ok(om_file_digest(f->path, want, &size, &err));
	assert_ok(om_source_open(f->path, &s, &err));
	om_source_hash(s);
	while (n > 0)
		assert_ok(om_source_read(s, bytes, sizeof(bytes), &n, &err));
	size = 0;
	om_source_hashed(s, got, &size);
	assert_int_equal(size, f->size);
	assert_memory_equal(got, want, sizeof(want));
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, drop_dir)
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_plain_file_comes_as_it_is),
		TEST(an_empty_file_and_one_byte_are_plain),
		TEST(all_members_of_a_gzip_file_are_read),
		TEST(a_large_member_survives_refills),
		TEST(zeros_behind_the_last_member_are_padding),
		TEST(garbage_behind_the_last_member_is_an_error),
		TEST(a_cut_gzip_file_is_an_error_wherever_it_is_cut),
		TEST(a_damaged_gzip_file_is_an_error),
		TEST(gzip_is_noticed_by_content),
		TEST(what_is_missing_or_a_directory_is_not_found),
		TEST(a_dash_is_standard_input),
		TEST(a_read_that_fails_is_an_io_error),
		TEST(the_digest_is_that_of_the_raw_file),
		TEST(what_is_read_is_hashed_as_it_lies_in_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
