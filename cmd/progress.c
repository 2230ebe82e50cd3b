/* Progress of a run on stderr. */
#include "lib/base/compat.h"

#include <unistd.h>

#include "cmd/output.h"
#include "cmd/progress.h"
#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"

static void
clear(struct progress *p)
{
	if (p->shown)
		write_full(STDERR_FILENO, "\r\033[K", 4);
	p->shown = false;
}

static void
forget(struct progress *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (strcmp(p->running[i].name, name) == 0) {
			p->running[i] = p->running[--p->n];
			return;
		}
}

static void
remember(struct progress *p, const char *name)
{
	if (p->n >= PROGRESS_NODES)
		return;
	snprintf(p->running[p->n].name, sizeof(p->running[p->n].name), "%s",
	    name);
	p->running[p->n++].since = clock_monotonic_ms();
}

static const char *
outcome(enum node_event event, const struct node_run *node)
{
	if (event == NODE_TAKEN)
		return "taken over";
	if (event == NODE_RETRIED)
		return "failed";
	return node->status == RUN_SUCCEEDED ? "ok" :
	    run_status_name(node->status);
}

static void
print_node(struct progress *p, enum node_event event,
    const struct node_run *node, int64_t took_ms)
{
	enum run_status shown = event == NODE_RETRIED ? RUN_FAILED :
	    node->status;
	struct strbuf line = STRBUF_INIT, took = STRBUF_INIT;
	bool ok = shown == RUN_SUCCEEDED;

	if (event == NODE_TAKEN)
		strbuf_addch(&took, '-');
	else
		elapsed_print(&took, took_ms);
	strbuf_addf(&line, "%-16s %7s  %s%s%s", node->name, took.buf,
	    output_colour(p->coloured, output_status_colour(shown)),
	    outcome(event, node), output_colour(p->coloured, COLOUR_NONE));
	if (shown == RUN_FAILED && node->error != NULL)
		strbuf_addf(&line, ": %s", node->error);
	if (event == NODE_RETRIED)
		strbuf_addf(&line, ", attempt %lld; trying again",
		    (long long)node->attempts);
	else if (node->attempts > 1)
		strbuf_addf(&line, ", attempt %lld",
		    (long long)node->attempts);
	if (ok && event != NODE_TAKEN && node->max_rss > 0) {
		strbuf_addstr(&line, "   ");
		output_size(&line, node->max_rss);
	}
	if (event == NODE_TAKEN && node->taken_from != NULL)
		strbuf_addf(&line, " from %s", node->taken_from);
	strbuf_addch(&line, '\n');
	write_full(STDERR_FILENO, line.buf, line.len);
	strbuf_release(&line);
	strbuf_release(&took);
}

static void
on_node(void *arg, enum node_event event, const struct node_run *node,
    int64_t took_ms)
{
	struct progress *p = arg;

	clear(p);
	if (event == NODE_STARTED) {
		remember(p, node->name);
		return;
	}
	forget(p, node->name);
	if (node->attempts > 0 || event == NODE_TAKEN)
		print_node(p, event, node, took_ms);
}

static void
on_tick(void *arg)
{
	int64_t now = clock_monotonic_ms();
	struct strbuf line = STRBUF_INIT;
	struct progress *p = arg;
	size_t i;

	if (p->n == 0)
		return;
	strbuf_addstr(&line, "\r\033[K");
	for (i = 0; i < p->n; i++) {
		strbuf_addf(&line, "%s%s ", i > 0 ? ", " : "",
		    p->running[i].name);
		elapsed_print(&line, now - p->running[i].since);
	}
	write_full(STDERR_FILENO, line.buf, line.len);
	p->shown = true;
	strbuf_release(&line);
}

void
progress_init(struct progress *progress)
{
	memset(progress, 0, sizeof(*progress));
	if (err_verbosity() <= QUIET)
		return;
	progress->terminal = isatty(STDERR_FILENO);
	progress->coloured = output_coloured(STDERR_FILENO);
	progress->observer.arg = progress;
	progress->observer.node = on_node;
	if (progress->terminal)
		progress->observer.tick = on_tick;
}

void
progress_end(struct progress *progress)
{
	clear(progress);
}
