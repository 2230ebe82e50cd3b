/* Single requests against a server of faults: what comes, and what is said. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strvec.h"
#include "t/unit/faulty.h"
#include "t/unit/tap.h"

static struct faulty server;
static struct http *http, *hasty;
static char log_path[] = "/tmp/unionml-http-XXXXXX";

/* The only ones that are meant to run into a limit. */
static struct http *
client_for(const char *path)
{
	return strstr(path, "/silent,") ? hasty : http;
}

static void
get(struct http_response *res, const char *path)
{
	struct http_request req;

	http_request_init(&req, HTTP_GET, faulty_url(&server, "%s", path));
	req.max = 1 << 20;
	http_call(client_for(path), &req, res);
}

/* Each path is asked for once; `left` is how often the server saw it. */
static const struct {
	const char *name, *faults;
	enum http_fault fault;
	int status, seen;
	const char *problem;	/* behind HOST:PORT; NULL: not looked at */
} faults[] = {
	{ "plain", "ok/10", HTTP_FINE, 200, 1, NULL },
	{ "empty", "ok/0", HTTP_FINE, 200, 1, NULL },
	{ "chunks", "chunked/10000", HTTP_FINE, 200, 1, NULL },
	{ "old", "old/100", HTTP_FINE, 200, 1, NULL },
	{ "short", "short/0", HTTP_FINE, 200, 1, NULL },
	{ "cutonce", "cut:5,ok/100", HTTP_FINE, 200, 2, NULL },
	{ "cuttwice", "cut:0,cutreset:50,ok/100", HTTP_FINE, 200, 3, NULL },
	{ "chunkcut", "chunkcut:20,ok/50", HTTP_FINE, 200, 2, NULL },
	{ "resetonce", "reset,ok/5", HTTP_FINE, 200, 2, NULL },
	{ "closeonce", "close,close,ok/5", HTTP_FINE, 200, 3, NULL },
	{ "long", "long,ok/7", HTTP_FINE, 200, 2, NULL },
	{ "busy", "status:503,status:502,status:504,ok/5", HTTP_FINE, 200, 4,
	    NULL },
	{ "limited", "later:429:1,ok/5", HTTP_FINE, 200, 2, NULL },
	{ "limited2", "laterdate:429:1,ok/5", HTTP_FINE, 200, 2, NULL },
	{ "toolong", "later:429:86400/0", HTTP_FINE, 429, 1, NULL },
	{ "size", "code:429:8:received+larger+than+max/0", HTTP_FINE, 429, 1,
	    NULL },
	{ "internal", "code:500:13:x/0", HTTP_FINE, 500, 2, NULL },
	{ "internal2", "code:500:13:x,ok/0", HTTP_FINE, 200, 2, NULL },
	{ "absent", "code:404:5:no/0", HTTP_FINE, 404, 1, NULL },
	{ "page", "html:200/0", HTTP_FINE, 200, 1, NULL },
	{ "refusal", "hugerefusal/0", HTTP_FINE, 400, 1, NULL },
	{ "silent", "silent,ok/5", HTTP_FINE, 200, 2, NULL },
	{ "huge", "huge/0", HTTP_TOO_LARGE, 200, 1,
	    "the answer of %s is too large" },
	{ "huge2", "ok/2000000", HTTP_TOO_LARGE, 200, 1,
	    "the answer of %s is too large" },
	{ "rubbish", "rubbish/0", HTTP_PROTOCOL, 0, 1,
	    "%s does not answer in HTTP" },
	{ "badlength", "badlength/0", HTTP_PROTOCOL, 0, 1, NULL },
	{ "header", "header/0", HTTP_PROTOCOL, 0, 1, NULL },
	{ "grpc", "grpc/0", HTTP_GRPC, 415, 1,
	    "%s speaks gRPC, not HTTP with JSON" },
};

static void
test_faults(void)
{
	struct http_response res;
	char path[128], at[32], want[256];
	const char *p;
	size_t i;

	http_response_init(&res);
	snprintf(at, sizeof(at), "127.0.0.1:%d", server.port);
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		snprintf(path, sizeof(path), "/%s/%s", faults[i].name,
		    faults[i].faults);
		if (!strchr(strchr(path + 1, '/') + 1, '/'))
			snprintf(path, sizeof(path), "/%s/%s/0",
			    faults[i].name, faults[i].faults);
		get(&res, path);
		is_int(res.fault, faults[i].fault, faults[i].name);
		if (faults[i].fault == HTTP_FINE ||
		    faults[i].status != 0)
			is_int(res.status, faults[i].status, "its status");
		is_int(faulty_count(log_path, faults[i].name), faults[i].seen,
		    "as often as it should be sent");
		/* On a dead connection libcurl itself sends it again. */
		ok(res.attempts >= 1 && res.attempts <= faults[i].seen,
		    "and so it says");
		ok((res.problem != NULL) == (res.fault != HTTP_FINE),
		    "a problem is told");
		p = faults[i].problem;
		if (!p)
			continue;
		snprintf(want, sizeof(want), "%.*s%s%s", (int)(strchr(p,
		    '%') - p), p, at, strchr(p, '%') + 2);
		is_str(res.problem, want, "in these words");
	}
	http_response_release(&res);
}

