/* edi_wrap.c - headers as they stood, trailers of one; see edi_wrap.h. */
#include "feed/edi_wrap.h"

#include <stdio.h>

/* "GE*1*7~", by the delimiters of the file. */
static struct om_str
trailer(const struct om_edi *edi, const struct om_edi_segment *header,
    const char *tag, size_t control, struct om_arena *arena)
{
	struct om_str number = { "", 0 };
	char element;
	char end;
	char *text;
	int n;

	om_edi_delimiters(edi, &element, &end);
	if (control <= header->count)
		number = header->element[control - 1];
	text = om_alloc(arena, number.n + 16);
	n = snprintf(text, number.n + 16, "%s%c1%c%.*s%c", tag, element,
	    element, OM_FMT(number), end);
	return (struct om_str){ text, (size_t)n };
}

void
om_edi_wrap_outer(struct om_edi_wrap *wrap, const struct om_edi *edi,
    const struct om_edi_segment *header, const char *end, size_t control,
    struct om_arena *arena)
{
	*wrap = (struct om_edi_wrap){
		.outer = om_edi_header(edi, arena),
		.outer_end = trailer(edi, header, end, control, arena),
	};
}

void
om_edi_wrap_group(struct om_edi_wrap *wrap, const struct om_edi *edi,
    const struct om_edi_segment *header, const char *end, size_t control,
    struct om_arena *arena)
{
	wrap->group = om_edi_header(edi, arena);
	wrap->group_end = trailer(edi, header, end, control, arena);
}

void
om_edi_unwrap_group(struct om_edi_wrap *wrap)
{
	wrap->group = (struct om_str){ NULL, 0 };
	wrap->group_end = (struct om_str){ NULL, 0 };
}

/* Line ends between segments do not count. */
static struct om_str
two(struct om_arena *arena, struct om_str a, struct om_str b)
{
	char *text;
	int n;

	if (b.n == 0)
		return om_str_dup(arena, a);
	text = om_alloc(arena, a.n + b.n + 2);
	n = snprintf(text, a.n + b.n + 2, "%.*s\n%.*s", OM_FMT(a), OM_FMT(b));
	return (struct om_str){ text, (size_t)n };
}

void
om_edi_wrap_doc(const struct om_edi_wrap *wrap, struct om_doc *doc)
{
	doc->before = two(&doc->arena, wrap->outer, wrap->group);
	doc->after = wrap->group_end.n > 0
			 ? two(&doc->arena, wrap->group_end, wrap->outer_end)
			 : two(&doc->arena, wrap->outer_end, wrap->group_end);
}
