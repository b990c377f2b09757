/* serve.c - one forked child with a socket; see serve.h. */
#include "serve.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIFE_SECONDS 120
#define REQUEST_MAX  65536

static void
must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

/* A request up to its blank line, and the body of a form behind it. */
static size_t
read_request(int fd, char *bytes)
{
	size_t n = 0;
	size_t want = 0;

	while (n < REQUEST_MAX - 1 && (want == 0 || n < want)) {
		ssize_t got = read(fd, bytes + n, REQUEST_MAX - 1 - n);
		char *end;
		char *length;

		if (got <= 0)
			break;
		n += (size_t)got;
		bytes[n] = '\0';
		end = strstr(bytes, "\r\n\r\n");
		if (end == NULL)
			continue;
		length = strstr(bytes, "Content-Length: ");
		want = (size_t)(end + 4 - bytes) +
		       (length == NULL ? 0 : strtoul(length + 16, NULL, 10));
	}
	return n;
}

static void
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t did = write(fd, bytes, n);

		if (did <= 0)
			return;
		bytes += did;
		n -= (size_t)did;
	}
}

static void
answer_one(int listener, int log, const char *answer)
{
	static char bytes[REQUEST_MAX];
	int fd = accept(listener, NULL, NULL);

	must(fd >= 0, "accept");
	write_all(log, bytes, read_request(fd, bytes));
	if (strcmp(answer, SERVE_HANG) == 0)
		pause();
	write_all(fd, answer, strlen(answer));
	close(fd);
}

void
serve_start(struct serve *s, const char *const *answers, size_t n)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *log = tmpfile();

	must(listener >= 0 && log != NULL, "socket");
	must(bind(listener, (struct sockaddr *)&a, len) == 0, "bind");
	must(listen(listener, 64) == 0, "listen");
	must(getsockname(listener, (struct sockaddr *)&a, &len) == 0, "name");
	snprintf(s->at, sizeof(s->at), "http://127.0.0.1:%u",
	    (unsigned)ntohs(a.sin_port));
	s->log = dup(fileno(log));
	fclose(log);
	s->pid = fork();
	must(s->pid >= 0, "fork");
	if (s->pid == 0) {
		alarm(LIFE_SECONDS);
		signal(SIGPIPE, SIG_IGN);
		for (size_t i = 0; i < n; i++)
			answer_one(listener, s->log, answers[i]);
		_exit(0);
	}
	close(listener);
}

char *
serve_end(struct serve *s)
{
	char *text = calloc(1, SERVE_ASKED_MAX);
	ssize_t n;

	must(text != NULL, "calloc");
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	n = pread(s->log, text, SERVE_ASKED_MAX - 1, 0);
	must(n >= 0, "pread");
	close(s->log);
	return text;
}

size_t
serve_count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		n++;
	return n;
}
