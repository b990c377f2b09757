/*
 * ingest_parts.h - what the files of `ordmill ingest` share.
 */
#ifndef OM_CMD_INGEST_PARTS_H
#define OM_CMD_INGEST_PARTS_H

#include <glob.h>

#include "cmd/session.h"
#include "ingest/ingest.h"

struct ingest_args {
	const char *feed;
	const char *map;
	const char *max_rejects;
	struct om_list max_amount;
	const char *rejects;
	int64_t retries;
	bool explain;
	const char *manifest;
	bool inbox;
};

struct om_ingest_call {
	const struct om_cli *cli;
	const struct ingest_args *args;
	struct om_store *store;
	struct om_feed *feed;
	struct om_manifest manifest;
	struct om_ingest_options options;
	glob_t sources;
	struct om_buf json_text;
	struct om_json json;
	int status; /* the worst so far */
	bool failed;
	struct om_err err; /* the failure that stands for all */
};

/* A batch as text, or as an object of the call's JSON; why: NULL if it is in. */
void om_ingest_show(struct om_ingest_call *call, const char *name,
    const struct om_ingest_result *result);
void om_ingest_show_json(struct om_ingest_call *call, const char *name,
    const struct om_ingest_result *result, const struct om_err *why);

/* A failure that does not end the call. */
void om_ingest_failed(struct om_ingest_call *call, const struct om_err *err);

/* One batch by the call's feed, told and judged: 0, or the code of a failure
 * that is noted already. */
int om_ingest_one(struct om_ingest_call *call, char **names, char **paths,
    struct om_ingest_result *out);

/* --inbox: what waits of these feeds, or of all. */
OM_MUST_USE int om_ingest_inbox(struct om_ingest_call *call, int argc,
    char **argv, struct om_err *err);
/* A URL: by way of the inbox. Failures are noted. */
void om_ingest_url(struct om_ingest_call *call, const char *url);

#endif
