/*
 * A login by a browser on any machine: RFC 8628. The user types a code there,
 * and here the token endpoint is asked now and then.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/login/config.h"
#include "lib/flyte/login/flows.h"
#include "lib/flyte/login/oauth.h"
#include "lib/flyte/login/token.h"
#include "lib/net/url.h"
#include "lib/text/jsonio.h"

enum { SLOW_DOWN_MS = 5000, INTERVAL_MAX_S = 3600 };

static const char grant[] = "urn:ietf:params:oauth:grant-type:device_code";

static const char *
text_of(const struct json *map, const char *name)
{
	const struct json *value = json_find(map, name);

	return value != NULL && value->kind == JSON_TEXT ? value->text : "";
}

/* Seconds of a member that is a sensible number, in ms; else `preset`. */
static int64_t
span_of(const struct json *map, const char *name, int64_t preset)
{
	const struct json *value = json_find(map, name);

	if (value == NULL || value->kind != JSON_INT || value->integer <= 0)
		return preset;
	return (value->integer < INTERVAL_MAX_S ? value->integer :
	    INTERVAL_MAX_S) * 1000;
}

static enum status
ask_for_code(struct oauth *oauth, const struct discovery *d,
    struct oauth_reply *reply)
{
	const struct config *c = oauth->config;
	const char *audience = c->audience;
	struct strbuf form = STRBUF_INIT;
	enum status status;

	url_add_form(&form, "client_id", d->client_id);
	flow_add_scopes(&form, d->scopes.v, d->scopes.n);
	if (audience == NULL && c->audience_from_admin)
		audience = d->audience;
	if (audience != NULL && *audience != '\0')
		url_add_form(&form, "audience", audience);
	oauth_post(oauth, d->device_url, &form, NULL, HTTP_RETRY_WRITE, reply);
	status = http_exit_status(&reply->res);
	if (status != EXIT_DONE)
		status = oauth_report(oauth, d->device_url, reply,
		    "cannot begin to log in: ");
	else if (*text_of(reply->json, "device_code") == '\0' ||
	    *text_of(reply->json, "verification_uri") == '\0')
		status = error(EXIT_NETWORK, "'%s' answered without a device "
		    "code", d->device_url);
	strbuf_release(&form);
	return status;
}

/* Said with --quiet, too: without it nobody can log in. */
static void
invite(const struct json *answer)
{
	const char *whole = text_of(answer, "verification_uri_complete");
	struct strbuf line = STRBUF_INIT;

	strbuf_addf(&line, "open this in a browser to log in:\n  %s",
	    *whole != '\0' ? whole : text_of(answer, "verification_uri"));
	err_line(line.buf, line.len);
	hint("%s %s", *whole != '\0' ? "it shows the code" : "and type the "
	    "code", text_of(answer, "user_code"));
	strbuf_release(&line);
}

/* One question. EXIT_PENDING: ask again. */
static enum status
poll_once(struct oauth *oauth, const struct discovery *d,
    const struct strbuf *form, int64_t *interval_ms, struct token *token)
{
	struct oauth_reply reply;
	enum status status;

	oauth_post(oauth, d->token_url, form, NULL, HTTP_RETRY_NEVER, &reply);
	status = http_exit_status(&reply.res);
	if (status == EXIT_DONE) {
		status = oauth_take_token(d->token_url, &reply, token);
	} else if (strcmp(reply.error, "authorization_pending") == 0) {
		status = EXIT_PENDING;
	} else if (strcmp(reply.error, "slow_down") == 0) {
		*interval_ms += SLOW_DOWN_MS;
		status = EXIT_PENDING;
	} else if (status == EXIT_NETWORK && reply.res.fault != HTTP_STOPPED) {
		/* Section 3.5: a lost answer is a reason to ask less often. */
		*interval_ms *= 2;
		status = EXIT_PENDING;
	} else {
		status = oauth_report(oauth, d->token_url, &reply,
		    "the login was refused: ");
	}
	oauth_reply_release(&reply);
	return status;
}

static enum status
wait_for(struct oauth *oauth, const struct discovery *d,
    const struct json *answer, struct token *token)
{
	const struct config *c = oauth->config;
	int64_t interval = span_of(answer, "interval", c->device_interval_ms);
	int64_t limit = span_of(answer, "expires_in", c->device_ms);
	int64_t start = clock_monotonic_ms();
	struct strbuf form = STRBUF_INIT;
	enum status status = EXIT_PENDING;

	if (limit > c->device_ms)
		limit = c->device_ms;
	url_add_form(&form, "client_id", d->client_id);
	url_add_form(&form, "grant_type", grant);
	url_add_form(&form, "device_code", text_of(answer, "device_code"));
	while (status == EXIT_PENDING) {
		signals_sleep(interval / oauth->haste);
		if (signals_caught() != 0)
			status = error(EXIT_DENIED, "the login was broken "
			    "off");
		else if (clock_monotonic_ms() - start >= limit)
			status = error(EXIT_DENIED, "nobody logged in within "
			    "%lld s", (long long)limit / 1000);
		else
			status = poll_once(oauth, d, &form, &interval, token);
	}
	explicit_bzero(form.buf, form.len);
	strbuf_release(&form);
	return status;
}

enum status
flow_device(struct oauth *oauth, const struct discovery *d,
    struct token *token)
{
	struct oauth_reply reply;
	enum status status;

	if (*d->device_url == '\0') {
		error(EXIT_DENIED, "'%s' offers no login by a device code",
		    oauth->origin);
		hint("FlyteAdmin's own authorization server has none: use "
		    "authType Pkce, or ClientSecret");
		return EXIT_DENIED;
	}
	status = oauth_check_url(oauth, "the cluster's token_endpoint",
	    d->token_url);
	if (status == EXIT_DONE)
		status = oauth_check_url(oauth, "the cluster's "
		    "device_authorization_endpoint", d->device_url);
	if (status != EXIT_DONE)
		return status;
	status = ask_for_code(oauth, d, &reply);
	if (status == EXIT_DONE) {
		invite(reply.json);
		status = wait_for(oauth, d, reply.json, token);
	}
	oauth_reply_release(&reply);
	return status;
}
