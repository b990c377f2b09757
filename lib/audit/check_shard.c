/* check_shard.c - one shard from its tiles up; see check.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/check.h"
#include "store/sql.h"

#define RECORD_MAX ((size_t)64 << 20)
#define SLOTS	   512

static const char has_progress[] = "SELECT /*scan*/ count(*) FROM progress";

static const struct om_str nobody = { NULL, 0 };

void
om_check_leaf(struct om_check *c, uint64_t leaf, struct om_str channel,
    struct om_str reference, const char *what)
{
	uint64_t at = leaf - c->window_first;
	struct om_node node;

	if (leaf < c->window_first || at >= c->window_count) {
		om_flaw(&c->flaws, channel, reference,
		    "%s has no leaf %" PRIu64, what, leaf);
		return;
	}
	if ((c->seen[leaf / 8] >> leaf % 8 & 1) != 0)
		om_flaw(&c->flaws, channel, reference,
		    "%s is the second one of leaf %" PRIu64, what, leaf);
	c->seen[leaf / 8] |= (unsigned char)(1U << leaf % 8);
	om_merkle_leaf(&c->sha, c->record.p, c->record.n, &node);
	if (memcmp(&node, &c->window[at], sizeof(node)) != 0)
		om_flaw(&c->flaws, channel, reference,
		    "%s is not what leaf %" PRIu64 " sealed", what, leaf);
}

static bool
seen(const struct om_check *c, uint64_t leaf)
{
	return (c->seen[leaf / 8] >> leaf % 8 & 1) != 0;
}

/* Leaves that no row claimed, told as runs. Rows of what is pending may be on
 * their way out, ahead of their leaves. */
static void
check_all_seen(struct om_check *c)
{
	uint64_t sealed = c->size - c->pending;

	for (uint64_t from = 0; from < sealed; from++) {
		uint64_t to = from;

		if (seen(c, from))
			continue;
		while (to + 1 < sealed && !seen(c, to + 1))
			to++;
		if (to == from)
			om_flaw(&c->flaws, nobody, nobody,
			    "leaf %" PRIu64 " has no row", from);
		else
			om_flaw(&c->flaws, nobody, nobody,
			    "leaves %" PRIu64 " to %" PRIu64 " have no rows",
			    from, to);
		from = to;
	}
}

static int
check_head(struct om_check *c, const struct om_head *head, struct om_err *err)
{
	struct om_node root;

	if (om_log_root_at(c->log, head->size, &root, err) < 0)
		return om_flaw_or_fail(&c->flaws, err);
	if (memcmp(&root, &head->root, sizeof(root)) != 0)
		om_flaw(&c->flaws, nobody, nobody,
		    "the log's first %" PRIu64
		    " leaves are not those that the journal sealed",
		    head->size);
	return 0;
}

/* The log against itself, then against all that the journal says of it. */
static int
check_log(struct om_check *c, struct om_err *err)
{
	uint64_t sealed = 0;
	struct om_node root;

	if (om_log_check(c->log, c->size, &root, err) < 0 &&
	    om_flaw_or_fail(&c->flaws, err) < 0)
		return err->code;
	for (size_t i = 0; i < c->history.count; i++) {
		const struct om_head *head = &c->history.head[i];

		if (head->size < sealed)
			om_flaw(&c->flaws, nobody, nobody,
			    "the journal says %" PRIu64
			    " leaves after %" PRIu64,
			    head->size, sealed);
		sealed = head->size;
		if (check_head(c, head, err) < 0)
			return err->code;
	}
	c->pending = c->size > sealed ? c->size - sealed : 0;
	return 0;
}

/* Leaves after the newest sealed one are the work of a command that is under
 * way, or was killed: it left its progress beside them. */
static int
check_pending(struct om_check *c, struct om_err *err)
{
	int64_t there = 0;

	if (c->pending == 0)
		return 0;
	if (om_sql_int(c->db, &there, err, has_progress, "") < 0)
		return err->code;
	if (there == 0)
		om_flaw(&c->flaws, nobody, nobody,
		    "%" PRIu64 " leaves follow what the journal sealed",
		    c->pending);
	return 0;
}

/* Some slots at a time: on a server the rows of a statement are kept in memory
 * while others look up what they speak of. */
static int
check_payments(struct om_check *c, struct om_slots slots, struct om_err *err)
{
	for (unsigned from = slots.from; from <= slots.to; from += SLOTS) {
		unsigned left = slots.to - from;

		if (om_check_payments(c, from,
			from + (left < SLOTS ? left : SLOTS - 1), err) < 0)
			return err->code;
	}
	return 0;
}

static int
check_rows(struct om_check *c, struct om_err *err)
{
	const struct om_slots *slots;
	size_t n = om_store_slots(c->store, c->shard, &slots);

	for (size_t i = 0; i < n; i++)
		if (check_payments(c, slots[i], err) < 0)
			return err->code;
	if (om_check_orders(c, err) < 0)
		return err->code;
	return om_check_events(c, err);
}

static int
check_windows(struct om_check *c, struct om_err *err)
{
	while (c->window_first < c->size) {
		uint64_t left = c->size - c->window_first;

		c->window_count =
		    left < OM_WINDOW_MAX ? (size_t)left : OM_WINDOW_MAX;
		if (om_log_leaves(c->log, c->window_first, c->window_count,
			c->window, err) < 0 ||
		    check_rows(c, err) < 0)
			return err->code;
		c->window_first += c->window_count;
	}
	check_all_seen(c);
	return 0;
}

static int
check_opened(struct om_check *c, struct om_err *err)
{
	c->size = om_log_size(c->log);
	c->seen = calloc((size_t)(c->size / 8 + 1), 1);
	c->window = malloc(OM_WINDOW_MAX * sizeof(*c->window));
	if (c->seen == NULL || c->window == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	if (check_log(c, err) < 0 || check_pending(c, err) < 0 ||
	    check_windows(c, err) < 0)
		return err->code;
	if (om_check_chains(c, err) < 0)
		return err->code;
	return om_check_places(c, err);
}

int
om_check_shard(void *check, struct om_err *err)
{
	struct om_check *c = check;
	int rc = 0;

	if (c->log == NULL)
		return 0;
	om_sha256_init(&c->sha);
	om_buf_init(&c->record, RECORD_MAX);
	if (check_opened(c, err) < 0 && om_flaw_or_fail(&c->flaws, err) < 0)
		rc = om_wrap(err, "shard %u", c->shard);
	om_sha256_fini(&c->sha);
	om_buf_fini(&c->record);
	om_arena_clear(&c->arena);
	free(c->seen);
	free(c->window);
	c->seen = NULL;
	c->window = NULL;
	return rc;
}
