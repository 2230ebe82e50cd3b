/*
 * A scheduler's workers. Between taking runs and starting their processes the
 * store is closed once for all of them. A worker whose run has ended makes room
 * for the next, though it may still tell of a failure.
 */
#include "lib/base/compat.h"

#include <sys/wait.h>

#include <signal.h>

#include "lib/base/clock.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledger.h"
#include "lib/target/local/crew.h"

enum {
	LOOK_MS = 60000,	/* for orphans, and while others run some: */
	LOOK_OFTEN_MS = 10000,
	LOOK_AGAIN_MS = 500,	/* one of ours died: its lock may linger */
	TOLD_MAX = 3		/* so often `on_failure` is begun */
};

static void
tell(struct crew *crew, enum scheduler_event_kind what, const struct job *job,
    const struct run *run)
{
	struct scheduler_event event = { .what = what, .at = clock_now_ms(),
	    .schedule = job->schedule, .t = job->t, .run = job->worker.id };

	if (run != NULL) {
		event.status = run->status;
		event.error = run->error;
	}
	crew->request->event(crew->request->arg, &event);
}

size_t
crew_busy(const struct crew *crew)
{
	size_t i, n = 0;

	for (i = 0; i < crew->n; i++)
		n += !crew->job[i].ended;
	return n;
}

static bool
has_room(const struct crew *crew)
{
	return crew_busy(crew) < crew->max;
}

/* A place for one who is taken; its process comes later. */
static enum status
add(struct crew *crew, const struct worker *worker)
{
	struct run_detail detail;
	enum status status;
	struct job *job;

	status = store_get_run(crew->local->store, worker->id, &detail);
	if (status != EXIT_DONE)
		return status;
	ALLOC_GROW(crew->job, crew->n, crew->cap);
	job = &crew->job[crew->n++];
	memset(job, 0, sizeof(*job));
	job->worker = *worker;
	job->schedule = detail.run.schedule;
	detail.run.schedule = NULL;
	job->t = detail.run.kickoff;
	run_detail_release(&detail);
	return EXIT_DONE;
}

static enum status
take(struct crew *crew, const char *id, const struct run_owner *former)
{
	struct worker worker;
	enum status status;
	bool taken;

	status = worker_take(crew->local, id, former, &worker, &taken);
	if (status != EXIT_DONE || !taken)
		return status;
	status = add(crew, &worker);
	if (status != EXIT_DONE)
		owner_release(&worker.owner);
	return status;
}

/* No event tells of it, and its run takes nobody's place. */
static enum status
take_untold(struct crew *crew, const char *id, const char *former)
{
	struct worker worker;
	enum status status;
	struct job *job;
	bool taken;

	status = worker_take_untold(crew->local, id, former, &worker, &taken);
	if (status != EXIT_DONE || !taken)
		return status;
	ALLOC_GROW(crew->job, crew->n, crew->cap);
	job = &crew->job[crew->n++];
	memset(job, 0, sizeof(*job));
	job->worker = worker;
	job->ended = true;
	return EXIT_DONE;
}

static void
drop(struct crew *crew, size_t i)
{
	free(crew->job[i].schedule);
	memmove(&crew->job[i], &crew->job[i + 1],
	    (--crew->n - i) * sizeof(*crew->job));
}

/* Starts the processes of all who were taken. */
static enum status
spawn_all(struct crew *crew)
{
	enum status status, reopened;
	size_t i, from = crew->n;

	while (from > 0 && crew->job[from - 1].worker.pid == 0)
		from--;
	if (from == crew->n)
		return EXIT_DONE;
	worker_pause(crew->local);
	status = EXIT_DONE;
	for (i = from; i < crew->n; ) {
		struct job *job = &crew->job[i];

		if (worker_spawn(crew->local, &job->worker) != EXIT_DONE) {
			status = EXIT_LOCAL;
			crew->look_at = clock_monotonic_ms() + LOOK_OFTEN_MS;
			drop(crew, i);
			continue;
		}
		if (!job->worker.telling)
			tell(crew, job->worker.resumed ? SCHEDULER_RESUME :
			    SCHEDULER_BEGIN, job, NULL);
		i++;
	}
	reopened = worker_go_on(crew->local);
	return status != EXIT_DONE ? status : reopened;
}

