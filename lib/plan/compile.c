/*
 * From an app to its plan, in four steps: what each makes is in the file of
 * that name. No I/O and no clock in this room: the same app gives the same
 * plan at any time.
 */
#include "lib/base/compat.h"

#include "lib/plan/graph.h"
#include "lib/plan/launchplans.h"
#include "lib/plan/plan.h"
#include "lib/plan/tasks.h"
#include "lib/plan/workflows.h"

static enum status
resolve_workflows(struct plan *plan)
{
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < WORKFLOW_KINDS; i++)
		if (plan->workflow[i].name != NULL &&
		    graph_resolve(&plan->arena, &plan->workflow[i]) !=
		    EXIT_DONE)
			status = EXIT_INPUT;
	return status;
}

enum status
plan_compile(struct plan *plan, const struct app *app)
{
	enum status status;

	memset(plan, 0, sizeof(*plan));
	arena_init(&plan->arena);
	plan->app = app;
	tasks_compile(plan);
	workflows_compile(plan);
	status = resolve_workflows(plan);
	if (status == EXIT_DONE)
		launchplans_compile(plan);
	return status;
}
