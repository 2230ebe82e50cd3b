/*
 * One attempt of a request, in libcurl's words. All options are set here, on
 * a handle that was reset: none of a former request is left, and a signed URL
 * never sees a bearer.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/xalloc.h"
#include "lib/net/fault.h"
#include "lib/net/request.h"
#include "lib/net/transfer.h"

enum { STREAM_BUFFER = 256 << 10 };

struct transfer *
transfer_new(const struct http_settings *settings,
    const struct http_request *req, struct http_response *res)
{
	struct transfer *t = xcalloc(1, sizeof(*t));

	t->settings = settings;
	request_copy(&t->req, req);
	t->url = xstrdup(req->url);
	http_response_init(&t->own);
	t->res = res ? res : &t->own;
	t->res->received = req->range_from;
	t->thing_total = req->range_total;
	t->thing_etag = req->range_etag ? xstrdup(req->range_etag) : NULL;
	t->began = -1;
	reply_reset(&t->reply, t->res);
	return t;
}

void
transfer_free(struct transfer *t)
{
	request_release(&t->req);
	http_response_release(&t->own);
	free(t->url);
	free(t->thing_etag);
	free(t->known_problem);
	free(t->reply.retry_after);
	free(t);
}

static size_t
read_body(char *buf, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	int64_t left = t->req.body_len - t->body_at;
	ssize_t got;

	if (left <= 0)
		return 0;
	n *= size;
	if ((int64_t)n > left)
		n = (size_t)left;
	do {
		got = pread(t->req.body_fd, buf, n,
		    t->req.body_offset + t->body_at);
	} while (got < 0 && errno == EINTR);
	if (got <= 0) {
		t->known = HTTP_SOURCE;
		free(t->known_problem);
		t->known_problem = got < 0 ? xasprintf("cannot read what is "
		    "to be sent: %s", strerror(errno)) : xstrdup("the file "
		    "became shorter while it was sent");
		return CURL_READFUNC_ABORT;
	}
	t->body_at += got;
	return (size_t)got;
}

/* libcurl goes back when a reused connection turns out to be dead. */
static int
seek_body(void *arg, curl_off_t offset, int origin)
{
	struct transfer *t = arg;

	if (origin != SEEK_SET || offset < 0 || offset > t->req.body_len)
		return CURL_SEEKFUNC_FAIL;
	t->body_at = offset;
	return CURL_SEEKFUNC_OK;
}

static int
watch(void *arg, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
    curl_off_t up)
{
	struct transfer *t = arg;

	(void)down_total;
	(void)up_total;
	if (t->req.progress && down + up != t->moved) {
		if (t->req.body_fd >= 0)
			t->req.progress(t->req.arg, up, t->req.body_len);
		else if (t->res->status < 300)
			t->req.progress(t->req.arg, t->res->received,
			    t->res->total);
	}
	t->moved = down + up;
	return 0;
}

static void
add_line(struct transfer *t, const struct curltable *curl, const char *line)
{
	t->lines = curl->slist_append(t->lines, line);
	if (!t->lines)
		BUG("no memory for a header");
}

static void
set_lines(struct transfer *t, const struct curltable *curl,
    const struct strvec *bearer)
{
	const struct http_request *req = &t->req;
	bool api = req->auth != HTTP_AUTH_SIGNED;
	bool body = req->body_len > 0 || req->method == HTTP_POST;
	size_t i;

	for (i = 0; req->headers && req->headers[i]; i++)
		add_line(t, curl, req->headers[i]);
	if (!request_has_line(req, "Accept"))
		add_line(t, curl, api ? "Accept: application/json" :
		    "Accept:");
	if (!request_has_line(req, "Content-Type"))
		add_line(t, curl, api && body ?
		    "Content-Type: application/json" : "Content-Type:");
	if (req->body_fd < 0)
		add_line(t, curl, "Expect:");
	for (i = 0; i < bearer->n; i++)
		add_line(t, curl, bearer->v[i]);
	curl->easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->lines);
	curl->easy_setopt(t->easy, CURLOPT_HEADEROPT,
	    (long)CURLHEADER_SEPARATE);
}

