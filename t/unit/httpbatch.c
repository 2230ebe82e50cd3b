/* Many requests at a time, the bearer and its renewal, dry runs, secrets. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strvec.h"
#include "t/unit/faulty.h"
#include "t/unit/tap.h"

enum { MANY = 300 };

static struct faulty server;
static struct http_settings set;
static char log_path[] = "/tmp/unionml-httpbatch-XXXXXX";

struct batch {
	struct http *http;
	int seen[MANY], ended, bad, most;
};

struct item {
	struct batch *batch;
	int number;
};

static void
done(void *arg, struct http_response *res)
{
	struct item *item = arg;
	struct batch *b = item->batch;

	b->seen[item->number]++;
	b->ended++;
	if (res->fault != HTTP_FINE || res->status != 200 ||
	    res->body.len != (size_t)item->number)
		b->bad++;
}

/* Of each ten, one is cut, one reset, one refused at first. */
static const char *
mixed(int i)
{
	static const char *const faults[] = { "cut:0,ok", "reset,ok",
		"status:503,ok", "later:429:1,ok" };

	return i % 10 < 4 ? faults[i % 10] : "ok";
}

static void
test_many(void)
{
	static struct item items[MANY];
	struct batch b;
	struct http_request req;
	int i, once = 0;

	memset(&b, 0, sizeof(b));
	b.http = http_open(&set);
	for (i = 0; i < MANY; i++) {
		items[i].batch = &b;
		items[i].number = i;
		http_request_init(&req, HTTP_GET, faulty_url(&server,
		    "/many%d/%s/%d", i, mixed(i), i));
		http_add(b.http, &req, done, &items[i]);
		if (i + 1 - b.ended > b.most)
			b.most = i + 1 - b.ended;
	}
	http_run(b.http);
	for (i = 0; i < MANY; i++)
		once += b.seen[i] == 1;
	is_int(once, MANY, "each ends once");
	is_int(b.bad, 0, "with its own answer");
	ok(b.most <= HTTP_PARALLEL * 4, "few are held at a time: %d", b.most);
	http_close(b.http);
}

/* A chain: each that ends adds the next. */
static void
chain(void *arg, struct http_response *res)
{
	struct item *item = arg;
	struct http_request req;

	item->batch->bad += res->fault != HTTP_FINE;
	item->batch->ended++;
	if (++item->number >= 50)
		return;
	http_request_init(&req, HTTP_GET, faulty_url(&server, "/chain/ok/9"));
	http_add(item->batch->http, &req, chain, item);
}

static void
test_chain(void)
{
	struct batch b;
	struct item item = { &b, 0 };
	struct http_request req;
	struct http_response res;

	memset(&b, 0, sizeof(b));
	b.http = http_open(&set);
	http_request_init(&req, HTTP_GET, faulty_url(&server, "/chain/ok/9"));
	http_add(b.http, &req, chain, &item);
	http_run(b.http);
	is_int(b.ended, 50, "what a 'done' adds is sent, too");
	is_int(b.bad, 0, "and answered");
	http_response_init(&res);
	http_add(b.http, &req, chain, &item);
	ok(http_call(b.http, &req, &res), "a call beside what is queued");
	http_run(b.http);
	is_int(b.ended, 51, "which ends as well");
	http_response_release(&res);
	http_close(b.http);
}

struct supplier {
	struct http *http;
	const char *token;
	int asked, renewals;
	bool fails, refuses;
};

static bool
give_headers(void *arg, struct strvec *lines)
{
	struct supplier *s = arg;

	s->asked++;
	if (s->fails)
		return false;
	if (s->token)
		strvec_pushf(lines, "Authorization: Bearer %s", s->token);
	return true;
}

/* As a login does: with a request of its own to the same server. */
static bool
renew(void *arg, const struct http_response *refusal)
{
	struct supplier *s = arg;
	struct http_request req;
	struct http_response res;

	s->renewals++;
	is_int(refusal->status, 401, "renewed for a 401");
	if (s->refuses)
		return false;
	http_response_init(&res);
	http_request_init(&req, HTTP_POST, faulty_url(&server,
	    "/login/ok/5"));
	req.auth = HTTP_AUTH_BEARER;	/* carries none: it is the login */
	ok(http_call(s->http, &req, &res), "a call within a renewal");
	http_response_release(&res);
	s->token = "SECRETfresh";
	return true;
}

static void
count_ok(void *arg, struct http_response *res)
{
	int *n = arg;

	n[res->fault == HTTP_FINE && res->status == 200 ? 0 :
	    res->status == 401 ? 1 : 2]++;
}

