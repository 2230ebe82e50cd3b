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

/*
 * In the order of the interface; every variable has a value when resolved.
 * Begins with n 0 and grows by inputs_set alone.
 */
struct inputs {
	struct input *v;
	size_t n;
};

struct inputs_request {
	const struct interface *interface;
	const char *workflow;		/* for messages */
	const struct json *document;	/* of -i; NULL if none */
	const struct strvec *pairs;	/* NAME=VALUE of -p; NULL if none */
	const char *base;		/* what relative paths are relative to;
					   NULL: they stay as they are */
	struct instant now;		/* what `default: now` becomes */
};

/*
 * Types what -i and -p give and fills in the defaults; -p goes over -i, and of
 * several -p for one name the last wins. `-p NAME.MEMBER=VALUE` sets a member
 * of a json input: typed if its members are declared, else JSON if it parses
 * as that and text if not. A json input with declared members is rebuilt: all
 * of them, in their order, as their types have them.
 *
 * What `inputs` holds on entry (by name: the model of -m, the features of -f)
 * stays, is not missing, and is an error if given again. Files and directories
 * named must exist and be of that kind; those held on entry are not looked at.
 *
 * Prints every fault as `input 'NAME': ...` and returns EXIT_INPUT then, with
 * `inputs` as it was. The document must live as long as the inputs.
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
