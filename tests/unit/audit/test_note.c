/* Notes and keys: against Go's published pair, against openssl, and against
 * everything a note can have wrong. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/note.h"

#define VKEY                                                                   \
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define SKEY                                                                   \
	"PRIVATE+KEY+PeterNeumann+c74f20a3+"                                   \
	"AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n"
#define TEXT                                                                   \
	"If you think cryptography is the answer to your problem,\n"           \
	"then you don't know what your problem is.\n"
#define SIGNATURE                                                              \
	"\xe2\x80\x94 PeterNeumann "                                           \
	"x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf" \
	"qdngotpRZb6KE6RyyBwJnAM=\n"
#define OTHER "\xe2\x80\x94 other.example AAECAwQF\n"

struct fixture {
	char dir[64];
	char key[128];
	char vkey[128];
	struct om_verifier *peter;
	struct om_buf buf;
};

static void
write_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static size_t
read_file(const char *path, char *out, size_t max)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, max - 1, f);
	out[n] = '\0';
	fclose(f);
	return n;
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct om_err err = { 0 };

	*state = f;
	strcpy(f->dir, "/tmp/ordmill-note-XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		return -1;
	snprintf(f->key, sizeof(f->key), "%s/key", f->dir);
	snprintf(f->vkey, sizeof(f->vkey), "%s/vkey", f->dir);
	om_buf_init(&f->buf, OM_NOTE_MAX);
	return om_verifier_parse(OM_STR(VKEY), &f->peter, &err);
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;
	char command[100];

	snprintf(command, sizeof(command), "rm -rf '%s'", f->dir);
	om_verifier_free(&f->peter);
	om_buf_fini(&f->buf);
	free(f);
	return system(command);
}

static void
the_published_note_verifies(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_str text;

	assert_ok(
	    om_note_verify(f->peter, OM_STR(TEXT "\n" SIGNATURE), &text, &err));
	assert_true(om_str_is(text, TEXT));
	assert_string_equal(om_verifier_name(f->peter), "PeterNeumann");
}

static void
the_published_key_signs_the_published_bytes(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_signer *signer;

	write_file(f->key, SKEY, strlen(SKEY));
	assert_ok(om_signer_load(f->key, &signer, &err));
	assert_ok(om_note_sign(signer, OM_STR(TEXT), &f->buf, &err));
	assert_string_equal(f->buf.p, TEXT "\n" SIGNATURE);
	om_buf_reset(&f->buf);
	om_signer_vkey(signer, &f->buf);
	assert_string_equal(f->buf.p, VKEY);
	om_signer_free(&signer);
	om_signer_free(&signer);
}

static void
signatures_of_others_are_passed_over(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_str text;

	assert_ok(om_note_verify(f->peter,
	    OM_STR(TEXT "\n" OTHER SIGNATURE OTHER), &text, &err));
	assert_fails(om_note_verify(f->peter, OM_STR(TEXT "\n" OTHER), &text,
			 &err),
	    OM_EDATA);
	assert_string_equal(err.msg, "no signature by 'PeterNeumann'");
}

static void
every_changed_byte_is_noticed(void **state)
{
	static const char note[] = TEXT "\n" SIGNATURE;
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_str text;

	for (size_t i = 0; i < sizeof(note) - 1; i++) {
		char bad[sizeof(note)];

		memcpy(bad, note, sizeof(note));
		bad[i] ^= 1;
		assert_fails(om_note_verify(f->peter, OM_STR(bad), &text, &err),
		    OM_EDATA);
		assert_fails(om_note_verify(f->peter,
				 (struct om_str){ note, i }, &text, &err),
		    OM_EDATA);
	}
}

static void
a_changed_text_is_named_as_such(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_str text;

	assert_fails(om_note_verify(f->peter,
			 OM_STR("Other" TEXT "\n" SIGNATURE), &text, &err),
	    OM_EDATA);
	assert_string_equal(err.msg,
	    "the signature by 'PeterNeumann' does not hold");
}

static void
a_note_has_at_most_a_hundred_signatures(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_str text;

	om_buf_text(&f->buf, TEXT "\n");
	for (int i = 0; i < 99; i++)
		om_buf_text(&f->buf, OTHER);
	om_buf_text(&f->buf, SIGNATURE);
	assert_ok(om_note_verify(f->peter, om_buf_view(&f->buf), &text, &err));
	om_buf_text(&f->buf, OTHER);
	assert_fails(om_note_verify(f->peter, om_buf_view(&f->buf), &text,
			 &err),
	    OM_ELIMIT);
	assert_string_equal(err.msg, "note with more than 100 signatures");
}

static void
a_note_of_the_greatest_size_is_read_and_one_more_is_not(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_str text;
	size_t pad = OM_NOTE_MAX - strlen(TEXT "\n" SIGNATURE);

	for (size_t i = 0; i < pad; i++)
		om_buf_char(&f->buf, '\n');
	om_buf_text(&f->buf, TEXT "\n" SIGNATURE);
	assert_fails(om_note_verify(f->peter, om_buf_view(&f->buf), &text,
			 &err),
	    OM_EDATA);
	assert_string_equal(err.msg,
	    "the signature by 'PeterNeumann' does not hold");
	f->buf.max++;
	om_buf_char(&f->buf, '\n');
	assert_fails(om_note_verify(f->peter, om_buf_view(&f->buf), &text,
			 &err),
	    OM_ELIMIT);
	assert_string_equal(err.msg, "note of 65537 bytes, at most 65536");
}

static void
a_text_without_a_last_newline_is_not_signed(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_fails(om_note_sign(NULL, OM_STR("x"), &f->buf, &err), OM_EDATA);
	assert_string_equal(err.msg, "note text does not end in a newline");
	assert_fails(om_note_sign(NULL, OM_STR("a\tb\n"), &f->buf, &err),
	    OM_EDATA);
	assert_string_equal(err.msg,
	    "note text has a control character at byte 1");
	assert_fails(om_note_sign(NULL, OM_STR("a\xff\n"), &f->buf, &err),
	    OM_EDATA);
	assert_string_equal(err.msg, "note text is not UTF-8 at byte 1");
	assert_int_equal(f->buf.n, 0);
}

static void
without_a_signer_the_note_is_bare(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_str text;

	assert_ok(om_note_sign(NULL, OM_STR("x\n"), &f->buf, &err));
	assert_string_equal(f->buf.p, "x\n\n");
	assert_fails(om_note_verify(f->peter, om_buf_view(&f->buf), &text,
			 &err),
	    OM_EDATA);
}

static void
no_part_and_no_mangling_of_a_key_is_a_key(void **state)
{
	struct om_verifier *v = NULL;
	struct om_err err = { 0 };
	char bad[] = VKEY;
	size_t n = sizeof(bad) - 1;

	(void)state;
	for (size_t i = 0; i <= n; i++)
		for (size_t j = i + 1; j <= n; j++)
			if (i != 0 || j != n)
				assert_true(
				    om_verifier_parse((struct om_str){ bad + i,
							  j - i },
					&v, &err) < 0);
	for (size_t i = 0; i < n; i++) {
		bad[i]++;
		assert_true(
		    om_verifier_parse((struct om_str){ bad, n }, &v, &err) < 0);
		bad[i]--;
	}
	assert_null(v);
}

static void
a_key_of_another_kind_is_refused(void **state)
{
	struct om_verifier *v = NULL;
	struct om_err err = { 0 };

	(void)state;
	assert_fails(om_verifier_parse(
			 OM_STR("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhK"
				"qiBfsVkmqq/LDE4izWy10TWBADKEY=="),
			 &v, &err),
	    OM_EDATA);
	assert_fails(om_verifier_parse(
			 OM_STR("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhK"
				"qiBfsVkmqq/LDE4izWy10TW"),
			 &v, &err),
	    OM_EDATA);
	assert_string_equal(err.msg,
	    "key 'PeterNeumann' is not an Ed25519 key");
}

static void
a_key_file_is_read_whole_and_its_secret_is_never_quoted(void **state)
{
	struct fixture *f = *state;
	struct om_signer *signer = NULL;
	struct om_err err = { 0 };
	char want[200];

	assert_fails(om_signer_load(f->key, &signer, &err), OM_ENOENT);
	snprintf(want, sizeof(want), "key file '%s': No such file or directory",
	    f->key);
	assert_string_equal(err.msg, want);
	write_file(f->key, VKEY, strlen(VKEY));
	assert_fails(om_signer_load(f->key, &signer, &err), OM_EDATA);
	snprintf(want, sizeof(want), "key file '%s': not a private key",
	    f->key);
	assert_string_equal(err.msg, want);
	write_file(f->key, SKEY, strlen(SKEY) - 3);
	assert_fails(om_signer_load(f->key, &signer, &err), OM_EDATA);
	assert_null(strstr(err.msg, "AYEK"));
	assert_null(signer);
}

static void
generate(struct fixture *f, const char *name, struct om_signer **signer,
    struct om_verifier **verifier)
{
	struct om_err err = { 0 };
	char text[300];
	size_t n;

	assert_ok(om_key_generate(name, f->key, f->vkey, &err));
	assert_ok(om_signer_load(f->key, signer, &err));
	n = read_file(f->vkey, text, sizeof(text));
	assert_ok(
	    om_verifier_parse((struct om_str){ text, n }, verifier, &err));
}

static void
a_new_pair_signs_and_verifies(void **state)
{
	struct fixture *f = *state;
	struct om_verifier *verifier;
	struct om_signer *signer;
	struct om_err err = { 0 };
	struct om_str text;
	struct stat st;

	generate(f, "shop.example/orders", &signer, &verifier);
	assert_int_equal(stat(f->key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_ok(om_note_sign(signer, OM_STR("x\n"), &f->buf, &err));
	assert_ok(om_note_verify(verifier, om_buf_view(&f->buf), &text, &err));
	assert_true(om_str_is(text, "x\n"));
	assert_fails(om_note_verify(f->peter, om_buf_view(&f->buf), &text,
			 &err),
	    OM_EDATA);
	om_verifier_free(&verifier);
	om_signer_free(&signer);
}

static void
an_existing_key_is_never_overwritten(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	char text[300];
	char want[200];

	write_file(f->key, "mine", 4);
	assert_fails(om_key_generate("a", f->key, f->vkey, &err), OM_ECONFLICT);
	snprintf(want, sizeof(want), "key file '%s': File exists", f->key);
	assert_string_equal(err.msg, want);
	read_file(f->key, text, sizeof(text));
	assert_string_equal(text, "mine");
	assert_int_equal(access(f->vkey, F_OK), -1);
	unlink(f->key);
	write_file(f->vkey, "mine", 4);
	assert_fails(om_key_generate("a", f->key, f->vkey, &err), OM_ECONFLICT);
	assert_int_equal(access(f->key, F_OK), -1);
}

static void
a_key_name_is_one_word_without_plus(void **state)
{
	static const char *const bad[] = { "", "a b", "a+b", "a\tb", "a\nb",
		"\xff", "a\xc2\xa0", "a\xe2\x80\x83z", "\xe3\x80\x80" };
	struct fixture *f = *state;
	struct om_err err = { 0 };
	char name[OM_KEY_NAME_MAX + 2];

	for (size_t i = 0; i < OM_COUNT(bad); i++)
		assert_fails(om_key_generate(bad[i], f->key, f->vkey, &err),
		    OM_EDATA);
	memset(name, 'n', sizeof(name));
	name[OM_KEY_NAME_MAX + 1] = '\0';
	assert_fails(om_key_generate(name, f->key, f->vkey, &err), OM_ELIMIT);
	assert_string_equal(err.msg, "key name of 129 bytes, at most 128");
	name[OM_KEY_NAME_MAX] = '\0';
	assert_ok(om_key_generate(name, f->key, f->vkey, &err));
}

/* A SubjectPublicKeyInfo for Ed25519 is twelve fixed bytes and the key (RFC
 * 8410 section 4). */
