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

/* A text of a record, in arena; "" if it is not there. */
const char *om_inbox_text(const struct om_yaml *root, const char *key,
    struct om_arena *arena);

/* Headers that may be kept, as the array "headers". */
void om_record_headers(struct om_json *j, struct om_http_headers headers);

/* inbox_part.c. Is the part that lies there the beginning of what is asked for?
 * Then it is in the body. False: the body is in no state. */
OM_MUST_USE bool om_part_take(struct om_body *body);
/* A body begins with this answer: what goes into its mark. */
void om_part_note(struct om_body *body, const struct om_http_answer *answer);
/* So much is there. False: it cannot be gone on with. */
bool om_part_mark(const struct om_body *body);
void om_part_unmark(const struct om_body *body);

#endif
