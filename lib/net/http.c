/*
 * The client: which requests wait, which are under way, and what becomes of
 * each when an attempt is over. libcurl does the transfers (transfer.c); what
 * follows from one that ended is in judge.c.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/net/client.h"

enum { QUEUE_FACTOR = 4, POLL_MS = 200, SLEEP_MOST_MS = 1000 };

void
http_settings_init(struct http_settings *s)
{
	const char *haste = getenv("UNIONML_TEST_HASTE"), *bad = NULL;

	memset(s, 0, sizeof(*s));
	s->user_agent = "unionml/" UNIONML_VERSION;
	s->parallel = HTTP_PARALLEL;
	s->connect_ms = HTTP_CONNECT_MS;
	s->stall_ms = HTTP_STALL_MS;
	s->stall_bytes = HTTP_STALL_BYTES;
	s->attempt_ms = HTTP_ATTEMPT_MS;
	s->retry_ms = HTTP_RETRY_MS;
	s->haste = haste ? (int)strtonum(haste, 1, 1000000, &bad) : 1;
	if (bad)
		s->haste = 1;
}

static char *
copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static int64_t
hasten(int64_t ms, int haste)
{
	return ms > haste ? ms / haste : ms > 0;
}

struct http *
http_open(const struct http_settings *s)
{
	struct http *h = xcalloc(1, sizeof(*h));

	h->set = *s;
	h->set.ca_file = h->ca_file = copy(s->ca_file);
	h->set.proxy = h->proxy = copy(s->proxy);
	h->set.user_agent = h->user_agent = copy(s->user_agent);
	if (h->set.haste < 1)
		h->set.haste = 1;
	if (h->set.parallel < 1)
		h->set.parallel = 1;
	h->set.connect_ms = hasten(s->connect_ms, h->set.haste);
	h->set.stall_ms = hasten(s->stall_ms, h->set.haste);
	h->set.attempt_ms = hasten(s->attempt_ms, h->set.haste);
	h->set.retry_ms = hasten(s->retry_ms, h->set.haste);
	h->running = xcalloc((size_t)h->set.parallel, sizeof(*h->running));
	h->spare = xcalloc((size_t)h->set.parallel, sizeof(CURL *));
	h->ready_tail = &h->ready;
	strvec_init(&h->lines);
	return h;
}

void
http_close(struct http *h)
{
	if (!h)
		return;
	http_cancel(h);
	http_close(h->inner);
	while (h->n_spare > 0)
		h->curl->easy_cleanup(h->spare[--h->n_spare]);
	if (h->multi)
		h->curl->multi_cleanup(h->multi);
	http_set_bearer(h, NULL);
	strvec_release(&h->lines);
	free(h->no_library);
	free(h->running);
	free(h->spare);
	free(h->ca_file);
	free(h->proxy);
	free(h->user_agent);
	free(h);
}

void
http_set_dry_run(struct http *h, bool dry_run)
{
	h->set.dry_run = dry_run;
}

static void
enqueue(struct http *h, struct transfer *t)
{
	t->next = NULL;
	*h->ready_tail = t;
	h->ready_tail = &t->next;
}

static struct transfer *
dequeue(struct http *h)
{
	struct transfer *t = h->ready;

	h->ready = t->next;
	if (!h->ready)
		h->ready_tail = &h->ready;
	return t;
}

void
client_again(struct http *h, struct transfer *t, int64_t due)
{
	t->due = due;
	if (due <= clock_monotonic_ms()) {
		enqueue(h, t);
		return;
	}
	t->next = h->waiting;
	h->waiting = t;
}

/* Those whose time has come; gives when the next one's does, or -1. */
static int64_t
wake(struct http *h, int64_t now)
{
	struct transfer **p = &h->waiting, *t;
	int64_t next = -1;

	while ((t = *p) != NULL) {
		if (t->due <= now) {
			*p = t->next;
			enqueue(h, t);
			continue;
		}
		if (next < 0 || t->due < next)
			next = t->due;
		p = &t->next;
	}
	return next;
}

void
client_finish(struct http *h, struct transfer *t)
{
	t->res->ms = t->began < 0 ? 0 : clock_monotonic_ms() - t->began;
	h->pending--;
	if (!t->done) {
		t->ended = true;
		return;
	}
	h->in_done++;
	t->done(t->done_arg, t->res);
	h->in_done--;
	transfer_free(t);
}

static bool
load(struct http *h)
{
	if (h->multi)
		return true;
	if (!h->no_library)
		h->curl = curltable_get(&h->no_library);
	if (!h->curl)
		return false;
	h->multi = h->curl->multi_init();
	if (!h->multi)
		BUG("curl_multi_init failed");
	h->curl->multi_setopt(h->multi, CURLMOPT_MAXCONNECTS,
	    (long)h->set.parallel * 2);
	return true;
}

/* Starts it, or ends it where that cannot be. */
static void
start(struct http *h, struct transfer *t)
{
	CURL *easy;

	if (!client_may_start(h, t) || !load(h)) {
		if (t->res->fault == HTTP_FINE)
			client_refuse(t, HTTP_NO_LIBRARY,
			    xstrdup(h->no_library),
			    "it is in Debian's package libcurl4");
		client_finish(h, t);
		return;
	}
	easy = h->n_spare > 0 ? h->spare[--h->n_spare] : h->curl->easy_init();
	if (!easy)
		BUG("curl_easy_init failed");
	if (t->began < 0)
		t->began = t->patient_from = clock_monotonic_ms();
	if (!transfer_begin(t, h->curl, easy, &h->lines,
	    clock_monotonic_ms()))
		BUG("libcurl refuses a URL that was let through");
	client_say_request(t);
	h->running[h->n_running++] = t;
	if (h->curl->multi_add_handle(h->multi, easy) != CURLM_OK)
		BUG("curl_multi_add_handle failed");
}

