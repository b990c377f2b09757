/* Events, places and limits of the XML reader. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/xml.h"

struct input {
	struct om_str text;
	size_t at;
	size_t step;
	struct om_xml *xml;
};

static struct om_err err;

static int
give(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *e)
{
	struct input *in = arg;
	size_t left = in->text.n - in->at;

	(void)e;
	if (n > in->step)
		n = in->step;
	if (n > left)
		n = left;
	if (n > 0)
		memcpy(bytes, in->text.p + in->at, n);
	in->at += n;
	*out_n = n;
	return 0;
}

static void
begin(struct input *in, struct om_str text, size_t step)
{
	om_xml_close(&in->xml);
	*in = (struct input){ .text = text, .step = step };
	om_xml_open(give, in, &in->xml);
}

static void
end(struct input *in)
{
	om_xml_close(&in->xml);
}

/* "<name", ">text": all events in one line. */
static int
story(struct om_str text, size_t step, struct om_buf *out)
{
	struct input in OM_AUTO(end) = { 0 };
	struct om_xml_event e;
	int rc;

	om_buf_reset(out);
	begin(&in, text, step);
	while ((rc = om_xml_next(in.xml, &e, &err)) == 1) {
		om_buf_char(out, e.kind == OM_XML_START ? '<' : '>');
		om_buf_str(out, e.kind == OM_XML_START ? e.name : e.text);
	}
	return rc;
}

static void
tells(const char *text, const char *want)
{
	struct om_buf b OM_AUTO(om_buf_fini) = { 0 };

	om_buf_init(&b, (size_t)1 << 20);
	assert_ok(story(om_str_of(text), 1 << 20, &b));
	assert_string_equal(b.p, want);
	assert_ok(story(om_str_of(text), 1, &b));
	assert_string_equal(b.p, want);
}

static void
fails(const char *text, enum om_code code, const char *why)
{
	struct om_buf b OM_AUTO(om_buf_fini) = { 0 };

	om_buf_init(&b, (size_t)1 << 20);
	assert_int_equal(story(om_str_of(text), 7, &b), code);
	assert_string_equal(err.msg, why);
}

static void
leaves_have_their_text(void **state)
{
	(void)state;
	tells("<a><b>1</b><c/><d>x<e>y</e>z</d></a>", "<a<b>1<c><d<e>y>>");
	tells("<a>&lt;&#233;&amp;<![CDATA[<b>]]></a>", "<a><\xc3\xa9&<b>");
	tells("<?xml version='1.0'?><!-- <n/> --><a> 1 </a>\n", "<a> 1 ");
	tells("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>",
	    "<a>\xc3\xa9");
}

static void
names_have_spaces_and_places(void **state)
{
	const char *text = "<a xmlns='urn:one'\n xmlns:p='urn:two'>\n <p:b>x"
			   "</p:b><c xmlns=''/></a>";
	struct input in OM_AUTO(end) = { 0 };
	struct om_xml_event e;

	(void)state;
	begin(&in, om_str_of(text), 5);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 1);
	assert_true(om_str_is(e.space, "urn:one"));
	assert_true(om_str_is(e.name, "a"));
	assert_int_equal(e.depth, 0);
	assert_int_equal(e.offset, 0);
	assert_int_equal(e.line, 1);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 1);
	assert_true(om_str_is(e.space, "urn:two"));
	assert_true(om_str_is(e.name, "b"));
	assert_int_equal(e.depth, 1);
	assert_int_equal(e.line, 3);
	assert_int_equal(e.offset, 40);
	assert_int_equal(e.end, 45);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 1);
	assert_int_equal(e.offset, 46);
	assert_int_equal(e.end, 52);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 1);
	assert_int_equal(e.space.n, 0);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 1);
	assert_int_equal(e.kind, OM_XML_END);
	assert_int_equal(e.end, 65);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 1);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 0);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 0);
}

