/*
 * unionml schedule simulate: what the scheduler would do. All schedules go by
 * one clock, each with a simulation of its own; whose turn comes first is next.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/schedules.h"
#include "cmd/simulated.h"
#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/model/definition.h"
#include "lib/schedule/simulate.h"

enum { DAY = 86400, DAYS_MAX = 3660 };

static struct {
	long days;
	struct strvec outages;
	struct span duration;
} o = { .days = 7, .outages = STRVEC_INIT, .duration = { 600, 0 } };

static const struct opt simulate_options[] = {
	{ OPT_COUNT, 0, "days", &o.days, "N",
	    "so many days from now on (default 7)", NULL, NULL },
	{ OPT_STRINGS, 0, "outage", &o.outages, "FROM..TO",
	    "no scheduler is there: times, or durations from now (2h..5h)",
	    NULL, NULL },
	{ OPT_SPAN, 0, "duration", &o.duration, "D",
	    "how long each run takes (default 10m)", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

/* A schedule on its way. */
struct course {
	struct definition definition;
	struct simulation simulation;
	struct simulated_printer printer;
	int64_t next;			/* when something happens */
	bool over;
};

struct courses {
	struct course *v;
	size_t n;
	struct outage *outage;
	size_t n_outages;
	int64_t from, until;
};

static int64_t
length_of_run(void *arg, int64_t t)
{
	(void)arg;
	(void)t;
	return o.duration.sec + (o.duration.nsec > 0);
}

/* A time, or a duration from now on. */
static bool
parse_time(const char *text, int64_t now, int64_t *t)
{
	const char *why;
	struct instant instant;
	struct span ahead;

	if (span_parse(text, &ahead, &why) && ahead.sec >= 0 &&
	    ahead.nsec >= 0) {
		*t = now + ahead.sec + (ahead.nsec > 0);
		return true;
	}
	if (!instant_parse(text, &instant, &why))
		return false;
	*t = instant.sec + (instant.nsec > 0);
	return true;
}

static enum status
parse_outage(const char *text, const struct courses *c, struct outage *out)
{
	const char *dots = strstr(text, "..");
	char *from;
	bool read;

	if (dots == NULL)
		return error(EXIT_USAGE, "--outage '%s' is not FROM..TO", text);
	from = xstrndup(text, (size_t)(dots - text));
	read = parse_time(from, c->from, &out->from) &&
	    parse_time(dots + 2, c->from, &out->until);
	free(from);
	if (!read)
		return error(EXIT_USAGE, "--outage '%s': FROM and TO are times "
		    "like 2026-01-02T03:04Z, or durations like 2h from now on",
		    text);
	if (out->until <= out->from)
		return error(EXIT_USAGE, "--outage '%s' ends before it begins",
		    text);
	if (out->until <= c->from || out->from >= c->until)
		return error(EXIT_USAGE, "--outage '%s' is not within the %ld "
		    "day%s from now on", text, o.days,
		    o.days == 1 ? "" : "s");
	return EXIT_DONE;
}

static enum status
parse_outages(struct courses *c)
{
	enum status status = EXIT_DONE;
	size_t i;

	c->outage = xcalloc(o.outages.n, sizeof(*c->outage));
	for (i = 0; i < o.outages.n && status == EXIT_DONE; i++)
		status = parse_outage(o.outages.v[i], c, &c->outage[i]);
	c->n_outages = o.outages.n;
	return status;
}

/* The simulation points into the course, which stays where it is. */
static enum status
begin(struct courses *c, const struct schedule *schedule)
{
	struct course *course = &c->v[c->n];
	struct simulation *s = &course->simulation;
	const char *why;

	if (!definition_make(&course->definition, schedule, 0, &why))
		return error(EXIT_INPUT, "schedule '%s': time zone '%s' %s",
		    schedule->name, schedule->timezone, why);
	simulation_init(s, c->from);
	s->definition = &course->definition;
	s->outage = c->outage;
	s->n_outages = c->n_outages;
	s->length = length_of_run;
	s->event = simulated_print;
	s->arg = &course->printer;
	course->over = !simulation_next(s, &course->next);
	c->n++;
	return EXIT_DONE;
}

static enum status
begin_all(struct courses *c, struct simulated_output *output,
    const struct context *context, const char *name)
{
	const struct app *app = &context->app;
	const char *target = schedules_target(context);
	enum status status = EXIT_DONE;
	const struct schedule *s;
	size_t i;

	if (name != NULL && (status = schedules_find(app, name, &s)) !=
	    EXIT_DONE)
		return status;
	c->v = xcalloc(app->n_schedules, sizeof(*c->v));
	for (i = 0; i < app->n_schedules && status == EXIT_DONE; i++) {
		s = &app->schedule[i];
		if ((name != NULL && strcmp(s->name, name) != 0) ||
		    !schedule_lives_on(s, target))
			continue;
		simulated_printer_init(&c->v[c->n].printer, output, s->name,
		    &c->v[c->n].definition);
		status = begin(c, s);
	}
	if (status != EXIT_DONE || c->n > 0)
		return status;
	if (name != NULL)
		return error(EXIT_CONFLICT, "schedule '%s' does not live on "
		    "target '%s'", name, target);
	note("no schedules on '%s'", target);
	return status;
}

/* By the clock, and of one instant in the order of the app file. */
static void
run_all(struct courses *c)
{
	struct course *first;
	size_t i;

	for (;;) {
		first = NULL;
		for (i = 0; i < c->n; i++)
			if (!c->v[i].over && (first == NULL ||
			    c->v[i].next < first->next))
				first = &c->v[i];
		if (first == NULL || first->next >= c->until)
			return;
		simulation_advance(&first->simulation);
		first->over = !simulation_next(&first->simulation,
		    &first->next);
	}
}

/* Flyte's own scheduler knows no policy of ours. */
static enum status
check_target(const struct context *context)
{
	const char *name = schedules_target(context);
	enum target_type type;
	enum status status;

	status = schedules_target_type(&context->app, name, &type);
	if (status != EXIT_DONE || type == TARGET_LOCAL)
		return status;
	return error(EXIT_INPUT, "target '%s' has a scheduler of its own; "
	    "what 'unionml scheduler' does is simulated for a local target: "
	    "-t local", name);
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	const char *name = operands->n > 0 ? operands->v[0] : NULL;
	struct simulated_output output;
	struct courses c = { .from = clock_now().sec };
	enum status status;
	size_t i;

	if (o.days < 1 || o.days > DAYS_MAX)
		return error(EXIT_USAGE, "--days %ld is out of range 1-%d",
		    o.days, DAYS_MAX);
	c.until = c.from + o.days * DAY;
	simulated_output_init(&output, context->globals.json);
	if ((status = parse_outages(&c)) == EXIT_DONE &&
	    (status = check_target(context)) == EXIT_DONE &&
	    (status = begin_all(&c, &output, context, name)) == EXIT_DONE)
		run_all(&c);
	simulated_output_end(&output);
	for (i = 0; i < c.n; i++) {
		if (status == EXIT_DONE)
			simulated_summary(&c.v[i].printer);
		simulation_release(&c.v[i].simulation);
	}
	free(c.v);
	free(c.outage);
	strvec_release(&o.outages);
	return status;
}

const struct cmd cmd_schedule_simulate = {
	.name = "simulate",
	.synopsis = "[NAME] [--days N] [--outage FROM..TO]... "
	    "[--duration D]",
	.summary = "show what the scheduler would do, on a virtual clock",
	.needs = CMD_NEEDS_APP,
	.options = simulate_options,
	.max_operands = 1,
	.complete = "schedule",
	.run = run,
};
