/* The last run of each of an app's schedules, in a handful of lists. */
#ifndef FLYTE_LASTRUNS_H
#define FLYTE_LASTRUNS_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/scheduled.h"

struct flyte;

/* Sets `last` of those that have run at all. */
enum status lastruns_find(struct flyte *flyte, struct scheduled *v, size_t n);

#endif
