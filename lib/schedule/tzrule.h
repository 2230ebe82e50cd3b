/*
 * The POSIX TZ string that ends a TZif file: what holds after its last
 * transition (RFC 8536 section 3.3, with version 3's hours beyond a day).
 */
#ifndef SCHEDULE_TZRULE_H
#define SCHEDULE_TZRULE_H

#include "lib/base/compat.h"

enum { TZRULE_NAME = 16 };

struct tzrule_clock {
	char name[TZRULE_NAME];	/* CET */
	int32_t offset;		/* seconds east of UTC */
};

/* One day of each year, and seconds from its midnight on the old clock. */
struct tzrule_day {
	enum { TZRULE_MONTH, TZRULE_JULIAN, TZRULE_ZERO } form;
	int month, week, day;	/* Mm.w.d; Jn and n have `day` alone */
	int32_t time;
};

struct tzrule {
	struct tzrule_clock standard;
	bool has_daylight;
	struct tzrule_clock daylight;
	struct tzrule_day begin, end;	/* of daylight saving */
};

/*
 * The `len` bytes of text; false if they are not such a string. The times of
 * change must be given with a daylight clock.
 */
bool tzrule_parse(const char *text, size_t len, struct tzrule *rule);

/* When daylight saving begins in that year, and when it ends: UTC seconds. */
int64_t tzrule_begin(const struct tzrule *rule, int64_t year);
int64_t tzrule_end(const struct tzrule *rule, int64_t year);

#endif
