/* Settings are replaced, and bounded. */
#include "stage.h"

#include <string.h>

#include "spy.h"
#include "store/meta.h"

static void
a_setting_is_what_was_set_last(void **state)
{
	const struct stage *s = stage_of(state);
	struct om_db *db = om_store_catalog(s->store);
	char text[OM_META_MAX] = "x";
	struct om_err err = { 0 };

	assert_ok(om_meta_get(db, "colour", text, &err));
	assert_string_equal(text, "");
	assert_ok(om_meta_set(db, "colour", "red", &err));
	assert_ok(om_meta_set(db, "colour", "green", &err));
	assert_ok(om_meta_get(db, "colour", text, &err));
	assert_string_equal(text, "green");
}

static void
a_setting_has_a_longest_text(void **state)
{
	const struct stage *s = stage_of(state);
	struct om_db *db = om_store_catalog(s->store);
	char text[OM_META_MAX] = "before";
	char longest[OM_META_MAX + 1] = "";
	struct om_err err = { 0 };

	memset(longest, 'x', OM_META_MAX - 1);
	assert_ok(om_meta_set(db, "long", longest, &err));
	assert_ok(om_meta_get(db, "long", text, &err));
	assert_string_equal(text, longest);
	longest[OM_META_MAX - 1] = 'x';
	assert_ok(om_meta_set(db, "long", longest, &err));
	strcpy(text, "before");
	assert_fails(om_meta_get(db, "long", text, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "setting 'long' is too long");
	assert_string_equal(text, "before");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(a_setting_is_what_was_set_last),
		STAGE_BOTH(a_setting_has_a_longest_text),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
