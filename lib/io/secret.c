/* secret.c - read a secret, and forget it; see secret.h. */
#include "io/secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

void
om_secret_wipe(struct om_buf *buf)
{
	volatile char *p = buf->p;

	for (size_t i = 0; p != NULL && i < buf->cap; i++)
		p[i] = '\0';
	om_buf_fini(buf);
}

/* All of f; the buffer does not move, so that no copy is left behind. */
static bool
read_all(FILE *f, struct om_buf *out)
{
	char *room = (char *)om_buf_room(out, OM_SECRET_MAX);
	size_t n;

	if (room == NULL)
		return false;
	setvbuf(f, NULL, _IONBF, 0);
	n = fread(room, 1, OM_SECRET_MAX, f);
	out->n -= OM_SECRET_MAX - n;
	return n < OM_SECRET_MAX && ferror(f) == 0;
}

static int
from_file(const char *path, struct om_buf *out, struct om_err *err)
{
	FILE *f = fopen(path, "rbe");
	bool good;

	if (f == NULL)
		return om_fail(err, OM_EAUTH, "cannot read secret '%s': %s",
		    path, strerror(errno));
	good = read_all(f, out);
	fclose(f);
	return good ? 0
		    : om_fail(err, OM_EAUTH, "cannot read secret '%s'", path);
}

static int
from_command(const char *command, struct om_buf *out, struct om_err *err)
{
	FILE *f;
	bool good;
	int status;

	fflush(NULL);		  /* nothing of ours twice */
	f = popen(command, "re"); /* NOLINT(cert-env33-c): it is one's own */
	if (f == NULL)
		return om_fail(err, OM_EAUTH, "cannot run '%s': %s", command,
		    strerror(errno));
	good = read_all(f, out);
	status = pclose(f);
	if (status == -1 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return om_fail(err, OM_EAUTH,
		    "command '%s' gave no secret (status %d)", command,
		    status == -1 || !WIFEXITED(status) ? -1
						       : WEXITSTATUS(status));
	return good ? 0
		    : om_fail(err, OM_EAUTH, "command '%s' gave no secret",
			  command);
}

static int
from_credential(const char *name, struct om_buf *out, struct om_err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	struct om_buf path OM_AUTO(om_buf_fini);

	om_buf_init(&path, 4096);
	if (folder == NULL || *folder == '\0')
		return om_fail(err, OM_EAUTH,
		    "credential '%s': $CREDENTIALS_DIRECTORY is not set", name);
	om_buf_printf(&path, "%s/%s", folder, name);
	if (om_buf_over(&path) || strchr(name, '/') != NULL)
		return om_fail(err, OM_EAUTH,
		    "credential '%s' has no such name", name);
	return from_file(path.p, out, err);
}

int
om_secret_read(const struct om_secret *secret, bool one_line,
    struct om_buf *out, struct om_err *err)
{
	size_t begin = out->n;
	int rc = 0;

	switch (secret->kind) {
	case OM_SECRET_NONE:
		return om_fail(err, OM_EAUTH, "no secret is named");
	case OM_SECRET_FILE:
		rc = from_file(secret->where, out, err);
		break;
	case OM_SECRET_COMMAND:
		rc = from_command(secret->where, out, err);
		break;
	case OM_SECRET_CREDENTIAL:
		rc = from_credential(secret->where, out, err);
		break;
	}
	if (rc < 0)
		return rc;
	if (out->n > begin && out->p[out->n - 1] == '\n')
		out->n--;
	if (out->n > begin && out->p[out->n - 1] == '\r')
		out->n--;
	for (size_t i = begin; one_line && i < out->n; i++)
		if ((unsigned char)out->p[i] < ' ' || out->p[i] == 0x7f)
			return om_fail(err, OM_EAUTH,
			    "secret '%s' is not one line of text",
			    secret->where);
	if (out->n == begin)
		return om_fail(err, OM_EAUTH, "secret '%s' is empty",
		    secret->where);
	out->p[out->n] = '\0';
	return 0;
}