enum status
crew_start(struct crew *crew, bool *left)
{
	struct strvec ids = STRVEC_INIT;
	enum status status, spawned;
	size_t i, room;

	*left = false;
	room = crew->max - crew_busy(crew);
	status = ledger_pending(crew->local->store, room + 1, &ids);
	for (i = 0; i < ids.n && status == EXIT_DONE; i++) {
		if (!has_room(crew)) {
			*left = true;
			break;
		}
		status = take(crew, ids.v[i], NULL);
	}
	strvec_release(&ids);
	spawned = spawn_all(crew);
	return status != EXIT_DONE ? status : spawned;
}

static void
look_at_run(struct crew *crew, struct job *job)
{
	struct run_detail detail;

	if (job->ended || crew->local->store == NULL ||
	    store_get_run(crew->local->store, job->worker.id, &detail) !=
	    EXIT_DONE)
		return;
	if (run_ended(detail.run.status)) {
		job->ended = true;
		tell(crew, SCHEDULER_END, job, &detail.run);
	}
	run_detail_release(&detail);
}

static bool
is_gone(const struct job *job, bool *killed)
{
	int end = 0;
	pid_t got;

	do
		got = waitpid(job->worker.pid, &end, WNOHANG);
	while (got < 0 && errno == EINTR);
	*killed = got > 0 && WIFSIGNALED(end);
	return got != 0;
}

void
crew_look(struct crew *crew)
{
	bool gone, killed;
	size_t i;

	for (i = 0; i < crew->n; ) {
		struct job *job = &crew->job[i];

		/* In this order: what it wrote before its end is seen. */
		gone = is_gone(job, &killed);
		look_at_run(crew, job);
		if (!gone) {
			i++;
			continue;
		}
		if (!job->ended || killed)
			crew->look_at = clock_monotonic_ms();
		drop(crew, i);
	}
}

struct look {
	struct crew *crew;
	bool others;			/* somebody else runs some */
	bool again;
};

static bool
is_ours(const struct crew *crew, const char *owner)
{
	size_t i;

	for (i = 0; i < crew->n; i++)
		if (strcmp(crew->job[i].worker.owner.owner.id, owner) == 0)
			return true;
	return false;
}

static enum status
look_at_owner(void *arg, const char *id, const char *owner, int64_t gen,
    int resumed)
{
	struct look *look = arg;
	struct store *store = look->crew->local->store;
	struct run_owner former;
	enum status status;

	(void)gen;
	(void)resumed;
	if (is_ours(look->crew, owner))
		return EXIT_DONE;
	if (owner_alive(store, owner)) {
		look->others = true;
		return EXIT_DONE;
	}
	look->again = true;
	if (!has_room(look->crew))
		return EXIT_DONE;
	/* What it left is on record until the run is taken over. */
	status = store_get_owner(store, id, &former);
	if (status != EXIT_DONE || strcmp(former.owner.id, owner) != 0)
		return status;
	return take(look->crew, id, &former);
}

static enum status
look_at_untold(void *arg, const char *id, const char *owner, int64_t gen,
    int tries)
{
	struct look *look = arg;
	struct store *store = look->crew->local->store;

	(void)gen;
	if (is_ours(look->crew, owner))
		return EXIT_DONE;
	if (owner_alive(store, owner)) {
		look->others = true;
		return EXIT_DONE;
	}
	if (tries >= TOLD_MAX)
		return ledger_told(store, id);
	if (look->crew->n - crew_busy(look->crew) < look->crew->max)
		return take_untold(look->crew, id, owner);
	look->again = true;
	return EXIT_DONE;
}

enum status
crew_adopt(struct crew *crew)
{
	struct look look = { crew, false, false };
	int64_t now = clock_monotonic_ms();
	enum status status, spawned;

	if (now < crew->look_at)
		return EXIT_DONE;
	status = ledger_owned(crew->local->store, look_at_owner, &look);
	if (status == EXIT_DONE)
		status = ledger_untold(crew->local->store, look_at_untold,
		    &look);
	spawned = spawn_all(crew);
	crew->look_at = now + (look.again ? LOOK_AGAIN_MS :
	    look.others ? LOOK_OFTEN_MS : LOOK_MS);
	return status != EXIT_DONE ? status : spawned;
}

void
crew_terminate(const struct crew *crew)
{
	size_t i;

	for (i = 0; i < crew->n; i++)
		kill(crew->job[i].worker.pid, SIGTERM);
}

void
crew_release(struct crew *crew)
{
	while (crew->n > 0)
		drop(crew, crew->n - 1);
	free(crew->job);
}
