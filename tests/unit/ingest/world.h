/* world.h - batches for a stage's store, and the short way to load them. */
#ifndef OM_TEST_WORLD_H
#define OM_TEST_WORLD_H

#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content.h"
#include "ingest/ingest.h"
#include "spy.h"

#define HEAD                                                                   \
	"reference,revision,customer,currency,total,sku,quantity,unit_price\n"

/* One order of one line. */
#define ROW(reference, revision, total)                                        \
	reference "," revision ",C1,EUR," total ",X,1," total "\n"

static inline struct om_feed *
feed_of(const char *name)
{
	struct om_feed *feed = NULL;
	struct om_err err = { 0 };

	assert_ok(om_feed_builtin(name, &feed, &err));
	return feed;
}

/* Load one file by a built-in feed. */
static inline int
load(struct om_store *store, const char *feed, const char *path,
    const struct om_ingest_options *options, struct om_ingest_result *out,
    struct om_err *err)
{
	OM_AUTO(om_feed_free) struct om_feed *f = feed_of(feed);
	static const struct om_ingest_options none = { 0 };
	static const char *const name[] = { "in.csv" };
	struct om_ingest_options o = options == NULL ? none : *options;

	if (o.names == NULL)
		o.names = name;
	return om_ingest(store, f, &path, 1, &o, out, err);
}

/* The same, and it works: the batch's number. */
static inline int64_t
loaded(struct om_store *store, const char *feed, const char *path)
{
	const struct om_ingest_options some = { .limits = { .rejects = 1000 } };
	struct om_ingest_result r;
	struct om_err err = { 0 };

	assert_ok(load(store, feed, path, &some, &r, &err));
	assert_true(r.published);
	return r.batch;
}

/* n orders of one line each, or of none; references are unique to seed. */
static inline const char *
many_orders(struct stage *s, const char *name, int n, int seed)
{
	static char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", s->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("reference,currency,total\n", f);
	for (int i = 0; i < n; i++)
		fprintf(f, "R%d-%d,EUR,%d.%02d\n", seed, i, i % 500, i % 100);
	assert_int_equal(fclose(f), 0);
	return path;
}

#endif
