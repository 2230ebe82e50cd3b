/*
 * When a token is sent, renewed or got anew. Only this file knows the order of
 * cache, refresh and login; how each is done is in flows.h and tokencache.h.
 */
#include "lib/base/compat.h"

#include <strings.h>

#include "lib/base/clock.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/auth.h"
#include "lib/flyte/login/config.h"
#include "lib/flyte/login/flows.h"
#include "lib/flyte/login/oauth.h"
#include "lib/flyte/login/token.h"
#include "lib/flyte/login/tokencache.h"
#include "lib/net/answer.h"
#include "lib/net/http.h"

enum { UNAUTHENTICATED = 16, LOCK_SPARE_MS = 60 * 1000, AHEAD_MAX_S = 5,
	RETRY_MS = 5000 };

struct auth {
	const struct config *config;
	const char *origin;
	enum config_flow flow;
	struct http *http;	/* the API's; oauth's is this or its own */
	struct oauth oauth;
	struct tokencache cache;
	struct token token;
	bool loaded;		/* the cache was looked into */
	enum status status;	/* of the last attempt at a token */
	int64_t failed_ms;	/* when that was, if it failed */
};

static const char external_key[] = "admin.command";
static const char proxy_key[] = "admin.proxyCommand";

enum status
auth_status(const struct auth *auth)
{
	return auth->status;
}

/* The token of a proxy in front: asked for once, and again after a 401. */
static enum status
run_proxy_command(struct auth *auth)
{
	struct strbuf token = STRBUF_INIT;
	enum status status;

	status = flow_command(&auth->config->proxy_command, proxy_key, &token);
	if (status == EXIT_DONE) {
		free(auth->oauth.proxy_line);
		auth->oauth.proxy_line = xasprintf("Proxy-Authorization: "
		    "Bearer %s", token.buf);
	}
	explicit_bzero(token.buf, token.len);
	strbuf_release(&token);
	return status;
}

static enum status
run_command(struct auth *auth)
{
	struct strbuf token = STRBUF_INIT;
	enum status status;

	status = flow_command(&auth->config->command, external_key, &token);
	if (status == EXIT_DONE) {
		token_release(&auth->token);
		auth->token.access = strbuf_detach(&token);
	}
	strbuf_release(&token);
	return status;
}

/* With a token URL and scopes of one's own the cluster need not be asked. */
static bool
needs_discovery(const struct config *c)
{
	return c->token_url == NULL || c->scopes.n == 0 ||
	    c->audience_from_admin;
}

/* A header's name that came from outside must not break the header. */
static bool
is_header(const char *name)
{
	return *name != '\0' && name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0';
}

static enum status
log_in(struct auth *auth)
{
	const struct config *c = auth->config;
	bool secret = auth->flow == FLOW_CLIENT_SECRET;
	enum status status = EXIT_DONE;
	struct token token;
	struct discovery d;

	memset(&token, 0, sizeof(token));
	memset(&d, 0, sizeof(d));
	if (!secret || needs_discovery(c))
		status = discovery_fetch(&d, &auth->oauth,
		    secret && c->token_url != NULL);
	if (status == EXIT_DONE && secret)
		status = flow_client_secret(&auth->oauth, &d, &token);
	else if (status == EXIT_DONE && auth->flow == FLOW_DEVICE)
		status = flow_device(&auth->oauth, &d, &token);
	else if (status == EXIT_DONE)
		status = flow_pkce(&auth->oauth, &d, &token);
	if (status == EXIT_DONE) {
		if (!secret) {
			token.client_id = xstrdup(d.client_id);
			token.token_url = xstrdup(d.token_url);
		}
		if (d.header != NULL && is_header(d.header))
			token.header = xstrdup(d.header);
		token_move(&auth->token, &token);
	}
	token_release(&token);
	discovery_release(&d);
	return status;
}

/*
 * The server allows a token no leeway: one that is valid from a moment of its
 * issuer's clock on is not sent before, if that is near.
 */
static void
wait_until_valid(const struct auth *auth)
{
	int64_t from = token_claim_time(auth->token.access, "nbf");
	int64_t issued = token_claim_time(auth->token.access, "iat");
	int64_t ahead = (from > issued ? from : issued) - clock_now().sec;

	if (ahead > 0 && ahead <= AHEAD_MAX_S)
		signals_sleep(ahead * 1000 / auth->oauth.haste);
}

