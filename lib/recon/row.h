/*
 * row.h - what is kept of a row: key, amounts, texts, and where it stood.
 *
 * A row is one run of bytes, a multiple of eight long, that can be copied,
 * written to a scratch file and read back: the header, the amounts (int64_t,
 * as many as the rules have), the key (cells separated by NUL), the compared
 * texts (each ended by NUL), zeros. A bad row holds its culprit and the
 * reason in place of the texts, and zeros for amounts.
 */
#ifndef OM_RECON_ROW_H
#define OM_RECON_ROW_H

#include "base/buf.h"
#include "recon/rules.h"

#define OM_REC_KEY_MAX	  4096 /* bytes of a key */
#define OM_REC_CURRENCIES 1000 /* ISO 4217 numeric codes; 0: unknown */
#define OM_REC_AMOUNT_MAX (INT64_MAX / 2) /* so that differences fit */

enum {
	OM_REC_BAD = 1,	    /* cannot be compared */
	OM_REC_KEYLESS = 2, /* cannot even be paired; also bad */
};

/* The column of a bad row, or of a break, that is to blame. */
enum {
	OM_REC_AT_KEY = 64, /* + index */
	OM_REC_AT_CURRENCY = 128,
	OM_REC_AT_ROW = 129, /* no column in particular */
};

struct om_rec_row {
	uint64_t hash; /* of the key */
	uint64_t line;
	uint32_t size; /* of the whole row */
	uint32_t key_n;
	uint32_t text_n;
	uint16_t currency; /* ISO 4217 number, 0 when unknown */
	uint8_t flags;
	uint8_t column; /* bad rows: index into compare, or OM_REC_AT_... */
};

/* Makes rows of one side's records. One thread. */
struct om_rec_packer {
	const struct om_rec_rules *rules;
	const struct om_rec_input *input;
	int side; /* 0 left, 1 right */
	char last_code[OM_CURRENCY_CODE];
	const struct om_currency *last;
	/* by number; those that were seen */
	const struct om_currency *seen[OM_REC_CURRENCIES];
	struct om_buf key;
	struct om_buf text;
	struct om_buf row;
	int64_t amount[OM_REC_COMPARES_MAX];
	struct om_err why; /* the latest row is bad */
};

void om_rec_packer_init(struct om_rec_packer *packer,
    const struct om_rec_rules *rules, const struct om_rec_input *input,
    int side);
void om_rec_packer_fini(struct om_rec_packer *packer);

/* The row lives until the next call. What is wrong with a record becomes a
 * bad row; nothing fails. */
const struct om_rec_row *om_rec_pack(struct om_rec_packer *packer,
    const struct om_rec_record *record);

const int64_t *om_rec_row_amounts(const struct om_rec_row *row);
struct om_str om_rec_row_key(const struct om_rec_row *row, size_t amounts);
/* Text i of a good row; 0 the culprit and 1 the reason of a bad one. */
struct om_str om_rec_row_text(const struct om_rec_row *row, size_t amounts,
    size_t i);

/* Same key, currency, amounts and texts; both good. */
bool om_rec_row_same(const struct om_rec_row *a, const struct om_rec_row *b);

#endif
