/*
 * Slots of a rate that must have been missed. They count from when the
 * scheduler noticed the schedule, and anew from each of its restarts, so that
 * only the time between two of them can be judged: one is missing for certain
 * where two rates go by without a run.
 */
#ifndef FLYTE_SPACING_H
#define FLYTE_SPACING_H

#include "lib/base/compat.h"
#include "lib/flyte/slots/verdict.h"

/* About then, of the term of that index. */
struct gap {
	int64_t t;
	size_t term;
};

/*
 * Those from `from` on and before `to`, in order; the runs are sorted by their
 * slots. The result is the caller's to free; *n is how many there are.
 */
struct gap *spacing_gaps(const struct verdict_facts *facts, size_t *n);

#endif