/* GET from where the last attempt broke off. */
static void
set_range(struct transfer *t, const struct curltable *curl)
{
	char *line;

	t->asked_from = t->req.resume || t->req.range_from > 0 ?
	    t->res->received : 0;
	if (t->asked_from == 0)
		return;
	line = xasprintf("Range: bytes=%lld-", (long long)t->asked_from);
	add_line(t, curl, line);
	free(line);
	/* RFC 9110 section 13.1.5: a weak one is no validator here. */
	if (t->thing_etag && strncmp(t->thing_etag, "W/", 2) != 0) {
		line = xasprintf("If-Range: %s", t->thing_etag);
		add_line(t, curl, line);
		free(line);
	}
}

static void
set_body(struct transfer *t, const struct curltable *curl)
{
	const struct http_request *req = &t->req;
	CURL *easy = t->easy;

	if (req->method == HTTP_GET) {
		curl->easy_setopt(easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	if (req->method == HTTP_DELETE && req->body_len == 0) {
		curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
		return;
	}
	curl->easy_setopt(easy, CURLOPT_POST, 1L);
	curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_method(req));
	curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)req->body_len);
	if (req->body_fd < 0) {
		curl->easy_setopt(easy, CURLOPT_POSTFIELDS,
		    req->body ? req->body : "");
		return;
	}
	curl->easy_setopt(easy, CURLOPT_READFUNCTION, read_body);
	curl->easy_setopt(easy, CURLOPT_READDATA, t);
	curl->easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek_body);
	curl->easy_setopt(easy, CURLOPT_SEEKDATA, t);
	curl->easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE,
	    (long)STREAM_BUFFER);
}

static void
set_trust(CURL *easy, const struct curltable *curl,
    const struct http_settings *s)
{
	curl->easy_setopt(easy, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	if (s->skip_verify) {
		curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	} else if (s->ca_file) {
		/* In place of the system's, which has a directory, too. */
		curl->easy_setopt(easy, CURLOPT_CAINFO, s->ca_file);
		curl->easy_setopt(easy, CURLOPT_CAPATH, (char *)NULL);
	}
	if (s->proxy) {
		curl->easy_setopt(easy, CURLOPT_PROXY, s->proxy);
		curl->easy_setopt(easy, CURLOPT_NOPROXY, "");
	}
}

static int64_t
attempt_limit(const struct transfer *t)
{
	const struct http_request *req = &t->req;

	if (req->attempt_ms != 0)
		return req->attempt_ms / (req->attempt_ms < 0 ? 1 :
		    t->settings->haste) + (req->attempt_ms > 0);
	if (req->body_fd >= 0 || request_streams_out(req))
		return -1;
	return t->settings->attempt_ms;
}

static void
set_limits(struct transfer *t, const struct curltable *curl)
{
	const struct http_settings *s = t->settings;
	int64_t limit = attempt_limit(t);

	curl->easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)s->connect_ms);
	if (limit > 0)
		curl->easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)limit);
	curl->easy_setopt(t->easy, CURLOPT_NOPROGRESS, 0L);
	curl->easy_setopt(t->easy, CURLOPT_XFERINFOFUNCTION, watch);
	curl->easy_setopt(t->easy, CURLOPT_XFERINFODATA, t);
}

static void
forget_attempt(struct transfer *t, int64_t now)
{
	reply_reset(&t->reply, t->res);
	strbuf_reset(&t->res->body);
	free(t->known_problem);
	t->known_problem = NULL;
	t->known = HTTP_FINE;
	t->code = CURLE_OK;
	t->text[0] = '\0';
	t->lines = NULL;
	t->body_at = t->moved = t->window_moved = 0;
	t->answer_taken = t->begin_anew = t->enough = t->stalled = false;
	t->attempt_began = t->window_began = now;
}

