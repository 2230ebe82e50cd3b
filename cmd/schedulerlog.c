/*
 * Words of the scheduler's events. Those that `schedule simulate` knows as
 * well have its names, in JSON too.
 */
#include "lib/base/compat.h"

#include "cmd/output.h"
#include "cmd/schedulerlog.h"
#include "cmd/simulated.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"

static const char *const events[] = {
	[SCHEDULER_READY] = "ready", [SCHEDULER_START] = "start",
	[SCHEDULER_WAIT] = "wait", [SCHEDULER_SKIP] = "skip",
	[SCHEDULER_CANCEL] = "cancel", [SCHEDULER_BEGIN] = "begin",
	[SCHEDULER_RESUME] = "resume", [SCHEDULER_END] = "end",
	[SCHEDULER_CLOCK] = "clock", [SCHEDULER_STOP] = "stop",
};

static void
put_details(struct json_writer *w, const struct scheduler_event *event)
{
	switch (event->what) {
	case SCHEDULER_READY:
		json_put_int(w, "schedules", event->count);
		break;
	case SCHEDULER_START:
	case SCHEDULER_WAIT:
		json_put_bool(w, "late", event->late);
		break;
	case SCHEDULER_SKIP:
		output_json_slot(w, "last_kickoff", event->skipped.to);
		json_put_int(w, "slots", event->skipped.count);
		json_put_text(w, "reason",
		    skip_reason_name(event->skipped.reason));
		break;
	case SCHEDULER_END:
		json_put_text(w, "status", run_status_name(event->status));
		json_put_text_or_null(w, "error", event->error);
		break;
	case SCHEDULER_CLOCK:
		json_put_int(w, "seconds", event->count);
		break;
	case SCHEDULER_STOP:
		json_put_int(w, "signal", event->count);
		json_put_int(w, "runs", (int64_t)event->n_runs);
		break;
	case SCHEDULER_CANCEL:
	case SCHEDULER_BEGIN:
	case SCHEDULER_RESUME:
		break;
	}
}

static void
print_json(struct strbuf *out, const struct scheduler_event *event)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_map(&w, NULL);
	output_json_time(&w, "time", event->at);
	json_put_text(&w, "event", events[event->what]);
	if (event->schedule != NULL) {
		json_put_text(&w, "schedule", event->schedule);
		output_json_slot(&w, "kickoff", event->t);
	}
	if (event->run != NULL)
		json_put_text(&w, "run", event->run);
	if (event->by != NULL)
		json_put_text(&w, "by_run", event->by);
	put_details(&w, event);
	json_end_map(&w);
}

static void
add_skip(struct strbuf *sb, const struct scheduler_event *event)
{
	struct strbuf going = STRBUF_INIT;

	if (event->by != NULL)
		strbuf_addf(&going, "run %s", event->by);
	simulated_print_skip(sb, &event->skipped,
	    going.len > 0 ? going.buf : NULL);
	strbuf_release(&going);
}

static void
add_note(struct strbuf *sb, const struct scheduler_event *event)
{
	switch (event->what) {
	case SCHEDULER_READY:
		strbuf_addf(sb, "%lld schedule%s active",
		    (long long)event->count, event->count == 1 ? "" : "s");
		break;
	case SCHEDULER_START:
		if (event->late)
			strbuf_addstr(sb, "late: made up");
		break;
	case SCHEDULER_WAIT:
		strbuf_addf(sb, "for run %s to end%s", event->by,
		    event->late ? ", to be made up" : "");
		break;
	case SCHEDULER_SKIP:
		add_skip(sb, event);
		break;
	case SCHEDULER_CANCEL:
		strbuf_addstr(sb, "replaced by a later one");
		break;
	case SCHEDULER_BEGIN:
		break;
	case SCHEDULER_RESUME:
		strbuf_addstr(sb, "whoever ran it is gone");
		break;
	case SCHEDULER_END:
		strbuf_addstr(sb, run_status_name(event->status));
		if (event->error != NULL)
			strbuf_addf(sb, ": %s", event->error);
		break;
	case SCHEDULER_CLOCK:
		strbuf_addstr(sb, "it was set ");
		elapsed_print(sb, llabs(event->count) * 1000);
		strbuf_addstr(sb, event->count < 0 ? " back" : " forward");
		break;
	case SCHEDULER_STOP:
		strbuf_addf(sb, "signal %lld; %zu run%s still go%s on",
		    (long long)event->count, event->n_runs,
		    event->n_runs == 1 ? "" : "s",
		    event->n_runs == 1 ? "es" : "");
		break;
	}
}

/* No columns: nobody knows how long the names will be. */
static void
print_line(struct strbuf *out, const struct scheduler_event *event)
{
	struct strbuf text = STRBUF_INIT;

	instant_print(out, (struct instant){ floor_div(event->at, 1000), 0 });
	strbuf_addf(out, "  %-6s", events[event->what]);
	if (event->schedule != NULL) {
		strbuf_addf(out, "  %s  ", event->schedule);
		output_time(out, event->t * 1000);
	}
	if (event->run != NULL)
		strbuf_addf(out, "  %s", event->run);
	add_note(&text, event);
	if (text.len > 0)
		strbuf_addf(out, "  %s", text.buf);
	strbuf_release(&text);
}

void
scheduler_log(void *arg, const struct scheduler_event *event)
{
	struct scheduler_log *log = arg;
	struct strbuf out = STRBUF_INIT;

	if (event->what == SCHEDULER_END && event->status != RUN_SUCCEEDED)
		log->failed = true;
	if (log->quiet && !log->json)
		return;
	if (log->json)
		print_json(&out, event);
	else
		print_line(&out, event);
	strbuf_addch(&out, '\n');
	if (log->json)
		output_write(&out);
	else
		output_masked(out.buf, out.len);
	/* Who reads a log in a file or by a pipe wants to see it now. */
	fflush(stdout);
	strbuf_release(&out);
}
