/* The plan as data: looked things up in, and released. */
#include "lib/base/compat.h"

#include "lib/plan/plan.h"

void
plan_release(struct plan *plan)
{
	arena_release(&plan->arena);
	memset(plan, 0, sizeof(*plan));
}

const struct workflow *
plan_workflow(const struct plan *plan, enum workflow_kind kind)
{
	const struct workflow *workflow = &plan->workflow[kind];

	return workflow->name != NULL ? workflow : NULL;
}

const struct node *
workflow_node(const struct workflow *workflow, const char *id)
{
	size_t i;

	for (i = 0; i < workflow->n_nodes; i++)
		if (strcmp(workflow->node[i].id, id) == 0)
			return &workflow->node[i];
	return NULL;
}
