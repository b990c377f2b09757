/* pass.c - the list of passes, and their books. */
#include "pass/pass.h"

#include <assert.h>
#include <string.h>

const struct om_pass *const om_passes[] = {
	&om_pass_validate,
	&om_pass_settle,
	NULL,
};

const struct om_pass *
om_pass_find(const char *name)
{
	for (size_t i = 0; om_passes[i] != NULL; i++)
		if (strcmp(om_passes[i]->name, name) == 0)
			return om_passes[i];
	return NULL;
}

void
om_tally_add(struct om_tally *tally, const char *name, int64_t n)
{
	size_t i = 0;

	while (i < tally->count && strcmp(tally->line[i].name, name) != 0)
		i++;
	assert(i < OM_TALLY_LINES);
	if (i == tally->count) {
		tally->line[i].name = name;
		tally->line[i].n = 0;
		tally->count++;
	}
	tally->line[i].n += n;
}

int64_t
om_tally_get(const struct om_tally *tally, const char *name)
{
	for (size_t i = 0; i < tally->count; i++)
		if (strcmp(tally->line[i].name, name) == 0)
			return tally->line[i].n;
	return 0;
}

int
om_tally_close(const struct om_tally *tally, struct om_err *err)
{
	int64_t in = om_tally_get(tally, "in");
	int64_t out = 0;

	for (size_t i = 0; i < tally->count; i++)
		if (strcmp(tally->line[i].name, "in") != 0)
			out += tally->line[i].n;
	if (in != out)
		return om_fail(err, OM_EINTERNAL,
		    "the books do not close: %lld in, %lld accounted for",
		    (long long)in, (long long)out);
	return 0;
}
