/*
 * proof.h - whether a body is what its answer says it is.
 */
#ifndef OM_FETCH_PROOF_H
#define OM_FETCH_PROOF_H

#include "feed/http.h"
#include "fetch/inbox.h"

/*
 * A finished body against the checksums of its answer (Repr-Digest and
 * Content-Digest, RFC 9530, and the older Digest: SHA-256 each), its encoding,
 * the signature that the feed asks for, and the limit of what it unpacks to.
 * whole: it was not put together of parts. OM_EDATA, OM_ELIMIT; OM_EAUTH if the
 * key of the signature cannot be read.
 */
OM_MUST_USE int om_proof(const struct om_feed_http *feed,
    const struct om_http_answer *answer, const struct om_body *body, bool whole,
    struct om_err *err);

#endif
