/*
 * An execution: one run in the hands of the process that brings it to its end.
 * The loop is in executor.c; here is what comes before and after it.
 */
#ifndef LOCAL_EXECUTION_H
#define LOCAL_EXECUTION_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/target/local/attempt.h"
#include "lib/target/target.h"

struct store;

struct execution {
	struct store *store;
	struct attempt_context context;
	const struct observer *observer;
	struct slot *slot;		/* in plan order */
	size_t n;
	size_t jobs;
	bool stopping;
	int signals_seen;
	int64_t ask_at;			/* monotonic: when to look for a stop */
	int64_t resumed;		/* how often it lost its executor */
	bool asked_to_stop;		/* by `runs stop`, or ... */
	bool replaced;			/* ... by a newer slot */
	enum status fault;		/* of this machine */
	const struct slot *failed;	/* the node that ended the run */
};

void execution_tell(struct execution *e, enum node_event event,
    const struct slot *slot);

/*
 * A slot for each node, from what the store says of them, and what is known of
 * the schedule if it is of one.
 */
enum status execution_begin(struct execution *e, struct arena *arena);

/* After a signal: whether somebody wanted the run stopped, and what for. */
void execution_ask_why(struct execution *e);

/* Writes the run's end into the store and says it as an exit status. */
enum status execution_end(struct execution *e, struct arena *arena);

void execution_release(struct execution *e);

#endif
