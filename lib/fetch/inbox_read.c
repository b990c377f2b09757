/* inbox_read.c - records, states and the list of documents, read back. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/inbox_parts.h"
#include "io/output.h"

#define STATE_MAX     OM_YAML_MAX /* it is read as such */
#define EXCHANGES_MAX ((int64_t)8 * 1024 * 1024)

int
om_inbox_read(const char *path, struct om_arena *arena, struct om_str *out,
    struct om_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st = { 0 };
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size > (off_t)STATE_MAX) {
		if (fd >= 0)
			close(fd);
		return om_fail(err, errno == ENOENT ? OM_ENOENT : OM_EIO,
		    "cannot read '%s': %s", path, strerror(errno));
	}
	text = om_alloc(arena, (size_t)st.st_size + 1);
	n = read(fd, text, (size_t)st.st_size);
	close(fd);
	if (n != st.st_size)
		return om_fail(err, OM_EIO, "cannot read '%s'", path);
	*out = (struct om_str){ text, (size_t)n };
	return 0;
}

/* JSON is YAML, too, and what is read here was written by us. */
int
om_inbox_read_json(const char *path, struct om_arena *arena,
    const struct om_yaml **out, struct om_err *err)
{
	struct om_str text;

	if (om_inbox_read(path, arena, &text, err) < 0)
		return err->code;
	if (om_yaml_parse(arena, path, text, out, err) == 0)
		return 0;
	err->code = OM_EDAMAGED;
	return err->code;
}

const char *
om_inbox_text(const struct om_yaml *root, const char *key,
    struct om_arena *arena)
{
	const struct om_yaml *node = om_yaml_get(root, key);

	if (node == NULL || node->kind != OM_YAML_SCALAR)
		return "";
	return om_str_dup(arena, node->text).p;
}

static void
read_marks(const struct om_inbox *inbox, struct om_arena *arena,
    struct om_document *d)
{
	struct om_err ignored = { 0 };
	char path[OM_INBOX_PATH_MAX];
	struct om_str text;

	d->state = OM_DOCUMENT_WAITING;
	if (om_inbox_has(inbox, d->number, "dropped"))
		d->state = OM_DOCUMENT_DROPPED;
	om_inbox_path(inbox, d->number, "loaded", path);
	if (om_inbox_read(path, arena, &text, &ignored) < 0)
		return;
	if (d->state == OM_DOCUMENT_WAITING)
		d->state = OM_DOCUMENT_LOADED;
	if (!om_str_int(om_str_trim(text), &d->batch))
		d->batch = 0;
}

int
om_inbox_get(struct om_inbox *inbox, int64_t number, struct om_arena *arena,
    struct om_document *out, struct om_err *err)
{
	const struct om_yaml *root;
	char path[OM_INBOX_PATH_MAX];
	struct om_err ignored = { 0 };

	om_inbox_path(inbox, number, "json", path);
	if (om_inbox_read_json(path, arena, &root, err) < 0)
		return err->code == OM_ENOENT
			   ? om_fail(err, OM_ENOENT,
				 "there is no document %" PRId64, number)
			   : err->code;
	*out = (struct om_document){
		.number = number,
		.url = om_inbox_text(root, "url", arena),
		.sha256 = om_inbox_text(root, "sha256", arena),
		.type = om_inbox_text(root, "type", arena),
		.packed = om_inbox_text(root, "packed", arena),
	};
	if (!om_str_int(om_str_of(om_inbox_text(root, "bytes", arena)),
		&out->bytes) ||
	    om_time_parse(om_str_of(om_inbox_text(root, "at", arena)), &out->at,
		&ignored) < 0)
		return om_fail(err, OM_EDAMAGED, "'%s' is no record", path);
	read_marks(inbox, arena, out);
	return 0;
}

int
om_inbox_list(struct om_inbox *inbox, struct om_arena *arena,
    struct om_document **out, size_t *out_count, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena scratch = { 0 };
	struct om_document *list;
	int64_t *numbers;
	size_t count;

	if (om_inbox_numbers(inbox, &scratch, &numbers, &count, err) < 0)
		return err->code;
	list = om_alloc(arena, (count + 1) * sizeof(*list));
	for (size_t i = 0; i < count; i++)
		if (om_inbox_get(inbox, numbers[i], arena, &list[i], err) < 0)
			return err->code;
	*out = list;
	*out_count = count;
	return 0;
}