static void
openssl_agrees_with_our_signature(void **state)
{
	static const char head[] = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03"
				   "\x21\x00";
	struct fixture *f = *state;
	struct om_verifier *verifier;
	struct om_signer *signer;
	struct om_err err = { 0 };
	struct om_buf raw;
	struct om_buf der;
	char vkey[300];
	char command[600];
	char path[3][100];
	const char *b64;

	generate(f, "a.example", &signer, &verifier);
	read_file(f->vkey, vkey, sizeof(vkey));
	vkey[strlen(vkey) - 1] = '\0';
	b64 = strchr(strchr(vkey, '+') + 1, '+') + 1;
	om_buf_init(&raw, 1000);
	om_buf_init(&der, 1000);
	assert_ok(om_unbase64(om_str_of(b64), &raw, &err));
	om_buf_add(&der, head, 12);
	om_buf_add(&der, raw.p + 1, 32);
	assert_ok(om_note_sign(signer, OM_STR("x\n"), &f->buf, &err));
	om_buf_reset(&raw);
	b64 = strrchr(f->buf.p, ' ') + 1;
	assert_ok(
	    om_unbase64((struct om_str){ b64, strlen(b64) - 1 }, &raw, &err));
	for (int i = 0; i < 3; i++)
		snprintf(path[i], sizeof(path[i]), "%s/%d", f->dir, i);
	write_file(path[0], der.p, der.n);
	write_file(path[1], raw.p + 4, 64);
	write_file(path[2], "x\n", 2);
	snprintf(command, sizeof(command),
	    "openssl pkeyutl -verify -pubin -keyform DER -inkey %s -rawin "
	    "-in %s -sigfile %s >/dev/null",
	    path[0], path[2], path[1]);
	assert_int_equal(system(command), 0);
	write_file(path[2], "y\n", 2);
	assert_int_not_equal(system(command), 0);
	om_buf_fini(&raw);
	om_buf_fini(&der);
	om_verifier_free(&verifier);
	om_signer_free(&signer);
}

