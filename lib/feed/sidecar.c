/* sidecar.c - a checksum that lies beside its file; see manifest.h. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "feed/manifest.h"
#include "feed/spec.h"
#include "io/source.h"

#define PATH_TEXT OM_SIDECAR_PATH_MAX

bool
om_sidecar_wanted(const struct om_feed *feed)
{
	return feed->sidecar != NULL;
}

/* {source} is the path of the file as it was named. */
int
om_sidecar_path(const struct om_feed *feed, const char *source,
    char out[OM_SIDECAR_PATH_MAX], struct om_err *err)
{
	const char *pattern = feed->sidecar;
	const char *at = strstr(pattern, "{source}");
	int n = at == NULL
		    ? snprintf(out, PATH_TEXT, "%s", pattern)
		    : snprintf(out, PATH_TEXT, "%.*s%s%s", (int)(at - pattern),
			  pattern, source, at + strlen("{source}"));

	if (strcmp(source, "-") == 0 && at != NULL)
		return om_fail(err, OM_EUSAGE,
		    "standard input has no sidecar '%s'", pattern);
	if (n < 0 || n >= PATH_TEXT)
		return om_fail(err, OM_ELIMIT,
		    "path of the sidecar is too long");
	return 0;
}

static int
read_all(const char *path, struct om_buf *out, struct om_err *err)
{
	OM_AUTO(om_source_close) struct om_source *source = NULL;
	size_t n = 1;

	if (om_source_open(path, &source, err) < 0)
		return err->code;
	while (n > 0) {
		char bytes[4096];

		if (om_source_read(source, bytes, sizeof(bytes), &n, err) < 0)
			return err->code;
		om_buf_add(out, bytes, n);
	}
	if (om_buf_over(out))
		return om_fail(err, OM_ELIMIT, "sidecar '%s' is too long",
		    path);
	return 0;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static struct om_str
next_line(struct om_str *text)
{
	const char *end = memchr(text->p, '\n', text->n);
	size_t n = end == NULL ? text->n : (size_t)(end - text->p);
	struct om_str line = { text->p, n };

	n += end != NULL;
	*text = (struct om_str){ text->p + n, text->n - n };
	return om_str_trim(line);
}

/* "HEX  name", "HEX *name" as of sha256sum(1), or HEX alone. */
static bool
is_ours(struct om_str line, const char *name)
{
	size_t skip = OM_SHA256_HEX - 1;
	struct om_str rest;
	char text[PATH_TEXT];

	if (line.n == skip)
		return true;
	rest = om_str_trim((struct om_str){ line.p + skip, line.n - skip });
	if (rest.n > 0 && rest.p[0] == '*')
		rest = (struct om_str){ rest.p + 1, rest.n - 1 };
	snprintf(text, sizeof(text), "%.*s", OM_FMT(rest));
	return strcmp(base_name(text), name) == 0;
}

static bool
same_hex(struct om_str line, const char *hex)
{
	for (size_t i = 0; i < OM_SHA256_HEX - 1; i++) {
		char c = line.p[i];

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (c != hex[i])
			return false;
	}
	return true;
}

int
om_sidecar_says(struct om_str text, const char *path, const char *source,
    const char *hex, struct om_err *err)
{
	while (text.n > 0) {
		struct om_str line = next_line(&text);

		if (line.n < OM_SHA256_HEX - 1 ||
		    !is_ours(line, base_name(source)))
			continue;
		if (same_hex(line, hex))
			return 0;
		return om_fail(err, OM_EDATA,
		    "'%s' says SHA-256 %.*s, but the file has %s", path,
		    OM_SHA256_HEX - 1, line.p, hex);
	}
	return om_fail(err, OM_EDATA, "'%s' has no SHA-256 of '%s'", path,
	    base_name(source));
}

int
om_sidecar_check(const struct om_feed *feed, const char *source,
    const unsigned char sha[OM_SHA256_SIZE], struct om_err *err)
{
	struct om_buf bytes OM_AUTO(om_buf_fini) = { 0 };
	char path[PATH_TEXT];
	char hex[OM_SHA256_HEX];

	if (feed->sidecar == NULL)
		return 0;
	om_buf_init(&bytes, OM_SIDECAR_MAX);
	if (om_sidecar_path(feed, source, path, err) < 0 ||
	    read_all(path, &bytes, err) < 0)
		return err->code;
	om_hex(sha, OM_SHA256_SIZE, hex);
	return om_sidecar_says(om_buf_view(&bytes), path, source, hex, err);
}
