/*
 * Words for what a simulation does. Ends of runs are not in the table: when one
 * makes way for another, that one's row says so.
 */
#include "lib/base/compat.h"

#include "cmd/simulated.h"
#include "lib/base/clock.h"
#include "lib/base/err.h"

enum { WRITE_AT = 1 << 16 };

static const char *const columns[] = { "TIME", "SCHEDULE", "EVENT", "KICKOFF",
	"NOTE", NULL };

static const char *const events[] = {
	[SIMULATED_START] = "start", [SIMULATED_WAIT] = "wait",
	[SIMULATED_SKIP] = "skip", [SIMULATED_CANCEL] = "cancel",
	[SIMULATED_END] = "end",
};

void
simulated_output_init(struct simulated_output *output, bool json)
{
	output->json = json;
	strbuf_init(&output->text);
	table_init(&output->table, columns);
}

void
simulated_output_end(struct simulated_output *output)
{
	if (output->json)
		output_write(&output->text);
	table_end(&output->table);
	strbuf_release(&output->text);
}

void
simulated_printer_init(struct simulated_printer *printer,
    struct simulated_output *output, const char *schedule,
    const struct definition *definition)
{
	memset(printer, 0, sizeof(*printer));
	printer->output = output;
	printer->schedule = schedule;
	printer->definition = definition;
}

static void
put_skipped(struct json_writer *w, const struct simulated *event)
{
	const struct skipped *skipped = &event->skipped;

	output_json_slot(w, "last_kickoff", skipped->to);
	json_put_int(w, "slots", skipped->count);
	json_put_text(w, "reason", skip_reason_name(skipped->reason));
	if (skipped->reason == SKIP_OVERLAP)
		output_json_slot(w, "by", event->by);
}

/* What says nothing of an event is left out: there may be millions. */
static void
print_json(struct simulated_printer *p, const struct simulated *event)
{
	struct strbuf *out = &p->output->text;
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_map(&w, NULL);
	output_json_slot(&w, "time", event->at);
	json_put_text(&w, "schedule", p->schedule);
	json_put_text(&w, "event", events[event->what]);
	output_json_slot(&w, "kickoff", event->t);
	if (event->what == SIMULATED_SKIP)
		put_skipped(&w, event);
	if (event->what == SIMULATED_WAIT)
		output_json_slot(&w, "by", event->by);
	if (event->what == SIMULATED_START || event->what == SIMULATED_WAIT)
		json_put_bool(&w, "late", event->late);
	if (event->what == SIMULATED_END)
		json_put_bool(&w, "cancelled", event->cancelled);
	json_end_map(&w);
	strbuf_addch(out, '\n');
	if (out->len > WRITE_AT) {
		output_write(out);
		strbuf_reset(out);
	}
}

void
simulated_print_skip(struct strbuf *sb, const struct skipped *skipped,
    const char *going)
{
	static const char *const why[SKIP_REASONS] = {
		[SKIP_PAUSED] = "paused",
		[SKIP_REMOVED] = "removed",
		[SKIP_WINDOW] = "too old for catchup_window",
		[SKIP_CATCHUP] = "late, and catchup makes up no more",
		[SKIP_OVERLAP] = "an earlier run goes on",
		[SKIP_QUEUE] = "another one waits already",
		[SKIP_SUPERSEDED] = "a newer one takes its place",
		[SKIP_TOO_MANY] = "too many to be made up",
	};

	if (skipped->count > 1) {
		strbuf_addf(sb, "%lld slots, up to ",
		    (long long)skipped->count);
		output_time(sb, skipped->to * 1000);
		strbuf_addstr(sb, ": ");
	}
	if (skipped->reason == SKIP_OVERLAP && going != NULL)
		strbuf_addf(sb, "%s goes on", going);
	else
		strbuf_addstr(sb, why[skipped->reason]);
}

static void
note_skip(struct strbuf *sb, const struct simulated *event)
{
	struct strbuf going = STRBUF_INIT;

	strbuf_addstr(&going, "the run of ");
	output_time(&going, event->by * 1000);
	simulated_print_skip(sb, &event->skipped, going.buf);
	strbuf_release(&going);
}

static void
note_event(struct simulated_printer *p, struct strbuf *sb,
    const struct simulated *event)
{
	int64_t due = event->t + p->definition->offset;

	switch (event->what) {
	case SIMULATED_START:
		if (event->at <= due)
			break;
		elapsed_print(sb, (event->at - due) * 1000);
		strbuf_addstr(sb, event->late ? " late: made up" :
		    " after it was due");
		break;
	case SIMULATED_WAIT:
		strbuf_addstr(sb, "for the run of ");
		output_time(sb, event->by * 1000);
		strbuf_addstr(sb, event->late ? " to end, to be made up" :
		    " to end");
		break;
	case SIMULATED_SKIP:
		note_skip(sb, event);
		break;
	case SIMULATED_CANCEL:
		strbuf_addstr(sb, "replaced");
		break;
	case SIMULATED_END:
		break;
	}
}

static void
print_row(struct simulated_printer *p, const struct simulated *event)
{
	static const enum colour colours[] = {
		[SIMULATED_SKIP] = COLOUR_YELLOW,
		[SIMULATED_CANCEL] = COLOUR_YELLOW,
		[SIMULATED_END] = COLOUR_NONE,
	};
	struct table *table = &p->output->table;
	struct strbuf *sb = &p->output->text;

	strbuf_reset(sb);
	output_time(sb, event->at * 1000);
	table_add(table, sb->buf);
	table_add(table, p->schedule);
	table_add_coloured(table, events[event->what], colours[event->what]);
	strbuf_reset(sb);
	output_time(sb, event->t * 1000);
	table_add(table, sb->buf);
	strbuf_reset(sb);
	note_event(p, sb, event);
	table_add(table, sb->len > 0 ? sb->buf : "-");
}

void
simulated_print(void *arg, const struct simulated *event)
{
	struct simulated_printer *p = arg;

	p->ran += event->what == SIMULATED_START;
	p->late += event->what == SIMULATED_START && event->late;
	if (event->what == SIMULATED_SKIP)
		p->skipped += event->skipped.count;
	if (p->output->json)
		print_json(p, event);
	else if (event->what != SIMULATED_END)
		print_row(p, event);
}

void
simulated_summary(const struct simulated_printer *printer)
{
	if (!printer->output->json)
		note("%s: %lld run%s, %lld of them made up; %lld skipped",
		    printer->schedule, (long long)printer->ran,
		    printer->ran == 1 ? "" : "s", (long long)printer->late,
		    (long long)printer->skipped);
}
