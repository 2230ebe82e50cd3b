/* Apps of every shape to plans: nodes, bindings, types and launch plans. */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/plan/plan.h"
#include "t/unit/sample.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;

static void
hear(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static void
print_binding(struct strbuf *sb, const struct binding *b)
{
	size_t i;

	strbuf_addf(sb, "%s=", b->var);
	if (b->kind == BIND_INPUT) {
		strbuf_addf(sb, "$%s", b->input);
		if (b->member != NULL)
			strbuf_addf(sb, ".%s", b->member);
	} else if (b->kind == BIND_OUTPUT) {
		strbuf_addf(sb, "%s.%s", b->node, b->output);
	} else {
		strbuf_addch(sb, '{');
		for (i = 0; i < b->n; i++) {
			strbuf_addstr(sb, i > 0 ? " " : "");
			print_binding(sb, &b->entry[i]);
		}
		strbuf_addch(sb, '}');
	}
}

static void
print_bindings(struct strbuf *sb, const char *id, const struct binding *b,
    size_t n)
{
	size_t i;

	strbuf_addf(sb, "%s(", id);
	for (i = 0; i < n; i++) {
		strbuf_addstr(sb, i > 0 ? " " : "");
		print_binding(sb, &b[i]);
	}
	strbuf_addstr(sb, ")\n");
}

/* A line for each node and one for the outputs. */
static void
print_workflow(struct strbuf *sb, const struct workflow *w)
{
	size_t i;

	for (i = 0; w != NULL && i < w->n_nodes; i++)
		print_bindings(sb, w->node[i].id, w->node[i].binding,
		    w->node[i].n_bindings);
	if (w != NULL)
		print_bindings(sb, "", w->output, w->n_outputs);
}

/* `name type.format`, separated by commas. */
static void
print_interface(struct strbuf *sb, const struct interface *interface)
{
	const struct variable *v;
	size_t i;

	for (i = 0; i < interface->n; i++) {
		v = &interface->v[i];
		strbuf_addf(sb, "%s%s ", i > 0 ? ", " : "", v->name);
		type_print(sb, v->type);
		if (v->type->format != NULL)
			strbuf_addf(sb, ".%s", v->type->format);
	}
}

#define READER_NODE "reader(time=$time)\n"
#define SPLITTER_NODE \
	"splitter(data=reader.data test_size=$splitter_kwargs.test_size)\n"
#define TRAINER_NODE(data) \
	"trainer(train=" data " hyperparameters=$hyperparameters " \
	"folds=$folds)\n"
#define EVALUATOR_NODE(of, data) \
	"evaluator-" of "(model_object=trainer.model_object data=" data \
	" beta=$beta)\n"
#define PARSER_NODE(id, data) \
	id "(data=" data " scale=$parser_kwargs.scale)\n"
#define PREDICTOR_NODE(features) \
	"predictor(model_object=$model_object features=" features \
	" mmap_mode=$loader_kwargs.mmap_mode)\n" \
	"(predictions=predictor.predictions)\n"
#define OUTPUTS "(model_object=trainer.model_object " \
	"hyperparameters=$hyperparameters"
#define BOTH_METRICS " metrics={train=evaluator-train.metrics " \
	"test=evaluator-test.metrics})\n"
#define TRAIN_METRICS " metrics={train=evaluator-train.metrics})\n"

static const struct shape {
	const char *shape, *train, *predict, *from_features;
} shapes[] = {
	{ "rsptex",
	    READER_NODE SPLITTER_NODE
	    PARSER_NODE("parser-train", "splitter.train")
	    PARSER_NODE("parser-test", "splitter.test")
	    TRAINER_NODE("parser-train.data")
	    EVALUATOR_NODE("train", "parser-train.data")
	    EVALUATOR_NODE("test", "parser-test.data")
	    OUTPUTS BOTH_METRICS,
	    READER_NODE PARSER_NODE("parser", "reader.data")
	    PREDICTOR_NODE("parser.data"),
	    PREDICTOR_NODE("$features") },
	{ "rstex",
	    READER_NODE SPLITTER_NODE TRAINER_NODE("splitter.train")
	    EVALUATOR_NODE("train", "splitter.train")
	    EVALUATOR_NODE("test", "splitter.test")
	    OUTPUTS BOTH_METRICS,
	    READER_NODE PREDICTOR_NODE("reader.data"),
	    PREDICTOR_NODE("$features") },
	{ "rpte",
	    READER_NODE PARSER_NODE("parser", "reader.data")
	    TRAINER_NODE("parser.data")
	    EVALUATOR_NODE("train", "parser.data")
	    OUTPUTS TRAIN_METRICS, "", "" },
	{ "rte",
	    READER_NODE TRAINER_NODE("reader.data")
	    EVALUATOR_NODE("train", "reader.data")
	    OUTPUTS TRAIN_METRICS, "", "" },
	{ "rst",
	    READER_NODE SPLITTER_NODE TRAINER_NODE("splitter.train")
	    OUTPUTS ")\n", "", "" },
	{ "rt", READER_NODE TRAINER_NODE("reader.data") OUTPUTS ")\n", "", "" },
	{ "rx", "", READER_NODE PREDICTOR_NODE("reader.data"),
	    PREDICTOR_NODE("$features") },
	{ "x", "", "", PREDICTOR_NODE("$features") },
	{ "tx", "", "", PREDICTOR_NODE("$features") },
	{ "r", "", "", "" },
	{ "", "", "", "" },
};

static void
test_shapes(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct plan plan;
	struct app app;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		const char *const want[WORKFLOW_KINDS] = { shapes[i].train,
			shapes[i].predict, shapes[i].from_features };

		sample_app(&app, shapes[i].shape);
		is_int(plan_compile(&plan, &app), EXIT_DONE, shapes[i].shape);
		for (j = 0; j < WORKFLOW_KINDS; j++) {
			strbuf_reset(&sb);
			print_workflow(&sb, plan_workflow(&plan, j));
			is_str(sb.buf, want[j], workflow_name(j));
		}
		plan_release(&plan);
		app_release(&app);
	}
	strbuf_release(&sb);
}

