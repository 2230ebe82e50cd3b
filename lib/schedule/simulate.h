/*
 * A schedule on a virtual clock: the policy's own step, driven through a span
 * of time with runs of given lengths and with outages, in which nobody is
 * there to step. Runs go on through an outage; what became of them is seen
 * afterwards. As many run at once as the policy starts.
 */
#ifndef SCHEDULE_SIMULATE_H
#define SCHEDULE_SIMULATE_H

#include "lib/base/compat.h"
#include "lib/schedule/policy.h"

/* from <= t < until. */
struct outage {
	int64_t from, until;
};

enum simulated_kind {
	SIMULATED_START,
	SIMULATED_WAIT,		/* for the run of `by` */
	SIMULATED_SKIP,		/* overlap: because of the run of `by` */
	SIMULATED_CANCEL,
	SIMULATED_END
};

struct simulated {
	enum simulated_kind what;
	int64_t at;
	int64_t t;			/* the kickoff; of skipped, the first */
	int64_t by;			/* a kickoff, too */
	bool late;			/* start, wait: it is made up */
	bool cancelled;			/* end */
	struct skipped skipped;
};

/* A run ends at once when it is cancelled. */
struct ending {
	int64_t at, t;
};

struct simulation {
	const struct definition *definition;
	const struct outage *outage;	/* in any order */
	size_t n_outages;
	/* How long the run of a kickoff takes, in seconds. */
	int64_t (*length)(void *arg, int64_t t);
	void (*event)(void *arg, const struct simulated *event);
	void *arg;

	int64_t now;
	struct policy_state state;	/* ids of runs are their kickoffs */
	struct decisions decisions;
	struct ending *ending;		/* of what runs, by time */
	size_t n_endings, cap_endings;
	bool pending;			/* a run ended, and nobody saw it */
};

/*
 * Activated at `from`. The members down to `arg`, of which only `outage` may
 * be left out, are the caller's to set; the definition outlives it.
 */
void simulation_init(struct simulation *simulation, int64_t from);
void simulation_release(struct simulation *simulation);

/* When something happens next; false: never again. */
bool simulation_next(const struct simulation *simulation, int64_t *t);

/* Lets it happen, all that comes at that instant. */
void simulation_advance(struct simulation *simulation);

#endif
