/*
 * What becomes of slots as time goes by: scheduler-spec section 3 as one pure
 * function of state, definition and clock. It knows no store, no run but by
 * its number, and no clock of its own; `simulate` and the scheduler call it.
 */
#ifndef SCHEDULE_POLICY_H
#define SCHEDULE_POLICY_H

#include "lib/base/compat.h"
#include "lib/schedule/slot.h"

enum policy_catchup { POLICY_CATCHUP_NONE, POLICY_CATCHUP_LATEST,
	POLICY_CATCHUP_ALL };
enum policy_overlap { POLICY_ALLOW, POLICY_SKIP, POLICY_QUEUE,
	POLICY_REPLACE };

/*
 * A slot is late when more than so many seconds have passed since it was due;
 * so many of a schedule can wait.
 */
enum { POLICY_GRACE = 60, POLICY_CAP = 10000 };

struct definition {
	struct slots slots;
	int64_t offset;			/* due = kickoff + offset, seconds */
	enum policy_catchup catchup;
	int64_t window;			/* seconds; 0: unlimited */
	enum policy_overlap overlap;
	int64_t gen;
};

/* A slot taken in of which nothing is decided yet. */
struct queue_entry {
	int64_t t, due, gen;
	bool seen;			/* it was due, and waits for a run */
	bool late;			/* it is being made up */
	bool fresh;			/* within a step only: just seen */
};

enum run_origin { ORIGIN_TIMER, ORIGIN_TRIGGER, ORIGIN_BACKFILL };

/* A run of the schedule that has not ended, pending ones included. */
struct active_run {
	int64_t id;			/* the caller's, who looks it up */
	int64_t t;			/* its kickoff */
	enum run_origin origin;
	bool cancelled;			/* asked to stop */
};

enum skip_reason { SKIP_PAUSED, SKIP_REMOVED, SKIP_WINDOW, SKIP_CATCHUP,
	SKIP_OVERLAP, SKIP_QUEUE, SKIP_SUPERSEDED, SKIP_TOO_MANY,
	SKIP_REASONS };

/* "paused", "catchup" ...: the word of the ledger. */
const char *skip_reason_name(enum skip_reason reason);

/*
 * All slots from `from` to `to`, both included: `count` of them, and none of
 * them has a run or waits.
 */
struct skipped {
	int64_t from, to, count;
	enum skip_reason reason;
};

/* All arrays are owned by the state, which is loaded by the functions below. */
struct policy_state {
	int64_t w;			/* every slot <= w is taken in */
	bool active;
	size_t cap;			/* POLICY_CAP; tests take less */
	struct queue_entry *queue;	/* by t, each t once */
	size_t n_queue, cap_queue;
	struct active_run *running;	/* in the order in which they began */
	size_t n_running, cap_running;
};

enum decision_kind {
	DECIDE_FORGET,	/* the clock went back: drop what is skipped after t,
			   and cut the range that goes on beyond it */
	DECIDE_START,	/* write running[run], whose id the caller sets */
	DECIDE_CANCEL,	/* ask running[run] to stop */
	DECIDE_WAIT,	/* it was due and waits from now on, for running[run] */
	DECIDE_SKIP	/* overlap: because of running[run] */
};

struct decision {
	enum decision_kind what;
	int64_t t, gen;			/* skip: t is the first one's */
	bool late;			/* start, wait */
	size_t run;			/* in the state's `running` */
	struct skipped skipped;
};

/*
 * What a step decided, in order. The array is kept from step to step; ranges
 * keep it short however long the outage.
 */
struct decisions {
	struct decision *v;
	size_t n, cap;
};

/*
 * The runs of slots that the ledger has: the first instant after `after` with
 * one; false if there is none. NULL stands for a ledger without runs.
 */
struct ledger {
	bool (*next_run)(void *arg, int64_t after, int64_t *t);
	void *arg;
};

/*
 * Of a new schedule `w` is its activation; should its ledger, from a life
 * before, have skipped slots later than that, the caller forgets them.
 */
void policy_init(struct policy_state *state, int64_t w, bool active);
void policy_release(struct policy_state *state);
void decisions_release(struct decisions *decisions);

/*
 * One step: takes in the slots up to `now`, and decides. It is called at each
 * next event, after each end of a run, before anything is changed, and may be
 * called at any other time. `decisions` is emptied first; the caller carries
 * them out and keeps the state in one transaction, or drops both.
 */
void policy_step(struct policy_state *state, const struct definition *d,
    const struct ledger *ledger, int64_t now, struct decisions *decisions);

/*
 * Pause and removal, which a step at the same instant precedes: what is taken
 * in goes, as skipped for `reason`; runs go on. Resumption is to set `active`
 * after a step.
 */
void policy_pause(struct policy_state *state, const struct definition *d,
    enum skip_reason reason, struct decisions *decisions);

/* The next instant at which a step has something to do; false: none ever. */
bool policy_next_event(const struct policy_state *state,
    const struct definition *d, int64_t *t);

/* A run that the step did not start: loaded, triggered, or of a backfill. */
void policy_began(struct policy_state *state, int64_t id, int64_t t,
    enum run_origin origin);

/* The run at this place of `running` has ended; those after it move up. */
void policy_ended(struct policy_state *state, size_t run);

/*
 * What keeps a `trigger` from starting unless overlap is allow: the oldest run
 * that is no backfill's, or NULL.
 */
const struct active_run *policy_busy(const struct policy_state *state);

/* Loads an entry of the queue; one with the same t stays as it is. */
void policy_enqueue(struct policy_state *state,
    const struct queue_entry *entry);

/*
 * Takes the slot out of the queue, for somebody who starts it by hand; false
 * if it is not there.
 */
bool policy_dequeue(struct policy_state *state, int64_t t);

#endif
