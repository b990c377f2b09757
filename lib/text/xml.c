/* xml.c - a queue of events in front of expat; see xml.h. */
#include "text/xml.h"

#include <assert.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define CHUNK	  ((size_t)64 * 1024)
#define SEPARATOR ' ' /* no name and no URI has it */
#define QUEUE_MAX ((size_t)256 * 1024 * 1024)
#define KEPT_MAX  ((size_t)1024 * 1024 * 1024)

/* An event whose texts lie in the queue's own bytes. */
struct queued {
	struct om_xml_event event;
	size_t space_at;
	size_t name_at;
	size_t text_at;
};

struct om_xml {
	om_read_fn *read;
	void *arg;
	XML_Parser parser;
	struct queued *queue;
	size_t room;
	size_t count;
	size_t next;
	const char *watched;
	struct om_buf texts; /* of the queue */
	struct om_buf text;  /* of the element at hand, so far */
	bool leaf;	     /* nothing but text since its start */
	int depth;
	bool done;
	const char *problem; /* that a handler saw */
	enum om_code problem_code;
	uint64_t problem_line;
	uint64_t problem_at;
	struct om_buf kept; /* input from kept_at on */
	uint64_t kept_at;
	uint64_t given; /* bytes of input so far */
	bool marked;
	uint64_t mark;
	size_t mark_max;
};

static void
out_of_memory(void)
{
	fputs("ordmill: out of memory\n", stderr);
	abort();
}

/* A handler gives up; expat is told to stop. */
static void
give_up(struct om_xml *x, enum om_code code, const char *problem)
{
	if (x->problem != NULL)
		return;
	x->problem = problem;
	x->problem_code = code;
	x->problem_line = XML_GetCurrentLineNumber(x->parser);
	x->problem_at = (uint64_t)XML_GetCurrentByteIndex(x->parser);
	(void)XML_StopParser(x->parser, XML_FALSE);
}

static struct queued *
put(struct om_xml *x)
{
	if (x->count == x->room) {
		x->room = x->room == 0 ? 1024 : x->room * 2;
		x->queue = realloc(x->queue, x->room * sizeof(*x->queue));
		if (x->queue == NULL)
			out_of_memory();
	}
	return &x->queue[x->count++];
}

/* "uri name", or a name alone. */
static struct queued *
put_event(struct om_xml *x, enum om_xml_kind kind, const char *name)
{
	const char *blank = strrchr(name, SEPARATOR);
	const char *local = blank == NULL ? name : blank + 1;
	struct queued *q = put(x);

	q->event = (struct om_xml_event){
		.kind = kind,
		.depth = x->depth,
		.space = { NULL, blank == NULL ? 0 : (size_t)(blank - name) },
		.name = { NULL, strlen(local) },
		.line = XML_GetCurrentLineNumber(x->parser),
		.offset = (uint64_t)XML_GetCurrentByteIndex(x->parser),
	};
	q->event.end =
	    q->event.offset + (uint64_t)XML_GetCurrentByteCount(x->parser);
	q->space_at = x->texts.n;
	om_buf_add(&x->texts, name, q->event.space.n);
	q->name_at = x->texts.n;
	om_buf_add(&x->texts, local, q->event.name.n);
	q->text_at = x->texts.n;
	return q;
}

static void XMLCALL
on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct om_xml *x = arg;
	struct queued *q;

	if (x->depth == OM_XML_DEPTH_MAX) {
		give_up(x, OM_ELIMIT, "elements too deep");
		return;
	}
	q = put_event(x, OM_XML_START, name);
	for (size_t i = 0; x->watched != NULL && attributes[i] != NULL;
	     i += 2) {
		if (strcmp(attributes[i], x->watched) != 0)
			continue;
		q->event.text.n = strlen(attributes[i + 1]);
		om_buf_text(&x->texts, attributes[i + 1]);
	}
	om_buf_reset(&x->text);
	x->leaf = true;
	x->depth++;
}

static void XMLCALL
on_end(void *arg, const XML_Char *name)
{
	struct om_xml *x = arg;
	struct queued *q;

	x->depth--;
	q = put_event(x, OM_XML_END, name);
	if (x->leaf) {
		q->event.text.n = x->text.n;
		om_buf_add(&x->texts, x->text.p, x->text.n);
	}
	x->leaf = false;
	om_buf_reset(&x->text);
}

static void XMLCALL
on_text(void *arg, const XML_Char *text, int n)
{
	struct om_xml *x = arg;
	size_t room = OM_XML_TEXT_MAX - x->text.n;

	if (x->leaf)
		om_buf_add(&x->text, text, (size_t)n < room ? (size_t)n : room);
}

static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int subset)
{
	(void)name;
	(void)system;
	(void)public;
	(void)subset;
	give_up(arg, OM_EDATA, "a document type declaration");
}

