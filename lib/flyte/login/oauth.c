/* Forms posted to an authorization server, and what it answers. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/login/oauth.h"
#include "lib/flyte/login/token.h"
#include "lib/net/redact.h"
#include "lib/net/url.h"
#include "lib/text/jsonio.h"

enum { ANSWER_MAX = 1 << 20 };

void
oauth_reply_release(struct oauth_reply *reply)
{
	explicit_bzero(reply->res.body.buf, reply->res.body.len);
	http_response_release(&reply->res);
	arena_release(&reply->arena);
	memset(reply, 0, sizeof(*reply));
}

static void
read_reply(struct oauth_reply *reply)
{
	const struct json *error;
	const char *why;

	reply->error = "";
	reply->json = json_parse(&reply->arena, reply->res.body.buf,
	    reply->res.body.len, &why);
	if (reply->json != NULL && reply->json->kind != JSON_MAP)
		reply->json = NULL;
	error = json_find(reply->json, "error");
	if (error != NULL && error->kind == JSON_TEXT)
		reply->error = error->text;
}

bool
oauth_post(struct oauth *oauth, const char *url, const struct strbuf *form,
    const char *basic, enum http_retry retry, struct oauth_reply *reply)
{
	struct strvec lines = STRVEC_INIT;
	struct http_request req;
	bool fine;

	memset(reply, 0, sizeof(*reply));
	http_response_init(&reply->res);
	http_request_init(&req, HTTP_POST, url);
	strvec_push(&lines,
	    "Content-Type: application/x-www-form-urlencoded");
	if (basic != NULL)
		strvec_pushf(&lines, "Authorization: Basic %s", basic);
	if (oauth->proxy_line != NULL)
		strvec_push(&lines, oauth->proxy_line);
	req.headers = (const char *const *)lines.v;
	req.body = form->buf;
	req.body_len = (int64_t)form->len;
	req.retry = retry;
	req.harmless = true;
	req.max = ANSWER_MAX;
	fine = http_call(oauth->http, &req, &reply->res);
	read_reply(reply);
	strvec_release(&lines);
	return fine;
}

enum status
oauth_report(const struct oauth *oauth, const char *url,
    const struct oauth_reply *reply, const char *what)
{
	struct http_request req;
	enum status status;

	http_request_init(&req, HTTP_POST, url);
	status = http_report(&req, &reply->res, what);
	/* FlyteAdmin takes itself for https unless it was told otherwise. */
	if (reply->res.fault != HTTP_FINE && strncmp(url, "https:", 6) == 0 &&
	    strncmp(oauth->origin, "http:", 5) == 0)
		hint("the cluster, reached by http, says https of its token "
		    "endpoint: auth.authorizedUris is not set there; "
		    "admin.tokenUrl here overrides it for ClientSecret");
	/* Of what it may say with a status of 4xx all is a refusal. */
	if (status == EXIT_INPUT || status == EXIT_CONFLICT)
		status = EXIT_DENIED;
	return status;
}

enum status
oauth_take_token(const char *url, const struct oauth_reply *reply,
    struct token *token)
{
	struct strbuf shown = STRBUF_INIT;

	if (reply->json != NULL &&
	    token_from_answer(token, reply->json, clock_now().sec))
		return EXIT_DONE;
	redact_url(&shown, url, false);
	error(EXIT_NETWORK, "'%s' answered without an access token",
	    shown.buf);
	strbuf_release(&shown);
	return EXIT_NETWORK;
}

enum status
oauth_check_url(const struct oauth *oauth, const char *what, const char *url)
{
	enum status status = EXIT_DONE;
	struct strbuf shown = STRBUF_INIT;
	const char *why;
	struct url parsed;

	redact_url(&shown, url, false);
	if (!url_parse(url, &parsed, &why)) {
		status = error(EXIT_NETWORK, "%s '%s' is no URL: %s", what,
		    shown.buf, why);
	} else if (!parsed.tls && strncmp(oauth->origin, "https:", 6) == 0 &&
	    !url_host_is_loopback(parsed.host)) {
		status = error(EXIT_DENIED, "%s '%s' is not https, while '%s' "
		    "is: nothing secret is sent there", what, shown.buf,
		    oauth->origin);
		hint("who runs the cluster sets auth.authorizedUris; "
		    "admin.tokenUrl here overrides it for ClientSecret");
	}
	url_release(&parsed);
	strbuf_release(&shown);
	return status;
}
