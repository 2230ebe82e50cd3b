/*
 * The scheduler: steps what is due, has workers run it, and sleeps until the
 * next event, a change by another process or a signal. It keeps nothing in
 * memory that the store does not know, so any number of them may run, and be
 * killed, at any time.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>
#include <sys/timerfd.h>

#include <poll.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/path.h"
#include "lib/base/signals.h"
#include "lib/base/strvec.h"
#include "lib/target/local/crew.h"
#include "lib/target/local/executor.h"
#include "lib/target/local/place.h"
#include "lib/target/local/schedules.h"
#include "lib/target/local/served.h"
#include "lib/target/local/stepdue.h"
#include "lib/target/local/wake.h"

enum {
	SLEEP_MAX_MS = 60000,
	RETRY_MS = 5000,	/* after a failure of this machine */
	RACE_MS = 50,		/* somebody else is about to step it */
	TELLING_MS = 5000,	/* `on_failure` alone has no longer grace */
	JUMP_S = 60		/* what nobody calls drift */
};

struct server {
	struct local *local;
	const struct scheduler_request *request;
	struct crew crew;
	struct strvec cancelled;
	size_t started;			/* pending runs of the last step */
	int wake_fd, clock_fd, served_fd;
	int64_t wall_ms, monotonic_ms;	/* at the last look */
	int64_t until;			/* of --once; else STEP_NOW */
	dev_t device;			/* of the store */
	ino_t inode;
};

static void
tell(struct server *s, struct scheduler_event *event)
{
	event->at = clock_now_ms();
	s->request->event(s->request->arg, event);
}

static void
on_step(void *arg, const struct scheduler_event *event)
{
	struct server *s = arg;

	if (event->what == SCHEDULER_CANCEL)
		strvec_push(&s->cancelled, event->run);
	s->started += event->what == SCHEDULER_START;
	s->request->event(s->request->arg, event);
}

/* Those that nobody began end at once; the others are asked to. */
static void
cancel(struct server *s)
{
	struct store *store = s->local->store;
	size_t i;
	bool done;

	for (i = 0; i < s->cancelled.n; i++)
		if (store_abort_run(store, s->cancelled.v[i], NULL,
		    LOCAL_REPLACED, &done) == EXIT_DONE && !done)
			local_tell_owner(store, s->cancelled.v[i]);
	strvec_release(&s->cancelled);
	strvec_init(&s->cancelled);
}

static enum status
step(struct server *s, size_t *n)
{
	const struct step_observer observer = { s, on_step };
	enum status status;

	s->started = 0;
	status = step_due(s->local->store, s->until, &observer, n);
	if (s->request->once && s->until == STEP_NOW)
		s->until = clock_now().sec;
	cancel(s);
	return status;
}

/* The wall clock has run otherwise than time has. */
static void
look_at_clock(struct server *s)
{
	int64_t wall = clock_now_ms(), monotonic = clock_monotonic_ms();
	struct scheduler_event event = { .what = SCHEDULER_CLOCK };

	event.count = floor_div((wall - s->wall_ms) -
	    (monotonic - s->monotonic_ms) + 500, 1000);
	if (llabs(event.count) > JUMP_S)
		tell(s, &event);
	s->wall_ms = wall;
	s->monotonic_ms = monotonic;
}

/*
 * A timer that never expires, but is cancelled when the clock is set or the
 * machine wakes up.
 */
