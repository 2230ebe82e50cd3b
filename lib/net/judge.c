/*
 * What comes before an attempt and what follows from it: the dry run, the
 * bearer and its renewal, redirects, and whether it is worth another attempt.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/net/answer.h"
#include "lib/net/client.h"
#include "lib/net/redact.h"
#include "lib/net/request.h"
#include "lib/net/retry.h"
#include "lib/net/url.h"

/*
 * What nobody ever answered is more often a wrong address than an outage: as
 * many repetitions as a lost packet needs.
 */
enum { UNHEARD_RETRIES = 2, ANEW_MOST = 3 };

void
http_set_bearer(struct http *h, const struct http_bearer *bearer)
{
	free(h->bearer_origin);
	h->bearer_origin = NULL;
	memset(&h->bearer, 0, sizeof(h->bearer));
	if (!bearer)
		return;
	h->bearer = *bearer;
	h->bearer.origin = h->bearer_origin = xstrdup(bearer->origin);
}

void
client_refuse(struct transfer *t, enum http_fault fault, char *problem,
    const char *next_step)
{
	free(t->res->problem);
	free(t->res->next_step);
	t->res->fault = fault;
	t->res->problem = problem;
	t->res->next_step = next_step ? xstrdup(next_step) : NULL;
}

static char *
shown(const struct transfer *t, const char *url)
{
	struct strbuf sb = STRBUF_INIT;

	redact_url(&sb, url, t->req.auth == HTTP_AUTH_SIGNED);
	return strbuf_detach(&sb);
}

void
client_say_request(const struct transfer *t)
{
	char *url;

	if (err_verbosity() < VERBOSE)
		return;
	url = shown(t, t->url);
	if (t->asked_from > 0)
		detail("> %s %s from byte %lld", request_method(&t->req), url,
		    (long long)t->asked_from);
	else
		detail("> %s %s", request_method(&t->req), url);
	free(url);
}

/* `< 503 GET URL, 12 ms, 30 bytes; again in 0.5s` */
static void
say_answer(const struct transfer *t, const char *then, int64_t delay)
{
	int64_t ms = clock_monotonic_ms() - t->attempt_began;
	struct strbuf sb = STRBUF_INIT;
	char *url;

	if (err_verbosity() < VERBOSE)
		return;
	url = shown(t, t->url);
	if (t->res->status != 0)
		strbuf_addf(&sb, "< %d", t->res->status);
	else
		strbuf_addstr(&sb, "< none");
	strbuf_addf(&sb, " %s %s, %lld ms, %lld bytes",
	    request_method(&t->req), url, (long long)ms,
	    (long long)t->moved);
	if (t->res->fault != HTTP_FINE && t->res->problem)
		strbuf_addf(&sb, "; %s", t->res->problem);
	strbuf_addstr(&sb, then);
	if (delay >= 0)
		elapsed_print(&sb, delay);
	detail("%s", sb.buf);
	strbuf_release(&sb);
	free(url);
}

static bool
check_url(struct http *h, struct transfer *t)
{
	const char *why = NULL;
	struct url url;
	char *at;

	if (url_parse(t->url, &url, &why) && url.has_user)
		why = "a user and password in it are not sent";
	if (!why && t->req.auth == HTTP_AUTH_BEARER && h->bearer.headers &&
	    !url_same_origin(t->url, h->bearer.origin))
		why = "it is not where the token goes";
	if (!why && url.tls && h->set.skip_verify && !h->told) {
		h->told = true;
		warning("the certificate of %s is not verified, as the "
		    "configuration says", url.host);
	}
	url_release(&url);
	if (!why)
		return true;
	at = shown(t, t->url);
	client_refuse(t, HTTP_BAD_URL, xasprintf("bad URL '%s': %s", at, why),
	    NULL);
	free(at);
	return false;
}

static bool
is_dry(const struct http *h, const struct transfer *t)
{
	return h->set.dry_run && t->req.method != HTTP_GET &&
	    !t->req.harmless;
}

static void
would_send(const struct http *h, struct transfer *t)
{
	char *url = shown(t, t->url);

	if (h->set.would_send)
		h->set.would_send(h->set.arg, &t->req);
	client_refuse(t, HTTP_NOT_SENT, xasprintf("%s %s is not sent in a "
	    "dry run", request_method(&t->req), url), NULL);
	free(url);
}

static bool
ask_bearer(struct http *h, struct transfer *t)
{
	bool fine;

	if (t->req.auth != HTTP_AUTH_BEARER || !h->bearer.headers)
		return true;
	if (!h->no_token) {
		h->in_bearer = true;
		fine = h->bearer.headers(h->bearer.arg, &h->lines);
		h->in_bearer = false;
		h->no_token = !fine;
	}
	t->renewals = h->renewals;
	if (h->no_token)
		client_refuse(t, HTTP_NO_TOKEN, xstrdup("there is no token"),
		    NULL);
	return !h->no_token;
}

bool
client_may_start(struct http *h, struct transfer *t)
{
	strvec_release(&h->lines);
	if (!check_url(h, t))
		return false;
	if (is_dry(h, t)) {
		would_send(h, t);
		return false;
	}
	return ask_bearer(h, t);
}

/* One renewal serves all that were sent with what it replaces. */
static bool
renew(struct http *h, struct transfer *t)
{
	if (t->res->fault != HTTP_FINE || t->res->status != 401 ||
	    t->req.auth != HTTP_AUTH_BEARER || !h->bearer.renew || t->renewed)
		return false;
	if (t->renewals == h->renewals) {
		h->in_bearer = true;
		h->renewed = h->bearer.renew(h->bearer.arg, t->res);
		h->in_bearer = false;
		h->renewals++;
	}
	t->renewed = true;
	return h->renewed;
}

