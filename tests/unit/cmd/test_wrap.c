/* test_wrap.c - where lines of help are broken, and where never. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/wrap.h"

static void
words_print_as(const char *text, const char *want)
{
	char *got = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&got, &size);

	assert_non_null(f);
	om_wrap_words(text, 0, 2, f);
	assert_int_equal(fclose(f), 0);
	assert_string_equal(got, want);
	free(got);
}

static void
a_line_is_full_at_79_columns(void **state)
{
	char text[128];
	char want[256];

	(void)state;
	memset(text, 'x', 79);
	strcpy(text + 70, " 12345678");
	snprintf(want, sizeof(want), "%s\n", text);
	words_print_as(text, want);

	strcpy(text + 70, " 123456789");
	snprintf(want, sizeof(want), "%.70s\n  123456789\n", text);
	words_print_as(text, want);
}

static void
a_word_longer_than_a_line_stands_alone(void **state)
{
	char text[128];
	char want[256];

	(void)state;
	strcpy(text, "a ");
	memset(text + 2, 'x', 100);
	strcpy(text + 102, " b");
	snprintf(want, sizeof(want), "a\n  %.100s\n  b\n", text + 2);
	words_print_as(text, want);
}

static void
glue_is_a_blank_that_holds(void **state)
{
	char text[128];
	char want[256];

	(void)state;
	memset(text, 'x', 70);
	strcpy(text + 70, " 5" OM_WRAP_GLUE "bad" OM_WRAP_GLUE "input");
	snprintf(want, sizeof(want), "%.70s\n  5 bad input\n", text);
	words_print_as(text, want);
}

static void
blanks_in_a_row_are_one(void **state)
{
	(void)state;
	words_print_as("  a  b ", "a b\n");
	words_print_as("", "\n");
}

static void
fits(const char *command, size_t width, const char *first)
{
	assert_int_equal(om_wrap_command(command, width), strlen(first));
	assert_memory_equal(command, first, strlen(first));
}

static void
a_command_is_broken_before_an_option(void **state)
{
	(void)state;
	fits("run --now", 9, "run --now");
	fits("ordmill run --key a", 18, "ordmill run");
	fits("ordmill run alpha beta", 18, "ordmill run");
	fits("ordmill run a beta", 17, "ordmill run a");
}

static void
a_command_is_never_broken_in_quotes(void **state)
{
	(void)state;
	fits("run --hold 'a - b - c'", 16, "run");
	fits("say \"it's so - \" now", 14, "say");
	fits("'one - long - word'", 6, "'one - long - word'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_full_at_79_columns),
		cmocka_unit_test(a_word_longer_than_a_line_stands_alone),
		cmocka_unit_test(glue_is_a_blank_that_holds),
		cmocka_unit_test(blanks_in_a_row_are_one),
		cmocka_unit_test(a_command_is_broken_before_an_option),
		cmocka_unit_test(a_command_is_never_broken_in_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
