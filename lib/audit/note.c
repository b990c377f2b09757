/* note.c - signing and opening notes, and the text of checkpoints; see note.h.
 * C2SP signed-note and tlog-checkpoint; as strict as golang.org/x/mod's. */
#include "audit/note.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/note_key.h"

#define SIGNATURES_MAX 100

static const char dash[] = "\xe2\x80\x94 ";

static void
free_md(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
	*ctx = NULL;
}

/* UTF-8 without control characters but the newline. */
static int
check_text(struct om_str text, const char *what, struct om_err *err)
{
	size_t at;

	if (text.n > OM_NOTE_MAX)
		return om_fail(err, OM_ELIMIT, "%s of %zu bytes, at most %d",
		    what, text.n, OM_NOTE_MAX);
	if (!om_utf8_valid(text, &at))
		return om_fail(err, OM_EDATA, "%s is not UTF-8 at byte %zu",
		    what, at);
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < ' ' && text.p[i] != '\n')
			return om_fail(err, OM_EDATA,
			    "%s has a control character at byte %zu", what, i);
	return 0;
}

static int
sign_raw(const struct om_signer *signer, struct om_str text,
    unsigned char out[OM_ED25519_SIG], struct om_err *err)
{
	OM_AUTO(free_md) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = OM_ED25519_SIG;

	if (ctx == NULL ||
	    EVP_DigestSignInit(ctx, NULL, NULL, NULL, signer->verifier.key) !=
		1 ||
	    EVP_DigestSign(ctx, out, &n, (const unsigned char *)text.p,
		text.n) != 1 ||
	    n != OM_ED25519_SIG)
		return om_fail(err, OM_EINTERNAL, "cannot sign with key '%s'",
		    signer->verifier.name);
	return 0;
}

int
om_note_sign(const struct om_signer *signer, struct om_str text,
    struct om_buf *out, struct om_err *err)
{
	unsigned char raw[OM_KEY_ID + OM_ED25519_SIG];

	if (text.n == 0 || text.p[text.n - 1] != '\n')
		return om_fail(err, OM_EDATA,
		    "note text does not end in a newline");
	if (check_text(text, "note text", err) < 0)
		return err->code;
	if (signer != NULL) {
		memcpy(raw, signer->verifier.id, OM_KEY_ID);
		if (sign_raw(signer, text, raw + OM_KEY_ID, err) < 0)
			return err->code;
	}
	om_buf_str(out, text);
	om_buf_char(out, '\n');
	if (signer != NULL) {
		om_buf_text(out, dash);
		om_buf_text(out, signer->verifier.name);
		om_buf_char(out, ' ');
		om_base64(raw, sizeof(raw), out);
		om_buf_char(out, '\n');
	}
	if (om_buf_over(out))
		return om_fail(err, OM_ELIMIT, "note of more than %zu bytes",
		    out->max);
	return 0;
}

/* The text ends before the last blank line. */
static int
split_note(struct om_str note, struct om_str *out_text,
    struct om_str *out_signatures, struct om_err *err)
{
	if (check_text(note, "note", err) < 0)
		return err->code;
	for (size_t i = note.n; i >= 2; i--) {
		if (note.p[i - 1] != '\n' || note.p[i - 2] != '\n')
			continue;
		*out_text = (struct om_str){ note.p, i - 1 };
		*out_signatures = (struct om_str){ note.p + i, note.n - i };
		if (i < note.n && note.p[note.n - 1] != '\n')
			break;
		return 0;
	}
	return om_fail(err, OM_EDATA, "not a signed note");
}

/* One line without its newline: "DASH NAME BASE64". */
static int
parse_signature(struct om_str line, struct om_str *out_name, struct om_buf *raw,
    struct om_err *err)
{
	size_t skip = sizeof(dash) - 1;
	const char *blank;

	om_buf_reset(raw);
	if (line.n < skip || memcmp(line.p, dash, skip) != 0)
		return om_fail(err, OM_EDATA, "bad signature line '%.*s'",
		    OM_FMT(line));
	line.p += skip;
	line.n -= skip;
	blank = line.n == 0 ? NULL : memchr(line.p, ' ', line.n);
	if (blank == NULL)
		return om_fail(err, OM_EDATA, "bad signature line '%.*s'",
		    OM_FMT(line));
	*out_name = (struct om_str){ line.p, (size_t)(blank - line.p) };
	line.n -= out_name->n + 1;
	line.p = blank + 1;
	if (om_key_name_check(*out_name, err) < 0 ||
	    om_unbase64(line, raw, err) < 0)
		return om_wrap(err, "signature line");
	if (raw->n <= OM_KEY_ID)
		return om_fail(err, OM_EDATA, "signature by '%.*s' is empty",
		    OM_FMT(*out_name));
	return 0;
}

