/*
 * Ending what another process began. Its owner is asked by a signal and does
 * the rest; where the owner is dead, what it left is ended from here.
 */
#include "lib/base/compat.h"

#include <signal.h>

#include "lib/base/clock.h"
#include "lib/base/process.h"
#include "lib/base/self.h"
#include "lib/base/signals.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/executor.h"
#include "lib/target/local/local.h"

enum { STOP_POLL_MS = 50, STOP_EXTRA_MS = 5000, START_MS = 1000 };

/* The very process that was recorded, not a later one of that number. */
static bool
same_process(int64_t pid, int64_t start)
{
	return pid > 1 && start != 0 &&
	    process_start_time((pid_t)pid) == start;
}

/*
 * Whoever holds the run's lock, with its group; and the groups on record, whose
 * leader may have closed what it inherited.
 */
static void
signal_remains(const char *run_dir, const struct run_owner *owner, int signum)
{
	pid_t group[64];
	size_t i, j, n;

	n = run_groups(run_dir, group, ARRAY_SIZE(group));
	for (i = 0; i < n; i++)
		process_signal_group(group[i], signum);
	for (i = 0; i < owner->n_groups; i++) {
		for (j = 0; j < n; j++)
			if (group[j] == (pid_t)owner->group[i].pgid)
				break;
		if (j == n && same_process(owner->group[i].pgid,
		    owner->group[i].start))
			process_signal_group((pid_t)owner->group[i].pgid,
			    signum);
	}
}

static void
pause_a_little(void)
{
	struct timespec ts = { 0, STOP_POLL_MS * 1000000L };

	nanosleep(&ts, NULL);
}

/*
 * Whether the owner lives. What was just being started when its parent was
 * killed has the parent's lock until it is another program: that is no owner.
 */
static bool
still_owned(struct local *local, const struct run_owner *owner)
{
	int64_t waited;

	for (waited = 0; owner_alive(local->store, owner->owner.id);
	    waited += STOP_POLL_MS) {
		if (waited >= START_MS || same_process(owner->owner.pid,
		    owner->owner.pid_start))
			return true;
		pause_a_little();
	}
	return false;
}

/* What lives under another owner is not ours to end. */
static enum status
check_owner(struct local *local, const char *id, const char *expected)
{
	struct run_owner owner;
	enum status status = store_get_owner(local->store, id, &owner);

	if (status == EXIT_DONE && strcmp(owner.owner.id, expected) != 0)
		return error(EXIT_CONFLICT, "run %s was taken over by a "
		    "scheduler and goes on", id);
	return status;
}

/* `owner` is who owns the run while this goes on. */
static enum status
end_processes(struct local *local, const char *id, const char *owner,
    const struct run_owner *former)
{
	int64_t start = clock_monotonic_ms(), waited = 0;
	char *run_dir = store_run_dir(local->store, id);
	enum status status = EXIT_DONE;

	if (run_locked(run_dir)) {
		note("ending what still lives of run %s", id);
		signal_remains(run_dir, former, SIGTERM);
	}
	while (run_locked(run_dir)) {
		if (waited >= GRACE_MS + STOP_EXTRA_MS) {
			status = error(EXIT_CONFLICT, "processes of run %s "
			    "still live and could not be ended: fuser "
			    "'%s/lock' names them", id, run_dir);
			break;
		}
		pause_a_little();
		waited = clock_monotonic_ms() - start;
		status = check_owner(local, id, owner);
		if (status != EXIT_DONE)
			break;
		if (waited >= GRACE_MS)
			signal_remains(run_dir, former, SIGKILL);
	}
	free(run_dir);
	return status;
}

enum status
local_end_remains(struct local *local, const char *id)
{
	struct run_owner owner;
	enum status status;

	status = store_get_owner(local->store, id, &owner);
	if (status == EXIT_DONE && still_owned(local, &owner))
		status = error(EXIT_CONFLICT, "run %s still goes on: '%s "
		    "runs stop %s' ends it", id, self_call(), id);
	return status != EXIT_DONE ? status :
	    end_processes(local, id, owner.owner.id, &owner);
}

