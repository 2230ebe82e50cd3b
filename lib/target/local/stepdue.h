/*
 * All that is due, stepped: what a scheduler does when it wakes up.
 */
#ifndef LOCAL_STEPDUE_H
#define LOCAL_STEPDUE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/target/local/step.h"

/* Whatever the time is when the transaction has begun. */
#define STEP_NOW INT64_MAX

/*
 * Steps every schedule with something to do now, many in a transaction; the
 * observer is told when that is on the disk. *n is how many there were. With
 * `until` before STEP_NOW nothing is taken in that came after that instant.
 * One that cannot be stepped, its time zone being gone, is told of as an error
 * and tried again in a minute; the others go on.
 */
enum status step_due(struct store *store, int64_t until,
    const struct step_observer *observer, size_t *n);

#endif
