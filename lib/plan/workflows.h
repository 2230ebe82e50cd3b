/* The workflows of a plan: which tasks follow each other, bound to what. */
#ifndef PLAN_WORKFLOWS_H
#define PLAN_WORKFLOWS_H

#include "lib/base/compat.h"

struct plan;

/* Of a plan with tasks. What it makes is still to be resolved (graph.h). */
void workflows_compile(struct plan *plan);

#endif
