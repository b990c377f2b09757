/*
 * sequence.h - the numbers, or days, by which the batches of a feed follow each
 * other.
 */
#ifndef OM_ORDER_SEQUENCE_H
#define OM_ORDER_SEQUENCE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum om_sequence_unit {
	OM_SEQUENCE_NUMBER,
	OM_SEQUENCE_DAY,     /* days since 1970-01-01 */
	OM_SEQUENCE_WEEKDAY, /* the same, and nothing comes at the weekend */
};
#define OM_SEQUENCE_UNITS 3

/* As the store calls them: "number", "day", "weekday". */
const char *om_sequence_unit_name(enum om_sequence_unit unit);
OM_MUST_USE int om_sequence_unit_find(struct om_str name,
    enum om_sequence_unit *out, struct om_err *err);

struct om_sequence {
	enum om_sequence_unit unit;
	int64_t number;
};

/* As many as a batch has. */
struct om_sequences {
	struct om_arena arena;
	struct om_sequence *item;
	size_t n;
	size_t room;
};
void om_sequences_add(struct om_sequences *list, enum om_sequence_unit unit,
    int64_t number);
void om_sequences_fini(struct om_sequences *list);

#define OM_SEQUENCE_TEXT_MAX 24
/* "7", "2026-11-26" */
const char *om_sequence_text(enum om_sequence_unit unit, int64_t number,
    char out[OM_SEQUENCE_TEXT_MAX]);

/* The other way round; "2026-11-26" is an OM_SEQUENCE_DAY. */
bool om_sequence_parse(struct om_str text, struct om_sequence *out);

/* Days of the unit from one to another, both included: weekends may not
 * count. */
int64_t om_sequence_count(enum om_sequence_unit unit, int64_t from, int64_t to);

#endif
