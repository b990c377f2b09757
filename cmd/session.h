/*
 * session.h - what commands share that work with a store.
 */
#ifndef OM_CMD_SESSION_H
#define OM_CMD_SESSION_H

#include "cmd/command.h"
#include "store/outcome.h"
#include "store/store.h"
#include "text/json.h"

/* Open the store of this call. For writing, command names the holder of the
 * lock, and --lock-wait is obeyed. */
OM_MUST_USE int om_cli_open(const struct om_cli *cli, enum om_access access,
    const char *command, struct om_store **out, struct om_err *err);

/* Books as the rows of a small table, or as "orders" and "money". */
void om_cli_books(FILE *out, const struct om_books *books);
void om_cli_books_json(struct om_json *j, const struct om_books *books);

/* When to stop, by om_monotonic_ns(); 0 without --max-duration. */
int64_t om_cli_deadline(const struct om_cli *cli);

#endif
