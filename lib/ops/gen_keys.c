/* gen_keys.c - a row per thing to be found; see gen_keys.h. */
#include "ops/gen_keys.h"

struct om_str
om_gen_key_header(enum om_gen_file_no file)
{
	if (file == OM_GEN_ANSWERS)
		return OM_STR("class,key,left_amount,right_amount,currency\n");
	if (file == OM_GEN_REJECTS)
		return OM_STR(
		    "line,column,class,reference,currency,total,reason\n");
	return OM_STR("file,currency,outcome,orders,amount\n");
}

static char *
put_code(char *p, const struct om_currency *c)
{
	return om_put_str(p, om_str_of(c == NULL ? "" : c->code));
}

/* Nothing without a currency, or without an amount. */
static char *
put_money(char *p, const int64_t *minor, const struct om_currency *c)
{
	return c == NULL || minor == NULL
		   ? p
		   : om_put_amount(p, *minor, c->exponent);
}

int
om_gen_key_break(const struct om_gen_options *opt,
    const struct om_gen_difference *d, struct om_gen_file *file,
    struct om_err *err)
{
	char *p = om_gen_file_row(file, err);

	if (p == NULL)
		return err->code;
	p = om_put_str(p, om_str_of(om_gen_break_name(d->what)));
	p = om_gen_put_reference(om_put_char(p, ','), opt, d->number);
	p = put_money(om_put_char(p, ','), d->left_minor, d->currency);
	p = put_money(om_put_char(p, ','), d->right_minor, d->currency);
	p = put_code(om_put_char(p, ','), d->currency);
	om_gen_file_end(file, om_put_char(p, '\n'));
	return 0;
}

/* A reason may hold commas, but no quotes. */
int
om_gen_key_reject(const struct om_gen_options *opt,
    const struct om_gen_answer *answer, int64_t number, int64_t line,
    struct om_gen_file *file, struct om_err *err)
{
	char *p = om_gen_file_row(file, err);

	if (p == NULL)
		return err->code;
	p = om_put_digits(p, (uint64_t)line + answer->row, 1);
	p = om_put_str(om_put_char(p, ','), om_str_of(answer->column));
	p = om_put_str(om_put_char(p, ','),
	    om_str_of(om_gen_bad_name(answer->what)));
	p = om_put_char(p, ',');
	if (answer->named)
		p = om_gen_put_reference(p, opt, number);
	p = put_code(om_put_char(p, ','), answer->currency);
	p = put_money(om_put_char(p, ','), &answer->total_minor,
	    answer->currency);
	p = om_put_str(om_put_str(p, OM_STR(",\"")), om_str_of(answer->reason));
	om_gen_file_end(file, om_put_str(p, OM_STR("\"\n")));
	return 0;
}

/* The page whose code follows that of the last one; NULL: there is none. */
static const struct om_page *
next_page(const struct om_books *books, const char *last)
{
	const struct om_page *next = NULL;

	for (size_t i = 0; i < books->count; i++) {
		const struct om_page *page = &books->page[i];

		if (page->currency != NULL &&
		    strcmp(page->currency->code, last) > 0 &&
		    (next == NULL ||
			strcmp(page->currency->code, next->currency->code) < 0))
			next = page;
	}
	return next;
}

static const struct om_page *
unreadable(const struct om_books *books)
{
	for (size_t i = 0; i < books->count; i++)
		if (books->page[i].currency == NULL)
			return &books->page[i];
	return NULL;
}

static int
write_page(const char *of, const struct om_page *page, struct om_gen_file *file,
    struct om_err *err)
{
	for (int o = 0; o < OM_OUTCOMES; o++) {
		const char *name = om_outcome_name((enum om_outcome)o);
		char *p;

		if (page->orders[o] == 0)
			continue;
		p = om_gen_file_row(file, err);
		if (p == NULL)
			return err->code;
		p = om_put_char(om_put_str(p, om_str_of(of)), ',');
		p = om_put_char(put_code(p, page->currency), ',');
		p = om_put_char(om_put_str(p, om_str_of(name)), ',');
		p = om_put_digits(p, (uint64_t)page->orders[o], 1);
		p = put_money(om_put_char(p, ','), &page->amount_minor[o],
		    page->currency);
		om_gen_file_end(file, om_put_char(p, '\n'));
	}
	return 0;
}

int
om_gen_key_books(const char *of, const struct om_books *books,
    struct om_gen_file *file, struct om_err *err)
{
	const struct om_page *page = unreadable(books);
	const char *last = "";

	if (page != NULL && write_page(of, page, file, err) < 0)
		return err->code;
	while ((page = next_page(books, last)) != NULL) {
		if (write_page(of, page, file, err) < 0)
			return err->code;
		last = page->currency->code;
	}
	return 0;
}
