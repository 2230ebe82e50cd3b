/* The table of the local target, and its short functions. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "lib/appfile/appfile.h"
#include "lib/base/path.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledger.h"
#include "lib/target/local/executor.h"
#include "lib/target/local/local.h"
#include "lib/target/local/schedules.h"

enum status
local_find_dir(const struct app *app, const struct target_decl *decl,
    char **dir)
{
	char *expanded, *why;

	if (decl == NULL || decl->store == NULL) {
		*dir = path_join(app->directory, ".unionml");
		return EXIT_DONE;
	}
	expanded = appfile_expand(decl->store, &why);
	if (expanded == NULL) {
		error(EXIT_INPUT, "%s:%d: targets.%s.store: %s", app->file,
		    decl->at.line, decl->name, why);
		free(why);
		return EXIT_INPUT;
	}
	*dir = path_resolve(app->directory, expanded);
	free(expanded);
	return EXIT_DONE;
}

static enum status
local_open(struct target **target, const struct app *app,
    const struct target_decl *decl, enum target_need need)
{
	struct local *local = xcalloc(1, sizeof(*local));
	enum status status;

	local->target.ops = &local_target;
	local->owner.fd = -1;
	local->app_dir = xstrdup(app->directory);
	status = local_find_dir(app, decl, &local->dir);
	if (status == EXIT_DONE)
		detail("store %s", local->dir);
	if (status == EXIT_DONE)
		status = store_open(&local->store, local->dir,
		    need == TARGET_WRITE ? STORE_WRITE : STORE_READ);
	*target = &local->target;
	return status;
}

static void
local_close(struct target *target)
{
	struct local *local = (struct local *)target;

	owner_release(&local->owner);
	if (local->store != NULL)
		store_close(local->store);
	free(local->dir);
	free(local->app_dir);
	free(local);
}

enum status
local_conduct(struct local *local, const struct run_request *request,
    const char *id, const struct observer *observer, int *signum)
{
	enum status status;

	status = executor_run(local->store, &local->owner, request, id,
	    observer, signum);
	/* A retry of a schedule's run: who asked for it sees how it ends. */
	if (status != EXIT_DONE && request->retry_of != NULL)
		ledger_told(local->store, id);
	return status;
}

static enum status
local_execute(struct target *target, const struct run_request *request,
    const char *id, const struct observer *observer, int *signum)
{
	struct local *local = (struct local *)target;
	enum status status;

	status = local_conduct(local, request, id, observer, signum);
	owner_release(&local->owner);
	return status;
}

enum status
local_reopen(struct local *local)
{
	if (local->store != NULL)
		store_close(local->store);
	local->store = NULL;
	return store_open(&local->store, local->dir, STORE_WRITE);
}

enum status
local_need_store(const struct local *local)
{
	if (local->store != NULL)
		return EXIT_DONE;
	return error(EXIT_CONFLICT, "nothing was ever run here: there is no "
	    "'%s'", local->dir);
}

enum run_status
local_status(struct store *store, const char *id, enum run_status status,
    const char *owner)
{
	struct run_detail detail;

	if (run_ended(status) || owner == NULL || *owner == '\0' ||
	    owner_alive(store, owner))
		return status;
	/* It may have ended, and its owner gone, since its row was read. */
	if (store_get_run(store, id, &detail) == EXIT_DONE) {
		status = detail.run.status;
		run_detail_release(&detail);
	}
	return run_ended(status) ? status : RUN_INTERRUPTED;
}

static enum status
ambiguous(struct local *local, const char *text, const struct strvec *ids)
{
	struct run_detail detail;
	struct run_owner owner;
	size_t i;

	error(EXIT_CONFLICT, "'%s' is the beginning of %s runs", text,
	    ids->n > 10 ? "many" : "several");
	for (i = 0; i < ids->n && i < 10; i++) {
		if (store_get_owner(local->store, ids->v[i], &owner) !=
		    EXIT_DONE ||
		    store_get_run(local->store, ids->v[i], &detail) !=
		    EXIT_DONE)
			continue;
		hint("%s  %s, %s", ids->v[i], detail.run.workflow,
		    run_status_name(local_status(local->store, ids->v[i],
		    detail.run.status, owner.owner.id)));
		run_detail_release(&detail);
	}
	return EXIT_CONFLICT;
}

static enum status
resolve_best(struct local *local, const char *metric, char **id)
{
	enum status status = store_best_run(local->store, metric, id);

	if (status == EXIT_DONE && *id == NULL)
		return error(EXIT_CONFLICT, "no training run has a metric "
		    "'%s' of its test data: '%s fetch metrics' shows "
		    "those of the latest", metric, self_call());
	return status;
}

