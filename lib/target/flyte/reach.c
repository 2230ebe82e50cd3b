/* Names and ports, by the system's resolver and sockets. */
#include "lib/base/compat.h"

#include <sys/socket.h>

#include <netdb.h>
#include <poll.h>
#include <strings.h>
#include <unistd.h>

#include "lib/base/strbuf.h"
#include "lib/net/redact.h"
#include "lib/net/url.h"
#include "lib/target/flyte/reach.h"
#include "lib/target/setup.h"

enum { CONNECT_MS = 10 * 1000, ADDRESSES_SHOWN = 4 };

static void
tell(const struct target_listener *l, const char *name, bool failed,
    const char *text)
{
	struct target_check check = { name, failed, text };

	l->check(l->arg, &check);
}

static const char *
variable(const char *lower, const char *upper)
{
	const char *value = getenv(lower);

	if ((value == NULL || *value == '\0') && upper != NULL)
		value = getenv(upper);
	return value != NULL && *value != '\0' ? value : NULL;
}

/* A suffix in the list of names between commas and blanks, or `*`. */
static bool
is_exempt(const char *host, const char *list)
{
	size_t len, host_len = strlen(host);

	for (; list != NULL && *list != '\0'; list += len) {
		list += strspn(list, ", ");
		len = strcspn(list, ", ");
		if (len == 1 && *list == '*')
			return true;
		if (len > 0 && *list == '.') {
			list++;
			len--;
		}
		if (len > 0 && len <= host_len &&
		    strncasecmp(host + host_len - len, list, len) == 0 &&
		    (len == host_len || host[host_len - len - 1] == '.'))
			return true;
	}
	return false;
}

/* As libcurl takes it: HTTP_PROXY counts in lower case only. */
static const char *
find_proxy(const struct url *url)
{
	const char *proxy = url->tls ? variable("https_proxy", "HTTPS_PROXY") :
	    variable("http_proxy", NULL);

	if (proxy == NULL)
		proxy = variable("all_proxy", "ALL_PROXY");
	if (proxy != NULL && is_exempt(url->host, variable("no_proxy",
	    "NO_PROXY")))
		proxy = NULL;
	return proxy;
}

static void
add_address(struct strbuf *sb, const struct addrinfo *a)
{
	char host[NI_MAXHOST];

	if (getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof(host), NULL, 0,
	    NI_NUMERICHOST) == 0)
		strbuf_addf(sb, "%s%s", sb->len > 0 ? ", " : "", host);
}

/* 0, or an errno value. */
static int
try_connect(const struct addrinfo *a)
{
	socklen_t len = sizeof(int);
	struct pollfd p = { -1, POLLOUT, 0 };
	int err = 0, n;

	p.fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	if (p.fd < 0)
		return errno;
	if (connect(p.fd, a->ai_addr, a->ai_addrlen) != 0)
		err = errno;
	if (err == EINPROGRESS) {
		do
			n = poll(&p, 1, CONNECT_MS);
		while (n < 0 && errno == EINTR);
		if (n == 0)
			err = ETIMEDOUT;
		else if (n < 0 || getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &err,
		    &len) != 0)
			err = errno;
	}
	close(p.fd);
	return err;
}

static enum status
connect_any(const struct url *url, const struct addrinfo *list,
    const struct target_listener *l)
{
	struct strbuf at = STRBUF_INIT, text = STRBUF_INIT;
	const struct addrinfo *a;
	enum status status = EXIT_DONE;
	int err = 0;

	url_print_authority(&at, url);
	for (a = list; a != NULL; a = a->ai_next)
		if ((err = try_connect(a)) == 0)
			break;
	if (err == 0) {
		strbuf_addf(&text, "port %d is open", url->port);
		tell(l, "tcp", false, text.buf);
	} else {
		tell(l, "tcp", true, strerror(err));
		errno = err;
		status = error_errno(EXIT_NETWORK, "cannot reach %s", at.buf);
		hint("is it the right port, and does a firewall or VPN stand "
		    "between?");
	}
	strbuf_release(&at);
	strbuf_release(&text);
	return status;
}

static enum status
look_up(const struct url *url, struct addrinfo **list,
    const struct target_listener *l)
{
	struct strbuf text = STRBUF_INIT;
	const struct addrinfo *a;
	struct addrinfo hints;
	enum status status = EXIT_DONE;
	char port[16];
	int rc, n = 0;

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	snprintf(port, sizeof(port), "%d", url->port);
	rc = getaddrinfo(url->host, port, &hints, list);
	if (rc != 0) {
		*list = NULL;
		tell(l, "dns", true, gai_strerror(rc));
		status = error(EXIT_NETWORK, "there is no address of '%s': %s",
		    url->host, gai_strerror(rc));
		hint("is admin.endpoint spelled right, and is a VPN needed?");
		return status;
	}
	for (a = *list; a != NULL && n < ADDRESSES_SHOWN; a = a->ai_next, n++)
		add_address(&text, a);
	tell(l, "dns", false, text.buf);
	strbuf_release(&text);
	return status;
}

enum status
reach_test(const char *origin, const struct target_listener *listener)
{
	enum status status = EXIT_DONE;
	struct addrinfo *list = NULL;
	struct strbuf text = STRBUF_INIT;
	const char *why, *proxy;
	struct url url;

	if (!url_parse(origin, &url, &why))
		BUG("'%s' is no URL: %s", origin, why);
	proxy = find_proxy(&url);
	if (proxy != NULL) {
		strbuf_addstr(&text, "through ");
		redact_url(&text, proxy, false);
		tell(listener, "proxy", false, text.buf);
	} else {
		status = look_up(&url, &list, listener);
		if (status == EXIT_DONE)
			status = connect_any(&url, list, listener);
	}
	if (list != NULL)
		freeaddrinfo(list);
	strbuf_release(&text);
	url_release(&url);
	return status;
}
