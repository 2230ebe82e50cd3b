/*
 * unionml schedule backfill: runs for the slots that have none. It says what
 * it is about to do, then prints a line for each run that has ended.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/times.h"
#include "lib/base/clock.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/target/backfill.h"

static struct {
	const char *from, *to, *reprocess;
	long max_active;
	bool dry_run;
} o = { .max_active = 1 };

static const char *const reprocessed[] = { "none", "failed", NULL };

static const struct opt backfill_options[] = {
	{ OPT_STRING, 0, "from", &o.from, "T", "slots at T or later", NULL,
	    NULL },
	{ OPT_STRING, 0, "to", &o.to, "T", "and before T", NULL, NULL },
	{ OPT_CHOICE, 0, "reprocess", &o.reprocess, "none|failed",
	    "run those again, too, that failed or were aborted", NULL,
	    reprocessed },
	{ OPT_COUNT, 0, "max-active", &o.max_active, "N",
	    "keep N runs going at once (default: 1)", NULL, NULL },
	{ OPT_FLAG, 'n', "dry-run", &o.dry_run, NULL,
	    "only show what would be run", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

struct telling {
	struct context *context;
	const char *schedule;
	bool coloured;
	int64_t count[RUN_STATUSES];
};

static void
print_line_json(struct strbuf *out, const struct run *run)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_map(&w, NULL);
	run_write_json(&w, run);
	json_put_text_or_null(&w, "error", run->error);
	json_end_map(&w);
}

static void
print_line(struct telling *t, struct strbuf *out, int64_t kickoff,
    const struct run *run)
{
	const char *colour = output_colour(t->coloured,
	    output_status_colour(run->status));

	output_time(out, kickoff * 1000);
	strbuf_addf(out, "  %s  %s%s%s", run->id, colour,
	    run->status == RUN_SUCCEEDED ? "ok" :
	    run_status_name(run->status), *colour != '\0' ?
	    output_colour(t->coloured, COLOUR_NONE) : "");
	if (run->started_at != 0 && run->ended_at != 0) {
		strbuf_addstr(out, "  ");
		elapsed_print(out, run->ended_at - run->started_at);
	}
	if (run->error != NULL)
		strbuf_addf(out, "  %s", run->error);
}

static void
ended(void *arg, int64_t kickoff, const struct run *run)
{
	struct telling *t = arg;
	struct strbuf out = STRBUF_INIT;

	t->count[run->status]++;
	if (t->context->globals.json)
		print_line_json(&out, run);
	else
		print_line(t, &out, kickoff, run);
	strbuf_addch(&out, '\n');
	output_write(&out);
	fflush(stdout);
	strbuf_release(&out);
}

static void
add_count(struct strbuf *sb, int64_t n, const char *noun)
{
	if (n > 0)
		strbuf_addf(sb, "%s%lld %s", sb->len > 0 ? ", " : "",
		    (long long)n, noun);
}

/* What there is to do, in numbers. */
static void
tell_plan(const struct backfill *b)
{
	struct strbuf sb = STRBUF_INIT;
	int64_t count[AUDIT_STATES] = { 0 }, unowned = 0;
	size_t i;

	for (i = 0; i < b->n; i++) {
		count[b->slot[i].state]++;
		unowned += b->slot[i].unowned;
	}
	for (i = 0; i < AUDIT_STATES; i++)
		add_count(&sb, count[i], audit_state_name((enum audit_state)i));
	if (b->n > 0)
		note("%s: %zu slot%s to run: %s", b->schedule, b->n,
		    b->n == 1 ? "" : "s", sb.buf);
	else
		note("%s: nothing to run", b->schedule);
	strbuf_reset(&sb);
	for (i = 0; i < AUDIT_STATES; i++)
		add_count(&sb, b->count[i] - count[i],
		    audit_state_name((enum audit_state)i));
	if (sb.len > 0)
		note("left alone: %s", sb.buf);
	if (unowned > 0)
		note("%lld of them lie%s before the first activation, and "
		    "run%s by the definition that is in force now",
		    (long long)unowned, unowned == 1 ? "s" : "",
		    unowned == 1 ? "s" : "");
	if (!b->reprocess && b->count[AUDIT_FAILED] +
	    b->count[AUDIT_ABORTED] > 0)
		note("--reprocess failed runs those again, too, that failed "
		    "or were aborted");
	strbuf_release(&sb);
}

