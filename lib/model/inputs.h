/*
 * The inputs of one run: what -i and -p give, typed against the workflow's
 * interface, with the defaults filled in.
 */
#ifndef MODEL_INPUTS_H
#define MODEL_INPUTS_H

#include "lib/base/compat.h"
#include "lib/base/clock.h"
#include "lib/base/err.h"
#include "lib/model/interface.h"

struct arena;
struct json;
struct strvec;

struct input {
	const struct variable *variable;
	const struct literal *value;
};

/* In the order of the interface; every variable has a value when checked. */
struct inputs {
	struct input *v;
	size_t n;
};

struct inputs_request {
	const struct interface *interface;
	const char *workflow;		/* for messages */
	const struct json *document;	/* of -i; NULL if none */
	const struct strvec *pairs;	/* NAME=VALUE of -p; NULL if none */
	const char *base;		/* what relative paths are relative to */
	struct instant now;		/* what `default: now` becomes */
};

/*
 * Prints every fault as an error (unknown input, missing one, wrong type) and
 * returns EXIT_INPUT then. Variables that `given` already holds (by name; the
 * model) are neither missing nor may they be given again. Files and
 * directories named must exist (EXIT_INPUT).
 */
enum status inputs_resolve(struct arena *arena,
    const struct inputs_request *request, struct inputs *inputs);

/* The value of the input of that name, or NULL. */
const struct literal *inputs_find(const struct inputs *inputs,
    const char *name);

/* Sets or replaces one. `variable` may be of another interface. */
void inputs_set(struct arena *arena, struct inputs *inputs,
    const struct variable *variable, const struct literal *value);

/* All of them as one JSON object, for the record of a run. */
struct json *inputs_to_json(struct arena *arena, const struct inputs *inputs);

#endif
