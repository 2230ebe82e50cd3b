/*
 * Tokens that a program of the user's prints. What it says on stderr is the
 * user's to see; what it prints on stdout is a secret until it is sent.
 */
#include "lib/base/compat.h"

#include <sys/mman.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/process.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/login/config.h"
#include "lib/flyte/login/flows.h"
#include "lib/flyte/login/token.h"

enum { LIMIT_MS = 60 * 1000, POLL_MS = 10, OUTPUT_MAX = 64 << 10 };

extern char **environ;

/* False if it was killed for its time, or because of a signal to us. */
static bool
wait_for(pid_t pid, struct process_end *end)
{
	int64_t start = clock_monotonic_ms();
	bool in_time = true;

	while (!process_reap(pid, end)) {
		if (in_time && (signals_caught() != 0 ||
		    clock_monotonic_ms() - start >= LIMIT_MS)) {
			in_time = false;
			process_signal_group(pid, SIGKILL);
		}
		signals_sleep(POLL_MS);
	}
	return in_time;
}

static enum status
judge(const char *key, const char *name, bool in_time,
    const struct process_end *end)
{
	if (!in_time && signals_caught() != 0)
		return error(EXIT_DENIED, "%s: '%s' was broken off", key, name);
	if (!in_time)
		return error(EXIT_DENIED, "%s: '%s' printed no token within "
		    "%d s", key, name, LIMIT_MS / 1000);
	if (end->signal != 0)
		return error(EXIT_DENIED, "%s: '%s' was killed by signal %d",
		    key, name, end->signal);
	if (end->exit_code != 0)
		return error(EXIT_DENIED, "%s: '%s' ended with exit status %d",
		    key, name, end->exit_code);
	return EXIT_DONE;
}

static enum status
take(const char *key, const char *name, int fd, struct strbuf *token)
{
	struct strbuf text = STRBUF_INIT;
	enum status status = EXIT_DONE;
	const char *start;

	if (lseek(fd, 0, SEEK_SET) < 0 ||
	    read_fd(fd, &text, OUTPUT_MAX) != 0) {
		status = error_errno(EXIT_DENIED, "%s: cannot read what '%s' "
		    "printed", key, name);
	} else {
		strbuf_rtrim(&text);
		start = text.buf + strspn(text.buf, " \t\r\n");
		if (*start == '\0')
			status = error(EXIT_DENIED, "%s: '%s' printed no "
			    "token", key, name);
		else if (!token_is_clean(start) ||
		    strlen(text.buf) != text.len)
			status = error(EXIT_DENIED, "%s: what '%s' printed is "
			    "no token: it is to be one word of ASCII", key,
			    name);
		else
			strbuf_addstr(token, start);
	}
	explicit_bzero(text.buf, text.len);
	strbuf_release(&text);
	return status;
}

enum status
flow_command(const struct config_list *argv, const char *key,
    struct strbuf *token)
{
	struct process_spec spec = { (char *const *)(uintptr_t)argv->v,
	    environ, ".", -1, -1 };
	struct process_end end;
	enum status status;
	bool in_time;
	pid_t pid;
	int err;

	if (argv->n == 0)
		return error(EXIT_INPUT, "%s is not set: it is the program "
		    "that prints the token", key);
	spec.log_fd = memfd_create("token", MFD_CLOEXEC);
	if (spec.log_fd < 0)
		return error_errno(EXIT_LOCAL, "cannot make a memory file");
	err = process_spawn_apart(&spec, STDERR_FILENO, &pid);
	if (err != 0) {
		errno = err;
		status = error_errno(EXIT_INPUT, "%s: cannot start '%s'", key,
		    argv->v[0]);
	} else {
		in_time = wait_for(pid, &end);
		status = judge(key, argv->v[0], in_time, &end);
		if (status == EXIT_DONE)
			status = take(key, argv->v[0], spec.log_fd, token);
	}
	close(spec.log_fd);
	return status;
}
