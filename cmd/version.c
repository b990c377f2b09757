/* version.c - ordmill version */
#include "db/version.h"
#include "base/buf.h"
#include "base/hash.h"
#include "cmd/command.h"
#include "io/http.h"
#include "io/version.h"
#include "text/json.h"
#include "text/version.h"

#define JSON_MAX 4096

static const struct om_opt version_opts[] = {
	{ 0 },
};

static const char *const version_examples[] = {
	"say which version this is",
	"ordmill version",
	NULL,
};

static om_run_fn version_run;

const struct om_cmd om_cmd_version = {
	.name = "version",
	.summary = "print the version of the program and its libraries",
	.opts = version_opts,
	.run = version_run,
	.examples = version_examples,
};

struct library {
	const char *name;
	const char *version;
};

static void
print_text(const struct library *libraries, size_t n, FILE *out)
{
	fprintf(out, "ordmill %s\n", OM_VERSION);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "  %s %s\n", libraries[i].name,
		    libraries[i].version);
}

static void
print_json(const struct library *libraries, size_t n, FILE *out)
{
	OM_AUTO(om_buf_fini) struct om_buf buf;
	struct om_json j;

	om_buf_init(&buf, JSON_MAX);
	om_json_init(&j, &buf);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.version/1");
	om_json_cstr(&j, "version", OM_VERSION);
	om_json_object(&j, "libraries");
	for (size_t i = 0; i < n; i++)
		om_json_cstr(&j, libraries[i].name, libraries[i].version);
	om_json_end(&j);
	om_json_end(&j);
	fprintf(out, "%.*s\n", OM_FMT(om_buf_view(&buf)));
}

static int
version_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	int pq = om_libpq_version();
	char libpq[32];
	const struct library libraries[] = {
		{ "sqlite", om_sqlite_version() },
		{ "libpq", libpq },
		{ "openssl", om_openssl_version() },
		{ "zlib", om_zlib_version() },
		{ "libcurl", om_curl_version() },
		{ "libfyaml", om_libfyaml_version() },
	};

	(void)args;
	(void)argc;
	(void)argv;
	(void)err;
	snprintf(libpq, sizeof(libpq), "%d.%d", pq / 10000, pq % 10000);
	(cli->g->json ? print_json : print_text)(libraries, OM_COUNT(libraries),
	    cli->out);
	return OM_EXIT_OK;
}
