/*
 * The loop that brings a run to its end. A failed node ends the run at once:
 * what runs beside it is stopped, as Flyte does. Every change of a node is in
 * the store before anybody is told of it.
 */
#include "lib/base/compat.h"

#include <signal.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/process.h"
#include "lib/base/signals.h"
#include "lib/base/xalloc.h"
#include "lib/plan/plan.h"
#include "lib/store/store.h"
#include "lib/target/local/command.h"
#include "lib/target/local/execution.h"
#include "lib/target/local/executor.h"
#include "lib/target/local/owner.h"

enum {
	TICK_MS = 100,
	SLEEP_MAX_MS = 10000,
	ASK_MS = 1000,		/* whether somebody wants it stopped */
	BACKOFF_FIRST_MS = 1000,
	BACKOFF_MAX_MS = 60000,
	GROUP_GONE_MS = 10000	/* how long the killed may take to go */
};

/* Records what the slot is now, then tells. */
static void
record(struct execution *e, enum node_event event, struct slot *slot)
{
	bool live = slot->state == SLOT_RUNNING;
	enum status status;

	status = store_update_node(e->store, e->context.run_id, &slot->record,
	    live ? slot->pid : 0, live ? slot->pid_start : 0);
	if (status != EXIT_DONE && e->fault == EXIT_DONE)
		e->fault = status;
	execution_tell(e, event, slot);
}

static void
end_slot(struct execution *e, struct slot *slot, enum slot_state state)
{
	slot->state = state;
	slot->record.status = state == SLOT_DONE ? RUN_SUCCEEDED :
	    state == SLOT_FAILED ? RUN_FAILED : RUN_ABORTED;
	if (slot->record.ended_at == 0)
		slot->record.ended_at = clock_now_ms();
	record(e, NODE_ENDED, slot);
}

