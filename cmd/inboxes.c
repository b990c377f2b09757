/* inboxes.c - the inbox of a call; see inboxes.h. */
#include "cmd/inboxes.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cmd/config.h"
#include "cmd/session.h"
#include "db/db.h"

int
om_cli_inbox(const struct om_cli *cli, const char **out_root,
    struct om_err *err)
{
	struct om_setting inbox;
	const char *store;
	char *root;

	if (om_cli_setting(cli, "inbox", &inbox, err) < 0)
		return err->code;
	if (inbox.value != NULL && *inbox.value != '\0') {
		*out_root = inbox.value;
		return 0;
	}
	if (om_cli_store(cli, &store, err) < 0)
		return err->code;
	if (om_db_url_is_remote(store))
		return om_fail(err, OM_EUSAGE,
		    "a store on a server has no inbox of its own: say "
		    "'inbox: DIRECTORY' in the configuration");
	if (!om_store_exists(store))
		return om_fail(err, OM_ESTORE, "store '%s': no store", store);
	root = om_alloc(cli->arena, strlen(store) + sizeof("/inbox"));
	sprintf(root, "%s/inbox", store);
	*out_root = root;
	return 0;
}

static void
tell(void *arg, const char *line)
{
	const struct om_fetch_teller *t = arg;

	fprintf(stderr, "ordmill %s: %s: %s\n", t->command, t->feed, line);
}

/* On a terminal, where nothing else is written meanwhile. */
static bool
shows_bar(const struct om_cli *cli)
{
	return strcmp(cli->g->progress, "auto") == 0 && !cli->g->quiet &&
	       cli->g->verbose == 0 && isatty(STDERR_FILENO) == 1;
}

/* One line that is written over, or a line for each page. */
static void
tell_progress(void *arg, const struct om_fetch_result *r)
{
	const struct om_fetch_teller *t = arg;
	bool bar = shows_bar(t->cli);

	fprintf(stderr,
	    "%sordmill %s: %s: %" PRId64 " pages, %" PRId64
	    " documents, %" PRId64 " bytes%s",
	    bar ? "\r" : "", t->command, t->feed, r->pages, r->documents,
	    r->bytes, bar ? "\033[K" : "\n");
}

void
om_cli_fetch_end(const struct om_cli *cli)
{
	if (shows_bar(cli))
		fputs("\r\033[K", stderr);
}

void
om_cli_fetch_options(const struct om_cli *cli, const char *root,
    const struct om_fetch_teller *teller, struct om_fetch_options *out)
{
	bool lines = strcmp(cli->g->progress, "lines") == 0;

	*out = (struct om_fetch_options){
		.root = root,
		.agent = "ordmill/" OM_VERSION,
		.command = teller->command,
		.lock_wait_ms = cli->g->lock_wait_ms,
		.dry_run = cli->g->dry_run,
		.say = cli->g->verbose > 0 ? tell : NULL,
		.log = cli->g->verbose > 0 ? tell : NULL,
		.progress = lines || shows_bar(cli) ? tell_progress : NULL,
		.arg = (void *)(uintptr_t)teller,
	};
	om_http_env_init(&out->env);
	out->env.clock = cli->clock;
	out->env.deadline_ns = om_cli_deadline(cli);
}
