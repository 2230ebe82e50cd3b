/* Tokens for programs: client credentials, and renewal by a refresh token. */
#include "lib/base/compat.h"

#include "lib/base/base64.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/config.h"
#include "lib/flyte/login/flows.h"
#include "lib/flyte/login/oauth.h"
#include "lib/flyte/login/token.h"
#include "lib/net/url.h"

void
flow_add_scopes(struct strbuf *form, char *const *scopes, size_t n)
{
	struct strbuf all = STRBUF_INIT;
	size_t i;

	for (i = 0; i < n; i++)
		strbuf_addf(&all, "%s%s", i > 0 ? " " : "", scopes[i]);
	if (n > 0)
		url_add_form(form, "scope", all.buf);
	strbuf_release(&all);
}

static void
add_grant(struct strbuf *form, const struct config *c,
    const struct discovery *d)
{
	const char *audience = c->audience;

	url_add_form(form, "grant_type", "client_credentials");
	if (c->scopes.n > 0)
		flow_add_scopes(form, (char *const *)(uintptr_t)c->scopes.v,
		    c->scopes.n);
	else
		flow_add_scopes(form, d->scopes.v, d->scopes.n);
	/* An audience that nobody asked for is refused by Flyte's server. */
	if (c->audience_from_admin)
		audience = d->audience;
	if (audience != NULL && *audience != '\0')
		url_add_form(form, "audience", audience);
}

/* RFC 6749 section 2.3.1: both parts encoded, since either may hold a colon. */
static void
add_basic(struct strbuf *basic, const char *id, const char *secret)
{
	struct strbuf pair = STRBUF_INIT;

	url_encode(&pair, id);
	strbuf_addch(&pair, ':');
	url_encode(&pair, secret);
	base64_encode(basic, pair.buf, pair.len);
	explicit_bzero(pair.buf, pair.len);
	strbuf_release(&pair);
}

/* Whether the server may have disliked only where the credentials stood. */
static bool
may_want_form(const struct oauth_reply *reply)
{
	return reply->res.status == 401 || reply->res.status == 400 ||
	    strcmp(reply->error, "invalid_client") == 0;
}

static enum status
ask(struct oauth *oauth, const char *url, struct strbuf *form,
    const char *secret, struct token *token)
{
	struct oauth_reply first, second;
	struct strbuf basic = STRBUF_INIT;
	enum status status;
	char *what;

	memset(&second, 0, sizeof(second));
	add_basic(&basic, oauth->config->client_id, secret);
	oauth_post(oauth, url, form, basic.buf, HTTP_RETRY_WRITE, &first);
	status = http_exit_status(&first.res);
	if (status == EXIT_DONE) {
		status = oauth_take_token(url, &first, token);
	} else if (first.res.fault == HTTP_FINE && may_want_form(&first)) {
		url_add_form(form, "client_id", oauth->config->client_id);
		url_add_form(form, "client_secret", secret);
		oauth_post(oauth, url, form, NULL, HTTP_RETRY_WRITE, &second);
		status = http_exit_status(&second.res);
		if (status == EXIT_DONE)
			status = oauth_take_token(url, &second, token);
		oauth_reply_release(&second);
	}
	if (status != EXIT_DONE && http_exit_status(&first.res) != EXIT_DONE) {
		what = xasprintf("cannot log in as client '%s': ",
		    oauth->config->client_id);
		status = oauth_report(oauth, url, &first, what);
		free(what);
	}
	explicit_bzero(basic.buf, basic.len);
	strbuf_release(&basic);
	oauth_reply_release(&first);
	return status;
}

enum status
flow_client_secret(struct oauth *oauth, const struct discovery *d,
    struct token *token)
{
	const struct config *c = oauth->config;
	const char *url = c->token_url != NULL ? c->token_url : d->token_url;
	struct strbuf form = STRBUF_INIT, secret = STRBUF_INIT;
	enum status status;

	status = oauth_check_url(oauth, c->token_url != NULL ?
	    "admin.tokenUrl" : "the cluster's token_endpoint", url);
	if (status == EXIT_DONE)
		status = config_read_secret(c, &secret);
	if (status == EXIT_DONE) {
		add_grant(&form, c, d);
		status = ask(oauth, url, &form, secret.buf, token);
	}
	explicit_bzero(form.buf, form.len);
	explicit_bzero(secret.buf, secret.len);
	strbuf_release(&form);
	strbuf_release(&secret);
	return status;
}

static char *
copy_of(const char *text)
{
	return text != NULL ? xstrdup(text) : NULL;
}

enum status
flow_refresh(struct oauth *oauth, struct token *token)
{
	struct strbuf form = STRBUF_INIT;
	struct oauth_reply reply;
	enum status status;
	struct token fresh;

	if (token->refresh == NULL || token->token_url == NULL ||
	    oauth_check_url(oauth, "the cluster's token_endpoint",
	    token->token_url) != EXIT_DONE)
		return EXIT_DENIED;
	memset(&fresh, 0, sizeof(fresh));
	url_add_form(&form, "grant_type", "refresh_token");
	url_add_form(&form, "refresh_token", token->refresh);
	if (token->client_id != NULL)
		url_add_form(&form, "client_id", token->client_id);
	/* Flyte's own server answers an expired one with 500: no retry. */
	oauth_post(oauth, token->token_url, &form, NULL, HTTP_RETRY_NEVER,
	    &reply);
	if (reply.res.fault != HTTP_FINE)
		status = oauth_report(oauth, token->token_url, &reply,
		    "cannot renew the login: ");
	else if (reply.res.status != 200 || reply.json == NULL)
		status = EXIT_DENIED;
	else
		status = oauth_take_token(token->token_url, &reply, &fresh);
	if (status == EXIT_DONE) {
		if (fresh.refresh == NULL)
			fresh.refresh = xstrdup(token->refresh);
		fresh.token_url = xstrdup(token->token_url);
		fresh.client_id = copy_of(token->client_id);
		fresh.header = copy_of(token->header);
		token_move(token, &fresh);
	}
	explicit_bzero(form.buf, form.len);
	strbuf_release(&form);
	oauth_reply_release(&reply);
	return status;
}
