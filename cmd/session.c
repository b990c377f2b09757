/* session.c - open a store, show books; see session.h. */
#include "cmd/session.h"

int
om_cli_open(const struct om_cli *cli, enum om_access access,
    const char *command, struct om_store **out, struct om_err *err)
{
	const struct om_session session = {
		.access = access,
		.command = command,
		.lock_wait_ms = cli->g->lock_wait_ms,
		.clock = cli->clock,
	};
	const char *url;

	if (om_cli_store(cli, &url, err) < 0)
		return err->code;
	return om_store_open(url, &session, out, err);
}

int64_t
om_cli_deadline(const struct om_cli *cli)
{
	int64_t ms = cli->g->max_duration_ms;

	return ms == 0 ? 0 : om_monotonic_ns() + ms * 1000000;
}

static void
books_header(FILE *out, const struct om_books *books)
{
	fprintf(out, "  %-12s %12s", "", "orders");
	for (size_t i = 0; i < books->count; i++)
		if (books->page[i].currency != NULL)
			fprintf(out, " %18s", books->page[i].currency->code);
	fputc('\n', out);
}

/* What is part of the line above stands a little to the right. */
static void
books_label(FILE *out, enum om_outcome outcome)
{
	int indent = om_outcome_whole(outcome) == outcome ? 0 : 2;

	fprintf(out, "  %*s%-*s", indent, "", 12 - indent,
	    om_outcome_name(outcome));
}

void
om_cli_books(FILE *out, const struct om_books *books)
{
	char text[OM_MONEY_TEXT_MAX];

	books_header(out, books);
	for (int o = 0; o < OM_COUNTS; o++) {
		enum om_outcome outcome = om_outcome_told(o);
		int64_t orders = om_books_orders(books, outcome);

		if (orders == 0 && outcome != OM_READ)
			continue;
		books_label(out, outcome);
		fprintf(out, " %12lld", (long long)orders);
		for (size_t i = 0; i < books->count; i++) {
			const struct om_page *p = &books->page[i];

			if (p->currency != NULL)
				fprintf(out, " %18s",
				    om_money_text(p->amount_minor[outcome],
					p->currency, text));
		}
		fputc('\n', out);
	}
}

void
om_cli_books_json(struct om_json *j, const struct om_books *books)
{
	char text[OM_MONEY_TEXT_MAX];

	om_json_object(j, "orders");
	for (int o = 0; o < OM_COUNTS; o++)
		om_json_int(j, om_outcome_name((enum om_outcome)o),
		    om_books_orders(books, (enum om_outcome)o));
	om_json_end(j);
	om_json_object(j, "money");
	for (size_t i = 0; i < books->count; i++) {
		const struct om_page *p = &books->page[i];

		if (p->currency == NULL)
			continue;
		om_json_object(j, p->currency->code);
		for (int o = 0; o < OM_COUNTS; o++)
			om_json_cstr(j, om_outcome_name((enum om_outcome)o),
			    om_money_text(p->amount_minor[o], p->currency,
				text));
		om_json_end(j);
	}
	om_json_end(j);
}
