/* explain.h - ingest --explain: how files would be understood. */
#ifndef OM_CMD_EXPLAIN_H
#define OM_CMD_EXPLAIN_H

#include "cmd/command.h"
#include "feed/feed.h"
#include "text/json.h"

/* The files of one batch, read to their end; names are what to call them. In
 * text to cli->out, with --json as an object of j. *out_rejects is how many
 * orders would be rejected. OM_EDATA if the files cannot be read to the end,
 * once everything that was seen is shown. */
OM_MUST_USE int om_cli_explain(const struct om_cli *cli,
    const struct om_feed *feed, char **names, char **paths, struct om_json *j,
    int64_t *out_rejects, struct om_err *err);

#endif
