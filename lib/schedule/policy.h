/*
 * What becomes of slots as time goes by: scheduler-spec section 3 as one pure
 * function of state, definition and clock. It knows no store, no run but by
 * its name, and no clock of its own; `simulate` and the scheduler call it.
 */
#ifndef SCHEDULE_POLICY_H
#define SCHEDULE_POLICY_H

#include "lib/base/compat.h"
#include "lib/schedule/slot.h"

enum policy_catchup { POLICY_CATCHUP_NONE, POLICY_CATCHUP_LATEST,
	POLICY_CATCHUP_ALL };
enum policy_overlap { POLICY_ALLOW, POLICY_SKIP, POLICY_QUEUE,
	POLICY_REPLACE };

/* A late slot is one whose run starts more than so long after it was due. */
enum { POLICY_GRACE = 60, POLICY_CAP = 10000 };

struct definition {
	struct slots slots;
	int64_t offset;			/* due = kickoff + offset, seconds */
	enum policy_catchup catchup;
	int64_t window;			/* seconds; 0: unlimited */
	enum policy_overlap overlap;
	int64_t gen;
};

struct queue_entry {
	int64_t t, due, gen;
	bool seen, late;
};

enum run_origin { ORIGIN_TIMER, ORIGIN_TRIGGER, ORIGIN_BACKFILL };

/* A run of the schedule that has not ended. */
struct active_run {
	int64_t t;
	enum run_origin origin;
	bool cancelled;			/* asked to stop */
};

enum skip_reason { SKIP_NONE, SKIP_PAUSED, SKIP_REMOVED, SKIP_WINDOW,
	SKIP_CATCHUP, SKIP_OVERLAP, SKIP_QUEUE, SKIP_SUPERSEDED,
	SKIP_TOO_MANY };

/* Slots from `from` to `to`, both included: `count` of them, none ran. */
struct skipped {
	int64_t from, to, count;
	enum skip_reason reason;
};

/*
 * The ledger's questions and answers are the caller's: it knows which instants
 * have a run. All arrays are owned by the state.
 */
struct policy_state {
	int64_t w;			/* every slot <= w is taken in */
	bool active;
	struct queue_entry *queue;	/* by t */
	size_t n_queue, cap_queue;
	struct active_run *running;
	size_t n_running, cap_running;
};

/* What one step decided, in order; owned by the struct. */
struct decision {
	enum { DECIDE_START, DECIDE_CANCEL, DECIDE_SKIP, DECIDE_FORGET } what;
	int64_t t;			/* start, cancel; forget: from there on */
	int64_t gen;			/* start */
	struct skipped skipped;		/* skip */
};

struct decisions {
	struct decision *v;
	size_t n, cap;
};

/*
 * Whether the ledger has a row (a run, or skipped) for the instant. Asked of
 * the caller for instants in (w, now] only.
 */
struct ledger {
	bool (*has)(void *arg, int64_t t);
	void *arg;
};

void policy_init(struct policy_state *state, int64_t w, bool active);
void policy_release(struct policy_state *state);
void decisions_release(struct decisions *decisions);

/* One step; see the spec for what it does and does not. */
void policy_step(struct policy_state *state, const struct definition *d,
    const struct ledger *ledger, int64_t now, struct decisions *decisions);

/* A run has ended, or a trigger or backfill run has begun. */
void policy_ended(struct policy_state *state, int64_t t);
void policy_began(struct policy_state *state, int64_t t,
    enum run_origin origin);

/* Pause and removal: step was called before; the timer's queue goes. */
void policy_pause(struct policy_state *state, enum skip_reason reason,
    struct decisions *decisions);
void policy_resume(struct policy_state *state, int64_t now);

/* The next instant at which step can have something to do; false: none. */
bool policy_next_event(const struct policy_state *state,
    const struct definition *d, int64_t *t);

#endif
