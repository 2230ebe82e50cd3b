/* Bodies that stream: downloads that go on after a cut, uploads from a file. */
#include "lib/base/compat.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <sha2.h>

#include "t/unit/faulty.h"
#include "t/unit/tap.h"

static struct faulty server;
static struct http *http;
static char log_path[] = "/tmp/unionml-httpbody-log-XXXXXX";
static char file_path[] = "/tmp/unionml-httpbody-XXXXXX";
static int file;

static void
digest_file(char *hex, int64_t offset)
{
	struct strbuf sb = STRBUF_INIT;

	if (read_file(file_path, &sb, 64 << 20) != 0 ||
	    (int64_t)sb.len < offset)
		die(EXIT_LOCAL, "no '%s'", file_path);
	SHA256Data((const uint8_t *)sb.buf + offset, sb.len - (size_t)offset,
	    hex);
	strbuf_release(&sb);
}

/*
 * Each gives the very same bytes; `seen` is how often the server was asked,
 * `ranges` how often for a part.
 */
static const struct {
	const char *name, *faults;
	int seen, ranges;
} downloads[] = {
	{ "whole", "ok", 1, 0 },
	{ "onecut", "cut:100000,ok", 2, 1 },
	{ "manycuts", "cut:100000,cut:1,cutreset:50000,cut:0,reset,close,ok",
	    7, 6 },
	{ "chunks", "chunkcut:70000,chunked", 2, 1 },
	{ "knowsnone", "cut:100000,norange", 2, 1 },
	{ "wrongpart", "cut:100000,wrongrange,ok", 3, 1 },
	{ "changed", "changed,ok", 1, 0 },
	{ "busy", "cut:100000,status:503,later:429:1,ok", 4, 3 },
};

static void
test_downloads(void)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	char want[SHA256_DIGEST_STRING_LENGTH] = "";
	struct http_request req;
	struct http_response res;
	size_t i;

	http_response_init(&res);
	for (i = 0; i < ARRAY_SIZE(downloads); i++) {
		if (ftruncate(file, 7) != 0)
			die(EXIT_LOCAL, "no truncate");
		http_request_init(&req, HTTP_GET, faulty_url(&server,
		    "/%s/%s/300000", downloads[i].name,
		    downloads[i].faults));
		req.auth = HTTP_AUTH_SIGNED;
		req.sink_fd = file;
		req.sink_offset = 7;
		req.resume = true;
		ok(http_call(http, &req, &res), "%s", downloads[i].name);
		is_int(res.received, 300000, "all of it");
		is_int((long long)res.body.len, 0, "nothing of it collected");
		is_int(faulty_count(log_path, downloads[i].name),
		    downloads[i].seen, "asked for so often");
		digest_file(hex, 7);
		if (i == 0)
			memcpy(want, hex, sizeof(want));
		if (strcmp(downloads[i].name, "changed") != 0)
			is_str(hex, want, "the same bytes");
	}
	http_response_release(&res);
}

static int
count_ranges(const char *name)
{
	struct strbuf sb = STRBUF_INIT;
	char what[64], *line, *rest;
	int n = 0;

	snprintf(what, sizeof(what), " /%s/", name);
	if (read_file(log_path, &sb, 1 << 20) == 0)
		for (rest = sb.buf; (line = strsep(&rest, "\n")) != NULL;)
			n += strstr(line, what) && strstr(line, " range=");
	strbuf_release(&sb);
	return n;
}

static void
test_ranges(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(downloads); i++)
		is_int(count_ranges(downloads[i].name), downloads[i].ranges,
		    "so often for a part");
	is_int(count_ranges("onecut"), 1, "the part, if it is the same");
}

/* Another thing under the same name: none of the old bytes stay. */
static void
test_change(void)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	char want[SHA256_DIGEST_STRING_LENGTH];
	struct http_request req;
	struct http_response res;

	http_response_init(&res);
	if (ftruncate(file, 0) != 0)
		die(EXIT_LOCAL, "no truncate");
	http_request_init(&req, HTTP_GET, faulty_url(&server,
	    "/change1/changed/200000"));
	req.sink_fd = file;
	req.resume = true;
	ok(http_call(http, &req, &res), "the new thing");
	digest_file(want, 0);
	req.url = faulty_url(&server, "/change2/cut:100000,changed/200000");
	ok(http_call(http, &req, &res), "the old one, cut, then the new");
	digest_file(hex, 0);
	is_str(hex, want, "is the new one from its first byte");
	is_str(res.etag, "\"v2\"", "and has its tag");
	http_response_release(&res);
}