static int64_t
backoff(int64_t attempts)
{
	int64_t ms = BACKOFF_FIRST_MS;

	while (--attempts > 0 && ms < BACKOFF_MAX_MS)
		ms *= 2;
	return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

static void
stop_all(struct execution *e)
{
	int64_t now = clock_monotonic_ms();
	size_t i;

	if (e->stopping)
		return;
	e->stopping = true;
	for (i = 0; i < e->n; i++) {
		struct slot *slot = &e->slot[i];

		if (slot->state == SLOT_RUNNING)
			attempt_terminate(slot, now, GRACE_MS);
		else if (slot->state == SLOT_BACKOFF)
			end_slot(e, slot, SLOT_ABORTED);
	}
}

static void
fail_attempt(struct execution *e, struct slot *slot)
{
	const struct container *container = slot->node->task->container;

	if (e->stopping) {
		slot_set_error(slot, NULL);
		end_slot(e, slot, SLOT_ABORTED);
		return;
	}
	if (slot->record.attempts - slot->lost <= container->retries) {
		slot->state = SLOT_BACKOFF;
		slot->retry_at = clock_monotonic_ms() +
		    backoff(slot->record.attempts - slot->lost);
		record(e, NODE_RETRIED, slot);
		slot->record.ended_at = 0;
		return;
	}
	end_slot(e, slot, SLOT_FAILED);
	e->failed = slot;
	stop_all(e);
}

/* `result` as attempt_start and attempt_ended have it. */
static void
settle(struct execution *e, struct slot *slot, enum status result)
{
	if (result == EXIT_DONE) {
		end_slot(e, slot, SLOT_DONE);
	} else if (result == EXIT_RUN) {
		fail_attempt(e, slot);
	} else {
		e->fault = result;
		slot_set_error(slot, "this machine could not go on");
		end_slot(e, slot, SLOT_FAILED);
		stop_all(e);
	}
}

/* Who takes the run up must know of it, should this process die right then. */
static enum status
announce(struct execution *e, const struct slot *slot)
{
	struct node_run next = slot->record;

	next.attempts++;
	next.status = RUN_RUNNING;
	return store_update_node(e->store, e->context.run_id, &next, 0, 0);
}

static void
start(struct execution *e, struct slot *slot)
{
	enum status status = announce(e, slot);

	if (status == EXIT_DONE)
		status = attempt_start(slot, &e->context);
	if (status == EXIT_DONE)
		record(e, NODE_STARTED, slot);
	else
		settle(e, slot, status);
}

static bool
ready(const struct execution *e, const struct slot *slot, int64_t now)
{
	size_t i;

	if (slot->state == SLOT_BACKOFF)
		return now >= slot->retry_at &&
		    (!process_group_alive(slot->pid) ||
		    now >= slot->retry_at + GROUP_GONE_MS);
	if (slot->state != SLOT_WAITING)
		return false;
	for (i = 0; i < slot->node->n_upstream; i++)
		if (e->slot[slot->node->upstream[i]].state != SLOT_DONE)
			return false;
	return true;
}

static size_t
count_running(const struct execution *e)
{
	size_t i, n = 0;

	for (i = 0; i < e->n; i++)
		n += e->slot[i].state == SLOT_RUNNING;
	return n;
}

static void
start_ready(struct execution *e)
{
	int64_t now = clock_monotonic_ms();
	size_t i;

	for (i = 0; i < e->n && !e->stopping; i++)
		if (count_running(e) < e->jobs && ready(e, &e->slot[i], now))
			start(e, &e->slot[i]);
}

static void
look_at_running(struct execution *e)
{
	int64_t now = clock_monotonic_ms();
	enum status result;
	size_t i;

	for (i = 0; i < e->n; i++) {
		struct slot *slot = &e->slot[i];

		if (slot->state != SLOT_RUNNING)
			continue;
		if (attempt_ended(slot, &e->context, &result))
			settle(e, slot, result);
		else
			attempt_check_time(slot, now);
	}
}

static bool
at_work(const struct execution *e)
{
	size_t i;

	for (i = 0; i < e->n; i++) {
		enum slot_state state = e->slot[i].state;

		if (state == SLOT_RUNNING || state == SLOT_BACKOFF)
			return true;
		if (state == SLOT_WAITING && !e->stopping)
			return true;
	}
	return false;
}

/* A second signal means that nobody wants to wait for the grace. */
static void
look_at_signals(struct execution *e)
{
	size_t i;

	if (signals_count() == e->signals_seen)
		return;
	e->signals_seen = signals_count();
	if (!at_work(e))
		return;
	if (!e->stopping) {
		execution_ask_why(e);
		stop_all(e);
	} else if (e->signals_seen > 1) {
		for (i = 0; i < e->n; i++)
			if (e->slot[i].state == SLOT_RUNNING)
				process_signal_group(e->slot[i].pid, SIGKILL);
	}
}

/* Who asked for the stop may have died before it could send the signal. */
static void
look_at_store(struct execution *e)
{
	int64_t now = clock_monotonic_ms();

	if (e->stopping || now < e->ask_at || !at_work(e))
		return;
	e->ask_at = now + ASK_MS;
	execution_ask_why(e);
	if (e->asked_to_stop)
		stop_all(e);
}

static int64_t
until_next_event(const struct execution *e)
{
	int64_t now = clock_monotonic_ms(), next = now + SLEEP_MAX_MS;
	size_t i;

	for (i = 0; i < e->n; i++) {
		const struct slot *slot = &e->slot[i];
		int64_t at = 0;

		if (slot->state == SLOT_BACKOFF)
			at = slot->retry_at > now ? slot->retry_at :
			    now + TICK_MS;
		else if (slot->state == SLOT_RUNNING)
			at = slot->kill_at != 0 ? slot->kill_at :
			    slot->deadline;
		if (at != 0 && at < next)
			next = at;
	}
	if (e->observer->tick != NULL && next > now + TICK_MS)
		next = now + TICK_MS;
	return next > now ? next - now : 0;
}

static void
run_loop(struct execution *e)
{
	for (;;) {
		look_at_signals(e);
		look_at_store(e);
		start_ready(e);
		if (e->fault != EXIT_DONE)
			stop_all(e);
		if (!at_work(e))
			return;
		if (e->observer->tick != NULL)
			e->observer->tick(e->observer->arg);
		signals_sleep(until_next_event(e));
		look_at_running(e);
	}
}

static enum status
claim(struct execution *e, const struct owner_lock *owner)
{
	enum status status;
	bool taken;

	status = store_claim_run(e->store, e->context.run_id, &owner->owner,
	    owner->owner.id, &taken);
	if (status == EXIT_DONE && !taken)
		return error(EXIT_CONFLICT, "run %s was stopped, or taken by "
		    "another process", e->context.run_id);
	return status;
}

static size_t
default_jobs(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (size_t)n : 1;
}

enum status
executor_run(struct store *store, const struct owner_lock *owner,
    const struct run_request *request, const char *id,
    const struct observer *observer, int *signum)
{
	struct arena arena = ARENA_INIT;
	struct execution e = {
		.store = store,
		.observer = observer,
		.jobs = request->jobs > 0 ? (size_t)request->jobs :
		    default_jobs(),
	};
	char *run_dir = store_run_dir(store, id);
	char *work_dir = request->directory != NULL ?
	    xstrdup(request->directory) :
	    command_directory(request->plan->app);
	enum status status;

	*signum = 0;
	e.context = (struct attempt_context){
		.app = request->plan->app,
		.workflow = request->workflow,
		.inputs = request->inputs,
		.run_id = id,
		.run_dir = run_dir,
		.version = request->version,
		.work_dir = work_dir,
		.lock_fd = -1,
	};
	signals_begin();
	if ((status = claim(&e, owner)) != EXIT_DONE)
		goto out;
	if ((e.context.lock_fd = run_lock(run_dir)) < 0) {
		status = error_errno(EXIT_LOCAL, "cannot lock run %s", id);
		goto out;
	}
	if ((status = execution_begin(&e, &arena)) == EXIT_DONE) {
		run_loop(&e);
		status = execution_end(&e, &arena);
		if (e.failed == NULL && e.stopping && !e.asked_to_stop)
			*signum = signals_caught();
	}
	execution_release(&e);
	close(e.context.lock_fd);
out:
	signals_end();
	free(run_dir);
	free(work_dir);
	arena_release(&arena);
	return status;
}
