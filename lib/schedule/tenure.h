/*
 * Which definition of a schedule a slot belongs to (scheduler-spec section 1,
 * item 1): as time went by one took over from another, and each owns the slots
 * of its own time.
 */
#ifndef SCHEDULE_TENURE_H
#define SCHEDULE_TENURE_H

#include "lib/base/compat.h"
#include "lib/schedule/slot.h"

/* The slots with after < t <= until. */
struct tenure {
	int64_t after;			/* its activation */
	int64_t until;			/* set by tenures_settle */
	struct slots slots;
	int64_t offset;			/* due = kickoff + offset, seconds */
	const char *version;		/* NULL: not known */
};

/*
 * Sets each one's `until`, in the order in which they were activated: up to
 * and with the next one's activation. Where the clock went back between two of
 * them, the later one has what both could claim.
 */
void tenures_settle(struct tenure *tenure, size_t n);

/* The one that owns the instant, be it a slot or not; NULL: none does. */
const struct tenure *tenures_find(const struct tenure *tenure, size_t n,
    int64_t t);

/* The first slot after `after` of all of them; false: there are no more. */
bool tenures_next(const struct tenure *tenure, size_t n, int64_t after,
    int64_t *t, const struct tenure **owner);

#endif
