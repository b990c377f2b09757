/* inbox.c - ordmill inbox list [FEED...]; ordmill inbox show FEED N */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/inboxes.h"
#include "fetch/inbox.h"
#include "io/source.h"
#include "text/json.h"

#define JSON_MAX   ((size_t)256 * 1024 * 1024)
#define COPY_BYTES 65536

struct list_args {
	bool waiting;
};

static const struct om_opt list_opts[] = {
	OM_FLAG(struct list_args, waiting, 'w', "waiting",
	    "only documents that are not loaded yet"),
	{ 0 },
};

static const char *const list_examples[] = {
	"what is there to be loaded",
	"ordmill inbox list -s day --waiting",
	NULL,
};

struct show_args {
	bool record;
};

static const struct om_opt show_opts[] = {
	OM_FLAG(struct show_args, record, 'r', "record",
	    "its record instead: URL, headers, SHA-256, how far the feed was"),
	{ 0 },
};

static const char *const show_examples[] = {
	"read a document as it was sent, unpacked",
	"ordmill inbox show -s day shop 17 -o page.json",
	NULL,
};

static om_run_fn list_run;
static om_run_fn show_run;

const struct om_cmd om_cmd_inbox_list = {
	.name = "inbox list",
	.summary = "list the documents that were fetched",
	.operands = "[FEED...]",
	.operand_max = -1,
	.opts = list_opts,
	.args_size = sizeof(struct list_args),
	.run = list_run,
	.examples = list_examples,
};

const struct om_cmd om_cmd_inbox_show = {
	.name = "inbox show",
	.summary = "print a document of the inbox, or its record",
	.operands = "FEED DOCUMENT",
	.operand_min = 2,
	.operand_max = 2,
	.opts = show_opts,
	.args_size = sizeof(struct show_args),
	.run = show_run,
	.examples = show_examples,
};

static const char *
state_text(const struct om_document *d)
{
	switch (d->state) {
	case OM_DOCUMENT_WAITING:
		return "waiting";
	case OM_DOCUMENT_LOADED:
		return "loaded";
	case OM_DOCUMENT_DROPPED:
		return "dropped";
	}
	return "?";
}

static void
list_json(const char *feed, const struct om_document *d, struct om_json *j)
{
	char when[OM_TIME_TEXT_MAX];

	om_json_object(j, NULL);
	om_json_cstr(j, "feed", feed);
	om_json_int(j, "document", d->number);
	om_json_cstr(j, "state", state_text(d));
	if (d->batch != 0)
		om_json_int(j, "batch", d->batch);
	om_json_cstr(j, "at", om_time_text(d->at, when));
	om_json_int(j, "bytes", d->bytes);
	om_json_cstr(j, "sha256", d->sha256);
	om_json_cstr(j, "type", d->type);
	om_json_cstr(j, "packed", d->packed);
	om_json_cstr(j, "url", d->url);
	om_json_end(j);
}

static void
list_text(const char *feed, const struct om_document *d, FILE *out)
{
	char when[OM_TIME_TEXT_MAX];
	char batch[40] = "";

	if (d->batch != 0)
		snprintf(batch, sizeof(batch), ", batch %" PRId64, d->batch);
	fprintf(out, "%s %" PRId64 "  %s  %" PRId64 " bytes  %s%s  %s\n", feed,
	    d->number, om_time_text(d->at, when), d->bytes, state_text(d),
	    batch, d->url);
}

static int
list_feed(const struct om_cli *cli, const char *root, const char *feed,
    bool waiting, struct om_json *json, struct om_err *err)
{
	OM_AUTO(om_inbox_close) struct om_inbox *inbox = NULL;
	struct om_document *list;
	size_t count;

	if (om_inbox_open(root, feed, false, &inbox, err) < 0 ||
	    om_inbox_list(inbox, cli->arena, &list, &count, err) < 0)
		return err->code;
	for (size_t i = 0; i < count; i++) {
		if (waiting && list[i].state != OM_DOCUMENT_WAITING)
			continue;
		if (cli->g->json)
			list_json(feed, &list[i], json);
		else
			list_text(feed, &list[i], cli->out);
	}
	return 0;
}

static int
list_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct list_args *a = args;
	struct om_buf text OM_AUTO(om_buf_fini);
	struct om_texts feeds = { NULL, 0, 0 };
	struct om_json json;
	const char *root;

	om_buf_init(&text, JSON_MAX);
	if (om_cli_inbox(cli, &root, err) < 0)
		return err->code;
	for (int i = 0; i < argc; i++)
		om_texts_add(&feeds, argv[i], cli->arena);
	if (argc == 0 && om_inbox_feeds(root, cli->arena, &feeds, err) < 0)
		return err->code;
	om_json_init(&json, &text);
	om_json_object(&json, NULL);
	om_json_cstr(&json, "schema", "ordmill.inbox/1");
	om_json_array(&json, "documents");
	for (size_t i = 0; i < feeds.count; i++)
		if (list_feed(cli, root, feeds.text[i], a->waiting, &json,
			err) < 0)
			return err->code;
	om_json_end(&json);
	om_json_end(&json);
	if (om_buf_over(&text))
		return om_fail(err, OM_ELIMIT, "a list of over %zu bytes",
		    JSON_MAX);
	if (cli->g->json)
		fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&text)));
	return OM_EXIT_OK;
}

static int
copy_out(const char *path, FILE *out, struct om_err *err)
{
	OM_AUTO(om_source_close) struct om_source *source = NULL;
	char bytes[COPY_BYTES];
	size_t n = 1;

	if (om_source_open(path, &source, err) < 0)
		return err->code;
	while (n > 0) {
		if (om_source_read(source, bytes, sizeof(bytes), &n, err) < 0)
			return err->code;
		fwrite(bytes, 1, n, out);
	}
	return OM_EXIT_OK;
}

static int
show_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct show_args *a = args;
	OM_AUTO(om_inbox_close) struct om_inbox *inbox = NULL;
	char path[OM_INBOX_PATH_MAX];
	struct om_document d;
	const char *root;
	int64_t number;

	(void)argc;
	if (!om_str_int(om_str_of(argv[1]), &number) || number < 1)
		return om_fail(err, OM_EUSAGE,
		    "a document has a number, not '%s'", argv[1]);
	if (om_cli_inbox(cli, &root, err) < 0 ||
	    om_inbox_open(root, argv[0], false, &inbox, err) < 0 ||
	    om_inbox_get(inbox, number, cli->arena, &d, err) < 0)
		return err->code;
	om_inbox_record_path(inbox, number, path);
	if (!a->record)
		om_inbox_body_path(inbox, number, path);
	return copy_out(path, cli->out, err);
}
