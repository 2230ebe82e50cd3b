/*
 * unionml schedule audit: what became of every slot that was due. A line for
 * each schedule with the numbers, below it what is not as it should be;
 * neighbours with the same fate share a line, so that an outage of a year is
 * one. Exit status 1 makes it an alert.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/schedules.h"
#include "cmd/times.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/target/scheduling.h"

enum { WEEK = 7 * 86400, LATE = 60, WRITE_AT = 1 << 16, HINTS = 5 };

static struct {
	const char *since, *until;
	struct strvec allowed;
} o = { .allowed = STRVEC_INIT };

static const struct opt audit_options[] = {
	{ OPT_STRING, 0, "since", &o.since, "T|D",
	    "slots from a time on, or of the last D (default: 7d)", NULL,
	    NULL },
	{ OPT_STRING, 0, "until", &o.until, "T", "slots before T", NULL,
	    NULL },
	{ OPT_STRINGS, 0, "allow", &o.allowed, "STATE",
	    "do not exit with 1 for failed, aborted, missed, duplicate or "
	    "unknown", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

/* Slots beside each other with one fate. */
struct stretch {
	enum audit_state state;
	int64_t first, last, n;		/* n 0: none yet */
	bool one;			/* it has a run, and stands alone */
	struct strbuf text;
};

/* What a backfill would run. */
struct range {
	int64_t from, last;
};

struct report {
	struct context *context;
	bool allowed[AUDIT_STATES];
	bool bad;
	bool coloured;
	struct json_writer json;
	struct strbuf out;		/* of JSON; or a schedule's lines */
	struct strbuf text;		/* of a line */
	char *schedule;			/* the present one; NULL: none yet */
	int64_t count[AUDIT_STATES];
	struct stretch stretch;
	struct range *missed;
	size_t n_missed, cap_missed;
	bool extend;			/* the last range may go on */
	struct strvec seen;
};

static void
put_slot(struct report *r, const struct audited *a)
{
	struct json_writer *w = &r->json;

	json_begin_map(w, NULL);
	json_put_text(w, "schedule", a->schedule);
	output_json_slot(w, "kickoff", a->t);
	json_put_text(w, "state", audit_state_name(a->state));
	json_put_text_or_null(w, "run", a->run);
	json_put_int(w, "attempts", a->attempts);
	if (a->has_delay)
		json_put_int(w, "delay", a->delay);
	else
		json_put_null(w, "delay");
	json_put_text_or_null(w, "version", a->version);
	json_put_text_or_null(w, "reason", a->reason);
	json_end_map(w);
	if (r->out.len > WRITE_AT) {
		output_write(&r->out);
		strbuf_reset(&r->out);
	}
}

static const char *
tint(const struct report *r, enum audit_state state)
{
	if (audit_is_bad(state))
		return output_colour(r->coloured, r->allowed[state] ?
		    COLOUR_YELLOW : COLOUR_RED);
	return state == AUDIT_OK ? output_colour(r->coloured, COLOUR_GREEN) :
	    "";
}

static void
end_stretch(struct report *r)
{
	struct stretch *s = &r->stretch;
	const char *colour = tint(r, s->state);

	if (s->n == 0)
		return;
	strbuf_addf(&r->out, "  %s%-9s%s  ", colour,
	    audit_state_name(s->state), *colour != '\0' ?
	    output_colour(r->coloured, COLOUR_NONE) : "");
	output_time(&r->out, s->first * 1000);
	if (s->n > 1) {
		strbuf_addf(&r->out, "  %lld slots up to ", (long long)s->n);
		output_time(&r->out, s->last * 1000);
	}
	if (s->text.len > 0)
		strbuf_addf(&r->out, "  %s", s->text.buf);
	strbuf_addch(&r->out, '\n');
	s->n = 0;
}

