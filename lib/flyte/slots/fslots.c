/* Slots by what the app file said: see fslots.h. */
#include "lib/base/compat.h"

#include "lib/base/span.h"
#include "lib/flyte/slots/fslots.h"
#include "lib/schedule/rate.h"
#include "lib/schedule/slot.h"
#include "lib/schedule/zone.h"

static bool
read_slots(const char *when, const char *zone_name, struct slots *slots)
{
	struct cron_error err;
	struct span every;
	const char *why;

	memset(slots, 0, sizeof(*slots));
	if (when == NULL)
		return false;
	if (span_parse(when, &every, &why))
		when = rate_to_cron(every);
	if (when == NULL || !expression_parse(when, &slots->expression, &err))
		return false;
	if (slots->expression.dialect == DIALECT_EVERY)
		when = rate_to_cron(slots->expression.every);
	if (when == NULL || !expression_parse(when, &slots->expression, &err))
		return false;
	slots->rule = DST_ROBFIG;
	slots->zone = zone_find(zone_name != NULL && *zone_name != '\0' ?
	    zone_name : "UTC", &why);
	return slots->zone != NULL;
}

bool
fslots_next(const char *when, const char *zone_name, int64_t after, int64_t *t)
{
	struct slots slots;

	return read_slots(when, zone_name, &slots) &&
	    slots_next(&slots, after, t);
}

bool
fslots_last(const char *when, const char *zone_name, int64_t after,
    int64_t until, int64_t *t)
{
	struct slots slots;

	return read_slots(when, zone_name, &slots) &&
	    slots_last(&slots, after, until, t);
}
