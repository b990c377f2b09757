/*
 * facts.h - what the rows of one order say of it together; part of build.c.
 */
#ifndef OM_FEED_FACTS_H
#define OM_FEED_FACTS_H

#include "feed/build.h"

/* Fill b->fact: the first cell that is not empty counts, another that differs
 * is a fault, defaults stand in for what nobody says. */
OM_MUST_USE int om_facts_merge(struct om_builder *b, const struct om_row *rows,
    size_t count, struct om_reject *why);

/* The fault of the cell that says this fact. Returns OM_EDATA. */
int om_fact_fault(const struct om_fact *fact, const char *reason,
    struct om_reject *why);

#endif
