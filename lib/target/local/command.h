/*
 * What a component is started with: its arguments with the placeholders
 * replaced, and its environment.
 */
#ifndef LOCAL_COMMAND_H
#define LOCAL_COMMAND_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/base/strvec.h"
#include "lib/target/local/values.h"

struct app;
struct arena;
struct inputs;
struct node;
struct workflow;

/* More than this of a value goes into its file only. */
enum { VALUE_TEXT_MAX = 64 << 10 };

struct component_call {
	const struct app *app;
	const struct workflow *workflow;
	const struct node *node;
	const struct node_value *value;	/* one for each binding */
	const char *out;		/* where its outputs go, absolute */
	const char *run_id;
	const char *version;		/* of the app; NULL: the working tree */
	int64_t attempt;
	const char *schedule;		/* NULL: of none */
	const char *timezone;		/* of the schedule */
};

/* Fills both vectors, which are empty at first. */
void command_build(struct arena *arena, const struct component_call *call,
    struct strvec *argv, struct strvec *env);

/*
 * The caller's environment without its UNIONML_*, and the app's `path:` before
 * PATH: what every command of the app begins with.
 */
void command_environment(const struct app *app, struct strvec *env);

/* The directory that the app's `source:` names; the caller frees. */
char *command_directory(const struct app *app);

/*
 * What can be known to be wrong before anything runs: the directory, secrets
 * that are not set, values too long for a placeholder. EXIT_INPUT after a
 * message for each.
 */
struct run_request;
enum status command_check(struct arena *arena,
    const struct run_request *request);

#endif
