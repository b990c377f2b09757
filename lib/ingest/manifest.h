/*
 * manifest.h - what was read, held against what was stated of it.
 *
 * OM_EDATA names who says what, and what is there. A rejected order counts
 * with as much of it as could be read, so that a manifest holds only if every
 * figure in it was seen.
 */
#ifndef OM_INGEST_MANIFEST_H
#define OM_INGEST_MANIFEST_H

#include "feed/manifest.h"
#include "store/outcome.h"

/* What is there. */
struct om_found {
	const struct om_books *books;
	int64_t rows;
	const char *sha256;
	const struct om_reader *reader; /* at its end. NULL: not read this time,
					 * so that lines and hash are not known */
	bool part; /* repaired rows: of them the feed says nothing */
};

/* given (or NULL) is of the call; the other is what the input says itself. */
OM_MUST_USE int om_manifests_check(const struct om_manifest *given,
    const struct om_found *found, struct om_err *err);

#endif
