/*
 * Time zones, read from the system's TZif files (RFC 8536) without touching
 * the process's TZ. UTC needs no file.
 */
#ifndef SCHEDULE_ZONE_H
#define SCHEDULE_ZONE_H

#include "lib/base/compat.h"

struct zone;

/*
 * The zone of that IANA name ("UTC" always works). NULL if there is none; *why
 * then says what is wrong, in static text (an unknown name, a damaged file).
 * Zones are kept for the process's lifetime and shared.
 */
const struct zone *zone_find(const char *name, const char **why);

/* The names that the system knows, for a suggestion: NULL-terminated. */
const char *const *zone_names(void);

/* A time during which the clock shows UTC plus one offset: from <= t < until. */
struct zone_span {
	int64_t from, until;		/* INT64_MIN, INT64_MAX: for ever */
	int32_t offset;			/* seconds east of UTC */
	const char *abbreviation;	/* CET; owned by the zone */
};

/* The span that holds the instant. */
void zone_at(const struct zone *zone, int64_t t, struct zone_span *span);

#endif
