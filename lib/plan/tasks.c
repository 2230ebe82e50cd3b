/*
 * From components to tasks: the inputs and outputs that each kind has by its
 * part in the app, before the ones that the user declared. Which node hands
 * them over is decided in workflows.c.
 */
#include "lib/base/compat.h"

#include "lib/plan/plan.h"
#include "lib/plan/tasks.h"

static void
add(struct plan *plan, struct interface *interface, const char *name,
    const struct type *type)
{
	struct variable v = { .name = name, .type = type };

	interface_add(&plan->arena, interface, &v);
}

/* What the component writes; of one that is not declared, a file. */
static const struct type *
written_type(struct plan *plan, enum component_kind kind)
{
	return component_output_type(&plan->arena, plan->app, kind);
}

/*
 * The data that comes to a component: what the nearest one before it writes.
 * Predictions are made of whole data, which no splitter has seen. Without a
 * reader no data flows, and the caller hands the features over as a file.
 */
static const struct type *
data_type(struct plan *plan, enum component_kind kind)
{
	const struct component *c = plan->app->component;
	int before = kind < TRAINER ? (int)kind : TRAINER;

	while (c[READER].declared && --before >= READER)
		if (c[before].declared &&
		    !(kind == PREDICTOR && before == SPLITTER))
			return written_type(plan, before);
	return type_simple(TYPE_FILE);
}

static void
add_hyperparameters(struct plan *plan, struct interface *inputs)
{
	struct variable v = {
		.name = "hyperparameters",
		.type = type_simple(TYPE_JSON),
		.members = &plan->app->hyperparameters,
		.line = plan->app->hyperparameters_at.line,
		.column = plan->app->hyperparameters_at.column,
	};

	if (plan->app->hyperparameters.n > 0)
		interface_add(&plan->arena, inputs, &v);
}

static void
add_inputs(struct plan *plan, struct task *task)
{
	const struct interface *declared;
	struct interface *inputs = &task->inputs;
	size_t i;

	switch (task->kind) {
	case SPLITTER:
	case PARSER:
		add(plan, inputs, "data", data_type(plan, task->kind));
		break;
	case TRAINER:
		add(plan, inputs, "train", data_type(plan, TRAINER));
		add_hyperparameters(plan, inputs);
		break;
	case EVALUATOR:
		add(plan, inputs, "model_object", written_type(plan, TRAINER));
		add(plan, inputs, "data", data_type(plan, EVALUATOR));
		break;
	case PREDICTOR:
		add(plan, inputs, "model_object", written_type(plan, TRAINER));
		add(plan, inputs, "features", data_type(plan, PREDICTOR));
		break;
	case READER:
	case COMPONENT_KINDS:
		break;
	}
	declared = &plan->app->component[task->kind].inputs;
	for (i = 0; i < declared->n; i++)
		interface_add(&plan->arena, inputs, &declared->v[i]);
}

static void
add_outputs(struct plan *plan, struct task *task)
{
	const struct type *type = written_type(plan, task->kind);
	struct interface *outputs = &task->outputs;

	switch (task->kind) {
	case READER:
	case PARSER:
		add(plan, outputs, "data", type);
		break;
	case SPLITTER:
		add(plan, outputs, "train", type);
		add(plan, outputs, "test", type);
		break;
	case TRAINER:
		add(plan, outputs, "model_object", type);
		break;
	case EVALUATOR:
		add(plan, outputs, "metrics", type_simple(TYPE_JSON));
		break;
	case PREDICTOR:
		add(plan, outputs, "predictions", type);
		break;
	case COMPONENT_KINDS:
		break;
	}
}

void
tasks_compile(struct plan *plan)
{
	const struct component *component;
	struct task *task;
	int i;

	for (i = 0; i < COMPONENT_KINDS; i++) {
		component = &plan->app->component[i];
		if (!component->declared)
			continue;
		task = &plan->task[i];
		task->name = component_name(i);
		task->kind = i;
		task->command = &component->command;
		task->container = &component->container;
		add_inputs(plan, task);
		add_outputs(plan, task);
	}
}
