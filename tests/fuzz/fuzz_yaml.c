/*
 * fuzz_yaml.c - any bytes are a tree or a message, and nothing else.
 *
 * Nothing is printed, no node lies outside the text, and a refusal is a usage
 * error that begins with the path.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define CHECK(true_or_abort)                                                   \
	do {                                                                   \
		if (!(true_or_abort)) {                                        \
			fputs("failed: " #true_or_abort "\n", stderr);         \
			abort();                                               \
		}                                                              \
	} while (0)

/* Up to *left nodes: aliases may make a small text a large tree. */
static void
walk(const struct om_yaml *y, int lines, int depth, size_t *left)
{
	if (*left == 0)
		return;
	--*left;
	CHECK(depth <= OM_YAML_DEPTH_MAX);
	CHECK(y->line >= 1 && y->line <= lines && y->column >= 1);
	if (y->kind == OM_YAML_SCALAR) {
		CHECK(y->text.p != NULL && y->count == 0);
		CHECK(strnlen(y->text.p, y->text.n) <= y->text.n);
	}
	for (size_t i = 0; i < y->count; i++) {
		if (y->kind == OM_YAML_MAP) {
			CHECK(y->keys[i]->kind == OM_YAML_SCALAR);
			walk(y->keys[i], lines, depth + 1, left);
		}
		walk(y->items[i], lines, depth + 1, left);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct om_str text = { (const char *)bytes, n };
	struct om_arena arena = { 0 };
	const struct om_yaml *y = NULL;
	struct om_err err = { 0 };
	size_t left = 10000;
	int lines = 2; /* one may begin behind the last byte */
	int rc;

	for (size_t i = 0; i < n; i++)
		lines += bytes[i] == '\n' || bytes[i] == '\r';
	rc = om_yaml_parse(&arena, "f", text, &y, &err);
	if (rc == 0) {
		walk(y, lines, 0, &left);
	} else {
		CHECK(rc == OM_EUSAGE && err.code == OM_EUSAGE);
		CHECK(strncmp(err.msg, "f:", 2) == 0);
	}
	om_arena_clear(&arena);
	return 0;
}
