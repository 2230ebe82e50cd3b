/*
 * A typed interface: the variables that a component or workflow takes or
 * gives, in their order. Flyte's words: interface, variable, parameter map.
 */
#ifndef MODEL_INTERFACE_H
#define MODEL_INTERFACE_H

#include "lib/base/compat.h"
#include "lib/model/type.h"

struct arena;
struct literal;

struct variable {
	const char *name;
	const struct type *type;
	const struct literal *preset;	/* the default; NULL if there is none */
	bool now;			/* `default: now`, of the starter */
	bool optional;			/* of a member: it may be left out; of
					   an input: its default is the
					   cluster's own affair */
	const char *description;	/* NULL if none */
	const struct interface *members; /* of a json object: what it holds */
	int line, column;		/* where it was declared; 0: nowhere */
};

struct interface {
	struct variable *v;
	size_t n;
};

/* The variable, or NULL. */
const struct variable *interface_find(const struct interface *interface,
    const char *name);

/*
 * Appends a copy of the variable (not of what it points to). The interface is
 * one that began with n 0 and grew by this function alone; pointers to its
 * variables do not outlive the call.
 */
void interface_add(struct arena *arena, struct interface *interface,
    const struct variable *variable);

/* Neither optional nor has it a default, `now`, or members that all have. */
bool variable_required(const struct variable *variable);

#endif