static enum status
local_resolve(struct target *target, const char *text, char **id)
{
	struct local *local = (struct local *)target;
	bool latest = strcmp(text, "latest") == 0;
	struct strvec ids = STRVEC_INIT;
	enum status status;

	*id = NULL;
	if ((status = local_need_store(local)) != EXIT_DONE)
		return status;
	if (strncmp(text, "best:", 5) == 0)
		return resolve_best(local, text + 5, id);
	/* '' is no beginning: an unset variable must not name the only run. */
	if (*text != '\0')
		status = store_find_runs(local->store, latest ? "" : text,
		    latest ? 1 : 11, &ids);
	if (status == EXIT_DONE) {
		if (ids.n == 0 && latest)
			status = error(EXIT_CONFLICT, "there is no run "
			    "yet: '%s train' makes one", self_call());
		else if (ids.n == 0)
			status = error(EXIT_CONFLICT, "no run '%s': '%s "
			    "runs' lists them", text, self_call());
		else if (ids.n > 1)
			status = ambiguous(local, text, &ids);
		else
			*id = xstrdup(ids.v[0]);
	}
	strvec_release(&ids);
	return status;
}

struct listing {
	struct store *store;
	int wanted;		/* status; -1: any */
	long limit, given;
	enum status (*each)(void *arg, const struct run *run);
	void *arg;
};

/* The rows of a filter by running or interrupted hold both. */
static enum status
list_row(void *arg, const struct run *run, const char *owner)
{
	struct listing *l = arg;
	struct run shown = *run;

	shown.status = local_status(l->store, run->id, run->status, owner);
	if (l->wanted >= 0 && (int)shown.status != l->wanted)
		return EXIT_DONE;
	if (l->limit > 0 && l->given >= l->limit)
		return EXIT_DONE;
	l->given++;
	return l->each(l->arg, &shown);
}

static enum status
local_list(struct target *target, const struct run_filter *filter,
    enum status (*each)(void *arg, const struct run *run), void *arg)
{
	struct local *local = (struct local *)target;
	struct run_filter rows = *filter;
	struct listing l = { local->store, filter->status, filter->limit, 0,
	    each, arg };

	if (local->store == NULL)
		return EXIT_DONE;
	/* What is not ended may turn out to be something else. */
	if (filter->status >= 0 && !run_ended((enum run_status)filter->status))
		rows.limit = 0;
	return store_list_runs(local->store, &rows, list_row, &l);
}

static enum status
local_show(struct target *target, const char *id, struct run_detail *detail)
{
	struct local *local = (struct local *)target;
	struct run_owner owner;
	enum status status;

	if ((status = local_need_store(local)) != EXIT_DONE)
		return status;
	status = store_get_owner(local->store, id, &owner);
	if (status == EXIT_DONE)
		status = store_get_run(local->store, id, detail);
	if (status == EXIT_DONE)
		detail->run.status = local_status(local->store, id,
		    detail->run.status, owner.owner.id);
	return status;
}

/* A node that was taken over brought its log along. */
static enum status
local_log(struct target *target, const char *id, const char *node,
    struct run_log *log)
{
	struct local *local = (struct local *)target;
	struct run_detail detail;
	enum status status;
	char *run_dir;

	memset(log, 0, sizeof(*log));
	if ((status = local_need_store(local)) != EXIT_DONE ||
	    (status = store_get_run(local->store, id, &detail)) != EXIT_DONE)
		return status;
	if (run_detail_find(&detail, node) == NULL) {
		status = target_no_such_node(&detail, node);
	} else {
		run_dir = store_run_dir(local->store, id);
		log->path = xasprintf("%s/%s/log", run_dir, node);
		free(run_dir);
	}
	run_detail_release(&detail);
	return status;
}

const struct target_ops local_target = {
	.type = TARGET_LOCAL,
	.schedules = &local_schedules,
	.open = local_open,
	.close = local_close,
	.create = local_create,
	.execute = local_execute,
	.detach = local_detach,
	.watch = local_watch,
	.resolve = local_resolve,
	.list = local_list,
	.show = local_show,
	.artifact = local_artifact,
	.outputs = local_outputs,
	.log = local_log,
	.inputs = local_inputs,
	.stop = local_stop,
	.gc = local_gc,
	.deploy = local_deploy,
	.snapshot = local_snapshot,
	.versions = local_versions,
};
