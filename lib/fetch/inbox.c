/* inbox.c - the folder of a feed: names, markers, lists; see inbox.h. */
#include "fetch/inbox.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/inbox_parts.h"
#include "io/output.h"

#define NAME_MAX_BYTES 128

/* A name that is one folder, and none that hides or leads away. */
static bool
good_name(const char *feed)
{
	size_t n = strlen(feed);

	return n > 0 && n < NAME_MAX_BYTES && feed[0] != '.' &&
	       strspn(feed, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
			    "yz0123456789._-") == n;
}

static int
make_folder(const char *path, struct om_err *err)
{
	if (mkdir(path, 0777) == 0)
		om_sync_folder_of(path);
	else if (errno != EEXIST)
		return om_fail(err, OM_EOUTPUT, "cannot make '%s': %s", path,
		    strerror(errno));
	return 0;
}

int
om_inbox_open(const char *root, const char *feed, bool create,
    struct om_inbox **out, struct om_err *err)
{
	OM_AUTO(om_inbox_close)
	struct om_inbox *inbox = om_must(calloc(1, sizeof(*inbox)));
	int n;

	inbox->lock = OM_LOCK_NONE;
	if (!good_name(feed))
		return om_fail(err, OM_EUSAGE,
		    "feed '%s' cannot have an inbox: its name may have letters,"
		    " digits, '.', '_' and '-'",
		    feed);
	n = snprintf(inbox->folder, sizeof(inbox->folder), "%s/%s", root, feed);
	if (n < 0 || (size_t)n >= sizeof(inbox->folder) - NAME_MAX_BYTES)
		return om_fail(err, OM_EUSAGE, "'%.60s...' is too long a path",
		    root);
	if (create &&
	    (make_folder(root, err) < 0 || make_folder(inbox->folder, err) < 0))
		return err->code;
	*out = inbox;
	inbox = NULL;
	return 0;
}

void
om_inbox_close(struct om_inbox **inbox)
{
	if (*inbox == NULL)
		return;
	om_lock_drop(&(*inbox)->lock);
	free(*inbox);
	*inbox = NULL;
}

const char *
om_inbox_folder(const struct om_inbox *inbox)
{
	return inbox->folder;
}

int
om_inbox_lock(struct om_inbox *inbox, int64_t wait_ms, const char *command,
    const struct om_clock *clock, struct om_err *err)
{
	char path[OM_INBOX_PATH_MAX];

	om_inbox_path(inbox, 0, "lock", path);
	return om_lock_take(path, false, wait_ms, command, clock, &inbox->lock,
	    err);
}

void
om_inbox_path(const struct om_inbox *inbox, int64_t number, const char *end,
    char out[OM_INBOX_PATH_MAX])
{
	char name[NAME_MAX_BYTES];

	if (number == 0)
		snprintf(name, sizeof(name), "%s", end);
	else
		snprintf(name, sizeof(name), "%08" PRId64 ".%s", number, end);
	snprintf(out, OM_INBOX_PATH_MAX, "%.*s/%s",
	    OM_INBOX_PATH_MAX - NAME_MAX_BYTES - 1, inbox->folder, name);
}

void
om_inbox_body_path(const struct om_inbox *inbox, int64_t number,
    char out[OM_INBOX_PATH_MAX])
{
	om_inbox_path(inbox, number, "body", out);
}

void
om_inbox_record_path(const struct om_inbox *inbox, int64_t number,
    char out[OM_INBOX_PATH_MAX])
{
	om_inbox_path(inbox, number, "json", out);
}

bool
om_inbox_has(const struct om_inbox *inbox, int64_t number, const char *end)
{
	char path[OM_INBOX_PATH_MAX];

	om_inbox_path(inbox, number, end, path);
	return access(path, F_OK) == 0;
}

