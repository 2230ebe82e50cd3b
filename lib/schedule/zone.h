/*
 * Time zones, read from the system's TZif files (RFC 8536) without touching
 * the process's TZ: below TZDIR if that is an absolute path, else or besides
 * below /usr/share/zoneinfo. UTC needs no file.
 */
#ifndef SCHEDULE_ZONE_H
#define SCHEDULE_ZONE_H

#include "lib/base/compat.h"

struct zone;

/*
 * The zone of that IANA name ("UTC" always works). NULL if there is none; *why
 * then says what is wrong, in static text to follow the name (`is no time zone
 * that this system knows`). Zones are kept for the process's lifetime and
 * shared; not for use by threads.
 */
const struct zone *zone_find(const char *name, const char **why);

/* The names that the system knows, for a suggestion: sorted, NULL-ended. */
const char *const *zone_names(void);

/* A time in which the clock shows UTC plus one offset: from <= t < until. */
struct zone_span {
	int64_t from, until;		/* INT64_MIN, INT64_MAX: for ever */
	int32_t offset;			/* seconds east of UTC */
	const char *abbreviation;	/* CET; owned by the zone */
};

/* The span that holds the instant. */
void zone_at(const struct zone *zone, int64_t t, struct zone_span *span);

/* Whether its clock was ever changed; UTC's never was. */
bool zone_changes(const struct zone *zone);

#endif
