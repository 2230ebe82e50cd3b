/*
 * URLs of http and https (RFC 3986). The parser takes what a client may dial,
 * not all that the grammar allows: it is the gate through which every URL of
 * a request and of a redirect goes.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/net/url.h"

static bool
is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

static bool
refuse(const char **why, const char *text)
{
	*why = text;
	return false;
}

static bool
parse_port(const char *text, size_t len, int *port)
{
	size_t i;
	int n = 0;

	if (len == 0 || len > 5)
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		n = n * 10 + (text[i] - '0');
	}
	*port = n;
	return n >= 1 && n <= 65535;
}

/* Letters of names and of IPv4; within brackets those of IPv6. */
static bool
parse_host(const char *text, size_t len, bool bracketed, char **host)
{
	size_t i;

	if (len == 0 || len > 255)
		return false;
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (bracketed ? !isxdigit(c) && c != ':' && c != '.' :
		    !is_unreserved(c) || c == '~')
			return false;
	}
	*host = xstrndup(text, len);
	for (i = 0; i < len; i++)
		(*host)[i] = (char)tolower((unsigned char)(*host)[i]);
	return true;
}

/* `[user@]host[:port]` */
static bool
parse_authority(const char *text, size_t len, struct url *url,
    const char **why)
{
	const char *at = memrchr(text, '@', len), *end;
	bool bracketed;

	if (at) {
		url->has_user = true;
		len -= (size_t)(at + 1 - text);
		text = at + 1;
	}
	bracketed = len > 0 && text[0] == '[';
	if (bracketed) {
		end = memchr(text, ']', len);
		if (!end || !parse_host(text + 1, (size_t)(end - text - 1),
		    true, &url->host))
			return refuse(why, "a bad IPv6 address");
		end++;
	} else {
		end = memchr(text, ':', len);
		if (!end)
			end = text + len;
		if (!parse_host(text, (size_t)(end - text), false, &url->host))
			return refuse(why, end == text ? "there is no host" :
			    "a bad host name");
	}
	len -= (size_t)(end - text);
	if (len == 0)
		return true;
	if (end[0] != ':' || !parse_port(end + 1, len - 1, &url->port))
		return refuse(why, "a bad port");
	return true;
}

