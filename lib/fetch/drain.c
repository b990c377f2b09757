/* drain.c - two queues between who brings bytes and who takes them; see
 * drain.h. */
#include "fetch/drain.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/pool.h"
#include "base/queue.h"

#define BLOCKS 8

struct block {
	size_t n;
	bool refused; /* these bytes, or some before them */
	char bytes[OM_DRAIN_BLOCK];
};

struct om_drain {
	om_drain_fn *take;
	void *arg;
	struct om_pool *pool;	/* NULL: there is no thread */
	struct om_queue *full;	/* to it */
	struct om_queue *empty; /* from it */
	struct om_err why;	/* written once, before a block comes back */
	/* The caller's. */
	struct block *idle[BLOCKS];
	size_t idle_count;
	size_t away; /* blocks that are with the thread */
	struct block *now;
	bool refused;
};

struct om_drain *
om_drain_new(om_drain_fn *take, void *arg)
{
	struct om_drain *d = om_must(calloc(1, sizeof(*d)));

	d->take = take;
	d->arg = arg;
	return d;
}

static int
work(void *arg, struct om_err *err)
{
	struct om_drain *d = arg;
	struct block *b;
	bool refused = false;

	(void)err;
	while ((b = om_queue_pop(d->full)) != NULL) {
		refused =
		    refused || d->take(d->arg, b->bytes, b->n, &d->why) < 0;
		b->refused = refused;
		(void)om_queue_push(d->empty, b);
	}
	return 0;
}

static void
stop(struct om_drain *d)
{
	struct om_err ignored = { 0 };

	if (d->full != NULL)
		om_queue_close(d->full);
	if (om_pool_wait(&d->pool, &ignored) < 0)
		d->refused = true; /* which work() does not say */
	om_queue_free(&d->full);
	om_queue_free(&d->empty);
}

/* Without a thread it takes longer, that is all. */
static bool
start(struct om_drain *d)
{
	void *arg = d;
	struct om_err ignored = { 0 };

	if (d->pool != NULL)
		return true;
	d->full = om_queue_new(BLOCKS);
	d->empty = om_queue_new(BLOCKS);
	if (om_pool_start(work, &arg, 1, &d->pool, &ignored) == 0)
		return true;
	stop(d);
	return false;
}

/* A block comes back. */
static struct block *
fetch_back(struct om_drain *d)
{
	struct block *b = om_queue_pop(d->empty);

	d->away--;
	d->refused = d->refused || b->refused;
	return b;
}

static struct block *
empty_block(struct om_drain *d)
{
	struct block *b;

	if (d->idle_count > 0)
		b = d->idle[--d->idle_count];
	else if (d->away < BLOCKS)
		b = om_must(malloc(sizeof(*b)));
	else
		b = fetch_back(d);
	b->n = 0;
	return b;
}

static void
take_here(struct om_drain *d)
{
	d->refused = d->refused ||
		     d->take(d->arg, d->now->bytes, d->now->n, &d->why) < 0;
	d->now->n = 0;
}

static void
send(struct om_drain *d)
{
	if (!start(d)) {
		take_here(d);
		return;
	}
	(void)om_queue_push(d->full, d->now);
	d->now = NULL;
	d->away++;
}

static int
judge(const struct om_drain *d, struct om_err *err)
{
	if (!d->refused)
		return 0;
	*err = d->why;
	return err->code;
}

int
om_drain_add(struct om_drain *d, const void *bytes, size_t n,
    struct om_err *err)
{
	const char *p = bytes;

	while (n > 0 && !d->refused) {
		size_t fits;

		if (d->now == NULL)
			d->now = empty_block(d);
		fits = OM_DRAIN_BLOCK - d->now->n;
		fits = fits < n ? fits : n;
		memcpy(d->now->bytes + d->now->n, p, fits);
		d->now->n += fits;
		p += fits;
		n -= fits;
		if (d->now->n == OM_DRAIN_BLOCK)
			send(d);
	}
	return judge(d, err);
}

int
om_drain_wait(struct om_drain *d, struct om_err *err)
{
	bool some = d->now != NULL && d->now->n > 0;

	if (some && d->pool == NULL)
		take_here(d);
	else if (some)
		send(d);
	while (d->away > 0)
		d->idle[d->idle_count++] = fetch_back(d);
	return judge(d, err);
}

void
om_drain_free(struct om_drain **drain)
{
	struct om_drain *d = *drain;

	if (d == NULL)
		return;
	while (d->away > 0)
		d->idle[d->idle_count++] = fetch_back(d);
	stop(d);
	for (size_t i = 0; i < d->idle_count; i++)
		free(d->idle[i]);
	free(d->now);
	free(d);
	*drain = NULL;
}
