/* audit.c - reading keys and notes; see audit.h. */
#include "cmd/audit.h"

#include "io/source.h"

int
om_cli_note(const char *path, struct om_buf *out, struct om_err *err)
{
	OM_AUTO(om_source_close) struct om_source *source = NULL;
	char block[4096];
	size_t n = 0;

	if (om_source_open(path, &source, err) < 0)
		return err->code;
	do {
		if (om_source_read(source, block, sizeof(block), &n, err) < 0)
			return err->code;
		om_buf_add(out, block, n);
	} while (n > 0 && !om_buf_over(out));
	if (om_buf_over(out))
		return om_fail(err, OM_EDATA, "'%s' has more than %zu bytes",
		    path, out->max);
	return 0;
}

int
om_cli_verifier(const char *key, struct om_verifier **out, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf text;
	struct om_err as_text;

	om_buf_init(&text, OM_NOTE_MAX);
	if (om_verifier_parse(om_str_of(key), out, &as_text) == 0)
		return 0;
	if (om_cli_note(key, &text, err) < 0) {
		err->code = OM_EUSAGE;
		return om_wrap(err, "--key");
	}
	if (om_verifier_parse(om_str_trim(om_buf_view(&text)), out, err) < 0) {
		err->code = OM_EUSAGE;
		return om_wrap(err, "--key '%s'", key);
	}
	return 0;
}
