/* fetch.c - ordmill fetch [--all | --map FILE | FEED...] */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/pool.h"
#include "base/queue.h"
#include "cmd/config.h"
#include "cmd/exit.h"
#include "cmd/feeds.h"
#include "cmd/inboxes.h"
#include "feed/http.h"
#include "text/json.h"

#define JOBS	 4
#define JOBS_MAX 64
#define JSON_MAX ((size_t)16 * 1024 * 1024)

struct fetch_args {
	bool all;
	const char *map;
	int64_t jobs;
	bool anew;
};

static const struct om_opt fetch_opts[] = {
	OM_FLAG(struct fetch_args, all, 'a', "all",
	    "every feed of the configuration that comes by HTTP"),
	OM_TEXT_OPT(struct fetch_args, map, 0, "map", "FILE",
	    "a feed described by this file, see ordmill-feed(5)"),
	OM_INTEGER_IN(struct fetch_args, jobs, 'j', "jobs", "N",
	    "so many feeds at a time (default 4)", 1, JOBS_MAX),
	OM_FLAG(struct fetch_args, anew, 0, "anew",
	    "forget how far the feed was fetched, and begin at its start"),
	{ 0 },
};

static const char *const fetch_examples[] = {
	"bring in what is new of a feed of the configuration",
	"ordmill fetch -s day shop",
	"every feed of the configuration, told in JSON",
	"ordmill fetch -s day --all --json",
	"watch what is asked and answered",
	"ordmill fetch -s day -v --map acme.yaml",
	NULL,
};

static om_run_fn fetch_run;

const struct om_cmd om_cmd_fetch = {
	.name = "fetch",
	.summary = "mirror new documents of HTTP feeds into the inbox",
	.operands = "[FEED...]",
	.operand_max = -1,
	.opts = fetch_opts,
	.args_size = sizeof(struct fetch_args),
	.run = fetch_run,
	.examples = fetch_examples,
};

/* One feed of the call. */
struct job {
	struct om_feed *feed;
	struct om_fetch_teller teller;
	struct om_fetch_options options;
	struct om_fetch_result result;
	struct om_err err; /* code 0: it worked */
};

struct call {
	const struct om_cli *cli;
	const struct fetch_args *args;
	struct job *jobs;
	size_t count;
	const char *root;
	struct om_queue *queue;
};

static void
call_end(struct call *c)
{
	for (size_t i = 0; i < c->count; i++)
		om_feed_free(&c->jobs[i].feed);
	om_queue_free(&c->queue);
}

static int
add_feed(struct call *c, const char *name, struct om_err *err)
{
	struct job *j = &c->jobs[c->count];

	if (om_cli_feed(c->cli, name, c->args->map, &j->feed, err) < 0)
		return err->code;
	c->count++;
	for (size_t i = 0; i + 1 < c->count; i++)
		if (strcmp(om_feed_name(c->jobs[i].feed),
			om_feed_name(j->feed)) == 0)
			return om_fail(err, OM_EUSAGE,
			    "feed '%s' is named twice", om_feed_name(j->feed));
	j->teller =
	    (struct om_fetch_teller){ c->cli, "fetch", om_feed_name(j->feed) };
	om_cli_fetch_options(c->cli, c->root, &j->teller, &j->options);
	j->options.anew = c->args->anew;
	return 0;
}

/* Of each name the strongest file counts, as everywhere. */
static int
add_all(struct call *c, struct om_err *err)
{
	struct om_config config;
	size_t room = 0;

	if (om_config_load(c->cli, &config, err) < 0)
		return err->code;
	for (size_t i = 0; i < config.count; i++) {
		const struct om_yaml *f =
		    om_yaml_get(config.file[i].root, "feeds");

		room += f == NULL ? 0 : f->count;
	}
	c->jobs = om_alloc(c->cli->arena, (room + 1) * sizeof(*c->jobs));
	for (size_t i = 0; i < config.count; i++) {
		const struct om_yaml *f =
		    om_yaml_get(config.file[i].root, "feeds");

		for (size_t k = 0; f != NULL && k < f->count; k++) {
			const struct om_config_file *file;
			const char *name =
			    om_str_dup(c->cli->arena, f->keys[k]->text).p;

			if (om_config_feed(&config, name, &file) != f->items[k])
				continue;
			if (add_feed(c, name, err) < 0)
				return err->code;
			if (om_feed_url(c->jobs[c->count - 1].feed) == NULL)
				om_feed_free(&c->jobs[--c->count].feed);
		}
	}
	return 0;
}

static int
add_feeds(struct call *c, int argc, char **argv, struct om_err *err)
{
	const struct fetch_args *a = c->args;
	int ways = a->all + (a->map != NULL) + (argc > 0);

	if (ways != 1)
		return om_fail(err, OM_EUSAGE,
		    "which feeds? name them, or say --all or --map FILE");
	if (a->all)
		return add_all(c, err);
	c->jobs =
	    om_alloc(c->cli->arena, (size_t)(argc + 1) * sizeof(*c->jobs));
	if (a->map != NULL)
		return add_feed(c, NULL, err);
	for (int i = 0; i < argc; i++)
		if (add_feed(c, argv[i], err) < 0)
			return err->code;
	return 0;
}

