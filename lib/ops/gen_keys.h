/*
 * gen_keys.h - the answer keys: what must be found in what was generated.
 */
#ifndef OM_OPS_GEN_KEYS_H
#define OM_OPS_GEN_KEYS_H

#include "ops/gen_bad.h"

struct om_str om_gen_key_header(enum om_gen_file_no file);

/* A row of answers.csv. NULL: that side has no amount. */
struct om_gen_difference {
	enum om_gen_break what;
	int64_t number;
	const int64_t *left_minor;
	const int64_t *right_minor;
	const struct om_currency *currency;
};
OM_MUST_USE int om_gen_key_break(const struct om_gen_options *opt,
    const struct om_gen_difference *d, struct om_gen_file *file,
    struct om_err *err);

/* A row of rejects.csv; line is that of the order's first row. */
OM_MUST_USE int om_gen_key_reject(const struct om_gen_options *opt,
    const struct om_gen_answer *answer, int64_t number, int64_t line,
    struct om_gen_file *file, struct om_err *err);

/* The rows of books.csv for one file, in the order of the currencies' codes
 * and of the outcomes; what could not be read comes first. */
OM_MUST_USE int om_gen_key_books(const char *of, const struct om_books *books,
    struct om_gen_file *file, struct om_err *err);

#endif