static enum status
print_plan(struct context *context, const struct backfill *b)
{
	struct strbuf out = STRBUF_INIT;
	enum status status = EXIT_DONE;
	struct json_writer w;
	size_t i;

	json_writer_init(&w, &out, true);
	if (context->globals.json)
		json_begin_list(&w, NULL);
	for (i = 0; i < b->n; i++) {
		const char *state = audit_state_name(b->slot[i].state);

		if (context->globals.json) {
			json_begin_map(&w, NULL);
			json_put_text(&w, "schedule", b->schedule);
			output_json_slot(&w, "kickoff", b->slot[i].t);
			json_put_text(&w, "state", state);
			json_end_map(&w);
			continue;
		}
		output_time(&out, b->slot[i].t * 1000);
		strbuf_addf(&out, "  %s\n", state);
	}
	if (context->globals.json) {
		json_end_list(&w);
		strbuf_addch(&out, '\n');
	}
	output_write(&out);
	strbuf_release(&out);
	if (context->target->ops->dry_run != NULL &&
	    err_verbosity() >= VERBOSE)
		status = backfill_show(context->target, b);
	note("nothing was run");
	return status;
}

static enum status
fill(struct context *context, struct backfill *b)
{
	struct telling t = { .context = context, .schedule = b->schedule,
	    .coloured = output_coloured(STDOUT_FILENO) };
	struct strbuf sb = STRBUF_INIT;
	enum status status;
	int signum, i;

	b->arg = &t;
	b->ended = ended;
	status = backfill_run(context->target, b, &signum);
	for (i = 0; i < RUN_STATUSES; i++)
		add_count(&sb, t.count[i],
		    run_status_name((enum run_status)i));
	if (b->n > 0)
		note("%s: %s", b->schedule, sb.len > 0 ? sb.buf :
		    "no run has ended");
	strbuf_release(&sb);
	if (signum != 0) {
		note("the same command goes on with it");
		backfill_release(b);
		context_tear_down(context);
		signals_raise(signum);
	}
	return status;
}

static enum status
read_options(struct backfill *b)
{
	struct instant from, to;
	enum status status;

	if (o.from == NULL || o.to == NULL)
		return error(EXIT_USAGE, "backfill wants --from T and --to T");
	if ((status = parse_instant("--from", o.from, &from)) != EXIT_DONE ||
	    (status = parse_instant("--to", o.to, &to)) != EXIT_DONE)
		return status;
	b->from = from.sec + (from.nsec > 0);
	b->to = to.sec + (to.nsec > 0);
	if (b->from >= b->to)
		return error(EXIT_USAGE, "nothing lies between --from and "
		    "--to");
	if (o.max_active == 0)
		return error(EXIT_USAGE, "--max-active 0 would run nothing");
	b->max_active = (size_t)o.max_active;
	b->reprocess = o.reprocess != NULL &&
	    strcmp(o.reprocess, "failed") == 0;
	return EXIT_DONE;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct backfill b = { .schedule = operands->v[0] };
	enum status status = read_options(&b);

	if (status != EXIT_DONE)
		return status;
	b.stop = context->target->ops->type == TARGET_LOCAL;
	status = backfill_plan(context->target, &b);
	if (status == EXIT_DONE) {
		tell_plan(&b);
		status = o.dry_run ? print_plan(context, &b) :
		    fill(context, &b);
	}
	backfill_release(&b);
	return status;
}

const struct cmd cmd_schedule_backfill = {
	.name = "backfill",
	.synopsis = "NAME --from T --to T [--reprocess none|failed] "
	    "[--max-active N] [-n]",
	.summary = "run the slots that have no run",
	.needs = CMD_NEEDS_WRITE,
	.of_store = true,
	.options = backfill_options,
	.min_operands = 1,
	.max_operands = 1,
	.complete = "schedule",
	.run = run,
};
