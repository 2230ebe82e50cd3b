/* What came of a request, for people and as an exit status. */
#include "lib/base/compat.h"

#include "lib/net/answer.h"
#include "lib/net/redact.h"
#include "lib/net/request.h"

static enum status
status_exit(int status)
{
	if (status >= 200 && status < 300)
		return EXIT_DONE;
	switch (status) {
	case 401:
	case 403:
		return EXIT_DENIED;
	case 404:
	case 409:
	case 410:
	case 412:
		return EXIT_CONFLICT;
	case 408:
	case 429:
		return EXIT_NETWORK;
	default:
		return status >= 400 && status < 500 ? EXIT_INPUT :
		    EXIT_NETWORK;
	}
}

enum status
http_exit_status(const struct http_response *res)
{
	switch (res->fault) {
	case HTTP_FINE:
		return status_exit(res->status);
	case HTTP_NOT_SENT:
		return EXIT_DONE;
	case HTTP_BAD_URL:
		return EXIT_INPUT;
	case HTTP_NO_LIBRARY:
	case HTTP_SOURCE:
	case HTTP_SINK:
		return EXIT_LOCAL;
	case HTTP_NO_TOKEN:
		return EXIT_DENIED;
	default:
		return EXIT_NETWORK;
	}
}

enum status
http_report(const struct http_request *req, const struct http_response *res,
    const char *what)
{
	enum status status = http_exit_status(res);
	struct strbuf url = STRBUF_INIT, says = STRBUF_INIT;

	if (status == EXIT_DONE || res->fault == HTTP_NO_TOKEN)
		return status;
	if (res->fault != HTTP_FINE) {
		error(status, "%s%s", what ? what : "",
		    res->problem ? res->problem : "the request has failed");
	} else {
		redact_url(&url, req->url, req->auth == HTTP_AUTH_SIGNED);
		answer_print(&says, res);
		error(status, "%s%s %s: %s", what ? what : "",
		    request_method(req), url.buf, says.buf);
	}
	if (res->next_step)
		hint("%s", res->next_step);
	strbuf_release(&url);
	strbuf_release(&says);
	return status;
}
