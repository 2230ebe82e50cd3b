/*
 * Workers. The parent takes the run, so that of many schedulers one alone
 * starts a process; the child goes on as its owner, knowing nothing of the
 * parent any more: neither its terminal nor its descriptors nor its signals.
 */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/path.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/executor.h"
#include "lib/target/local/failure.h"
#include "lib/target/local/prepare.h"
#include "lib/target/local/wake.h"
#include "lib/target/local/worker.h"

enum {
	KEPT_FD = 3,
	RESUMED_MAX = 3		/* so often a run is taken up again */
};

enum status
worker_take(struct local *local, const char *id,
    const struct run_owner *former, struct worker *worker, bool *taken)
{
	struct owner *owner = &worker->owner.owner;
	enum status status;

	memset(worker, 0, sizeof(*worker));
	snprintf(worker->id, sizeof(worker->id), "%s", id);
	*taken = false;
	status = owner_acquire(&worker->owner, local->store);
	/* Who wants to end the run's process must not end this one. */
	owner->pid = owner->pid_start = 0;
	if (status == EXIT_DONE && former == NULL) {
		status = store_claim_run(local->store, id, owner, NULL, taken);
	} else if (status == EXIT_DONE) {
		worker->resumed = true;
		worker->former = *former;
		status = ledger_resume_run(local->store, id, owner,
		    former->owner.id, taken);
	}
	if (!*taken)
		owner_release(&worker->owner);
	return status;
}

enum status
worker_take_untold(struct local *local, const char *id, const char *former,
    struct worker *worker, bool *taken)
{
	enum status status;

	memset(worker, 0, sizeof(*worker));
	snprintf(worker->id, sizeof(worker->id), "%s", id);
	worker->telling = true;
	*taken = false;
	status = owner_acquire(&worker->owner, local->store);
	if (status == EXIT_DONE)
		status = ledger_take_untold(local->store, id,
		    &worker->owner.owner, former, taken);
	if (!*taken)
		owner_release(&worker->owner);
	return status;
}

/* What was said, and of it the first error, which is the run's. */
struct reason {
	struct strbuf text;
};

static void
hear(void *arg, const char *text, size_t len)
{
	static const char prefix[] = "unionml: ", word[] = "error: ";
	struct reason *reason = arg;
	const char *end = memchr(text, '\n', len), *from = text;

	fwrite(text, 1, len, stderr);
	len = end != NULL ? (size_t)(end - text) : len;
	if (reason->text.len > 0 || memmem(text, len, word,
	    strlen(word)) == NULL)
		return;
	if (len > strlen(prefix) && strncmp(from, prefix,
	    strlen(prefix)) == 0)
		from += strlen(prefix);
	len -= (size_t)(from - text);
	if (len > strlen(word) && strncmp(from, word, strlen(word)) == 0) {
		from += strlen(word);
		len -= strlen(word);
	}
	strbuf_add(&reason->text, from, len);
}

/* Writes the end of a run that never came to its components. */
static void
end_early(struct local *local, const char *id, enum run_status status,
    const char *why)
{
	if (store_end_run(local->store, id, status, why, NULL) == EXIT_DONE)
		wake_others(local->store);
}

/* Whether it may begin; else it has ended. */
static bool
make_ready(struct local *local, const struct worker *worker,
    const struct ledger_run *run, struct prepared *p)
{
	struct reason reason = { STRBUF_INIT };
	enum status status;
	char *text;

	err_set_sink(hear, &reason);
	status = prepare_load(local, run, p);
	if (status == EXIT_DONE && !run->stop_requested &&
	    run->resumed <= RESUMED_MAX)
		status = prepare_run(local, worker->id, run, p);
	err_set_sink(NULL, NULL);
	if (run->stop_requested) {
		end_early(local, worker->id, RUN_ABORTED, run->replaced ?
		    LOCAL_REPLACED : LOCAL_STOPPED);
	} else if (run->resumed > RESUMED_MAX) {
		text = xasprintf("interrupted %d times", run->resumed);
		end_early(local, worker->id, RUN_FAILED, text);
		free(text);
	} else if (status != EXIT_DONE) {
		end_early(local, worker->id, RUN_FAILED, reason.text.len > 0 ?
		    reason.text.buf : "it could not be made ready");
	} else {
		strbuf_release(&reason.text);
		return true;
	}
	strbuf_release(&reason.text);
	return false;
}

