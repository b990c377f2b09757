/*
 * serve.h - a server on loopback that gives answers from a list, one for each
 * connection, byte for byte, and remembers what it was asked.
 */
#ifndef OM_TEST_SERVE_H
#define OM_TEST_SERVE_H

#include <stddef.h>
#include <sys/types.h>

#define SERVE_ASKED_MAX ((size_t)256 * 1024)

/* Instead of an answer: read the request, and say nothing. */
#define SERVE_HANG "<hang>"

struct serve {
	pid_t pid;
	int log;     /* what was asked, once it is closed */
	char at[64]; /* "http://127.0.0.1:PORT" */
};

/* The answers are copied by the fork. It ends by itself behind the last one. */
void serve_start(struct serve *s, const char *const *answers, size_t n);

/* End it, and return all requests as they came, in memory of the caller's. */
char *serve_end(struct serve *s);

/* How often word stands in text. */
size_t serve_count(const char *text, const char *word);

#endif
