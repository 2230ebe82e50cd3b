/*
 * From a row to a run that can be executed. `path:` and UNIONML_APP_DIR are
 * those of the directory that the scheduler was started for, as with a version
 * that is run by hand; all else comes from the snapshot. Files that a schedule
 * binds are looked for beside the snapshot's app file.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "lib/appfile/appfile.h"
#include "lib/base/clock.h"
#include "lib/base/diag.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/model/literal.h"
#include "lib/target/local/command.h"
#include "lib/target/local/prepare.h"
#include "lib/text/jsonio.h"

static enum status
load_app(struct local *local, struct prepared *p)
{
	enum status status;
	struct diag diag;

	diag_init(&diag, p->snapshot.app_path);
	p->has_app = true;
	status = appfile_load(&p->app, &diag, p->snapshot.app_path);
	if (diag.errors > 0)
		diag_print(&diag);
	diag_release(&diag);
	p->app.directory = arena_strdup(&p->arena, local->app_dir);
	return status;
}

enum status
prepare_load(struct local *local, const struct ledger_run *run,
    struct prepared *p)
{
	const char *version = run->definition.version;
	enum status status;

	memset(p, 0, sizeof(*p));
	p->app.directory = arena_strdup(&p->arena, local->app_dir);
	status = local_snapshot(&local->target, version, &p->snapshot);
	if (status == EXIT_DONE)
		status = load_app(local, p);
	if (status != EXIT_DONE)
		return status;
	p->schedule = app_find_schedule(&p->app, run->schedule);
	if (p->schedule == NULL)
		return error(EXIT_CONFLICT, "version '%s' has no schedule "
		    "'%s'", version, run->schedule);
	p->has_plan = true;
	status = plan_compile(&p->plan, &p->app);
	if (status != EXIT_DONE)
		return status;
	p->request.plan = &p->plan;
	p->request.inputs = &p->inputs;
	p->request.version = arena_strdup(&p->arena, version);
	p->request.directory = p->snapshot.directory;
	p->request.workflow = plan_workflow(&p->plan, p->schedule->workflow);
	if (p->request.workflow == NULL)
		return error(EXIT_CONFLICT, "version '%s' makes no workflow "
		    "'%s'", version, run->workflow);
	return EXIT_DONE;
}

void
prepared_release(struct prepared *p)
{
	if (p->has_plan)
		plan_release(&p->plan);
	if (p->has_app)
		app_release(&p->app);
	free(p->snapshot.directory);
	free(p->snapshot.app_path);
	free(p->model);
	arena_release(&p->arena);
}

static void
set_model(struct prepared *p, const char *path)
{
	const struct variable *var = interface_find(
	    &p->request.workflow->inputs, "model_object");

	inputs_set(&p->arena, &p->inputs, var, literal_path(&p->arena,
	    var->type->kind == TYPE_DIRECTORY,
	    arena_strdup(&p->arena, path)));
}

/* Of a run: the newest that has one, or the one that deploy pinned. */
static enum status
model_of_run(struct local *local, struct prepared *p, const char *run)
{
	struct artifact artifact;
	enum status status;

	status = local_artifact(&local->target, ARTIFACT_MODEL, run,
	    &artifact);
	if (status == EXIT_DONE) {
		set_model(p, artifact.path);
		p->model = artifact.run;
		artifact.run = NULL;
		p->request.model = p->model;
	}
	artifact_release(&artifact);
	return status;
}

static enum status
model_of_file(struct local *local, struct prepared *p, const char *base)
{
	const char *file = p->schedule->model.file;
	char *path = path_resolve(base, file);
	enum status status = EXIT_DONE;
	struct stat st;

	/* A model is often too large to be part of the source. */
	if (stat(path, &st) != 0) {
		free(path);
		path = path_resolve(local->app_dir, file);
	}
	if (stat(path, &st) != 0)
		status = error_errno(EXIT_INPUT, "model '%s'", path);
	else
		set_model(p, path);
	free(path);
	return status;
}

static enum status
choose_model(struct local *local, const struct ledger_run *run,
    struct prepared *p, const char *base)
{
	if (p->schedule->model.source == MODEL_UNSET)
		return EXIT_DONE;
	if (p->schedule->model.source == MODEL_FILE)
		return model_of_file(local, p, base);
	/* Without a run in the definition it is `latest`. */
	return model_of_run(local, p, run->definition.model);
}

static enum status
resolve(struct local *local, const struct ledger_run *run, struct prepared *p)
{
	const struct interface *inputs = &p->request.workflow->inputs;
	struct instant kickoff = { run->t, 0 };
	char *base = path_dirname(p->snapshot.app_path);
	struct inputs_request request = {
		.interface = inputs,
		.workflow = run->workflow,
		.document = p->schedule->bound,
		.now = { clock_now().sec, 0 },
	};
	enum status status;

	request.base = arena_strdup(&p->arena, base);
	free(base);
	if (p->schedule->reader_time_arg != NULL)
		inputs_set(&p->arena, &p->inputs, interface_find(inputs,
		    p->schedule->reader_time_arg),
		    literal_datetime(&p->arena, kickoff));
	status = choose_model(local, run, p, request.base);
	return status != EXIT_DONE ? status :
	    inputs_resolve(&p->arena, &request, &p->inputs);
}

/* One who died here may have left a part of it. */
static enum status
make_directory(struct local *local, const char *id, struct prepared *p)
{
	char *run_dir = store_run_dir(local->store, id);
	char *inputs = path_join(run_dir, "inputs");
	char *part = path_join(run_dir, "inputs.part");
	enum status status = EXIT_DONE;

	if (tree_remove(inputs) != 0 || tree_remove(part) != 0)
		status = error_errno(EXIT_LOCAL, "cannot empty '%s'", inputs);
	free(part);
	free(inputs);
	free(run_dir);
	return status != EXIT_DONE ? status :
	    local_make_directory(local, &p->request, id);
}

/* The rows come last: who finds them finds the directory whole. */
static enum status
write_down(struct local *local, const char *id, struct prepared *p)
{
	const struct workflow *workflow = p->request.workflow;
	struct strbuf inputs = STRBUF_INIT;
	enum status status;
	const char **nodes;
	size_t i;

	json_print(&inputs, inputs_to_json(&p->arena, &p->inputs));
	nodes = arena_array(&p->arena, workflow->n_nodes, sizeof(*nodes));
	for (i = 0; i < workflow->n_nodes; i++)
		nodes[i] = workflow->node[i].id;
	status = ledger_prepare_run(local->store, id, inputs.buf, p->model,
	    nodes, workflow->n_nodes);
	strbuf_release(&inputs);
	return status;
}

enum status
prepare_run(struct local *local, const char *id, const struct ledger_run *run,
    struct prepared *p)
{
	enum status status;

	if (run->prepared)
		return local_inputs(&local->target, &p->arena, id,
		    &p->request.workflow->inputs, &p->inputs);
	status = resolve(local, run, p);
	if (status == EXIT_DONE)
		status = command_check(&p->arena, &p->request);
	if (status == EXIT_DONE)
		status = make_directory(local, id, p);
	if (status == EXIT_DONE)
		status = write_down(local, id, p);
	return status;
}
