/* audit_log.c - ordmill audit log [--from N] */
#include <inttypes.h>
#include <stdio.h>

#include "audit/journal.h"
#include "cmd/session.h"

#define ENTRY_JSON_MAX ((size_t)1 << 24)

struct log_args {
	int64_t from;
};

static const struct om_opt log_opts[] = {
	OM_INTEGER(struct log_args, from, 'f', "from", "N",
	    "leave out the entries before this one"),
	{ 0 },
};

static const char *const log_examples[] = {
	"what was done to the store, command by command",
	"ordmill audit log -s day",
	"the same for a program",
	"ordmill audit log -s day --json",
	NULL,
};

static om_run_fn log_run;

const struct om_cmd om_cmd_audit_log = {
	.name = "audit log",
	.summary = "list the entries of the journal",
	.operands = "",
	.opts = log_opts,
	.args_size = sizeof(struct log_args),
	.run = log_run,
	.examples = log_examples,
};

/* Control characters would let a file's name write lines of its own. */
static void
print_text(FILE *out, struct om_str s)
{
	for (size_t i = 0; i < s.n; i++)
		fputc((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? '?'
								    : s.p[i],
		    out);
}

/* "3 command=ingest batch=2 ... shard.0=1204 shard.1=1187" */
static void
show_text(FILE *out, int64_t leaf, struct om_journal_reader r)
{
	struct om_str name;
	struct om_str value;
	struct om_head head;

	fprintf(out, "%" PRId64, leaf);
	while (om_journal_next_field(&r, &name, &value)) {
		fputc(' ', out);
		print_text(out, name);
		fputc('=', out);
		print_text(out, value);
	}
	while (om_journal_next_head(&r, &head))
		fprintf(out, " shard.%" PRId64 "=%" PRIu64, head.shard,
		    head.size);
	fputc('\n', out);
}

static void
head_json(struct om_json *j, const struct om_head *head)
{
	OM_AUTO(om_buf_fini) struct om_buf root;

	om_buf_init(&root, 64);
	om_base64(head->root.h, sizeof(head->root.h), &root);
	om_json_object(j, NULL);
	om_json_int(j, "shard", head->shard);
	om_json_int(j, "size", (int64_t)head->size);
	om_json_text(j, "root", om_buf_view(&root));
	om_json_end(j);
}

/* The listing under way. JSON goes out entry by entry: the journal may be
 * longer than a buffer. */
struct listing {
	FILE *out;
	bool json;
	struct om_buf text;
	struct om_json j;
};

static void
flush(struct listing *l)
{
	fwrite(l->text.p, 1, l->text.n, l->out);
	om_buf_reset(&l->text);
}

static void
show_json(struct om_json *j, int64_t leaf, struct om_journal_reader r)
{
	struct om_str name;
	struct om_str value;
	struct om_head head;

	om_json_object(j, NULL);
	om_json_int(j, "entry", leaf);
	om_json_array(j, "fields");
	while (om_journal_next_field(&r, &name, &value)) {
		om_json_object(j, NULL);
		om_json_text(j, "name", name);
		om_json_text(j, "value", value);
		om_json_end(j);
	}
	om_json_end(j);
	om_json_array(j, "heads");
	while (om_journal_next_head(&r, &head))
		head_json(j, &head);
	om_json_end(j);
	om_json_end(j);
}

static int
show_entry(int64_t leaf, struct om_str record, void *arg, struct om_err *err)
{
	struct listing *l = arg;
	struct om_journal_reader r;

	if (om_journal_read(record, &r, err) < 0)
		return om_wrap(err, "entry %" PRId64, leaf);
	if (!l->json) {
		show_text(l->out, leaf, r);
		return 0;
	}
	show_json(&l->j, leaf, r);
	flush(l);
	return 0;
}

static int
show_all(struct listing *l, struct om_store *store, int64_t from,
    struct om_err *err)
{
	if (!l->json)
		return om_journal_each(store, from, show_entry, l, err);
	om_json_init(&l->j, &l->text);
	om_json_object(&l->j, NULL);
	om_json_cstr(&l->j, "schema", "ordmill.audit-log/1");
	om_json_array(&l->j, "entries");
	if (om_journal_each(store, from, show_entry, l, err) < 0)
		return err->code;
	om_json_end(&l->j);
	om_json_end(&l->j);
	om_buf_char(&l->text, '\n');
	flush(l);
	return 0;
}

static int
log_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct log_args *a = args;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	struct listing l = { .out = cli->out, .json = cli->g->json };
	int rc;

	(void)argc;
	(void)argv;
	if (om_cli_open(cli, OM_STORE_READ, "audit log", &store, err) < 0)
		return err->code;
	om_buf_init(&l.text, ENTRY_JSON_MAX);
	rc = show_all(&l, store, a->from, err);
	om_buf_fini(&l.text);
	return rc < 0 ? rc : OM_EXIT_OK;
}
