/*
 * base64.h - RFC 4648 section 4, with padding, read strictly.
 */
#ifndef OM_BASE_BASE64_H
#define OM_BASE_BASE64_H

#include "base/buf.h"
#include "base/err.h"

void om_base64(const void *bytes, size_t n, struct om_buf *out);
/* Added to out. OM_EDATA for what is not exactly the text of some bytes. */
OM_MUST_USE int om_unbase64(struct om_str text, struct om_buf *out,
    struct om_err *err);

#endif
