/* pool.c - start, join, first failure wins; see pool.h. */
#include "base/pool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct worker {
	pthread_t thread;
	om_work_fn *work;
	void *arg;
	int rc;
	struct om_err err;
};

struct om_pool {
	unsigned count;
	struct worker worker[];
};

static void *
start(void *arg)
{
	struct worker *w = arg;

	w->rc = w->work(w->arg, &w->err);
	return NULL;
}

int
om_pool_start(om_work_fn *work, void *const *args, unsigned workers,
    struct om_pool **out, struct om_err *err)
{
	struct om_pool *pool =
	    calloc(1, sizeof(*pool) + workers * sizeof(pool->worker[0]));
	int rc = 0;

	if (pool == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	for (unsigned i = 0; i < workers && rc == 0; i++) {
		struct worker *w = &pool->worker[i];

		*w = (struct worker){ .work = work, .arg = args[i] };
		rc = pthread_create(&w->thread, NULL, start, w);
		pool->count += rc == 0;
	}
	*out = pool;
	if (rc == 0)
		return 0;
	return om_fail(err, OM_ELIMIT, "cannot start a thread: %s",
	    strerror(rc));
}

int
om_pool_wait(struct om_pool **pool, struct om_err *err)
{
	struct om_pool *p = *pool;
	int rc = 0;

	if (p == NULL)
		return 0;
	for (unsigned i = 0; i < p->count; i++) {
		pthread_join(p->worker[i].thread, NULL);
		if (rc == 0 && p->worker[i].rc < 0) {
			rc = p->worker[i].rc;
			*err = p->worker[i].err;
		}
	}
	free(p);
	*pool = NULL;
	return rc;
}
