/* Where a secret may come from, and what is told when there is none. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/secret.h"

/* What is read, or the message. */
static const char *
get(enum om_secret_kind kind, const char *where, bool one_line, int want)
{
	static char text[OM_ERR_MAX];
	const struct om_secret secret = { kind, where };
	struct om_buf buf OM_AUTO(om_secret_wipe);
	struct om_err err = { 0 };

	om_buf_init(&buf, OM_SECRET_MAX);
	assert_int_equal(om_secret_read(&secret, one_line, &buf, &err), want);
	snprintf(text, sizeof(text), "%s", want == 0 ? buf.p : err.msg);
	return text;
}

static void
a_file_holds_it(void **state)
{
	char path[] = "/tmp/om-secret-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, "open sesame\r\n", 13), 13);
	assert_string_equal(get(OM_SECRET_FILE, path, true, 0), "open sesame");
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_non_null(
	    strstr(get(OM_SECRET_FILE, path, true, OM_EAUTH), "' is empty"));
	close(fd);
	unlink(path);
	assert_non_null(
	    strstr(get(OM_SECRET_FILE, path, true, OM_EAUTH), "No such file"));
}

static void
a_command_prints_it(void **state)
{
	(void)state;
	assert_string_equal(get(OM_SECRET_COMMAND, "echo sesame", true, 0),
	    "sesame");
	assert_string_equal(get(OM_SECRET_COMMAND, "echo half; exit 3", true,
				OM_EAUTH),
	    "command 'echo half; exit 3' gave no secret (status 3)");
	assert_string_equal(get(OM_SECRET_COMMAND, "echo a; echo b", true,
				OM_EAUTH),
	    "secret 'echo a; echo b' is not one line of text");
	assert_string_equal(get(OM_SECRET_COMMAND, "echo a; echo b", false, 0),
	    "a\nb");
	assert_non_null(strstr(get(OM_SECRET_COMMAND, "head -c 70000 /dev/zero",
				   false, OM_EAUTH),
	    "gave no secret"));
}

static void
a_credential_is_a_file_of_its_directory(void **state)
{
	char folder[] = "/tmp/om-secret-XXXXXX";
	char path[64];
	FILE *f;

	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_string_equal(get(OM_SECRET_CREDENTIAL, "shop", true, OM_EAUTH),
	    "credential 'shop': $CREDENTIALS_DIRECTORY is not set");
	assert_non_null(mkdtemp(folder));
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	snprintf(path, sizeof(path), "%s/shop", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("sesame", f);
	fclose(f);
	assert_string_equal(get(OM_SECRET_CREDENTIAL, "shop", true, 0),
	    "sesame");
	assert_string_equal(get(OM_SECRET_CREDENTIAL, "../shop", true,
				OM_EAUTH),
	    "credential '../shop' has no such name");
	unlink(path);
	rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_holds_it),
		cmocka_unit_test(a_command_prints_it),
		cmocka_unit_test(a_credential_is_a_file_of_its_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
