/*
 * When a schedule fires, as far as the keys that say so cannot be judged one by
 * one. A schedule that never fires is a mistake, and makes Flyte's scheduler
 * spin.
 */
#include "lib/base/compat.h"

#include "lib/appfile/appwhen.h"
#include "lib/appfile/reading.h"
#include "lib/base/nameset.h"
#include "lib/model/definition.h"
#include "lib/schedule/policy.h"
#include "lib/schedule/zone.h"
#include "lib/text/yamldoc.h"

static bool
is_before(struct instant a, struct instant b)
{
	return a.sec < b.sec || (a.sec == b.sec && a.nsec < b.nsec);
}

/* What stands there could be read, and was. */
static bool
has_expression(const struct schedule *s)
{
	return s->expression.dialect == DIALECT_EVERY ?
	    s->expression.every.sec > 0 :
	    s->expression.cron.bits[CRON_MINUTE] != 0;
}

static void
tell_zone(struct reading *r, const struct yaml_node *node, const char *name,
    const char *why)
{
	const char *const *known = zone_names();
	struct nameset names;
	size_t n = 0;

	while (known[n] != NULL)
		n++;
	/* Elsewhere it may well be known: here UTC alone is. */
	if (n == 1) {
		reading_warning(r, node, "'%s' %s", name, why);
		return;
	}
	nameset_init(&names, r->arena, known, n, sizeof(*known));
	reading_error(r, node, "'%s' %s%s", name, why,
	    reading_suggest(r, name, &names));
}

static void
check_comes(struct reading *r, const struct schedule *s,
    const struct yaml_node *node, const struct slots *slots)
{
	const char *key = s->has_end ? "end" : s->has_start ? "start" :
	    "expression";
	struct slots unbounded = *slots;
	size_t mark;

	if (slots_any(slots))
		return;
	unbounded.has_start = unbounded.has_end = false;
	if (!slots_any(&unbounded))
		key = "expression";
	mark = reading_enter(r, key);
	node = yaml_find(node, key);
	if (strcmp(key, "expression") == 0)
		reading_error(r, node, "never fires: there is no such date");
	else if (s->has_start && s->has_end)
		reading_error(r, node, "no kickoff time lies between start "
		    "and '%s'", node->text);
	else
		reading_error(r, node, "no kickoff time lies %s '%s'",
		    s->has_end ? "before" : "after", node->text);
	reading_leave(r, mark);
}

/*
 * What is put off waits, and no more can wait than the queue holds: the oldest
 * would be given up, each before its time, and nothing ever run. Slots are a
 * minute apart at least.
 */
static void
check_offset(struct reading *r, const struct schedule *s,
    const struct yaml_node *node, const struct slots *slots)
{
	int64_t first, t, n = 0;
	size_t mark;

	if (s->offset.sec < POLICY_CAP * 60 ||
	    !slots_next(slots, slots->has_start ? slots->start - 1 : 0,
	    &first))
		return;
	t = first;
	while (n <= POLICY_CAP && t - first <= s->offset.sec) {
		n++;
		if (!slots_next(slots, t, &t))
			return;
	}
	if (n <= POLICY_CAP)
		return;
	mark = reading_enter(r, "offset");
	node = yaml_find(node, "offset");
	reading_error(r, node, "more than %d kickoff times lie within '%s', "
	    "and no more can wait for their start", POLICY_CAP, node->text);
	reading_leave(r, mark);
}

void
appwhen_check(struct reading *r, const struct schedule *schedule,
    const struct yaml_node *node)
{
	const struct schedule *s = schedule;
	const struct yaml_node *zone = yaml_find(node, "timezone");
	const char *why = "";
	struct slots slots;
	bool ends = true;
	size_t mark;

	if (s->timezone != NULL && s->expression.dialect == DIALECT_EVERY &&
	    yaml_find(node, "expression") != NULL) {
		mark = reading_enter(r, "timezone");
		reading_error(r, zone, "'@every' counts from 1970 in UTC, "
		    "with no time zone");
		reading_leave(r, mark);
	}
	if (s->has_start && s->has_end && !is_before(s->start, s->end)) {
		mark = reading_enter(r, "end");
		reading_error(r, yaml_find(node, "end"), "'%s' is not after "
		    "start", yaml_find(node, "end")->text);
		reading_leave(r, mark);
		ends = false;
	}
	if (!has_expression(s))
		return;
	if (definition_slots(&slots, s, DST_ONCE, &why)) {
		if (ends)
			check_comes(r, s, node, &slots);
		check_offset(r, s, node, &slots);
		return;
	}
	mark = reading_enter(r, "timezone");
	tell_zone(r, zone, s->timezone, why);
	reading_leave(r, mark);
}
