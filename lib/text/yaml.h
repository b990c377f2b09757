/*
 * yaml.h - a YAML document as a tree in which every node knows its place.
 *
 * Every scalar is text and typed by whoever reads it, so that `no` is never a
 * boolean by accident. Anchors and aliases are resolved: a node may be reached
 * by more than one way, and has the place of its anchor. Keys are scalars;
 * duplicate keys, tags, a second document and anything over the maxima below
 * are errors. An empty document is an empty map. `<<` is a key like others.
 */
#ifndef OM_TEXT_YAML_H
#define OM_TEXT_YAML_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define OM_YAML_MAX	  ((size_t)4 * 1024 * 1024) /* bytes */
#define OM_YAML_DEPTH_MAX 64
#define OM_YAML_NODES_MAX ((size_t)1000 * 1000) /* aliases written out */

enum om_yaml_kind { OM_YAML_SCALAR, OM_YAML_MAP, OM_YAML_LIST };

struct om_yaml {
	enum om_yaml_kind kind;
	int line;		      /* 1.. */
	int column;		      /* 1.. */
	struct om_str text;	      /* scalar */
	const struct om_yaml **keys;  /* map: scalar keys, in file order */
	const struct om_yaml **items; /* map: values; list: elements */
	size_t count;
};

/* path is for messages. Errors read "feed.yaml:3:7: ..." (OM_EUSAGE); columns
 * count characters. The tree lives in the arena; text may go away. */
OM_MUST_USE int om_yaml_parse(struct om_arena *arena, const char *path,
    struct om_str text, const struct om_yaml **out, struct om_err *err);

/* The same from a file; OM_ENOENT if it is missing or not readable. */
OM_MUST_USE int om_yaml_load(struct om_arena *arena, const char *path,
    const struct om_yaml **out, struct om_err *err);

/* The value of a key of a map, or NULL. */
const struct om_yaml *om_yaml_get(const struct om_yaml *map, const char *key);

#endif