/*
 * Silence counts from when the last of the request has gone, so that there is
 * time for another.
 */
static void
test_mute(void)
{
	struct http_settings set;
	struct http_response res;
	struct http_request req;
	char body[8192];
	struct http *h;

	http_settings_init(&set);
	set.haste = 20;
	set.proxy = "";
	h = http_open(&set);
	http_response_init(&res);
	memset(body, ' ', sizeof(body));
	http_request_init(&req, HTTP_POST, faulty_url(&server,
	    "/mute/silent,ok/2"));
	req.retry = HTTP_RETRY_WRITE;
	req.body = body;
	req.body_len = sizeof(body);
	ok(http_call(h, &req, &res), "a long request, and no answer");
	is_int(res.attempts, 2, "is sent again");
	http_response_release(&res);
	http_close(h);
}

/* The bytes of the faultserver: blocks of a number and 64 KiB. */
static void
test_body(void)
{
	struct http_response res;
	char first[64];

	http_response_init(&res);
	get(&res, "/same1/ok/50000");
	is_int((long long)res.body.len, 50000, "the whole body");
	memcpy(first, res.body.buf + 40000, sizeof(first));
	get(&res, "/same2/cut:45000,chunkcut:45000,chunked/50000");
	is_int((long long)res.body.len, 50000, "nothing twice after cuts");
	ok(memcmp(first, res.body.buf + 40000, sizeof(first)) == 0,
	    "and the same bytes");
	is_str(res.content_type, "application/json", "content type");
	get(&res, "/limit/laterdate:404:3/0");
	is_int(res.retry_after, 3000, "retry after");
	is_int(res.date, 1000000, "date");
	http_response_release(&res);
}

/* What never repeats is sent once, whatever came of it. */
static void
test_never(void)
{
	static const struct {
		const char *name, *faults;
		int once, safe;		/* how often each class is sent */
	} cases[] = {
		{ "never1", "reset,ok/5", 1, 2 }, { "never2", "close,ok/5",
		    1, 2 }, { "never3", "cut:2,ok/5", 1, 2 },
		{ "never4", "status:503,ok/5", 1, 2 },
		{ "never5", "code:500:13:x,ok/5", 1, 1 },
		{ "never6", "later:429:0,ok/5", 1, 2 },
		{ "never7", "silent,ok/5", 1, 2 },
		{ "never8", "ok,reset,ok/5", 1, 1 },
	};
	struct http_request req;
	struct http_response res;
	char name[32];
	size_t i;

	http_response_init(&res);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		http_request_init(&req, HTTP_POST, faulty_url(&server,
		    "/%s/%s", cases[i].name, cases[i].faults));
		is_int(req.retry, HTTP_RETRY_NEVER, "a POST never repeats");
		req.body = "{}";
		req.body_len = 2;
		http_call(client_for(req.url), &req, &res);
		is_int(faulty_count(log_path, cases[i].name), cases[i].once,
		    cases[i].faults);
		snprintf(name, sizeof(name), "safe%zu", i);
		req.url = faulty_url(&server, "/%s/%s", name,
		    cases[i].faults);
		req.retry = HTTP_RETRY_WRITE;
		http_call(client_for(req.url), &req, &res);
		is_int(faulty_count(log_path, name), cases[i].safe,
		    "one that may be repeated");
	}
	http_response_release(&res);
}

/*
 * libcurl sends a second time by itself when a kept connection turns out to
 * be dead; for what never repeats there is none that was kept.
 */
static void
test_dead_connection(void)
{
	struct http_request req;
	struct http_response res;
	int i;

	http_response_init(&res);
	for (i = 0; i < 3; i++)
		get(&res, "/warm/ok/5");
	http_request_init(&req, HTTP_POST, faulty_url(&server,
	    "/dead/reset/5"));
	http_call(http, &req, &res);
	is_int(res.fault, HTTP_CUT, "cut");
	is_int(faulty_count(log_path, "dead"), 1, "and sent once");
	http_response_release(&res);
}

static void
test_redirects(void)
{
	static const struct {
		const char *name, *path;
		enum http_method method;
		enum http_fault fault;
		int seen;
	} cases[] = {
		{ "redir1", "/redir1/redirect:302:|redir1|ok|5,ok/5", HTTP_GET,
		    HTTP_FINE, 2 },
		{ "redir2", "/redir2/redirect:307:!x,ok/5", HTTP_GET,
		    HTTP_FINE, 2 },
		{ "redir3", "/redir3/redirect:302:http:||localhost|x/0",
		    HTTP_GET, HTTP_REDIRECT, 1 },
		{ "redir4", "/redir4/redirect:307:|redir4|ok|5,ok/5",
		    HTTP_POST, HTTP_REDIRECT, 1 },
		{ "redir5", "/redir5/redirect:308:|redir5|ok|5,ok/5",
		    HTTP_PUT, HTTP_REDIRECT, 1 },
		{ "redir6", "/redir6/redirect:302:file:|||etc|passwd/0",
		    HTTP_GET, HTTP_REDIRECT, 1 },
	};
	struct http_request req;
	struct http_response res;
	size_t i;

	http_response_init(&res);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		http_request_init(&req, cases[i].method, faulty_url(&server,
		    "%s", cases[i].path));
		http_call(http, &req, &res);
		is_int(res.fault, cases[i].fault, cases[i].path);
		is_int(faulty_count(log_path, cases[i].name), cases[i].seen,
		    "hops");
	}
	http_request_init(&req, HTTP_GET, faulty_url(&server,
	    "/circle/redirect:302:!a/0"));
	http_call(http, &req, &res);
	is_int(res.fault, HTTP_REDIRECT, "circles end");
	is_int(faulty_count(log_path, "circle"), 1 + HTTP_REDIRECTS,
	    "after so many");
	http_response_release(&res);
}

