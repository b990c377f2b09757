/*
 * note.h - C2SP signed notes, tlog checkpoints and the keys that make them.
 *
 * A checkpoint's text is "ORIGIN\nSIZE\nBASE64ROOT\n"; a signed note adds a
 * blank line and "\xE2\x80\x94 NAME BASE64(keyid || signature)\n". Ed25519 only
 * (signature type 0x01); key id = first four bytes of
 * SHA-256(NAME "\n" 0x01 PUBLICKEY). A verifier key is "NAME+HEXID+BASE64",
 * split at the first two '+' only. A signer key is the Go sumdb/note form
 * "PRIVATE+KEY+NAME+HEXID+BASE64(0x01 || seed)" and comes from a file.
 */
#ifndef OM_AUDIT_NOTE_H
#define OM_AUDIT_NOTE_H

#include "audit/merkle.h"
#include "base/base64.h"

#define OM_KEY_NAME_MAX 128
#define OM_NOTE_MAX	65536

struct om_signer;   /* a private key; wiped when freed */
struct om_verifier; /* a public key */

/* A new pair. seed_path gets the private key with mode 0600, vkey_path the
 * verifier key; an existing file is never overwritten (OM_ECONFLICT). */
OM_MUST_USE int om_key_generate(const char *name, const char *seed_path,
    const char *vkey_path, struct om_err *err);

OM_MUST_USE int om_signer_load(const char *path, struct om_signer **out,
    struct om_err *err);
void om_signer_free(struct om_signer **signer);
/* The verifier key that belongs to it, for the catalog. */
void om_signer_vkey(const struct om_signer *signer, struct om_buf *out);

OM_MUST_USE int om_verifier_parse(struct om_str vkey, struct om_verifier **out,
    struct om_err *err);
void om_verifier_free(struct om_verifier **verifier);
const char *om_verifier_name(const struct om_verifier *verifier);

/* text ends in a newline and has no blank-line ambiguity. signer NULL: the
 * note carries no signature. */
OM_MUST_USE int om_note_sign(const struct om_signer *signer, struct om_str text,
    struct om_buf *out, struct om_err *err);
/* *out_text: the signed part of note. OM_EDATA if no signature by the
 * verifier's key is there or it does not hold. */
OM_MUST_USE int om_note_verify(const struct om_verifier *verifier,
    struct om_str note, struct om_str *out_text, struct om_err *err);

/* Bytes that nobody can guess. */
void om_random(void *out, size_t n);

struct om_checkpoint {
	struct om_str origin;
	uint64_t size;
	struct om_node root;
};

void om_checkpoint_text(const struct om_checkpoint *cp, struct om_buf *out);
/* Takes a bare text or a whole note (signatures are not looked at). */
OM_MUST_USE int om_checkpoint_parse(struct om_str text,
    struct om_checkpoint *out, struct om_err *err);

#endif
