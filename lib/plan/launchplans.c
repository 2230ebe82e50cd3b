/*
 * What can be launched: each workflow under its own name with nothing bound,
 * and each schedule under NAME.SCHEDULE with what the app file binds. That a
 * schedule of an app with components names a workflow they make is the app
 * file's to check; one without drives what something else registered.
 */
#include "lib/base/compat.h"

#include "lib/plan/launchplans.h"
#include "lib/plan/plan.h"

static void
add(struct plan *plan, const char *name, enum workflow_kind kind,
    const struct schedule *schedule)
{
	plan->launch_plan[plan->n_launch_plans++] = (struct launch_plan){
		.name = name,
		.workflow_name = arena_printf(&plan->arena, "%s.%s",
		    plan->app->name, workflow_name(kind)),
		.workflow = plan_workflow(plan, kind),
		.schedule = schedule,
	};
}

void
launchplans_compile(struct plan *plan)
{
	const struct app *app = plan->app;
	size_t i;

	plan->launch_plan = arena_array(&plan->arena,
	    WORKFLOW_KINDS + app->n_schedules, sizeof(*plan->launch_plan));
	for (i = 0; i < WORKFLOW_KINDS; i++)
		if (plan_workflow(plan, i) != NULL)
			add(plan, plan_workflow(plan, i)->name, i, NULL);
	for (i = 0; i < app->n_schedules; i++)
		add(plan, arena_printf(&plan->arena, "%s.%s", app->name,
		    app->schedule[i].name), app->schedule[i].workflow,
		    &app->schedule[i]);
}
