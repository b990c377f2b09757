/* bench_show.c - what was measured, for people and for programs; see bench.h. */
#include <inttypes.h>

#include "cmd/bench.h"
#include "text/json.h"

#define JSON_MAX ((size_t)16 * 1024)
#define MIB	 (INT64_C(1024) * 1024)
#define TEXT_MAX 48

static const struct {
	const char *name;
	const char *items;
} steps[] = {
	[OM_BENCH_GENERATE] = { "generate", "orders" },
	[OM_BENCH_LOAD] = { "load", "orders" },
	[OM_BENCH_VALIDATE] = { "validate", "orders" },
	[OM_BENCH_RECONCILE] = { "reconcile", "orders" },
	[OM_BENCH_VERIFY] = { "verify", "leaves" },
};

bool
om_bench_good(const struct om_bench *b)
{
	return b->created == b->made && b->accepted == b->made &&
	       b->money_agrees && b->breaks_found == b->breaks_planted &&
	       b->breaks_unasked == 0 && b->flaws == 0;
}

static int64_t
step_rate(const struct om_bench *b, enum om_bench_step step)
{
	return om_per_second(b->step[step].count, b->step[step].ns);
}

/* Nanoseconds of all that has to be done to an order that came in. */
static int64_t
all_ns(const struct om_bench *b)
{
	int64_t ns = 0;

	for (int i = OM_BENCH_LOAD; i < OM_BENCH_STEPS; i++)
		ns += b->step[i].ns;
	return ns;
}

/* Orders a second, through every step but generate. */
static int64_t
all_rate(const struct om_bench *b)
{
	return om_per_second(b->made, all_ns(b));
}

static const char *
seconds_text(int64_t ns, char out[TEXT_MAX])
{
	snprintf(out, TEXT_MAX, "%" PRId64 ".%03" PRId64, ns / 1000000000,
	    ns / 1000000 % 1000);
	return out;
}

static const char *
tenths_text(int64_t tenths, char out[TEXT_MAX])
{
	snprintf(out, TEXT_MAX, "%" PRId64 ".%" PRId64, tenths / 10,
	    tenths % 10);
	return out;
}

static void
print_step(const char *name, const char *items, int64_t count, int64_t ns,
    FILE *out)
{
	char seconds[TEXT_MAX];

	fprintf(out, "  %-10s %12" PRId64 " %-8s %10s %14" PRId64 "\n", name,
	    count, items, seconds_text(ns, seconds), om_per_second(count, ns));
}

static void
print_steps(const struct om_bench *b, FILE *out)
{
	fprintf(out, "\n  %-10s %12s %-8s %10s %14s\n", "step", "", "",
	    "seconds", "a second");
	for (int i = 0; i < OM_BENCH_STEPS; i++)
		print_step(steps[i].name, steps[i].items, b->step[i].count,
		    b->step[i].ns, out);
	print_step("from load", "orders", b->made, all_ns(b), out);
}

static void
print_loads(const struct om_bench *b, FILE *out)
{
	fprintf(out, "\n  %-10s %12s %12s %12s\n", "asked for", "orders/s",
	    "load alone", "all steps");
	for (int i = 0; i < OM_LOADS; i++) {
		const struct om_load *load = &om_loads[i];
		struct om_capacity c = om_capacity_of(load,
		    step_rate(b, OM_BENCH_LOAD), all_rate(b));
		char one[TEXT_MAX];
		char all[TEXT_MAX];

		fprintf(out, "  %-10s %12" PRId64 " %10s x %10s x  %s\n",
		    load->name, load->per_second,
		    tenths_text(c.load_tenths, one),
		    tenths_text(c.all_tenths, all),
		    om_verdict_words(c.verdict));
	}
}

static void
print_books(const struct om_bench *b, FILE *out)
{
	fprintf(out,
	    "\n  %-10s %" PRId64 " made, %" PRId64 " loaded, %" PRId64
	    " accepted%s\n",
	    "orders", b->made, b->created, b->accepted,
	    b->money_agrees ? "" : "; their money is NOT what was made");
	fprintf(out,
	    "  %-10s %" PRIu64 " found of %" PRIu64 " planted, %" PRIu64
	    " others\n",
	    "breaks", b->breaks_found, b->breaks_planted, b->breaks_unasked);
	fprintf(out, "  %-10s %" PRIu64 " leaves, %" PRIu64 " flaws\n",
	    "evidence", b->leaves, b->flaws);
	fprintf(out, "  %-10s %" PRId64 " bytes an order on disk\n", "store",
	    b->store_bytes / b->made);
	fprintf(out, "  %-10s %" PRId64 " MiB at most\n", "memory",
	    b->memory_bytes / MIB);
	fprintf(out, "  %-10s %s\n", "result",
	    om_bench_good(b) ? "all of it is right" : "SOMETHING IS WRONG");
}

