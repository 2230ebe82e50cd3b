/*
 * What a target does with schedules: the second table of functions, which
 * `target_ops` points to. Words and rules are those of scheduler-spec.
 */
#ifndef TARGET_SCHEDULING_H
#define TARGET_SCHEDULING_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/app.h"
#include "lib/model/audit.h"
#include "lib/model/scheduled.h"
#include "lib/schedule/policy.h"

struct strvec;
struct target;

/* A deploy's part in schedules. */
struct reconcile_request {
	const struct app *app;		/* of the version */
	const char *target;		/* its name, for `targets:` */
	const char *version;
	bool states;			/* false: --no-schedule; they are
					   registered, no state changes */
	bool activate;			/* also what was paused by hand */
	bool dry_run;
	bool now;			/* does not wait for a safe moment */
	const char *who;
};

/* activate-schedules, deactivate-schedules. */
struct activation {
	const struct strvec *names;	/* none: all that are declared there */
	const char *target;		/* its name, for `targets:` */
	bool active;
	const char *note;		/* of a deactivation; NULL */
	const char *version;		/* only those of it; NULL: any. To
					   activate: it takes them over */
	bool now;
	const char *who;
};

struct audit_request {
	const struct strvec *names;	/* none: all */
	int64_t from, to;		/* from <= t < to */
	bool unowned;			/* also the slots that the definition
					   in force would have had before the
					   first activation, as UNKNOWN */
};

/*
 * A run of a schedule that the timer did not start. With `has_slot` it is the
 * first run of that slot (attempt 0), or, should its last one have failed and
 * `again` be set, its next attempt; else it stands for no slot and its kickoff
 * is now.
 */
struct start_request {
	const char *schedule;
	enum run_origin origin;		/* trigger or backfill */
	bool has_slot;
	int64_t t;
	bool again;
	bool allow_overlap;		/* trigger: though a run goes on */
};

enum scheduler_event_kind {
	SCHEDULER_READY,	/* it looks after `count` schedules */
	SCHEDULER_START,	/* a slot got its run, which is pending */
	SCHEDULER_WAIT,
	SCHEDULER_SKIP,
	SCHEDULER_CANCEL,
	SCHEDULER_BEGIN,	/* a process took the run */
	SCHEDULER_RESUME,	/* the same after its former owner died */
	SCHEDULER_END,
	SCHEDULER_CLOCK,	/* the wall clock jumped by `count` seconds */
	SCHEDULER_STOP		/* signal `count`; `n_runs` still go on */
};

/* A line of the scheduler's log. What does not apply is 0 or NULL. */
struct scheduler_event {
	enum scheduler_event_kind what;
	int64_t at;			/* milliseconds */
	const char *schedule;
	int64_t t;			/* kickoff; of skipped, the first */
	const char *run;
	const char *by;			/* wait, skip: the run that was there */
	bool late;			/* start, wait: it is made up */
	struct skipped skipped;
	enum run_status status;		/* end */
	const char *error;		/* end: why it failed */
	int64_t count;
	size_t n_runs;
};

struct scheduler_request {
	bool once;			/* what is due, to its end */
	int jobs;			/* runs at once; 0: as many as cores */
	int64_t grace_ms;		/* of a stop */
	bool adopt;			/* a copied store becomes its own */
	void *arg;
	void (*event)(void *arg, const struct scheduler_event *event);
};

/* As slot_run_id takes them; NULL: there is no id. */
struct slot_identity {
	char *scope, *name, *version;
};

void slot_identity_release(struct slot_identity *identity);

struct schedule_ops {
	/* What it does where the keys of these names are left out. */
	const char *own_catchup, *own_overlap;

	/*
	 * Makes the target's schedules those of the version: `changes` has one
	 * for each, declared or removed. With states, reads them back and is
	 * EXIT_CONFLICT after a message if the target has not what was asked.
	 */
	enum status (*reconcile)(struct target *target,
	    const struct reconcile_request *request,
	    struct schedule_changes *changes);

	/*
	 * Names that nobody declared are EXIT_CONFLICT after a message that
	 * lists the known; nothing is changed then.
	 */
	enum status (*set_active)(struct target *target,
	    const struct activation *activation,
	    struct schedule_changes *changes);

	/* All but the removed ones (with `removed`, those too), by name. */
	enum status (*list)(struct target *target, bool removed,
	    enum status (*each)(void *arg, const struct scheduled *scheduled),
	    void *arg);

	/*
	 * What became of every slot that is due, by schedule and time.
	 * EXIT_CONFLICT as set_active. It changes nothing.
	 */
	enum status (*audit)(struct target *target,
	    const struct audit_request *request,
	    enum status (*each)(void *arg, const struct audited *audited),
	    void *arg);

	/*
	 * Starts a run, which goes on whatever becomes of this process; *id is
	 * the caller's to free. If the slot has its run, *id is that, *already
	 * is true, and nothing is said. EXIT_CONFLICT after a message if it is
	 * no slot, or another run goes on.
	 */
	enum status (*start)(struct target *target,
	    const struct start_request *request, char **id, bool *already);

	/*
	 * What the ids of a schedule's slots to come are made of. Zeroed if it
	 * is not deployed there, or nothing fires it; to be released.
	 */
	enum status (*identity)(struct target *target, const char *schedule,
	    struct slot_identity *identity);

	/* Whether something fires them now; NULL where that is always so. */
	bool (*served)(struct target *target);

	/*
	 * Fires them until a signal comes, and stops as it is told: *signum is
	 * 0 then, or the signal if it came twice, or before what is done
	 * `once` was done. NULL where the target fires them by itself.
	 */
	enum status (*serve)(struct target *target,
	    const struct scheduler_request *request, int *signum);
};

#endif
