/* row.c - cells to integers and one run of bytes; see row.h. */
#include "recon/row.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX  ((size_t)32 * 1024 * 1024)
#define SHOWN_MAX 80 /* bytes of a culprit that are kept */

void
om_rec_packer_init(struct om_rec_packer *packer,
    const struct om_rec_rules *rules, const struct om_rec_input *input,
    int side)
{
	*packer = (struct om_rec_packer){ .rules = rules,
		.input = input,
		.side = side };
	om_buf_init(&packer->key, OM_REC_KEY_MAX);
	om_buf_init(&packer->text, TEXT_MAX);
	om_buf_init(&packer->row, TEXT_MAX + 2 * OM_REC_KEY_MAX);
	packer->last = rules->default_currency;
	if (packer->last != NULL)
		packer->seen[packer->last->number] = packer->last;
}

void
om_rec_packer_fini(struct om_rec_packer *packer)
{
	om_buf_fini(&packer->key);
	om_buf_fini(&packer->text);
	om_buf_fini(&packer->row);
}

/* Eight bytes at a time by multiply and fold; placement within one run only,
 * never stored, so it need not be a published hash. */
static uint64_t
mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ (h >> 32);
}

static uint64_t
hash_key(struct om_str s)
{
	uint64_t h = s.n;
	uint64_t word;

	for (; s.n >= sizeof(word); s.n -= sizeof(word)) {
		memcpy(&word, s.p, sizeof(word));
		h = mix(h, word);
		s.p += sizeof(word);
	}
	word = 0;
	if (s.n > 0)
		memcpy(&word, s.p, s.n);
	h = mix(h, word);
	return mix(h, h >> 29);
}

/* Turn what is being packed into a bad row. The first reason stays. */
struct blame {
	int column;
	struct om_str culprit;
	const char *reason;
	uint8_t flags;
};

static void
blame(struct blame *b, int column, struct om_str culprit, const char *reason)
{
	if (b->flags & OM_REC_BAD)
		return;
	b->flags |= OM_REC_BAD;
	b->column = column;
	b->culprit = culprit;
	if (b->culprit.n > SHOWN_MAX)
		b->culprit.n = SHOWN_MAX;
	b->reason = reason;
}

static struct om_str
cell_of(const struct om_rec_packer *p, const struct om_rec_record *r,
    const struct om_rec_column *c)
{
	size_t at = c->at[p->side];

	return at < r->count ? r->cell[at] : (struct om_str){ NULL, 0 };
}

static void
pack_key(struct om_rec_packer *p, const struct om_rec_record *r,
    struct blame *b)
{
	om_buf_reset(&p->key);
	for (size_t i = 0; i < p->rules->keys; i++) {
		struct om_str cell = cell_of(p, r, &p->rules->key[i]);

		if (cell.n == 0) {
			blame(b, OM_REC_AT_KEY + (int)i, cell, "empty key");
			b->flags |= OM_REC_KEYLESS;
		} else if (memchr(cell.p, '\0', cell.n) != NULL) {
			blame(b, OM_REC_AT_KEY + (int)i, cell,
			    "NUL byte in the key");
			b->flags |= OM_REC_KEYLESS;
		}
		if (i > 0)
			om_buf_char(&p->key, '\0');
		om_buf_str(&p->key, cell);
	}
	if (om_buf_over(&p->key)) {
		blame(b, OM_REC_AT_KEY, cell_of(p, r, &p->rules->key[0]),
		    "key too long");
		b->flags |= OM_REC_KEYLESS;
	}
}

/* The currency of the row: the same three letters as in the row before, in
 * nearly every file. */
static const struct om_currency *
currency_of(struct om_rec_packer *p, const struct om_rec_record *r,
    struct blame *b)
{
	const struct om_currency *found;
	struct om_str code;

	if (!p->rules->has_currency)
		return p->last;
	code = cell_of(p, r, &p->rules->currency);
	if (p->last != NULL && code.n == OM_CURRENCY_CODE &&
	    memcmp(code.p, p->last_code, OM_CURRENCY_CODE) == 0)
		return p->last;
	found = om_currency_find(code);
	if (found == NULL) {
		blame(b, OM_REC_AT_CURRENCY, code,
		    code.n == 0 ? "empty currency" : "unknown currency");
		return NULL;
	}
	memcpy(p->last_code, found->code, OM_CURRENCY_CODE);
	p->last = found;
	p->seen[found->number] = found;
	return found;
}

/* At most 15 digits of a whole number with at most `places` behind the point:
 * what nearly every cell is. False: let money.h read it and say why not. */
static bool
plain_amount(struct om_str s, int places, int64_t *out)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	size_t i = negative;
	int64_t n = 0;
	int fraction = -1;

	if (s.n > 16 || i == s.n || s.p[i] == '.')
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] == '.' && fraction < 0 && i + 1 < s.n) {
			fraction = 0;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		n = n * 10 + (s.p[i] - '0');
		fraction += fraction >= 0;
	}
	if (fraction > places)
		return false;
	for (fraction = fraction < 0 ? 0 : fraction; fraction < places;
	     fraction++)
		if (__builtin_mul_overflow(n, 10, &n))
			return false;
	*out = negative ? -n : n;
	return n <= OM_REC_AMOUNT_MAX;
}

/* The slow way, which also says what is wrong. */
static int64_t
read_amount(struct om_rec_packer *p, struct om_str cell, int column, int places,
    struct blame *b)
{
	int64_t n;

