/*
 * secret.h - what must not be seen, from where it may come.
 *
 * A file, what a command prints, or a file of $CREDENTIALS_DIRECTORY (systemd);
 * never the command line, a variable of the environment or the configuration
 * itself. One end of line behind it is taken off.
 */
#ifndef OM_IO_SECRET_H
#define OM_IO_SECRET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define OM_SECRET_MAX ((size_t)65536)

struct om_secret {
	enum om_secret_kind {
		OM_SECRET_NONE,
		OM_SECRET_FILE,	      /* where: a path */
		OM_SECRET_COMMAND,    /* where: for sh -c */
		OM_SECRET_CREDENTIAL, /* where: a name in the directory */
	} kind;
	const char *where;
};

/* Added to out, which om_secret_wipe() then ends. OM_EAUTH if there is none:
 * the message says where from, never what. With one_line it has no control
 * characters. */
OM_MUST_USE int om_secret_read(const struct om_secret *secret, bool one_line,
    struct om_buf *out, struct om_err *err);

/* Overwrite and give back. Safe twice. */
void om_secret_wipe(struct om_buf *buf);

#endif
