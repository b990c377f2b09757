/* numbers.c - put together what is stated in four places; see numbers.h. */
#include "ingest/numbers.h"

static void
add_stated(const struct om_manifest *m, struct om_sequences *out)
{
	if (m != NULL && (m->stated & OM_FIGURE_SEQUENCE) != 0)
		om_sequences_add(out, OM_SEQUENCE_NUMBER, m->sequence);
}

int
om_numbers_collect(const struct om_feed *feed, const struct om_reader *reader,
    const struct om_manifest *given, const char *name, struct om_sequences *out,
    struct om_err *err)
{
	const struct om_sequences *read = om_reader_numbers(reader);
	const struct om_manifest *own = NULL;
	struct om_sequence named;

	if (om_reader_stated(reader, &own, err) < 0)
		return err->code;
	add_stated(given, out);
	add_stated(own, out);
	for (size_t i = 0; read != NULL && i < read->n; i++)
		om_sequences_add(out, read->item[i].unit, read->item[i].number);
	if (om_feed_number_of(feed, name, &named))
		om_sequences_add(out, named.unit, named.number);
	return 0;
}
