/*
 * value.h - one option's text, checked and put into its field.
 */
#ifndef OM_CMD_VALUE_H
#define OM_CMD_VALUE_H

#include "cmd/command.h"

/* text NULL: there was none. base is the struct that opt->offset counts from.
 * OM_EUSAGE, naming the option; the field is then untouched. */
OM_MUST_USE int om_value_set(const struct om_opt *opt, const char *text,
    void *base, struct om_err *err);

#endif
