/*
 * Messages on stderr. Each is put together in one buffer and written at once,
 * so that those of two processes do not mix, and text that came from outside
 * cannot steer the terminal.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/err.h"

enum { MESSAGE_MAX = 8192 };

static enum verbosity verbosity;
static void (*sink)(void *, const char *, size_t);
static void *sink_arg;
static int stdout_errno;

void
err_set_verbosity(enum verbosity v)
{
	verbosity = v;
}

enum verbosity
err_verbosity(void)
{
	return verbosity;
}

void
err_set_sink(void (*fn)(void *, const char *, size_t), void *arg)
{
	sink = fn;
	sink_arg = arg;
}

/* What was printed before comes before, where both go to one file. */
static void
flush_stdout(void)
{
	int saved = errno;

	if (fflush(stdout) != 0)
		stdout_errno = errno;
	errno = saved;
}

int
err_stdout_errno(void)
{
	return stdout_errno;
}

static void
put(const char *text, size_t len)
{
	ssize_t n;

	if (sink) {
		sink(sink_arg, text, len);
		return;
	}
	flush_stdout();
	while (len > 0) {
		n = write(STDERR_FILENO, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/* Control characters but tab and newline become '?'; so does C1 in UTF-8. */
static void
mask(char *text, size_t len)
{
	unsigned char c;
	size_t i;

	for (i = 0; i < len; i++) {
		c = (unsigned char)text[i];
		if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
			text[i] = '?';
		else if (c == 0xc2 && i + 1 < len &&
		    (unsigned char)text[i + 1] >= 0x80 &&
		    (unsigned char)text[i + 1] < 0xa0)
			text[i] = text[i + 1] = '?';
	}
}

void
err_line(const char *text, size_t len)
{
	char buf[MESSAGE_MAX];
	size_t n;

	while (len > sizeof(buf) - 1) {
		n = sizeof(buf) - 1;
		/* What `mask` looks at in pairs stays together. */
		n -= (unsigned char)text[n - 1] == 0xc2;
		memcpy(buf, text, n);
		mask(buf, n);
		put(buf, n);
		text += n;
		len -= n;
	}
	memcpy(buf, text, len);
	mask(buf, len);
	buf[len++] = '\n';
	put(buf, len);
}

static PRINTF_LIKE(3, 0) void
message(const char *prefix, int err, const char *fmt, va_list ap)
{
	char buf[MESSAGE_MAX];
	size_t len;
	int n;

	n = snprintf(buf, sizeof(buf), "%s", prefix);
	len = n < 0 ? 0 : (size_t)n;
	n = vsnprintf(buf + len, sizeof(buf) - len, fmt, ap);
	if (n > 0)
		len += (size_t)n;
	if (len >= sizeof(buf))
		len = sizeof(buf) - 1;
	if (err != 0) {
		n = snprintf(buf + len, sizeof(buf) - len, ": %s",
		    strerror(err));
		if (n > 0)
			len += (size_t)n;
		if (len >= sizeof(buf))
			len = sizeof(buf) - 1;
	}
	err_line(buf, len);
}

enum status
error(enum status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message("unionml: error: ", 0, fmt, ap);
	va_end(ap);
	return status;
}

enum status
error_errno(enum status status, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	message("unionml: error: ", saved, fmt, ap);
	va_end(ap);
	errno = saved;
	return status;
}

void
warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message("unionml: warning: ", 0, fmt, ap);
	va_end(ap);
}

void
hint(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message("  ", 0, fmt, ap);
	va_end(ap);
}

void
note(const char *fmt, ...)
{
	va_list ap;

	if (verbosity <= QUIET)
		return;
	va_start(ap, fmt);
	message("", 0, fmt, ap);
	va_end(ap);
}

void
detail(const char *fmt, ...)
{
	va_list ap;

	if (verbosity < VERBOSE)
		return;
	va_start(ap, fmt);
	message("", 0, fmt, ap);
	va_end(ap);
}

void
die(enum status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message("unionml: error: ", 0, fmt, ap);
	va_end(ap);
	exit((int)status);
}

void
bug_at(const char *file, int line, const char *fmt, ...)
{
	char prefix[256];
	va_list ap;

	snprintf(prefix, sizeof(prefix), "unionml: bug: %s:%d: ", file, line);
	va_start(ap, fmt);
	message(prefix, 0, fmt, ap);
	va_end(ap);
	abort();
}