static void
watch_clock(struct server *s)
{
	struct itimerspec never = { .it_value = { .tv_sec = SLOT_LAST } };

	if (s->clock_fd < 0)
		s->clock_fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK |
		    TFD_CLOEXEC);
	if (s->clock_fd >= 0)
		timerfd_settime(s->clock_fd, TFD_TIMER_ABSTIME |
		    TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

static int64_t
until_next_event(struct server *s, size_t stepped)
{
	int64_t t, ms, least = stepped > 0 ? 0 : RACE_MS;
	bool any;

	ms = s->crew.look_at - clock_monotonic_ms();
	if (ms > SLEEP_MAX_MS)
		ms = SLEEP_MAX_MS;
	if (ledger_next_event(s->local->store, &any, &t) == EXIT_DONE && any &&
	    t < SLOT_LAST && t * 1000 - clock_now_ms() < ms)
		ms = t * 1000 - clock_now_ms();
	return ms > least ? ms : least;
}

static void
sleep_until(struct server *s, int64_t ms)
{
	struct pollfd fd[2] = { { s->wake_fd, POLLIN, 0 },
	    { s->clock_fd, POLLIN, 0 } };

	signals_wait(fd, 2, ms);
	if (fd[0].revents != 0)
		wake_drain(s->wake_fd);
	if (fd[1].revents != 0)
		watch_clock(s);
}

static bool
is_same_store(struct server *s, bool first)
{
	char *path = path_join(s->local->dir, "store.db");
	struct stat st;
	bool same;

	same = stat(path, &st) == 0 && (first || (st.st_dev == s->device &&
	    st.st_ino == s->inode));
	if (same) {
		s->device = st.st_dev;
		s->inode = st.st_ino;
	}
	free(path);
	return same;
}

/* One round; *idle says whether there is nothing left that --once is for. */
static enum status
go_round(struct server *s, int64_t *sleep_ms, bool *idle)
{
	enum status status;
	size_t stepped = 0;
	bool left = false;

	if (s->local->store == NULL &&
	    (status = local_reopen(s->local)) != EXIT_DONE)
		return status;
	crew_look(&s->crew);
	look_at_clock(s);
	status = step(s, &stepped);
	if (status == EXIT_DONE)
		status = crew_adopt(&s->crew);
	if (status == EXIT_DONE)
		status = crew_start(&s->crew, &left);
	if (status != EXIT_DONE)
		return status;
	/* Others may have room; but who has none must not wake itself. */
	if (left && s->started > 0)
		wake_others(s->local->store);
	*idle = stepped == 0 && !left && s->crew.n == 0;
	*sleep_ms = until_next_event(s, stepped);
	return EXIT_DONE;
}

static enum status
run_loop(struct server *s)
{
	enum status status;
	int64_t sleep_ms;
	bool idle;

	for (;;) {
		if (!is_same_store(s, false))
			return error(EXIT_LOCAL, "store '%s' was removed or "
			    "replaced under this scheduler", s->local->dir);
		sleep_ms = RETRY_MS;
		idle = false;
		status = go_round(s, &sleep_ms, &idle);
		if (s->request->once && (status != EXIT_DONE || idle))
			return status;
		if (signals_caught() != 0)
			return EXIT_DONE;
		sleep_until(s, sleep_ms);
		if (signals_caught() != 0)
			return EXIT_DONE;
	}
}

/*
 * Nothing new begins. What runs has the grace to end, then is asked to; who
 * signals once more does not want to wait. What only tells of a failure has a
 * few seconds: it is told again by the next scheduler.
 */
static void
stop(struct server *s, int *signum)
{
	int64_t now, end = clock_monotonic_ms() + s->request->grace_ms;
	struct scheduler_event event = { .what = SCHEDULER_STOP,
	    .count = signals_caught(), .n_runs = crew_busy(&s->crew) };
	int asked = 0;

	tell(s, &event);
	while (crew_look(&s->crew), s->crew.n > 0) {
		now = clock_monotonic_ms();
		if (crew_busy(&s->crew) == 0 && end > now + TELLING_MS)
			end = now + TELLING_MS;
		if (signals_count() > (asked > 0 ? asked : 1) ||
		    (asked == 0 && now >= end)) {
			asked = signals_count();
			crew_terminate(&s->crew);
		}
		sleep_until(s, asked == 0 ? end - now : SLEEP_MAX_MS);
	}
	/* A scheduler ends by that; --once has not come to its end. */
	*signum = s->request->once || signals_count() > 1 ? signals_caught() :
	    0;
}

static enum status
count_active(void *arg, const struct ledger_schedule *schedule)
{
	int64_t *n = arg;

	*n += schedule->state == SCHEDULE_ACTIVE;
	return EXIT_DONE;
}

static enum status
begin(struct server *s)
{
	struct scheduler_event event = { .what = SCHEDULER_READY };
	enum status status = place_check(s->local->store, s->request->adopt);

	if (status != EXIT_DONE)
		return status;
	if (!s->request->once &&
	    (s->served_fd = served_begin(s->local->store)) < 0)
		return error_errno(EXIT_LOCAL, "cannot lock '%s/"
		    "scheduler.lock'", s->local->dir);
	status = ledger_list(s->local->store, count_active, &event.count);
	if (status != EXIT_DONE)
		return status;
	is_same_store(s, true);
	s->wake_fd = wake_watch(s->local->store);
	watch_clock(s);
	s->wall_ms = clock_now_ms();
	s->monotonic_ms = clock_monotonic_ms();
	tell(s, &event);
	return EXIT_DONE;
}

static size_t
default_jobs(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (size_t)n : 1;
}

enum status
local_serve(struct target *target, const struct scheduler_request *request,
    int *signum)
{
	struct local *local = (struct local *)target;
	struct server s = {
		.local = local,
		.request = request,
		.crew = { .local = local, .request = request,
		    .max = request->jobs > 0 ? (size_t)request->jobs :
		    default_jobs() },
		.cancelled = STRVEC_INIT,
		.wake_fd = -1, .clock_fd = -1, .served_fd = -1,
		.until = STEP_NOW,
	};
	enum status status;

	*signum = 0;
	signals_begin();
	status = begin(&s);
	if (status == EXIT_DONE)
		status = run_loop(&s);
	if (signals_caught() != 0 || s.crew.n > 0)
		stop(&s, signum);
	signals_end();
	if (s.wake_fd >= 0)
		close(s.wake_fd);
	if (s.clock_fd >= 0)
		close(s.clock_fd);
	if (s.served_fd >= 0)
		close(s.served_fd);
	strvec_release(&s.cancelled);
	crew_release(&s.crew);
	return status;
}
