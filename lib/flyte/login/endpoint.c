/*
 * Spellings of a cluster's address. gRPC's are those of its naming document
 * (doc/naming.md): scheme, `//`, perhaps an authority, `/`, the address.
 */
#include "lib/base/compat.h"

#include <strings.h>

#include "lib/base/strbuf.h"
#include "lib/flyte/login/endpoint.h"
#include "lib/net/url.h"

/* Whether it begins so, whatever the case; then *rest is what follows. */
static bool
begins(const char *text, const char *prefix, const char **rest)
{
	size_t len = strlen(prefix);

	if (strncasecmp(text, prefix, len) != 0)
		return false;
	*rest = text + len;
	return true;
}

/* Behind `dns:` and its like: `///host`, `//server/host`, `//host`, `host`. */
static const char *
skip_authority(const char *text)
{
	const char *slash;

	if (strncmp(text, "//", 2) != 0)
		return text;
	text += 2;
	slash = strchr(text, '/');
	return slash != NULL && slash[1] != '\0' ? slash + 1 : text;
}

static const char *
strip_resolver(const char *text)
{
	static const char *const resolvers[] = { "dns:", "passthrough:" };
	const char *rest;
	size_t i;

	/* `dns:8080` is the host of that name. */
	for (i = 0; i < ARRAY_SIZE(resolvers); i++)
		if (begins(text, resolvers[i], &rest) &&
		    rest[strspn(rest, "0123456789")] != '\0')
			return skip_authority(rest);
	return text;
}

/* Two colons and no bracket: a host name with a port has only one. */
static bool
is_bare_ipv6(const char *host, size_t len)
{
	const char *colon = memchr(host, ':', len);

	return *host != '[' && colon != NULL &&
	    memchr(colon + 1, ':', len - (size_t)(colon + 1 - host)) != NULL;
}

bool
endpoint_parse(struct strbuf *origin, const char *text, bool insecure,
    const char **why)
{
	struct strbuf full = STRBUF_INIT;
	const char *rest, *host;
	struct url url;
	size_t len;
	bool fine;

	text += strspn(text, " \t");
	if (begins(text, "unix:", &rest)) {
		*why = "a socket of gRPC; the REST gateway has a host and "
		    "port";
		return false;
	}
	if (begins(text, "https://", &host)) {
		strbuf_addstr(&full, "https://");
	} else if (begins(text, "http://", &host)) {
		strbuf_addstr(&full, "http://");
	} else {
		strbuf_addstr(&full, insecure ? "http://" : "https://");
		host = strip_resolver(text);
	}
	len = strlen(host);
	while (len > 0 && strchr("/ \t\r\n", host[len - 1]) != NULL)
		len--;
	if (is_bare_ipv6(host, len))
		strbuf_addf(&full, "[%.*s]", (int)len, host);
	else
		strbuf_add(&full, host, len);
	fine = url_parse(full.buf, &url, why);
	if (fine && url.has_user)
		*why = "has a user in it";
	else if (fine && (strcmp(url.path, "/") != 0 || url.query != NULL))
		*why = "has a path behind the host";
	else if (fine)
		url_print_origin(origin, &url);
	fine = fine && !url.has_user && strcmp(url.path, "/") == 0 &&
	    url.query == NULL;
	url_release(&url);
	strbuf_release(&full);
	return fine;
}
