/* queue.c - a ring under one mutex; see queue.h. */
#include "base/queue.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct om_queue {
	pthread_mutex_t lock;
	pthread_cond_t not_full;
	pthread_cond_t not_empty;
	size_t capacity;
	size_t first;
	size_t count;
	bool closed;
	void *item[];
};

struct om_queue *
om_queue_new(size_t capacity)
{
	struct om_queue *q =
	    calloc(1, sizeof(*q) + capacity * sizeof(q->item[0]));

	assert(capacity > 0);

	if (q == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	q->capacity = capacity;
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->not_full, NULL);
	pthread_cond_init(&q->not_empty, NULL);
	return q;
}

void
om_queue_free(struct om_queue **queue)
{
	struct om_queue *q = *queue;

	if (q == NULL)
		return;
	pthread_cond_destroy(&q->not_empty);
	pthread_cond_destroy(&q->not_full);
	pthread_mutex_destroy(&q->lock);
	free(q);
	*queue = NULL;
}

/* The first free place, at the end or in front. */
static size_t
place_for(struct om_queue *q, bool in_front)
{
	if (!in_front)
		return (q->first + q->count) % q->capacity;
	q->first = (q->first + q->capacity - 1) % q->capacity;
	return q->first;
}

static bool
push(struct om_queue *q, void *item, bool in_front)
{
	bool open;

	pthread_mutex_lock(&q->lock);
	while (q->count == q->capacity && !q->closed)
		pthread_cond_wait(&q->not_full, &q->lock);
	open = !q->closed;
	if (open) {
		q->item[place_for(q, in_front)] = item;
		q->count++;
		pthread_cond_signal(&q->not_empty);
	}
	pthread_mutex_unlock(&q->lock);
	return open;
}

bool
om_queue_push(struct om_queue *q, void *item)
{
	return push(q, item, false);
}

bool
om_queue_push_front(struct om_queue *q, void *item)
{
	return push(q, item, true);
}

void *
om_queue_pop(struct om_queue *q)
{
	void *item = NULL;

	pthread_mutex_lock(&q->lock);
	while (q->count == 0 && !q->closed)
		pthread_cond_wait(&q->not_empty, &q->lock);
	if (q->count > 0) {
		item = q->item[q->first];
		q->first = (q->first + 1) % q->capacity;
		q->count--;
		pthread_cond_signal(&q->not_full);
	}
	pthread_mutex_unlock(&q->lock);
	return item;
}

void
om_queue_close(struct om_queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->not_full);
	pthread_cond_broadcast(&q->not_empty);
	pthread_mutex_unlock(&q->lock);
}
