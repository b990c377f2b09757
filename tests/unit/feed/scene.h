/* scene.h - a feed from a text, its files from texts, and what came out. */
#ifndef OM_TEST_SCENE_H
#define OM_TEST_SCENE_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feed/reader.h"

#define SCENE_ITEMS_MAX 4096

static struct om_err err; /* of the last failure, where unit.h looks */

struct scene {
	char dir[32];
	char map[64];
	char file[2][64];
	struct om_feed *feed;
	struct om_reader *reader;
	struct om_arena arena;
	struct om_item *item;
	size_t count;
	int rc;
};

static inline int
scene_setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	strcpy(s->dir, "/tmp/om-feed-XXXXXX");
	if (mkdtemp(s->dir) == NULL)
		return -1;
	snprintf(s->map, sizeof(s->map), "%s/acme.yaml", s->dir);
	snprintf(s->file[0], sizeof(s->file[0]), "%s/a.csv", s->dir);
	snprintf(s->file[1], sizeof(s->file[1]), "%s/b.csv", s->dir);
	s->item = calloc(SCENE_ITEMS_MAX, sizeof(*s->item));
	*state = s;
	return 0;
}

static inline int
scene_teardown(void **state)
{
	struct scene *s = *state;

	om_reader_close(&s->reader);
	om_feed_free(&s->feed);
	om_arena_clear(&s->arena);
	(void)unlink(s->map);
	(void)unlink(s->file[0]);
	(void)unlink(s->file[1]);
	(void)rmdir(s->dir);
	free(s->item);
	free(s);
	return 0;
}

static inline void
scene_write(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* The mapping, or NULL for the canonical profile. */
static inline int
scene_map(struct scene *s, const char *yaml)
{
	om_feed_free(&s->feed);
	if (yaml == NULL)
		return s->rc = om_feed_builtin("canonical", &s->feed, &err);
	scene_write(s->map, yaml, strlen(yaml));
	return s->rc = om_feed_load(s->map, &s->feed, &err);
}

static inline int
scene_drain(struct scene *s)
{
	s->count = 0;
	while (s->count < SCENE_ITEMS_MAX &&
	       (s->rc = om_reader_next(s->reader, &s->arena, &s->item[s->count],
		    &err)) == 1)
		s->count++;
	return s->rc;
}

static inline int
scene_paths(struct scene *s, const char *a, const char *b, size_t budget)
{
	const char *const paths[] = { a, b };

	om_reader_close(&s->reader);
	s->rc = om_reader_open(s->feed, paths, b == NULL ? 1 : 2, budget, NULL,
	    &s->reader, &err);
	return s->rc < 0 ? s->rc : scene_drain(s);
}

/* One or two files, read to the end; b NULL: one. */
static inline int
scene_read(struct scene *s, const char *a, const char *b)
{
	scene_write(s->file[0], a, strlen(a));
	if (b != NULL)
		scene_write(s->file[1], b, strlen(b));
	return scene_paths(s, s->file[0], b == NULL ? NULL : s->file[1],
	    (size_t)64 << 20);
}

static inline bool
scene_is(struct om_str got, const char *want)
{
	if (om_str_is(got, want))
		return true;
	print_error("got '%.*s', want '%s'\n", OM_FMT(got), want);
	return false;
}

/* Item i is a reject at this line, of this column, for this reason. */
static inline void
scene_reject(const struct scene *s, size_t i, unsigned line, const char *column,
    const char *reason)
{
	assert_true(i < s->count);
	assert_int_equal(s->item[i].kind, OM_ITEM_REJECT);
	assert_string_equal(s->item[i].reject.reason, reason);
	assert_int_equal(s->item[i].reject.at.line, line);
	assert_true(scene_is(s->item[i].reject.column, column));
}

static inline const struct om_order *
scene_order(const struct scene *s, size_t i)
{
	assert_true(i < s->count);
	if (s->item[i].kind == OM_ITEM_REJECT)
		fail_msg("rejected: %s", s->item[i].reject.reason);
	assert_int_equal(s->item[i].kind, OM_ITEM_ORDER);
	return &s->item[i].order;
}

#endif