enum status
local_end_former(struct local *local, const char *id, const char *owner,
    const struct run_owner *former)
{
	return end_processes(local, id, owner, former);
}

/*
 * Asks the owner until the run has ended or the owner is dead; it has its own
 * grace to keep. A run just left to a process of its own is for a moment still
 * recorded as its parent's, so the owner is looked up each time.
 */
static enum status
ask_owner(struct local *local, const char *id, bool *ended)
{
	int64_t start = clock_monotonic_ms(), asked = 0;
	struct run_detail detail;
	struct run_owner owner;
	enum status status;
	bool alive;

	for (;;) {
		status = store_get_owner(local->store, id, &owner);
		if (status != EXIT_DONE)
			return status;
		alive = owner_alive(local->store, owner.owner.id);
		status = store_get_run(local->store, id, &detail);
		if (status != EXIT_DONE)
			return status;
		*ended = run_ended(detail.run.status);
		run_detail_release(&detail);
		if (*ended || !alive)
			return EXIT_DONE;
		if (owner.owner.pid != asked && same_process(owner.owner.pid,
		    owner.owner.pid_start) &&
		    kill((pid_t)owner.owner.pid, SIGTERM) == 0)
			asked = owner.owner.pid;
		if (clock_monotonic_ms() - start > GRACE_MS + STOP_EXTRA_MS)
			return error(EXIT_PENDING, "run %s was asked to stop "
			    "and still goes on", id);
		signals_sleep(STOP_POLL_MS);
		if (signals_caught() != 0)
			signals_raise(signals_caught());
	}
}

static enum status
tell_end(struct local *local, const char *id, const char *how)
{
	struct run_detail detail;
	enum status status;

	status = store_get_run(local->store, id, &detail);
	if (status != EXIT_DONE)
		return status;
	note("run %s %s%s", id, how, run_status_name(detail.run.status));
	run_detail_release(&detail);
	return EXIT_DONE;
}

static bool
had_ended(struct local *local, const char *id, enum status *status)
{
	struct run_detail detail;
	bool ended;

	*status = store_get_run(local->store, id, &detail);
	if (*status != EXIT_DONE)
		return false;
	ended = run_ended(detail.run.status);
	run_detail_release(&detail);
	return ended;
}

enum status
local_tell_owner(struct store *store, const char *id)
{
	struct run_owner owner;
	enum status status = store_get_owner(store, id, &owner);

	if (status == EXIT_DONE && owner_alive(store, owner.owner.id) &&
	    same_process(owner.owner.pid, owner.owner.pid_start))
		kill((pid_t)owner.owner.pid, SIGTERM);
	return status;
}

/* The owner, who ended it, knew nothing of this. */
static enum status
note_cause(struct local *local, const char *id, const char *cause)
{
	char *text = xasprintf("%s: %s", LOCAL_STOPPED, cause);
	enum status status = store_note_cause(local->store, id, LOCAL_STOPPED,
	    text);

	free(text);
	return status;
}

enum status
local_stop(struct target *target, const char *id, const char *cause)
{
	struct local *local = (struct local *)target;
	struct run_owner owner;
	enum status status;
	bool ended = false;

	if ((status = local_need_store(local)) != EXIT_DONE)
		return status;
	if (had_ended(local, id, &status))
		return tell_end(local, id, "had ended: ");
	if (status == EXIT_DONE)
		status = store_request_stop(local->store, id);
	if (status != EXIT_DONE)
		return status;
	signals_begin();
	status = ask_owner(local, id, &ended);
	signals_end();
	if (status == EXIT_DONE && !ended)
		status = local_end_remains(local, id);
	if (status == EXIT_DONE && !ended)
		status = store_get_owner(local->store, id, &owner);
	if (status == EXIT_DONE && !ended)
		status = store_abort_run(local->store, id, owner.owner.id,
		    LOCAL_STOPPED, &ended);
	if (status == EXIT_DONE && cause != NULL)
		status = note_cause(local, id, cause);
	return status == EXIT_DONE ? tell_end(local, id, "") : status;
}