	if (cell.n == 0) {
		blame(b, column, cell, "empty amount");
		return 0;
	}
	if (om_decimal_parse(cell, places, OM_ROUND_EXACT, NULL, &n, &p->why) <
	    0) {
		blame(b, column, cell, p->why.msg);
		return 0;
	}
	if (n > OM_REC_AMOUNT_MAX || n < -OM_REC_AMOUNT_MAX)
		blame(b, column, cell, "amount out of range");
	return n;
}

static int64_t
amount_of(struct om_rec_packer *p, struct om_str cell, int column,
    const struct om_currency *currency, struct blame *b)
{
	int places = currency == NULL ? OM_REC_PLACES : currency->exponent;
	int64_t n;

	if (plain_amount(cell, places, &n))
		return n;
	return read_amount(p, cell, column, places, b);
}

static void
pack_compared(struct om_rec_packer *p, const struct om_rec_record *r,
    const struct om_currency *currency, struct blame *b)
{
	size_t amounts = 0;

	om_buf_reset(&p->text);
	for (size_t i = 0; i < p->rules->compares; i++) {
		const struct om_rec_column *c = &p->rules->compare[i];
		struct om_str cell = cell_of(p, r, c);

		if (c->kind == OM_REC_AMOUNT) {
			p->amount[amounts++] =
			    b->flags & OM_REC_BAD
				? 0
				: amount_of(p, cell, (int)i, currency, b);
			continue;
		}
		if (cell.n > 0 && memchr(cell.p, '\0', cell.n) != NULL)
			blame(b, (int)i, cell, "NUL byte");
		om_buf_str(&p->text, cell);
		om_buf_char(&p->text, '\0');
	}
}

/* A bad row takes no part in any sum, so its amounts are zero. */
static void
condemn(struct om_rec_packer *p, const struct blame *b)
{
	memset(p->amount, 0, sizeof(p->amount));
	om_buf_reset(&p->text);
	for (size_t i = 0; i < b->culprit.n; i++) /* NUL ends a text here */
		om_buf_char(&p->text,
		    b->culprit.p[i] == '\0' ? '?' : b->culprit.p[i]);
	om_buf_char(&p->text, '\0');
	om_buf_text(&p->text, b->reason);
	om_buf_char(&p->text, '\0');
	if (b->flags & OM_REC_KEYLESS)
		om_buf_reset(&p->key);
}

static const struct om_rec_row *
assemble(struct om_rec_packer *p, struct om_rec_row *head)
{
	static const char zeros[8] = { 0 };
	const char *bytes;
	size_t n;

	om_buf_reset(&p->row);
	om_buf_add(&p->row, head, sizeof(*head));
	om_buf_add(&p->row, p->amount,
	    p->rules->amounts * sizeof(p->amount[0]));
	om_buf_str(&p->row, om_buf_view(&p->key));
	om_buf_str(&p->row, om_buf_view(&p->text));
	n = p->row.n;
	om_buf_add(&p->row, zeros, (8 - n % 8) % 8);
	assert(!om_buf_over(&p->row) && !om_buf_over(&p->text));
	head->size = (uint32_t)p->row.n;
	bytes = p->row.p;
	memcpy(p->row.p, head, sizeof(*head));
	return (const void *)bytes;
}

const struct om_rec_row *
om_rec_pack(struct om_rec_packer *packer, const struct om_rec_record *record)
{
	struct om_rec_row head = { .line = record->line };
	const struct om_currency *currency = NULL;
	struct blame b = { 0 };

	if (record->problem != NULL) {
		blame(&b, OM_REC_AT_ROW, record->raw, record->problem);
		b.flags |= OM_REC_KEYLESS;
	} else {
		if (record->fault != NULL)
			blame(&b, OM_REC_AT_ROW, record->raw, record->fault);
		pack_key(packer, record, &b);
		if (record->count != packer->input->column_count) {
			snprintf(packer->why.msg, sizeof(packer->why.msg),
			    "%zu cells under %zu column names", record->count,
			    packer->input->column_count);
			blame(&b, OM_REC_AT_ROW, record->raw, packer->why.msg);
		}
		currency = currency_of(packer, record, &b);
		pack_compared(packer, record, currency, &b);
	}
	if (b.flags & OM_REC_BAD)
		condemn(packer, &b);
	head.flags = b.flags;
	head.column = (uint8_t)b.column;
	head.currency = currency == NULL ? 0 : (uint16_t)currency->number;
	head.key_n = (uint32_t)packer->key.n;
	head.text_n = (uint32_t)packer->text.n;
	head.hash = b.flags & OM_REC_KEYLESS
			? mix(record->line, 1)
			: hash_key(om_buf_view(&packer->key));
	return assemble(packer, &head);
}

const int64_t *
om_rec_row_amounts(const struct om_rec_row *row)
{
	return (const int64_t *)(const void *)(row + 1);
}

struct om_str
om_rec_row_key(const struct om_rec_row *row, size_t amounts)
{
	const char *p = (const char *)(row + 1);

	return (struct om_str){ p + amounts * sizeof(int64_t), row->key_n };
}

struct om_str
om_rec_row_text(const struct om_rec_row *row, size_t amounts, size_t i)
{
	struct om_str key = om_rec_row_key(row, amounts);
	const char *p = key.p + key.n;

	while (i-- > 0)
		p += strlen(p) + 1;
	return om_str_of(p);
}

bool
om_rec_row_same(const struct om_rec_row *a, const struct om_rec_row *b)
{
	return a->size == b->size && a->key_n == b->key_n &&
	       a->text_n == b->text_n && a->currency == b->currency &&
	       ((a->flags | b->flags) & OM_REC_BAD) == 0 &&
	       memcmp(a + 1, b + 1, a->size - sizeof(*a)) == 0;
}