/* Which component takes and gives what, in the shape with all of them. */
static void
test_tasks(void)
{
	static const char *const want[COMPONENT_KINDS][2] = {
		{ "time datetime", "data file.csv" },
		{ "data file.csv, test_size float",
		    "train file.part, test file.part" },
		{ "data file.part, scale boolean", "data file.npy" },
		{ "train file.npy, hyperparameters json, folds integer",
		    "model_object file.joblib" },
		{ "model_object file.joblib, data file.npy, beta float",
		    "metrics json" },
		{ "model_object file.joblib, features file.npy, "
		    "mmap_mode string", "predictions file.json" },
	};
	struct strbuf sb = STRBUF_INIT;
	struct plan plan;
	struct app app;
	int i;

	sample_app(&app, "rsptex");
	plan_compile(&plan, &app);
	for (i = 0; i < COMPONENT_KINDS; i++) {
		is_str(plan.task[i].name, component_name(i), "name");
		is_int(plan.task[i].kind, i, "kind");
		ok(plan.task[i].command == &app.component[i].command,
		    "command");
		ok(plan.task[i].container == &app.component[i].container,
		    "container");
		strbuf_reset(&sb);
		print_interface(&sb, &plan.task[i].inputs);
		is_str(sb.buf, want[i][0], "inputs");
		strbuf_reset(&sb);
		print_interface(&sb, &plan.task[i].outputs);
		is_str(sb.buf, want[i][1], "outputs");
	}
	ok(plan.task[TRAINER].inputs.v[1].members == &app.hyperparameters,
	    "hyperparameters have their members");
	ok(plan.task[READER].inputs.v[0].now, "a default is kept");
	plan_release(&plan);

	app.component[READER].inputs.n = 0;
	app.hyperparameters.n = 0;
	app.component[TRAINER].directory = true;
	app.component[TRAINER].format = NULL;
	plan_compile(&plan, &app);
	is_int(plan.task[READER].inputs.n, 0, "no declared inputs");
	is_str(plan.task[TRAINER].inputs.v[1].name, "folds",
	    "no hyperparameters");
	is_int(plan.task[PREDICTOR].inputs.v[0].type->kind, TYPE_DIRECTORY,
	    "a model that is a directory");
	is_int(plan.workflow[TRAIN].n_outputs, 2,
	    "and none among the outputs");
	plan_release(&plan);
	app_release(&app);
	strbuf_release(&sb);
}

