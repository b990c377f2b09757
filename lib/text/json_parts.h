/*
 * json_parts.h - what the two halves of the JSON reader share.
 *
 * json_input.c cuts tokens out of a window on the input, json_read.c knows the
 * grammar.
 */
#ifndef OM_TEXT_JSON_PARTS_H
#define OM_TEXT_JSON_PARTS_H

#include "text/json_read.h"

#define OM_JSON_NAME_MAX 40 /* bytes of a name that a path shows */

/* An open container. */
struct om_json_frame {
	bool array;
	bool cut; /* the name is longer */
	uint8_t name_n;
	uint32_t index; /* of the element */
	char name[OM_JSON_NAME_MAX];
};

enum om_json_want {
	OM_WANT_DOCUMENT, /* or the end of the input */
	OM_WANT_VALUE,
	OM_WANT_VALUE_OR_END,
	OM_WANT_KEY,
	OM_WANT_KEY_OR_END,
	OM_WANT_COLON,
	OM_WANT_COMMA_OR_END,
};

struct om_json_reader {
	om_read_fn *read;
	void *arg;
	size_t value_max;
	bool tolerant;

	char *buf; /* OM_JSON_SCAN_PAD more than cap can be read */
	size_t cap;
	size_t have;
	size_t at;    /* what comes next */
	size_t token; /* where the last token starts */
	size_t mark;  /* SIZE_MAX: none */
	bool ended;
	bool begun;	 /* a BOM can no longer come */
	uint64_t before; /* offset of buf[0] in the input */
	uint64_t line;	 /* of at */
	uint64_t token_line;
	char *scratch; /* unescaped text */
	size_t scratch_cap;

	enum om_json_want want;
	int depth;
	struct om_json_frame frame[OM_JSON_NEST_MAX + 1];
	struct om_json_problem problem;
};

void *om_json_grow(void *p, size_t size);

/* Read more behind what is there; r->ended if there is none. The token, and
 * what is marked, stay. */
OM_MUST_USE int om_json_fill(struct om_json_reader *r, struct om_err *err);

/* To the next byte that is not blank. 1: it is at r->at. 0: the end. */
OM_MUST_USE int om_json_skip_blanks(struct om_json_reader *r,
    struct om_err *err);

/* The string, or the word or number, that begins at r->at. */
OM_MUST_USE int om_json_string(struct om_json_reader *r,
    struct om_json_token *out, struct om_err *err);
OM_MUST_USE int om_json_scalar(struct om_json_reader *r,
    struct om_json_token *out, struct om_err *err);

/* Fail at a byte of the token. With a problem pending, that is the cause. */
int om_json_fail_at(struct om_json_reader *r, enum om_code code, size_t at,
    const char *what, struct om_err *err);
/* Likewise, unless the reader is tolerant: 0 then. */
OM_MUST_USE int om_json_object_to(struct om_json_reader *r, size_t at,
    const char *what, struct om_err *err);

#endif
