/*
 * The app file's times have nanoseconds, the engine's are whole seconds: each
 * is rounded so that nothing starts before it may.
 */
#include "lib/base/compat.h"

#include "lib/model/app.h"
#include "lib/model/definition.h"
#include "lib/schedule/zone.h"

static int64_t
round_up(int64_t sec, int32_t nsec)
{
	return sec + (nsec > 0);
}

bool
definition_slots(struct slots *slots, const struct schedule *schedule,
    enum dst_rule rule, const char **why)
{
	const char *zone = schedule->timezone;

	memset(slots, 0, sizeof(*slots));
	slots->expression = schedule->expression;
	slots->rule = rule;
	slots->has_start = schedule->has_start;
	slots->start = round_up(schedule->start.sec, schedule->start.nsec);
	slots->has_end = schedule->has_end;
	slots->end = round_up(schedule->end.sec, schedule->end.nsec);
	if (slots->expression.dialect == DIALECT_EVERY)
		return true;
	slots->zone = zone_find(zone != NULL ? zone : "UTC", why);
	return slots->zone != NULL;
}

static enum policy_catchup
catchup_of(enum catchup catchup)
{
	switch (catchup) {
	case CATCHUP_NONE:
		return POLICY_CATCHUP_NONE;
	case CATCHUP_ALL:
		return POLICY_CATCHUP_ALL;
	default:
		return POLICY_CATCHUP_LATEST;
	}
}

static enum policy_overlap
overlap_of(enum overlap overlap)
{
	switch (overlap) {
	case OVERLAP_ALLOW:
		return POLICY_ALLOW;
	case OVERLAP_QUEUE:
		return POLICY_QUEUE;
	case OVERLAP_REPLACE:
		return POLICY_REPLACE;
	default:
		return POLICY_SKIP;
	}
}

bool
definition_make(struct definition *definition,
    const struct schedule *schedule, int64_t gen, const char **why)
{
	struct span window = schedule->catchup_window;

	memset(definition, 0, sizeof(*definition));
	definition->offset = round_up(schedule->offset.sec,
	    schedule->offset.nsec);
	definition->catchup = catchup_of(schedule->catchup);
	definition->overlap = overlap_of(schedule->overlap);
	definition->gen = gen;
	/* Less than a second is more than the 0 that stands for no limit. */
	definition->window = window.sec == 0 && window.nsec > 0 ? 1 :
	    window.sec;
	return definition_slots(&definition->slots, schedule, DST_ONCE, why);
}
