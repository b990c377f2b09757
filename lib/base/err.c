/* err.c - formatting of failures; see err.h for the rules. */
#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
om_fail(struct om_err *err, enum om_code code, const char *fmt, ...)
{
	va_list ap;

	assert(code < 0);

	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return code;
}

int
om_wrap(struct om_err *err, const char *fmt, ...)
{
	char cause[OM_ERR_MAX];
	va_list ap;
	size_t len;

	assert(err->code < 0);

	memcpy(cause, err->msg, sizeof(cause));
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", cause);
	return err->code;
}

const char *
om_code_name(enum om_code code)
{
	switch (code) {
	case OM_OK:
		return "ok";
	case OM_EUSAGE:
		return "usage";
	case OM_EDATA:
		return "bad data";
	case OM_ENOENT:
		return "not found";
	case OM_ECONFLICT:
		return "conflict";
	case OM_EBUSY:
		return "busy";
	case OM_EIO:
		return "i/o";
	case OM_ESTORE:
		return "store";
	case OM_ELIMIT:
		return "limit";
	case OM_EDAMAGED:
		return "damaged";
	case OM_EDEADLINE:
		return "deadline";
	case OM_EREMOTE:
		return "remote";
	case OM_EAUTH:
		return "not authorised";
	case OM_EOUTPUT:
		return "output";
	case OM_EINTERNAL:
		return "internal";
	}
	return "unknown";
}
