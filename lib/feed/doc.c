/* doc.c - a document on its way into rows; see doc.h. */
#include "feed/doc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char not_utf8[] = "bytes that are not UTF-8";
static const char has_nul[] = "a NUL byte";

const struct om_str *
om_doc_columns(void)
{
	static const struct om_str name[OM_DC_COUNT] = {
		[OM_DC_PURPOSE] = { "purpose", 7 },
		[OM_DC_TYPE] = { "type", 4 },
		[OM_DC_NUMBER] = { "number", 6 },
		[OM_DC_REVISION] = { "revision", 8 },
		[OM_DC_DATE] = { "date", 4 },
		[OM_DC_CURRENCY] = { "currency", 8 },
		[OM_DC_CUSTOMER] = { "customer", 8 },
		[OM_DC_SHIP_TO] = { "ship_to", 7 },
		[OM_DC_SUPPLIER] = { "supplier", 8 },
		[OM_DC_CONTRACT] = { "contract", 8 },
		[OM_DC_INTERCHANGE] = { "interchange", 11 },
		[OM_DC_ALLOWANCE] = { "allowance", 9 },
		[OM_DC_CHARGE] = { "charge", 6 },
		[OM_DC_TAX] = { "tax", 3 },
		[OM_DC_LINE] = { "line", 4 },
		[OM_DC_SKU] = { "sku", 3 },
		[OM_DC_QUANTITY] = { "quantity", 8 },
		[OM_DC_UNIT_PRICE] = { "unit_price", 10 },
		[OM_DC_LINE_GROSS] = { "line_gross", 10 },
		[OM_DC_LINE_DISCOUNT] = { "line_discount", 13 },
		[OM_DC_LINE_TAX] = { "line_tax", 8 },
		[OM_DC_LINE_TOTAL] = { "line_total", 10 },
	};

	return name;
}

void
om_doc_begin(struct om_doc *doc, struct om_position at)
{
	om_arena_reset(&doc->arena);
	*doc = (struct om_doc){ .arena = doc->arena,
		.feed = doc->feed,
		.numbers = doc->numbers,
		.at = at };
}

void
om_doc_fini(struct om_doc *doc)
{
	om_arena_clear(&doc->arena);
}

static void
grow(struct om_doc *doc)
{
	size_t room = doc->room == 0 ? 16 : doc->room * 2;
	struct om_row *rows = om_alloc(&doc->arena, room * sizeof(*rows));
	struct om_str **cell = om_alloc(&doc->arena, room * sizeof(*cell));
	uint64_t *end = om_alloc(&doc->arena, room * sizeof(*end));

	if (doc->count > 0) {
		memcpy(rows, doc->rows, doc->count * sizeof(*rows));
		memcpy(cell, doc->cell, doc->count * sizeof(*cell));
		memcpy(end, doc->end, doc->count * sizeof(*end));
	}
	doc->rows = rows;
	doc->cell = cell;
	doc->end = end;
	doc->room = room;
}

int
om_doc_row(struct om_doc *doc, struct om_position at, bool is_line,
    struct om_err *err)
{
	struct om_str *cell;

	if (is_line && ++doc->lines > OM_ORDER_LINES_MAX)
		return om_doc_fail(err, OM_ELIMIT, doc->at,
		    "an order of more than %d lines", OM_ORDER_LINES_MAX);
	if (doc->count == doc->room)
		grow(doc);
	if (doc->count > 0)
		doc->end[doc->count - 1] = at.offset;
	cell = om_alloc(&doc->arena, OM_DC_COUNT * sizeof(*cell));
	doc->cell[doc->count] = cell;
	doc->rows[doc->count++] = (struct om_row){ .at = at,
		.count = OM_DC_COUNT,
		.cell = cell,
		.problem_cell = OM_NO_CELL,
		.problem_offset = at.offset };
	return 0;
}

void
om_doc_set(struct om_doc *doc, size_t row, enum om_doc_column column,
    struct om_str text)
{
	struct om_str *cell = &doc->cell[row][column];

	if (cell->p == NULL && text.n > 0)
		*cell = text;
}

struct om_str
om_doc_get(const struct om_doc *doc, size_t row, enum om_doc_column column)
{
	return doc->rows[row].cell[column];
}

static const char *
problem_of(struct om_str bytes, enum om_doc_bytes are, size_t *at)
{
	const char *nul = bytes.n == 0 ? NULL : memchr(bytes.p, '\0', bytes.n);

	if (nul != NULL && are != OM_DOC_CHECKED) {
		*at = (size_t)(nul - bytes.p);
		return has_nul;
	}
	return are != OM_DOC_UTF8 || om_utf8_valid(bytes, at) ? NULL : not_utf8;
}

void
om_doc_end(struct om_doc *doc, struct om_str bytes, enum om_doc_bytes are)
{
	for (size_t i = 0; i < doc->count; i++) {
		struct om_row *row = &doc->rows[i];
		uint64_t from = row->at.offset - doc->at.offset;
		uint64_t to =
		    i + 1 < doc->count ? doc->end[i] - doc->at.offset : bytes.n;
		size_t at = 0;

		row->raw = (struct om_str){ bytes.p + from, to - from };
		while (row->raw.n > 0 &&
		       strchr(" \t\r\n", row->raw.p[row->raw.n - 1]) != NULL &&
		       row->raw.p[row->raw.n - 1] != '\0')
			row->raw.n--;
		if (row->problem != NULL)
			continue;
		row->problem = problem_of(row->raw, are, &at);
		row->problem_offset = row->at.offset + at;
	}
}

void
om_doc_claim(struct om_doc *doc, const char *name, enum om_doc_figure figure,
    struct om_str text, om_int128 adjust, struct om_position at)
{
	if (text.n == 0 || doc->claims == OM_DOC_CLAIMS_MAX)
		return;
	doc->claim[doc->claims++] = (struct om_doc_claim){ name, figure,
		om_str_dup(&doc->arena, text), adjust, at };
}

int
om_doc_fail(struct om_err *err, enum om_code code, struct om_position at,
    const char *fmt, ...)
{
	char why[OM_ERR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return om_fail(err, code, "line %llu, byte %llu: %s",
	    (unsigned long long)at.line, (unsigned long long)at.offset, why);
}

int
om_doc_count(struct om_err *err, struct om_position at, const char *name,
    struct om_str text, uint64_t there, const char *what)
{
	int64_t stated;

	if (!om_str_int(text, &stated) || stated < 0)
		return om_doc_fail(err, OM_EDATA, at,
		    "%s says '%.*s', there are %llu %s", name, OM_FMT(text),
		    (unsigned long long)there, what);
	if ((uint64_t)stated == there)
		return 0;
	return om_doc_fail(err, OM_EDATA, at, "%s says %lld, there are %llu %s",
	    name, (long long)stated, (unsigned long long)there, what);
}
