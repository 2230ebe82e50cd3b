/*
 * unionml schedule next: when a schedule or an expression fires. An expression
 * needs no app file. By the rule of Flyte's scheduler some times are lost:
 * they are told as well, found by going along our own rule beside it.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/schedules.h"
#include "cmd/times.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/suggest.h"
#include "lib/model/definition.h"
#include "lib/model/ident.h"
#include "lib/schedule/zone.h"
#include "lib/target/scheduling.h"

enum { LIMIT = 10, DAY = 86400, FLUSH = 1 << 16 };

static struct {
	const char *from, *until, *zone;
	long limit;
	bool dst_only;
} o = { .limit = -1 };

static const struct opt next_options[] = {
	{ OPT_COUNT, 0, "limit", &o.limit, "N",
	    "the first N times (default 10, with --until all; 0: all)", NULL,
	    NULL },
	{ OPT_STRING, 0, "from", &o.from, "T",
	    "times after T (default: now)", NULL, NULL },
	{ OPT_STRING, 0, "until", &o.until, "T", "times before T", NULL,
	    NULL },
	{ OPT_STRING, 0, "timezone", &o.zone, "ZONE",
	    "the zone of an expression: Europe/Berlin (default: UTC)",
	    "timezone", NULL },
	{ OPT_FLAG, 0, "dst-only", &o.dst_only, NULL,
	    "only those that daylight saving has to do with", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

struct listing {
	struct slots slots;
	const struct zone *zone;	/* for what is shown, too */
	struct slots ours;		/* of a rule that is not ours */
	int64_t now, until;
	long left;			/* -1: no limit */
	struct strbuf out, note;
	struct json_writer json;
	bool as_json, seconds;
	bool slots_have_runs;		/* of a schedule */
	struct slot_identity identity;
};

static bool
is_cron(const struct listing *l)
{
	return l->slots.expression.dialect != DIALECT_EVERY;
}

/*
 * The next time; *fires is false for one that should come and that Flyte's
 * scheduler passes over.
 */
static bool
advance(struct listing *l, bool *fires)
{
	int64_t t, ours;
	bool found = slots_next(&l->slots, l->now, &t);

	*fires = true;
	if (l->slots.rule == DST_ROBFIG && is_cron(l) &&
	    slots_next(&l->ours, l->now, &ours) && (!found || ours < t)) {
		*fires = false;
		found = true;
		t = ours;
	}
	if (found)
		l->now = t;
	return found && t < l->until;
}

/* What there is to say of the present time; "": nothing. */
static void
find_note(struct listing *l, bool fires)
{
	const struct cron *cron = &l->slots.expression.cron;
	struct strbuf *note = &l->note, why = STRBUF_INIT;

	strbuf_reset(note);
	if (!is_cron(l))
		return;
	if (fires) {
		cron_note(cron, l->zone, l->slots.rule, l->now, note);
		return;
	}
	cron_note(cron, l->zone, DST_ONCE, l->now, &why);
	strbuf_addf(note, "lost: %s", strncmp(why.buf, "moved: ", 7) == 0 ?
	    why.buf + 7 : "Flyte's scheduler steps over it");
	strbuf_release(&why);
}

/* Goes on to where the clock is changed next; false if it never is again. */
static bool
skip_quiet(struct listing *l)
{
	const struct cron *cron = &l->slots.expression.cron;
	const int64_t near = 2 * DAY;
	struct zone_span span;

	if (!is_cron(l) || (cron->wild[CRON_HOUR] && cron->star[CRON_HOUR]))
		return false;
	zone_at(l->zone, l->now, &span);
	if (span.from != INT64_MIN && l->now - span.from < near)
		return true;
	if (span.until == INT64_MAX)
		return false;
	if (span.until - l->now > near)
		l->now = span.until - near;
	return true;
}

/* `2027-03-28 03:00 +02:00`, or with 'T' and always with seconds. */
static void
add_local(const struct listing *l, struct strbuf *sb, char between)
{
	struct zone_span span;
	struct civil c;
	int offset;

	zone_at(l->zone, l->now, &span);
	civil_from_seconds(l->now + span.offset, &c);
	strbuf_addf(sb, "%04d-%02d-%02d%c%02d:%02d", (int)c.year, c.month,
	    c.day, between, c.hour, c.minute);
	if (between == 'T' || l->seconds)
		strbuf_addf(sb, ":%02d", c.second);
	offset = (span.offset < 0 ? -span.offset : span.offset) / 60;
	strbuf_addf(sb, "%s%c%02d:%02d", between == 'T' ? "" : " ",
	    span.offset < 0 ? '-' : '+', offset / 60, offset % 60);
}

