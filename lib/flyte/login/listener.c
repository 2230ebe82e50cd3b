/*
 * Several connections at a time, since browsers open some that they never use.
 * Of a request only the first line is looked at: path, state, code or error.
 * The rest is read all the same: to close on unread bytes resets a connection,
 * and the browser would show that in place of the answer.
 */
#include "lib/base/compat.h"

#include <sys/socket.h>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/signals.h"
#include "lib/base/span.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/listener.h"
#include "lib/net/url.h"

enum { SOCKETS_MAX = 2, CLIENTS_MAX = 16, HEAD_MAX = 64 << 10,
	TICK_MS = 1000 };

struct client {
	int fd;			/* -1: free */
	struct strbuf head;	/* of its request, as far as it came */
};

struct listener {
	struct url url;		/* the redirect URI */
	int fd[SOCKETS_MAX];
	size_t n;
	struct client client[CLIENTS_MAX];
	size_t next;		/* whom a new one replaces if all are busy */
};

static int
listen_at(const struct addrinfo *address)
{
	int fd, on = 1;

	fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, address->ai_addr, address->ai_addrlen) != 0 ||
	    listen(fd, CLIENTS_MAX) != 0) {
		on = errno;
		close(fd);
		errno = on;
		return -1;
	}
	return fd;
}

/* One address of `localhost` is enough where the machine has no IPv6. */
static enum status
listen_all(struct listener *l, const char *uri)
{
	static const char *const both[] = { "127.0.0.1", "::1" };
	struct addrinfo hints, *address;
	bool is_name = strcmp(l->url.host, "localhost") == 0;
	size_t i, n = is_name ? ARRAY_SIZE(both) : 1;
	char port[16];
	int err = EADDRNOTAVAIL;

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	snprintf(port, sizeof(port), "%d", l->url.port);
	for (i = 0; i < n; i++) {
		if (getaddrinfo(is_name ? both[i] : l->url.host, port, &hints,
		    &address) != 0)
			continue;
		l->fd[l->n] = listen_at(address);
		if (l->fd[l->n] >= 0)
			l->n++;
		else if (errno == EADDRINUSE || i == 0)
			err = errno;
		freeaddrinfo(address);
	}
	if (l->n > 0 && err != EADDRINUSE)
		return EXIT_DONE;
	errno = err;
	error_errno(EXIT_LOCAL, "cannot listen at port %d for the login",
	    l->url.port);
	hint("the cluster sends browsers to '%s'; free that port, or use "
	    "authType DeviceFlow or ClientSecret", uri);
	return EXIT_LOCAL;
}

enum status
listener_open(struct listener **listener, const char *redirect_uri)
{
	struct listener *l = xcalloc(1, sizeof(*l));
	const char *why;
	size_t i;

	*listener = l;
	for (i = 0; i < CLIENTS_MAX; i++) {
		l->client[i].fd = -1;
		strbuf_init(&l->client[i].head);
	}
	if (!url_parse(redirect_uri, &l->url, &why))
		return error(EXIT_DENIED, "the cluster's redirect_uri '%s' "
		    "is no URL: %s", redirect_uri, why);
	if (l->url.tls || !url_host_is_loopback(l->url.host))
		return error(EXIT_DENIED, "the cluster sends browsers to '%s', "
		    "which is not http on this machine: use authType "
		    "DeviceFlow or ClientSecret", redirect_uri);
	return listen_all(l, redirect_uri);
}

static void
drop_client(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	explicit_bzero(client->head.buf, client->head.len);
	strbuf_reset(&client->head);
}

void
listener_close(struct listener *listener)
{
	size_t i;

	if (listener == NULL)
		return;
	for (i = 0; i < CLIENTS_MAX; i++) {
		drop_client(&listener->client[i]);
		strbuf_release(&listener->client[i].head);
	}
	for (i = 0; i < listener->n; i++)
		close(listener->fd[i]);
	url_release(&listener->url);
	free(listener);
}

int
listener_port(const struct listener *listener)
{
	return listener->url.port;
}

static void
accept_one(struct listener *l, int fd)
{
	size_t i;
	int got = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (got < 0)
		return;
	for (i = 0; i < CLIENTS_MAX && l->client[i].fd >= 0; i++)
		;
	if (i == CLIENTS_MAX) {
		i = l->next++ % CLIENTS_MAX;
		drop_client(&l->client[i]);
	}
	l->client[i].fd = got;
}

/* The decoded value of a parameter of the query; false if there is none. */
static bool
parameter(const char *query, const char *name, struct strbuf *value)
{
	size_t len = strlen(name), part;

	for (;; query += part + 1) {
		part = strcspn(query, "&");
		if (part > len && strncmp(query, name, len) == 0 &&
		    query[len] == '=')
			return url_decode(value, query + len + 1,
			    part - len - 1, true);
		if (query[part] == '\0')
			return false;
	}
}

