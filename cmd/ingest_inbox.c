/* ingest_inbox.c - batches that were fetched: in their order, each once. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/feeds.h"
#include "cmd/inboxes.h"
#include "cmd/ingest_parts.h"
#include "feed/http.h"
#include "fetch/inbox.h"

#define NAME_BYTES 384

/* FEED/NUMBER; and of a feed with a document for each day the name of the file,
 * too, by which it may be numbered. */
static void
name_document(const struct om_feed *feed, const struct om_document *d,
    char out[NAME_BYTES])
{
	const char *source = om_feed_url(feed);
	size_t n = strcspn(d->url, "?#");
	const char *base = d->url + n;

	while (base > d->url && base[-1] != '/')
		base--;
	if (source == NULL || strstr(source, "{date}") == NULL)
		base = d->url + n;
	snprintf(out, NAME_BYTES, "%s/%" PRId64 "%s%.*s", om_feed_name(feed),
	    d->number, base < d->url + n ? "/" : "", (int)(d->url + n - base),
	    base);
}

/* A document as a batch. It is marked once the store has it: after a kill in
 * between, the store knows the content. */
static int
load_document(struct om_ingest_call *c, struct om_inbox *inbox,
    const struct om_document *d)
{
	struct om_ingest_result r = { 0 };
	struct om_err err = { 0 };
	char path[OM_INBOX_PATH_MAX];
	char name[NAME_BYTES];
	char *names[] = { name };
	char *paths[] = { path };
	int rc;

	name_document(c->feed, d, name);
	om_inbox_body_path(inbox, d->number, path);
	c->options.fetched = true;
	rc = om_ingest_one(c, names, paths, &r);
	c->options.fetched = false;
	if (rc < 0 || c->options.dry_run)
		return rc;
	rc = om_inbox_loaded(inbox, d->number, r.batch, &err);
	if (rc < 0)
		om_ingest_failed(c, &err);
	return rc;
}

/* A document that cannot be loaded keeps back those behind it, which may be
 * about the same orders. */
static int
load_waiting(struct om_ingest_call *c, const char *root, struct om_err *err)
{
	OM_AUTO(om_inbox_close) struct om_inbox *inbox = NULL;
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_document *list;
	size_t count;
	int rc = 0;

	if (om_inbox_open(root, om_feed_name(c->feed), false, &inbox, err) <
		0 ||
	    om_inbox_list(inbox, &arena, &list, &count, err) < 0)
		return err->code;
	for (size_t i = 0; i < count && rc == 0; i++)
		if (list[i].state == OM_DOCUMENT_WAITING)
			rc = load_document(c, inbox, &list[i]);
	return 0;
}

static void
load_feed(struct om_ingest_call *c, const char *root, const char *name,
    const char *map)
{
	struct om_err err = { 0 };

	om_feed_free(&c->feed);
	if (om_cli_feed(c->cli, name, map, &c->feed, &err) < 0 ||
	    load_waiting(c, root, &err) < 0)
		om_ingest_failed(c, &err);
}

static int
check_options(const struct om_ingest_call *c, int argc, struct om_err *err)
{
	const struct ingest_args *a = c->args;
	const char *other = a->feed != NULL	  ? "--feed"
			    : a->manifest != NULL ? "--manifest"
			    : a->explain	  ? "--explain"
			    : a->retries != 0	  ? "--retries"
						  : NULL;

	if (other != NULL)
		return om_fail(err, OM_EUSAGE, "--inbox excludes %s", other);
	if (a->map != NULL && argc > 0)
		return om_fail(err, OM_EUSAGE,
		    "--map says which feed: name no other");
	return 0;
}

int
om_ingest_inbox(struct om_ingest_call *c, int argc, char **argv,
    struct om_err *err)
{
	struct om_texts feeds = { NULL, 0, 0 };
	const char *root;

	if (check_options(c, argc, err) < 0 ||
	    om_cli_inbox(c->cli, &root, err) < 0)
		return err->code;
	for (int i = 0; i < argc; i++)
		om_texts_add(&feeds, argv[i], c->cli->arena);
	if (c->args->map != NULL)
		om_texts_add(&feeds, NULL, c->cli->arena);
	if (feeds.count == 0 &&
	    om_inbox_feeds(root, c->cli->arena, &feeds, err) < 0)
		return err->code;
	for (size_t i = 0; i < feeds.count; i++)
		load_feed(c, root, feeds.text[i], c->args->map);
	return 0;
}

void
om_ingest_url(struct om_ingest_call *c, const char *url)
{
	const struct om_fetch_teller teller = { c->cli, "ingest",
		om_feed_name(c->feed) };
	OM_AUTO(om_inbox_close) struct om_inbox *inbox = NULL;
	struct om_fetch_options options;
	struct om_fetch_result r;
	struct om_document d;
	struct om_err err = { 0 };
	const char *root;

	if (om_cli_inbox(c->cli, &root, &err) < 0) {
		om_ingest_failed(c, &err);
		return;
	}
	om_cli_fetch_options(c->cli, root, &teller, &options);
	options.url = url;
	options.progress = NULL; /* there is one page */
	if (om_fetch(c->feed, &options, &r, &err) < 0 ||
	    om_inbox_open(root, om_feed_name(c->feed), false, &inbox, &err) <
		0 ||
	    om_inbox_get(inbox, r.last, c->cli->arena, &d, &err) < 0) {
		om_ingest_failed(c, &err);
		return;
	}
	(void)load_document(c, inbox, &d);
}
