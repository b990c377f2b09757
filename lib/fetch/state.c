/* state.c - how far a feed is, as JSON; see state.h. */
#include "fetch/state.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MIN 16

void
om_texts_add(struct om_texts *list, const char *text, struct om_arena *arena)
{
	if (list->count == list->room) {
		size_t room = list->room == 0 ? LIST_MIN : 2 * list->room;
		const char **more = om_alloc(arena, room * sizeof(*list->text));

		if (list->count > 0)
			memcpy(more, list->text,
			    list->count * sizeof(*list->text));
		list->text = more;
		list->room = room;
	}
	list->text[list->count++] = text;
}

bool
om_texts_have(const struct om_texts *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->text[i], text) == 0)
			return true;
	return false;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
om_texts_sort(struct om_texts *list)
{
	size_t n = 0;

	if (list->count > 0)
		qsort(list->text, list->count, sizeof(*list->text), compare);
	for (size_t i = 0; i < list->count; i++)
		if (n == 0 || strcmp(list->text[i], list->text[n - 1]) != 0)
			list->text[n++] = list->text[i];
	list->count = n;
}

bool
om_texts_find(const struct om_texts *sorted, const char *text)
{
	return sorted->count > 0 && bsearch(&text, sorted->text, sorted->count,
					sizeof(*sorted->text), compare) != NULL;
}

bool
om_texts_same(const struct om_texts *a, const struct om_texts *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->text[i], b->text[i]) != 0)
			return false;
	return true;
}

void
om_fetch_state_init(struct om_fetch_state *s)
{
	*s = (struct om_fetch_state){ .total = -1 };
}

void
om_fetch_state_rest(struct om_fetch_state *s)
{
	s->next = NULL;
	s->pages = 0;
	s->at = 0;
	s->seen = 0;
	s->total = -1;
	s->began = 0;
	s->high = NULL;
	s->high_edge = (struct om_texts){ NULL, 0, 0 };
	s->last = (struct om_texts){ NULL, 0, 0 };
}

static const char *
copy_text(const char *text, struct om_arena *arena)
{
	return text == NULL ? NULL : om_strndup(arena, text, strlen(text));
}

static struct om_texts
copy_list(const struct om_texts *from, struct om_arena *arena)
{
	struct om_texts out = { NULL, 0, 0 };

	for (size_t i = 0; i < from->count; i++)
		om_texts_add(&out, copy_text(from->text[i], arena), arena);
	return out;
}

void
om_fetch_state_copy(const struct om_fetch_state *from, struct om_arena *arena,
    struct om_fetch_state *out)
{
	*out = *from;
	out->source = copy_text(from->source, arena);
	out->since = copy_text(from->since, arena);
	out->edge = copy_list(&from->edge, arena);
	out->largest = copy_text(from->largest, arena);
	out->etag = copy_text(from->etag, arena);
	out->modified = copy_text(from->modified, arena);
	out->day = copy_text(from->day, arena);
	out->next = copy_text(from->next, arena);
	out->high = copy_text(from->high, arena);
	out->high_edge = copy_list(&from->high_edge, arena);
	out->last = copy_list(&from->last, arena);
}

static void
write_list(struct om_json *j, const char *key, const struct om_texts *list)
{
	om_json_array(j, key);
	for (size_t i = 0; i < list->count; i++)
		om_json_cstr(j, NULL, list->text[i]);
	om_json_end(j);
}

static void
write_text(struct om_json *j, const char *key, const char *text)
{
	if (text != NULL)
		om_json_cstr(j, key, text);
}

static void
write_walk(const struct om_fetch_state *s, struct om_json *j)
{
	om_json_object(j, "walk");
	om_json_cstr(j, "next", s->next);
	om_json_int(j, "pages", s->pages);
	om_json_int(j, "at", s->at);
	om_json_int(j, "seen", s->seen);
	om_json_int(j, "total", s->total);
	om_json_int(j, "began", s->began);
	write_text(j, "high", s->high);
	write_list(j, "high_edge", &s->high_edge);
	write_list(j, "last", &s->last);
	om_json_end(j);
}

void
om_fetch_state_write(const struct om_fetch_state *s, struct om_json *j)
{
	om_json_object(j, "state");
	write_text(j, "source", s->source);
	write_text(j, "since", s->since);
	write_list(j, "edge", &s->edge);
	write_text(j, "largest", s->largest);
	write_text(j, "etag", s->etag);
	write_text(j, "modified", s->modified);
	write_text(j, "day", s->day);
	if (s->next != NULL)
		write_walk(s, j);
	om_json_end(j);
}

static const char *
read_text(const struct om_yaml *map, const char *key, struct om_arena *arena)
{
	const struct om_yaml *node = om_yaml_get(map, key);

	if (node == NULL || node->kind != OM_YAML_SCALAR)
		return NULL;
	return om_str_dup(arena, node->text).p;
}

static void
read_list(const struct om_yaml *map, const char *key, struct om_arena *arena,
    struct om_texts *out)
{
	const struct om_yaml *node = om_yaml_get(map, key);

	*out = (struct om_texts){ NULL, 0, 0 };
	for (size_t i = 0; node != NULL && i < node->count; i++)
		om_texts_add(out, om_str_dup(arena, node->items[i]->text).p,
		    arena);
}

static bool
read_int(const struct om_yaml *map, const char *key, int64_t *out)
{
	const struct om_yaml *node = om_yaml_get(map, key);

	return node != NULL && node->kind == OM_YAML_SCALAR &&
	       om_str_int(node->text, out);
}

static bool
read_walk(const struct om_yaml *walk, struct om_arena *arena,
    struct om_fetch_state *s)
{
	s->next = read_text(walk, "next", arena);
	s->high = read_text(walk, "high", arena);
	read_list(walk, "high_edge", arena, &s->high_edge);
	read_list(walk, "last", arena, &s->last);
	return s->next != NULL && read_int(walk, "pages", &s->pages) &&
	       read_int(walk, "at", &s->at) &&
	       read_int(walk, "seen", &s->seen) &&
	       read_int(walk, "total", &s->total) &&
	       read_int(walk, "began", &s->began);
}

int
om_fetch_state_read(const struct om_yaml *root, struct om_arena *arena,
    struct om_fetch_state *out, struct om_err *err)
{
	const struct om_yaml *map = om_yaml_get(root, "state");
	const struct om_yaml *walk;
	struct om_fetch_state s;

	om_fetch_state_init(&s);
	if (map == NULL || map->kind != OM_YAML_MAP)
		return om_fail(err, OM_EDAMAGED, "it holds no state");
	s.source = read_text(map, "source", arena);
	s.since = read_text(map, "since", arena);
	read_list(map, "edge", arena, &s.edge);
	s.largest = read_text(map, "largest", arena);
	s.etag = read_text(map, "etag", arena);
	s.modified = read_text(map, "modified", arena);
	s.day = read_text(map, "day", arena);
	walk = om_yaml_get(map, "walk");
	if (walk != NULL && !read_walk(walk, arena, &s))
		return om_fail(err, OM_EDAMAGED, "its walk cannot be read");
	*out = s;
	return 0;
}
