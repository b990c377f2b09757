/*
 * source.h - bytes in: a file or standard input, gzip noticed by content.
 *
 * Reads the decoded bytes in order and remembers how many there were; all
 * members of a gzip file are read (zeros may follow the last one); a damaged or
 * truncated one, and anything else behind it, is OM_EDATA with the offset in
 * the file. A handle belongs to one thread. Messages name the path.
 */
#ifndef OM_IO_SOURCE_H
#define OM_IO_SOURCE_H

#include "base/err.h"
#include "base/hash.h"

struct om_source;

/* "-" is standard input. OM_ENOENT if it is missing or not readable. */
OM_MUST_USE int om_source_open(const char *path, struct om_source **out,
    struct om_err *err);
void om_source_close(struct om_source **source); /* safe on NULL and twice */

/* Up to n decoded bytes; *out_n is 0 at the end only. */
OM_MUST_USE int om_source_read(struct om_source *source, void *bytes, size_t n,
    size_t *out_n, struct om_err *err);

bool om_source_gzip(const struct om_source *source);

/* How many decoded bytes om_source_read() has given so far. */
uint64_t om_source_bytes(const struct om_source *source);

/* Hash what is read, as it lies in the file, from before the first read on;
 * ask once the end was reached. The same figures as om_file_digest(), of the
 * very bytes that were read, also for standard input. */
void om_source_hash(struct om_source *source);
void om_source_hashed(struct om_source *source,
    unsigned char out_sha[OM_SHA256_SIZE], uint64_t *out_size);

/* SHA-256 and size of a file as it lies there (not decoded): what sha256sum
 * prints. One read. */
OM_MUST_USE int om_file_digest(const char *path,
    unsigned char out_sha[OM_SHA256_SIZE], uint64_t *out_size,
    struct om_err *err);

#endif
