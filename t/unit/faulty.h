/* A t/helper/faultserver of one's own, and what the tests of it share. */
#ifndef UNIT_FAULTY_H
#define UNIT_FAULTY_H

#include "lib/base/compat.h"

#include <sys/wait.h>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/net/http.h"

extern char **environ;

struct faulty {
	pid_t pid;
	int to, from;
	int port;
	const char *scheme;
};

/* Everything that was printed: no secret may be in it. */
static struct strbuf faulty_said = STRBUF_INIT;

static inline void
faulty_hear(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&faulty_said, text, len);
}

/* Dies where the server cannot be started: there is nothing to test then. */
static inline void
faulty_start(struct faulty *f, const char *const *options)
{
	char *argv[16] = { (char *)"python3", (char *)"t/helper/faultserver" };
	posix_spawn_file_actions_t actions;
	char line[32] = "";
	int in[2], out[2], n = 2;
	size_t got = 0;

	f->scheme = "http";
	while (options && *options && n < 15) {
		if (strcmp(*options, "--tls") == 0)
			f->scheme = "https";
		argv[n++] = (char *)(uintptr_t)*options++;
	}
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
		die(EXIT_LOCAL, "no pipes");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	if (posix_spawnp(&f->pid, "python3", &actions, NULL, argv,
	    environ) != 0)
		die(EXIT_LOCAL, "no python3");
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	f->to = in[1];
	f->from = out[0];
	while (got < sizeof(line) - 1 && !strchr(line, '\n')) {
		ssize_t k = read_some(f->from, line + got,
		    sizeof(line) - 1 - got);

		if (k <= 0)
			die(EXIT_LOCAL, "the server did not start");
		got += (size_t)k;
	}
	f->port = (int)strtol(line, NULL, 10);
}

static inline void
faulty_stop(struct faulty *f)
{
	int status;

	close(f->to);
	close(f->from);
	waitpid(f->pid, &status, 0);
}

/* `scheme://127.0.0.1:port/path`, in one of eight buffers. */
static inline PRINTF_LIKE(2, 3) const char *
faulty_url(const struct faulty *f, const char *fmt, ...)
{
	static char urls[8][512];
	static int next;
	char *url = urls[next++ % 8], path[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	snprintf(url, sizeof(urls[0]), "%s://127.0.0.1:%d%s", f->scheme,
	    f->port, path);
	return url;
}

/* Waits of seconds become some of milliseconds. */
static inline void
faulty_settings(struct http_settings *s)
{
	http_settings_init(s);
	s->haste = 50;
	/* Limits that a busy machine keeps, even under valgrind. */
	s->connect_ms = s->stall_ms = s->attempt_ms = s->retry_ms =
	    500 * 1000;
	s->proxy = "";
}

/* A port where nobody listens. */
static inline int
faulty_dead_port(void)
{
	struct faulty f;

	faulty_start(&f, NULL);
	faulty_stop(&f);
	return f.port;
}

/* How many lines of the log there are for /NAME/. */
static inline int
faulty_count(const char *log, const char *name)
{
	struct strbuf sb = STRBUF_INIT;
	char what[64];
	const char *p;
	int n = 0;

	snprintf(what, sizeof(what), " /%s/", name);
	if (read_file(log, &sb, 64 << 20) == 0)
		for (p = sb.buf; (p = strstr(p, what)) != NULL; p++)
			n++;
	strbuf_release(&sb);
	return n;
}

#endif
