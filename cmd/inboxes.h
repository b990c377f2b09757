/*
 * inboxes.h - where the inbox of a call is, and what it says while it fetches.
 */
#ifndef OM_CMD_INBOXES_H
#define OM_CMD_INBOXES_H

#include "cmd/command.h"
#include "fetch/fetch.h"

/* `inbox:` of the configuration, else the folder "inbox" of a store that is a
 * directory. OM_EUSAGE for one on a server; OM_ESTORE if there is no store. */
OM_MUST_USE int om_cli_inbox(const struct om_cli *cli, const char **out_root,
    struct om_err *err);

/* Who tells: "ordmill COMMAND: FEED: ..." on standard error, with -v. */
struct om_fetch_teller {
	const struct om_cli *cli;
	const char *command;
	const char *feed;
};

/* What every fetch of this call has in common; teller outlives it. */
void om_cli_fetch_options(const struct om_cli *cli, const char *root,
    const struct om_fetch_teller *teller, struct om_fetch_options *out);

/* Take away what was only shown in passing. */
void om_cli_fetch_end(const struct om_cli *cli);

#endif
