/*
 * Freeing space: old runs that have ended go, rows first. What something
 * still needs stays: the model that `latest` means, those that schedules are
 * deployed with, and what a run that stays and has not ended came from or has
 * its model of.
 */
#include "lib/base/compat.h"

#include <sys/file.h>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/base/path.h"
#include "lib/base/strvec.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledger.h"
#include "lib/target/local/local.h"

struct gc {
	struct local *local;
	const struct gc_request *request;
	char *newest_model;
	struct strvec pinned;	/* models of schedules */
	struct strvec used;	/* by runs that stay and have not ended */
	struct strvec doomed;
	long seen;
};

static enum status
note_pinned(void *arg, const struct ledger_schedule *schedule)
{
	const char *model = schedule->definition.model;
	struct gc *gc = arg;

	if (schedule->state != SCHEDULE_REMOVED && model != NULL &&
	    !strvec_contains(&gc->pinned, model))
		strvec_push(&gc->pinned, model);
	return EXIT_DONE;
}

/* A retry or a predict may be cut short before it has its own links. */
static void
note_used(struct gc *gc, const struct run *run)
{
	if (run->model != NULL)
		strvec_push(&gc->used, run->model);
	if (run->retry_of != NULL)
		strvec_push(&gc->used, run->retry_of);
}

static const char *
reason_to_keep(const struct gc *gc, const struct run *run)
{
	if (gc->newest_model != NULL && strcmp(run->id, gc->newest_model) == 0)
		return "its model is the latest";
	if (strvec_contains(&gc->pinned, run->id))
		return "a schedule is deployed with its model";
	if (strvec_contains(&gc->used, run->id))
		return "a run that has not ended uses it";
	return NULL;
}

static int64_t
size_of(const struct gc *gc, const char *id)
{
	char *dir = store_run_dir(gc->local->store, id);
	int64_t bytes = 0;

	if (tree_size(dir, &bytes) != 0)
		bytes = 0;
	free(dir);
	return bytes;
}

static bool
spared(const struct gc *gc, const struct run *run, enum run_status status)
{
	const struct gc_request *request = gc->request;
	int64_t end = run->ended_at != 0 ? run->ended_at : run->created_at;

	if (!run_ended(status) && status != RUN_INTERRUPTED)
		return true;
	if (request->keep >= 0)
		return gc->seen <= request->keep;
	return end >= request->older_than_ms;
}

/* Runs come newest first, so who uses a run comes before it. */
static enum status
judge(void *arg, const struct run *run, const char *owner)
{
	const char *kept = NULL;
	struct gc *gc = arg;
	enum run_status status;
	bool stays;

	gc->seen++;
	status = local_status(gc->local->store, run->id, run->status, owner);
	stays = spared(gc, run, status);
	if (!stays) {
		kept = reason_to_keep(gc, run);
		gc->request->each(gc->request->arg, run, kept == NULL ?
		    size_of(gc, run->id) : 0, kept);
		if (kept == NULL)
			strvec_push(&gc->doomed, run->id);
	}
	if ((stays || kept != NULL) && !run_ended(status))
		note_used(gc, run);
	return EXIT_DONE;
}

static enum status
remove_runs(struct gc *gc)
{
	struct store *store = gc->local->store;
	enum status status = EXIT_DONE;
	struct run_owner owner;
	bool done;
	size_t i;

	for (i = 0; i < gc->doomed.n && status == EXIT_DONE; i++) {
		const char *id = gc->doomed.v[i];
		char *dir = store_run_dir(store, id);

		status = store_get_owner(store, id, &owner);
		if (status == EXIT_DONE && !run_locked(dir))
			status = store_abort_run(store, id, owner.owner.id,
			    "interrupted", &done);
		if (status == EXIT_DONE)
			status = store_delete_run(store, id, &done);
		if (status == EXIT_DONE && done && tree_remove(dir) != 0)
			status = error_errno(EXIT_LOCAL, "cannot remove '%s'",
			    dir);
		free(dir);
	}
	return status;
}

/* Directories without a row: a gc that was cut short left them. */
static enum status
sweep(struct gc *gc)
{
	char *runs = path_join(gc->local->dir, "runs");
	enum status status = EXIT_DONE;
	struct strvec ids = STRVEC_INIT;
	struct dirent *entry;
	DIR *dir = opendir(runs);

	while (dir != NULL && (entry = readdir(dir)) != NULL &&
	    status == EXIT_DONE) {
		char *path;

		if (strlen(entry->d_name) != RUN_ID_LEN)
			continue;
		strvec_release(&ids);
		status = store_find_runs(gc->local->store, entry->d_name, 1,
		    &ids);
		if (status != EXIT_DONE || ids.n != 0)
			continue;
		path = path_join(runs, entry->d_name);
		if (tree_remove(path) != 0)
			status = error_errno(EXIT_LOCAL, "cannot remove '%s'",
			    path);
		free(path);
	}
	if (dir != NULL)
		closedir(dir);
	strvec_release(&ids);
	free(runs);
	return status;
}

/*
 * One gc at a time, since each removes what it has seen. -1 where that cannot
 * be had: there is nothing to remove, or no locking.
 */
static int
lock_out_others(const struct gc *gc)
{
	char *runs = path_join(gc->local->dir, "runs");
	int fd = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
		;
	free(runs);
	return fd;
}

enum status
local_gc(struct target *target, const struct gc_request *request)
{
	const struct run_filter all = { .status = -1 };
	struct gc gc = { .local = (struct local *)target, .request = request };
	enum status status;
	int lock = -1;

	if (gc.local->store == NULL)
		return EXIT_DONE;
	strvec_init(&gc.pinned);
	strvec_init(&gc.used);
	strvec_init(&gc.doomed);
	if (!request->dry_run)
		lock = lock_out_others(&gc);
	status = store_newest_with(gc.local->store, "model_object",
	    &gc.newest_model);
	if (status == EXIT_DONE)
		status = ledger_list(gc.local->store, note_pinned, &gc);
	if (status == EXIT_DONE)
		status = store_list_runs(gc.local->store, &all, judge, &gc);
	if (status == EXIT_DONE && !request->dry_run)
		status = remove_runs(&gc);
	if (status == EXIT_DONE && !request->dry_run)
		status = sweep(&gc);
	if (lock >= 0)
		close(lock);
	free(gc.newest_model);
	strvec_release(&gc.pinned);
	strvec_release(&gc.used);
	strvec_release(&gc.doomed);
	return status;
}
