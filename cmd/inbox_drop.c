/* inbox_drop.c - ordmill inbox drop FEED N...; ordmill inbox retain */
#include <inttypes.h>
#include <unistd.h>

#include "cmd/inboxes.h"
#include "fetch/inbox.h"

struct drop_args {
	bool yes;
};

static const struct om_opt drop_opts[] = {
	OM_FLAG(struct drop_args, yes, 'y', "yes",
	    "it is meant; without it, nothing is dropped"),
	{ 0 },
};

static const char *const drop_examples[] = {
	"take a document out that cannot be loaded",
	"ordmill inbox drop -s day --yes shop 17",
	NULL,
};

struct retain_args {
	int64_t older_ms;
	bool yes;
};

static const struct om_opt retain_opts[] = {
	OM_DURATION(struct retain_args, older_ms, 0, "older-than", "DURATION",
	    "those that were fetched so long ago"),
	OM_FLAG(struct retain_args, yes, 'y', "yes",
	    "it is meant; without it, nothing is removed"),
	{ 0 },
};

static const char *const retain_examples[] = {
	"keep what was loaded for ninety days",
	"ordmill inbox retain -s day --older-than 90d --yes",
	NULL,
};

static om_run_fn drop_run;
static om_run_fn retain_run;

const struct om_cmd om_cmd_inbox_drop = {
	.name = "inbox drop",
	.summary = "take documents out of the inbox, for good",
	.operands = "FEED DOCUMENT...",
	.operand_min = 2,
	.operand_max = -1,
	.opts = drop_opts,
	.args_size = sizeof(struct drop_args),
	.run = drop_run,
	.examples = drop_examples,
};

const struct om_cmd om_cmd_inbox_retain = {
	.name = "inbox retain",
	.summary = "remove documents that were loaded or dropped long ago",
	.operands = "[FEED...]",
	.operand_max = -1,
	.opts = retain_opts,
	.args_size = sizeof(struct retain_args),
	.run = retain_run,
	.examples = retain_examples,
};

/* Off a terminal nobody can be asked, and on one nobody is. */
static int
insist(const struct om_cli *cli, bool yes, struct om_err *err)
{
	return yes || cli->g->dry_run
		   ? 0
		   : om_fail(err, OM_EUSAGE,
			 "this cannot be taken back: say --yes, or -n to see "
			 "what would be done");
}

static int
open_locked(const struct om_cli *cli, const char *feed, const char *command,
    struct om_inbox **out, struct om_err *err)
{
	const char *root;

	if (om_cli_inbox(cli, &root, err) < 0 ||
	    om_inbox_open(root, feed, false, out, err) < 0)
		return err->code;
	if (access(om_inbox_folder(*out), F_OK) < 0)
		return om_fail(err, OM_ENOENT, "feed '%s' has no inbox", feed);
	return om_inbox_lock(*out, cli->g->lock_wait_ms, command, &cli->clock,
	    err);
}

static int
drop_one(const struct om_cli *cli, struct om_inbox *inbox, const char *feed,
    const char *text, struct om_err *err)
{
	struct om_document d;
	int64_t number;

	if (!om_str_int(om_str_of(text), &number) || number < 1)
		return om_fail(err, OM_EUSAGE,
		    "a document has a number, not '%s'", text);
	if (om_inbox_get(inbox, number, cli->arena, &d, err) < 0 ||
	    (!cli->g->dry_run && om_inbox_drop(inbox, number, err) < 0))
		return err->code;
	if (!cli->g->quiet)
		fprintf(cli->out, "%s %" PRId64 ": %s\n", feed, number,
		    cli->g->dry_run ? "would be dropped" : "dropped");
	return 0;
}

static int
drop_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct drop_args *a = args;
	OM_AUTO(om_inbox_close) struct om_inbox *inbox = NULL;

	if (insist(cli, a->yes, err) < 0 ||
	    open_locked(cli, argv[0], "inbox drop", &inbox, err) < 0)
		return err->code;
	for (int i = 1; i < argc; i++)
		if (drop_one(cli, inbox, argv[0], argv[i], err) < 0)
			return err->code;
	return OM_EXIT_OK;
}

/* The record of the newest document stays: it says how far the feed is. */
static int
retain_feed(const struct om_cli *cli, const char *feed, int64_t before,
    struct om_err *err)
{
	OM_AUTO(om_inbox_close) struct om_inbox *inbox = NULL;
	struct om_document *list;
	int64_t removed = 0;
	size_t count;

	if (open_locked(cli, feed, "inbox retain", &inbox, err) < 0 ||
	    om_inbox_list(inbox, cli->arena, &list, &count, err) < 0)
		return err->code;
	for (size_t i = 0; i + 1 < count; i++) {
		if (list[i].state == OM_DOCUMENT_WAITING || list[i].at > before)
			continue;
		if (!cli->g->dry_run &&
		    om_inbox_forget(inbox, list[i].number, err) < 0)
			return err->code;
		removed++;
	}
	if (!cli->g->quiet)
		fprintf(cli->out, "%s: %" PRId64 " of %zu documents %s\n", feed,
		    removed, count,
		    cli->g->dry_run ? "would be removed" : "removed");
	return 0;
}

static int
retain_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct retain_args *a = args;
	int64_t before = om_now(&cli->clock) - a->older_ms / 1000;
	struct om_texts feeds = { NULL, 0, 0 };
	const char *root;

	if (a->older_ms == 0)
		return om_fail(err, OM_EUSAGE, "say --older-than DURATION");
	if (insist(cli, a->yes, err) < 0 || om_cli_inbox(cli, &root, err) < 0)
		return err->code;
	for (int i = 0; i < argc; i++)
		om_texts_add(&feeds, argv[i], cli->arena);
	if (argc == 0 && om_inbox_feeds(root, cli->arena, &feeds, err) < 0)
		return err->code;
	for (size_t i = 0; i < feeds.count; i++)
		if (retain_feed(cli, feeds.text[i], before, err) < 0)
			return err->code;
	return OM_EXIT_OK;
}
