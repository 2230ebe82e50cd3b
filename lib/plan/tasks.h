/* The tasks of a plan: what each declared component runs, takes and gives. */
#ifndef PLAN_TASKS_H
#define PLAN_TASKS_H

#include "lib/base/compat.h"

struct plan;

void tasks_compile(struct plan *plan);

#endif
