/*
 * payment.h - payments and refunds on their way into one shard.
 *
 * As chunk.h for orders: probe, give leaves, insert, in one transaction. A
 * payment is known by its order and its own id; the same one again is
 * unchanged, the same id with other facts is a conflict.
 */
#ifndef OM_STORE_PAYMENT_H
#define OM_STORE_PAYMENT_H

#include "db/db.h"
#include "order/money.h"
#include "store/outcome.h"

struct om_pay_entry {
	int64_t key;
	uint32_t seq;
	uint32_t slot;
	struct om_str channel;
	struct om_str reference;
	struct om_str payment;
	const struct om_currency *currency;
	int64_t amount_minor;
	int64_t paid_at;
	int64_t source_line;
	enum om_outcome outcome;
	int64_t leaf; /* given by the caller before the insert */
};

/* By key, then by what it is called: 0 if both are one payment. */
int om_payment_cmp(const struct om_pay_entry *a, const struct om_pay_entry *b);

/* OM_CREATED, OM_UNCHANGED or OM_CONFLICTING for each. They ascend by the above,
 * and those of one payment stand in the order of the input: what stands first
 * is there for what follows. */
OM_MUST_USE int om_payments_probe(struct om_db *shard,
    struct om_pay_entry *entries, size_t n, struct om_err *err);
/* Insert those with OM_CREATED. */
OM_MUST_USE int om_payments_insert(struct om_db *shard,
    const struct om_pay_entry *entries, size_t n, int64_t batch,
    struct om_err *err);

#endif
