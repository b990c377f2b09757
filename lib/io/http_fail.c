/* http_fail.c - libcurl's results as failures of ours; see http_parts.h. */
#include <curl/curl.h>
#include <inttypes.h>

#include "io/http_parts.h"

/* What may be otherwise the next time. */
static bool
is_transient(CURLcode result)
{
	switch ((int)result) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_WEIRD_SERVER_REPLY:
		return true;
	default:
		return false;
	}
}

static enum om_code
code_of(CURLcode result)
{
	switch ((int)result) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CERTPROBLEM:
		return OM_EAUTH;
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		return OM_EUSAGE;
	case CURLE_FILESIZE_EXCEEDED:
		return OM_ELIMIT;
	default:
		return OM_EREMOTE;
	}
}

/* Our own words where libcurl's change with time, port or version. */
static const char *
words_of(CURLcode result, const char *detail)
{
	switch ((int)result) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "no such host";
	case CURLE_COULDNT_CONNECT:
		return "cannot connect";
	case CURLE_OPERATION_TIMEDOUT:
		return "took too long";
	case CURLE_GOT_NOTHING:
		return "the connection was closed without an answer";
	case CURLE_RECV_ERROR:
		return "the connection broke off";
	default:
		return detail[0] != '\0' ? detail : curl_easy_strerror(result);
	}
}

int
om_http_failed(int result, const char *detail, struct om_http_answer *a,
    struct om_err *err)
{
	bool transient = is_transient((CURLcode)result);
	bool cut =
	    transient && a->received > 0 && result != CURLE_OPERATION_TIMEDOUT;

	a->transient = transient;
	if (cut && a->length >= 0 && a->received < (uint64_t)a->length)
		return om_fail(err, OM_EREMOTE,
		    "the body ends after %" PRIu64 " of %" PRId64 " bytes",
		    a->received, a->length);
	if (cut)
		return om_fail(err, OM_EREMOTE,
		    "the body breaks off after %" PRIu64 " bytes", a->received);
	return om_fail(err, code_of((CURLcode)result), "%s",
	    words_of((CURLcode)result, detail));
}
