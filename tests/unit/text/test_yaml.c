/* Trees, places and refusals of the YAML reader. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "text/yaml.h"

static void
dump(struct om_buf *out, const struct om_yaml *y)
{
	om_buf_printf(out, "%d:%d", y->line, y->column);
	if (y->kind == OM_YAML_SCALAR) {
		om_buf_printf(out, "'%.*s'", OM_FMT(y->text));
		return;
	}
	om_buf_char(out, y->kind == OM_YAML_MAP ? '{' : '[');
	for (size_t i = 0; i < y->count; i++) {
		om_buf_text(out, i == 0 ? "" : " ");
		if (y->kind == OM_YAML_MAP) {
			dump(out, y->keys[i]);
			om_buf_char(out, '=');
		}
		dump(out, y->items[i]);
	}
	om_buf_char(out, y->kind == OM_YAML_MAP ? '}' : ']');
}

/* The tree, or the message. */
static void
reads_n(struct om_str text, const char *want)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	OM_AUTO(om_buf_fini) struct om_buf out;
	const struct om_yaml *y = NULL;
	struct om_err err = { 0 };
	int rc = om_yaml_parse(&arena, "f.yaml", text, &y, &err);

	om_buf_init(&out, 1 << 20);
	if (rc < 0) {
		assert_int_equal(rc, OM_EUSAGE);
		assert_null(y);
		om_buf_text(&out, err.msg);
	} else {
		dump(&out, y);
	}
	assert_string_equal(om_buf_view(&out).p, want);
}

static void
reads(const char *text, const char *want)
{
	reads_n(om_str_of(text), want);
}

static void
every_node_knows_its_place(void **state)
{
	(void)state;
	reads("a: 1\nb:\n  - x\n  - {c: d, e: [1, 2]}\n",
	    "1:1{1:1'a'=1:4'1' 2:1'b'=3:3[3:5'x' "
	    "4:5{4:6'c'=4:9'd' 4:12'e'=4:15[4:16'1' 4:19'2']}]}");
	reads("gr\xc3\xbc: {\xc3\xbc: x}\n",
	    "1:1{1:1'gr\xc3\xbc'=1:6{1:7'\xc3\xbc'=1:10'x'}}");
}

static void
every_scalar_is_text(void **state)
{
	(void)state;
	reads("[no, 007, ~, 'it''s', \"a\\tb\", 1.50, null]",
	    "1:1[1:2'no' 1:6'007' 1:11'~' 1:14'it's' 1:23'a\tb' 1:31'1.50' "
	    "1:37'null']");
	reads("a: |\n  x\n  y\nb: >-\n  f\n  g\n",
	    "1:1{1:1'a'=2:1'x\ny\n' 4:1'b'=5:1'f g'}");
}

static void
a_missing_value_is_empty_text_at_its_key(void **state)
{
	(void)state;
	reads("a:\nb: x\nc:\n", "1:1{1:1'a'=1:1'' 2:1'b'=2:4'x' 3:1'c'=3:1''}");
}

static void
an_empty_document_is_an_empty_map(void **state)
{
	(void)state;
	reads("", "1:1{}");
	reads("# nothing\n", "1:1{}");
	reads("---\n", "1:1{}");
	reads("\xef\xbb\xbf", "1:1{}");
}

static void
aliases_are_resolved(void **state)
{
	(void)state;
	reads("a: &x {k: v}\nb: *x\nc: &y 1\nd: [*y, *x]\n",
	    "1:1{1:1'a'=1:7{1:8'k'=1:11'v'} 2:1'b'=1:7{1:8'k'=1:11'v'} "
	    "3:1'c'=3:7'1' 4:1'd'=4:4[3:7'1' 1:7{1:8'k'=1:11'v'}]}");
	reads("[&x 1, *x, &x 2, *x]", "1:1[1:5'1' 1:5'1' 1:15'2' 1:15'2']");
	reads("a: *x\n", "f.yaml:1:4: no anchor 'x' before this");
	reads("a: &x [*x]\n", "f.yaml:1:8: no anchor 'x' before this");
}

static void
aliases_of_aliases_are_bounded(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf text;

	(void)state;
	om_buf_init(&text, 10000);
	om_buf_text(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 9; i++) {
		om_buf_printf(&text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 9; k++)
			om_buf_printf(&text, "*a%d, ", i - 1);
		om_buf_printf(&text, "*a%d]\n", i - 1);
	}
	reads_n(om_buf_view(&text),
	    "f.yaml:6:55: the aliases make too many nodes");
}

static void
duplicate_keys_are_refused(void **state)
{
	(void)state;
	reads("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: key 'a' is already in line 1");
	reads("x: {k: 1, j: 2, k: 3}\n",
	    "f.yaml:1:17: key 'k' is already in line 1");
	reads("x: {a: 1}\na: {a: 1}\n",
	    "1:1{1:1'x'=1:4{1:5'a'=1:8'1'} 2:1'a'=2:4{2:5'a'=2:8'1'}}");
}