/* The id that the slot's first run has, or will have. */
static void
put_run(struct listing *l, bool fires)
{
	const struct slot_identity *own = &l->identity;
	char id[SLOT_ID_LEN + 1];

	if (own->scope != NULL && fires)
		slot_run_id(id, own->scope, own->name, own->version, l->now,
		    0);
	json_put_text_or_null(&l->json, "run", own->scope != NULL && fires ?
	    id : NULL);
}

static void
print_json(struct listing *l, bool fires)
{
	struct strbuf text = STRBUF_INIT;

	json_begin_map(&l->json, NULL);
	output_json_slot(&l->json, "kickoff", l->now);
	add_local(l, &text, 'T');
	json_put_text(&l->json, "local", text.buf);
	json_put_bool(&l->json, "fires", fires);
	if (l->slots_have_runs)
		put_run(l, fires);
	json_put_text_or_null(&l->json, "note",
	    l->note.len > 0 ? l->note.buf : NULL);
	json_end_map(&l->json);
	strbuf_release(&text);
}

static void
print_text(struct listing *l)
{
	add_local(l, &l->out, ' ');
	strbuf_addstr(&l->out, "   ");
	instant_print(&l->out, (struct instant){ l->now, 0 });
	if (l->note.len > 0)
		strbuf_addf(&l->out, "   %s", l->note.buf);
	strbuf_addch(&l->out, '\n');
}

static size_t
list(struct listing *l)
{
	size_t n = 0;
	bool fires;

	while (l->left != 0 && (!o.dst_only || skip_quiet(l)) &&
	    advance(l, &fires)) {
		find_note(l, fires);
		if (o.dst_only && l->note.len == 0)
			continue;
		if (l->as_json)
			print_json(l, fires);
		else
			print_text(l);
		n++;
		if (l->left > 0)
			l->left--;
		if (l->out.len > FLUSH) {
			output_write(&l->out);
			strbuf_reset(&l->out);
		}
	}
	return n;
}

static enum status
print_list(struct context *context, struct listing *l)
{
	size_t n;

	strbuf_init(&l->out);
	strbuf_init(&l->note);
	l->as_json = context->globals.json;
	l->seconds = !is_cron(l) && l->slots.expression.every.sec % 60 != 0;
	l->ours = l->slots;
	l->ours.rule = DST_ONCE;
	json_writer_init(&l->json, &l->out, true);
	if (l->as_json)
		json_begin_list(&l->json, NULL);
	n = list(l);
	if (l->as_json) {
		json_end_list(&l->json);
		strbuf_addch(&l->out, '\n');
	}
	output_write(&l->out);
	strbuf_release(&l->out);
	strbuf_release(&l->note);
	if (n == 0)
		note("no such time");
	return EXIT_DONE;
}

/* The rule of the target's scheduler. */
static enum status
use_target(struct listing *l, const struct app *app, const char *target)
{
	enum target_type type;
	enum status status = schedules_target_type(app, target, &type);

	if (status != EXIT_DONE || type != TARGET_FLYTE)
		return status;
	l->slots.rule = DST_ROBFIG;
	if (is_cron(l) && zone_changes(l->zone))
		note("as the scheduler of Flyte fires it, on target '%s'",
		    target);
	return EXIT_DONE;
}

static enum status
unknown_zone(const char *why)
{
	const char *near = suggest(o.zone, zone_names(), SIZE_MAX);

	if (near != NULL)
		return error(EXIT_USAGE, "--timezone '%s' %s. Did you mean "
		    "'%s'?", o.zone, why, near);
	return error(EXIT_USAGE, "--timezone '%s' %s", o.zone, why);
}

