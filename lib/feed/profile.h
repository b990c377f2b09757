/*
 * profile.h - the built-in feeds: YAML that is part of the program.
 */
#ifndef OM_FEED_PROFILE_H
#define OM_FEED_PROFILE_H

#include "feed/spec.h"

/* Compile a profile's block into feed, on top of what is there. OM_EUSAGE if
 * there is no such profile, with a suggestion. */
OM_MUST_USE int om_profile_apply(struct om_feed *feed, const char *name,
    struct om_err *err);

#endif
