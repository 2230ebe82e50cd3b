/* The words of `schedule audit`, the same on every target. */
#include "lib/base/compat.h"

#include <strings.h>

#include "lib/base/err.h"
#include "lib/model/audit.h"

static const char *const names[AUDIT_STATES] = {
	[AUDIT_OK] = "ok", [AUDIT_FAILED] = "failed",
	[AUDIT_ABORTED] = "aborted", [AUDIT_RUNNING] = "running",
	[AUDIT_DUE] = "due", [AUDIT_PAUSED] = "paused",
	[AUDIT_SKIPPED] = "skipped", [AUDIT_MISSED] = "MISSED",
	[AUDIT_DUPLICATE] = "DUPLICATE", [AUDIT_UNKNOWN] = "UNKNOWN",
};

const char *
audit_state_name(enum audit_state state)
{
	if ((unsigned)state >= AUDIT_STATES)
		BUG("%d is no state of a slot", (int)state);
	return names[state];
}

enum audit_state
audit_state_of_run(enum run_status status)
{
	switch (status) {
	case RUN_SUCCEEDED:
		return AUDIT_OK;
	case RUN_FAILED:
		return AUDIT_FAILED;
	case RUN_ABORTED:
		return AUDIT_ABORTED;
	default:
		return AUDIT_RUNNING;
	}
}

bool
audit_state_from_name(const char *name, enum audit_state *state)
{
	int i;

	for (i = 0; i < AUDIT_STATES; i++) {
		if (strcasecmp(name, names[i]) == 0) {
			*state = (enum audit_state)i;
			return true;
		}
	}
	return false;
}

bool
audit_is_bad(enum audit_state state)
{
	return state == AUDIT_FAILED || state == AUDIT_ABORTED ||
	    state == AUDIT_MISSED || state == AUDIT_DUPLICATE ||
	    state == AUDIT_UNKNOWN;
}