/* Under a new URL from where the old one ended. */
static void
test_range_from(void)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	char want[SHA256_DIGEST_STRING_LENGTH];
	struct http_request req;
	struct http_response res;
	char *etag;

	http_response_init(&res);
	if (ftruncate(file, 0) != 0)
		die(EXIT_LOCAL, "no truncate");
	http_request_init(&req, HTTP_GET, faulty_url(&server,
	    "/from1/ok/200000"));
	req.sink_fd = file;
	http_call(http, &req, &res);
	digest_file(want, 0);
	if (ftruncate(file, 0) != 0)
		die(EXIT_LOCAL, "no truncate");
	req.url = faulty_url(&server, "/from2/cut:60000,xml:403:AccessDenied"
	    "/200000");
	req.resume = true;
	http_call(http, &req, &res);
	is_int(res.status, 403, "the URL has expired");
	is_int(res.received, 60000, "when so much had come");
	is_str(res.etag, "\"v1\"", "of the thing by this tag");
	is_int(res.total, 200000, "and of this length");
	req.url = faulty_url(&server, "/from3/ok/200000");
	req.range_from = res.received;
	req.range_etag = etag = xstrdup("\"v1\"");
	req.range_total = 200000;
	ok(http_call(http, &req, &res), "the rest");
	is_int(res.received, 200000, "and that is all");
	is_int(res.total, 200000, "of all");
	digest_file(hex, 0);
	is_str(hex, want, "the same bytes");
	req.url = faulty_url(&server, "/from4/ok/200000");
	req.range_from = 200000;
	ok(http_call(http, &req, &res), "nothing was left to get");
	is_int(res.received, 200000, "and nothing came");
	free(etag);
	http_response_release(&res);
}

/* A byte for each attempt is no progress that is waited for. */
static void
test_dribble(void)
{
	struct http_request req;
	struct http_response res;

	http_response_init(&res);
	if (ftruncate(file, 0) != 0)
		die(EXIT_LOCAL, "no truncate");
	http_request_init(&req, HTTP_GET, faulty_url(&server,
	    "/dribble/cut:1/300000"));
	req.sink_fd = file;
	req.resume = true;
	req.retry_ms = 5 * 1000;
	ok(!http_call(http, &req, &res), "a dribble ends");
	is_int(res.fault, HTTP_CUT, "as a cut");
	ok(res.attempts > 2 && res.received < 1024, "after a while");
	http_response_release(&res);
}

struct pieces {
	struct strbuf got;
	int restarts;
	int64_t done, total;
	size_t most;		/* refuses beyond that; 0: never */
};

static bool
take(void *arg, const char *data, size_t len)
{
	struct pieces *p = arg;

	strbuf_add(&p->got, data, len);
	return p->most == 0 || p->got.len <= p->most;
}

static void
again(void *arg)
{
	struct pieces *p = arg;

	strbuf_reset(&p->got);
	p->restarts++;
}

static void
progress(void *arg, int64_t done, int64_t total)
{
	struct pieces *p = arg;

	p->done = done;
	p->total = total;
}

static void
test_sink(void)
{
	struct pieces p = { STRBUF_INIT, 0, 0, 0, 0 };
	struct http_request req;
	struct http_response res;

	http_response_init(&res);
	http_request_init(&req, HTTP_GET, faulty_url(&server,
	    "/sink1/cut:50000,ok/90000"));
	req.sink = take;
	req.restart = again;
	req.arg = &p;
	ok(http_call(http, &req, &res), "a sink that begins anew");
	is_int(p.restarts, 1, "once");
	is_int((long long)p.got.len, 90000, "has it all, once");
	strbuf_reset(&p.got);
	req.url = faulty_url(&server, "/sink2/cut:50000,ok/90000");
	req.restart = NULL;
	ok(!http_call(http, &req, &res), "one that cannot");
	is_int(res.fault, HTTP_CUT, "is told of the cut");
	is_int((long long)p.got.len, 50000, "and has what came");
	strbuf_reset(&p.got);
	req.url = faulty_url(&server, "/sink3/status:503,ok/90000");
	req.progress = progress;
	ok(http_call(http, &req, &res), "before the first byte it may");
	is_int((long long)p.got.len, 90000, "have it all");
	is_int(p.total, 90000, "progress knows how much");
	ok(p.done > 0 && p.done <= 90000, "and how far");
	strbuf_reset(&p.got);
	req.url = faulty_url(&server, "/sink4/cut:50000,ok/90000");
	req.resume = true;
	ok(http_call(http, &req, &res), "by Range, too");
	is_int((long long)p.got.len, 90000, "it has it all");
	p.most = 10;
	strbuf_reset(&p.got);
	req.url = faulty_url(&server, "/sink5/ok/90000");
	ok(!http_call(http, &req, &res), "a sink that refuses");
	is_int(res.fault, HTTP_SINK, "ends it");
	ok(strstr(res.problem, "cannot be kept") != NULL, "and says so");
	is_int(faulty_count(log_path, "sink5"), 1, "for good");
	strbuf_reset(&p.got);
	req.max = 1000;
	p.most = 0;
	req.url = faulty_url(&server, "/sink6/chunked/90000");
	http_call(http, &req, &res);
	is_int(res.fault, HTTP_TOO_LARGE, "a cap of a sink");
	req.url = faulty_url(&server, "/sink7/code:404:5:no/0");
	strbuf_reset(&p.got);
	http_call(http, &req, &res);
	is_int(res.status, 404, "a refusal");
	is_int((long long)p.got.len, 0, "is not for the sink");
	ok(strstr(res.body.buf, "\"code\""), "but for the response");
	strbuf_release(&p.got);
	http_response_release(&res);
}

