/*
 * When a cron expression fires: scheduler-spec section 2, by the one rule in
 * cron_match that the tests hold cron_next against.
 */
#ifndef SCHEDULE_NEXT_H
#define SCHEDULE_NEXT_H

#include "lib/base/compat.h"
#include "lib/schedule/cron.h"

struct zone;

enum dst_rule {
	DST_ONCE,	/* ours: a gap fires once after it, a fold once */
	DST_ROBFIG	/* Flyte's: nothing in a gap, twice in a fold */
};

/* The last year looked at: a date that has not come by then never comes. */
enum { CRON_YEARS = 40 };

/* Whether it fires at this instant, a whole minute. */
bool cron_fires(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t t);

/*
 * The first instant after `after` at which it fires; false if it never does
 * (30 February).
 */
bool cron_next(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t after, int64_t *t);

/*
 * Why the instant is not where the clock's plain reading would have it: NULL,
 * or `02:30 does not exist on this day`, in text of the caller's buffer.
 */
const char *cron_moved(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t t, char *text, size_t size);

#endif
