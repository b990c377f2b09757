/*
 * queue.h - a bounded queue of pointers between two threads.
 *
 * push waits while the queue is full, pop while it is empty; close lets the
 * readers drain what is there and then get NULL, and makes push fail. This
 * and pool.h are the only files that know pthreads.
 */
#ifndef OM_BASE_QUEUE_H
#define OM_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct om_queue;

struct om_queue *om_queue_new(size_t capacity); /* capacity >= 1 */
void om_queue_free(struct om_queue **queue);	/* safe on NULL and twice */

/* False if the queue is closed; the item is then still the caller's. */
bool om_queue_push(struct om_queue *queue, void *item);
/* The same, but what is pushed so is the next to be popped. */
bool om_queue_push_front(struct om_queue *queue, void *item);
void *om_queue_pop(struct om_queue *queue); /* NULL: closed and empty */
void om_queue_close(struct om_queue *queue);

#endif
