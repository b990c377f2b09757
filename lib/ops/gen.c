/* gen.c - order by order, into all files at once; see gen.h. */
#include "ops/gen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ops/gen_keys.h"
#include "ops/gen_plan.h"

static const char *const break_names[OM_GEN_BREAK_COUNT] = {
	[OM_GEN_MISSING_RIGHT] = "missing_right",
	[OM_GEN_AMOUNT_UNDER] = "amount_under",
	[OM_GEN_MISSING_LEFT] = "missing_left",
	[OM_GEN_AMOUNT_OVER] = "amount_over",
	[OM_GEN_DUPLICATE] = "duplicate",
	[OM_GEN_CURRENCY] = "currency",
};

static const char *const file_names[OM_GEN_FILES] = {
	[OM_GEN_ORDERS] = "orders.csv",
	[OM_GEN_STATEMENT] = "statement.csv",
	[OM_GEN_ANSWERS] = "answers.csv",
	[OM_GEN_CHANGES] = "changes.csv",
	[OM_GEN_REJECTS] = "rejects.csv",
	[OM_GEN_BOOKS] = "books.csv",
};

/* All that one run needs while it goes over the orders. */
struct gen {
	const struct om_gen_options *opt;
	struct om_gen_rows rows;
	struct om_gen_file file[OM_GEN_FILES];
	struct om_gen_order order;
	struct om_gen_order amended;
	int64_t line; /* of orders.csv: where the next row stands */
	struct om_books orders_books;
	struct om_books changes_books;
};

const char *
om_gen_break_name(enum om_gen_break what)
{
	return break_names[what];
}

static void
gen_fini(struct gen *g)
{
	for (int i = 0; i < OM_GEN_FILES; i++)
		om_gen_file_close(&g->file[i]);
	free(g->order.lines);
	free(g->amended.lines);
}

static bool
has_changes(const struct om_gen_options *opt)
{
	return opt->amendments > 0 || opt->cancellations > 0;
}

static bool
is_wanted(const struct om_gen_options *opt, enum om_gen_file_no file)
{
	switch (file) {
	case OM_GEN_CHANGES:
		return has_changes(opt);
	case OM_GEN_REJECTS:
		return opt->bad_rows > 0;
	case OM_GEN_BOOKS:
		return has_changes(opt) || opt->bad_rows > 0;
	case OM_GEN_ORDERS:
	case OM_GEN_STATEMENT:
	case OM_GEN_ANSWERS:
	case OM_GEN_FILES:
		break;
	}
	return true;
}

/* Another currency with as many decimals, so that the amount reads alike. */
static const struct om_currency *
other_currency(const struct om_currency *c)
{
	static const char *const pairs[][2] = { { "JPY", "KRW" }, { 0 },
		{ "USD", "EUR" }, { "KWD", "BHD" }, { "CLF", "UYW" } };
	const char *const *pair = pairs[c->exponent];

	return om_currency_find(om_str_of(pair[strcmp(c->code, pair[0]) == 0]));
}

static int
write_payment(struct gen *g, int64_t number, int64_t minor,
    const struct om_currency *c, struct om_err *err)
{
	const struct om_gen_payment payment = { number, minor, c,
		g->order.paid_at };

	return om_gen_write_payment(&g->rows, &payment,
	    &g->file[OM_GEN_STATEMENT], err);
}

/* What the statement says instead of the payment in full. */
static int
write_break(struct gen *g, enum om_gen_break what, struct om_err *err)
{
	const struct om_currency *c = om_gen_currency(g->opt, &g->order);
	int64_t total = g->order.total_minor;
	int64_t stated = total;
	struct om_gen_difference d = { what, g->order.number, &total, &stated,
		c };
	int rc = 0;

	if (what == OM_GEN_AMOUNT_OVER)
		stated = total + 1 + d.number % 100;
	else if (what == OM_GEN_AMOUNT_UNDER)
		stated = total - 1 - d.number % (total < 100 ? total : 100);
	else if (what == OM_GEN_MISSING_RIGHT)
		d.right_minor = NULL;
	else if (what == OM_GEN_MISSING_LEFT || what == OM_GEN_DUPLICATE)
		d.left_minor = NULL; /* the row stands alone on its side */
	if (what == OM_GEN_CURRENCY)
		c = other_currency(c);
	if (what != OM_GEN_MISSING_RIGHT)
		rc = write_payment(g, d.number, stated, c, err);
	/* A number that no order has. */
	if (what == OM_GEN_MISSING_LEFT)
		d.number += g->opt->orders;
	if (rc == 0 &&
	    (what == OM_GEN_DUPLICATE || what == OM_GEN_MISSING_LEFT))
		rc = write_payment(g, d.number, stated, c, err);
	return rc < 0 ? rc
		      : om_gen_key_break(g->opt, &d, &g->file[OM_GEN_ANSWERS],
			    err);
}

