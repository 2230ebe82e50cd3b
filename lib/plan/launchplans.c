/*
 * What can be launched: each workflow under its own name with nothing bound,
 * and each schedule under NAME.SCHEDULE with what the app file binds.
 */
#include "lib/base/compat.h"

#include "lib/plan/launchplans.h"
#include "lib/plan/plan.h"

static void
add(struct plan *plan, const char *name, const struct workflow *workflow,
    const struct schedule *schedule)
{
	plan->launch_plan[plan->n_launch_plans++] = (struct launch_plan){
		.name = name, .workflow = workflow, .schedule = schedule,
	};
}

enum status
launchplans_compile(struct plan *plan)
{
	const struct app *app = plan->app;
	const struct workflow *workflow;
	const struct schedule *s;
	size_t i;

	plan->launch_plan = arena_array(&plan->arena,
	    WORKFLOW_KINDS + app->n_schedules, sizeof(*plan->launch_plan));
	for (i = 0; i < WORKFLOW_KINDS; i++) {
		workflow = plan_workflow(plan, i);
		if (workflow != NULL)
			add(plan, workflow->name, workflow, NULL);
	}
	for (i = 0; i < app->n_schedules; i++) {
		s = &app->schedule[i];
		workflow = plan_workflow(plan, s->workflow);
		if (workflow == NULL)
			return error(EXIT_INPUT,
			    "schedule '%s': the app has no workflow '%s': "
			    "it lacks a %s", s->name,
			    workflow_name(s->workflow),
			    app_lacks(app, s->workflow));
		add(plan, arena_printf(&plan->arena, "%s.%s", app->name,
		    s->name), workflow, s);
	}
	return EXIT_DONE;
}
