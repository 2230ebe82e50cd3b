/* What follows from an app: workflows, what they lack, their inputs. */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/base/diag.h"
#include "lib/base/strbuf.h"
#include "lib/model/app.h"
#include "t/unit/tap.h"

static void
load(struct app *app, const char *text)
{
	struct diag diag;

	diag_init(&diag, "test.yaml");
	ok(appfile_parse(app, &diag, "test.yaml", text, strlen(text)) ==
	    EXIT_DONE && diag.n == 0, "the app is read");
	if (diag.n > 0)
		printf("# %s\n", diag.entry[0].message);
	diag_release(&diag);
}

/* `name:type` of each input, `!` behind those without a default. */
static void
is_inputs(const struct app *app, enum workflow_kind kind, const char *want)
{
	struct arena arena = ARENA_INIT;
	struct interface inputs;
	struct strbuf sb = STRBUF_INIT;
	const struct variable *v;
	size_t i;

	app_workflow_inputs(&arena, app, kind, &inputs);
	for (i = 0; i < inputs.n; i++) {
		v = &inputs.v[i];
		strbuf_addf(&sb, "%s%s:%s", i > 0 ? " " : "", v->name,
		    type_name(&arena, v->type));
		if (v->type->format != NULL)
			strbuf_addf(&sb, ".%s", v->type->format);
		if (v->members != NULL)
			strbuf_addf(&sb, "(%zu)", v->members->n);
		if (variable_required(v))
			strbuf_addch(&sb, '!');
	}
	is_str(sb.buf, want, workflow_name(kind));
	strbuf_release(&sb);
	arena_release(&arena);
}

static void
test_names(void)
{
	static const char *const names[] = {
		"reader", "splitter", "parser", "trainer", "evaluator",
		"predictor"
	};
	enum workflow_kind kind;
	int i;

	for (i = 0; i < COMPONENT_KINDS; i++) {
		is_str(component_name((enum component_kind)i), names[i],
		    "the name of a component");
		ok(strstr(component_key((enum component_kind)i), names[i]) !=
		    NULL, "ends its key");
	}
	is_str(component_key(PARSER), "dataset.parser", "the parser's key");
	is_str(component_key(TRAINER), "model.trainer", "the trainer's key");
	is_str(component_takes(TRAINER)[1], "hyperparameters",
	    "what the trainer gets");
	ok(component_takes(READER)[0] == NULL, "the reader gets nothing");
	is_str(component_makes(SPLITTER)[1], "test", "what the splitter makes");
	ok(component_makes(SPLITTER)[2] == NULL, "and no more");
	ok(workflow_from_name("predict_from_features", &kind) &&
	    kind == PREDICT_FROM_FEATURES, "a workflow by its name");
	ok(!workflow_from_name("Train", &kind), "none by another");
	ok(!workflow_from_name("", &kind), "none by an empty one");
}

static void
test_lacks(void)
{
	struct app app;

	memset(&app, 0, sizeof(app));
	is_str(app_lacks(&app, TRAIN), "reader and trainer", "train");
	is_str(app_lacks(&app, PREDICT), "reader and predictor", "predict");
	is_str(app_lacks(&app, PREDICT_FROM_FEATURES), "predictor",
	    "predict_from_features");
	app.component[READER].declared = true;
	is_str(app_lacks(&app, TRAIN), "trainer", "train with a reader");
	is_str(app_lacks(&app, PREDICT), "predictor", "predict with a reader");
	app.component[TRAINER].declared = true;
	ok(app_has_workflow(&app, TRAIN), "reader and trainer make train");
	ok(!app_has_workflow(&app, PREDICT), "but not predict");
	app.component[PREDICTOR].declared = true;
	ok(app_has_workflow(&app, PREDICT), "the predictor does");
	app.component[READER].declared = false;
	is_str(app_lacks(&app, TRAIN), "reader", "without a reader again");
	ok(app_has_workflow(&app, PREDICT_FROM_FEATURES),
	    "features need no reader");
}

static void
test_inputs(void)
{
	static const char *const full =
	    "name: a\n"
	    "dataset:\n"
	    "  reader:\n"
	    "    format: csv\n"
	    "    inputs: {time: {type: datetime, default: now},\n"
	    "      n: {type: integer}, s: {type: string}}\n"
	    "    command: [x]\n"
	    "  splitter:\n"
	    "    inputs: {size: {type: float}}\n"
	    "    command: [x]\n"
	    "  parser: {command: [x], directory: true}\n"
	    "model:\n"
	    "  hyperparameters: {C: {type: float, default: 1}}\n"
	    "  trainer:\n"
	    "    inputs: {n: {type: integer, default: 3, description: d},\n"
	    "      own: {type: json}}\n"
	    "    command: [x]\n"
	    "    format: joblib\n"
	    "  evaluator: {command: [x], inputs: {n: {type: integer}}}\n"
	    "  predictor:\n"
	    "    inputs: {mode: {type: string, default: r}}\n"
	    "    command: [x]\n";
	struct arena arena = ARENA_INIT;
	struct interface inputs;
	struct app app;

	load(&app, full);
	is_inputs(&app, TRAIN, "hyperparameters:json(1) "
	    "splitter_kwargs:json(1)! time:datetime n:integer s:string! "
	    "own:json!");
	is_inputs(&app, PREDICT, "model_object:file.joblib! time:datetime "
	    "n:integer! s:string! loader_kwargs:json(1)");
	is_inputs(&app, PREDICT_FROM_FEATURES, "model_object:file.joblib! "
	    "features:directory! loader_kwargs:json(1)");
	app_workflow_inputs(&arena, &app, TRAIN, &inputs);
	is_str(interface_find(&inputs, "n")->description, "d",
	    "a shared input has the description of either");
	ok(app.component[READER].inputs.v[1].preset == NULL,
	    "joining leaves the component's own alone");
	is_int(component_output_type(&arena, &app, EVALUATOR)->kind, TYPE_JSON,
	    "metrics are JSON");
	is_int(component_output_type(&arena, &app, PARSER)->kind,
	    TYPE_DIRECTORY, "the parser makes a directory");
	is_str(component_output_type(&arena, &app, READER)->format, "csv",
	    "the reader's format");
	ok(component_output_type(&arena, &app, SPLITTER)->format == NULL,
	    "which nobody inherits");
	arena_release(&arena);
	app_release(&app);
	ok(app.name == NULL, "released");
	app_release(&app);

	load(&app, "name: a\nmodel: {predictor: {command: [x]}}\n");
	is_inputs(&app, PREDICT_FROM_FEATURES,
	    "model_object:file! features:file!");
	app_release(&app);
}

int
main(void)
{
	test_names();
	test_lacks();
	test_inputs();
	return tap_done();
}
