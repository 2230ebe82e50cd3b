/* Headers as they come, and what a body says. */
#include "lib/base/compat.h"

#include "lib/net/answer.h"
#include "lib/net/http.h"
#include "lib/net/reply.h"
#include "t/unit/tap.h"

static const struct {
	int status;
	const char *type, *body;
	enum answer_kind kind;
	int code;
	const char *want;
} bodies[] = {
	{ 404, "application/json", "{\"code\":5, \"message\":\"missing entity "
	    "of type TASK\",\"details\":[]}", ANSWER_STATUS, 5,
	    "404 Not Found: missing entity of type TASK" },
	{ 404, "application/json", "{\"code\":5,\"message\":\"Not Found\"}",
	    ANSWER_STATUS, 5, "404 Not Found" },
	{ 503, NULL, "{\"code\":14}", ANSWER_STATUS, 14,
	    "503 Service Unavailable" },
	{ 401, NULL, "{\"error\":\"invalid_client\",\"error_description\":"
	    "\"Client authentication failed\"}", ANSWER_OAUTH, -1,
	    "401 Unauthorized: invalid_client: Client authentication failed" },
	{ 400, NULL, "{\"message\":\"no code\"}", ANSWER_JSON, -1,
	    "400 Bad Request: no code" },
	{ 400, NULL, "{\"code\":\"5\",\"message\":7}", ANSWER_JSON, -1,
	    "400 Bad Request" },
	{ 400, NULL, "{\"code\":1000000}", ANSWER_JSON, -1,
	    "400 Bad Request" },
	{ 400, NULL, "{\"code\":", ANSWER_TEXT, -1,
	    "400 Bad Request: {\"code\":" },
	{ 500, NULL, "[1,2]", ANSWER_JSON, -1, "500 Internal Server Error" },
	{ 403, "application/xml", "<?xml version=\"1.0\"?>\n<Error><Code>"
	    "AccessDenied</Code><Message>Request has\nexpired</Message>"
	    "<StringToSign>x</StringToSign></Error>", ANSWER_STORE, -1,
	    "403 Forbidden: AccessDenied: Request has expired" },
	{ 403, NULL, "<Error><Code>Half", ANSWER_STORE, -1, "403 Forbidden" },
	{ 502, "text/html", "<html><head><title>502 Bad</title>", ANSWER_HTML,
	    -1, "502 Bad Gateway: a page '502 Bad'" },
	{ 200, "text/html; charset=utf-8", "sign in", ANSWER_HTML, -1,
	    "200 OK: a page, not an answer of the API" },
	{ 400, "text/plain", "Client sent an HTTP request to an HTTPS "
	    "server.\n", ANSWER_TEXT, -1, "400 Bad Request: Client sent an "
	    "HTTP request to an HTTPS server." },
	{ 599, NULL, "", ANSWER_EMPTY, -1, "599" },
	{ 500, NULL, " \n\t ", ANSWER_EMPTY, -1,
	    "500 Internal Server Error" },
	{ 500, NULL, "a\tb\r\n\x01" "c", ANSWER_TEXT, -1,
	    "500 Internal Server Error: a b c" },
};

static void
test_bodies(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct http_response res;
	struct answer a;
	size_t i;

	http_response_init(&res);
	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		res.status = bodies[i].status;
		res.content_type = (char *)(uintptr_t)bodies[i].type;
		strbuf_reset(&res.body);
		strbuf_addstr(&res.body, bodies[i].body);
		answer_read(&a, &res);
		is_int(a.kind, bodies[i].kind, bodies[i].body);
		is_int(a.code, bodies[i].code, "its code");
		answer_release(&a);
		strbuf_reset(&sb);
		answer_print(&sb, &res);
		is_str(sb.buf, bodies[i].want, "in words");
	}
	res.content_type = NULL;
	http_response_release(&res);
	strbuf_release(&sb);
}

static void
test_long(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct http_response res;
	struct answer a;
	int i;

	http_response_init(&res);
	strbuf_addstr(&res.body, "x");
	for (i = 0; i < 400; i++)
		strbuf_addstr(&res.body, "\xc3\xa4");
	answer_read(&a, &res);
	is_int((long long)strlen(a.message), 1 + 2 * 199 + 3,
	    "no half of a character");
	answer_release(&a);
	strbuf_reset(&res.body);
	strbuf_add(&res.body, "{\"code\":5}\0{", 12);
	answer_read(&a, &res);
	is_int(a.kind, ANSWER_EMPTY, "bytes with a NUL say nothing");
	answer_release(&a);
	http_response_release(&res);
	strbuf_release(&sb);
}

static void
feed(struct reply *reply, struct http_response *res, const char *lines)
{
	size_t len;

	for (; *lines != '\0'; lines += len) {
		len = strcspn(lines, "\n");
		len += lines[len] == '\n';
		reply_line(reply, res, lines, len);
	}
	reply_end(reply, res);
}

static void
test_header(void)
{
	struct http_response res;
	struct reply reply;

	http_response_init(&res);
	memset(&reply, 0, sizeof(reply));
	reply_reset(&reply, &res);
	feed(&reply, &res, "HTTP/1.1 100 Continue\r\nETag: no\r\n\r\n"
	    "HTTP/1.1 206 Partial Content\r\nCONTENT-TYPE:  a/b; c=d \r\n"
	    "Content-Range: bytes 5-9/20\r\nContent-Length: 5\r\n"
	    "ETag: \"v1\"\r\nX-Other: x\r\nno colon\r\n: empty\r\n"
	    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	    "Retry-After: Sun, 06 Nov 1994 08:49:40 GMT\r\n\r\n");
	is_int(res.status, 206, "the last status");
	is_str(res.content_type, "a/b; c=d", "content type");
	is_str(res.etag, "\"v1\"", "etag");
	is_int(reply.range_from, 5, "range");
	is_int(res.total, 20, "of how many");
	is_int(reply.length, 5, "length");
	is_int(res.date, 784111777, "date");
	is_int(res.retry_after, 3000, "retry after, by the server's clock");
	feed(&reply, &res, "HTTP/2 200\r\nContent-Length: 7\r\n");
	is_int(res.status, 200, "HTTP/2 has no phrase");
	is_int(res.total, 7, "all of it");
	ok(!res.etag && res.date == -1 && res.retry_after == -1 &&
	    reply.range_from == -1, "the former is forgotten");
	feed(&reply, &res, "HTTP/1.1 416 X\r\nContent-Range: bytes */9\r\n");
	is_int(res.total, 9, "total of a 416");
	is_int(reply.range_from, -1, "and no range");
	feed(&reply, &res, "HTTP/1.1 20\r\nContent-Length: 99999999999999999999"
	    "\r\nContent-Range: lines 1-2/3\r\nRetry-After: x\r\n"
	    "Date: y\r\n");
	is_int(res.status, 0, "no status");
	is_int(res.total, -1, "a length beyond all");
	is_int(res.retry_after, -1, "a bad retry after");
	is_int(res.date, -1, "a bad date");
	reply_reset(&reply, &res);
	http_response_release(&res);
}

int
main(void)
{
	test_bodies();
	test_long();
	test_header();
	return tap_done();
}
