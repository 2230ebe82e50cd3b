/* The launch plans: one for each workflow, one for each schedule. */
#ifndef PLAN_LAUNCHPLANS_H
#define PLAN_LAUNCHPLANS_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct plan;

/* EXIT_INPUT after a message for a schedule of a workflow that is not there. */
enum status launchplans_compile(struct plan *plan);

#endif
