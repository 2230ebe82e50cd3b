/*
 * Progress of uploads and downloads: what, how much of how much, how fast. A
 * line that is written over, and taken away at the end.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "cmd/output.h"
#include "cmd/transfers.h"
#include "lib/base/clock.h"
#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/target/target.h"

/* What is over in a moment needs no line. */
enum { FIRST_MS = 500, EACH_MS = 100, NAME_MAX_SHOWN = 40 };

static struct {
	int64_t began, from;	/* monotonic; bytes that were there then */
	int64_t last;		/* when it was shown last */
	bool going, shown;
} state;

static void
add_amount(struct strbuf *line, int64_t done, int64_t total, int64_t now)
{
	int64_t ms = now - state.began;

	output_size(line, done);
	if (total > 0) {
		strbuf_addstr(line, " of ");
		output_size(line, total);
		strbuf_addf(line, "  %d%%", (int)(100.0 * (double)done /
		    (double)total));
	}
	if (done > state.from && ms > 0) {
		strbuf_addstr(line, "  ");
		output_size(line, (int64_t)((double)(done - state.from) *
		    1000 / (double)ms));
		strbuf_addstr(line, "/s");
	}
}

static void
progress(void *arg, const char *what, int64_t done, int64_t total)
{
	int64_t now = clock_monotonic_ms();
	struct strbuf line = STRBUF_INIT;

	(void)arg;
	if (!state.going || done < state.from) {
		state.began = now;
		state.from = done;
		state.last = now + FIRST_MS - EACH_MS;
		state.going = true;
	}
	if (now - state.last < EACH_MS)
		return;
	state.last = now;
	state.shown = true;
	strbuf_addstr(&line, "\r\033[K");
	/* A name comes from a server, or from a file system. */
	for (; *what != '\0' && line.len < NAME_MAX_SHOWN; what++)
		strbuf_addch(&line, *what > ' ' && *what < 0x7f ? *what : '?');
	strbuf_addstr(&line, "  ");
	add_amount(&line, done, total, now);
	write_full(STDERR_FILENO, line.buf, line.len);
	strbuf_release(&line);
}

static void
end(void *arg)
{
	(void)arg;
	if (state.shown)
		write_full(STDERR_FILENO, "\r\033[K", 4);
	state.going = state.shown = false;
}

const struct transfer *
transfers_shown(void)
{
	static const struct transfer shown = { NULL, progress, end };

	return err_verbosity() == NORMAL && isatty(STDERR_FILENO) ? &shown :
	    NULL;
}
