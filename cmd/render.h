/* render.h - print a report in the format that was asked for. */
#ifndef OM_CMD_RENDER_H
#define OM_CMD_RENDER_H

#include "cmd/command.h"
#include "report/report.h"

/* format NULL: JSON under --json, else text. OM_EUSAGE: no such format, or
 * --json together with another one. */
OM_MUST_USE int om_cli_format(const struct om_cli *cli, const char *format,
    enum om_report_format *out, struct om_err *err);

OM_MUST_USE int om_cli_render(const struct om_cli *cli,
    const struct om_report *report, enum om_report_format format,
    struct om_err *err);

#endif
