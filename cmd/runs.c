/*
 * unionml runs: the subcommands' table, and `runs list`, which streams: a
 * store of many runs is printed in bounded memory.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/runs.h"
#include "cmd/table.h"
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

static const char *const columns[] = { "ID", "WORKFLOW", "STATUS", "STARTED",
	"TOOK", "SCHEDULE", "VERSION", NULL };

struct printer {
	struct table table;
	struct strbuf text;		/* of a cell, or all of the JSON */
	struct json_writer json;
	bool as_json;
	size_t rows;
};

static const char *
cell(struct printer *p)
{
	return p->text.len > 0 ? p->text.buf : "-";
}

static void
add_row(struct printer *p, const struct run *run)
{
	struct table *table = &p->table;

	strbuf_reset(&p->text);
	strbuf_add(&p->text, run->id, strnlen(run->id, SHOWN_ID));
	table_add(table, cell(p));
	table_add(table, run->workflow);
	table_add_coloured(table, run_status_name(run->status),
	    output_status_colour(run->status));
	strbuf_reset(&p->text);
	output_time(&p->text, run->started_at);
	table_add(table, cell(p));
	strbuf_reset(&p->text);
	if (run->started_at != 0 && run->ended_at != 0)
		elapsed_print(&p->text, run->ended_at - run->started_at);
	table_add(table, cell(p));
	table_add(table, run->schedule != NULL ? run->schedule : "-");
	table_add(table, run->app_version != NULL ? run->app_version : "-");
}

static enum status
each(void *arg, const struct run *run)
{
	struct printer *p = arg;

	p->rows++;
	if (!p->as_json) {
		add_row(p, run);
		return EXIT_DONE;
	}
	json_begin_map(&p->json, NULL);
	run_write_json(&p->json, run);
	json_end_map(&p->json);
	if (p->text.len > 1 << 16) {
		output_write(&p->text);
		strbuf_reset(&p->text);
	}
	return EXIT_DONE;
}

enum status
runs_print(struct context *context, const struct run_filter *filter)
{
	struct printer p = { .as_json = context->globals.json };
	enum status status;

	table_init(&p.table, columns);
	strbuf_init(&p.text);
	json_writer_init(&p.json, &p.text, true);
	if (p.as_json)
		json_begin_list(&p.json, NULL);
	status = context->target->ops->list(context->target, filter, each,
	    &p);
	if (p.as_json) {
		json_end_list(&p.json);
		strbuf_addch(&p.text, '\n');
		output_write(&p.text);
	} else if (p.rows == 0 && status == EXIT_DONE) {
		note("no runs");
	}
	table_end(&p.table);
	strbuf_release(&p.text);
	return status;
}

static enum status
run_list(struct context *context, const struct strvec *operands)
{
	struct run_filter filter = { .schedule = o.schedule,
	    .workflow = o.workflow, .status = -1, .limit = o.limit };
	enum run_status wanted;
	enum status status;

	(void)operands;
	if (o.status != NULL && run_status_from_name(o.status, &wanted))
		filter.status = (int)wanted;
	if (o.since != NULL && (status = parse_since("--since", o.since,
	    &filter.since_ms)) != EXIT_DONE)
		return status;
	return runs_print(context, &filter);
}

const struct cmd cmd_runs_list = {
	.name = "list",
	.synopsis = "[--schedule NAME] [--workflow WORKFLOW] "
	    "[--status STATUS] [--since T|D] [--limit N]",
	.summary = "list runs, the newest first",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
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
