/*
 * robfig/cron v3's SpecSchedule.Next in zones whose clock is changed: what
 * Flyte's scheduler will do, with all that it gets wrong there.
 */
#ifndef SCHEDULE_ROBFIG_H
#define SCHEDULE_ROBFIG_H

#include "lib/base/compat.h"

struct cron;
struct zone;

/* As cron_next. */
bool robfig_next(const struct cron *cron, const struct zone *zone,
    int64_t after, int64_t *t);

#endif
