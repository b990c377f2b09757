/* ingest_show.c - a batch and its books, told; see ingest_parts.h. */
#include "cmd/ingest_parts.h"

void
om_ingest_show(struct om_ingest_call *c, const char *name,
    const struct om_ingest_result *r)
{
	FILE *out = c->cli->out;

	if (r->already)
		fprintf(out, "batch %lld: %s: already loaded\n",
		    (long long)r->batch, name);
	else if (c->options.dry_run)
		fprintf(out, "dry run: %s: %lld rows\n", name,
		    (long long)r->rows_read);
	else
		fprintf(out, "batch %lld: %s: %lld rows%s%s\n",
		    (long long)r->batch, name, (long long)r->rows_read,
		    r->resumed ? ", resumed" : "",
		    r->published ? "" : ", rolled back");
	om_cli_books(out, &r->books);
	if (r->namesake != 0)
		fprintf(out, "  batch %lld had this name and other content\n",
		    (long long)r->namesake);
	if (c->options.parent != 0 && r->published)
		fprintf(out, "  batch %lld has %lld open rejects left\n",
		    (long long)c->options.parent,
		    (long long)r->parent_open_rejects);
}

static void
show_numbers(struct om_json *j, const struct om_ingest_result *r)
{
	char text[OM_SEQUENCE_TEXT_MAX];

	om_json_object(j, "sequence");
	om_json_int(j, "numbers", (int64_t)r->numbers);
	om_json_cstr(j, "first",
	    om_sequence_text(r->first_number.unit, r->first_number.number,
		text));
	om_json_cstr(j, "last",
	    om_sequence_text(r->last_number.unit, r->last_number.number, text));
	om_json_end(j);
}

void
om_ingest_show_json(struct om_ingest_call *c, const char *name,
    const struct om_ingest_result *r, const struct om_err *why)
{
	struct om_json *j = &c->json;
	char id[24];

	snprintf(id, sizeof(id), "%lld", (long long)r->batch);
	om_json_object(j, NULL);
	om_json_cstr(j, "id", id);
	om_json_cstr(j, "feed", om_feed_name(c->feed));
	om_json_cstr(j, "source", name);
	om_json_cstr(j, "sha256", r->sha256);
	om_json_int(j, "bytes", (int64_t)r->bytes);
	om_json_bool(j, "already", r->already);
	om_json_bool(j, "resumed", r->resumed);
	om_json_bool(j, "published", r->published);
	om_json_object(j, "rows");
	om_json_int(j, "read", r->rows_read);
	om_json_end(j);
	om_cli_books_json(j, &r->books);
	if (r->numbers > 0)
		show_numbers(j, r);
	om_json_int(j, "open_rejects", r->open_rejects);
	if (c->options.parent != 0)
		om_json_int(j, "parent_open_rejects", r->parent_open_rejects);
	om_json_int(j, "same_name", r->namesake);
	om_json_bool(j, "closed", why == NULL || why->code != OM_EINTERNAL);
	if (why != NULL)
		om_json_cstr(j, "error", why->msg);
	om_json_seconds(j, "seconds", r->ns);
	om_json_end(j);
}
