/*
 * json_text.h - the insides of JSON's strings and numbers; private to the JSON
 * reader.
 */
#ifndef OM_TEXT_JSON_TEXT_H
#define OM_TEXT_JSON_TEXT_H

#include "base/str.h"

/* Undo the escapes of s into out, which has room for s.n bytes. NULL, or what
 * is wrong at *out_bad; then *out_n is of no use. */
const char *om_json_unescape(struct om_str s, char *out, size_t *out_n,
    size_t *out_bad);

/* The whole of s is a number by RFC 8259. */
bool om_json_number_valid(struct om_str s);

#endif
