/*
 * Pinning a schedule's model to a training run. What runs later takes that
 * run's model, whatever is trained in between.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "lib/base/path.h"
#include "lib/base/self.h"
#include "lib/model/app.h"
#include "lib/target/local/adopt.h"
#include "lib/target/local/pin.h"
#include "lib/text/jsonio.h"

static const char no_model[] = "there is no model yet: train, then deploy "
    "again";

static enum status
pin_newest(struct adopting *all, const char **run, const char **missing)
{
	enum status status = EXIT_DONE;

	if (!all->looked && all->store != NULL)
		status = store_newest_with(all->store, "model_object",
		    &all->newest);
	if (status != EXIT_DONE)
		return status;
	all->looked = true;
	*run = all->newest;
	if (all->newest == NULL)
		*missing = no_model;
	return EXIT_DONE;
}

/* The run's id in full: the app file may give the beginning of it. */
static enum status
find_run(struct adopting *all, const struct schedule *schedule,
    const char **run)
{
	const char *version = schedule->model.version;
	struct strvec ids = STRVEC_INIT;
	enum status status = EXIT_DONE;

	if (all->store != NULL && *version != '\0')
		status = store_find_runs(all->store, version, 2, &ids);
	if (status == EXIT_DONE && ids.n == 0)
		status = error(EXIT_CONFLICT, "schedule '%s': there is no run "
		    "'%s' to take the model of", schedule->name, version);
	else if (status == EXIT_DONE && ids.n > 1)
		status = error(EXIT_CONFLICT, "schedule '%s': '%s' is the "
		    "beginning of several runs", schedule->name, version);
	else if (status == EXIT_DONE)
		*run = arena_strdup(&all->arena, ids.v[0]);
	if (status == EXIT_CONFLICT)
		hint("'%s list-model-versions' lists those with a model",
		    self_call());
	strvec_release(&ids);
	return status;
}

static enum status
check_run(const struct schedule *schedule, const struct run *run)
{
	const char *wanted = schedule->model.app_version;

	if (strcmp(run->workflow, "train") != 0 ||
	    run->status != RUN_SUCCEEDED)
		return error(EXIT_CONFLICT, "schedule '%s': run %s (%s, %s) "
		    "has no model", schedule->name, run->id, run->workflow,
		    run_status_name(run->status));
	if (wanted == NULL || (run->app_version != NULL &&
	    strcmp(run->app_version, wanted) == 0))
		return EXIT_DONE;
	if (run->app_version == NULL)
		return error(EXIT_CONFLICT, "schedule '%s': run %s ran in the "
		    "working tree, not by app_version '%s'", schedule->name,
		    run->id, wanted);
	return error(EXIT_CONFLICT, "schedule '%s': run %s is of app_version "
	    "'%s', not '%s'", schedule->name, run->id, run->app_version,
	    wanted);
}

static enum status
pin_version(struct adopting *all, const struct schedule *schedule,
    const char **run)
{
	struct run_detail detail;
	enum status status;

	if ((status = find_run(all, schedule, run)) != EXIT_DONE ||
	    (status = store_get_run(all->store, *run, &detail)) != EXIT_DONE)
		return status;
	status = check_run(schedule, &detail.run);
	run_detail_release(&detail);
	return status;
}

enum status
pin_check_file(const struct app *app, const struct schedule *schedule)
{
	enum status status = EXIT_DONE;
	struct stat st;
	char *path;

	if (schedule->model.source != MODEL_FILE)
		return EXIT_DONE;
	path = path_resolve(app->directory, schedule->model.file);
	if (stat(path, &st) != 0)
		status = error_errno(EXIT_INPUT, "schedule '%s': its model "
		    "'%s'", schedule->name, path);
	free(path);
	return status;
}

enum status
pin_model(struct adopting *all, const struct schedule *schedule,
    const char **run, const char **missing)
{
	*run = *missing = NULL;
	switch (schedule->model.source) {
	case MODEL_LATEST_AT_DEPLOY:
		return pin_newest(all, run, missing);
	case MODEL_VERSION:
		return pin_version(all, schedule, run);
	default:
		return EXIT_DONE;
	}
}

const char *
pin_missing(struct adopting *all, const char *keys, const char *run)
{
	const char *why;
	const struct json *model;

	if (run != NULL)
		return NULL;
	model = json_find(json_parse(&all->arena, keys, strlen(keys), &why),
	    "model");
	return model != NULL && model->kind == JSON_TEXT && strcmp(model->text,
	    model_source_name(MODEL_LATEST_AT_DEPLOY)) == 0 ? no_model : NULL;
}
