/*
 * yaml_build.h - YAML text into a tree; private to the YAML reader.
 *
 * yaml.c looks at the bytes, this at the grammar: it is the one file that
 * knows libfyaml.
 */
#ifndef OM_TEXT_YAML_BUILD_H
#define OM_TEXT_YAML_BUILD_H

#include "text/yaml.h"

/* As om_yaml_parse(), for text that is known to be text, and not empty. */
OM_MUST_USE int om_yaml_build(struct om_arena *arena, const char *path,
    struct om_str text, const struct om_yaml **out, struct om_err *err);

#endif
