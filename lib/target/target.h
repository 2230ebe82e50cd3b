/*
 * A target: where an app is deployed and run. Each type has one table of
 * functions; cmd/ talks to the table and never to what is behind it.
 */
#ifndef TARGET_TARGET_H
#define TARGET_TARGET_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/app.h"
#include "lib/model/deployed.h"
#include "lib/model/inputs.h"
#include "lib/model/run.h"

struct arena;
struct filelist;
struct plan;
struct schedule_ops;
struct version;
struct workflow;

/* What a run is to be. */
struct run_request {
	const struct plan *plan;
	const struct workflow *workflow;
	const struct inputs *inputs;	/* complete; files where the user has
					   them */
	const char *model;	/* the run the model came from, or NULL */
	const char *retry_of;	/* its done nodes are taken over; or NULL */
	bool from_start;	/* of a retry: nothing is taken over */
	const char *version;	/* of a snapshot, or NULL: the working tree */
	const char *directory;	/* where the components run; NULL: by source */
	int jobs;		/* nodes at once; 0: as many as cores */
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

/* Where an artifact lies, in one of three; all to be freed. */
struct artifact {
	char *run;		/* the run that made it */
	char *path;		/* a file or directory here */
	char *uri;		/* there, for `download` */
	char *text;		/* JSON: it is a value */
	bool directory;
};

/* Told of what is on its way to or from a target, for a terminal. */
struct transfer {
	void *arg;
	/* Bytes so far of what is called so, and how many in all, or -1. */
	void (*progress)(void *arg, const char *what, int64_t done,
	    int64_t total);
	void (*end)(void *arg);		/* no more of that comes */
};

/* What a run made: a file, a directory, or a value. */
struct run_output {
	char *name;
	char *path;		/* or its URI; NULL: it is a value */
	char *value;		/* JSON text; NULL */
	int64_t bytes;		/* -1: not known, nor is the digest */
	char sha256[65];	/* as tree_sha256 */
};

struct run_outputs {
	struct run_output *v;
	size_t n;
	char *metrics;		/* JSON text; NULL if it has none */
};

void run_outputs_release(struct run_outputs *outputs);

/* What is there of a node's log: one of the two, to be freed. */
struct run_log {
	char *path;		/* a file; it may grow, or not be there yet */
	char *text;		/* or what the target kept of it */
};

void run_log_release(struct run_log *log);

struct gc_request {
	long keep;		/* the newest N stay; -1: by age */
	int64_t older_than_ms;	/* what ended before goes, if by age */
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

struct deploy_request {
	const struct app *app;
	const struct plan *plan;	/* lives until the target is closed */
	const struct filelist *list;	/* NULL: `source: none` */
	struct version *source;		/* what git says; gets its name */
	const char *name;		/* the user's name for it, or NULL */
	bool dry_run;
};

/* How many things of a kind a target made of the version. */
struct deploy_count {
	const char *noun;	/* "launch plan"; NULL: no such kind */
	size_t n_new, n_same;
};

enum { DEPLOY_COUNTS = 3 };

/* What deploy did, or would do. */
struct deploy_result {
	struct deployed deployed;
	bool unchanged;		/* it was there already */
	struct deploy_count count[DEPLOY_COUNTS];
	char *changes;		/* of a dry run: lines, field by field; NULL */
};

void deploy_result_release(struct deploy_result *result);

/* Where a deployed version lies; both to be freed. */
struct snapshot {
	char *directory;	/* where its components run; NULL: no source */
	char *app_path;		/* its app file */
};

/* What every target begins with. */
struct target {
	const struct target_ops *ops;
	const struct transfer *transfer;	/* NULL: nobody is told */
};

struct target_ops {
	enum target_type type;
	/*
	 * Runs go on without this process: there is no `execute` and no
	 * `detach`, and who watches one leaves it alone when he goes.
	 */
	bool remote;
	const struct schedule_ops *schedules;	/* scheduling.h */

	/* `decl` is NULL for the `local` that nobody declared. */
	enum status (*open)(struct target **target, const struct app *app,
	    const struct target_decl *decl, enum target_need need);
	void (*close)(struct target *target);

	/*
	 * From now on nothing is changed: what would be sent is shown with
	 * --verbose, and taken for done. NULL where nothing is sent.
	 */
	void (*dry_run)(struct target *target);

	/*
	 * The workflow as it is registered there: all but nodes and bindings,
	 * in the arena. *version is the one wanted (NULL: the newest), and
	 * becomes the one found. EXIT_CONFLICT after a message if there is
	 * none. NULL: what the plan says is what runs.
	 */
	enum status (*registered)(struct target *target, struct arena *arena,
	    enum workflow_kind kind, const char **version,
	    struct workflow *workflow);

	/*
	 * Writes the run down as pending, this process its owner; *id is the
	 * caller's to free. What is asked for is checked before: EXIT_INPUT.
	 */
	enum status (*create)(struct target *target,
	    const struct run_request *request, char **id);

