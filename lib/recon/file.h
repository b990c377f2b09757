/*
 * file.h - a delimited file as one side of a reconciliation.
 *
 * Gzip is noticed by content, the delimiter (comma, tab, bar, semicolon) by
 * the header line: the most frequent of them outside quotes. The first record
 * names the columns. The SHA-256 is that of the very bytes that were read.
 */
#ifndef OM_RECON_FILE_H
#define OM_RECON_FILE_H

#include "recon/input.h"

/* As much of the input as is looked at for the delimiter. */
#define OM_REC_HEADER_MAX ((size_t)64 * 1024)

struct om_rec_file;

/* "-" is standard input. OM_ENOENT: cannot be read. OM_EDATA: no header. */
OM_MUST_USE int om_rec_file_open(const char *path, struct om_rec_file **out,
    struct om_err *err);
void om_rec_file_close(struct om_rec_file **file); /* safe twice */

/* Lives as long as the file; its errors do not name the file. */
const struct om_rec_input *om_rec_file_input(const struct om_rec_file *file);

#endif