static bool
has_failed(struct local *local, const char *id)
{
	struct run_detail detail;
	bool failed;

	if (store_get_run(local->store, id, &detail) != EXIT_DONE)
		return false;
	failed = detail.run.status == RUN_FAILED;
	run_detail_release(&detail);
	return failed;
}

/*
 * At least once: it is on record as owed until it has come to its end. Who
 * dies over it, or is stopped, leaves it to the next.
 */
static enum status
tell(struct local *local, const char *id, const struct ledger_run *run,
    const struct prepared *prepared)
{
	return failure_tell(local, id, run, prepared) ?
	    ledger_told(local->store, id) : EXIT_DONE;
}

static enum status
tell_again(struct local *local, const char *id)
{
	struct arena arena = ARENA_INIT;
	struct prepared prepared;
	struct ledger_run run;
	enum status status;

	status = ledger_run(local->store, &arena, id, &run);
	if (status == EXIT_DONE) {
		prepare_load(local, &run, &prepared);
		status = tell(local, id, &run, &prepared);
		prepared_release(&prepared);
	}
	arena_release(&arena);
	return status;
}

/* From taking it to its end; what hinders that leaves an orphan. */
static enum status
conduct(struct local *local, struct worker *worker)
{
	const struct observer nobody = { NULL, NULL, NULL };
	struct owner *owner = &worker->owner.owner;
	struct arena arena = ARENA_INIT;
	struct prepared prepared;
	struct ledger_run run;
	enum status status;
	bool taken;
	int signum;

	status = store_claim_run(local->store, worker->id, owner, owner->id,
	    &taken);
	if (status != EXIT_DONE || !taken)
		return status;
	status = ledger_run(local->store, &arena, worker->id, &run);
	if (status == EXIT_DONE && worker->resumed)
		status = local_end_former(local, worker->id, owner->id,
		    &worker->former);
	if (status != EXIT_DONE)
		goto out;
	if (make_ready(local, worker, &run, &prepared)) {
		status = executor_run(local->store, &worker->owner,
		    &prepared.request, worker->id, &nobody, &signum);
		wake_others(local->store);
	}
	if (has_failed(local, worker->id))
		status = tell(local, worker->id, &run, &prepared);
	prepared_release(&prepared);
out:
	arena_release(&arena);
	return status;
}

static void
work(struct local *local, struct worker *worker)
{
	char *run_dir = path_join(local->dir, "runs"), *dir;
	enum status status;

	/* The locks of others, too, would live on in this process. */
	if (worker->owner.fd != KEPT_FD)
		dup3(worker->owner.fd, KEPT_FD, O_CLOEXEC);
	worker->owner.fd = KEPT_FD;
	closefrom(KEPT_FD + 1);
	signals_end();
	signals_forget();
	err_set_sink(NULL, NULL);
	dir = path_join(run_dir, worker->id);
	tree_mkdirs(dir);
	local_leave_terminal(dir);
	free(dir);
	free(run_dir);
	owner_adopt(&worker->owner);
	status = store_open(&local->store, local->dir, STORE_WRITE);
	if (status == EXIT_DONE)
		status = worker->telling ? tell_again(local, worker->id) :
		    conduct(local, worker);
	owner_release(&worker->owner);
	if (local->store != NULL)
		store_close(local->store);
	_exit((int)status);
}

void
worker_pause(struct local *local)
{
	store_close(local->store);
	local->store = NULL;
	fflush(NULL);
}

enum status
worker_spawn(struct local *local, struct worker *worker)
{
	pid_t pid = fork();

	if (pid == 0)
		work(local, worker);
	if (pid < 0) {
		owner_release(&worker->owner);
		return error_errno(EXIT_LOCAL, "cannot start a process for "
		    "run %s", worker->id);
	}
	worker->pid = pid;
	owner_leave(&worker->owner);
	return EXIT_DONE;
}

enum status
worker_go_on(struct local *local)
{
	return local_reopen(local);
}

enum status
worker_start(struct local *local, const char *id,
    const struct run_owner *former)
{
	enum status status, reopened;
	struct worker worker;
	bool taken;

	status = worker_take(local, id, former, &worker, &taken);
	if (status != EXIT_DONE || !taken)
		return status;
	worker_pause(local);
	status = worker_spawn(local, &worker);
	reopened = worker_go_on(local);
	return status != EXIT_DONE ? status : reopened;
}
