/* spool.c - copy standard input to an unlinked file; see spool.h. */
#include "cmd/spool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "io/temp.h"

#define COPY_BYTES 65536

static int
copy_stdin(FILE *to, struct om_err *err)
{
	char bytes[COPY_BYTES];
	size_t n;

	while ((n = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
		if (fwrite(bytes, 1, n, to) != n)
			return om_fail(err, OM_EIO,
			    "cannot keep standard input: %s", strerror(errno));
	if (ferror(stdin))
		return om_fail(err, OM_EIO, "cannot read standard input: %s",
		    strerror(errno));
	if (fflush(to) != 0)
		return om_fail(err, OM_EIO, "cannot keep standard input: %s",
		    strerror(errno));
	return 0;
}

int
om_spool_path(struct om_spool *spool, char *name, char **out_path,
    struct om_err *err)
{
	if (strcmp(name, "-") != 0) {
		*out_path = name;
		return 0;
	}
	if (spool->file != NULL)
		return om_fail(err, OM_EUSAGE,
		    "standard input can be read only once");
	if (om_temp_open(NULL, &spool->file, err) < 0 ||
	    copy_stdin(spool->file, err) < 0)
		return err->code;
	/* The file has no name any more; the kernel still knows the way. */
	if (dup2(fileno(spool->file), STDIN_FILENO) < 0)
		return om_fail(err, OM_EIO, "cannot keep standard input: %s",
		    strerror(errno));
	snprintf(spool->path, sizeof(spool->path), "/dev/stdin");
	*out_path = spool->path;
	return 0;
}

void
om_spool_end(struct om_spool *spool)
{
	if (spool->file != NULL)
		fclose(spool->file);
	spool->file = NULL;
}