static void
what_configuration_does_not_need_is_refused(void **state)
{
	(void)state;
	reads("a: 1\n--- b\n", "f.yaml:2:1: only one document is allowed");
	reads("? [x]\n: y\n", "f.yaml:1:3: a key must be text");
	reads("a: !!int 3\n", "f.yaml:1:10: tags have no meaning here");
	reads("a: !x [1]\n", "f.yaml:1:7: tags have no meaning here");
	reads("%YAML 3.0\n---\na\n",
	    "f.yaml:1:1: unsupport version number 3.0");
}

static void
syntax_errors_have_a_place(void **state)
{
	(void)state;
	reads("a: 1\n\tb: 2\n", "f.yaml:1:4: invalid multiline plain key");
	reads("a: b: c\n",
	    "f.yaml:1:5: invalid nested block mapping on the same line");
	reads("a: 'x\n",
	    "f.yaml:1:5: single-quoted scalar without closing quote");
	reads("a: @b\n", "f.yaml:1:4: plain scalar cannot start with '@'");
	reads("}", "f.yaml:1:1: flow mapping with invalid extra closing brace");
}

static void
bytes_that_are_not_text_are_refused(void **state)
{
	(void)state;
	reads("a: 1\nb\xc3\xbc: \x01\n", "f.yaml:2:5: byte 0x01 is not text");
	reads("a: \xff\n", "f.yaml:1:4: byte 0xff is not text");
	reads("\x7f\xff", "f.yaml:1:1: byte 0x7f is not text");
	reads_n(OM_STR("a\0b"), "f.yaml:1:2: byte 0x00 is not text");
}

static void
nesting_has_a_maximum(void **state)
{
	char open[OM_YAML_DEPTH_MAX + 2];
	struct om_str at_limit = { open, OM_YAML_DEPTH_MAX };

	(void)state;
	memset(open, '[', sizeof(open));
	/* Never closed, so the limit shows in which complaint comes first. */
	reads_n(at_limit,
	    "f.yaml:2:1: flow sequence without a closing bracket");
	at_limit.n++;
	reads_n(at_limit, "f.yaml:1:65: nested too deeply");
}

static void
a_document_has_a_maximum_length(void **state)
{
	char *text = malloc(OM_YAML_MAX + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '#', OM_YAML_MAX + 1);
	reads_n((struct om_str){ text, OM_YAML_MAX }, "1:1{}");
	reads_n((struct om_str){ text, OM_YAML_MAX + 1 },
	    "f.yaml: longer than 4194304 bytes");
	free(text);
}

static void
get_finds_a_key_of_a_map(void **state)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const struct om_yaml *y = NULL;
	struct om_err err = { 0 };

	(void)state;
	assert_ok(
	    om_yaml_parse(&arena, "f", OM_STR("a: x\nbb: y\n"), &y, &err));
	assert_true(om_str_is(om_yaml_get(y, "bb")->text, "y"));
	assert_null(om_yaml_get(y, "b"));
	assert_null(om_yaml_get(om_yaml_get(y, "a"), "b"));
}

static void
a_file_is_loaded_by_its_path(void **state)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	char path[] = "/tmp/om-yaml-XXXXXX";
	const struct om_yaml *y = NULL;
	struct om_err err = { 0 };
	char want[64];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a: 1\na: 2\n", 10), 10);
	assert_fails(om_yaml_load(&arena, path, &y, &err), OM_EUSAGE);
	snprintf(want, sizeof(want), "%s:2:1: key 'a' is already in line 1",
	    path);
	assert_string_equal(err.msg, want);
	assert_int_equal(ftruncate(fd, 5), 0);
	assert_ok(om_yaml_load(&arena, path, &y, &err));
	assert_true(om_str_is(om_yaml_get(y, "a")->text, "1"));
	close(fd);
	unlink(path);
	assert_fails(om_yaml_load(&arena, path, &y, &err), OM_ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_node_knows_its_place),
		cmocka_unit_test(every_scalar_is_text),
		cmocka_unit_test(a_missing_value_is_empty_text_at_its_key),
		cmocka_unit_test(an_empty_document_is_an_empty_map),
		cmocka_unit_test(aliases_are_resolved),
		cmocka_unit_test(aliases_of_aliases_are_bounded),
		cmocka_unit_test(duplicate_keys_are_refused),
		cmocka_unit_test(what_configuration_does_not_need_is_refused),
		cmocka_unit_test(syntax_errors_have_a_place),
		cmocka_unit_test(bytes_that_are_not_text_are_refused),
		cmocka_unit_test(nesting_has_a_maximum),
		cmocka_unit_test(a_document_has_a_maximum_length),
		cmocka_unit_test(get_finds_a_key_of_a_map),
		cmocka_unit_test(a_file_is_loaded_by_its_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
