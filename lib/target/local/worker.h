/*
 * The process that executes one run of a schedule: it makes the run ready from
 * the snapshot of its version, brings it to its end, and tells of a failure.
 * It outlives whoever started it.
 */
#ifndef LOCAL_WORKER_H
#define LOCAL_WORKER_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/target/local/local.h"

/* A run taken, for a process that is still to be started. */
struct worker {
	char id[RUN_ID_LEN + 1];
	struct owner_lock owner;
	bool resumed;
	bool telling;			/* only of its failure: it has ended */
	struct run_owner former;	/* of one resumed: what it left */
	pid_t pid;			/* 0: not started */
};

/*
 * Takes the run by compare-and-set, from nobody or from the dead owner `former`
 * (NULL: nobody), for a new owner; *taken says whether it was.
 */
enum status worker_take(struct local *local, const char *id,
    const struct run_owner *former, struct worker *worker, bool *taken);

/*
 * Takes over the failure of a run that a dead owner did not come to tell of, by
 * compare-and-set.
 */
enum status worker_take_untold(struct local *local, const char *id,
    const char *former, struct worker *worker, bool *taken);

/*
 * Starts the process. Between worker_pause and worker_go_on alone: a connection
 * of SQLite's must not live on in a child. EXIT_LOCAL after a message if no
 * process can be made: then the run is an orphan, which is resumed.
 */
void worker_pause(struct local *local);
enum status worker_spawn(struct local *local, struct worker *worker);
enum status worker_go_on(struct local *local);

/* All of it, for one run; fine if somebody else took it. */
enum status worker_start(struct local *local, const char *id,
    const struct run_owner *former);

#endif
