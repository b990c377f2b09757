/*
 * err.h - why it failed, told from the outside in.
 *
 * A function that can fail returns 0 or a negative code, and takes the
 * caller's struct om_err as its last argument. The failing function says what
 * went wrong with om_fail(); each caller that knows more says where with
 * om_wrap(); only cmd/ prints. On success the struct is left untouched.
 */
#ifndef OM_BASE_ERR_H
#define OM_BASE_ERR_H

#include "base/attr.h"

#define OM_ERR_MAX 1024

/* Each class has one exit status; cmd/main.c holds the table. */
enum om_code {
	OM_OK = 0,
	OM_EUSAGE = -1,	   /* the command line, configuration or mapping */
	OM_EDATA = -2,	   /* the input is wrong beyond what was allowed */
	OM_ENOENT = -3,	   /* the thing named does not exist or is unreadable */
	OM_ECONFLICT = -4, /* it exists, and differs */
	OM_EBUSY = -5,	   /* held by another process: try again */
	OM_EIO = -6,	   /* a file or disk failed */
	OM_ESTORE = -7,	   /* store missing, or made by a newer program */
	OM_ELIMIT = -8,	   /* a stated bound was reached */
	OM_EDAMAGED = -9,  /* the store is damaged */
	OM_EDEADLINE = -10, /* stopped at a checkpoint, resumable */
	OM_EREMOTE = -11,   /* a remote is unreachable after retries */
	OM_EAUTH = -12,	    /* not authorised */
	OM_EOUTPUT = -13,   /* output could not be written in full */
	OM_EINTERNAL = -14, /* a book does not close; our mistake */
};

struct om_err {
	enum om_code code;
	char msg[OM_ERR_MAX]; /* "outer: inner: cause", always terminated */
};

/* Record a failure and return code, so that `return om_fail(...)` reads. */
int om_fail(struct om_err *err, enum om_code code, const char *fmt, ...)
    OM_PRINTF(3, 4);

/* Put "context: " before the message and return the code unchanged. */
int om_wrap(struct om_err *err, const char *fmt, ...) OM_PRINTF(2, 3);

/* "bad data", "busy": the class, for logs and tests. */
const char *om_code_name(enum om_code code);

#endif
