/*
 * What became of a slot, as `schedule audit` tells it on every target
 * (scheduler-spec section 6, item 10).
 */
#ifndef MODEL_AUDIT_H
#define MODEL_AUDIT_H

#include "lib/base/compat.h"
#include "lib/model/run.h"

enum audit_state {
	AUDIT_OK, AUDIT_FAILED, AUDIT_ABORTED, AUDIT_RUNNING,
	AUDIT_DUE,		/* not late enough to tell, or it waits */
	AUDIT_PAUSED, AUDIT_SKIPPED, AUDIT_MISSED, AUDIT_DUPLICATE,
	AUDIT_UNKNOWN, AUDIT_STATES
};

/* One slot. Texts belong to who tells of it. */
struct audited {
	const char *schedule;
	int64_t t;			/* kickoff */
	bool about;			/* more or less: no backfill could
					   stand for it */
	enum audit_state state;
	const char *run;		/* of the last attempt; NULL */
	int attempts;			/* runs of the slot */
	bool has_delay;
	int64_t delay;			/* seconds from its due time to its
					   first run */
	const char *version;		/* that owned it; NULL: not known */
	const char *reason;		/* the run's error, why it was skipped
					   or missed; NULL */
};

/* "ok" ..., "MISSED": those that are nobody's wish in capitals. */
const char *audit_state_name(enum audit_state state);
bool audit_state_from_name(const char *name, enum audit_state *state);

/* What a slot is whose last run has that status. */
enum audit_state audit_state_of_run(enum run_status status);

/* Whether `schedule audit` answers no for it. */
bool audit_is_bad(enum audit_state state);

#endif