static void
supply(struct supplier *s, const char *token)
{
	struct http_bearer bearer = { give_headers, renew, s, NULL };

	memset(s, 0, sizeof(*s));
	s->http = http_open(&set);
	s->token = token;
	bearer.origin = faulty_url(&server, "/");
	http_set_bearer(s->http, &bearer);
}

static void
ask(struct supplier *s, const char *name, int count, int *n)
{
	struct http_request req;
	int i;

	n[0] = n[1] = n[2] = 0;
	for (i = 0; i < count; i++) {
		http_request_init(&req, HTTP_POST, faulty_url(&server,
		    "/%s/token:fresh/0", name));
		req.auth = HTTP_AUTH_BEARER;
		http_add(s->http, &req, count_ok, n);
	}
	http_run(s->http);
}

static void
test_renewal(void)
{
	struct supplier s;
	int n[3];

	supply(&s, "SECRETstale");
	ask(&s, "stale", 8, n);
	is_int(n[0], 8, "all of them pass");
	is_int(s.renewals, 1, "with one renewal");
	is_int(faulty_count(log_path, "stale"), 16, "each sent twice");
	ask(&s, "fresh", 8, n);
	is_int(n[0], 8, "and then at once");
	is_int(s.renewals, 1, "without another");
	is_int(faulty_count(log_path, "fresh"), 8, "each sent once");
	http_close(s.http);

	supply(&s, NULL);
	s.refuses = true;
	ask(&s, "refused", 8, n);
	is_int(n[1], 8, "without a new token the 401 is the answer");
	is_int(s.renewals, 1, "asked for once");
	is_int(faulty_count(log_path, "refused"), 8, "each sent once");
	ask(&s, "refused2", 1, n);
	is_int(s.renewals, 2, "a later request asks anew");
	http_close(s.http);

	supply(&s, "SECRETstale");
	s.fails = true;
	ask(&s, "failed", 8, n);
	is_int(n[2], 8, "no token, no request");
	is_int(s.asked, 1, "the supplier says so once");
	is_int(faulty_count(log_path, "failed"), 0, "none was sent");
	http_close(s.http);
}

/* The bearer goes to its origin, and neither to others nor to signed URLs. */
static void
test_elsewhere(void)
{
	const char *options[] = { "--log", log_path, "--show",
		"authorization", NULL };
	struct supplier s;
	struct strbuf sb = STRBUF_INIT;
	struct faulty other;
	struct http_request req;
	struct http_response res;

	faulty_start(&other, options);
	supply(&s, "SECRETfresh");
	http_response_init(&res);
	http_request_init(&req, HTTP_GET, faulty_url(&other, "/other/ok/1"));
	req.auth = HTTP_AUTH_BEARER;
	http_call(s.http, &req, &res);
	is_int(res.fault, HTTP_BAD_URL, "not to another origin");
	is_int(faulty_count(log_path, "other"), 0, "nor anything");
	req.url = faulty_url(&other, "/store/ok/1?X-Amz-Signature=SECRETsig");
	req.auth = HTTP_AUTH_SIGNED;
	ok(http_call(s.http, &req, &res), "a signed URL");
	req.url = faulty_url(&other, "/plain/ok/1");
	req.auth = HTTP_AUTH_NONE;
	ok(http_call(s.http, &req, &res), "one that is open");
	req.url = faulty_url(&server, "/away/redirect:302:http:||localhost:%d|"
	    "stolen|ok|1/0", other.port);
	req.auth = HTTP_AUTH_BEARER;
	http_call(s.http, &req, &res);
	is_int(res.fault, HTTP_REDIRECT, "nor by a redirect");
	is_int(faulty_count(log_path, "stolen"), 0, "which is not followed");
	read_file(log_path, &sb, 1 << 20);
	ok(!strstr(sb.buf, "authorization="), "no bearer went there");
	strbuf_release(&sb);
	http_response_release(&res);
	http_close(s.http);
	faulty_stop(&other);
}

static void
would_send(void *arg, const struct http_request *req)
{
	int *n = arg;

	n[req->method]++;
}