/* What components and servers said may have any bytes in it. */
static void
mask(struct strbuf *sb)
{
	size_t i;

	for (i = 0; i < sb->len; i++)
		if ((unsigned char)sb->buf[i] < 0x20 || sb->buf[i] == 0x7f)
			sb->buf[i] = '?';
}

/* What a line says behind its time. */
static void
describe(struct strbuf *sb, const struct audited *a)
{
	/* Its reason says who ran it. */
	bool twice = a->state == AUDIT_DUPLICATE && a->reason != NULL;
	const char *gap = "  ";

	if (a->run != NULL && !twice)
		strbuf_addstr(sb, a->run);
	else
		gap = "";
	if (a->reason != NULL) {
		strbuf_addf(sb, "%s%s", gap, a->reason);
		gap = ", ";
	}
	if (a->attempts > 1 && !twice) {
		strbuf_addf(sb, "%s%d attempts", gap, a->attempts);
		gap = ", ";
	}
	if (a->has_delay && a->delay > LATE) {
		strbuf_addstr(sb, gap);
		elapsed_print(sb, a->delay * 1000);
		strbuf_addstr(sb, " late");
	}
	mask(sb);
}

static void
add_line(struct report *r, const struct audited *a)
{
	struct stretch *s = &r->stretch;

	strbuf_reset(&r->text);
	describe(&r->text, a);
	if (s->n == 0 || s->one || a->run != NULL || s->state != a->state ||
	    strcmp(s->text.buf, r->text.buf) != 0) {
		end_stretch(r);
		s->state = a->state;
		s->first = a->t;
		s->one = a->run != NULL;
		strbuf_reset(&s->text);
		strbuf_add(&s->text, r->text.buf, r->text.len);
	}
	s->last = a->t;
	s->n++;
}

/* A backfill runs whatever has no run: no such slot may lie in its range. */
static void
note_missed(struct report *r, const struct audited *a)
{
	if (a->state != AUDIT_MISSED || a->about) {
		r->extend &= a->run != NULL || a->state == AUDIT_DUE;
		return;
	}
	if (!r->extend) {
		ALLOC_GROW(r->missed, r->n_missed, r->cap_missed);
		r->missed[r->n_missed++].from = a->t;
		r->extend = true;
	}
	r->missed[r->n_missed - 1].last = a->t;
}

static void
tell_backfill(const struct report *r)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < r->n_missed && i < HINTS; i++) {
		strbuf_reset(&sb);
		schedules_add_backfill(&sb, r->schedule,
		    r->missed[i].from, r->missed[i].last);
		note("%s: %s", i == 0 ? "to run what was missed" : "and",
		    sb.buf);
	}
	if (r->n_missed > HINTS)
		note("and %zu more stretches", r->n_missed - HINTS);
	strbuf_release(&sb);
}

/* Of the present schedule: the numbers, what is wrong, the way out. */
static void
end_schedule(struct report *r)
{
	struct strbuf sum = STRBUF_INIT;
	const char *gap = ": ";
	int64_t total = 0;
	int i;

	if (r->schedule == NULL)
		return;
	end_stretch(r);
	for (i = 0; i < AUDIT_STATES; i++)
		total += r->count[i];
	strbuf_addf(&sum, "%s  %lld due", r->schedule, (long long)total);
	for (i = 0; i < AUDIT_STATES; i++) {
		if (r->count[i] == 0)
			continue;
		strbuf_addf(&sum, "%s%lld %s", gap, (long long)r->count[i],
		    audit_state_name((enum audit_state)i));
		gap = ", ";
	}
	strbuf_addch(&sum, '\n');
	output_write(&sum);
	output_write(&r->out);
	tell_backfill(r);
	strbuf_release(&sum);
}

static void
begin_schedule(struct report *r, const char *name)
{
	end_schedule(r);
	free(r->schedule);
	r->schedule = name != NULL ? xstrdup(name) : NULL;
	if (name != NULL)
		strvec_push(&r->seen, name);
	memset(r->count, 0, sizeof(r->count));
	strbuf_reset(&r->out);
	r->n_missed = 0;
	r->extend = false;
}

