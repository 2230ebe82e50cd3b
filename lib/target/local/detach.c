/* Runs that go on in a process of their own, and following them. */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/path.h"
#include "lib/base/signals.h"
#include "lib/target/local/local.h"

enum { WATCH_FIRST_MS = 50, WATCH_MAX_MS = 500 };

/* What the process says goes beside the run's nodes; it has no terminal. */
void
local_leave_terminal(const char *run_dir)
{
	char *log = path_join(run_dir, "unionml.log");
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int err = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	setsid();
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	if (err >= 0 || null >= 0)
		dup2(err >= 0 ? err : null, STDERR_FILENO);
	free(log);
}

static void
go_on_alone(struct local *local, const struct run_request *request,
    const char *id)
{
	const struct observer nobody = { NULL, NULL, NULL };
	enum status status;
	int signum;

	owner_adopt(&local->owner);
	status = store_open(&local->store, local->dir, STORE_WRITE);
	if (status == EXIT_DONE)
		status = local_conduct(local, request, id, &nobody, &signum);
	owner_release(&local->owner);
	if (local->store != NULL)
		store_close(local->store);
	_exit((int)status);
}

enum status
local_detach(struct target *target, const struct run_request *request,
    const char *id)
{
	struct local *local = (struct local *)target;
	char *run_dir = store_run_dir(local->store, id);
	enum status status = EXIT_DONE;
	pid_t pid;

	/* A connection of SQLite's must not live on in a child. */
	store_close(local->store);
	local->store = NULL;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		local_leave_terminal(run_dir);
		go_on_alone(local, request, id);
	}
	if (pid < 0)
		status = error_errno(EXIT_LOCAL, "cannot start a process for "
		    "run %s", id);
	else
		owner_leave(&local->owner);
	free(run_dir);
	if (status != EXIT_DONE)
		return status;
	return local_reopen(local);
}

/* Tells what has changed since the last look; `seen` is of the former one. */
static void
tell_changes(const struct observer *observer, const struct run_detail *detail,
    enum run_status *seen)
{
	size_t i;

	for (i = 0; i < detail->n_nodes; i++) {
		const struct node_run *node = &detail->node[i];
		int64_t end = node->ended_at != 0 ? node->ended_at :
		    clock_now_ms();

		if (node->status == seen[i] || observer->node == NULL)
			continue;
		seen[i] = node->status;
		observer->node(observer->arg, node->taken_from != NULL ?
		    NODE_TAKEN : node->status == RUN_RUNNING ? NODE_STARTED :
		    NODE_ENDED, node, end - node->started_at);
	}
}

static enum status
look(struct local *local, const char *id, const struct observer *observer,
    enum run_status *seen, size_t room, enum run_status *status)
{
	struct run_detail detail;
	struct run_owner owner;
	enum status result;

	result = store_get_owner(local->store, id, &owner);
	if (result == EXIT_DONE)
		result = store_get_run(local->store, id, &detail);
	if (result != EXIT_DONE)
		return result;
	*status = detail.run.status;
	if (detail.n_nodes <= room)
		tell_changes(observer, &detail, seen);
	run_detail_release(&detail);
	*status = local_status(local->store, id, *status, owner.owner.id);
	return EXIT_DONE;
}

enum status
local_watch(struct target *target, const char *id,
    const struct observer *observer, int64_t timeout_ms, int *signum)
{
	struct local *local = (struct local *)target;
	int64_t now, start = clock_monotonic_ms(), pause = WATCH_FIRST_MS;
	enum run_status seen[64] = { RUN_PENDING }, status;
	enum status result;

	*signum = 0;
	if ((result = local_need_store(local)) != EXIT_DONE)
		return result;
	signals_begin();
	for (;;) {
		result = look(local, id, observer, seen, ARRAY_SIZE(seen),
		    &status);
		if (result != EXIT_DONE)
			break;
		if (run_ended(status) || status == RUN_INTERRUPTED) {
			result = run_exit_status(status);
			break;
		}
		if (observer->tick != NULL)
			observer->tick(observer->arg);
		now = clock_monotonic_ms();
		if (timeout_ms > 0 && now - start >= timeout_ms) {
			result = EXIT_PENDING;
			break;
		}
		if (timeout_ms > 0 && timeout_ms - (now - start) < pause)
			pause = timeout_ms - (now - start);
		signals_sleep(pause);
		if ((*signum = signals_caught()) != 0) {
			result = EXIT_PENDING;
			break;
		}
		if ((pause *= 2) > WATCH_MAX_MS)
			pause = WATCH_MAX_MS;
	}
	signals_end();
	return result;
}
