/*
 * TZif files (RFC 8536, versions 1 to 4) as one list of changes of the clock.
 * What the rule at the file's end says of the years after it is worked out
 * for 400 of them, after which the calendar repeats.
 */
#ifndef SCHEDULE_TZIF_H
#define SCHEDULE_TZIF_H

#include "lib/base/compat.h"

#define TZIF_CYCLE ((int64_t)146097 * 86400)

struct tzif_change {
	int64_t from;		/* of the first one: INT64_MIN */
	int32_t offset;		/* from then on, seconds east of UTC */
	uint32_t name;		/* its abbreviation: a place in `names` */
};

struct tzif {
	struct tzif_change *v;	/* ascending, at least one */
	size_t n, cap;
	char *names;
	size_t names_len;
	int64_t repeats;	/* from here on as TZIF_CYCLE seconds before;
				   INT64_MAX: never */
};

/*
 * Reads a file's bytes. False with *why, static text, if they are no TZif file
 * or one that counts leap seconds. To be released whatever comes back.
 */
bool tzif_decode(const void *data, size_t len, struct tzif *tzif,
    const char **why);
void tzif_release(struct tzif *tzif);

#endif
