/*
 * json.h - a JSON writer that cannot write anything else.
 *
 * Commas, nesting and escapes are the writer's business. Amounts, counts and
 * ids go out as strings (jq and JavaScript round large numbers). Text that is
 * not UTF-8 is written with U+FFFD for each bad byte. The document ends up in
 * the caller's buffer, compact, one line, without a newline at its end.
 * Nesting deeper than the maximum, or ending what was not begun, is our mistake
 * and stops the program.
 */
#ifndef OM_TEXT_JSON_H
#define OM_TEXT_JSON_H

#include "base/buf.h"

#define OM_JSON_DEPTH_MAX 32

struct om_json {
	struct om_buf *out;
	int depth;
	bool comma[OM_JSON_DEPTH_MAX + 1]; /* [0]: at the top */
	char close[OM_JSON_DEPTH_MAX + 1];
};

void om_json_init(struct om_json *j, struct om_buf *out);

/* key is NULL inside an array and at the top. */
void om_json_object(struct om_json *j, const char *key);
void om_json_array(struct om_json *j, const char *key);
void om_json_end(struct om_json *j); /* of the innermost object or array */

/* {NULL, 0} and NULL are written as null. */
void om_json_text(struct om_json *j, const char *key, struct om_str value);
void om_json_cstr(struct om_json *j, const char *key, const char *value);
void om_json_int(struct om_json *j, const char *key, int64_t value); /* "7" */
void om_json_number(struct om_json *j, const char *key, int64_t value); /* 7 */

/* A number of seconds to the millisecond, rounded down: 0.01 */
void om_json_seconds(struct om_json *j, const char *key, int64_t ns);
void om_json_bool(struct om_json *j, const char *key, bool value);
void om_json_null(struct om_json *j, const char *key);

#endif
