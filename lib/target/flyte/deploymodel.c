/*
 * The models that schedules of predictions are deployed with: a file of the
 * user's, or what a training run on the cluster made.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "lib/base/path.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decode.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/deployment.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/upload.h"
#include "lib/text/jsonio.h"

struct deploy_model {
	const struct schedule *schedule;
	struct encode_model model;	/* uri NULL: there is none yet */
};

static bool
model_of(void *arg, const struct schedule *schedule,
    struct encode_model *model)
{
	const struct deployment *d = arg;
	size_t i;

	*model = (struct encode_model){ NULL, NULL };
	for (i = 0; i < d->n_models; i++)
		if (d->model[i].schedule == schedule)
			*model = d->model[i].model;
	return model->uri != NULL;
}

/* The URI of what the run made; NULL after a message. */
static enum status
find_output(struct deployment *d, struct deploy_model *m, const char *run)
{
	const struct flyte *flyte = d->flyte;
	struct json *json;
	enum status status;

	status = api_get(d->flyte, &d->arena, api_path(&d->arena, "data",
	    "executions", flyte->project, flyte->domain, run, NULL),
	    "cannot look for a run's model", &json);
	if (status != EXIT_DONE)
		return status;
	m->model.run = arena_strdup(&d->arena, run);
	m->model.uri = api_text(api_dig(json, "full_outputs", "literals",
	    "model_object", "scalar", "blob", NULL), "uri");
	if (*m->model.uri == '\0')
		status = error(EXIT_CONFLICT, "schedule '%s': run %s has no "
		    "model", m->schedule->name, run);
	return status;
}

static enum status
find_newest(struct deployment *d, struct deploy_model *m)
{
	const struct flyte *flyte = d->flyte;
	const struct json *runs;
	enum status status;
	const char *path;
	struct json *json;

	path = api_object(&d->arena, flyte, "executions", NULL, NULL);
	path = api_query(&d->arena, path, "limit", "1");
	path = api_query(&d->arena, path, "filters", arena_printf(&d->arena,
	    "eq(workflow.name,%s.train)+eq(phase,SUCCEEDED)",
	    flyte->app->name));
	path = api_query(&d->arena, path, "sort_by.key", "created_at");
	path = api_query(&d->arena, path, "sort_by.direction", "DESCENDING");
	status = api_get(d->flyte, &d->arena, path,
	    "cannot look for the newest model", &json);
	if (status != EXIT_DONE)
		return status;
	runs = json_find(json, "executions");
	if (runs == NULL || runs->kind != JSON_LIST || runs->n == 0)
		return EXIT_DONE;
	return find_output(d, m, api_text(json_find(runs->item[0], "id"),
	    "name"));
}

static enum status
check_run(struct deployment *d, const struct schedule *schedule,
    const char *id)
{
	const char *wanted = schedule->model.app_version;
	const struct flyte *flyte = d->flyte;
	enum status status;
	struct json *json;
	struct run run;

	status = api_get(d->flyte, &d->arena, api_object(&d->arena, flyte,
	    "executions", id, NULL), "cannot look for a run's model", &json);
	if (status != EXIT_DONE)
		return status;
	memset(&run, 0, sizeof(run));
	decode_run(&run, json, flyte->app->name);
	if (run.workflow == NULL || strcmp(run.workflow, "train") != 0 ||
	    run.status != RUN_SUCCEEDED)
		status = error(EXIT_CONFLICT, "schedule '%s': run %s (%s, "
		    "%s) has no model", schedule->name, id, run.workflow !=
		    NULL ? run.workflow : "?", run_status_name(run.status));
	else if (wanted != NULL && (run.app_version == NULL ||
	    strcmp(run.app_version, wanted) != 0))
		status = error(EXIT_CONFLICT, "schedule '%s': run %s is of "
		    "app_version '%s', not '%s'", schedule->name, id,
		    run.app_version != NULL ? run.app_version : "", wanted);
	run_release(&run);
	return status;
}

static enum status
find_version(struct deployment *d, struct deploy_model *m)
{
	enum status status;
	char *id = NULL;

	status = flyte_resolve(&d->flyte->target, m->schedule->model.version,
	    &id);
	if (status == EXIT_DONE)
		status = check_run(d, m->schedule, id);
	if (status == EXIT_DONE)
		status = find_output(d, m, id);
	else if (status == EXIT_CONFLICT)
		hint("schedule '%s' names it as its model: 'unionml "
		    "list-model-versions' lists those with one",
		    m->schedule->name);
	free(id);
	return status;
}

static enum status
find_file(struct deployment *d, struct deploy_model *m)
{
	enum status status;
	struct stat st;
	char *path;

	path = path_resolve(d->request->app->directory,
	    m->schedule->model.file);
	if (stat(path, &st) != 0)
		status = error_errno(EXIT_INPUT, "schedule '%s': its model "
		    "'%s'", m->schedule->name, path);
	else
		status = upload_path(d->flyte, &d->arena, path,
		    S_ISDIR(st.st_mode), deployment_only_looks(d),
		    &m->model.uri);
	free(path);
	return status;
}

static enum status
find_model(struct deployment *d, struct deploy_model *m)
{
	switch (m->schedule->model.source) {
	case MODEL_LATEST_AT_DEPLOY:
		return find_newest(d, m);
	case MODEL_VERSION:
		return find_version(d, m);
	case MODEL_FILE:
		return find_file(d, m);
	default:
		return EXIT_DONE;
	}
}

/* Those that ask for the same have the same. */
static const struct deploy_model *
find_alike(const struct deployment *d, const struct schedule *schedule)
{
	const struct model_choice *a = &schedule->model, *b;
	size_t i;

	for (i = 0; i < d->n_models; i++) {
		b = &d->model[i].schedule->model;
		if (a->source == b->source &&
		    a->source == MODEL_LATEST_AT_DEPLOY)
			return &d->model[i];
	}
	return NULL;
}

enum status
deploy_models(struct deployment *d)
{
	const struct app *app = d->request->app;
	enum status status = EXIT_DONE;
	const struct deploy_model *alike;
	const struct schedule *schedule;
	struct deploy_model *m;
	size_t i;

	d->model = arena_array(&d->arena, app->n_schedules,
	    sizeof(*d->model));
	for (i = 0; i < app->n_schedules && status == EXIT_DONE; i++) {
		schedule = &app->schedule[i];
		if (schedule->model.source == MODEL_UNSET ||
		    !schedule_lives_on(schedule, d->flyte->decl->name))
			continue;
		alike = find_alike(d, schedule);
		m = &d->model[d->n_models++];
		m->schedule = schedule;
		if (alike != NULL)
			m->model = alike->model;
		else
			status = find_model(d, m);
	}
	d->place.model = model_of;
	d->place.arg = d;
	return status;
}
