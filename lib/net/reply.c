/*
 * The header fields that somebody asks for (RFC 9110 sections 6.6.1, 8.3, 8.6,
 * 8.8.3, 10.2.2, 10.2.3, 14.4). The others are looked at by nobody, and not
 * kept.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/net/http.h"
#include "lib/net/httpdate.h"
#include "lib/net/reply.h"

void
reply_reset(struct reply *reply, struct http_response *res)
{
	free(res->content_type);
	free(res->location);
	free(res->etag);
	free(reply->retry_after);
	res->content_type = res->location = res->etag = NULL;
	res->status = 0;
	res->retry_after = res->total = res->date = -1;
	reply->retry_after = NULL;
	reply->length = reply->range_from = -1;
}

/* Digits alone, up to what fits; -1 otherwise. */
static int64_t
parse_size(const char *text, size_t len)
{
	int64_t n = 0;
	size_t i;

	if (len == 0 || len > 18)
		return -1;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + (text[i] - '0');
	}
	return n;
}

/* `HTTP/1.1 200 OK`, `HTTP/2 200` */
static void
status_line(struct http_response *res, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);

	if (blank && len - (size_t)(blank - line) > 3 &&
	    parse_size(blank + 1, 3) >= 100)
		res->status = (int)parse_size(blank + 1, 3);
}

/* `bytes 5-9/10`; an unknown total, and the range of a 416, are a star. */
static void
content_range(struct reply *reply, struct http_response *res,
    const char *value)
{
	const char *slash = strchr(value, '/');
	size_t digits;

	if (strncasecmp(value, "bytes ", 6) != 0 || !slash)
		return;
	value += 6 + strspn(value + 6, " ");
	digits = strspn(value, "0123456789");
	if (value[digits] == '-')
		reply->range_from = parse_size(value, digits);
	res->total = parse_size(slash + 1, strlen(slash + 1));
}

static void
keep(char **where, const char *value)
{
	free(*where);
	*where = xstrdup(value);
}

static void
field(struct reply *reply, struct http_response *res, const char *name,
    const char *value)
{
	int64_t now = clock_now().sec;

	if (strcasecmp(name, "content-type") == 0)
		keep(&res->content_type, value);
	else if (strcasecmp(name, "location") == 0)
		keep(&res->location, value);
	else if (strcasecmp(name, "etag") == 0)
		keep(&res->etag, value);
	else if (strcasecmp(name, "retry-after") == 0)
		keep(&reply->retry_after, value);
	else if (strcasecmp(name, "content-length") == 0)
		reply->length = parse_size(value, strlen(value));
	else if (strcasecmp(name, "content-range") == 0)
		content_range(reply, res, value);
	else if (strcasecmp(name, "date") == 0 &&
	    !httpdate_parse(value, now, &res->date))
		res->date = -1;
}

void
reply_line(struct reply *reply, struct http_response *res, const char *line,
    size_t len)
{
	char *copy, *value;
	size_t name;

	while (len > 0 && isspace((unsigned char)line[len - 1]))
		len--;
	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		reply_reset(reply, res);
		status_line(res, line, len);
		return;
	}
	copy = xstrndup(line, len);
	name = strcspn(copy, ":");
	if (copy[name] == ':') {
		copy[name] = '\0';
		value = copy + name + 1;
		value += strspn(value, " \t");
		field(reply, res, copy, value);
	}
	free(copy);
}

/* A date to wait for is by the server's clock, where it tells that. */
void
reply_end(struct reply *reply, struct http_response *res)
{
	int64_t now = res->date >= 0 ? res->date : clock_now().sec;

	if (reply->retry_after)
		res->retry_after = httpdate_retry_after(reply->retry_after,
		    now);
	if (res->total < 0 && res->status != 206)
		res->total = reply->length;
}