/*
 * Under the lock: another process's, a renewed one, or a login. `stale` is what
 * will not do any more, or NULL.
 */
static enum status
obtain_locked(struct auth *auth, const char *stale)
{
	enum status status = EXIT_DENIED;

	if (tokencache_load(&auth->cache, &auth->token) &&
	    (stale == NULL || strcmp(auth->token.access, stale) != 0) &&
	    token_is_fresh(&auth->token, clock_now().sec))
		return EXIT_DONE;
	if (auth->token.refresh != NULL)
		status = flow_refresh(&auth->oauth, &auth->token);
	if (status == EXIT_DENIED) {
		token_release(&auth->token);
		tokencache_drop(&auth->cache);
		status = log_in(auth);
		if (status == EXIT_DONE)
			wait_until_valid(auth);
	}
	if (status == EXIT_DONE)
		tokencache_save(&auth->cache, &auth->token);
	return status;
}

/* Another token than the present one, if there is one. */
static enum status
obtain(struct auth *auth)
{
	char *stale = auth->token.access ? xstrdup(auth->token.access) : NULL;
	int64_t limit = auth->config->pkce_ms;
	enum status status;

	if (auth->flow == FLOW_COMMAND) {
		status = run_command(auth);
	} else {
		if (auth->flow == FLOW_DEVICE)
			limit = auth->config->device_ms;
		tokencache_lock(&auth->cache, limit + LOCK_SPARE_MS);
		status = obtain_locked(auth, stale);
		tokencache_unlock(&auth->cache);
	}
	if (stale != NULL)
		explicit_bzero(stale, strlen(stale));
	free(stale);
	return status;
}

/* What can be had without asking the server whether it wants a token. */
static enum status
prepare(struct auth *auth)
{
	enum status status = EXIT_DONE;

	if (auth->config->proxy_command.n > 0 &&
	    auth->oauth.proxy_line == NULL)
		status = run_proxy_command(auth);
	if (status != EXIT_DONE || auth->loaded)
		return status;
	auth->loaded = true;
	if (auth->flow == FLOW_COMMAND)
		return run_command(auth);
	tokencache_load(&auth->cache, &auth->token);
	return EXIT_DONE;
}

/* Keeps why there is no token, for all the requests that wait for one. */
static enum status
settle(struct auth *auth, enum status status)
{
	auth->status = status;
	if (status != EXIT_DONE)
		auth->failed_ms = clock_monotonic_ms();
	return status;
}

/*
 * What is refused stays so. An outage may end while a run is watched: then
 * there is another attempt, but not one for each request.
 */
static bool
is_settled(const struct auth *auth)
{
	return auth->status != EXIT_DONE && (auth->status != EXIT_NETWORK ||
	    clock_monotonic_ms() - auth->failed_ms <
	    RETRY_MS / auth->oauth.haste);
}

static bool
give_headers(void *arg, struct strvec *lines)
{
	struct auth *auth = arg;
	const struct config *c = auth->config;
	const struct token *token = &auth->token;

	if (is_settled(auth) || settle(auth, prepare(auth)) != EXIT_DONE)
		return false;
	if (token->access != NULL &&
	    !token_is_fresh(token, clock_now().sec) &&
	    settle(auth, obtain(auth)) != EXIT_DONE)
		return false;
	if (auth->oauth.proxy_line != NULL)
		strvec_push(lines, auth->oauth.proxy_line);
	if (token->access == NULL)
		return true;
	if (c->authorization_header != NULL) {
		strvec_pushf(lines, "%s: Bearer %s", c->authorization_header,
		    token->access);
		return true;
	}
	strvec_pushf(lines, "Authorization: Bearer %s", token->access);
	/* Survives a proxy that eats the other. */
	if (token->header != NULL &&
	    strcasecmp(token->header, "authorization") != 0)
		strvec_pushf(lines, "%s: Bearer %s", token->header,
		    token->access);
	return true;
}

static bool
lacks_scope(const struct answer *answer)
{
	return answer->message != NULL &&
	    strstr(answer->message, "required scope") != NULL;
}

