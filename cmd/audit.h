/*
 * audit.h - what the audit commands share.
 */
#ifndef OM_CMD_AUDIT_H
#define OM_CMD_AUDIT_H

#include "audit/note.h"
#include "cmd/command.h"

/* key is a verifier key, or the path of a file that holds one. OM_EUSAGE if
 * it is neither. */
OM_MUST_USE int om_cli_verifier(const char *key, struct om_verifier **out,
    struct om_err *err);

/* A whole file of at most OM_NOTE_MAX bytes; "-" is standard input. */
OM_MUST_USE int om_cli_note(const char *path, struct om_buf *out,
    struct om_err *err);

#endif