static bool
holds(const struct om_verifier *v, struct om_str text, const struct om_buf *raw)
{
	OM_AUTO(free_md) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const unsigned char *signature = (const unsigned char *)raw->p;

	return ctx != NULL && raw->n == OM_KEY_ID + OM_ED25519_SIG &&
	       EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, v->key) == 1 &&
	       EVP_DigestVerify(ctx, signature + OM_KEY_ID, OM_ED25519_SIG,
		   (const unsigned char *)text.p, text.n) == 1;
}

/* 1: line is a good signature by v. 0: it is somebody else's. */
static int
try_line(const struct om_verifier *v, struct om_str text, struct om_str line,
    struct om_buf *raw, struct om_err *err)
{
	struct om_str name;

	if (parse_signature(line, &name, raw, err) < 0)
		return err->code;
	if (!om_str_is(name, v->name) || memcmp(raw->p, v->id, OM_KEY_ID) != 0)
		return 0;
	if (!holds(v, text, raw))
		return om_fail(err, OM_EDATA,
		    "the signature by '%s' does not hold", v->name);
	return 1;
}

int
om_note_verify(const struct om_verifier *verifier, struct om_str note,
    struct om_str *out_text, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf raw;
	struct om_str text = { NULL, 0 };
	struct om_str rest = { NULL, 0 };
	bool found = false;

	om_buf_init(&raw, OM_NOTE_MAX);
	if (split_note(note, &text, &rest, err) < 0)
		return err->code;
	for (int i = 0; rest.n > 0; i++) {
		const char *end = memchr(rest.p, '\n', rest.n);
		struct om_str line = { rest.p, (size_t)(end - rest.p) };
		int rc;

		if (i == SIGNATURES_MAX)
			return om_fail(err, OM_ELIMIT,
			    "note with more than %d signatures",
			    SIGNATURES_MAX);
		if ((rc = try_line(verifier, text, line, &raw, err)) < 0)
			return rc;
		found = found || rc == 1;
		rest.p = end + 1;
		rest.n -= line.n + 1;
	}
	if (!found)
		return om_fail(err, OM_EDATA, "no signature by '%s'",
		    verifier->name);
	*out_text = text;
	return 0;
}

void
om_random(void *out, size_t n)
{
	if (RAND_bytes(out, (int)n) == 1)
		return;
	fputs("ordmill: no random numbers\n", stderr);
	abort();
}

void
om_checkpoint_text(const struct om_checkpoint *cp, struct om_buf *out)
{
	om_buf_str(out, cp->origin);
	om_buf_printf(out, "\n%" PRIu64 "\n", cp->size);
	om_base64(cp->root.h, sizeof(cp->root.h), out);
	om_buf_char(out, '\n');
}

static bool
next_line(struct om_str *rest, struct om_str *out)
{
	const char *end = rest->n == 0 ? NULL : memchr(rest->p, '\n', rest->n);

	if (end == NULL)
		return false;
	*out = (struct om_str){ rest->p, (size_t)(end - rest->p) };
	rest->n -= out->n + 1;
	rest->p = end + 1;
	return true;
}

int
om_checkpoint_parse(struct om_str text, struct om_checkpoint *out,
    struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf raw;
	struct om_checkpoint cp;
	struct om_str size;
	struct om_str root;
	int64_t n;

	om_buf_init(&raw, OM_NOTE_MAX);
	if (!next_line(&text, &cp.origin) || !next_line(&text, &size) ||
	    !next_line(&text, &root) || cp.origin.n == 0)
		return om_fail(err, OM_EDATA,
		    "a checkpoint has an origin, a size and a root");
	if (!om_str_int(size, &n) || n < 0 || (size.n > 1 && *size.p == '0'))
		return om_fail(err, OM_EDATA, "bad checkpoint size '%.*s'",
		    OM_FMT(size));
	if (om_unbase64(root, &raw, err) < 0)
		return om_wrap(err, "checkpoint root");
	if (raw.n != sizeof(cp.root.h))
		return om_fail(err, OM_EDATA, "checkpoint root of %zu bytes",
		    raw.n);
	cp.size = (uint64_t)n;
	memcpy(cp.root.h, raw.p, sizeof(cp.root.h));
	*out = cp;
	return 0;
}