bool
auth_is_wanted(const struct http_response *res)
{
	struct answer answer;
	bool wanted;

	if (res->fault != HTTP_FINE || res->status != 401)
		return false;
	answer_read(&answer, res);
	wanted = answer.kind == ANSWER_STATUS &&
	    answer.code == UNAUTHENTICATED && !lacks_scope(&answer);
	answer_release(&answer);
	return wanted;
}

/* True even if it fails: then give_headers fails, and nothing is said twice. */
static bool
renew(void *arg, const struct http_response *refusal)
{
	struct auth *auth = arg;
	struct answer answer;
	bool of_flyte;

	if (auth_is_wanted(refusal)) {
		detail("'%s' wants a token", auth->origin);
		settle(auth, obtain(auth));
		return true;
	}
	answer_read(&answer, refusal);
	of_flyte = answer.kind == ANSWER_STATUS;
	answer_release(&answer);
	/* A proxy's 401: what may help is a new token of a program's. */
	if (of_flyte)
		return false;
	if (auth->config->proxy_command.n > 0)
		settle(auth, run_proxy_command(auth));
	else if (auth->flow == FLOW_COMMAND)
		settle(auth, run_command(auth));
	else
		return false;
	return true;
}

struct auth *
auth_open(const struct config *config, const char *origin, struct http *http,
    const struct http_settings *settings)
{
	struct auth *auth = xcalloc(1, sizeof(*auth));
	struct http_bearer bearer = { give_headers, renew, auth, origin };
	struct http_settings own = *settings;

	auth->config = config;
	auth->origin = origin;
	auth->flow = config_flow(config);
	auth->http = http;
	auth->oauth.http = http;
	if (config->oauth_proxy != NULL) {
		own.proxy = config->oauth_proxy;
		auth->oauth.http = http_open(&own);
	}
	auth->oauth.config = config;
	auth->oauth.origin = origin;
	auth->oauth.haste = own.haste > 0 ? own.haste : 1;
	/* Who logs in by a browser does so as the cluster's public client. */
	tokencache_open(&auth->cache, origin, config_flow_name(auth->flow),
	    auth->flow == FLOW_CLIENT_SECRET ? config->client_id : "");
	http_set_bearer(http, &bearer);
	return auth;
}

void
auth_close(struct auth *auth)
{
	if (auth == NULL)
		return;
	http_set_bearer(auth->http, NULL);
	if (auth->oauth.http != auth->http)
		http_close(auth->oauth.http);
	if (auth->oauth.proxy_line != NULL)
		explicit_bzero(auth->oauth.proxy_line,
		    strlen(auth->oauth.proxy_line));
	free(auth->oauth.proxy_line);
	tokencache_close(&auth->cache);
	token_release(&auth->token);
	free(auth);
}

void
auth_explain(const struct auth *auth, const struct http_response *res)
{
	struct strbuf says = STRBUF_INIT;
	struct answer answer;

	if (res->fault != HTTP_FINE || res->status != 401)
		return;
	answer_read(&answer, res);
	if (answer.kind != ANSWER_STATUS)
		hint("that is no answer of Flyte's, but of a proxy in front "
		    "of it, which wants a login of its own: see "
		    "admin.proxyCommand");
	else if (lacks_scope(&answer))
		hint("the login is right, but has not the scope that is "
		    "needed: ask who runs the cluster, or set admin.scopes");
	answer_release(&answer);
	if (auth->token.access == NULL)
		return;
	token_describe(&says, auth->token.access);
	if (says.len > 0)
		hint("the token that was sent says: %s", says.buf);
	strbuf_release(&says);
}

void
auth_describe(const struct auth *auth, struct strbuf *sb)
{
	struct instant expires = { auth->token.expires, 0 };

	if (auth->token.access == NULL)
		return;
	strbuf_addstr(sb, config_flow_name(auth->flow));
	if (auth->flow == FLOW_CLIENT_SECRET)
		strbuf_addf(sb, ", client '%s'", auth->config->client_id);
	if (expires.sec > 0) {
		strbuf_addstr(sb, ", expires ");
		instant_print(sb, expires);
	}
}
