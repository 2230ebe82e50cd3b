/*
 * App files. Whatever the bytes are: no crash, a diagnostic if and only if it
 * is refused, each with a message and within the file, and a good app has what
 * the rest of the program counts on.
 */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/model/app.h"
#include "lib/text/jsonio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_diag(const struct diag *diag, enum status status)
{
	size_t i;

	if ((status != EXIT_DONE) != (diag->errors > 0))
		abort();
	for (i = 0; i < diag->n; i++)
		if (diag->entry[i].line < 0 || diag->entry[i].column < 0 ||
		    *diag->entry[i].message == '\0')
			abort();
}

static void
check_component(const struct component *c)
{
	if (!c->declared)
		return;
	if ((c->command.argv != NULL) == (c->command.script != NULL))
		abort();
	if (c->command.argv != NULL && (c->command.n == 0 ||
	    c->command.argv[c->command.n] != NULL ||
	    *c->command.argv[0] == '\0'))
		abort();
	if (c->container.retries < 0 || c->container.retries > RETRIES_MAX)
		abort();
}

static void
check_variables(const struct interface *interface)
{
	size_t i;

	for (i = 0; i < interface->n; i++)
		if (interface->v[i].type == NULL ||
		    (interface->v[i].preset != NULL && interface->v[i].now))
			abort();
}

static void
check_app(const struct app *app)
{
	struct arena arena = ARENA_INIT;
	struct interface inputs;
	size_t i;
	int kind;

	if (app->name == NULL || app->default_target == NULL)
		abort();
	for (kind = 0; kind < COMPONENT_KINDS; kind++) {
		check_component(&app->component[kind]);
		check_variables(&app->component[kind].inputs);
	}
	check_variables(&app->hyperparameters);
	for (kind = 0; kind < WORKFLOW_KINDS; kind++) {
		if (!app_has_workflow(app, (enum workflow_kind)kind))
			continue;
		app_workflow_inputs(&arena, app, (enum workflow_kind)kind,
		    &inputs);
		check_variables(&inputs);
	}
	for (i = 0; i < app->n_schedules; i++)
		if (app->schedule[i].when == NULL ||
		    app->schedule[i].bound == NULL ||
		    (app->schedule[i].workflow == PREDICT) !=
		    (app->schedule[i].model.source != MODEL_UNSET))
			abort();
	for (i = 0; i < app->n_targets; i++)
		if ((app->target[i].type == TARGET_FLYTE) !=
		    (app->target[i].project != NULL))
			abort();
	arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum status status;
	struct diag diag;
	struct app app;

	diag_init(&diag, "fuzz.yaml");
	status = appfile_parse(&app, &diag, "fuzz.yaml", (const char *)data,
	    size);
	check_diag(&diag, status);
	if (status == EXIT_DONE)
		check_app(&app);
	app_release(&app);
	diag_release(&diag);
	return 0;
}