static enum status
use_expression(struct context *context, struct listing *l, const char *text)
{
	enum status status;
	const char *why = "";
	int64_t t;

	status = schedules_expression(text, &l->slots.expression);
	if (status != EXIT_DONE)
		return status;
	l->zone = zone_find(o.zone != NULL ? o.zone : "UTC", &why);
	if (l->zone == NULL)
		return unknown_zone(why);
	l->slots.zone = l->zone;
	l->slots.rule = DST_ONCE;
	/* As robfig counts; a schedule counts from its start or from 1970. */
	l->slots.has_start = !is_cron(l);
	l->slots.start = l->now;
	if (is_cron(l) && !cron_next(&l->slots.expression.cron, l->zone,
	    DST_ONCE, 0, &t))
		return error(EXIT_INPUT, "expression '%s' never fires: there "
		    "is no such date", text);
	if (context->globals.target == NULL)
		return EXIT_DONE;
	status = context_set_up(context, CMD_NEEDS_APP);
	return status != EXIT_DONE ? status :
	    use_target(l, &context->app, context->globals.target);
}

/* Only the target knows what its runs are called. */
static enum status
use_identity(struct context *context, struct listing *l, const char *target,
    const char *name)
{
	enum status status;

	l->slots_have_runs = true;
	/* A cluster that is not the target in use is not asked. */
	if (!context->globals.json ||
	    strcmp(target, schedules_target(context)) != 0)
		return EXIT_DONE;
	status = context_open_target(context, target, TARGET_READ);
	if (status != EXIT_DONE)
		return status;
	return context->target->ops->schedules->identity(context->target,
	    name, &l->identity);
}

static enum status
use_schedule(struct context *context, struct listing *l, const char *name)
{
	const struct schedule *s;
	enum status status = context_set_up(context, CMD_NEEDS_APP);
	const char *why = "", *target = schedules_target(context);
	struct strbuf offset = STRBUF_INIT;

	if (status != EXIT_DONE || (status = schedules_find(&context->app,
	    name, &s)) != EXIT_DONE)
		return status;
	if (o.zone != NULL)
		return error(EXIT_USAGE, "--timezone is for expressions; a "
		    "schedule has its own");
	if (!schedule_lives_on(s, target)) {
		if (context->globals.target != NULL)
			return error(EXIT_CONFLICT, "schedule '%s' does not "
			    "live on target '%s'", name, target);
		target = s->targets.v[0];
	}
	if (!definition_slots(&l->slots, s, DST_ONCE, &why))
		return error(EXIT_INPUT, "schedule '%s': time zone '%s' %s",
		    name, s->timezone, why);
	l->zone = zone_find(s->timezone != NULL ? s->timezone : "UTC", &why);
	status = use_target(l, &context->app, target);
	if (status == EXIT_DONE)
		status = use_identity(context, l, target, name);
	if (status == EXIT_DONE && s->offset.sec > 0) {
		span_print(&offset, s->offset);
		note("each run starts %s after its time", offset.buf);
	}
	strbuf_release(&offset);
	return status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	const char *what = operands->v[0];
	struct instant from = clock_now(), until = { INT64_MAX, 0 };
	struct listing l = { .left = o.limit };
	enum status status;

	if ((o.from != NULL && (status = parse_instant("--from", o.from,
	    &from)) != EXIT_DONE) || (o.until != NULL && (status =
	    parse_instant("--until", o.until, &until)) != EXIT_DONE))
		return status;
	if (o.limit == 0 && o.until == NULL)
		return error(EXIT_USAGE, "--limit 0 wants an end: --until T");
	if (o.limit == 0 || (o.limit < 0 && o.until != NULL))
		l.left = -1;
	else if (o.limit < 0)
		l.left = LIMIT;
	l.now = from.sec;
	l.until = until.sec + (until.nsec > 0);
	status = ident_check(IDENT_NAME, what) == NULL ?
	    use_schedule(context, &l, what) :
	    use_expression(context, &l, what);
	if (status == EXIT_DONE)
		status = print_list(context, &l);
	slot_identity_release(&l.identity);
	return status;
}

const struct cmd cmd_schedule_next = {
	.name = "next",
	.synopsis = "NAME|EXPRESSION [--limit N] [--from T] [--until T] "
	    "[--timezone ZONE] [--dst-only]",
	.summary = "tell when a schedule or an expression fires",
	.needs = CMD_NEEDS_NOTHING,
	.options = next_options,
	.min_operands = 1,
	.max_operands = 1,
	.complete = "schedule",
	.run = run,
};
