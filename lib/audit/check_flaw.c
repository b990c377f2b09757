/* check_flaw.c - keeping what was found, as far as it is worth it. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "audit/check.h"

void
om_flaws_init(struct om_flaws *flaws, int64_t shard)
{
	*flaws = (struct om_flaws){ .shard = shard };
	flaws->end = &flaws->first;
}

void
om_flaws_fini(struct om_flaws *flaws)
{
	om_arena_clear(&flaws->arena);
	flaws->first = NULL;
	flaws->end = &flaws->first;
}

static const char *
order_name(struct om_arena *arena, struct om_str channel,
    struct om_str reference)
{
	char name[OM_ERR_MAX / 2];
	int n;

	if (channel.p == NULL)
		return NULL;
	n = snprintf(name, sizeof(name), "%.*s/%.*s", OM_FMT(channel),
	    OM_FMT(reference));
	if (n >= (int)sizeof(name))
		n = (int)sizeof(name) - 1;
	return om_strndup(arena, name, (size_t)n);
}

void
om_flaw(struct om_flaws *flaws, struct om_str channel, struct om_str reference,
    const char *fmt, ...)
{
	struct om_flaw *flaw;
	char what[OM_ERR_MAX];
	va_list ap;
	int n;

	if (flaws->count++ >= OM_FLAWS_MAX)
		return;
	va_start(ap, fmt);
	n = vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(what))
		n = (int)sizeof(what) - 1;
	flaw = om_new(&flaws->arena, struct om_flaw);
	flaw->shard = flaws->shard;
	flaw->order = order_name(&flaws->arena, channel, reference);
	flaw->what = om_strndup(&flaws->arena, what, n < 0 ? 0 : (size_t)n);
	*flaws->end = flaw;
	flaws->end = &flaw->next;
}

/* The message without a "shard N: " of its own. */
static const char *
bare(const struct om_flaws *flaws, const char *msg)
{
	char own[40];
	int n = snprintf(own, sizeof(own), "shard %" PRId64 ": ", flaws->shard);

	return strncmp(msg, own, (size_t)n) == 0 ? msg + n : msg;
}

int
om_flaw_or_fail(struct om_flaws *flaws, struct om_err *err)
{
	const struct om_str nobody = { NULL, 0 };

	if (err->code != OM_EDAMAGED)
		return err->code;
	om_flaw(flaws, nobody, nobody, "%s", bare(flaws, err->msg));
	*err = (struct om_err){ OM_OK, "" };
	return 0;
}
