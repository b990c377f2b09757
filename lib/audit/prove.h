/*
 * prove.h - a file that shows to an outsider what the store sealed.
 *
 * A proof leads from one record to a signed checkpoint and is checked without
 * the store (scripts/verify-proof.sh). It is text:
 *
 *     ordmill/proof/1
 *     record BASE64            the record of an order, see leaf.h
 *     shard N
 *     index N                  of its leaf in the shard's log
 *     size N                   of the shard's log when it was sealed
 *     HASH...                  base64, RFC 6962 section 2.1.1, leaf to root
 *     (an empty line)
 *     entry BASE64             the journal's record with that shard's head
 *     c2sp.org/tlog-proof@v1   from here on a C2SP tlog-proof of the entry
 *     index N
 *     HASH...
 *     (an empty line)
 *     CHECKPOINT               a signed note, see note.h
 */
#ifndef OM_AUDIT_PROVE_H
#define OM_AUDIT_PROVE_H

#include "base/buf.h"
#include "store/store.h"

#define OM_PROOF_TEXT_MAX ((size_t)256 << 20)

enum om_proof_of {
	OM_PROVE_ORDER, /* its current revision */
	OM_PROVE_EVENT, /* the last thing that happened to it */
};

/* OM_ENOENT: no such order, or none that is published; or nothing has
 * happened to it. */
OM_MUST_USE int om_prove(struct om_store *store, struct om_str channel,
    struct om_str reference, enum om_proof_of what, struct om_buf *out,
    struct om_err *err);

#endif