/* A failure is that of its feed, and stops no other. */
static int
work(void *arg, struct om_err *err)
{
	struct call *c = arg;
	struct job *j;

	(void)err;
	while ((j = om_queue_pop(c->queue)) != NULL) {
		struct om_err why = { 0 };

		if (om_fetch(j->feed, &j->options, &j->result, &why) < 0)
			j->err = why;
	}
	return 0;
}

static int
fetch_all(struct call *c, struct om_err *err)
{
	size_t n = c->args->jobs == 0 ? JOBS : (size_t)c->args->jobs;
	void *args[JOBS_MAX];
	struct om_pool *pool = NULL;
	int rc;

	if (n > c->count)
		n = c->count;
	if (n == 0)
		return 0;
	c->queue = om_queue_new(c->count);
	for (size_t i = 0; i < c->count; i++)
		(void)om_queue_push(c->queue, &c->jobs[i]);
	om_queue_close(c->queue);
	for (size_t i = 0; i < n; i++)
		args[i] = c;
	rc = om_pool_start(work, args, (unsigned)n, &pool, err);
	if (om_pool_wait(&pool, err) < 0 || rc < 0)
		return err->code;
	return 0;
}

static void
show_json(const struct job *j, struct om_json *json)
{
	const struct om_fetch_result *r = &j->result;

	om_json_object(json, NULL);
	om_json_cstr(json, "feed", om_feed_name(j->feed));
	om_json_int(json, "documents", r->documents);
	om_json_int(json, "first", r->first);
	om_json_int(json, "last", r->documents == 0 ? 0 : r->last);
	om_json_int(json, "pages", r->pages);
	om_json_int(json, "items", r->items);
	om_json_int(json, "known", r->known);
	om_json_int(json, "overlap", r->overlap);
	om_json_int(json, "restarts", r->restarts);
	om_json_int(json, "requests", r->exchanges);
	om_json_int(json, "bytes", r->bytes);
	om_json_bool(json, "resumed", r->resumed);
	om_json_bool(json, "complete", r->complete);
	if (j->err.code != 0)
		om_json_cstr(json, "error", j->err.msg);
	om_json_seconds(json, "seconds", r->ns);
	om_json_end(json);
}

static void
show_text(const struct job *j, FILE *out)
{
	const struct om_fetch_result *r = &j->result;

	fprintf(out, "%s: %" PRId64 " new document%s", om_feed_name(j->feed),
	    r->documents, r->documents == 1 ? "" : "s");
	if (r->documents > 0)
		fprintf(out, ", %" PRId64 " bytes", r->bytes);
	fprintf(out, "%s%s\n", r->resumed ? ", resumed" : "",
	    j->err.code == 0 ? "" : ", not complete");
}

static void
show(const struct call *c)
{
	const struct om_globals *g = c->cli->g;
	struct om_buf text OM_AUTO(om_buf_fini);
	struct om_json json;

	om_buf_init(&text, JSON_MAX);
	om_json_init(&json, &text);
	om_json_object(&json, NULL);
	om_json_cstr(&json, "schema", "ordmill.fetch/1");
	om_json_array(&json, "feeds");
	for (size_t i = 0; i < c->count; i++)
		if (g->json)
			show_json(&c->jobs[i], &json);
		else if (!g->quiet)
			show_text(&c->jobs[i], c->cli->out);
	om_json_end(&json);
	om_json_end(&json);
	if (g->json)
		fprintf(c->cli->out, "%.*s\n", OM_FMT(om_buf_view(&text)));
}

/* The last failure is told by main(), those before it here. */
static int
judge(const struct call *c, struct om_err *err)
{
	int status = OM_EXIT_OK;
	const struct job *last = NULL;

	for (size_t i = 0; i < c->count; i++) {
		struct job *j = &c->jobs[i];

		if (j->err.code == 0)
			continue;
		(void)om_wrap(&j->err, "%s", om_feed_name(j->feed));
		if (last != NULL)
			fprintf(stderr, "ordmill fetch: %s\n", last->err.msg);
		last = j;
		status = om_exit_worst(status, (int)om_exit_of(j->err.code));
	}
	if (last == NULL)
		return OM_EXIT_OK;
	*err = last->err;
	return status;
}

static int
fetch_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	OM_AUTO(call_end) struct call c = { .cli = cli, .args = args };

	if (om_cli_inbox(cli, &c.root, err) < 0 ||
	    add_feeds(&c, argc, argv, err) < 0 || om_http_start(err) < 0 ||
	    fetch_all(&c, err) < 0)
		return err->code;
	om_cli_fetch_end(cli);
	show(&c);
	return judge(&c, err);
}