static bool
is_redirect(const struct http_response *res)
{
	return res->fault == HTTP_FINE && (res->status == 301 ||
	    res->status == 302 || res->status == 303 || res->status == 307 ||
	    res->status == 308);
}

/* True if it goes on at another URL of the same origin. */
static bool
follow(struct transfer *t)
{
	struct strbuf to = STRBUF_INIT;
	const char *why = NULL;
	char *from, *where;

	if (!t->res->location ||
	    !url_resolve(&to, t->url, t->res->location))
		why = "to no URL";
	else if (t->req.method != HTTP_GET)
		why = "which is not followed for a write";
	else if (!url_same_origin(t->url, to.buf))
		why = "which is another server";
	else if (++t->redirects > HTTP_REDIRECTS)
		why = "and so on, in circles";
	if (!why) {
		free(t->url);
		t->url = strbuf_detach(&to);
		return true;
	}
	from = shown(t, t->url);
	where = shown(t, to.len > 0 ? to.buf : "nowhere");
	client_refuse(t, HTTP_REDIRECT, xasprintf("'%s' redirects to '%s', "
	    "%s", from, where, why), "is the endpoint spelled as the server "
	    "wants it (https://)?");
	free(from);
	free(where);
	strbuf_release(&to);
	return false;
}

static enum retry_verdict
verdict(const struct transfer *t, bool sent)
{
	enum retry_verdict v;
	struct retry_case c;
	struct answer a;

	/* What a success says is the caller's to read: it may be long. */
	if (t->res->fault == HTTP_FINE && t->res->status < 300)
		return RETRY_NOT;
	answer_read(&a, t->res);
	c.retry = t->req.retry;
	c.fault = t->res->fault;
	c.sent = sent;
	c.status = t->res->status;
	c.code = a.code;
	c.name = a.name;
	c.message = a.message;
	v = retry_judge(&c);
	answer_release(&a);
	return v;
}

static int64_t
retry_limit(const struct transfer *t)
{
	if (t->req.retry_ms > 0)
		return t->req.retry_ms / t->settings->haste + 1;
	return t->req.retry_ms < 0 ? -1 : t->settings->retry_ms;
}

/*
 * Since when there is nobody there. An outage is waited for once, not by each
 * of the thousand requests that are queued.
 */
static void
note_silence(struct http *h, const struct transfer *t)
{
	if (t->res->status != 0) {
		h->heard = true;
		h->silent = false;
	} else if (!h->silent) {
		h->silent = true;
		h->silent_from = clock_monotonic_ms();
	}
}

/* When it is sent again; -1: no more. */
static int64_t
next_attempt(const struct http *h, struct transfer *t, bool sent)
{
	enum retry_verdict v = verdict(t, sent);
	int64_t now = clock_monotonic_ms(), limit = retry_limit(t), delay;
	int64_t from;

	if (v == RETRY_NOT || (v == RETRY_ONCE && t->once_spent) ||
	    !transfer_can_repeat(t))
		return -1;
	/* Bytes by the dozen, cut and cut again, are no progress. */
	if (t->res->received > t->most + t->settings->stall_bytes) {
		t->most = t->res->received;
		t->patient_from = now;
		t->failures = 0;
	}
	t->failures++;
	if (!h->heard && t->req.retry_ms == 0 &&
	    t->failures > UNHEARD_RETRIES)
		return -1;
	delay = retry_delay(t->failures, arc4random(), t->res->retry_after);
	delay = delay / t->settings->haste + (delay > 0);
	from = t->patient_from;
	if (h->silent && h->silent_from < from)
		from = h->silent_from;
	if (now + delay - from > limit)
		return -1;
	if (v == RETRY_ONCE)
		t->once_spent = true;
	return now + delay;
}

/* The thing changed between two attempts: all of it once more. */
static bool
anew(struct transfer *t)
{
	if (!t->begin_anew || ++t->anews > ANEW_MOST)
		return false;
	free(t->thing_etag);
	t->thing_etag = NULL;
	t->thing_total = -1;
	t->req.range_from = 0;
	return receive_anew(t);
}

static void
forget_fault(struct transfer *t)
{
	client_refuse(t, HTTP_FINE, NULL, NULL);
}

void
client_judge(struct http *h, struct transfer *t, bool sent)
{
	int64_t due, now;

	note_silence(h, t);
	if (t->begin_anew) {
		if (anew(t)) {
			say_answer(t, "; it changed, all once more", -1);
			forget_fault(t);
			client_again(h, t, 0);
			return;
		}
		client_refuse(t, t->known != HTTP_FINE ? t->known : HTTP_CUT,
		    t->known_problem ? t->known_problem : xstrdup("what is "
		    "being received changes all the time"), NULL);
		t->known_problem = NULL;
	} else if (renew(h, t)) {
		say_answer(t, "; again with a new token", -1);
		client_again(h, t, 0);
		return;
	} else if (is_redirect(t->res)) {
		if (follow(t)) {
			say_answer(t, "; a redirect", -1);
			client_again(h, t, 0);
			return;
		}
	} else {
		due = next_attempt(h, t, sent);
		now = clock_monotonic_ms();
		if (due >= 0) {
			say_answer(t, "; again in ", due - now);
			forget_fault(t);
			client_again(h, t, due);
			return;
		}
	}
	say_answer(t, "", -1);
	client_finish(h, t);
}
