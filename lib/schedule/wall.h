/*
 * A cron expression against a clock on the wall that runs for ever, without
 * zone or transition: minutes since 1970-01-01 00:00 as that clock shows them.
 */
#ifndef SCHEDULE_WALL_H
#define SCHEDULE_WALL_H

#include "lib/base/compat.h"
#include "lib/schedule/cron.h"

/* How far is looked: a date that has not come by then never comes. */
enum { WALL_YEARS = 40 };

/* The years that are looked at, 0001 to 9999, as the minutes they hold. */
#define WALL_FIRST ((int64_t)-1035593280)
#define WALL_LAST ((int64_t)4223371679)

/* Whether all fields match. */
bool wall_matches(const struct cron *cron, int64_t minute);

/* The first minute at or after `from` that matches; false if there is none. */
bool wall_next(const struct cron *cron, int64_t from, int64_t *minute);

#endif