static int
write_bad(struct gen *g, enum om_gen_bad what, struct om_err *err)
{
	struct om_gen_answer answer;

	om_gen_bad_answer(g->opt, &g->order, what, &answer);
	if (om_gen_write_bad(&g->rows, &g->order, what, &g->file[OM_GEN_ORDERS],
		err) < 0)
		return err->code;
	return om_gen_key_reject(g->opt, &answer, g->order.number, g->line,
	    &g->file[OM_GEN_REJECTS], err);
}

/* An order that does not get in is not paid; all others are, as they are in
 * the end. */
static int
write_order(struct gen *g, struct om_gen_turn turn, struct om_err *err)
{
	struct om_gen_file *changes = &g->file[OM_GEN_CHANGES];
	int64_t due = g->order.total_minor;

	if (turn.fate == OM_GEN_BAD)
		return write_bad(g, om_gen_bad_turn(g->opt, turn.nth), err);
	if (om_gen_write_order(&g->rows, &g->order, &g->file[OM_GEN_ORDERS],
		err) < 0)
		return err->code;
	if (turn.fate == OM_GEN_BROKEN)
		return write_break(g,
		    (enum om_gen_break)(turn.nth % OM_GEN_BREAK_COUNT), err);
	if (turn.fate == OM_GEN_AMENDED)
		due = g->amended.total_minor;
	if ((turn.fate == OM_GEN_AMENDED &&
		om_gen_write_amendment(&g->rows, &g->amended, changes, err) <
		    0) ||
	    (turn.fate == OM_GEN_CANCELLED &&
		om_gen_write_cancellation(&g->rows, &g->order, changes, err) <
		    0))
		return err->code;
	return write_payment(g, g->order.number, due,
	    om_gen_currency(g->opt, &g->order), err);
}

static int
book(struct om_books *books, const struct om_currency *c,
    enum om_outcome outcome, int64_t minor, struct om_err *err)
{
	if (om_books_add(books, c, OM_READ, 1, minor, err) < 0)
		return err->code;
	return om_books_add(books, c, outcome, 1, minor, err);
}

/* What ingest must make of it. Of a cancellation it reads no amounts. */
static int
book_order(struct gen *g, struct om_gen_turn turn, struct om_err *err)
{
	const struct om_currency *c = om_gen_currency(g->opt, &g->order);
	struct om_books *changes = &g->changes_books;
	struct om_gen_answer answer;

	if (turn.fate == OM_GEN_BAD) {
		om_gen_bad_answer(g->opt, &g->order,
		    om_gen_bad_turn(g->opt, turn.nth), &answer);
		return book(&g->orders_books, answer.currency, OM_REJECTED,
		    answer.total_minor, err);
	}
	if (book(&g->orders_books, c, OM_CREATED, g->order.total_minor, err) <
	    0)
		return err->code;
	if (turn.fate == OM_GEN_AMENDED)
		return book(changes, c, OM_AMENDED, g->amended.total_minor,
		    err);
	if (turn.fate == OM_GEN_CANCELLED)
		return book(changes, c, OM_CANCELLED_BY_FEED, 0, err);
	return 0;
}

static void
make(struct gen *g, int64_t number, struct om_gen_turn turn)
{
	om_gen_order_make(g->opt, number, &g->order);
	if (turn.fate == OM_GEN_AMENDED)
		om_gen_order_amend(g->opt, &g->order, &g->amended);
}

static uint32_t
rows_of(const struct gen *g, struct om_gen_turn turn, uint32_t rows)
{
	return turn.fate == OM_GEN_BAD
		   ? om_gen_bad_rows(om_gen_bad_turn(g->opt, turn.nth), rows)
		   : rows;
}

static int
count_order(struct gen *g, struct om_gen_turn turn, struct om_gen_summary *out,
    struct om_err *err)
{
	const struct om_gen_order *o = &g->order;

	out->orders++;
	out->lines += o->line_count == 0 ? 0 : rows_of(g, turn, o->line_count);
	out->money[o->currency].orders++;
	out->amended += turn.fate == OM_GEN_AMENDED;
	out->cancelled += turn.fate == OM_GEN_CANCELLED;
	if (turn.fate == OM_GEN_BROKEN)
		out->breaks[turn.nth % OM_GEN_BREAK_COUNT]++;
	if (turn.fate == OM_GEN_BAD)
		out->bad[om_gen_bad_turn(g->opt, turn.nth)]++;
	return om_money_add(&out->money[o->currency].total_minor,
	    o->total_minor, err);
}

/* The books stand in the last part, and are those of all parts. */
static bool
keeps_books(const struct om_gen_options *opt)
{
	return is_wanted(opt, OM_GEN_BOOKS) && opt->part == opt->parts;
}

static int
one_order(struct gen *g, int64_t number, struct om_gen_turn turn,
    struct om_gen_summary *out, struct om_err *err)
{
	make(g, number, turn);
	if (write_order(g, turn, err) < 0 ||
	    count_order(g, turn, out, err) < 0 ||
	    (keeps_books(g->opt) && book_order(g, turn, err) < 0))
		return err->code;
	g->line +=
	    rows_of(g, turn, g->opt->lines > 0 ? g->order.line_count : 1);
	return 0;
}