static enum status
each(void *arg, const struct audited *a)
{
	struct report *r = arg;

	r->bad |= audit_is_bad(a->state) && !r->allowed[a->state];
	if (r->context->globals.json) {
		put_slot(r, a);
		return EXIT_DONE;
	}
	if (r->schedule == NULL || strcmp(r->schedule, a->schedule) != 0)
		begin_schedule(r, a->schedule);
	r->count[a->state]++;
	note_missed(r, a);
	if (a->state != AUDIT_OK || r->context->globals.verbose)
		add_line(r, a);
	else
		end_stretch(r);
	return EXIT_DONE;
}

/* Those asked for of which nothing was due, too. */
static void
tell_rest(struct report *r, const struct strvec *names)
{
	size_t i;

	begin_schedule(r, NULL);
	for (i = 0; i < names->n; i++)
		if (!strvec_contains(&r->seen, names->v[i]))
			printf("%s  0 due\n", names->v[i]);
	if (r->seen.n == 0 && names->n == 0)
		note("no slot was due");
}

static enum status
audit(struct context *context, const struct audit_request *request,
    struct report *r)
{
	const struct schedule_ops *ops = context->target->ops->schedules;
	enum status status;

	strbuf_init(&r->out);
	strbuf_init(&r->text);
	strbuf_init(&r->stretch.text);
	strvec_init(&r->seen);
	r->coloured = output_coloured(STDOUT_FILENO);
	json_writer_init(&r->json, &r->out, true);
	if (context->globals.json)
		json_begin_list(&r->json, NULL);
	status = ops->audit(context->target, request, each, r);
	if (context->globals.json) {
		json_end_list(&r->json);
		strbuf_addch(&r->out, '\n');
		output_write(&r->out);
	} else if (status == EXIT_DONE) {
		tell_rest(r, request->names);
	}
	strbuf_release(&r->out);
	strbuf_release(&r->text);
	strbuf_release(&r->stretch.text);
	strvec_release(&r->seen);
	free(r->schedule);
	free(r->missed);
	return status == EXIT_DONE && r->bad ? EXIT_RUN : status;
}

static enum status
read_allowed(bool *allowed)
{
	enum audit_state state;
	size_t i;

	for (i = 0; i < o.allowed.n; i++) {
		if (!audit_state_from_name(o.allowed.v[i], &state) ||
		    !audit_is_bad(state))
			return error(EXIT_USAGE, "--allow '%s': it is failed, "
			    "aborted, missed, duplicate or unknown",
			    o.allowed.v[i]);
		allowed[state] = true;
	}
	return EXIT_DONE;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct report r = { .context = context };
	struct instant now = clock_now(), until = { now.sec + 1, 0 };
	struct audit_request request = { .names = operands };
	enum status status = read_allowed(r.allowed);
	int64_t since;

	strvec_release(&o.allowed);
	if (status == EXIT_DONE && o.until != NULL)
		status = parse_instant("--until", o.until, &until);
	request.to = until.sec + (until.nsec > 0);
	request.from = request.to - WEEK;
	if (status == EXIT_DONE && o.since != NULL) {
		status = parse_since("--since", o.since, &since);
		request.from = -floor_div(-since, 1000);
	}
	if (status != EXIT_DONE)
		return status;
	if (request.from >= request.to)
		return error(EXIT_USAGE, "nothing lies between --since and "
		    "--until");
	return audit(context, &request, &r);
}

const struct cmd cmd_schedule_audit = {
	.name = "audit",
	.synopsis = "[NAME...] [--since T|D] [--until T] [--allow STATE]...",
	.summary = "tell what became of each slot; exit 1 if all is not well",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
	.options = audit_options,
	.max_operands = -1,
	.complete = "schedule",
	.run = run,
};