static void
test_unreachable(void)
{
	struct http_request req;
	struct http_response res;
	struct http_settings set;
	struct http *h;
	char url[64], want[128];
	int port = faulty_dead_port();

	faulty_settings(&set);
	h = http_open(&set);
	http_response_init(&res);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
	http_request_init(&req, HTTP_GET, url);
	http_call(h, &req, &res);
	is_int(res.fault, HTTP_CONNECT, "nobody listens");
	snprintf(want, sizeof(want), "cannot reach 127.0.0.1:%d: connection "
	    "refused (3 attempts)", port);
	is_str(res.problem, want, "in words");
	is_int(http_exit_status(&res), EXIT_NETWORK, "worth a retry");
	req.retry_ms = -1;
	http_call(h, &req, &res);
	is_int(res.attempts, 1, "no retry if none is wanted");
	http_request_init(&req, HTTP_GET, "http://nowhere.invalid:5/");
	http_call(h, &req, &res);
	is_int(res.fault, HTTP_RESOLVE, "no such name");
	http_request_init(&req, HTTP_GET, "ftp://127.0.0.1/");
	http_call(h, &req, &res);
	is_int(res.fault, HTTP_BAD_URL, "no URL of HTTP");
	is_int(res.attempts, 0, "is never sent");
	http_request_init(&req, HTTP_GET, "http://u:hush@127.0.0.1/");
	http_call(h, &req, &res);
	is_int(res.fault, HTTP_BAD_URL, "a user in the URL");
	is_str(res.problem, "bad URL 'http://127.0.0.1/': a user and password "
	    "in it are not sent", "is not told");
	http_close(h);
	http_response_release(&res);
}

static void
test_grpc_port(void)
{
	static const char *const options[] = { "--grpc", NULL };
	struct http_request req;
	struct http_response res;
	struct faulty grpc;

	faulty_start(&grpc, options);
	http_response_init(&res);
	http_request_init(&req, HTTP_GET, faulty_url(&grpc, "/healthcheck"));
	http_call(http, &req, &res);
	is_int(res.fault, HTTP_GRPC, "a port of gRPC");
	is_int(res.attempts, 1, "is known at once");
	ok(res.next_step && strstr(res.next_step, "8088"), "where to go");
	http_response_release(&res);
	faulty_stop(&grpc);
}

static void
test_report(void)
{
	struct http_request req;
	struct http_response res;
	char want[256];

	http_response_init(&res);
	http_request_init(&req, HTTP_GET, faulty_url(&server,
	    "/report/xml:403:AccessDenied/0?X-Amz-Signature=SECRET"));
	req.auth = HTTP_AUTH_SIGNED;
	http_call(http, &req, &res);
	strbuf_reset(&faulty_said);
	is_int(http_report(&req, &res, "cannot fetch the model: "),
	    EXIT_DENIED, "403");
	snprintf(want, sizeof(want), "unionml: error: cannot fetch the model: "
	    "GET http://127.0.0.1:%d/report/xml:403:AccessDenied/0?...: 403 "
	    "Forbidden: AccessDenied: As the test wants\n", server.port);
	is_str(faulty_said.buf, want, "a refusal of a store");
	get(&res, "/report2/ok/5");
	strbuf_reset(&faulty_said);
	is_int(http_report(&req, &res, NULL), EXIT_DONE, "a success");
	is_str(faulty_said.buf, "", "says nothing");
	http_response_release(&res);
}

int
main(void)
{
	const char *options[] = { "--log", log_path, NULL };
	struct http_settings set;

	close(mkstemp(log_path));
	err_set_sink(faulty_hear, NULL);
	err_set_verbosity(VERBOSE);
	faulty_start(&server, options);
	faulty_settings(&set);
	http = http_open(&set);
	set.stall_ms = 50 * 1000;
	hasty = http_open(&set);
	test_faults();
	test_mute();
	test_body();
	test_never();
	test_dead_connection();
	test_redirects();
	test_unreachable();
	test_grpc_port();
	test_report();
	http_close(http);
	http_close(hasty);
	faulty_stop(&server);
	ok(!strstr(faulty_said.buf, "SECRET") &&
	    !strstr(faulty_said.buf, "hush"), "no secret was said");
	strbuf_release(&faulty_said);
	unlink(log_path);
	return tap_done();
}
