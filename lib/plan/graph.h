/*
 * The graph of one workflow: which node waits for which, and whether what is
 * bound fits. Works on any workflow, whoever made it.
 */
#ifndef PLAN_GRAPH_H
#define PLAN_GRAPH_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct arena;
struct workflow;

/*
 * Fills in the upstream lists from the bindings, sorts the nodes so that each
 * comes behind all that it waits for (of two that could both be next, the
 * earlier one stays first), and checks that each input of a task is bound once
 * and by a value of its type. EXIT_INPUT after a message: a circle (its nodes
 * are named), an unknown node, output or input, a clash of types.
 */
enum status graph_resolve(struct arena *arena, struct workflow *workflow);

#endif
