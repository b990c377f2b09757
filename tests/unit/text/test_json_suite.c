#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/json_read.h"

static struct om_err err;

static int
from_file(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *e)
{
	FILE *f = arg;

	(void)e;
	*out_n = fread(bytes, 1, n, f);
	return 0;
}

/* Exactly one document, and nothing else. */
static bool
accepted(const char *path)
{
	FILE *f = fopen(path, "rb");
	OM_AUTO(om_json_close)
	struct om_json_reader *r = om_json_open(from_file, f, 0, false);
	struct om_json_token t;
	int documents = 0;
	int rc;

	assert_non_null(f);
	while ((rc = om_json_next(r, &t, &err)) == 1)
		documents += t.depth == 0 && t.kind != OM_JSON_OBJECT_END &&
			     t.kind != OM_JSON_ARRAY_END;
	fclose(f);
	return rc == 0 && documents == 1;
}

static void
every_file_of_the_suite_is_judged_as_its_name_says(void **state)
{
	const char *corpus = getenv("ORDMILL_CORPUS");
	int count[2] = { 0, 0 };
	int either = 0;
	struct dirent *entry;
	char path[1024];
	DIR *dir;

	(void)state;
	if (corpus == NULL)
		skip();
	snprintf(path, sizeof(path), "%s/json/test_parsing", corpus);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		bool good;

		if (strstr(entry->d_name, ".json") == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/json/test_parsing/%s", corpus,
		    entry->d_name);
		good = accepted(path);
		if (entry->d_name[0] == 'i') {
			either++;
			continue;
		}
		if (good != (entry->d_name[0] == 'y'))
			fail_msg("%s is %s", entry->d_name,
			    good ? "accepted" : "refused");
		count[good]++;
	}
	closedir(dir);
	assert_int_equal(count[true], 95);
	assert_int_equal(count[false], 188);
	assert_int_equal(either, 35);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_file_of_the_suite_is_judged_as_its_name_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