static void
a_checkpoint_is_written_and_read_back(void **state)
{
	struct om_checkpoint cp = { .origin = OM_STR("a.example"),
		.size = INT64_MAX };
	struct om_checkpoint back;
	struct fixture *f = *state;
	struct om_err err = { 0 };

	memset(cp.root.h, 0xfb, sizeof(cp.root.h));
	om_checkpoint_text(&cp, &f->buf);
	assert_string_equal(f->buf.p,
	    "a.example\n9223372036854775807\n"
	    "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=\n");
	assert_ok(om_checkpoint_parse(om_buf_view(&f->buf), &back, &err));
	assert_true(om_str_is(back.origin, "a.example"));
	assert_int_equal(back.size, cp.size);
	assert_memory_equal(&back.root, &cp.root, sizeof(cp.root));
	om_buf_text(&f->buf, "extension\n\n" SIGNATURE);
	assert_ok(om_checkpoint_parse(om_buf_view(&f->buf), &back, &err));
}

static void
a_checkpoint_with_a_bad_part_is_refused(void **state)
{
#define ROOT "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s="
	static const char *const bad[] = { "", "a\n", "a\n1\n", "a\n1\n" ROOT,
		"\n1\n" ROOT "\n", "a\n01\n" ROOT "\n", "a\n-1\n" ROOT "\n",
		"a\n+1\n" ROOT "\n", "a\n\n" ROOT "\n",
		"a\n9223372036854775808\n" ROOT "\n", "a\n1\nZm9v\n",
		"a\n1\n*\n" };
	struct om_checkpoint cp;
	struct om_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++)
		assert_fails(om_checkpoint_parse(om_str_of(bad[i]), &cp, &err),
		    OM_EDATA);
	assert_ok(om_checkpoint_parse(OM_STR("a\n0\n" ROOT "\n"), &cp, &err));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_published_note_verifies),
		T(the_published_key_signs_the_published_bytes),
		T(signatures_of_others_are_passed_over),
		T(every_changed_byte_is_noticed),
		T(a_changed_text_is_named_as_such),
		T(a_note_has_at_most_a_hundred_signatures),
		T(a_note_of_the_greatest_size_is_read_and_one_more_is_not),
		T(a_text_without_a_last_newline_is_not_signed),
		T(without_a_signer_the_note_is_bare),
		T(no_part_and_no_mangling_of_a_key_is_a_key),
		T(a_key_of_another_kind_is_refused),
		T(a_key_file_is_read_whole_and_its_secret_is_never_quoted),
		T(a_new_pair_signs_and_verifies),
		T(an_existing_key_is_never_overwritten),
		T(a_key_name_is_one_word_without_plus),
		T(openssl_agrees_with_our_signature),
		T(a_checkpoint_is_written_and_read_back),
		T(a_checkpoint_with_a_bad_part_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