static int
count_log(const char *line)
{
	struct strbuf sb = STRBUF_INIT;
	const char *p;
	int n = 0;

	if (read_file(log_path, &sb, 1 << 20) == 0)
		for (p = sb.buf; (p = strstr(p, line)) != NULL; p++)
			n++;
	strbuf_release(&sb);
	return n;
}

enum { UPLOAD = 40 << 20 };

/* What the log has of a body: its size and the start of its SHA-256. */
static char *
expected(const char *path, int64_t offset)
{
	struct strbuf sb = STRBUF_INIT;
	char hex[SHA256_DIGEST_STRING_LENGTH];

	digest_file(hex, offset);
	strbuf_addf(&sb, "PUT %s content-length=%lld %lld %.16s\n", path,
	    (long long)UPLOAD, (long long)UPLOAD, hex);
	return strbuf_detach(&sb);
}

static int64_t
peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (int64_t)usage.ru_maxrss * 1024;
}

static void
test_upload(void)
{
	static const char *const paths[] = {
		"/up1/ok/0", "/up2/status:503,ok/0", "/up3/reset,ok/0",
	};
	struct strbuf block = STRBUF_INIT;
	struct pieces p = { STRBUF_INIT, 0, 0, 0, 0 };
	struct http_request req;
	struct http_response res;
	int64_t before;
	char *want;
	size_t i;

	http_response_init(&res);
	for (i = 0; i < 1 << 16; i++)
		strbuf_addch(&block, (char)(i * i >> 7));
	if (ftruncate(file, 0) != 0 || pwrite(file, "before", 6, 0) != 6)
		die(EXIT_LOCAL, "no file");
	for (i = 0; i < UPLOAD >> 16; i++)
		if (pwrite(file, block.buf, block.len, (off_t)(6 +
		    (i << 16))) != (ssize_t)block.len)
			die(EXIT_LOCAL, "no file");
	strbuf_release(&block);
	before = peak();
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		http_request_init(&req, HTTP_PUT, faulty_url(&server, "%s",
		    paths[i]));
		req.auth = HTTP_AUTH_SIGNED;
		req.body_fd = file;
		req.body_offset = 6;
		req.body_len = UPLOAD;
		req.progress = progress;
		req.arg = &p;
		ok(http_call(http, &req, &res), "upload %s", paths[i]);
		is_int(res.status, 200, "is taken");
		is_int(p.total, UPLOAD, "progress knows how much");
	}
	ok(peak() - before < 16 << 20, "in little memory: %lld KiB",
	    (long long)(peak() - before) / 1024);
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		want = expected(paths[i], 6);
		ok(count_log(want) >= 1, "%s: all bytes came", paths[i]);
		free(want);
	}
	req.body_len = UPLOAD + 100;
	req.url = faulty_url(&server, "/up4/ok/0");
	http_call(http, &req, &res);
	is_int(res.fault, HTTP_SOURCE, "a file that is shorter");
	is_str(res.problem, "the file became shorter while it was sent",
	    "is told");
	req.body_len = UPLOAD;
	req.url = faulty_url(&server, "/up5/early:403/0");
	http_call(http, &req, &res);
	ok(res.status == 403 || res.fault == HTTP_CUT,
	    "a refusal before the body: %d %d", res.fault, res.status);
	http_response_release(&res);
}

int
main(void)
{
	const char *options[] = { "--log", log_path, "--show", "range",
		"--show", "content-length", NULL };
	struct http_settings set;

	close(mkstemp(log_path));
	file = mkstemp(file_path);
	err_set_sink(faulty_hear, NULL);
	faulty_start(&server, options);
	faulty_settings(&set);
	http = http_open(&set);
	test_downloads();
	test_ranges();
	test_change();
	test_range_from();
	test_dribble();
	test_sink();
	test_upload();
	http_close(http);
	faulty_stop(&server);
	strbuf_release(&faulty_said);
	close(file);
	unlink(log_path);
	unlink(file_path);
	return tap_done();
}
