/*
 * What follows from an app without looking at its file again: which workflows
 * it has, what flows between the components, and the inputs of a workflow.
 */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/nameset.h"
#include "lib/model/app.h"

static const struct component_words {
	const char *name, *key;
	const char *takes[3], *makes[3];
} words[COMPONENT_KINDS] = {
	[READER] = { "reader", "dataset.reader",
	    { NULL }, { "data", NULL } },
	[SPLITTER] = { "splitter", "dataset.splitter",
	    { "data", NULL }, { "train", "test", NULL } },
	[PARSER] = { "parser", "dataset.parser",
	    { "data", NULL }, { "data", NULL } },
	[TRAINER] = { "trainer", "model.trainer",
	    { "train", "hyperparameters", NULL }, { "model_object", NULL } },
	[EVALUATOR] = { "evaluator", "model.evaluator",
	    { "model_object", "data", NULL }, { "metrics", NULL } },
	[PREDICTOR] = { "predictor", "model.predictor",
	    { "model_object", "features", NULL }, { "predictions", NULL } },
};

static const char *const workflow_names[WORKFLOW_KINDS] = {
	[TRAIN] = "train",
	[PREDICT] = "predict",
	[PREDICT_FROM_FEATURES] = "predict_from_features",
};

static const char *const catchup_names[] = {
	[CATCHUP_UNSET] = NULL,
	[CATCHUP_NONE] = "none",
	[CATCHUP_LATEST] = "latest",
	[CATCHUP_ALL] = "all",
};

static const char *const overlap_names[] = {
	[OVERLAP_UNSET] = NULL,
	[OVERLAP_ALLOW] = "allow",
	[OVERLAP_SKIP] = "skip",
	[OVERLAP_QUEUE] = "queue",
	[OVERLAP_REPLACE] = "replace",
};

static const char *const model_source_names[] = {
	[MODEL_UNSET] = NULL,
	[MODEL_LATEST] = "latest",
	[MODEL_LATEST_AT_DEPLOY] = "latest-at-deploy",
	[MODEL_VERSION] = "version",
	[MODEL_FILE] = "file",
};

const char *
component_name(enum component_kind kind)
{
	return words[kind].name;
}

const char *
component_key(enum component_kind kind)
{
	return words[kind].key;
}

const char *const *
component_takes(enum component_kind kind)
{
	return words[kind].takes;
}

const char *const *
component_makes(enum component_kind kind)
{
	return words[kind].makes;
}

const char *
catchup_name(enum catchup catchup)
{
	return catchup_names[catchup];
}

const char *
overlap_name(enum overlap overlap)
{
	return overlap_names[overlap];
}

const char *
model_source_name(enum model_source source)
{
	return model_source_names[source];
}

const char *
workflow_name(enum workflow_kind kind)
{
	return workflow_names[kind];
}

bool
workflow_from_name(const char *name, enum workflow_kind *kind)
{
	int i;

	for (i = 0; i < WORKFLOW_KINDS; i++) {
		if (strcmp(workflow_names[i], name) == 0) {
			*kind = (enum workflow_kind)i;
			return true;
		}
	}
	return false;
}

bool
app_has_workflow(const struct app *app, enum workflow_kind kind)
{
	return app_lacks(app, kind) == NULL;
}

const char *
app_lacks(const struct app *app, enum workflow_kind kind)
{
	bool reader = app->component[READER].declared;
	bool trainer = app->component[TRAINER].declared;
	bool predictor = app->component[PREDICTOR].declared;

	if (kind == TRAIN && !trainer)
		return reader ? "trainer" : "reader and trainer";
	if (kind != TRAIN && !predictor)
		return reader || kind == PREDICT_FROM_FEATURES ? "predictor" :
		    "reader and predictor";
	return reader || kind == PREDICT_FROM_FEATURES ? NULL : "reader";
}

