/* rejects_write.c - quarantined rows as they came; see rejects.h. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/rejects.h"
#include "io/output.h"
#include "store/quarantine.h"

#define SOURCES_MAX 2

struct writing {
	struct om_store *store;
	unsigned source;
	FILE *out;
	size_t rows;
};

static int
put_row(const struct om_position *at, struct om_str bytes, void *arg,
    struct om_err *err)
{
	struct writing *w = arg;

	(void)err;
	if (at->source != w->source)
		return 0;
	fwrite(bytes.p, 1, bytes.n, w->out);
	fputc('\n', w->out);
	w->rows++;
	return 0;
}

static int
put_reject(const struct om_quarantined *q, void *arg, struct om_err *err)
{
	struct writing *w = arg;

	return om_quarantine_rows(w->store, q->batch, q->reject, put_row, w,
	    err);
}

static int
write_all(struct writing *w, int64_t batch, struct om_err *err)
{
	if (om_quarantine_rows(w->store, batch, 0, put_row, w, err) < 0)
		return err->code;
	return om_quarantine_each(w->store, batch, true, put_reject, w, err);
}

int
om_rejects_write(struct om_store *store, int64_t batch, unsigned source,
    FILE *out, struct om_err *err)
{
	struct writing w = { store, source, out, 0 };

	return write_all(&w, batch, err);
}

int
om_rejects_to_dir(struct om_store *store, int64_t batch, const char *dir,
    struct om_err *err)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		return om_fail(err, OM_EOUTPUT, "make directory '%s': %s", dir,
		    strerror(errno));
	for (unsigned i = 0; i < SOURCES_MAX; i++) {
		OM_AUTO(om_output_end) struct om_output file = { 0 };
		struct writing w = { store, i, NULL, 0 };
		char path[PATH_MAX];

		snprintf(path, sizeof(path),
		    i == 0 ? "%s/%lld.csv" : "%s/%lld.1.csv", dir,
		    (long long)batch);
		if (om_output_open(path, &file, err) < 0)
			return err->code;
		w.out = file.f;
		if (write_all(&w, batch, err) < 0)
			return err->code;
		if (w.rows > 0 && om_output_commit(&file, err) < 0)
			return err->code;
	}
	return 0;
}
