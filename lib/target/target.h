/*
 * A target: where an app is deployed and run. One table of functions for each
 * type; cmd/ talks to the functions below and never to what is behind them.
 */
#ifndef TARGET_TARGET_H
#define TARGET_TARGET_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/app.h"
#include "lib/model/inputs.h"
#include "lib/model/run.h"

struct plan;
struct workflow;

struct target;

/* What a run is to be. */
struct run_request {
	const struct plan *plan;
	const struct workflow *workflow;
	const struct inputs *inputs;	/* complete; paths as the user gave them */
	const char *model;		/* the run the model came from, or NULL */
	const char *retry_of;		/* succeeded nodes are taken over; NULL */
	int jobs;			/* nodes at once; 0: as many as cores */
};

struct run_filter {
	const char *schedule;		/* NULL: any */
	const char *workflow;
	int status;			/* an enum run_status; -1: any */
	int64_t since_ms;		/* created at or after; 0: any */
	long limit;			/* 0: no limit */
};

enum node_event { NODE_STARTED, NODE_RETRIED, NODE_ENDED, NODE_TAKEN };

/* Told of what happens while a run goes on; all may be NULL. */
struct observer {
	void *arg;
	void (*node)(void *arg, enum node_event event,
	    const struct node_run *node, int64_t took_ms);
	/* Called about ten times a second while nodes run, for a terminal. */
	void (*tick)(void *arg);
};

enum run_artifact { ARTIFACT_MODEL, ARTIFACT_PREDICTIONS, ARTIFACT_METRICS };

/* Where an artifact lies; both to be freed. */
struct artifact {
	char *run;		/* the run that made it */
	char *path;		/* a file or directory; NULL for metrics */
	char *metrics;		/* JSON text; NULL for the others */
	bool directory;
};

struct gc_request {
	long keep;		/* the newest N stay; -1: not by number */
	int64_t older_than_ms;	/* ended before; 0: not by age */
	bool dry_run;
	void *arg;
	/* Told of each run removed, or that would be; `kept` says why not. */
	void (*each)(void *arg, const struct run *run, int64_t bytes,
	    const char *kept);
};

enum target_need {
	TARGET_READ,	/* looks only: no store is made for it */
	TARGET_WRITE
};

/*
 * Opens the target of that name ("local" is always there). Says what is wrong:
 * EXIT_INPUT for a name that nobody declared or a type that cannot run yet.
 */
enum status target_open(struct target **target, const struct app *app,
    const char *name, enum target_need need);
void target_close(struct target *target);

/* Writes the run down as pending; *id is the caller's to free. */
enum status target_create(struct target *target,
    const struct run_request *request, char **id);

/*
 * Brings a run that target_create made to its end in this process, telling the
 * observer. Returns EXIT_DONE or EXIT_RUN by how it ended, or what hindered
 * it. If a signal ended it, *signum is that signal (else 0): the run is
 * recorded as aborted and the caller raises the signal again.
 */
enum status target_execute(struct target *target,
    const struct run_request *request, const char *id,
    const struct observer *observer, int *signum);

/* The same in a process of its own that outlives this one. */
enum status target_detach(struct target *target,
    const struct run_request *request, const char *id);

/*
 * Follows a run that another process executes until it has ended, or
 * `timeout_ms` (0: none) has passed: EXIT_PENDING. *signum as above; the run is
 * left alone.
 */
enum status target_watch(struct target *target, const char *id,
    const struct observer *observer, int64_t timeout_ms, int *signum);

/*
 * The id of the run that `text` names: an id, a unique beginning of one, or
 * `latest`. EXIT_CONFLICT with a message (ambiguous: the candidates).
 */
enum status target_resolve(struct target *target, const char *text,
    char **id);

/* Calls `each` for the runs that pass, newest first, until it fails. */
enum status target_list(struct target *target,
    const struct run_filter *filter,
    enum status (*each)(void *arg, const struct run *run), void *arg);

enum status target_show(struct target *target, const char *id,
    struct run_detail *detail);

/*
 * What the run made; `run` NULL is the newest success that has it.
 * EXIT_CONFLICT with a message if there is none.
 */
enum status target_artifact(struct target *target, enum run_artifact what,
    const char *run, struct artifact *artifact);
void artifact_release(struct artifact *artifact);

/* Where a node's log lies; the caller frees. */
enum status target_log(struct target *target, const char *id,
    const char *node, char **path);

/* Asks the run to stop; EXIT_DONE also when it had ended already (said). */
enum status target_stop(struct target *target, const char *id);

enum status target_gc(struct target *target,
    const struct gc_request *request);

#endif
