/*
 * A login by a browser on this machine: RFC 8252 with RFC 7636. The URL is
 * always shown, for the browser may be on another.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/browser.h"
#include "lib/flyte/login/config.h"
#include "lib/flyte/login/flows.h"
#include "lib/flyte/login/listener.h"
#include "lib/flyte/login/oauth.h"
#include "lib/flyte/login/pkce.h"
#include "lib/flyte/login/token.h"
#include "lib/net/url.h"

static void
add_scopes(struct strbuf *url, const struct strvec *scopes)
{
	struct strbuf all = STRBUF_INIT;
	size_t i;

	for (i = 0; i < scopes->n; i++)
		strbuf_addf(&all, "%s%s", i > 0 ? " " : "", scopes->v[i]);
	if (scopes->n > 0)
		url_add_query(url, "scope", all.buf);
	strbuf_release(&all);
}

static void
make_url(struct strbuf *url, const struct config *c, const struct discovery *d,
    const char *state, const char *verifier)
{
	char challenge[PKCE_SIZE];

	pkce_challenge(verifier, challenge);
	strbuf_addstr(url, d->authorization_url);
	url_add_query(url, "response_type", "code");
	url_add_query(url, "client_id", d->client_id);
	url_add_query(url, "redirect_uri", d->redirect_uri);
	add_scopes(url, &d->scopes);
	url_add_query(url, "state", state);
	url_add_query(url, "code_challenge", challenge);
	url_add_query(url, "code_challenge_method", "S256");
	if (c->audience != NULL)
		url_add_query(url, "audience", c->audience);
	else if (c->audience_from_admin && *d->audience != '\0')
		url_add_query(url, "audience", d->audience);
}

/* Said with --quiet, too: without it nobody can log in. */
static void
invite(const char *url, const struct listener *listener)
{
	bool opened = browser_open(url), remote = getenv("SSH_CONNECTION");
	struct strbuf line = STRBUF_INIT;

	strbuf_addf(&line, opened ?
	    "log in by the browser that opens, or by one that you open at\n"
	    "  %s" : "open this in a browser to log in:\n  %s", url);
	err_line(line.buf, line.len);
	strbuf_release(&line);
	if (remote)
		hint("from the machine of that browser forward the port: "
		    "ssh -L %d:localhost:%d THIS-HOST; or use authType "
		    "DeviceFlow", listener_port(listener),
		    listener_port(listener));
}

static enum status
exchange(struct oauth *oauth, const struct discovery *d, const char *code,
    const char *verifier, struct token *token)
{
	struct strbuf form = STRBUF_INIT;
	struct oauth_reply reply;
	enum status status;

	url_add_form(&form, "grant_type", "authorization_code");
	url_add_form(&form, "code", code);
	url_add_form(&form, "redirect_uri", d->redirect_uri);
	url_add_form(&form, "client_id", d->client_id);
	url_add_form(&form, "code_verifier", verifier);
	/* A code is good for one try. */
	oauth_post(oauth, d->token_url, &form, NULL, HTTP_RETRY_NEVER, &reply);
	status = http_exit_status(&reply.res);
	if (status == EXIT_DONE)
		status = oauth_take_token(d->token_url, &reply, token);
	else
		status = oauth_report(oauth, d->token_url, &reply,
		    "cannot get a token for the login: ");
	explicit_bzero(form.buf, form.len);
	strbuf_release(&form);
	oauth_reply_release(&reply);
	return status;
}

static enum status
check(const struct oauth *oauth, const struct discovery *d)
{
	enum status status;

	if (*d->authorization_url == '\0' || *d->client_id == '\0' ||
	    *d->redirect_uri == '\0')
		return error(EXIT_DENIED, "'%s' does not say where a browser "
		    "logs in: authType Pkce cannot be used there",
		    oauth->origin);
	status = oauth_check_url(oauth, "the cluster's token_endpoint",
	    d->token_url);
	if (status == EXIT_DONE)
		status = oauth_check_url(oauth, "the cluster's "
		    "authorization_endpoint", d->authorization_url);
	return status;
}

enum status
flow_pkce(struct oauth *oauth, const struct discovery *d, struct token *token)
{
	struct strbuf url = STRBUF_INIT, code = STRBUF_INIT;
	char state[PKCE_SIZE], verifier[PKCE_SIZE];
	struct listener *listener = NULL;
	enum status status = check(oauth, d);

	if (status == EXIT_DONE)
		status = listener_open(&listener, d->redirect_uri);
	if (status == EXIT_DONE) {
		pkce_random(state);
		pkce_random(verifier);
		make_url(&url, oauth->config, d, state, verifier);
		invite(url.buf, listener);
		status = listener_wait(listener, state,
		    oauth->config->pkce_ms, &code);
	}
	listener_close(listener);
	if (status == EXIT_DONE)
		status = exchange(oauth, d, code.buf, verifier, token);
	explicit_bzero(code.buf, code.len);
	explicit_bzero(verifier, sizeof(verifier));
	strbuf_release(&code);
	strbuf_release(&url);
	return status;
}
