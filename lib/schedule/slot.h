/*
 * Slots: the instants a schedule stands for (scheduler-spec section 1), and
 * the names of their runs (DESIGN section 6).
 */
#ifndef SCHEDULE_SLOT_H
#define SCHEDULE_SLOT_H

#include "lib/base/compat.h"
#include "lib/schedule/dialect.h"
#include "lib/schedule/next.h"

/* What decides a schedule's slots. */
struct slots {
	struct expression expression;	/* DIALECT_EVERY: a fixed rate */
	const struct zone *zone;
	enum dst_rule rule;
	bool has_start, has_end;
	int64_t start, end;		/* start <= t < end */
};

/* The first slot after `after`; false if there is none any more. */
bool slots_next(const struct slots *slots, int64_t after, int64_t *t);

/* Whether there is any slot at all. */
bool slots_any(const struct slots *slots);

enum { SLOT_ID_LEN = 20 };

/*
 * The id of attempt `attempt` of a slot: "f", the first 16 hex digits (FNV-1 64
 * of `scope:schedule:version:seconds`, little endian) and three of attempt.
 * `scope` is project:domain, or local:STOREID; `version` is "" there.
 */
void slot_run_id(char id[SLOT_ID_LEN + 1], const char *scope,
    const char *schedule, const char *version, int64_t t, int attempt);

#endif