/* "after" says which document the state of state.json comes behind. */
static int
read_state(const char *path, struct om_arena *arena, int64_t *out_after,
    struct om_fetch_state *out, struct om_err *err)
{
	const struct om_yaml *root;
	const struct om_yaml *after;

	if (om_inbox_read_json(path, arena, &root, err) < 0)
		return err->code;
	after = om_yaml_get(root, "after");
	if (after != NULL && !om_str_int(after->text, out_after))
		return om_fail(err, OM_EDAMAGED, "'%s' is no state", path);
	if (om_fetch_state_read(root, arena, out, err) < 0)
		return om_wrap(err, "'%s'", path);
	return 0;
}

static int
last_number(const struct om_inbox *inbox, int64_t *out, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	int64_t *numbers;
	size_t count;

	if (om_inbox_numbers(inbox, &arena, &numbers, &count, err) < 0)
		return err->code;
	*out = count == 0 ? 0 : numbers[count - 1];
	return 0;
}

int
om_inbox_state(struct om_inbox *inbox, struct om_arena *arena,
    struct om_fetch_state *out, struct om_err *err)
{
	char path[OM_INBOX_PATH_MAX];
	int64_t last;
	int64_t after = -1;

	om_fetch_state_init(out);
	if (last_number(inbox, &last, err) < 0)
		return err->code;
	om_inbox_path(inbox, 0, "state.json", path);
	if (access(path, F_OK) == 0 &&
	    read_state(path, arena, &after, out, err) < 0)
		return err->code;
	if (after >= last || last == 0)
		return 0;
	om_inbox_path(inbox, last, "json", path);
	return read_state(path, arena, &after, out, err);
}

int
om_inbox_put_state(struct om_inbox *inbox, const struct om_fetch_state *state,
    struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_buf text OM_AUTO(om_buf_fini);
	struct om_fetch_state before;
	char path[OM_INBOX_PATH_MAX];
	int64_t after = 0;
	int64_t last;
	struct om_json j;

	om_buf_init(&text, STATE_MAX);
	om_inbox_path(inbox, 0, "state.json", path);
	if (last_number(inbox, &last, err) < 0 ||
	    (access(path, F_OK) == 0 &&
		read_state(path, &arena, &after, &before, err) < 0))
		return err->code;
	om_json_init(&j, &text);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.feed-state/1");
	om_json_int(&j, "after", last > after ? last : after);
	om_fetch_state_write(state, &j);
	om_json_end(&j);
	om_buf_char(&text, '\n');
	if (om_buf_over(&text))
		return om_fail(err, OM_ELIMIT, "a state of over %zu bytes",
		    STATE_MAX);
	return om_file_replace(path, text.p, text.n, 0666, err);
}

static void
write_exchange(const struct om_http_seen *seen, struct om_buf *out)
{
	const struct om_http_answer *a = seen->answer;
	char when[OM_TIME_TEXT_MAX];
	struct om_json j;

	om_json_init(&j, out);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "startedDateTime", om_time_text(seen->at, when));
	om_json_number(&j, "time", a->ns / 1000000);
	om_json_object(&j, "request");
	om_json_cstr(&j, "method", seen->method);
	om_json_cstr(&j, "url", seen->url);
	om_json_end(&j);
	om_json_object(&j, "response");
	om_json_number(&j, "status", a->status);
	om_json_cstr(&j, "statusText", a->reason);
	om_json_int(&j, "bodySize", (int64_t)a->received);
	om_record_headers(&j, om_http_headers(a));
	om_json_end(&j);
	if (seen->failure != NULL)
		om_json_cstr(&j, "comment", seen->failure);
	om_json_end(&j);
	om_buf_char(out, '\n');
}

void
om_inbox_note(struct om_inbox *inbox, const struct om_http_seen *seen)
{
	struct om_buf text OM_AUTO(om_buf_fini);
	char path[OM_INBOX_PATH_MAX];
	char old[OM_INBOX_PATH_MAX];
	struct stat st;
	off_t size;
	ssize_t n;
	int fd;

	om_buf_init(&text, STATE_MAX);
	write_exchange(seen, &text);
	om_inbox_path(inbox, 0, "exchanges.ndjson", path);
	om_inbox_path(inbox, 0, "exchanges.1.ndjson", old);
	if (stat(path, &st) == 0 && st.st_size > EXCHANGES_MAX)
		(void)rename(path, old);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0)
		return;
	size = stat(path, &st) == 0 ? st.st_size : 0;
	n = write(fd, text.p, text.n);
	if (n > 0 && (size_t)n < text.n)
		n = ftruncate(fd, size); /* no half a line */
	close(fd);
}
