/* stored.h - the current revision of an order, as its shard has it. */
#ifndef OM_STORE_STORED_H
#define OM_STORE_STORED_H

#include "db/db.h"
#include "order/order.h"

/* What a query of order_rows o must select for om_stored_read(). */
#define OM_STORED_COLUMNS                                                      \
	"o.id, o.slot, o.channel, o.reference, o.revision, o.customer,"        \
	" o.placed_at, o.currency, o.tax_included, o.subtotal_minor,"          \
	" o.discount_minor, o.shipping_minor, o.tax_minor, o.total_minor,"     \
	" o.line_count, o.attributes, o.state, o.paid_minor,"                  \
	" o.refunded_minor"

struct om_entry;

struct om_stored {
	int64_t id;
	int64_t slot;
	enum om_state state;
	int64_t paid_minor;
	int64_t refunded_minor;
	bool waits; /* it is but the cancellation of an order to come */
	struct om_order order;	      /* lines are read when they are needed */
	const struct om_entry *entry; /* of this chunk: it has no id yet, but
				       * its lines; NULL: it is stored */
};

/* Is the row, whose columns begin at col, one of this very order? Different
 * orders can have the same key. */
bool om_stored_is(const struct om_stmt *q, int col, const struct om_order *o);

/* Text is copied into arena. */
struct om_stored om_stored_read(const struct om_stmt *q, int col,
    struct om_arena *arena);

/* The lines of an order row, in arena; none: *out_count is 0. OM_EDAMAGED if
 * what is stored there is no text of lines. */
OM_MUST_USE int om_lines_read(struct om_db *db, int64_t slot, int64_t id,
    struct om_arena *arena, struct om_line **out, uint32_t *out_count,
    struct om_err *err);

/* Fill the order's lines. OM_EDAMAGED if there are more or fewer of them than
 * its row says. */
OM_MUST_USE int om_stored_lines(struct om_db *db, struct om_stored *stored,
    struct om_arena *arena, struct om_err *err);

#endif