static void
test_dry_run(void)
{
	static const struct {
		enum http_method method;
		bool harmless;
		enum http_fault want;
	} cases[] = {
		{ HTTP_GET, false, HTTP_FINE },
		{ HTTP_POST, false, HTTP_NOT_SENT },
		{ HTTP_POST, true, HTTP_FINE },
		{ HTTP_PUT, false, HTTP_NOT_SENT },
		{ HTTP_DELETE, false, HTTP_NOT_SENT },
	};
	struct http_settings dry = set;
	struct http_request req;
	struct http_response res;
	struct http *h;
	int n[4] = { 0, 0, 0, 0 };
	size_t i;

	dry.dry_run = true;
	dry.would_send = would_send;
	dry.arg = n;
	h = http_open(&dry);
	http_response_init(&res);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		http_request_init(&req, cases[i].method, faulty_url(&server,
		    "/dry%zu/ok/1", i));
		req.harmless = cases[i].harmless;
		http_call(h, &req, &res);
		is_int(res.fault, cases[i].want, "a dry run");
		is_int(http_exit_status(&res), EXIT_DONE, "is no error");
		is_int(res.attempts, cases[i].want == HTTP_FINE, "attempts");
	}
	is_int(n[HTTP_GET], 0, "reads are not told");
	is_int(n[HTTP_POST], 1, "writes are");
	is_int(n[HTTP_PUT], 1, "PUT");
	is_int(n[HTTP_DELETE], 1, "DELETE");
	is_int(faulty_count(log_path, "dry1"), 0, "and not sent");
	http_response_release(&res);
	http_close(h);
}

/* An outage in the middle is waited for once, not by each that is queued. */
static void
test_outage(void)
{
	const char *options[] = { "--log", log_path, NULL };
	struct http_settings patient = set;
	struct faulty gone;
	struct http_request req;
	struct http_response res;
	struct http *h;
	int64_t began;
	int i, n[3] = { 0, 0, 0 };

	patient.retry_ms = 25 * 1000;	/* half a second */
	h = http_open(&patient);
	faulty_start(&gone, options);
	http_response_init(&res);
	http_request_init(&req, HTTP_GET, faulty_url(&gone, "/gone/ok/1"));
	ok(http_call(h, &req, &res), "it was there");
	faulty_stop(&gone);
	began = clock_monotonic_ms();
	for (i = 0; i < 200; i++)
		http_add(h, &req, count_ok, n);
	http_run(h);
	is_int(n[2], 200, "then it is not");
	ok(clock_monotonic_ms() - began < 5000, "all know it soon: %lld ms",
	    (long long)(clock_monotonic_ms() - began));
	ok(clock_monotonic_ms() - began > 300, "after some patience");
	http_response_release(&res);
	http_close(h);
}

static bool
stop_after(void *arg)
{
	int *n = arg;

	return --*n < 0;
}

static void
test_stop(void)
{
	struct http_settings stopping = set;
	struct http_request req;
	struct http_response res;
	struct http *h;
	int n = 3, counts[3] = { 0, 0, 0 };
	int64_t began = clock_monotonic_ms();

	stopping.stop = stop_after;
	stopping.arg = &n;
	h = http_open(&stopping);
	http_response_init(&res);
	http_request_init(&req, HTTP_GET, faulty_url(&server,
	    "/stop/silent/0"));
	http_add(h, &req, count_ok, counts);
	http_call(h, &req, &res);
	is_int(res.fault, HTTP_STOPPED, "stopped");
	is_int(counts[2], 1, "and so is the other");
	ok(clock_monotonic_ms() - began < 1400, "at once");
	http_response_release(&res);
	http_close(h);
}

static void
test_verbose(void)
{
	struct http *h = http_open(&set);
	struct http_request req;
	struct http_response res;

	strbuf_reset(&faulty_said);
	http_response_init(&res);
	http_request_init(&req, HTTP_GET, faulty_url(&server,
	    "/verbose/status:503,ok/12?token=SECRET&limit=3"));
	http_call(h, &req, &res);
	ok(strstr(faulty_said.buf, "> GET http://127.0.0.1:") != NULL,
	    "a line for a request");
	ok(strstr(faulty_said.buf, "/12?token=...&limit=3, ") != NULL,
	    "no token in it");
	ok(strstr(faulty_said.buf, "< 503 GET ") != NULL, "one for an answer");
	ok(strstr(faulty_said.buf, "; again in ") != NULL, "and what follows");
	ok(strstr(faulty_said.buf, " 12 bytes\n") != NULL, "its size");
	http_response_release(&res);
	http_close(h);
}

int
main(void)
{
	const char *options[] = { "--log", log_path, NULL };

	close(mkstemp(log_path));
	err_set_sink(faulty_hear, NULL);
	err_set_verbosity(VERBOSE);
	faulty_start(&server, options);
	faulty_settings(&set);
	test_many();
	test_chain();
	test_renewal();
	test_elsewhere();
	test_dry_run();
	test_outage();
	test_stop();
	ok(!strstr(faulty_said.buf, "SECRET"), "no secret was said");
	test_verbose();
	ok(!strstr(faulty_said.buf, "SECRET"), "nor there");
	faulty_stop(&server);
	strbuf_release(&faulty_said);
	unlink(log_path);
	return tap_done();
}
