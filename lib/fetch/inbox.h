/*
 * inbox.h - where fetched documents lie until they are loaded, and after.
 *
 * ROOT/FEED holds, for document N of a feed (from 1, eight digits or more):
 *
 *     N.body     as it came: what the server packed is still packed
 *     N.json     its record: URL, when, SHA-256, headers, and how far the feed
 *                was fetched with it. A document is there if its record is.
 *     N.loaded   the batch it became
 *     N.dropped  somebody took it out; its body is gone
 *
 * and state.json, how far the feed was fetched since the last document, lock
 * and exchanges.ndjson, what was asked and answered. A body is written as
 * next.part, flushed, renamed; then the record is, by the same steps. So a kill
 * at any moment leaves a document and the state that belongs to it, or
 * neither. Records are never changed.
 *
 * A body that was cut, or whose fetch was killed, is left as next.part with
 * next.mark: of which URL, by which validator, how many bytes, their SHA-256.
 * The next call asks for the rest if the bytes are those, and the server has
 * the last word on whether it is still the same body.
 *
 * Who fetches holds the lock of the feed; an inbox belongs to one thread.
 */
#ifndef OM_FETCH_INBOX_H
#define OM_FETCH_INBOX_H

#include "base/hash.h"
#include "base/time.h"
#include "fetch/drain.h"
#include "fetch/state.h"
#include "io/http_get.h"

#define OM_INBOX_PATH_MAX 4096

struct om_inbox;

/* OM_EUSAGE if feed is no name for a folder (letters, digits, '.', '_', '-').
 * With create the folder is made; else one that is missing is empty. */
OM_MUST_USE int om_inbox_open(const char *root, const char *feed, bool create,
    struct om_inbox **out, struct om_err *err);
void om_inbox_close(struct om_inbox **inbox); /* safe on NULL and twice */

/* OM_EBUSY names who fetches it. */
OM_MUST_USE int om_inbox_lock(struct om_inbox *inbox, int64_t wait_ms,
    const char *command, const struct om_clock *clock, struct om_err *err);

enum om_document_state {
	OM_DOCUMENT_WAITING,
	OM_DOCUMENT_LOADED,
	OM_DOCUMENT_DROPPED,
};

struct om_document {
	int64_t number;
	enum om_document_state state;
	int64_t batch; /* loaded: 0 if it is not known */
	int64_t bytes;
	int64_t at;
	const char *url;
	const char *sha256;
	const char *type;   /* Content-Type, or "" */
	const char *packed; /* Content-Encoding, or "" */
};

/* In their order; everything lives in arena. OM_EDAMAGED for a record that
 * cannot be read. */
OM_MUST_USE int om_inbox_list(struct om_inbox *inbox, struct om_arena *arena,
    struct om_document **out, size_t *out_count, struct om_err *err);
/* OM_ENOENT if there is none of this number. */
OM_MUST_USE int om_inbox_get(struct om_inbox *inbox, int64_t number,
    struct om_arena *arena, struct om_document *out, struct om_err *err);
void om_inbox_body_path(const struct om_inbox *inbox, int64_t number,
    char out[OM_INBOX_PATH_MAX]);
void om_inbox_record_path(const struct om_inbox *inbox, int64_t number,
    char out[OM_INBOX_PATH_MAX]);
const char *om_inbox_folder(const struct om_inbox *inbox);

OM_MUST_USE int om_inbox_loaded(struct om_inbox *inbox, int64_t number,
    int64_t batch, struct om_err *err);
/* Take the body out for good. */
OM_MUST_USE int om_inbox_drop(struct om_inbox *inbox, int64_t number,
    struct om_err *err);
/* And the record with it, once the state does not depend on it any more. */
OM_MUST_USE int om_inbox_forget(struct om_inbox *inbox, int64_t number,
    struct om_err *err);

/* The names of the feeds that ROOT has, sorted. A missing one has none. */
OM_MUST_USE int om_inbox_feeds(const char *root, struct om_arena *arena,
    struct om_texts *out, struct om_err *err);

/* A body on its way in. It does not move. */
struct om_body {
	struct om_inbox *inbox;
	char path[OM_INBOX_PATH_MAX];
	int fd;			/* -1: none */
	struct om_drain *drain; /* what is behind it has the next ones */
	uint64_t size;
	uint64_t behind; /* bytes that the disk was told of */
	struct om_sha256 sha;
	/* To go on with it if it is cut. */
	char asked[OM_SHA256_HEX]; /* hash of the URL, or "" */
	const char *validator;	   /* NULL: it cannot be gone on with */
	struct om_http_headers headers;
	struct om_arena arena;
	unsigned char digest[OM_SHA256_SIZE]; /* once finished */
	char hex[OM_SHA256_HEX];
};

/* Under the lock. If the beginning of what this URL gives lies there from an
 * earlier call, the body begins with it. NULL: nothing is left behind. The sink
 * writes it, from its begin on. */
OM_MUST_USE int om_body_begin(struct om_inbox *inbox, const char *url,
    struct om_body *out, struct om_err *err);
struct om_http_part om_body_part(const struct om_body *body);
struct om_http_sink om_body_sink(struct om_body *body);
/* It has come whole: flush it to the disk, know its SHA-256. */
OM_MUST_USE int om_body_finish(struct om_body *body, struct om_err *err);
/* Keep it under this name, for somebody to look at; not as a document. */
void om_body_keep(struct om_body *body, const char *name);
/* What lies there is not to be gone on with. */
void om_inbox_unmark(struct om_inbox *inbox);
/* It did not come whole: leave what there is to the next call, if its rest can
 * be asked for. */
void om_body_leave(struct om_body *body);
void om_body_end(struct om_body *body); /* gone if not committed; safe twice */

/* What its record says, besides what the body says itself. */
struct om_record {
	const char *feed;
	int64_t at;
	const char *url; /* fit to be shown */
	const struct om_http_answer *answer;
	int64_t items; /* -1: not counted */
};

/* Body, record and state in one step. */
OM_MUST_USE int om_body_commit(struct om_body *body,
    const struct om_record *record, const struct om_fetch_state *state,
    int64_t *out_number, struct om_err *err);

/* Under the lock. The state as of the last commit or put. */
OM_MUST_USE int om_inbox_state(struct om_inbox *inbox, struct om_arena *arena,
    struct om_fetch_state *out, struct om_err *err);
OM_MUST_USE int om_inbox_put_state(struct om_inbox *inbox,
    const struct om_fetch_state *state, struct om_err *err);

/* One more line about an exchange. What cannot be written is not worth a
 * failure: the record of the document says what counts. */
void om_inbox_note(struct om_inbox *inbox, const struct om_http_seen *seen);

#endif
