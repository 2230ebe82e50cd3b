/*
 * The workers of a scheduler: started, watched, asked to stop, and the runs
 * taken up that others left behind.
 */
#ifndef LOCAL_CREW_H
#define LOCAL_CREW_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/target/local/worker.h"
#include "lib/target/scheduling.h"

struct job {
	struct worker worker;
	char *schedule;
	int64_t t;			/* kickoff */
	bool ended;			/* the run; its process may go on */
};

struct crew {
	struct local *local;
	const struct scheduler_request *request;
	size_t max;			/* runs at once */
	struct job *job;
	size_t n, cap;
	int64_t look_at;		/* monotonic: for orphans */
};

/*
 * Takes and starts what is pending, the oldest first, as long as there is room.
 * *left says whether something had to wait.
 */
enum status crew_start(struct crew *crew, bool *left);

/*
 * Tells of runs that have ended and lets go of processes that are gone. After
 * it crew->n processes live.
 */
void crew_look(struct crew *crew);

/*
 * When it is time for it: takes up runs of schedules whose owner is dead
 * (scheduler-spec section 5), as long as there is room, and tells of failures
 * that such an owner did not come to tell of.
 */
enum status crew_adopt(struct crew *crew);

/* Asks all that still live to stop. */
void crew_terminate(const struct crew *crew);

/* Runs that have not ended. */
size_t crew_busy(const struct crew *crew);

void crew_release(struct crew *crew);

#endif
