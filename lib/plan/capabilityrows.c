/* What Flyte's scheduler makes of a schedule's keys: see capabilityrows.h. */
#include "lib/base/compat.h"

#include "lib/plan/capabilityrows.h"
#include "lib/schedule/rate.h"

static bool
asks_rate(const struct schedule *s)
{
	return s->expression.dialect == DIALECT_EVERY &&
	    rate_to_cron(s->expression.every) == NULL;
}

static bool
asks_offset(const struct schedule *s)
{
	return !span_is_zero(s->offset);
}

static bool
asks_start(const struct schedule *s)
{
	return s->has_start;
}

static bool
asks_end(const struct schedule *s)
{
	return s->has_end;
}

static bool
asks_less_catchup(const struct schedule *s)
{
	return s->catchup == CATCHUP_NONE || s->catchup == CATCHUP_LATEST;
}

static bool
asks_window(const struct schedule *s)
{
	return !span_is_zero(s->catchup_window);
}

static bool
asks_queue(const struct schedule *s)
{
	return s->overlap == OVERLAP_QUEUE;
}

static bool
asks_replace(const struct schedule *s)
{
	return s->overlap == OVERLAP_REPLACE;
}

static bool
asks_skip(const struct schedule *s)
{
	return s->overlap == OVERLAP_SKIP;
}

static bool
asks_on_failure(const struct schedule *s)
{
	return s->on_failure.argv != NULL || s->on_failure.script != NULL;
}

static bool
asks_latest(const struct schedule *s)
{
	return s->model.source == MODEL_LATEST;
}

/*
 * Most keys are kept to in some way of Flyte's. A row that `asks` finds in a
 * schedule is told of it by check, and refused by deploy unless it is one that
 * is kept in part.
 */
const struct capability_row capability_rows[] = {
	{ "expression", CAPABILITY_KEPT, 0, false, NULL,
	    "five fields, with their zone as CRON_TZ=", NULL },
	{ "timezone", CAPABILITY_KEPT, 0, false, NULL,
	    "a time that daylight saving skips is not fired, one that comes "
	    "twice is fired twice", NULL },
	{ "fixed_rate", CAPABILITY_KEPT, 0, false, NULL,
	    "as the cron that means the same", NULL },
	{ "fixed_rate", CAPABILITY_REFUSED, SCHEDULE_WHEN, false, asks_rate,
	    "this rate cannot be kept by Flyte's scheduler",
	    "use minutes that divide 60, hours that divide 24, 1d or 7d, or "
	    "targets: [local]" },
	{ "offset", CAPABILITY_REFUSED, SCHEDULE_OFFSET, false, asks_offset,
	    "is ignored by Flyte's scheduler",
	    "leave it out, or targets: [local]" },
	{ "reader_time_arg", CAPABILITY_KEPT, 0, false, NULL,
	    "as the kickoff time argument", NULL },
	{ "inputs", CAPABILITY_KEPT, 0, false, NULL,
	    "as fixed inputs, hyperparameters and kwargs too; 'default: now' "
	    "has no value there", NULL },
	{ "model", CAPABILITY_KEPT, 0, false, NULL,
	    "pinned by each deploy: 'latest-at-deploy', a version, a file",
	    NULL },
	{ "model", CAPABILITY_REFUSED, 0, true, asks_latest,
	    "'latest' cannot be kept by Flyte's scheduler",
	    "use 'latest-at-deploy', or targets: [local]" },
	{ "start", CAPABILITY_REFUSED, SCHEDULE_START, false, asks_start,
	    "cannot be kept by Flyte's scheduler",
	    "leave it out and activate the schedule then, or "
	    "targets: [local]" },
	{ "end", CAPABILITY_REFUSED, SCHEDULE_END, false, asks_end,
	    "cannot be kept by Flyte's scheduler",
	    "leave it out and deactivate the schedule then, or "
	    "targets: [local]" },
	{ "catchup", CAPABILITY_KEPT, 0, false, NULL,
	    "'all', which is Flyte's own way", NULL },
	{ "catchup", CAPABILITY_REFUSED, SCHEDULE_CATCHUP, false,
	    asks_less_catchup,
	    "Flyte's scheduler makes up every slot that it missed",
	    "use 'all' or leave it out, or targets: [local]" },
	{ "catchup_window", CAPABILITY_REFUSED, SCHEDULE_CATCHUP_WINDOW,
	    false, asks_window,
	    "Flyte's scheduler makes up every slot that it missed",
	    "leave it out, or targets: [local]" },
	{ "overlap", CAPABILITY_KEPT, 0, false, NULL,
	    "'allow', which is Flyte's own way", NULL },
	{ "overlap", CAPABILITY_IN_PART, SCHEDULE_OVERLAP, false, asks_skip,
	    "'skip': runs that are created in the same seconds pass Flyte's "
	    "limit", "two of them may still overlap" },
	{ "overlap", CAPABILITY_REFUSED, SCHEDULE_OVERLAP, false, asks_queue,
	    "'queue' cannot be kept by Flyte's scheduler",
	    "use 'skip' or 'allow', or targets: [local]" },
	{ "overlap", CAPABILITY_REFUSED, SCHEDULE_OVERLAP, false,
	    asks_replace, "'replace' cannot be kept by Flyte's scheduler",
	    "use 'skip' or 'allow', or targets: [local]" },
	{ "active", CAPABILITY_KEPT, 0, false, NULL,
	    "'false' leaves the state there alone", NULL },
	{ "on_failure", CAPABILITY_REFUSED, SCHEDULE_ON_FAILURE, false,
	    asks_on_failure, "only unionml's own scheduler runs it",
	    "leave it out, or targets: [local]" },
	{ NULL, CAPABILITY_KEPT, 0, false, NULL, NULL, NULL },
};
