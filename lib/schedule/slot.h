/*
 * Slots: the instants a schedule stands for (scheduler-spec section 1), and
 * the names of their runs (DESIGN section 6).
 */
#ifndef SCHEDULE_SLOT_H
#define SCHEDULE_SLOT_H

#include "lib/base/compat.h"
#include "lib/schedule/dialect.h"
#include "lib/schedule/next.h"

/* None comes before 0001-01-01 or after 9999-12-31, in seconds. */
#define SLOT_FIRST ((int64_t)-62135596800)
#define SLOT_LAST ((int64_t)253402300799)

/*
 * What decides a schedule's slots. A fixed rate (DIALECT_EVERY) counts from
 * `start` if there is one, else from 1970-01-01T00:00Z.
 */
struct slots {
	struct expression expression;
	const struct zone *zone;	/* NULL with a fixed rate */
	enum dst_rule rule;
	bool has_start, has_end;
	int64_t start, end;		/* start <= t < end */
};

/* The first slot after `after`, any number; false: no more are to come. */
bool slots_next(const struct slots *slots, int64_t after, int64_t *t);

/* The last slot in (after, until]; false: there is none. */
bool slots_last(const struct slots *slots, int64_t after, int64_t until,
    int64_t *t);

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

/* Which attempt an id says it is; -1: it is not the id of a slot's run. */
int slot_run_attempt(const char *id);

#endif
