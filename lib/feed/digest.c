/* digest.c - a feed in canonical form, hashed: what is read, not how the
 * mapping was written down. Names and sources do not count. */
#include "base/buf.h"
#include "feed/spec.h"

#define DUMP_MAX ((size_t)64 * 1024 * 1024)

static void
add_text(struct om_buf *b, struct om_str s)
{
	om_buf_be32(b, s.p == NULL ? UINT32_MAX : (uint32_t)s.n);
	om_buf_str(b, s);
}

static void
add_number(struct om_buf *b, int64_t n)
{
	om_buf_be64(b, (uint64_t)n);
}

static void
add_value(struct om_buf *b, const struct om_value *v)
{
	add_number(b, v->mapped);
	if (!v->mapped)
		return;
	add_text(b, v->from);
	add_text(b, v->constant);
	add_text(b, v->fallback);
	add_number(b, (int64_t)v->rule_count);
	for (size_t i = 0; i < v->rule_count; i++) {
		add_text(b, om_str_of(v->rules[i].pattern));
		add_text(b, v->rules[i].value);
	}
	add_number(b, (int64_t)v->blank_count);
	for (size_t i = 0; i < v->blank_count; i++)
		add_text(b, v->blanks[i]);
	add_number(b, v->need);
	add_number(b, v->rate);
	add_number(b, v->trim | v->absolute << 1 | v->negate << 2 |
			  v->net << 3 | v->minor << 4 | v->maybe << 5);
	add_number(b, v->scale);
	add_number(b, v->decimal);
	add_number(b, v->thousands);
	add_text(b, om_str_of(v->date));
}

static void
add_dialect(struct om_buf *b, const struct om_dialect *d)
{
	if (d->format != OM_FORMAT_CSV)
		add_number(b, -(int64_t)d->format);
	add_number(b, d->csv.delimiter);
	add_number(b, d->csv.quote);
	add_number(b, d->csv.comment);
	add_number(b, d->csv.escape);
	add_number(b, d->csv.trailing_delimiter);
	add_number(b, (int64_t)d->encoding);
	add_number(b, d->header);
	add_number(b, d->skip);
	add_number(b, (int64_t)d->fields);
	add_text(b, om_str_of(d->trailer == NULL ? NULL : d->trailer->match));
}

void
om_feed_digest(const struct om_feed *feed, unsigned char out[OM_SHA256_SIZE])
{
	struct om_buf b OM_AUTO(om_buf_fini) = { 0 };
	struct om_sha256 h OM_AUTO(om_sha256_fini) = { 0 };

	om_buf_init(&b, DUMP_MAX);
	om_buf_text(&b, "ordmill feed 1\n");
	add_number(&b, feed->kind);
	add_number(&b, feed->shape);
	for (unsigned i = 0; i < om_feed_sources(feed); i++)
		add_dialect(&b, &feed->dialect[i]);
	for (int i = 0; i < OM_F_COUNT; i++)
		add_value(&b, &feed->value[i]);
	add_value(&b, &feed->key);
	add_number(&b, feed->decimal);
	add_number(&b, feed->thousands);
	add_text(&b, om_str_of(feed->date));
	add_text(&b, om_str_of(feed->zone_name));
	add_number(&b, feed->rounding);
	add_number(&b, feed->tolerance);
	add_number(&b, feed->tax);
	add_number(&b, feed->clash);
	add_number(&b, feed->keep);
	add_number(&b, (int64_t)feed->keep_count);
	for (size_t i = 0; i < feed->keep_count; i++)
		add_text(&b, feed->keep_list[i]);
	if (feed->item_count > 0)
		add_number(&b, (int64_t)feed->item_count);
	for (size_t i = 0; i < feed->item_count; i++)
		add_text(&b, feed->items[i]);
	if (feed->json != NULL) {
		om_feed_digest(feed->json, out);
		om_buf_add(&b, out, OM_SHA256_SIZE);
	}
	om_sha256_init(&h);
	om_sha256_add(&h, b.p, b.n);
	om_sha256_end(&h, out);
}