/* What comes to trainer, evaluator and predictor, by who is there. */
static void
test_flow(void)
{
	static const struct {
		const char *shape, *train, *features;
	} cases[] = {
		{ "rsptex", "npy", "npy" }, { "rstex", "part", "csv" },
		{ "rptex", "npy", "npy" }, { "rtex", "csv", "csv" },
		{ "ptex", NULL, NULL }, { "tex", NULL, NULL },
	};
	const struct interface *inputs;
	struct plan plan;
	struct app app;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		sample_app(&app, cases[i].shape);
		is_int(plan_compile(&plan, &app), EXIT_DONE, cases[i].shape);
		is_str(plan.task[TRAINER].inputs.v[0].type->format,
		    cases[i].train, "train");
		is_str(plan.task[EVALUATOR].inputs.v[1].type->format,
		    cases[i].train, "data of the evaluator");
		is_str(plan.task[PREDICTOR].inputs.v[1].type->format,
		    cases[i].features, "features");
		inputs = &plan.workflow[PREDICT_FROM_FEATURES].inputs;
		is_str(interface_find(inputs, "features")->type->format,
		    cases[i].features, "features of the workflow");
		plan_release(&plan);
		app_release(&app);
	}
}

static void
test_workflow(void)
{
	struct strbuf sb = STRBUF_INIT;
	const struct workflow *train;
	struct plan plan;
	struct app app;

	sample_app(&app, "rsptex");
	plan_compile(&plan, &app);
	train = plan_workflow(&plan, TRAIN);
	is_str(train->name, "digits.train", "a workflow's name");
	is_str(plan.workflow[PREDICT_FROM_FEATURES].name,
	    "digits.predict_from_features", "the longest");
	print_interface(&sb, &train->outputs);
	is_str(sb.buf, "model_object file.joblib, hyperparameters json, "
	    "metrics map<json>", "its outputs");
	is_int(train->node[6].n_upstream, 2, "what evaluator-test waits for");
	is_int(train->node[6].upstream[0], 3, "parser-test");
	is_int(train->node[6].upstream[1], 4, "trainer");
	ok(train->node[2].task == train->node[3].task,
	    "both parsers are one task");
	ok(workflow_node(train, "trainer") == &train->node[4],
	    "a node is found");
	ok(workflow_node(train, "train") == NULL, "or not");
	plan_release(&plan);
	app_release(&app);
	strbuf_release(&sb);
}

/* One parser cannot take a directory in one workflow and a file in another. */
static void
test_clash(void)
{
	struct plan plan;
	struct app app;

	sample_app(&app, "rsptex");
	app.component[SPLITTER].directory = true;
	strbuf_reset(&said);
	is_int(plan_compile(&plan, &app), EXIT_INPUT, "a clash of types");
	is_str(said.buf, "unionml: error: workflow 'digits.predict': input "
	    "'data' of node 'parser' is of type directory, but what is bound "
	    "to it, output 'data' of node 'reader', is of type file\n",
	    "and its message");
	plan_release(&plan);
	app_release(&app);
}

static void
test_launch_plans(void)
{
	static struct schedule schedules[] = {
		{ .name = "nightly", .workflow = TRAIN },
		{ .name = "hourly", .workflow = PREDICT },
	};
	static const char *const want[] = {
		"digits.train", "digits.predict",
		"digits.predict_from_features", "digits.nightly",
		"digits.hourly"
	};
	struct plan plan;
	struct app app;
	size_t i;

	sample_app(&app, "rtx");
	app.schedule = schedules;
	app.n_schedules = 2;
	is_int(plan_compile(&plan, &app), EXIT_DONE, "two schedules");
	is_int(plan.n_launch_plans, 5, "make five launch plans");
	for (i = 0; i < ARRAY_SIZE(want); i++)
		is_str(plan.launch_plan[i].name, want[i], "name");
	ok(plan.launch_plan[0].schedule == NULL, "a default one");
	ok(plan.launch_plan[4].schedule == &schedules[1], "a scheduled one");
	ok(plan.launch_plan[4].workflow == &plan.workflow[PREDICT],
	    "of its workflow");
	plan_release(&plan);
	app_release(&app);

	sample_app(&app, "rt");
	app.schedule = schedules;
	app.n_schedules = 2;
	is_int(plan_compile(&plan, &app), EXIT_DONE, "a foreign workflow");
	is_str(plan.launch_plan[2].workflow_name, "digits.predict",
	    "is known by its name");
	ok(plan.launch_plan[2].workflow == NULL, "and by nothing else");
	plan_release(&plan);
	app_release(&app);
}

int
main(void)
{
	err_set_sink(hear, NULL);
	test_shapes();
	test_tasks();
	test_flow();
	test_workflow();
	is_str(said.buf, "", "no message for sound apps");
	test_clash();
	test_launch_plans();
	strbuf_release(&said);
	return tap_done();
}
