/* checksum.c - the checksum that lies beside a document, on its server. */
#include <string.h>

#include "feed/manifest.h"
#include "fetch/job.h"
#include "io/url.h"

bool
om_fetch_by_sidecar(const struct om_fetch_job *j)
{
	return om_sidecar_wanted(j->feed);
}

/* {source} stands for the URL without its query; what is no URL then, starts
 * from the document. */
static int
url_of(struct om_fetch_job *j, const char *document, const char **out,
    struct om_err *err)
{
	char path[OM_SIDECAR_PATH_MAX];
	const char *source =
	    om_strndup(&j->walk, document, strcspn(document, "?#"));

	if (om_sidecar_path(j->feed, source, path, err) < 0 ||
	    om_url_resolve(document, path, &j->walk, out, err) < 0 ||
	    om_url_check(*out, j->http_feed->transport.allow_http, err) < 0)
		return err->code;
	if (!om_url_same_scheme(*out, document) ||
	    (j->auth.credentials && !om_url_same_host(*out, document)))
		return om_fail(err, OM_EAUTH,
		    "the sidecar is at '%s', which may not see our credentials",
		    om_url_public(*out, &j->walk));
	return 0;
}

static int
get_once(struct om_fetch_job *j, const char *url, struct om_http_answer *answer,
    struct om_err *err)
{
	const struct om_http_get get = {
		.url = url,
		.headers = j->auth.line,
		.credentials = j->auth.credentials,
		.redirects = (int)j->http_feed->redirects,
		.patience = j->http_feed->patience,
	};

	j->sidecar.n = 0;
	return om_http_get_text(j->http, &get, &j->env, answer, &j->sidecar,
	    err);
}

int
om_fetch_sidecar(struct om_fetch_job *j, const char *document,
    struct om_err *err)
{
	OM_AUTO(om_http_answer_end) struct om_http_answer answer = { 0 };
	const char *url;
	int rc;

	if (url_of(j, document, &url, err) < 0)
		return err->code;
	rc = get_once(j, url, &answer, err);
	if (om_fetch_renew(j, rc, answer.status, err))
		rc = get_once(j, url, &answer, err);
	return rc < 0 ? err->code : 0;
}

/* If it does not hold, the document may be newer than the sidecar that was read
 * before it. */
int
om_fetch_sidecar_holds(struct om_fetch_job *j, const char *document,
    const struct om_body *body, struct om_err *err)
{
	const char *source =
	    om_strndup(&j->walk, document, strcspn(document, "?#"));
	const char *url;
	struct om_err ignored = { 0 };

	if (url_of(j, document, &url, err) < 0)
		return err->code;
	url = om_url_public(url, &j->walk);
	if (om_sidecar_says(om_buf_view(&j->sidecar), url, source, body->hex,
		&ignored) == 0)
		return 0;
	if (om_fetch_sidecar(j, document, err) < 0)
		return err->code;
	return om_sidecar_says(om_buf_view(&j->sidecar), url, source, body->hex,
	    err);
}
