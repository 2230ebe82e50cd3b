/*
 * What comes in: the header, line by line, and the body, piece by piece, to
 * where the request wants it. The part of a download that is resumed is
 * trusted only if it begins where asked and belongs to the same thing.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/xalloc.h"
#include "lib/net/request.h"
#include "lib/net/transfer.h"

/* Of an answer that is no success, nobody reads more. */
enum { REFUSAL_MAX = 64 << 10 };

size_t
receive_header(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	reply_line(&t->reply, t->res, data, size * n);
	return size * n;
}

static bool
give_up(struct transfer *t, enum http_fault fault, char *problem)
{
	t->known = fault;
	free(t->known_problem);
	t->known_problem = problem;
	return false;
}

static bool
is_success(const struct transfer *t)
{
	return t->res->status >= 200 && t->res->status < 300;
}

/* The sink forgets what it has. */
bool
receive_anew(struct transfer *t)
{
	if (t->res->received == 0)
		return true;
	if (t->req.sink_fd >= 0) {
		if (ftruncate(t->req.sink_fd, t->req.sink_offset) != 0)
			return give_up(t, HTTP_SINK, xasprintf("cannot "
			    "truncate the file: %s", strerror(errno)));
	} else if (t->req.restart) {
		t->req.restart(t->req.arg);
	} else {
		return give_up(t, HTTP_SINK, xstrdup("the server begins "
		    "anew, and what came is gone already"));
	}
	t->res->received = 0;
	return true;
}

/* A 206 that was asked for: is it the rest of the same? */
static bool
fits(const struct transfer *t)
{
	const struct http_response *res = t->res;

	if (t->reply.range_from != t->asked_from)
		return false;
	if (t->thing_total >= 0 && res->total >= 0 &&
	    t->thing_total != res->total)
		return false;
	return !t->thing_etag || !res->etag ||
	    strcmp(t->thing_etag, res->etag) == 0;
}

/* Remembers what the thing is, so that the rest can be compared. */
static void
know_thing(struct transfer *t)
{
	if (t->res->total >= 0)
		t->thing_total = t->res->total;
	if (t->res->etag) {
		free(t->thing_etag);
		t->thing_etag = xstrdup(t->res->etag);
	}
}

static bool
begin_sink(struct transfer *t)
{
	int64_t max = t->req.max;

	if (t->res->status == 206 && t->asked_from > 0 && !fits(t)) {
		t->begin_anew = true;
		return false;
	}
	if (t->res->status == 206 && t->asked_from == 0 &&
	    t->reply.range_from > 0)
		return give_up(t, HTTP_PROTOCOL, NULL);
	if (t->res->status != 206 && !receive_anew(t))
		return false;
	know_thing(t);
	if (max > 0 && t->res->total > max)
		return give_up(t, HTTP_TOO_LARGE, NULL);
	return true;
}

/* Bytes without a status line: HTTP/0.9 they are not. */
static bool
judge_rubbish(struct transfer *t, const char *data, size_t len)
{
	/* RFC 9113 section 6.5: a server's first frame is SETTINGS (4). */
	bool settings = len >= 9 && data[0] == 0 && data[3] == 4 &&
	    memcmp(data + 5, "\0\0\0\0", 4) == 0;

	return give_up(t, settings ? HTTP_GRPC : HTTP_PROTOCOL, NULL);
}

static bool
begin_body(struct transfer *t, const char *data, size_t len)
{
	int64_t max = t->req.max > 0 ? t->req.max : HTTP_BODY_MAX;

	t->answer_taken = true;
	if (t->res->status == 0)
		return judge_rubbish(t, data, len);
	reply_end(&t->reply, t->res);
	if (!is_success(t))
		return true;
	if (request_streams_out(&t->req))
		return begin_sink(t);
	if (t->reply.length > max)
		return give_up(t, HTTP_TOO_LARGE, NULL);
	return true;
}

static bool
write_at(int fd, const char *data, size_t len, int64_t offset)
{
	ssize_t n;

	while (len > 0) {
		n = pwrite(fd, data, len, offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (n == 0)
				errno = EIO;
			return false;
		}
		data += n;
		len -= (size_t)n;
		offset += n;
	}
	return true;
}

static bool
give_sink(struct transfer *t, const char *data, size_t len)
{
	struct http_response *res = t->res;

	if (t->req.max > 0 && res->received + (int64_t)len > t->req.max)
		return give_up(t, HTTP_TOO_LARGE, NULL);
	if (t->req.sink_fd >= 0) {
		if (!write_at(t->req.sink_fd, data, len,
		    t->req.sink_offset + res->received))
			return give_up(t, HTTP_SINK, xasprintf("cannot write "
			    "what was received: %s", strerror(errno)));
	} else if (!t->req.sink(t->req.arg, data, len)) {
		return give_up(t, HTTP_SINK, NULL);
	}
	res->received += (int64_t)len;
	return true;
}

static bool
give_memory(struct transfer *t, const char *data, size_t len)
{
	struct strbuf *body = &t->res->body;
	size_t max = REFUSAL_MAX;

	if (is_success(t))
		max = t->req.max > 0 ? (size_t)t->req.max : HTTP_BODY_MAX;
	if (len > max - body->len) {
		if (is_success(t))
			return give_up(t, HTTP_TOO_LARGE, NULL);
		strbuf_add(body, data, max - body->len);
		t->enough = true;
		return false;
	}
	strbuf_add(body, data, len);
	return true;
}

size_t
receive_body(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * n;
	bool fine;

	if (!t->answer_taken && !begin_body(t, data, len))
		return 0;
	fine = is_success(t) && request_streams_out(&t->req) ?
	    give_sink(t, data, len) : give_memory(t, data, len);
	return fine ? len : 0;
}

void
receive_end(struct transfer *t)
{
	if (t->answer_taken || t->res->status == 0)
		return;
	reply_end(&t->reply, t->res);
	if (is_success(t) && request_streams_out(&t->req))
		begin_sink(t);
}