/* What a part must know of those before it: how many rows they have, and, if
 * it is the last one, what they do to the books. */
static int
survey(struct gen *g, int64_t first, struct om_err *err)
{
	bool books = keeps_books(g->opt);
	struct om_gen_plan plan;

	g->line = 2;
	if (!books && g->opt->bad_rows == 0)
		return 0;
	om_gen_plan_start(g->opt, 1, &plan);
	for (int64_t n = 1; n < first; n++) {
		struct om_gen_turn turn = om_gen_plan_next(&plan, n);

		g->line += rows_of(g, turn, om_gen_order_rows(g->opt, n));
		if (!books)
			continue;
		make(g, n, turn);
		if (book_order(g, turn, err) < 0)
			return err->code;
	}
	return 0;
}

static struct om_str
header_of(const struct om_gen_options *opt, enum om_gen_file_no file)
{
	if (file == OM_GEN_ORDERS)
		return om_gen_orders_header(opt);
	if (file == OM_GEN_CHANGES)
		return om_gen_changes_header(opt);
	if (file == OM_GEN_STATEMENT)
		return OM_STR("channel,reference,payment,currency,amount,"
			      "paid_at\n");
	return om_gen_key_header(file);
}

/* The header stands in the first part alone, and is no row. */
static int
open_files(struct gen *g, const char *dir, struct om_err *err)
{
	if (!g->opt->dry_run && mkdir(dir, 0777) < 0 && errno != EEXIST)
		return om_fail(err, OM_EOUTPUT, "cannot make '%s': %s", dir,
		    strerror(errno));
	for (int i = 0; i < OM_GEN_FILES; i++) {
		enum om_gen_file_no no = (enum om_gen_file_no)i;
		struct om_gen_file *file = &g->file[i];

		if (!is_wanted(g->opt, no))
			continue;
		if (om_gen_file_open(file, dir, file_names[i], g->opt->dry_run,
			err) < 0)
			return err->code;
		if (g->opt->part > 1)
			continue;
		om_gen_file_end(file,
		    om_put_str(file->buffer, header_of(g->opt, no)));
		file->rows = 0;
	}
	return 0;
}

static int
write_books(struct gen *g, struct om_err *err)
{
	struct om_gen_file *file = &g->file[OM_GEN_BOOKS];

	if (!keeps_books(g->opt))
		return 0;
	if (om_gen_key_books(file_names[OM_GEN_ORDERS], &g->orders_books, file,
		err) < 0)
		return err->code;
	return om_gen_key_books(file_names[OM_GEN_CHANGES], &g->changes_books,
	    file, err);
}

static int
commit_files(struct gen *g, struct om_gen_summary *out, struct om_err *err)
{
	for (int i = 0; i < OM_GEN_FILES; i++) {
		struct om_gen_file *file = &g->file[i];

		if (!is_wanted(g->opt, (enum om_gen_file_no)i))
			continue;
		if (om_gen_file_commit(file, out->file[i].sha256, err) < 0)
			return err->code;
		out->file[i].name = file_names[i];
		out->file[i].rows = file->rows;
		out->file[i].bytes = file->bytes;
	}
	return 0;
}

static int
gen_init(struct gen *g, const struct om_gen_options *opt, struct om_err *err)
{
	*g = (struct gen){ .opt = opt };
	om_gen_rows_init(&g->rows, opt);
	g->order.lines = calloc(2 * OM_GEN_LINES_MAX, sizeof(*g->order.lines));
	g->amended.lines =
	    calloc(2 * OM_GEN_LINES_MAX, sizeof(*g->amended.lines));
	if (g->order.lines == NULL || g->amended.lines == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	return 0;
}

int
om_gen_run(const struct om_gen_options *opt, const char *dir,
    struct om_gen_summary *out, struct om_err *err)
{
	struct gen g OM_AUTO(gen_fini) = { 0 };
	struct om_gen_summary sum = { 0 };
	struct om_gen_plan plan;
	int64_t first;
	int64_t last;

	if (om_gen_check(opt, err) < 0)
		return err->code;
	first = opt->orders * (opt->part - 1) / opt->parts + 1;
	last = opt->orders * opt->part / opt->parts;
	if (gen_init(&g, opt, err) < 0 || open_files(&g, dir, err) < 0 ||
	    survey(&g, first, err) < 0)
		return err->code;
	om_gen_plan_start(opt, first, &plan);
	for (int64_t i = first; i <= last; i++)
		if (one_order(&g, i, om_gen_plan_next(&plan, i), &sum, err) < 0)
			return err->code;
	if (write_books(&g, err) < 0 || commit_files(&g, &sum, err) < 0)
		return err->code;
	*out = sum;
	return 0;
}
