/* Schedules of a target, and what a command changed about them. */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/model/scheduled.h"

static const char *const states[SCHEDULE_STATES] = {
	[SCHEDULE_ACTIVE] = "active", [SCHEDULE_PAUSED] = "paused",
	[SCHEDULE_INACTIVE] = "inactive", [SCHEDULE_REMOVED] = "removed",
};

const char *
schedule_state_name(enum schedule_state state)
{
	if ((unsigned)state >= SCHEDULE_STATES)
		BUG("%d is no state of a schedule", (int)state);
	return states[state];
}

bool
schedule_state_from_name(const char *name, enum schedule_state *state)
{
	int i;

	for (i = 0; i < SCHEDULE_STATES; i++) {
		if (strcmp(name, states[i]) == 0) {
			*state = (enum schedule_state)i;
			return true;
		}
	}
	return false;
}

void
scheduled_release(struct scheduled *scheduled)
{
	free(scheduled->name);
	free(scheduled->app);
	free(scheduled->workflow);
	free(scheduled->when);
	free(scheduled->timezone);
	free(scheduled->keys);
	free(scheduled->who);
	free(scheduled->note);
	free(scheduled->version);
	free(scheduled->model);
	run_release(&scheduled->last);
	memset(scheduled, 0, sizeof(*scheduled));
}

struct schedule_change *
schedule_changes_add(struct schedule_changes *changes)
{
	struct schedule_change *change;

	ALLOC_GROW(changes->v, changes->n, changes->cap);
	change = &changes->v[changes->n++];
	memset(change, 0, sizeof(*change));
	return change;
}

static void
change_release(struct schedule_change *change)
{
	free(change->name);
	free(change->names);
	free(change->keys);
	free(change->old_version);
	free(change->version);
	free(change->old_model);
	free(change->model);
	free(change->missing);
	free(change->who);
	free(change->note);
}

void
schedule_changes_release(struct schedule_changes *changes)
{
	size_t i;

	for (i = 0; i < changes->n; i++)
		change_release(&changes->v[i]);
	free(changes->v);
	memset(changes, 0, sizeof(*changes));
}
