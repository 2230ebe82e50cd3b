/*
 * When a cron expression fires in a time zone: scheduler-spec section 2.
 * cron_fires states the rule for one instant; cron_next goes from one to the
 * next without looking at those between.
 */
#ifndef SCHEDULE_NEXT_H
#define SCHEDULE_NEXT_H

#include "lib/base/compat.h"
#include "lib/schedule/cron.h"

struct strbuf;
struct zone;

enum dst_rule {
	DST_ONCE,	/* ours: a gap fires once after it, a fold once */
	DST_ROBFIG	/* Flyte's: nothing in a gap, twice in a fold */
};

/*
 * Whether it fires at this instant, a whole minute of UTC. DST_ROBFIG: whether
 * the clock shows a time that matches, which is what robfig means to do; where
 * the clock is changed by other than whole hours it misses some of them.
 */
bool cron_fires(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t t);

/*
 * The first instant after `after`, in the years 0001 to 9999, at which it
 * fires; false if it does not for 40 years (30 February). DST_ROBFIG: what
 * robfig's Next gives; false also where that never comes back, before a day
 * that the zone skipped.
 */
bool cron_next(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t after, int64_t *t);

/*
 * Appends what daylight saving has to do with its firing at `t`: `moved: 02:30
 * does not exist on this day`. False if it has nothing to do with it.
 */
bool cron_note(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t t, struct strbuf *note);

#endif
