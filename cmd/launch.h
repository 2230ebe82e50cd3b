/*
 * What train, predict and `runs retry` share: inputs from the command line, a
 * run made of them, its progress shown, its failure told.
 */
#ifndef CMD_LAUNCH_H
#define CMD_LAUNCH_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/err.h"
#include "lib/base/strvec.h"
#include "lib/model/app.h"

struct context;
struct inputs;
struct strbuf;
struct workflow;

/* Where the options of the three commands are put; see LAUNCH_OPTIONS. */
struct launch_options {
	const char *inputs;		/* -i */
	const char *version;		/* -v */
	struct strvec pairs;		/* -p */
	long jobs;
	int wait;
	struct span timeout;		/* 0: none */
};

#define LAUNCH_OPTIONS_INIT { NULL, NULL, STRVEC_INIT, 0, 1, { 0, 0 } }

#define LAUNCH_INPUT_ROWS(o)                                               \
	{ OPT_STRING, 'i', "inputs", &(o).inputs, "JSON|@FILE|-",          \
	    "the inputs as a JSON object: given, from FILE or from stdin", \
	    "@file", NULL },                                               \
	{ OPT_STRING, 'v', "app-version", &(o).version, "VERSION",         \
	    "run this deployed version instead of the working tree",       \
	    "version", NULL },                                             \
	{ OPT_STRINGS, 'p', "param", &(o).pairs, "NAME=VALUE",             \
	    "one input, over what -i says: -p hyperparameters.C=0.1",      \
	    "input", NULL }

#define LAUNCH_WAIT_ROWS(o)                                                \
	{ OPT_COUNT, 'j', "jobs", &(o).jobs, "N",                          \
	    "run at most N nodes at once (default: the number of cores)",  \
	    NULL, NULL },                                                  \
	LAUNCH_FOLLOW_ROWS(o)

#define LAUNCH_FOLLOW_ROWS(o)                                              \
	{ OPT_NEGATABLE, 'w', "wait", &(o).wait, NULL,                       \
	    "wait for the run's end (default), or only print its id",      \
	    NULL, NULL },                                                  \
	{ OPT_SPAN, 0, "timeout", &(o).timeout, "D",                       \
	    "wait no longer than D (exit status 7; the run goes on)",      \
	    NULL, NULL }

/*
 * The workflow, of the version that the options name; EXIT_INPUT with what the
 * app lacks for it.
 */
enum status launch_workflow(struct context *context,
    const struct launch_options *options, enum workflow_kind kind,
    const struct workflow **workflow);

/*
 * Types what -i and -p give; `inputs` may hold some already. EXIT_INPUT after
 * messages.
 */
enum status launch_inputs(struct arena *arena,
    const struct launch_options *options, const struct workflow *workflow,
    struct inputs *inputs);

struct launch {
	const struct workflow *workflow;
	const struct inputs *inputs;
	const char *model;		/* the run it came from, or NULL */
	const char *retry_of;		/* or NULL */
	bool from_start;		/* of a retry: takes nothing over */
};

/*
 * Makes the run, waits for its end as the options say, tells why it failed,
 * and has `print` print the result: `ended` is EXIT_DONE (it succeeded, or was
 * left to itself), EXIT_RUN or EXIT_PENDING. Returns how it ended, or what
 * hindered any of this. A signal that stopped the run is raised again here.
 */
enum status launch_run(struct context *context,
    const struct launch_options *options, const struct launch *launch,
    enum status (*print)(struct context *context, const char *id,
	enum status ended));

/*
 * Waits for the end of a run that another process executes: as launch_run
 * does, but nothing is printed. A signal ends the wait, and with `stop` a run
 * on this machine; it is raised again here.
 */
enum status launch_follow(struct context *context, const char *id,
    struct span timeout, bool stop);

/* Tells why the run failed: the last lines of its log, what to do next. */
void launch_tell_failure(struct context *context, const char *id);

/*
 * Appends the run's record as the members of a JSON object, for --json. The
 * object is the caller's to begin and end.
 */
struct json_writer;
enum status launch_write_json(struct context *context, const char *id,
    struct json_writer *w);

/*
 * Prints the id and the metrics (JSON text, or NULL) of a run that ended well;
 * with --json its record, however it ended.
 */
enum status launch_print(struct context *context, const char *id,
    enum status ended, const char *metrics);

#endif