static void
answer(int fd, const char *status, const char *text)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "HTTP/1.1 %s\r\nContent-Type: text/html\r\n"
	    "Content-Length: %zu\r\nCache-Control: no-store\r\n"
	    "Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n%s",
	    status, strlen(text), text);
	/* A client that does not take these few bytes is not waited for. */
	send(fd, sb.buf, sb.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(fd, SHUT_WR);
	strbuf_release(&sb);
}

/* The answer of the authorization server, whose state was right. */
static enum status
take_answer(int fd, const char *query, struct strbuf *code)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT;
	enum status status = EXIT_DONE;

	if (parameter(query, "code", code) && code->len > 0) {
		answer(fd, "200 OK", "<!DOCTYPE html><title>unionml</title>"
		    "<p>You are logged in. This window can be closed.\n");
	} else {
		answer(fd, "200 OK", "<!DOCTYPE html><title>unionml</title>"
		    "<p>The login failed. The terminal tells why.\n");
		parameter(query, "error", &name);
		parameter(query, "error_description", &text);
		status = error(EXIT_DENIED, "the login was refused: %s%s%s",
		    name.len > 0 ? name.buf : "no code came back",
		    text.len > 0 ? ": " : "", text.buf);
	}
	strbuf_release(&name);
	strbuf_release(&text);
	return status;
}

/* A whole head of a request. True if it is the one waited for. */
static bool
serve(struct listener *l, struct client *client, const char *state,
    struct strbuf *code, enum status *status)
{
	struct strbuf given = STRBUF_INIT;
	char *target = client->head.buf, *end, *query;
	bool found = false;

	if (strncmp(target, "GET ", 4) != 0) {
		answer(client->fd, "405 Method Not Allowed", "");
		return false;
	}
	target += 4;
	end = target + strcspn(target, " \r\n");
	*end = '\0';
	query = target + strcspn(target, "?");
	if (*query != '\0')
		*query++ = '\0';
	if (strcmp(target, l->url.path) != 0) {
		answer(client->fd, "404 Not Found", "");
	} else if (!parameter(query, "state", &given) ||
	    strcmp(given.buf, state) != 0) {
		answer(client->fd, "400 Bad Request", "<!DOCTYPE html>"
		    "<title>unionml</title><p>This is of another login.\n");
	} else {
		*status = take_answer(client->fd, query, code);
		found = true;
	}
	strbuf_release(&given);
	return found;
}

/* True if the wait is over. */
static bool
read_client(struct listener *l, struct client *client, const char *state,
    struct strbuf *code, enum status *status)
{
	char buf[4096];
	ssize_t n = read_some(client->fd, buf, sizeof(buf));
	bool over;

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return false;
	if (n > 0)
		strbuf_add(&client->head, buf, (size_t)n);
	if (memmem(client->head.buf, client->head.len, "\r\n\r\n", 4) == NULL) {
		if (n > 0 && client->head.len < HEAD_MAX)
			return false;
		if (n > 0)
			answer(client->fd, "431 Request Header Fields Too "
			    "Large", "");
		drop_client(client);
		return false;
	}
	over = serve(l, client, state, code, status);
	drop_client(client);
	return over;
}

static size_t
gather(const struct listener *l, struct pollfd *fds)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++, n++)
		fds[n] = (struct pollfd){ l->fd[i], POLLIN, 0 };
	for (i = 0; i < CLIENTS_MAX; i++, n++)
		fds[n] = (struct pollfd){ l->client[i].fd, POLLIN, 0 };
	return n;
}

static enum status
too_late(int64_t timeout_ms)
{
	struct span span = { timeout_ms / 1000, 0 };
	struct strbuf text = STRBUF_INIT;

	span_print(&text, span);
	error(EXIT_DENIED, "nobody logged in within %s", text.buf);
	hint("pkceConfig.timeout of the configuration says how long to wait");
	strbuf_release(&text);
	return EXIT_DENIED;
}

enum status
listener_wait(struct listener *listener, const char *state,
    int64_t timeout_ms, struct strbuf *code)
{
	const struct timespec tick = { TICK_MS / 1000, 0 };
	struct pollfd fds[SOCKETS_MAX + CLIENTS_MAX];
	int64_t start = clock_monotonic_ms();
	enum status status = EXIT_DENIED;
	size_t i, n;
	sigset_t none;

	sigemptyset(&none);
	for (;;) {
		if (signals_caught() != 0)
			return error(EXIT_DENIED, "the login was broken off");
		if (clock_monotonic_ms() - start >= timeout_ms)
			return too_late(timeout_ms);
		n = gather(listener, fds);
		if (ppoll(fds, n, &tick, &none) <= 0)
			continue;
		for (i = listener->n; i < n; i++)
			if (fds[i].fd >= 0 && fds[i].revents != 0 &&
			    read_client(listener,
			    &listener->client[i - listener->n], state, code,
			    &status))
				return status;
		for (i = 0; i < listener->n; i++)
			if (fds[i].revents != 0)
				accept_one(listener, listener->fd[i]);
	}
}
