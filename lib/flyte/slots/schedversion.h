/*
 * A version of a schedule as Flyte has it: one launch plan with a schedule in
 * it (flyteidl's admin.LaunchPlan), and the slots that the native scheduler
 * fires for it.
 */
#ifndef FLYTE_SCHEDVERSION_H
#define FLYTE_SCHEDVERSION_H

#include "lib/base/compat.h"
#include "lib/schedule/slot.h"

struct arena;
struct json;

struct schedversion {
	const char *schedule;		/* the launch plan's without `APP.` */
	const char *plan;		/* name of the launch plan */
	const char *version;
	const char *app_version;	/* what the user calls it */
	const char *workflow;		/* its name */
	const char *kickoff;		/* the input that gets the slot's time;
					   NULL: none */
	int64_t created;		/* milliseconds */
	int64_t updated;		/* the same, or the last time it was
					   deactivated by its name */
	bool active;
	bool limited;			/* by a concurrency policy */
	/*
	 * Whether `slots` are its slots. Those of a rate count from when the
	 * scheduler noticed it: only the seconds between them are known.
	 */
	bool known;
	int64_t rate;			/* 0: it has none */
	struct slots slots;
};

/* False if it has no schedule. Texts are copied into the arena. */
bool schedversion_decode(struct schedversion *version, struct arena *arena,
    const struct json *launch_plan, const char *app);

/* Into zeroed memory, of admin.Schedule; false if it is none. */
bool schedversion_read_schedule(struct schedversion *version,
    const struct json *schedule);

/* Its expression as it is there; "" of a rate. */
const char *schedversion_text(const struct json *schedule);

/*
 * The slots of what cluster schedulers call a cron: five fields or a
 * descriptor, `CRON_TZ=ZONE ` before it or not. `@every D` sets the rate.
 */
void schedversion_read(struct schedversion *version, const char *text);

#endif