	/*
	 * Brings the run just created to its end in this process, telling the
	 * observer. Returns EXIT_DONE or EXIT_RUN by how it ended, or what
	 * hindered it. If a signal ended it, *signum is that signal (else 0):
	 * the run is recorded as aborted, the caller raises the signal again.
	 */
	enum status (*execute)(struct target *target,
	    const struct run_request *request, const char *id,
	    const struct observer *observer, int *signum);

	/* The same in a process of its own that outlives this one. */
	enum status (*detach)(struct target *target,
	    const struct run_request *request, const char *id);

	/*
	 * Follows a run that another process executes until it has ended, or
	 * `timeout_ms` (0: none) has passed: EXIT_PENDING. *signum as above;
	 * the run is left alone.
	 */
	enum status (*watch)(struct target *target, const char *id,
	    const struct observer *observer, int64_t timeout_ms, int *signum);

	/*
	 * The id of the run that `text` names: an id, a unique beginning of
	 * one, `latest`, or `best:METRIC` (the training run whose
	 * metrics.test.METRIC is highest). EXIT_CONFLICT with a message (the
	 * candidates).
	 */
	enum status (*resolve)(struct target *target, const char *text,
	    char **id);

	/* Calls `each` for the runs that pass, newest first, until it fails. */
	enum status (*list)(struct target *target,
	    const struct run_filter *filter,
	    enum status (*each)(void *arg, const struct run *run), void *arg);

	enum status (*show)(struct target *target, const char *id,
	    struct run_detail *detail);

	/*
	 * What the run made; `run` NULL is the newest success that has it.
	 * EXIT_CONFLICT with a message if there is none.
	 */
	enum status (*artifact)(struct target *target, enum run_artifact what,
	    const char *run, struct artifact *artifact);

	/*
	 * Writes what lies at the artifact's uri to a regular file; of a
	 * directory the tar.gz that it travels as. NULL: it has no uri.
	 */
	enum status (*download)(struct target *target,
	    const struct artifact *artifact, int fd);

	/*
	 * All that the run made, sizes and digests (of what lies here) read
	 * anew: nothing of one
	 * that did not succeed. To be released whatever comes back.
	 */
	enum status (*outputs)(struct target *target, const char *id,
	    struct run_outputs *outputs);

	/* To be released if it is EXIT_DONE. */
	enum status (*log)(struct target *target, const char *id,
	    const char *node, struct run_log *log);

	/*
	 * The inputs that a run had, for another one like it: all that are
	 * declared now, new ones by their defaults. EXIT_INPUT after messages
	 * if they do not fit any more. NULL where there is a `retry`.
	 */
	enum status (*inputs)(struct target *target, struct arena *arena,
	    const char *id, const struct interface *interface,
	    struct inputs *inputs);

	/*
	 * Stops the run; EXIT_DONE also when it had ended already (said). The
	 * cause (one line; NULL) becomes part of its `error`.
	 */
	enum status (*stop)(struct target *target, const char *id,
	    const char *cause);

	/*
	 * What is asked from now on is answered in so many milliseconds or is
	 * EXIT_NETWORK. NULL where nothing is asked of others.
	 */
	void (*hurry)(struct target *target, int64_t ms);

	/*
	 * Begins a run that does what is undone of another, or with
	 * `from_start` all of it, with the inputs and the version of that one;
	 * *new_id is the caller's to free. NULL: `create` does it.
	 */
	enum status (*retry)(struct target *target, const char *id,
	    bool from_start, char **new_id);

	enum status (*gc)(struct target *target,
	    const struct gc_request *request);

	/*
	 * Makes the source a version that can be run. The same again is
	 * unchanged; other contents under a name that is taken are
	 * EXIT_CONFLICT. *result is to be released whatever comes back.
	 */
	enum status (*deploy)(struct target *target,
	    const struct deploy_request *request,
	    struct deploy_result *result);

	/*
	 * EXIT_CONFLICT after a message if there is no such version. NULL
	 * where `registered` finds them.
	 */
	enum status (*snapshot)(struct target *target, const char *version,
	    struct snapshot *snapshot);

	/* The versions deployed, the newest first. */
	enum status (*versions)(struct target *target,
	    enum status (*each)(void *arg, const struct deployed *deployed),
	    void *arg);
};

/*
 * The declaration and type of the target of that name (NULL: the app's
 * default); *decl is NULL for a `local` that nobody declared. EXIT_INPUT after
 * a message for a name that nobody declared.
 */
enum status target_find(const struct app *app, const char *name,
    const struct target_decl **decl, enum target_type *type);

/*
 * Opens the target of that name (NULL: the app's default) by the table for its
 * type among `types` (ending in NULL), where there is one for each type.
 * EXIT_INPUT for a name that nobody declared.
 */
enum status target_open(struct target **target,
    const struct target_ops *const *types, const struct app *app,
    const char *name, enum target_need need);

/* Says which nodes the run has. EXIT_CONFLICT. */
enum status target_no_such_node(const struct run_detail *detail,
    const char *node);

/* Fine with NULL. */
void target_close(struct target *target);

void artifact_release(struct artifact *artifact);

#endif
