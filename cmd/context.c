/* What a command works with: the app file, the plan, the target. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "cmd/cmd.h"
#include "cmd/transfers.h"
#include "lib/appfile/appfile.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/local/local.h"

/* The targets that can be run on, each by its table. */
static const struct target_ops *const target_types[] = { &local_target,
	&flyte_target, NULL };

const struct target_setup *
context_setup(enum target_type type)
{
	return type == TARGET_FLYTE ? &flyte_setup : &local_setup;
}

enum status
context_load_app(struct context *context, struct diag *diag)
{
	const struct globals *g = &context->globals;
	enum status status;
	struct strbuf shown = STRBUF_INIT;
	char *cwd = path_absolute(".");
	size_t len = strlen(cwd);

	status = appfile_find(".", g->file, context->unionml_name,
	    &context->app_path);
	if (status != EXIT_DONE) {
		free(cwd);
		return status;
	}
	/* Messages name it as short as the reader would. */
	if (strncmp(context->app_path, cwd, len) == 0 &&
	    context->app_path[len] == '/') {
		strbuf_addstr(&shown, context->app_path + len + 1);
		free(context->app_path);
		context->app_path = strbuf_detach(&shown);
	}
	free(cwd);
	diag_init(diag, context->app_path);
	detail("app file %s", context->app_path);
	context->has_app = true;
	return appfile_load(&context->app, diag, context->app_path);
}

/* The store beside the app file, whatever that file says. */
static bool
use_default_store(struct context *context)
{
	const char *target = context->globals.target;
	char *path = path_absolute(context->app_path);
	char *dir = path_dirname(path);
	char *db = path_join(dir, ".unionml/store.db");
	struct app *app = &context->app;
	struct stat st;
	bool there;

	there = (target == NULL || strcmp(target, "local") == 0) &&
	    stat(db, &st) == 0;
	if (there) {
		app_release(app);
		memset(app, 0, sizeof(*app));
		app->file = context->app_path;
		app->directory = arena_strdup(&app->arena, dir);
		app->default_target = "local";
	}
	free(db);
	free(dir);
	free(path);
	return there;
}

/* Whether there is no error in what says where the cluster is. */
static bool
is_sound(const struct diag *diag)
{
	static const char *const keys[] = { "name", "targets",
		"default_target" };
	const char *message;
	size_t i, j, len;

	for (i = 0; i < diag->n; i++) {
		message = diag->entry[i].message;
		for (j = 0; j < ARRAY_SIZE(keys); j++) {
			len = strlen(keys[j]);
			if (!diag->entry[i].warning &&
			    strncmp(message, keys[j], len) == 0 &&
			    strchr(".:[", message[len]) != NULL)
				return false;
		}
	}
	return true;
}

/* What is deployed there is there whatever the file declares by now. */
static bool
use_declared_cluster(struct context *context, const struct diag *diag)
{
	struct app *app = &context->app;
	const char *target = context->globals.target;
	size_t i;

	if (target == NULL)
		target = app->default_target;
	if (app->name == NULL || target == NULL || !is_sound(diag))
		return false;
	for (i = 0; i < app->n_targets; i++)
		if (strcmp(app->target[i].name, target) == 0 &&
		    app->target[i].type == TARGET_FLYTE)
			break;
	if (i == app->n_targets)
		return false;
	app->default_target = target;
	app->n_schedules = 0;
	memset(app->component, 0, sizeof(app->component));
	return true;
}

static enum status
load_app(struct context *context)
{
	enum status status;
	struct diag diag;

	memset(&diag, 0, sizeof(diag));
	status = context_load_app(context, &diag);
	/* Warnings are for `check`: a nightly log needs them once. */
	if (diag.errors > 0) {
		diag_print(&diag);
		note("%zu error%s", diag.errors, diag.errors > 1 ? "s" : "");
	}
	if (diag.errors > 0 && context->of_store) {
		context->broken = true;
		if (use_declared_cluster(context, &diag)) {
			note("'%s' has errors; what is on the cluster is "
			    "there all the same", context->app_path);
			status = EXIT_DONE;
		} else if (use_default_store(context)) {
			note("'%s' has errors; what is in the store is there "
			    "all the same", context->app_path);
			status = EXIT_DONE;
		}
	}
	diag_release(&diag);
	return status;
}

enum status
context_open_target(struct context *context, const char *name,
    enum target_need need)
{
	enum status status = target_open(&context->target, target_types,
	    &context->app, name != NULL ? name : context->globals.target,
	    need);

	if (context->target != NULL)
		context->target->transfer = transfers_shown();
	return status;
}

enum status
context_set_up(struct context *context, enum cmd_need needs)
{
	enum status status = EXIT_DONE;

	if (needs >= CMD_NEEDS_APP)
		status = load_app(context);
	if (status == EXIT_DONE && needs >= CMD_NEEDS_PLAN) {
		context->has_plan = true;
		status = plan_compile(&context->plan, &context->app);
	}
	if (status == EXIT_DONE && needs >= CMD_NEEDS_READ)
		status = context_open_target(context, NULL,
		    needs >= CMD_NEEDS_WRITE ? TARGET_WRITE : TARGET_READ);
	return status;
}

void
context_tear_down(struct context *context)
{
	target_close(context->target);
	if (context->has_plan)
		plan_release(&context->plan);
	if (context->has_app)
		app_release(&context->app);
	free(context->app_path);
	free(context->version);
	free(context->snapshot.directory);
	free(context->snapshot.app_path);
}

/* The app file of the snapshot, with the directory of the working tree's. */
static enum status
load_snapshot(struct context *context, struct app *app)
{
	const char *path = context->snapshot.app_path;
	enum status status;
	struct diag diag;

	diag_init(&diag, path);
	status = appfile_load(app, &diag, path);
	if (diag.errors > 0)
		diag_print(&diag);
	diag_release(&diag);
	if (status == EXIT_DONE)
		app->directory = arena_strdup(&app->arena,
		    context->app.directory);
	return status;
}

enum status
context_use_version(struct context *context, const char *version)
{
	enum status status;
	struct app app;

	status = context->target->ops->snapshot(context->target, version,
	    &context->snapshot);
	if (status != EXIT_DONE)
		return status;
	context->version = xstrdup(version);
	status = load_snapshot(context, &app);
	if (status != EXIT_DONE) {
		app_release(&app);
		return status;
	}
	plan_release(&context->plan);
	app_release(&context->app);
	context->app = app;
	return plan_compile(&context->plan, &context->app);
}
