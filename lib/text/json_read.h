/*
 * json_read.h - JSON (RFC 8259) read strictly, token by token.
 *
 * A pull parser over input of any size: it holds one token, or all bytes from
 * a mark on. Numbers keep their original text, so amounts are never rounded;
 * strings are unescaped, their surrogates paired and their bytes UTF-8. A UTF-8
 * BOM at the start is dropped and counted in the offsets. Several documents may follow each other: the
 * caller knows by the depth, which is 0 again behind each.
 *
 * What is wrong inside one value and leaves the structure readable (a bad
 * escape, a control character or bad UTF-8 in a string, a lone surrogate, a
 * word that is no value, a number that is none) is an error, or for a tolerant
 * reader a problem that it remembers, reading on. All else is an error:
 * OM_EDATA, OM_ELIMIT for a bound. Messages say line and byte, and the path of
 * the value: "line 3, byte 120, orders[0].id: ...". Two members of one name
 * are none of them: RFC 8259 allows them.
 */
#ifndef OM_TEXT_JSON_READ_H
#define OM_TEXT_JSON_READ_H

#include "text/csv.h"

#define OM_JSON_NEST_MAX  128 /* open objects and arrays */
#define OM_JSON_VALUE_MAX ((size_t)16 * 1024 * 1024)
#define OM_JSON_PATH_MAX  200 /* bytes of a path, with its NUL */

enum om_json_kind {
	OM_JSON_NULL,
	OM_JSON_FALSE,
	OM_JSON_TRUE,
	OM_JSON_NUMBER,
	OM_JSON_STRING,
	OM_JSON_KEY, /* its value is the next token */
	OM_JSON_OBJECT,
	OM_JSON_OBJECT_END,
	OM_JSON_ARRAY,
	OM_JSON_ARRAY_END,
};

struct om_json_token {
	enum om_json_kind kind;
	int depth;	    /* containers around it; their own is outside */
	bool verbatim;	    /* string, key: text stands in the input as it is */
	struct om_str text; /* until the next call; of strings, unescaped */
	uint64_t hash;	    /* key: om_json_key_hash() */
	uint64_t line;	    /* 1.., of its first byte */
	uint64_t offset;    /* of its first byte in the input */
};

/* The first thing that a tolerant reader has put up with since it was last
 * asked to forget; or what it failed for. */
struct om_json_problem {
	char what[64]; /* empty: nothing */
	uint64_t line;
	uint64_t offset;
	char path[OM_JSON_PATH_MAX];
};

struct om_json_reader;

/* value_max: bytes of a token, and of what is marked; 0: OM_JSON_VALUE_MAX.
 * read may be NULL for a reader that is only given texts. */
struct om_json_reader *om_json_open(om_read_fn *read, void *arg,
    size_t value_max, bool tolerant);
void om_json_close(struct om_json_reader **reader); /* safe on NULL and twice */

/* Start over on a copy of a text, whose first byte is at this place. */
void om_json_give(struct om_json_reader *reader, struct om_str text,
    uint64_t line, uint64_t offset);

/* 1: *out is the next token. 0: the end of the input. Negative: failed. */
OM_MUST_USE int om_json_next(struct om_json_reader *reader,
    struct om_json_token *out, struct om_err *err);

/* Keep the input from the last token's first byte on, until om_json_unmark(). */
void om_json_mark(struct om_json_reader *reader);
void om_json_unmark(struct om_json_reader *reader);
/* The bytes from the mark up to the end of the last token, until the next
 * call. OM_ELIMIT if they are too many. */
OM_MUST_USE int om_json_marked(struct om_json_reader *reader,
    struct om_str *out, struct om_err *err);

const struct om_json_problem *om_json_problem(
    const struct om_json_reader *reader);
void om_json_forget(struct om_json_reader *reader);

/* Where the last token stands: "orders[0].line_items[2].sku"; "" at the top.
 * Long names and paths are cut. */
void om_json_path(const struct om_json_reader *reader,
    char out[OM_JSON_PATH_MAX]);

uint64_t om_json_key_hash(struct om_str key);

#endif
