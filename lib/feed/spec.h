/*
 * spec.h - a feed as compiled: what feed.h keeps opaque.
 *
 * Everything lies in the feed's own arena and is read only once compiled.
 */
#ifndef OM_FEED_SPEC_H
#define OM_FEED_SPEC_H

#include "feed/feed.h"
#include "feed/field.h"
#include "feed/http.h"
#include "order/sequence.h"
#include "text/decode.h"

struct om_zone;
struct om_paths;

/* What of a mapped column must be there. */
enum om_need {
	OM_NEED_COLUMN,	 /* the column; its cells may be empty */
	OM_NEED_CELL,	 /* every cell: an empty one is a reject */
	OM_NEED_NOTHING, /* not even the column */
};

enum om_rate { OM_RATE_NONE, OM_RATE_FRACTION, OM_RATE_PERCENT };

/* `map:` first match wins. */
struct om_rule {
	const char *pattern;
	struct om_str value; /* {NULL, 0}: as if the cell were empty */
};

/* Where a fact comes from, and what is done to its text on the way. */
struct om_value {
	bool mapped;
	struct om_str from;	/* a column, {NULL, 0}: none */
	struct om_str constant; /* instead of a column */
	struct om_str fallback; /* when the cell is empty */
	const struct om_rule *rules;
	size_t rule_count;
	const struct om_str *blanks; /* texts that mean empty */
	size_t blank_count;
	enum om_need need;
	enum om_rate rate;
	bool trim;
	bool absolute;
	bool negate;
	bool net;	  /* subtotal: the discount is already taken off */
	bool maybe;	  /* charges: only if the stated total counts them */
	bool minor;	  /* whole numbers of the currency's minor unit */
	int scale;	  /* the number counts 10^-scale */
	char decimal;	  /* 0: the feed's */
	char thousands;	  /* 0: the feed's */
	const char *date; /* NULL: the feed's */
	int at_line;	  /* of the mapping, for messages */
	int at_column;
};

enum om_shape {
	OM_SHAPE_ORDERS, /* a row is an order */
	OM_SHAPE_LINES,	 /* a row is a line */
	OM_SHAPE_JOINED, /* orders in one file, lines in another */
	OM_SHAPE_AUTO,	 /* lines if one of their columns is there */
	OM_SHAPE_NESTED, /* a document is an order with its lines */
};

enum om_tax_mode { OM_TAX_ADDED, OM_TAX_INCLUDED, OM_TAX_AUTO };

enum om_keep { OM_KEEP_NONE, OM_KEEP_ALL, OM_KEEP_LIST };

/* `totals: {trailer: ...}`; fields count from 1, 0: not stated. */
struct om_trailer {
	const char *match; /* of the row as it stands */
	int64_t count;	   /* orders */
	int64_t lines;
	int64_t rows;
	int64_t hash;
	int64_t sum;
	int64_t currency; /* of the sum */
	int64_t sequence;
	struct om_number_format number;
};

/* `sequence:` how the batches of the feed are numbered. */
enum om_envelope { OM_ENVELOPE_NONE, OM_ENVELOPE_OUTER, OM_ENVELOPE_GROUP };

struct om_numbering {
	enum om_envelope envelope; /* whose control number */
	const char *before; /* pattern of a name up to its number; NULL */
	const char *after;
	enum om_sequence_unit unit; /* of what stands in the name */
};

enum om_format {
	OM_FORMAT_CSV, /* and whatever else has a delimiter */
	OM_FORMAT_JSON,
	OM_FORMAT_NDJSON,
	OM_FORMAT_X12,
	OM_FORMAT_EDIFACT,
	OM_FORMAT_UBL,
};

/* How one file is cut into fields. */
struct om_dialect {
	enum om_format format;
	struct om_csv_dialect csv;
	enum om_encoding encoding;
	struct om_trailer *trailer; /* NULL: none */
	bool header;
	int64_t skip;  /* lines in front of everything */
	size_t fields; /* 0: as many as the header or the first row has */
};

#define OM_TOLERANCE_PLACES 4

struct om_feed {
	struct om_arena arena;
	const char *name;
	const char *path; /* for messages */
	enum om_feed_kind kind;
	enum om_shape shape;
	struct om_dialect dialect[OM_FEED_SOURCES_MAX];
	struct om_value value[OM_F_COUNT];
	struct om_value key;	/* shape joined: the reference, in the lines */
	struct om_str channel;	/* when no cell says it; {NULL, 0}: none */
	struct om_str currency; /* likewise */
	char decimal;		/* 0: '.' */
	char thousands;		/* 0: none */
	const char *date;	/* NULL: RFC 3339 and its like */
	const char *zone_name;
	const struct om_zone *zone;
	enum om_rounding rounding;
	int64_t tolerance; /* OM_TOLERANCE_PLACES of the major unit */
	enum om_tax_mode tax;
	enum om_clash clash;
	struct om_numbering numbering;
	enum om_keep keep;
	const struct om_str *keep_list;
	size_t keep_count;
	const char *sidecar;	    /* of the checksum; NULL: none */
	const struct om_str *items; /* json: where the orders are */
	size_t item_count;
	const struct om_paths *paths; /* of its columns; NULL: csv */
	const char *json_name;	      /* the profile for files that are JSON */
	struct om_feed *json;	      /* it, with our own overrides; or NULL */
	const char *source;	      /* where it comes from; NULL: not said */
	int source_line;
	int source_column;
	struct om_feed_http http;
};

#endif
