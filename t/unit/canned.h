/* A FlyteAdmin of canned answers, and a target that asks it. */
#ifndef UNIT_CANNED_H
#define UNIT_CANNED_H

#include "lib/base/compat.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <netinet/in.h>

#include <signal.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/net/http.h"
#include "lib/target/flyte/flyte.h"

/*
 * For requests whose path begins so; of several rows the first that was not
 * used up: `times`, or 0 for any number.
 */
struct canned {
	const char *path;
	int status;
	const char *body;
	int times;
};

static pid_t canned_server;
static struct strbuf canned_said = STRBUF_INIT;
static struct app canned_app = { .name = "a" };
static struct target_decl canned_decl = { .name = "there" };

static inline void
canned_hear(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&canned_said, text, len);
}

static inline const struct canned *
canned_find(const struct canned *rows, int *used, const char *path)
{
	static const struct canned none = { "", 404, "{\"code\":5,"
	    "\"message\":\"no such thing\"}", 0 };
	size_t i;

	for (i = 0; rows[i].path != NULL; i++)
		if (strncmp(path, rows[i].path, strlen(rows[i].path)) == 0 &&
		    (rows[i].times == 0 || used[i]++ < rows[i].times))
			return &rows[i];
	return &none;
}

static inline void NORETURN
canned_serve(int listener, const struct canned *rows)
{
	const struct canned *row;
	struct strbuf out = STRBUF_INIT;
	char request[8192], *path;
	int used[64] = { 0 }, fd;
	ssize_t n;

	for (;;) {
		fd = accept(listener, NULL, NULL);
		n = fd >= 0 ? read(fd, request, sizeof(request) - 1) : -1;
		if (n > 0) {
			request[n] = '\0';
			path = strchr(request, ' ');
			row = canned_find(rows, used, path != NULL ? path + 1 :
			    "");
			strbuf_reset(&out);
			strbuf_addf(&out, "HTTP/1.1 %d X\r\nContent-Length: "
			    "%zu\r\nContent-Type: application/json\r\n"
			    "Connection: close\r\n\r\n%s", row->status,
			    strlen(row->body), row->body);
			write_full(fd, out.buf, out.len);
		}
		if (fd >= 0)
			close(fd);
	}
}

/* The server ends with the target. */
static inline void
canned_open(struct flyte *flyte, const struct canned *rows)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	struct http_settings settings;
	socklen_t len = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&at, len) != 0 ||
	    listen(listener, 64) != 0 ||
	    getsockname(listener, (struct sockaddr *)&at, &len) != 0)
		die(EXIT_LOCAL, "no server: %s", strerror(errno));
	canned_server = fork();
	if (canned_server == 0)
		canned_serve(listener, rows);
	close(listener);
	memset(flyte, 0, sizeof(*flyte));
	http_settings_init(&settings);
	settings.haste = 20;
	settings.proxy = "";
	flyte->target.ops = &flyte_target;
	flyte->app = &canned_app;
	flyte->decl = &canned_decl;
	flyte->project = xstrdup("p");
	flyte->domain = xstrdup("d");
	flyte->origin = xasprintf("http://127.0.0.1:%d", ntohs(at.sin_port));
	flyte->haste = settings.haste;
	flyte->http = http_open(&settings);
	strbuf_reset(&canned_said);
	err_set_sink(canned_hear, NULL);
}

static inline void
canned_close(struct flyte *flyte)
{
	err_set_sink(NULL, NULL);
	kill(canned_server, SIGKILL);
	waitpid(canned_server, NULL, 0);
	http_close(flyte->http);
	free(flyte->project);
	free(flyte->domain);
	free(flyte->origin);
}

#endif
