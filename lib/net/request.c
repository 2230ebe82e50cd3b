/*
 * Requests and responses as values: their defaults, and copies that outlive
 * what they were made from.
 */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/net/request.h"

void
http_request_init(struct http_request *req, enum http_method method,
    const char *url)
{
	memset(req, 0, sizeof(*req));
	req->method = method;
	req->url = url;
	req->body_fd = req->sink_fd = -1;
	req->range_total = -1;
	req->retry = method == HTTP_GET ? HTTP_RETRY_READ :
	    method == HTTP_POST ? HTTP_RETRY_NEVER : HTTP_RETRY_WRITE;
}

/* The strings are const for those who make a request, not for who copies. */
static void
drop(const void *p)
{
	free((void *)(uintptr_t)p);
}

void
request_copy(struct http_request *to, const struct http_request *from)
{
	const char **lines;
	char *body;
	size_t n = 0;

	*to = *from;
	to->url = xstrdup(from->url);
	if (from->range_etag)
		to->range_etag = xstrdup(from->range_etag);
	if (from->headers) {
		while (from->headers[n])
			n++;
		lines = xcalloc(n + 1, sizeof(*lines));
		while (n-- > 0)
			lines[n] = xstrdup(from->headers[n]);
		to->headers = lines;
	}
	if (from->body_fd < 0 && from->body) {
		body = xmalloc((size_t)from->body_len + 1);
		memcpy(body, from->body, (size_t)from->body_len);
		to->body = body;
	}
}

void
request_release(struct http_request *req)
{
	size_t i;

	drop(req->url);
	drop(req->range_etag);
	for (i = 0; req->headers && req->headers[i]; i++)
		drop(req->headers[i]);
	drop(req->headers);
	if (req->body_fd < 0)
		drop(req->body);
	memset(req, 0, sizeof(*req));
}

const char *
request_method(const struct http_request *req)
{
	static const char *const names[] = { "GET", "POST", "PUT", "DELETE" };

	return names[req->method];
}

bool
request_has_line(const struct http_request *req, const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; req->headers && req->headers[i]; i++)
		if (strncasecmp(req->headers[i], name, len) == 0 &&
		    req->headers[i][len] == ':')
			return true;
	return false;
}

bool
request_streams_out(const struct http_request *req)
{
	return req->sink_fd >= 0 || req->sink != NULL;
}

void
http_response_init(struct http_response *res)
{
	memset(res, 0, sizeof(*res));
	strbuf_init(&res->body);
	res->retry_after = res->total = res->date = -1;
}

void
http_response_release(struct http_response *res)
{
	strbuf_release(&res->body);
	free(res->content_type);
	free(res->location);
	free(res->etag);
	free(res->problem);
	free(res->next_step);
	http_response_init(res);
}