/* "00000017.json" is 17; 0: it is no record. */
static int64_t
number_of(const char *name)
{
	size_t digits = strspn(name, "0123456789");
	const char *zero = name + strspn(name, "0");
	int64_t n;

	if (digits < 8 || strcmp(name + digits, ".json") != 0 ||
	    !om_str_int((struct om_str){ zero, digits - (size_t)(zero - name) },
		&n))
		return 0;
	return n;
}

static int
compare_numbers(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int
cannot_list(const char *folder, struct om_err *err)
{
	return om_fail(err, OM_EIO, "cannot list '%s': %s", folder,
	    strerror(errno));
}

int
om_inbox_numbers(const struct om_inbox *inbox, struct om_arena *arena,
    int64_t **out, size_t *out_count, struct om_err *err)
{
	DIR *dir = opendir(inbox->folder);
	const struct dirent *entry;
	int64_t *list = NULL;
	size_t count = 0;
	size_t room = 0;

	if (dir == NULL && errno != ENOENT)
		return cannot_list(inbox->folder, err);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		int64_t n = number_of(entry->d_name);

		if (n == 0)
			continue;
		if (count == room) {
			int64_t *more;

			room = room == 0 ? 64 : 2 * room;
			more = om_alloc(arena, room * sizeof(*more));
			if (count > 0)
				memcpy(more, list, count * sizeof(*more));
			list = more;
		}
		list[count++] = n;
	}
	if (dir != NULL)
		closedir(dir);
	if (count > 0)
		qsort(list, count, sizeof(*list), compare_numbers);
	*out = list;
	*out_count = count;
	return 0;
}

int
om_inbox_loaded(struct om_inbox *inbox, int64_t number, int64_t batch,
    struct om_err *err)
{
	char path[OM_INBOX_PATH_MAX];
	char text[32];

	om_inbox_path(inbox, number, "loaded", path);
	snprintf(text, sizeof(text), "%" PRId64 "\n", batch);
	return om_file_replace(path, text, strlen(text), 0666, err);
}

static int
take_away(const struct om_inbox *inbox, int64_t number, const char *end,
    struct om_err *err)
{
	char path[OM_INBOX_PATH_MAX];

	om_inbox_path(inbox, number, end, path);
	if (unlink(path) < 0 && errno != ENOENT)
		return om_fail(err, OM_EOUTPUT, "cannot remove '%s': %s", path,
		    strerror(errno));
	return 0;
}

/* The marker first: a body that is missing without one would be a loss. */
int
om_inbox_drop(struct om_inbox *inbox, int64_t number, struct om_err *err)
{
	char path[OM_INBOX_PATH_MAX];

	om_inbox_path(inbox, number, "dropped", path);
	if (om_file_replace(path, "", 0, 0666, err) < 0)
		return err->code;
	return take_away(inbox, number, "body", err);
}

/* The record last: as long as it is there, so is the document. */
int
om_inbox_forget(struct om_inbox *inbox, int64_t number, struct om_err *err)
{
	char path[OM_INBOX_PATH_MAX];

	if (om_inbox_drop(inbox, number, err) < 0 ||
	    take_away(inbox, number, "json", err) < 0 ||
	    take_away(inbox, number, "loaded", err) < 0 ||
	    take_away(inbox, number, "dropped", err) < 0)
		return err->code;
	om_inbox_path(inbox, number, "json", path);
	om_sync_folder_of(path);
	return 0;
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
om_inbox_feeds(const char *root, struct om_arena *arena, struct om_texts *out,
    struct om_err *err)
{
	DIR *dir = opendir(root);
	const struct dirent *entry;

	*out = (struct om_texts){ NULL, 0, 0 };
	if (dir == NULL && errno == ENOENT)
		return 0;
	if (dir == NULL)
		return cannot_list(root, err);
	while ((entry = readdir(dir)) != NULL)
		if (good_name(entry->d_name))
			om_texts_add(out,
			    om_strndup(arena, entry->d_name,
				strlen(entry->d_name)),
			    arena);
	closedir(dir);
	if (out->count > 0)
		qsort(out->text, out->count, sizeof(*out->text), compare_texts);
	return 0;
}
