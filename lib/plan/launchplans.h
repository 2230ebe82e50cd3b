/* The launch plans: one for each workflow, one for each schedule. */
#ifndef PLAN_LAUNCHPLANS_H
#define PLAN_LAUNCHPLANS_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct plan;

/* Fills in the plan's launch plans from its workflows and the schedules. */
void launchplans_compile(struct plan *plan);

#endif
