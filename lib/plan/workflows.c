/*
 * The three workflows: which components follow each other in each, under which
 * node ids, and what every input is bound to. Whether it all fits is for
 * graph.c to say.
 */
#include "lib/base/compat.h"

#include "lib/plan/plan.h"
#include "lib/plan/workflows.h"

enum { NODES_MAX = 8 };

/* An output of a node; node NULL: the workflow input of the same name. */
struct source {
	const char *node, *output;
};

static const struct source no_source;

static struct binding
bind_input(const char *var, const char *input, const char *member)
{
	return (struct binding){ .var = var, .kind = BIND_INPUT,
	    .input = input, .member = member };
}

static struct binding
bind_output(const char *var, struct source source)
{
	return (struct binding){ .var = var, .kind = BIND_OUTPUT,
	    .node = source.node, .output = source.output };
}

/* The workflow input in which a component's declared inputs travel, or NULL. */
static const char *
travels_in(enum component_kind kind)
{
	switch (kind) {
	case SPLITTER:
		return "splitter_kwargs";
	case PARSER:
		return "parser_kwargs";
	case PREDICTOR:
		return "loader_kwargs";
	default:
		return NULL;
	}
}

static struct binding
bind_declared(enum component_kind kind, const char *var)
{
	const char *kwargs = travels_in(kind);

	return kwargs != NULL ? bind_input(var, kwargs, var) :
	    bind_input(var, var, NULL);
}

/* Binds what the component has by its part in the app. */
static struct binding
bind_fixed(const struct workflow *workflow, const char *var,
    struct source data)
{
	static const struct source model = { "trainer", "model_object" };

	if (strcmp(var, "hyperparameters") == 0)
		return bind_input(var, var, NULL);
	if (strcmp(var, "model_object") == 0)
		data = workflow->kind == TRAIN ? model : no_source;
	return data.node != NULL ? bind_output(var, data) :
	    bind_input(var, var, NULL);
}

/* The fixed inputs of a task come before the declared ones. */
static void
add_node(struct plan *plan, struct workflow *workflow, const char *id,
    enum component_kind kind, struct source data)
{
	const struct task *task = &plan->task[kind];
	struct node *node = &workflow->node[workflow->n_nodes++];
	size_t i, fixed;

	node->id = id;
	node->task = task;
	node->n_bindings = task->inputs.n;
	node->binding = arena_array(&plan->arena, task->inputs.n,
	    sizeof(*node->binding));
	fixed = task->inputs.n - plan->app->component[kind].inputs.n;
	for (i = 0; i < task->inputs.n; i++)
		node->binding[i] = i < fixed ?
		    bind_fixed(workflow, task->inputs.v[i].name, data) :
		    bind_declared(kind, task->inputs.v[i].name);
}

/* An output of the workflow, typed as `from`. */
static void
add_output(struct plan *plan, struct workflow *workflow,
    const struct variable *from, struct binding binding)
{
	struct variable v = *from;
	size_t n = workflow->n_outputs;
	struct binding *output = arena_array(&plan->arena, n + 1,
	    sizeof(*output));

	v.name = binding.var;
	interface_add(&plan->arena, &workflow->outputs, &v);
	if (n > 0)
		memcpy(output, workflow->output, n * sizeof(*output));
	output[n] = binding;
	workflow->output = output;
	workflow->n_outputs = n + 1;
}

/* The workflow gives what a node gives, under the same name. */
static void
add_node_output(struct plan *plan, struct workflow *workflow,
    enum component_kind kind, struct source source)
{
	const struct interface *outputs = &plan->task[kind].outputs;

	add_output(plan, workflow, interface_find(outputs, source.output),
	    bind_output(source.output, source));
}

/* metrics: for each evaluator node an entry, named as the data it looked at. */
static void
add_metrics(struct plan *plan, struct workflow *workflow, bool test)
{
	static const struct type object = { .kind = TYPE_JSON };
	static const struct type map = { .kind = TYPE_MAP, .element = &object };
	static const struct source from_train = { "evaluator-train",
		"metrics" };
	static const struct source from_test = { "evaluator-test", "metrics" };
	struct variable v = { .type = &map };
	struct binding metrics = { .var = "metrics", .kind = BIND_MAP };

	metrics.entry = arena_array(&plan->arena, 2, sizeof(*metrics.entry));
	metrics.entry[metrics.n++] = bind_output("train", from_train);
	if (test)
		metrics.entry[metrics.n++] = bind_output("test", from_test);
	add_output(plan, workflow, &v, metrics);
}

static void
train_outputs(struct plan *plan, struct workflow *workflow, bool test)
{
	const struct variable *hyperparameters;

	add_node_output(plan, workflow, TRAINER,
	    (struct source){ "trainer", "model_object" });
	hyperparameters = interface_find(&workflow->inputs, "hyperparameters");
	if (hyperparameters != NULL)
		add_output(plan, workflow, hyperparameters,
		    bind_input("hyperparameters", "hyperparameters", NULL));
	if (plan->task[EVALUATOR].name != NULL)
		add_metrics(plan, workflow, test);
}

static void
compile_train(struct plan *plan, struct workflow *workflow)
{
	struct source train = { "reader", "data" }, test = no_source;
	bool parser = plan->task[PARSER].name != NULL;
	bool splitter = plan->task[SPLITTER].name != NULL;

	add_node(plan, workflow, "reader", READER, no_source);
	if (splitter) {
		add_node(plan, workflow, "splitter", SPLITTER, train);
		train = (struct source){ "splitter", "train" };
		test = (struct source){ "splitter", "test" };
	}
	if (parser && splitter) {
		add_node(plan, workflow, "parser-train", PARSER, train);
		add_node(plan, workflow, "parser-test", PARSER, test);
		train = (struct source){ "parser-train", "data" };
		test = (struct source){ "parser-test", "data" };
	} else if (parser) {
		add_node(plan, workflow, "parser", PARSER, train);
		train = (struct source){ "parser", "data" };
	}
	add_node(plan, workflow, "trainer", TRAINER, train);
	if (plan->task[EVALUATOR].name != NULL) {
		add_node(plan, workflow, "evaluator-train", EVALUATOR, train);
		if (splitter)
			add_node(plan, workflow, "evaluator-test", EVALUATOR,
			    test);
	}
	train_outputs(plan, workflow, splitter);
}

static void
compile_predict(struct plan *plan, struct workflow *workflow)
{
	struct source features = no_source;

	if (workflow->kind == PREDICT) {
		features = (struct source){ "reader", "data" };
		add_node(plan, workflow, "reader", READER, no_source);
		if (plan->task[PARSER].name != NULL) {
			add_node(plan, workflow, "parser", PARSER, features);
			features.node = "parser";
		}
	}
	add_node(plan, workflow, "predictor", PREDICTOR, features);
	add_node_output(plan, workflow, PREDICTOR,
	    (struct source){ "predictor", "predictions" });
}

void
workflows_compile(struct plan *plan)
{
	struct workflow *workflow;
	int i;

	for (i = 0; i < WORKFLOW_KINDS; i++) {
		if (!app_has_workflow(plan->app, i))
			continue;
		workflow = &plan->workflow[i];
		workflow->name = arena_printf(&plan->arena, "%s.%s",
		    plan->app->name, workflow_name(i));
		workflow->kind = i;
		workflow->node = arena_array(&plan->arena, NODES_MAX,
		    sizeof(*workflow->node));
		app_workflow_inputs(&plan->arena, plan->app, i,
		    &workflow->inputs);
		if (i == TRAIN)
			compile_train(plan, workflow);
		else
			compile_predict(plan, workflow);
	}
}
