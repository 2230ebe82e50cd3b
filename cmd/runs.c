/*
 * unionml runs: the subcommands' table, and `runs list`, which streams: a
 * store of many runs is printed in bounded memory.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/times.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/suggest.h"

enum { SHOWN_ID = 12 };

static struct {
	const char *schedule, *workflow, *status, *since;
	long limit;
} o = { .limit = 20 };

static const char *const workflows[] = { "train", "predict",
	"predict_from_features", NULL };
static const char *const statuses[] = { "pending", "running", "interrupted",
	"succeeded", "failed", "aborted", NULL };

static const struct opt list_options[] = {
	{ OPT_STRING, 0, "schedule", &o.schedule, "NAME",
	    "only runs of this schedule", "schedule", NULL },
	{ OPT_CHOICE, 0, "workflow", &o.workflow, "WORKFLOW",
	    "only runs of train, predict or predict_from_features", NULL,
	    workflows },
	{ OPT_CHOICE, 0, "status", &o.status, "STATUS",
	    "only pending, running, interrupted, succeeded, failed or aborted",
	    NULL, statuses },
	{ OPT_STRING, 0, "since", &o.since, "T|D",
	    "only runs since a time, or within the last D: 7d", NULL, NULL },
	{ OPT_COUNT, 0, "limit", &o.limit, "N",
	    "only the N newest (default 20; 0: all)", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

struct printer {
	struct strbuf out, cell;
	struct json_writer json;
	bool as_json, coloured;
	size_t rows;
};

/* Text and blanks up to the next column: printf would double the time. */
static void
cell(struct strbuf *out, const char *text, size_t len, size_t width)
{
	static const char blanks[] = "                        ";

	strbuf_add(out, text, len);
	strbuf_add(out, blanks, (len < width ? width - len : 0) + 2);
}

static void
print_row(struct printer *p, const struct run *run)
{
	const char *status = run_status_name(run->status);
	const char *schedule = run->schedule != NULL ? run->schedule : "-";
	struct strbuf *out = &p->out, *text = &p->cell;

	cell(out, run->id, strnlen(run->id, SHOWN_ID), SHOWN_ID);
	cell(out, run->workflow, strlen(run->workflow), 21);
	strbuf_addstr(out, output_colour(p->coloured,
	    output_status_colour(run->status)));
	cell(out, status, strlen(status), 11);
	strbuf_addstr(out, output_colour(p->coloured, COLOUR_NONE));
	strbuf_reset(text);
	output_time(text, run->started_at);
	cell(out, text->buf, text->len, 20);
	strbuf_reset(text);
	if (run->started_at != 0 && run->ended_at != 0)
		elapsed_print(text, run->ended_at - run->started_at);
	else
		strbuf_addch(text, '-');
	cell(out, text->buf, text->len, 6);
	cell(out, schedule, strlen(schedule), 16);
	strbuf_addstr(out, run->app_version != NULL ? run->app_version :
	    "(working tree)");
	strbuf_addch(out, '\n');
}

static enum status
each(void *arg, const struct run *run)
{
	struct printer *p = arg;

	if (!p->as_json && p->rows == 0)
		strbuf_addf(&p->out, "%-*s  %-21s  %-11s  %-20s  %-6s  %-16s"
		    "  %s\n", SHOWN_ID, "ID", "WORKFLOW", "STATUS", "STARTED",
		    "TOOK", "SCHEDULE", "VERSION");
	if (p->as_json) {
		json_begin_map(&p->json, NULL);
		run_write_json(&p->json, run);
		json_end_map(&p->json);
	} else {
		print_row(p, run);
	}
	p->rows++;
	if (p->out.len > 1 << 16) {
		output_write(&p->out);
		strbuf_reset(&p->out);
	}
	return EXIT_DONE;
}

static enum status
run_list(struct context *context, const struct strvec *operands)
{
	struct run_filter filter = { .schedule = o.schedule,
	    .workflow = o.workflow, .status = -1, .limit = o.limit };
	struct printer p = { .as_json = context->globals.json };
	enum run_status wanted;
	enum status status;

	(void)operands;
	if (o.status != NULL && run_status_from_name(o.status, &wanted))
		filter.status = (int)wanted;
	if (o.since != NULL &&
	    (status = parse_since("--since", o.since,
	    &filter.since_ms)) != EXIT_DONE)
		return status;
	strbuf_init(&p.out);
	strbuf_init(&p.cell);
	p.coloured = output_coloured(STDOUT_FILENO);
	json_writer_init(&p.json, &p.out, true);
	if (p.as_json)
		json_begin_list(&p.json, NULL);
	status = context->target->ops->list(context->target, &filter, each,
	    &p);
	if (p.as_json) {
		json_end_list(&p.json);
		strbuf_addch(&p.out, '\n');
	} else if (p.rows == 0 && status == EXIT_DONE) {
		note("no runs");
	}
	if (status == EXIT_DONE)
		output_write(&p.out);
	strbuf_release(&p.out);
	strbuf_release(&p.cell);
	return status;
}

const struct cmd cmd_runs_list = {
	.name = "list",
	.synopsis = "[--schedule NAME] [--workflow WORKFLOW] "
	    "[--status STATUS] [--since T|D] [--limit N]",
	.summary = "list runs, the newest first",
	.needs = CMD_NEEDS_READ,
	.options = list_options,
	.run = run_list,
};

static const struct cmd *const subcommands[] = {
	&cmd_runs_list,
	&cmd_runs_show,
	&cmd_runs_watch,
	&cmd_runs_log,
	&cmd_runs_stop,
	&cmd_runs_retry,
	&cmd_runs_gc,
	NULL
};

const struct cmd cmd_runs = {
	.name = "runs",
	.synopsis = "[list|show|watch|log|stop|retry|gc] [arguments]",
	.summary = "list runs, look into them, stop or retry them",
	.complete = "subcommand",
	.sub = subcommands,
};
