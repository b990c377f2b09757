/* render.c - reports on the way out; see render.h. */
#include "cmd/render.h"

#define OUT_MAX ((size_t)256 * 1024 * 1024)

int
om_cli_format(const struct om_cli *cli, const char *format,
    enum om_report_format *out, struct om_err *err)
{
	enum om_report_format found = cli->g->json ? OM_AS_JSON : OM_AS_TEXT;

	if (format != NULL && !om_report_format_find(format, &found))
		return om_fail(err, OM_EUSAGE, "no format '%s'", format);
	if (cli->g->json && found != OM_AS_JSON)
		return om_fail(err, OM_EUSAGE, "--json excludes --format %s",
		    format);
	*out = found;
	return 0;
}

int
om_cli_render(const struct om_cli *cli, const struct om_report *report,
    enum om_report_format format, struct om_err *err)
{
	struct om_buf text OM_AUTO(om_buf_fini) = { 0 };

	om_buf_init(&text, OUT_MAX);
	om_report_render(report, format, &text);
	if (om_buf_over(&text))
		return om_fail(err, OM_ELIMIT, "report is over %zu bytes",
		    OUT_MAX);
	fwrite(text.p, 1, text.n, cli->out);
	return 0;
}
