/* yaml.c - YAML documents and files; see yaml.h. */
#include "text/yaml.h"

#include "io/source.h"
#include "text/yaml_build.h"

/* libfyaml takes control bytes in silence; an editor shows none of them. */
static bool
is_text(struct om_str s, size_t *out_at)
{
	size_t bad;

	if (om_utf8_valid(s, &bad))
		bad = s.n;
	for (size_t i = 0; i < bad; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') ||
		    c == 0x7f)
			bad = i;
	}
	*out_at = bad;
	return bad == s.n;
}

/* Its column in characters. */
static void
place_of(struct om_str s, size_t byte, int *out_line, int *out_column)
{
	*out_line = 1;
	*out_column = 1;
	for (size_t i = 0; i < byte; i++) {
		if (s.p[i] == '\n') {
			++*out_line;
			*out_column = 1;
		} else if (((unsigned char)s.p[i] & 0xc0) != 0x80) {
			++*out_column;
		}
	}
}

int
om_yaml_parse(struct om_arena *arena, const char *path, struct om_str text,
    const struct om_yaml **out, struct om_err *err)
{
	size_t bad;

	if (text.n > OM_YAML_MAX)
		return om_fail(err, OM_EUSAGE, "%s: longer than %zu bytes",
		    path, OM_YAML_MAX);
	if (!is_text(text, &bad)) {
		int line;
		int column;

		place_of(text, bad, &line, &column);
		return om_fail(err, OM_EUSAGE,
		    "%s:%d:%d: byte 0x%02x is not text", path, line, column,
		    (unsigned)(unsigned char)text.p[bad]);
	}
	if (text.n == 0)
		text = OM_STR("\n");
	return om_yaml_build(arena, path, text, out, err);
}

int
om_yaml_load(struct om_arena *arena, const char *path,
    const struct om_yaml **out, struct om_err *err)
{
	OM_AUTO(om_source_close) struct om_source *source = NULL;
	OM_AUTO(om_arena_clear) struct om_arena scratch = { 0 };
	char *text;
	size_t n = 0;
	size_t got = 1;
	int rc = om_source_open(path, &source, err);

	if (rc < 0)
		return rc;
	text = om_alloc(&scratch, OM_YAML_MAX + 1);
	while (got > 0 && n <= OM_YAML_MAX) {
		rc = om_source_read(source, text + n, OM_YAML_MAX + 1 - n, &got,
		    err);
		if (rc < 0)
			return rc;
		n += got;
	}
	return om_yaml_parse(arena, path, (struct om_str){ text, n }, out, err);
}

const struct om_yaml *
om_yaml_get(const struct om_yaml *map, const char *key)
{
	if (map->kind != OM_YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (om_str_is(map->keys[i]->text, key))
			return map->items[i];
	return NULL;
}