bool
transfer_begin(struct transfer *t, const struct curltable *curl, CURL *easy,
    const struct strvec *bearer, int64_t now)
{
	forget_attempt(t, now);
	t->easy = easy;
	t->res->attempts++;
	curl->easy_reset(easy);
	if (curl->easy_setopt(easy, CURLOPT_URL, t->url) != CURLE_OK)
		return false;
	curl->easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl->easy_setopt(easy, CURLOPT_PRIVATE, t);
	curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, t->text);
	curl->easy_setopt(easy, CURLOPT_USERAGENT, t->settings->user_agent);
	curl->easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_2TLS);
	curl->easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl->easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	/* So that bytes without a status line can be looked at. */
	curl->easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 1L);
	curl->easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	/* On a dead connection of old libcurl itself sends a second time. */
	if (t->req.retry == HTTP_RETRY_NEVER)
		curl->easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	if (request_streams_out(&t->req))
		curl->easy_setopt(easy, CURLOPT_BUFFERSIZE,
		    (long)STREAM_BUFFER);
	curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
	curl->easy_setopt(easy, CURLOPT_HEADERDATA, t);
	curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
	curl->easy_setopt(easy, CURLOPT_WRITEDATA, t);
	set_trust(easy, curl, t->settings);
	set_limits(t, curl);
	set_body(t, curl);
	set_range(t, curl);
	set_lines(t, curl, bearer);
	return true;
}

static long
info(const struct transfer *t, const struct curltable *curl, CURLINFO what)
{
	long value = 0;

	curl->easy_getinfo(t->easy, what, &value);
	return value;
}

bool
transfer_was_sent(const struct transfer *t, const struct curltable *curl)
{
	return info(t, curl, CURLINFO_REQUEST_SIZE) > 0;
}

/* The whole thing is there already: there is no rest to be had. */
static bool
is_complete(const struct transfer *t)
{
	return t->res->status == 416 && t->asked_from > 0 &&
	    t->res->total == t->asked_from;
}

static void
judge(struct transfer *t)
{
	struct http_response *res = t->res;

	if (t->known != HTTP_FINE || t->code != CURLE_OK)
		return;
	if (res->content_type &&
	    strncasecmp(res->content_type, "application/grpc", 16) == 0)
		t->known = HTTP_GRPC;
	else if (is_complete(t))
		res->status = 206;
	else if (res->status == 416 && t->asked_from > 0)
		t->begin_anew = true;
}

/* Who goes on elsewhere after a refusal is told what it had begun. */
static void
tell_thing(struct transfer *t)
{
	struct http_response *res = t->res;

	if (!t->req.resume || res->received == 0 ||
	    (res->status >= 200 && res->status < 300))
		return;
	free(res->etag);
	res->etag = t->thing_etag ? xstrdup(t->thing_etag) : NULL;
	res->total = t->thing_total;
}

void
transfer_end(struct transfer *t, const struct curltable *curl)
{
	struct http_response *res = t->res;
	struct fault_case c;
	double connected = 0;

	receive_end(t);
	if (t->enough)
		t->code = CURLE_OK;
	judge(t);
	memset(&c, 0, sizeof(c));
	c.curl_code = (int)t->code;
	c.known = t->known;
	c.text = t->text;
	c.url = t->url;
	c.os_errno = (int)info(t, curl, CURLINFO_OS_ERRNO);
	c.connect_status = (int)info(t, curl, CURLINFO_HTTP_CONNECTCODE);
	curl->easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME, &connected);
	c.connected = connected > 0;
	c.limit_ms = !c.connected ? 0 : t->stalled ? t->settings->stall_ms :
	    attempt_limit(t);
	c.stalled = t->stalled;
	c.settings = t->settings;
	c.attempts = res->attempts;
	res->fault = HTTP_FINE;
	if (t->begin_anew)
		res->fault = HTTP_CUT;
	else if (fault_find(&c) != HTTP_FINE)
		fault_tell(&c, res);
	if (t->known_problem) {
		free(res->problem);
		res->problem = t->known_problem;
		t->known_problem = NULL;
	}
	curl->slist_free_all(t->lines);
	t->lines = NULL;
	tell_thing(t);
}

bool
transfer_is_stalled(struct transfer *t, int64_t now)
{
	const struct http_settings *s = t->settings;

	if (t->moved - t->window_moved >= s->stall_bytes) {
		t->window_moved = t->moved;
		t->window_began = now;
	}
	t->stalled = s->stall_ms > 0 && now - t->window_began >= s->stall_ms;
	return t->stalled;
}

bool
transfer_can_repeat(const struct transfer *t)
{
	if (!request_streams_out(&t->req) || t->req.sink_fd >= 0 ||
	    t->req.restart || t->req.resume)
		return true;
	return t->res->received == t->req.range_from;
}