void
om_bench_text(const struct om_bench_plan *plan, const struct om_bench *b,
    FILE *out)
{
	fprintf(out,
	    "%s, %" PRId64 " processors, %" PRId64 " MiB, %s; %u shards\n",
	    b->machine.system, b->machine.processors,
	    b->machine.memory_bytes / MIB, b->machine.file_system,
	    plan->shards);
	if (b->machine.in_memory)
		fprintf(out, "  %s is memory, not a disk: see --dir\n",
		    b->machine.file_system);
	print_steps(b, out);
	print_loads(b, out);
	print_books(b, out);
}

static void
json_machine(struct om_json *j, const struct om_machine *m)
{
	om_json_object(j, "machine");
	om_json_cstr(j, "system", m->system);
	om_json_int(j, "processors", m->processors);
	om_json_int(j, "memory_bytes", m->memory_bytes);
	om_json_cstr(j, "file_system", m->file_system);
	om_json_bool(j, "in_memory", m->in_memory);
	om_json_end(j);
}

static void
json_steps(struct om_json *j, const struct om_bench *b)
{
	om_json_array(j, "steps");
	for (int i = 0; i < OM_BENCH_STEPS; i++) {
		om_json_object(j, NULL);
		om_json_cstr(j, "step", steps[i].name);
		om_json_int(j, steps[i].items, b->step[i].count);
		om_json_seconds(j, "seconds", b->step[i].ns);
		om_json_int(j, "per_second",
		    step_rate(b, (enum om_bench_step)i));
		om_json_end(j);
	}
	om_json_end(j);
	om_json_object(j, "from_load");
	om_json_int(j, "orders", b->made);
	om_json_seconds(j, "seconds", all_ns(b));
	om_json_int(j, "per_second", all_rate(b));
	om_json_end(j);
}

static void
json_loads(struct om_json *j, const struct om_bench *b)
{
	char text[TEXT_MAX];

	om_json_array(j, "loads");
	for (int i = 0; i < OM_LOADS; i++) {
		struct om_capacity c = om_capacity_of(&om_loads[i],
		    step_rate(b, OM_BENCH_LOAD), all_rate(b));

		om_json_object(j, NULL);
		om_json_cstr(j, "load", om_loads[i].name);
		om_json_int(j, "per_second", om_loads[i].per_second);
		om_json_cstr(j, "load_alone", tenths_text(c.load_tenths, text));
		om_json_cstr(j, "all_steps", tenths_text(c.all_tenths, text));
		om_json_cstr(j, "verdict", om_verdict_name(c.verdict));
		om_json_end(j);
	}
	om_json_end(j);
}

static void
json_books(struct om_json *j, const struct om_bench *b)
{
	om_json_object(j, "orders");
	om_json_int(j, "made", b->made);
	om_json_int(j, "loaded", b->created);
	om_json_int(j, "accepted", b->accepted);
	om_json_bool(j, "money_agrees", b->money_agrees);
	om_json_end(j);
	om_json_object(j, "breaks");
	om_json_int(j, "planted", (int64_t)b->breaks_planted);
	om_json_int(j, "found", (int64_t)b->breaks_found);
	om_json_int(j, "others", (int64_t)b->breaks_unasked);
	om_json_end(j);
	om_json_object(j, "evidence");
	om_json_int(j, "leaves", (int64_t)b->leaves);
	om_json_int(j, "flaws", (int64_t)b->flaws);
	om_json_end(j);
}

void
om_bench_json(const struct om_bench_plan *plan, const struct om_bench *b,
    FILE *out)
{
	OM_AUTO(om_buf_fini) struct om_buf text;
	struct om_json j;

	om_buf_init(&text, JSON_MAX);
	om_json_init(&j, &text);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.bench/1");
	json_machine(&j, &b->machine);
	om_json_int(&j, "shards", (int64_t)plan->shards);
	json_steps(&j, b);
	json_loads(&j, b);
	json_books(&j, b);
	om_json_int(&j, "store_bytes", b->store_bytes);
	om_json_int(&j, "memory_peak_bytes", b->memory_bytes);
	om_json_bool(&j, "ok", om_bench_good(b));
	om_json_end(&j);
	fprintf(out, "%.*s\n", OM_FMT(om_buf_view(&text)));
}
