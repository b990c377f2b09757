/*
 * http_parts.h - what the files of the HTTP client share; private to them.
 */
#ifndef OM_IO_HTTP_PARTS_H
#define OM_IO_HTTP_PARTS_H

#include "io/http.h"

/* A line of the head, its end taken off. False: there are too many. */
OM_MUST_USE bool om_http_head_line(struct om_http_answer *answer,
    struct om_str line);

/* What libcurl's result means. detail is libcurl's own text. */
int om_http_failed(int result, const char *detail,
    struct om_http_answer *answer, struct om_err *err);

#endif
