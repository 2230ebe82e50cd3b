/*
 * One node of a run that goes on, and its attempts: started, timed, ended,
 * judged. Which node is started when is the executor's.
 */
#ifndef LOCAL_ATTEMPT_H
#define LOCAL_ATTEMPT_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/run.h"

struct app;
struct inputs;
struct node;
struct workflow;

enum slot_state {
	SLOT_WAITING,	/* for nodes before it, or for room */
	SLOT_RUNNING,
	SLOT_BACKOFF,	/* failed; another attempt at retry_at */
	SLOT_DONE,
	SLOT_FAILED,
	SLOT_ABORTED
};

struct slot {
	const struct node *node;
	enum slot_state state;
	struct node_run record;
	int64_t lost;		/* attempts that ended with their executor */
	pid_t pid;		/* of the attempt that runs, or last ran */
	int64_t pid_start;
	int64_t began;		/* this and below: monotonic milliseconds */
	int64_t deadline;	/* 0: none */
	int64_t kill_at;	/* after a polite signal; 0: none */
	int64_t retry_at;
	bool timed_out;
};

/* What all attempts of a run share. */
struct attempt_context {
	const struct app *app;
	const struct workflow *workflow;
	const struct inputs *inputs;
	const char *run_id;
	const char *run_dir;		/* absolute */
	const char *version;		/* of the app, or NULL */
	const char *work_dir;
	int lock_fd;			/* goes to the components */
	const char *schedule;		/* that the run is of, or NULL */
	const char *timezone;
};

/*
 * Starts the next attempt. EXIT_DONE: it runs; EXIT_RUN: it could not be
 * started, which is its failure (slot->record.error says why); else this
 * machine is at fault and a message was printed.
 */
enum status attempt_start(struct slot *slot,
    const struct attempt_context *context);

/* Enforces the time limit and, `grace` after a signal, kills. */
void attempt_check_time(struct slot *slot, int64_t now);

/* Asks the attempt to end: TERM now, KILL when the grace is over. */
void attempt_terminate(struct slot *slot, int64_t now, int64_t grace);

/*
 * Whether the running attempt has ended. *result is then EXIT_DONE (outputs
 * published), EXIT_RUN (failed, with record.error) or this machine's fault.
 */
bool attempt_ended(struct slot *slot, const struct attempt_context *context,
    enum status *result);

/*
 * What the store knows of the node: it is done already, or attempts of it were
 * begun before the run was resumed for the `resumed`th time.
 */
void slot_take(struct slot *slot, const struct node_run *row,
    int64_t resumed);
void slot_release(struct slot *slot);

/* Sets record.error, masked to one line. */
void slot_set_error(struct slot *slot, const char *text);

#endif
