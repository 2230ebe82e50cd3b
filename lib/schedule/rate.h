/* Fixed rates as cron expressions, for what knows no others. */
#ifndef SCHEDULE_RATE_H
#define SCHEDULE_RATE_H

#include "lib/base/compat.h"
#include "lib/base/span.h"

/*
 * The five fields that fire in UTC at the very slots of a rate that counts from
 * 1970-01-01T00:00Z: minutes that divide an hour, hours that divide a day, one
 * day, seven days. NULL if no expression does.
 */
const char *rate_to_cron(struct span rate);

#endif