bool
url_parse(const char *text, struct url *url, const char **why)
{
	const char *p;
	size_t len;

	memset(url, 0, sizeof(*url));
	for (p = text; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return refuse(why, "blanks, control characters and "
			    "bytes beyond ASCII must be percent-encoded");
	if (strncasecmp(text, "https://", 8) == 0) {
		url->tls = true;
		url->port = 443;
		p = text + 8;
	} else if (strncasecmp(text, "http://", 7) == 0) {
		url->port = 80;
		p = text + 7;
	} else {
		return refuse(why, "it must begin with http:// or https://");
	}
	len = strcspn(p, "/?#");
	if (!parse_authority(p, len, url, why))
		return false;
	p += len;
	len = strcspn(p, "?#");
	if (p[len] == '#' || strchr(p + len, '#'))
		return refuse(why, "a fragment (#) is never sent");
	url->path = len > 0 ? xstrndup(p, len) : xstrdup("/");
	if (p[len] == '?')
		url->query = xstrdup(p + len + 1);
	return true;
}

void
url_release(struct url *url)
{
	free(url->host);
	free(url->path);
	free(url->query);
	memset(url, 0, sizeof(*url));
}

static void
print_host(struct strbuf *sb, const char *host)
{
	if (strchr(host, ':'))
		strbuf_addf(sb, "[%s]", host);
	else
		strbuf_addstr(sb, host);
}

void
url_print_origin(struct strbuf *sb, const struct url *url)
{
	strbuf_addstr(sb, url->tls ? "https://" : "http://");
	print_host(sb, url->host);
	if (url->port != (url->tls ? 443 : 80))
		strbuf_addf(sb, ":%d", url->port);
}

void
url_print_authority(struct strbuf *sb, const struct url *url)
{
	print_host(sb, url->host);
	strbuf_addf(sb, ":%d", url->port);
}

bool
url_same_origin(const char *a, const char *b)
{
	struct url x, y;
	const char *why;
	bool same = false;

	memset(&y, 0, sizeof(y));
	if (url_parse(a, &x, &why) && url_parse(b, &y, &why))
		same = x.tls == y.tls && x.port == y.port &&
		    strcmp(x.host, y.host) == 0;
	url_release(&x);
	url_release(&y);
	return same;
}

bool
url_host_is_loopback(const char *host)
{
	int a, b, c, d, n = 0;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
		return true;
	return sscanf(host, "%3d.%3d.%3d.%3d%n", &a, &b, &c, &d, &n) == 4 &&
	    host[n] == '\0' && a == 127;
}

/* Removes `.` and `..` (RFC 3986 section 5.2.4) from a path. */
static void
add_path(struct strbuf *sb, const char *path)
{
	size_t base = sb->len, len;
	bool dots;

	while (*path == '/') {
		len = strcspn(path + 1, "/");
		dots = len == 2 && path[1] == '.' && path[2] == '.';
		if (dots || (len == 1 && path[1] == '.')) {
			while (dots && sb->len > base &&
			    sb->buf[sb->len - 1] != '/')
				strbuf_setlen(sb, sb->len - 1);
			if (dots && sb->len > base)
				strbuf_setlen(sb, sb->len - 1);
			if (path[len + 1] == '\0')
				strbuf_addch(sb, '/');
		} else {
			strbuf_add(sb, path, len + 1);
		}
		path += len + 1;
	}
}

/* A reference that begins neither with a scheme nor with `//`. */
static void
add_relative(struct strbuf *sb, const struct url *base, const char *reference)
{
	struct strbuf path = STRBUF_INIT;
	size_t len = strcspn(reference, "?");

	url_print_origin(sb, base);
	if (len == 0) {
		strbuf_addstr(sb, base->path);
		if (*reference == '\0' && base->query)
			strbuf_addf(sb, "?%s", base->query);
	} else {
		if (*reference != '/')
			strbuf_add(&path, base->path, (size_t)(strrchr(
			    base->path, '/') + 1 - base->path));
		strbuf_add(&path, reference, len);
		add_path(sb, path.buf);
	}
	strbuf_addstr(sb, reference + len);
	strbuf_release(&path);
}

bool
url_resolve(struct strbuf *sb, const char *base, const char *reference)
{
	size_t start = sb->len;
	struct url url, got;
	const char *why;
	char *ref = xstrndup(reference, strcspn(reference, "#"));
	size_t scheme = strspn(ref, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
	bool fine = url_parse(base, &url, &why);

	if (fine) {
		if (scheme > 0 && ref[scheme] == ':')
			strbuf_addstr(sb, ref);
		else if (strncmp(ref, "//", 2) == 0)
			strbuf_addf(sb, "%s:%s", url.tls ? "https" : "http",
			    ref);
		else
			add_relative(sb, &url, ref);
		fine = url_parse(sb->buf + start, &got, &why);
		url_release(&got);
	}
	if (!fine)
		strbuf_setlen(sb, start);
	url_release(&url);
	free(ref);
	return fine;
}

static void
encode(struct strbuf *sb, const char *text, bool dots)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_unreserved(c) && !(dots && c == '.'))
			strbuf_addch(sb, (char)c);
		else
			strbuf_addf(sb, "%%%02X", c);
	}
}

void
url_encode(struct strbuf *sb, const char *text)
{
	encode(sb, text, strcmp(text, ".") == 0 || strcmp(text, "..") == 0);
}

void
url_add_segment(struct strbuf *sb, const char *segment)
{
	strbuf_addch(sb, '/');
	url_encode(sb, segment);
}

static void
add_pair(struct strbuf *sb, const char *name, const char *value)
{
	encode(sb, name, false);
	strbuf_addch(sb, '=');
	encode(sb, value, false);
}

void
url_add_query(struct strbuf *sb, const char *name, const char *value)
{
	strbuf_addch(sb, strchr(sb->buf, '?') ? '&' : '?');
	add_pair(sb, name, value);
}

void
url_add_form(struct strbuf *sb, const char *name, const char *value)
{
	if (sb->len > 0)
		strbuf_addch(sb, '&');
	add_pair(sb, name, value);
}

static int
hex(char c)
{
	const char *digits = "0123456789abcdef", *at;

	at = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));
	return at ? (int)(at - digits) : -1;
}

bool
url_decode(struct strbuf *sb, const char *text, size_t len, bool form)
{
	size_t start = sb->len, i;
	int c;

	for (i = 0; i < len; i++) {
		c = (unsigned char)text[i];
		if (c == '%') {
			if (len - i < 3 || hex(text[i + 1]) < 0 ||
			    hex(text[i + 2]) < 0)
				break;
			c = hex(text[i + 1]) * 16 + hex(text[i + 2]);
			i += 2;
		} else if (c == '+' && form) {
			c = ' ';
		}
		if (c == '\0')
			break;
		strbuf_addch(sb, (char)c);
	}
	if (i == len)
		return true;
	strbuf_setlen(sb, start);
	return false;
}
