/*
 * keyrun.h - the runs of keys of one SQLite shard; private to lib/store.
 *
 * What is in memory follows the tables: om_keyruns_sync() reads the list again
 * when another transaction, or the end of this one, has changed it. Pages and
 * marks of a run that is still there stay.
 */
#ifndef OM_STORE_KEYRUN_H
#define OM_STORE_KEYRUN_H

#include "base/be.h"
#include "store/keys.h"

/* So many entries of 14 bytes fill a page of 16 KiB and leave no rest. */
#define OM_KEYRUN_PAGE	 1160
#define OM_KEYRUN_KEY	 8
#define OM_KEYRUN_ID	 6
#define OM_KEYRUN_ID_MAX ((INT64_C(1) << 48) - 1)
#define OM_KEYRUN_PAGES	 (INT64_C(1) << 24)
#define OM_KEYRUN_RUNS	 (INT64_C(1) << 38)
#define OM_KEYRUN_MAX	 ((int64_t)UINT32_MAX) /* entries: marks number them */
#define OM_MARK_BITS	 16

/* Entries by the upper bits of their keys, and of each the next 16 bits. */
struct om_marks {
	int64_t low; /* the lowest key */
	unsigned shift;
	size_t buckets;
	uint32_t *start; /* first entry of each bucket, and the end */
	uint16_t *mark;	 /* of each entry, and zeros behind the last */
	size_t bytes;
};

struct om_keyrun {
	int64_t run;
	int64_t change; /* by whom it was written: numbers are used again */
	int64_t entries;
	int64_t low;  /* key of the first */
	int64_t high; /* and of the last */
	int64_t min_id;
	int64_t max_id;
	struct om_marks *marks; /* NULL: not loaded */
	bool unmarked;		/* there are none, or they do not fit */
	int64_t asked;
	int64_t page;	      /* that is at hand, -1 for none */
	size_t held;	      /* entries of it, 0 if there is none */
	unsigned char *bytes; /* of it: their keys, then their ids */
};

struct om_keyruns {
	struct om_db *db;
	size_t memory;
	size_t used; /* by marks */
	int64_t change;
	int64_t next_run;
	struct om_keyrun *run;
	size_t count;
	size_t cap;
};

/* keyrun.c */
OM_MUST_USE int om_keyruns_sync(struct om_keyruns *runs, struct om_err *err);
struct om_keyrun *om_keyruns_room(struct om_keyruns *runs); /* for one more */
void om_keyrun_forget(struct om_keyruns *runs, struct om_keyrun *run);
void om_keyruns_free(struct om_keyruns *runs);

/* A page of a run becomes the one at hand. */
OM_MUST_USE int om_keyrun_page(struct om_keyruns *runs, struct om_keyrun *run,
    int64_t page, struct om_err *err);

/* Entry i of a run; its page becomes the one at hand. */
OM_MUST_USE static inline int
om_keyrun_entry(struct om_keyruns *runs, struct om_keyrun *run, int64_t i,
    struct om_new_key *out, struct om_err *err)
{
	uint64_t at = (uint64_t)(i - run->page * OM_KEYRUN_PAGE);
	int rc;

	if (at >= run->held) {
		rc = om_keyrun_page(runs, run, i / OM_KEYRUN_PAGE, err);
		if (rc < 0)
			return rc;
		at = (uint64_t)(i % OM_KEYRUN_PAGE);
	}
	out->key = (int64_t)om_be64_get(run->bytes + at * OM_KEYRUN_KEY);
	out->id = (int64_t)om_be48_get(
	    run->bytes + run->held * OM_KEYRUN_KEY + at * OM_KEYRUN_ID);
	return 0;
}

/* The first entry whose key is not below key; entries if there is none. */
OM_MUST_USE int om_keyrun_seek(struct om_keyruns *runs, struct om_keyrun *run,
    int64_t key, int64_t *out, struct om_err *err);

/* keymarks.c */
struct om_marks *om_marks_new(int64_t low, int64_t high, int64_t entries);
void om_marks_free(struct om_marks *marks); /* safe on NULL */

static inline size_t
om_marks_bucket(const struct om_marks *m, int64_t key)
{
	return (size_t)((uint64_t)(key - m->low) >> m->shift);
}

static inline uint16_t
om_marks_mark(const struct om_marks *m, int64_t key)
{
	unsigned down = m->shift > OM_MARK_BITS ? m->shift - OM_MARK_BITS : 0;

	return (uint16_t)((uint64_t)(key - m->low) >> down);
}

/* Entries come in their order, and no more than were announced. What stands in
 * start is their number, until om_marks_end() adds up. */
static inline void
om_marks_put(struct om_marks *m, int64_t i, int64_t key)
{
	m->mark[i] = om_marks_mark(m, key);
	m->start[om_marks_bucket(m, key) + 1]++;
}

void om_marks_end(struct om_marks *marks, int64_t entries);
/* Can they be written? Not if a bucket has more than its count can say. */
bool om_marks_are_even(const struct om_marks *marks);
int64_t om_marks_parts(const struct om_marks *marks); /* when written */
OM_MUST_USE int om_marks_write(struct om_db *db, int64_t run,
    const struct om_marks *marks, struct om_err *err);
/* Those that are stored; NULL if there are none. */
OM_MUST_USE int om_marks_read(struct om_db *db, const struct om_keyrun *run,
    struct om_marks **out, struct om_err *err);
/* run->marks, if they are worth it, or run->unmarked. */
OM_MUST_USE int om_marks_load(struct om_keyruns *runs, struct om_keyrun *run,
    struct om_err *err);
/* The entries of a marked run that may have one of the keys. */
OM_MUST_USE int om_marks_find(struct om_keyruns *runs, struct om_keyrun *run,
    const struct om_keyed *keys, size_t n, struct om_key_hits *hits,
    struct om_err *err);

/* keywrite.c: a new run, in the open transaction. */
struct om_keyrun_writer;
/* low and high are the keys of the first and the last of so many entries. */
struct om_keyrun_writer *om_keyrun_begin(struct om_keyruns *runs, int64_t low,
    int64_t high, int64_t entries);
OM_MUST_USE int om_keyrun_put(struct om_keyrun_writer *w,
    const struct om_new_key *keys, size_t n, struct om_err *err);
OM_MUST_USE int om_keyrun_end(struct om_keyrun_writer *w, struct om_err *err);
void om_keyrun_writer_free(struct om_keyrun_writer **w);
OM_MUST_USE int om_keyrun_drop(struct om_keyruns *runs, size_t i,
    struct om_err *err);
/* The list of runs has changed. */
OM_MUST_USE int om_keyruns_touch(struct om_keyruns *runs, struct om_err *err);

/* keymerge.c: many runs to one, of the rows below below_id. */
OM_MUST_USE int om_keyruns_merge(struct om_keyruns *runs, const size_t *which,
    size_t n, int64_t below_id, struct om_err *err);

/* keytable.c */
extern const struct om_serve om_keys_table;

#endif
