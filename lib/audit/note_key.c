/* note_key.c - making, reading and writing the keys of notes; see note.h. */
#include "audit/note_key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY_TEXT_MAX 512 /* of a key file; none is half as long */

static const char private_prefix[] = "PRIVATE+KEY+";

/* The parts of "NAME+HEXID+BASE64(type || key)", decoded. */
struct parts {
	struct om_str name;
	unsigned char id[OM_KEY_ID];
	unsigned char key[OM_ED25519_KEY];
};

static void
wipe_parts(struct parts *parts)
{
	OPENSSL_cleanse(parts, sizeof(*parts));
}

static void
wipe_buf(struct om_buf *buf)
{
	if (buf->p != NULL)
		OPENSSL_cleanse(buf->p, buf->cap);
	om_buf_fini(buf);
}

static void
free_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
	*key = NULL;
}

/* U+0085, U+00A0, U+1680, U+2000-200A, U+2028, U+2029, U+202F, U+205F and
 * U+3000: the blanks of Unicode beyond ASCII, in UTF-8. */
static bool
wide_blank(const unsigned char *p, size_t n)
{
	if (n >= 2 && p[0] == 0xc2)
		return p[1] == 0x85 || p[1] == 0xa0;
	if (n < 3)
		return false;
	if (p[0] == 0xe2 && p[1] == 0x80)
		return p[2] <= 0x8a || p[2] == 0xa8 || p[2] == 0xa9 ||
		       p[2] == 0xaf;
	return memcmp(p, "\xe1\x9a\x80", 3) == 0 ||
	       memcmp(p, "\xe2\x81\x9f", 3) == 0 ||
	       memcmp(p, "\xe3\x80\x80", 3) == 0;
}

int
om_key_name_check(struct om_str name, struct om_err *err)
{
	size_t at;

	if (name.n == 0)
		return om_fail(err, OM_EDATA, "key name is empty");
	if (name.n > OM_KEY_NAME_MAX)
		return om_fail(err, OM_ELIMIT,
		    "key name of %zu bytes, at most %d", name.n,
		    OM_KEY_NAME_MAX);
	if (!om_utf8_valid(name, &at))
		return om_fail(err, OM_EDATA, "key name is not UTF-8");
	for (size_t i = 0; i < name.n; i++) {
		const unsigned char *p = (const unsigned char *)name.p + i;

		if (*p <= ' ' || *p == 0x7f || *p == '+' ||
		    wide_blank(p, name.n - i))
			return om_fail(err, OM_EDATA,
			    "key name '%.*s' has a blank or a '+'",
			    OM_FMT(name));
	}
	return 0;
}