/* Takes the i-th that is running off the wire. */
static void
settle(struct http *h, int i)
{
	struct transfer *t = h->running[i];
	bool sent;

	h->curl->multi_remove_handle(h->multi, t->easy);
	h->running[i] = h->running[--h->n_running];
	transfer_end(t, h->curl);
	sent = transfer_was_sent(t, h->curl);
	h->spare[h->n_spare++] = t->easy;
	t->easy = NULL;
	client_judge(h, t, sent);
}

static int
find_running(const struct http *h, const CURL *easy)
{
	int i;

	for (i = 0; i < h->n_running; i++)
		if (h->running[i]->easy == easy)
			return i;
	BUG("libcurl ends what was never begun");
}

/* Ends what libcurl says has ended, and what moves too little. */
static bool
harvest(struct http *h)
{
	int64_t now = clock_monotonic_ms();
	bool any = false;
	CURLMsg *msg;
	CURL *easy;
	int i, left;

	while ((msg = h->curl->multi_info_read(h->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		easy = msg->easy_handle;
		i = find_running(h, easy);
		h->running[i]->code = msg->data.result;
		settle(h, i);
		any = true;
	}
	for (i = h->n_running - 1; i >= 0; i--)
		if (i < h->n_running &&
		    transfer_is_stalled(h->running[i], now)) {
			h->running[i]->code = CURLE_OPERATION_TIMEDOUT;
			settle(h, i);
			any = true;
		}
	return any;
}

/* Sleeps until something comes, at most until `next`. */
static void
rest(struct http *h, int64_t next)
{
	int64_t now = clock_monotonic_ms(), ms = SLEEP_MOST_MS;
	struct timespec ts;

	if (h->set.stop)
		ms = POLL_MS;
	if (ms > h->set.stall_ms)
		ms = h->set.stall_ms;
	if (next >= 0 && next - now < ms)
		ms = next > now ? next - now : 0;
	if (h->multi) {
		h->curl->multi_poll(h->multi, NULL, 0, (int)ms, NULL);
		return;
	}
	ts.tv_sec = ms / 1000;
	ts.tv_nsec = ms % 1000 * 1000000;
	nanosleep(&ts, NULL);
}

static void
start_ready(struct http *h)
{
	while (h->ready && h->n_running < h->set.parallel)
		start(h, dequeue(h));
}

static void
step(struct http *h)
{
	int64_t next;
	int running;

	if (h->set.stop && h->set.stop(h->set.arg)) {
		http_cancel(h);
		return;
	}
	next = wake(h, clock_monotonic_ms());
	start_ready(h);
	if (h->n_running == 0) {
		if (next >= 0 && !h->ready)
			rest(h, next);
		return;
	}
	h->curl->multi_perform(h->multi, &running);
	if (!harvest(h))
		rest(h, next);
}

void
http_cancel(struct http *h)
{
	struct transfer *t, *all = NULL;

	while (h->n_running > 0) {
		t = h->running[--h->n_running];
		h->curl->multi_remove_handle(h->multi, t->easy);
		t->known = HTTP_STOPPED;
		transfer_end(t, h->curl);
		h->spare[h->n_spare++] = t->easy;
		t->easy = NULL;
		t->next = all;
		all = t;
	}
	wake(h, INT64_MAX);
	*h->ready_tail = all;
	all = h->ready;
	h->ready = NULL;
	h->ready_tail = &h->ready;
	while ((t = all) != NULL) {
		all = t->next;
		client_refuse(t, HTTP_STOPPED, xstrdup("broken off"), NULL);
		client_finish(h, t);
	}
}

static struct transfer *
add(struct http *h, const struct http_request *req,
    struct http_response *res)
{
	struct transfer *t = transfer_new(&h->set, req, res);

	if (h->pending++ == 0)
		h->no_token = false;
	enqueue(h, t);
	return t;
}

void
http_add(struct http *h, const struct http_request *req,
    void (*done)(void *arg, struct http_response *res), void *arg)
{
	struct transfer *t = add(h, req, NULL);

	t->done = done;
	t->done_arg = arg;
	while (h->in_done == 0 &&
	    h->pending > (size_t)h->set.parallel * QUEUE_FACTOR)
		step(h);
}

void
http_run(struct http *h)
{
	if (h->in_done > 0)
		BUG("http_run within a 'done'");
	while (h->pending > 0)
		step(h);
}

void
http_start(struct http *h)
{
	int running;

	if (h->in_done > 0)
		BUG("http_start within a 'done'");
	start_ready(h);
	if (h->n_running > 0)
		h->curl->multi_perform(h->multi, &running);
}

bool
http_call(struct http *h, const struct http_request *req,
    struct http_response *res)
{
	struct transfer *t;

	if (h->in_bearer) {
		if (!h->inner) {
			h->inner = http_open(&h->set);
			h->inner->set = h->set;
			h->inner->told = true;
		}
		return http_call(h->inner, req, res);
	}
	if (h->in_done > 0)
		BUG("http_call within a 'done'");
	http_response_release(res);
	t = add(h, req, res);
	while (!t->ended)
		step(h);
	transfer_free(t);
	return res->fault == HTTP_FINE;
}