static void
what_is_marked_is_kept(void **state)
{
	const char *text = "<?xml version='1.0'?><w><a><b/></a><a>2</a></w>";
	struct input in OM_AUTO(end) = { 0 };
	const char *const want[] = { "<a><b/></a>", "<a>2</a>" };
	struct om_xml_event e;
	size_t seen = 0;

	(void)state;
	begin(&in, om_str_of(text), 3);
	while (om_xml_next(in.xml, &e, &err) == 1) {
		if (!om_str_is(e.name, "a"))
			continue;
		if (e.kind == OM_XML_START)
			om_xml_mark(in.xml, e.offset, 100);
		else
			assert_true(om_str_is(om_xml_marked(in.xml, e.end),
			    want[seen++]));
	}
	assert_int_equal(seen, 2);
}

static void
a_document_that_is_marked_has_a_maximum(void **state)
{
	struct input in OM_AUTO(end) = { 0 };
	struct om_xml_event e;

	(void)state;
	begin(&in, OM_STR("<a>456789</a>"), 1);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 1);
	om_xml_mark(in.xml, 0, 13);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 1);
	begin(&in, OM_STR("<a>456789</a>"), 1);
	assert_int_equal(om_xml_next(in.xml, &e, &err), 1);
	om_xml_mark(in.xml, 0, 12);
	assert_int_equal(om_xml_next(in.xml, &e, &err), OM_ELIMIT);
}

static void
nothing_is_declared_or_expanded(void **state)
{
	(void)state;
	fails("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", OM_EDATA,
	    "line 1, byte 12: a document type declaration");
	fails("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", OM_EDATA,
	    "line 1, byte 39: a document type declaration");
	fails("<a>&x;</a>", OM_EDATA, "line 1, byte 3: undefined entity");
}

static void
what_is_not_well_formed_is_told_with_its_place(void **state)
{
	(void)state;
	fails("", OM_EDATA, "line 1, byte 0: no element found");
	fails("<a>\n<b></a>", OM_EDATA, "line 2, byte 9: mismatched tag");
	fails("<a>", OM_EDATA, "line 1, byte 3: no element found");
	fails("<a/><b/>", OM_EDATA,
	    "line 1, byte 4: junk after document element");
	fails("<a>\xff</a>", OM_EDATA,
	    "line 1, byte 3: not well-formed (invalid token)");
	fails("<?xml version='1.0' encoding='koi8-r'?><a/>", OM_EDATA,
	    "line 1, byte 30: unknown encoding");
}

static void
depth_has_a_maximum(void **state)
{
	struct om_buf text OM_AUTO(om_buf_fini) = { 0 };
	struct om_buf b OM_AUTO(om_buf_fini) = { 0 };

	(void)state;
	om_buf_init(&text, 4096);
	om_buf_init(&b, 4096);
	for (int i = 0; i < OM_XML_DEPTH_MAX; i++)
		om_buf_text(&text, "<a>");
	for (int i = 0; i < OM_XML_DEPTH_MAX; i++)
		om_buf_text(&text, "</a>");
	assert_ok(story(om_buf_view(&text), 100, &b));
	om_buf_reset(&text);
	for (int i = 0; i <= OM_XML_DEPTH_MAX; i++)
		om_buf_text(&text, "<a>");
	assert_int_equal(story(om_buf_view(&text), 100, &b), OM_ELIMIT);
	assert_string_equal(err.msg, "line 1, byte 192: elements too deep");
}

static void
long_text_is_cut_off(void **state)
{
	size_t n = OM_XML_TEXT_MAX + 10;
	char *text = malloc(n + 8);
	struct om_buf b OM_AUTO(om_buf_fini) = { 0 };

	(void)state;
	assert_non_null(text);
	om_buf_init(&b, (size_t)1 << 20);
	memset(text, 'x', n + 8);
	memcpy(text, "<a>", 3);
	memcpy(text + 3 + n, "</a>", 4);
	assert_ok(story((struct om_str){ text, n + 7 }, 1000, &b));
	assert_int_equal(b.n, 2 + OM_XML_TEXT_MAX + 1);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_have_their_text),
		cmocka_unit_test(names_have_spaces_and_places),
		cmocka_unit_test(what_is_marked_is_kept),
		cmocka_unit_test(a_document_that_is_marked_has_a_maximum),
		cmocka_unit_test(nothing_is_declared_or_expanded),
		cmocka_unit_test(
		    what_is_not_well_formed_is_told_with_its_place),
		cmocka_unit_test(depth_has_a_maximum),
		cmocka_unit_test(long_text_is_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
