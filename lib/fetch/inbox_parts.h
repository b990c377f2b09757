/*
 * inbox_parts.h - what the files of the inbox share; private to them.
 */
#ifndef OM_FETCH_INBOX_PARTS_H
#define OM_FETCH_INBOX_PARTS_H

#include "fetch/inbox.h"
#include "io/lock.h"

struct om_inbox {
	char folder[OM_INBOX_PATH_MAX];
	struct om_lock lock;
};

/* "N.body" and so on; a name without a number is of the folder itself. */
void om_inbox_path(const struct om_inbox *inbox, int64_t number,
    const char *end, char out[OM_INBOX_PATH_MAX]);
bool om_inbox_has(const struct om_inbox *inbox, int64_t number,
    const char *end);
/* The numbers of all records, sorted. */
OM_MUST_USE int om_inbox_numbers(const struct om_inbox *inbox,
    struct om_arena *arena, int64_t **out, size_t *out_count,
    struct om_err *err);
/* A small file whole; OM_ENOENT. */
OM_MUST_USE int om_inbox_read(const char *path, struct om_arena *arena,
    struct om_str *out, struct om_err *err);
OM_MUST_USE int om_inbox_read_json(const char *path, struct om_arena *arena,
    const struct om_yaml **out, struct om_err *err);

/* Headers that may be kept, as the array "headers". */
void om_record_headers(struct om_json *j, const struct om_http_answer *answer);

#endif