void
om_xml_open(om_read_fn *read, void *arg, struct om_xml **out)
{
	struct om_xml *x = calloc(1, sizeof(*x));

	if (x == NULL)
		out_of_memory();
	x->parser = XML_ParserCreateNS(NULL, SEPARATOR);
	if (x->parser == NULL)
		out_of_memory();
	x->read = read;
	x->arg = arg;
	om_buf_init(&x->texts, QUEUE_MAX);
	om_buf_init(&x->text, OM_XML_TEXT_MAX);
	om_buf_init(&x->kept, KEPT_MAX);
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	(void)XML_SetParamEntityParsing(x->parser,
	    XML_PARAM_ENTITY_PARSING_NEVER);
	*out = x;
}

void
om_xml_close(struct om_xml **xml)
{
	struct om_xml *x = *xml;

	if (x == NULL)
		return;
	XML_ParserFree(x->parser);
	om_buf_fini(&x->texts);
	om_buf_fini(&x->text);
	om_buf_fini(&x->kept);
	free(x->queue);
	free(x);
	*xml = NULL;
}

void
om_xml_watch(struct om_xml *x, const char *attribute)
{
	x->watched = attribute;
}

/* What is wrong, as expat or a handler saw it. */
static int
fail(const struct om_xml *x, struct om_err *err)
{
	enum XML_Error error = XML_GetErrorCode(x->parser);

	if (x->problem != NULL)
		return om_fail(err, x->problem_code, "line %llu, byte %llu: %s",
		    (unsigned long long)x->problem_line,
		    (unsigned long long)x->problem_at, x->problem);
	if (error == XML_ERROR_NO_MEMORY)
		out_of_memory();
	return om_fail(err, OM_EDATA, "line %llu, byte %llu: %s",
	    (unsigned long long)XML_GetCurrentLineNumber(x->parser),
	    (unsigned long long)XML_GetCurrentByteIndex(x->parser),
	    XML_ErrorString(error));
}

/* Forget input in front of the mark, or else of what expat still looks at. */
static void
forget(struct om_xml *x)
{
	XML_Index at = XML_GetCurrentByteIndex(x->parser);
	uint64_t from = x->marked ? x->mark : x->kept_at;
	size_t n;

	if (!x->marked && at > 0)
		from = (uint64_t)at;
	if (from <= x->kept_at)
		return;
	n = (size_t)(from - x->kept_at);
	memmove(x->kept.p, x->kept.p + n, x->kept.n - n);
	x->kept.n -= n;
	x->kept_at = from;
}

/* Another piece of input becomes events. */
static int
parse_more(struct om_xml *x, struct om_err *err)
{
	void *bytes = XML_GetBuffer(x->parser, (int)CHUNK);
	size_t n = 0;

	if (bytes == NULL)
		out_of_memory();
	if (x->read(x->arg, bytes, CHUNK, &n, err) < 0)
		return err->code;
	forget(x);
	if (x->marked && x->kept.n + n > x->mark_max)
		return om_fail(err, OM_ELIMIT,
		    "byte %llu: a document of more than %zu MiB",
		    (unsigned long long)x->mark, x->mark_max / 1024 / 1024);
	om_buf_add(&x->kept, bytes, n);
	x->given += n;
	x->count = 0;
	x->next = 0;
	om_buf_reset(&x->texts);
	x->done = n == 0;
	if (XML_ParseBuffer(x->parser, (int)n, x->done) != XML_STATUS_OK)
		x->done = true;
	return 0;
}

int
om_xml_next(struct om_xml *x, struct om_xml_event *out, struct om_err *err)
{
	struct queued *q;

	while (x->next == x->count) {
		if (x->done &&
		    (x->problem != NULL ||
			XML_GetErrorCode(x->parser) != XML_ERROR_NONE))
			return fail(x, err);
		if (x->done)
			return 0;
		if (parse_more(x, err) < 0)
			return err->code;
	}
	q = &x->queue[x->next++];
	*out = q->event;
	out->space.p = x->texts.p + q->space_at;
	out->name.p = x->texts.p + q->name_at;
	out->text.p = x->texts.p + q->text_at;
	return 1;
}

void
om_xml_mark(struct om_xml *x, uint64_t offset, size_t max)
{
	assert(offset >= x->kept_at && offset <= x->given);

	x->marked = true;
	x->mark = offset;
	x->mark_max = max;
}

struct om_str
om_xml_marked(struct om_xml *x, uint64_t end)
{
	struct om_str bytes = { x->kept.p + (x->mark - x->kept_at),
		(size_t)(end - x->mark) };

	assert(x->marked && end <= x->given);

	x->marked = false;
	return bytes;
}
