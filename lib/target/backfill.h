/*
 * Making up the slots of a schedule, by what its target says of them and by
 * starting their runs: nothing here knows what kind of target it is. What is
 * to be done is found out anew each time, so a backfill that was killed is
 * finished by another one.
 */
#ifndef TARGET_BACKFILL_H
#define TARGET_BACKFILL_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/audit.h"
#include "lib/model/run.h"
#include "lib/target/target.h"

/* A slot that is to have a run. */
struct backfill_slot {
	int64_t t;
	enum audit_state state;		/* running: it is followed */
	bool unowned;			/* before the first activation */
};

struct backfill {
	const char *schedule;
	int64_t from, to;		/* from <= t < to */
	bool reprocess;			/* failed and aborted ones once more */
	size_t max_active;		/* runs at once */
	bool stop;			/* a signal stops the runs, too */
	void *arg;
	/* Told of each run that has ended. */
	void (*ended)(void *arg, int64_t t, const struct run *run);

	/* Set by backfill_plan, oldest first. */
	struct backfill_slot *slot;
	size_t n, cap;
	int64_t count[AUDIT_STATES];	/* of all slots in the range */
};

/*
 * What there is to do. EXIT_CONFLICT after a message: no such schedule;
 * EXIT_INPUT: more than anybody can mean.
 */
enum status backfill_plan(struct target *target, struct backfill *backfill);

/*
 * Has a target that can do a dry run show, with --verbose, what it would send
 * for each slot.
 */
enum status backfill_show(struct target *target,
    const struct backfill *backfill);

/*
 * Does it. EXIT_RUN if a run did not succeed; what hindered it otherwise, when
 * the runs that had begun have ended. After a signal (*signum, else 0) no run
 * is started any more.
 */
enum status backfill_run(struct target *target, struct backfill *backfill,
    int *signum);

void backfill_release(struct backfill *backfill);

#endif
