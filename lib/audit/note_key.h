/*
 * note_key.h - what a signer and a verifier are made of.
 *
 * Private to lib/audit/note*.c, which alone know OpenSSL's keys.
 */
#ifndef OM_AUDIT_NOTE_KEY_H
#define OM_AUDIT_NOTE_KEY_H

#include <openssl/evp.h>

#include "audit/note.h"

#define OM_KEY_ID	4
#define OM_ED25519_KEY	32
#define OM_ED25519_SIG	64
#define OM_NOTE_ED25519 1 /* the signature type of C2SP signed-note */

struct om_verifier {
	char name[OM_KEY_NAME_MAX + 1];
	unsigned char id[OM_KEY_ID];
	unsigned char public[OM_ED25519_KEY];
	EVP_PKEY *key;
};

struct om_signer {
	struct om_verifier verifier; /* its key holds the private part */
};

/* Not empty, UTF-8, no blanks, no control characters, no '+'. */
OM_MUST_USE int om_key_name_check(struct om_str name, struct om_err *err);

/* The first four bytes of SHA-256(NAME "\n" 0x01 PUBLICKEY). */
void om_key_id(struct om_str name, const unsigned char public[OM_ED25519_KEY],
    unsigned char out[OM_KEY_ID]);

#endif