const struct schedule *
app_find_schedule(const struct app *app, const char *name)
{
	size_t i;

	for (i = 0; i < app->n_schedules; i++)
		if (strcmp(app->schedule[i].name, name) == 0)
			return &app->schedule[i];
	return NULL;
}

bool
schedule_lives_on(const struct schedule *schedule, const char *target)
{
	size_t i;

	for (i = 0; i < schedule->targets.n; i++)
		if (strcmp(schedule->targets.v[i], target) == 0)
			return true;
	return schedule->targets.n == 0;
}

const struct type *
component_output_type(struct arena *arena, const struct app *app,
    enum component_kind kind)
{
	const struct component *c = &app->component[kind];

	if (kind == EVALUATOR)
		return type_simple(TYPE_JSON);
	return type_file(arena, c->directory, c->format);
}

static void
add_object(struct arena *arena, struct interface *inputs, const char *name,
    const struct interface *members, struct position at)
{
	struct variable v = { .name = name };

	if (members->n == 0)
		return;
	v.type = type_simple(TYPE_JSON);
	v.members = members;
	v.line = at.line;
	v.column = at.column;
	interface_add(arena, inputs, &v);
}

static void
add_kwargs(struct arena *arena, const struct app *app,
    struct interface *inputs, const char *name, enum component_kind kind)
{
	const struct component *c = &app->component[kind];

	add_object(arena, inputs, name, &c->inputs, c->at);
}

static void
add_file(struct arena *arena, struct interface *inputs, const char *name,
    const struct type *type)
{
	struct variable v = { .name = name, .type = type };

	interface_add(arena, inputs, &v);
}

/* Adds the inputs that a component shares with nobody, else joins them. */
static void
add_declared(struct arena *arena, const struct app *app,
    struct interface *inputs, enum component_kind kind)
{
	const struct interface *declared = &app->component[kind].inputs;
	struct nameset known;
	struct variable *old;
	size_t i, at;

	nameset_init(&known, arena, inputs->v, inputs->n, sizeof(*inputs->v));
	for (i = 0; i < declared->n; i++) {
		at = nameset_find(&known, declared->v[i].name);
		if (at == SIZE_MAX) {
			interface_add(arena, inputs, &declared->v[i]);
			continue;
		}
		old = &inputs->v[at];
		if (old->preset == NULL && !old->now) {
			old->preset = declared->v[i].preset;
			old->now = declared->v[i].now;
		}
		if (old->description == NULL)
			old->description = declared->v[i].description;
	}
}

static void
add_features(struct arena *arena, const struct app *app,
    struct interface *inputs)
{
	const struct type *type = type_simple(TYPE_FILE);

	if (app->component[READER].declared)
		type = component_output_type(arena, app,
		    app->component[PARSER].declared ? PARSER : READER);
	add_file(arena, inputs, "features", type);
}

void
app_workflow_inputs(struct arena *arena, const struct app *app,
    enum workflow_kind kind, struct interface *inputs)
{
	memset(inputs, 0, sizeof(*inputs));
	if (kind == TRAIN) {
		add_object(arena, inputs, "hyperparameters",
		    &app->hyperparameters, app->hyperparameters_at);
		add_kwargs(arena, app, inputs, "splitter_kwargs", SPLITTER);
		add_kwargs(arena, app, inputs, "parser_kwargs", PARSER);
		add_declared(arena, app, inputs, READER);
		add_declared(arena, app, inputs, TRAINER);
		add_declared(arena, app, inputs, EVALUATOR);
		return;
	}
	add_file(arena, inputs, "model_object",
	    component_output_type(arena, app, TRAINER));
	if (kind == PREDICT) {
		add_declared(arena, app, inputs, READER);
		add_kwargs(arena, app, inputs, "parser_kwargs", PARSER);
	} else {
		add_features(arena, app, inputs);
	}
	add_kwargs(arena, app, inputs, "loader_kwargs", PREDICTOR);
}

void
app_release(struct app *app)
{
	arena_release(&app->arena);
	memset(app, 0, sizeof(*app));
}