void
om_key_id(struct om_str name, const unsigned char public[OM_ED25519_KEY],
    unsigned char out[OM_KEY_ID])
{
	unsigned char digest[OM_SHA256_SIZE];
	struct om_sha256 sha;

	om_sha256_init(&sha);
	om_sha256_add(&sha, name.p, name.n);
	om_sha256_add(&sha, "\n\x01", 2);
	om_sha256_add(&sha, public, OM_ED25519_KEY);
	om_sha256_end(&sha, digest);
	om_sha256_fini(&sha);
	memcpy(out, digest, OM_KEY_ID);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
unhex(struct om_str text, unsigned char out[OM_KEY_ID])
{
	if (text.n != 2 * OM_KEY_ID)
		return false;
	for (size_t i = 0; i < OM_KEY_ID; i++) {
		int high = hex_digit(text.p[2 * i]);
		int low = hex_digit(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* What stands before the next '+'; *rest moves behind it. */
static bool
cut(struct om_str *rest, struct om_str *out)
{
	const char *plus = rest->n == 0 ? NULL : memchr(rest->p, '+', rest->n);

	if (plus == NULL)
		return false;
	*out = (struct om_str){ rest->p, (size_t)(plus - rest->p) };
	rest->n -= out->n + 1;
	rest->p = plus + 1;
	return true;
}

/* Never quotes what it read: it may be a private key. */
static int
split(struct om_str text, struct parts *out, struct om_err *err)
{
	OM_AUTO(wipe_buf) struct om_buf raw;
	struct om_err inner;
	struct om_str id;

	om_buf_init(&raw, KEY_TEXT_MAX);
	if (!cut(&text, &out->name) || !cut(&text, &id))
		return om_fail(err, OM_EDATA,
		    "key is not of the form NAME+ID+BASE64");
	if (om_key_name_check(out->name, err) < 0)
		return err->code;
	if (!unhex(id, out->id))
		return om_fail(err, OM_EDATA,
		    "key id '%.*s' is not eight hex digits", OM_FMT(id));
	if (om_unbase64(text, &raw, &inner) < 0)
		return om_fail(err, OM_EDATA, "key '%.*s' is not base64",
		    OM_FMT(out->name));
	if (raw.n != 1 + OM_ED25519_KEY || raw.p[0] != OM_NOTE_ED25519)
		return om_fail(err, OM_EDATA,
		    "key '%.*s' is not an Ed25519 key", OM_FMT(out->name));
	memcpy(out->key, raw.p + 1, OM_ED25519_KEY);
	return 0;
}

/* Fill name, public part and id from a key of OpenSSL's, which it takes. */
static int
fill(struct om_verifier *v, struct om_str name, EVP_PKEY *key,
    struct om_err *err)
{
	size_t n = sizeof(v->public);

	v->key = key;
	if (key == NULL ||
	    EVP_PKEY_get_raw_public_key(key, v->public, &n) != 1 ||
	    n != sizeof(v->public))
		return om_fail(err, OM_EDATA, "key '%.*s' is not usable",
		    OM_FMT(name));
	memcpy(v->name, name.p, name.n);
	v->name[name.n] = '\0';
	om_key_id(name, v->public, v->id);
	return 0;
}

static int
check_id(const struct om_verifier *v, const struct parts *parts,
    struct om_err *err)
{
	if (memcmp(v->id, parts->id, OM_KEY_ID) == 0)
		return 0;
	return om_fail(err, OM_EDATA, "key '%s' does not have the id it states",
	    v->name);
}

int
om_verifier_parse(struct om_str vkey, struct om_verifier **out,
    struct om_err *err)
{
	OM_AUTO(om_verifier_free) struct om_verifier *v = NULL;
	struct parts parts;

	if (split(om_str_trim(vkey), &parts, err) < 0)
		return err->code;
	v = om_must(calloc(1, sizeof(*v)));
	if (fill(v, parts.name,
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, parts.key,
		    OM_ED25519_KEY),
		err) < 0)
		return err->code;
	if (check_id(v, &parts, err) < 0)
		return err->code;
	*out = v;
	v = NULL;
	return 0;
}

void
om_verifier_free(struct om_verifier **verifier)
{
	if (*verifier == NULL)
		return;
	free_key(&(*verifier)->key);
	free(*verifier);
	*verifier = NULL;
}

const char *
om_verifier_name(const struct om_verifier *verifier)
{
	return verifier->name;
}

static int
read_key(const char *path, struct om_buf *out, struct om_err *err)
{
	char block[KEY_TEXT_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;

	if (fd < 0)
		return om_fail(err, OM_ENOENT, "key file '%s': %s", path,
		    strerror(errno));
	while ((n = read(fd, block, sizeof(block))) > 0)
		om_buf_add(out, block, (size_t)n);
	if (n < 0)
		om_fail(err, OM_EIO, "key file '%s': %s", path,
		    strerror(errno));
	OPENSSL_cleanse(block, sizeof(block));
	close(fd);
	if (n < 0)
		return err->code;
	if (om_buf_over(out))
		return om_fail(err, OM_EDATA, "'%s' is not a key file", path);
	return 0;
}

static int
parse_signer(struct om_str text, struct om_signer **out, struct om_err *err)
{
	OM_AUTO(om_signer_free) struct om_signer *s = NULL;
	OM_AUTO(wipe_parts) struct parts parts;
	size_t skip = sizeof(private_prefix) - 1;

	text = om_str_trim(text);
	if (text.n < skip || memcmp(text.p, private_prefix, skip) != 0)
		return om_fail(err, OM_EDATA, "not a private key");
	text.p += skip;
	text.n -= skip;
	if (split(text, &parts, err) < 0)
		return err->code;
	s = om_must(calloc(1, sizeof(*s)));
	if (fill(&s->verifier, parts.name,
		EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, parts.key,
		    OM_ED25519_KEY),
		err) < 0)
		return err->code;
	if (check_id(&s->verifier, &parts, err) < 0)
		return err->code;
	*out = s;
	s = NULL;
	return 0;
}

int
om_signer_load(const char *path, struct om_signer **out, struct om_err *err)
{
	OM_AUTO(wipe_buf) struct om_buf text;

	om_buf_init(&text, KEY_TEXT_MAX);
	if (read_key(path, &text, err) < 0)
		return err->code;
	if (parse_signer(om_buf_view(&text), out, err) < 0)
		return om_wrap(err, "key file '%s'", path);
	return 0;
}

void
om_signer_free(struct om_signer **signer)
{
	if (*signer == NULL)
		return;
	free_key(&(*signer)->verifier.key);
	OPENSSL_cleanse(*signer, sizeof(**signer));
	free(*signer);
	*signer = NULL;
}

static void
key_text(const struct om_verifier *v, const unsigned char key[OM_ED25519_KEY],
    struct om_buf *out)
{
	unsigned char raw[1 + OM_ED25519_KEY];
	char hex[2 * OM_KEY_ID + 1];

	raw[0] = OM_NOTE_ED25519;
	memcpy(raw + 1, key, OM_ED25519_KEY);
	om_hex(v->id, OM_KEY_ID, hex);
	om_buf_text(out, v->name);
	om_buf_char(out, '+');
	om_buf_text(out, hex);
	om_buf_char(out, '+');
	om_base64(raw, sizeof(raw), out);
	OPENSSL_cleanse(raw, sizeof(raw));
}

void
om_signer_vkey(const struct om_signer *signer, struct om_buf *out)
{
	key_text(&signer->verifier, signer->verifier.public, out);
}

static int
private_text(const struct om_signer *s, struct om_buf *out, struct om_err *err)
{
	unsigned char seed[OM_ED25519_KEY];
	size_t n = sizeof(seed);

	if (EVP_PKEY_get_raw_private_key(s->verifier.key, seed, &n) != 1)
		return om_fail(err, OM_EINTERNAL, "key without a seed");
	om_buf_text(out, private_prefix);
	key_text(&s->verifier, seed, out);
	om_buf_char(out, '\n');
	OPENSSL_cleanse(seed, sizeof(seed));
	return 0;
}

/* A file that was not there before, on the disk when this returns. */
static int
write_new(const char *path, mode_t mode, struct om_str text, struct om_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool bad;

	if (fd < 0)
		return om_fail(err, errno == EEXIST ? OM_ECONFLICT : OM_EIO,
		    "key file '%s': %s", path, strerror(errno));
	bad = write(fd, text.p, text.n) != (ssize_t)text.n || fsync(fd) != 0;
	if (bad)
		om_fail(err, OM_EIO, "key file '%s': %s", path,
		    strerror(errno));
	close(fd);
	if (!bad)
		return 0;
	unlink(path);
	return err->code;
}

int
om_key_generate(const char *name, const char *seed_path, const char *vkey_path,
    struct om_err *err)
{
	OM_AUTO(wipe_buf) struct om_buf secret;
	OM_AUTO(om_buf_fini) struct om_buf vkey;
	OM_AUTO(om_signer_free) struct om_signer *s = NULL;

	om_buf_init(&secret, KEY_TEXT_MAX);
	om_buf_init(&vkey, KEY_TEXT_MAX);
	if (om_key_name_check(om_str_of(name), err) < 0)
		return err->code;
	s = om_must(calloc(1, sizeof(*s)));
	if (fill(&s->verifier, om_str_of(name),
		EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), err) < 0)
		return err->code;
	om_signer_vkey(s, &vkey);
	om_buf_char(&vkey, '\n');
	if (private_text(s, &secret, err) < 0)
		return err->code;
	if (write_new(vkey_path, 0644, om_buf_view(&vkey), err) < 0)
		return err->code;
	if (write_new(seed_path, 0600, om_buf_view(&secret), err) < 0) {
		unlink(vkey_path);
		return err->code;
	}
	return 0;
}
