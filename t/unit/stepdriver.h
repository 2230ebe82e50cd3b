/*
 * A store with a schedule, stepped on a virtual clock by one scheduler or by
 * several that share it, with runs that last as long as they are told. What
 * happens is written down as happened.h does, a line each.
 */
#ifndef UNIT_STEPDRIVER_H
#define UNIT_STEPDRIVER_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/schedule/simulate.h"
#include "lib/target/local/step.h"
#include "t/unit/happened.h"
#include "t/unit/random.h"

enum { SCHEDULERS = 3 };

/* A run that goes on. */
struct going {
	char id[RUN_ID_LEN + 1];
	int64_t at, t;			/* when it ends; its kickoff */
	bool cancelled;
};

struct driver {
	struct store *store[SCHEDULERS];
	int n_stores;
	struct rng rng;
	bool odd;			/* wakes up needlessly, too */
	int64_t now;
	const struct outage *outage;
	size_t n_outages;
	int64_t (*length)(void *arg, int64_t t);
	struct going *going;		/* by `at` */
	size_t n_going, cap_going;
	struct strbuf text;
	long steps;
	enum status status;
};

static inline void
driver_fail(struct driver *d, enum status status)
{
	if (d->status == EXIT_DONE)
		d->status = status;
}

static inline struct store *
driver_store(struct driver *d)
{
	return d->store[below(&d->rng, d->n_stores)];
}

static inline void
driver_open(struct driver *d, const char *dir, int n_stores)
{
	memset(d, 0, sizeof(*d));
	strbuf_init(&d->text);
	for (d->n_stores = 0; d->n_stores < n_stores; d->n_stores++)
		driver_fail(d, store_open(&d->store[d->n_stores], dir,
		    STORE_WRITE));
}

static inline void
driver_close(struct driver *d)
{
	while (d->n_stores > 0)
		store_close(d->store[--d->n_stores]);
	free(d->going);
	strbuf_release(&d->text);
}

/* Writes the definition down, as in force from `now` on. */
static inline enum status
driver_define(struct store *store, struct ledger_schedule *schedule,
    const struct definition *d, const char *when, const char *zone,
    int64_t now)
{
	struct ledger_definition definition = { .activated_at = now,
		.version = "v1", .when = when, .timezone = zone,
		.has_start = d->slots.has_start, .start = d->slots.start,
		.has_end = d->slots.has_end, .end = d->slots.end,
		.offset = d->offset, .window = d->window,
		.catchup = d->catchup, .overlap = d->overlap, .keys = "{}" };
	enum status status;
	char rate[32];

	if (when == NULL) {
		snprintf(rate, sizeof(rate), "%llds",
		    (long long)d->slots.expression.every.sec);
		definition.when = rate;
	}
	status = ledger_add_definition(store, schedule->number, &definition);
	schedule->definition = definition;
	if (status == EXIT_DONE)
		status = ledger_set(store, schedule);
	/* The texts are not the caller's. */
	schedule->definition.when = "1s";
	return status;
}

/* A new schedule, active from `now` on. */
static inline void
driver_add(struct driver *d, const char *name,
    const struct definition *definition, const char *when,
    const char *zone)
{
	struct ledger_schedule schedule = { .name = name, .app = "digits",
		.workflow = "train", .state = SCHEDULE_ACTIVE, .w = d->now,
		.has_next = true, .next_at = d->now };
	struct store *store = driver_store(d);
	enum status status = ledger_begin(store);

	if (status == EXIT_DONE)
		status = ledger_add(store, &schedule);
	if (status == EXIT_DONE)
		status = driver_define(store, &schedule, definition, when,
		    zone, d->now);
	driver_fail(d, ledger_end(store, status));
}

static inline int64_t
driver_after_outages(const struct driver *d, int64_t t)
{
	size_t i = 0;

	while (i < d->n_outages) {
		if (d->outage[i].from > t || d->outage[i].until <= t) {
			i++;
			continue;
		}
		t = d->outage[i].until;
		i = 0;
	}
	return t;
}

static inline size_t
driver_find(struct driver *d, const char *id)
{
	size_t i;

	for (i = 0; i < d->n_going; i++)
		if (strcmp(d->going[i].id, id) == 0)
			return i;
	driver_fail(d, EXIT_CONFLICT);
	return 0;
}

static inline void
driver_add_going(struct driver *d, const struct going *going)
{
	size_t i = d->n_going;

	ALLOC_GROW(d->going, d->n_going, d->cap_going);
	while (i > 0 && d->going[i - 1].at > going->at)
		i--;
	memmove(d->going + i + 1, d->going + i,
	    (d->n_going - i) * sizeof(*d->going));
	d->going[i] = *going;
	d->n_going++;
}

static inline struct going
driver_take_going(struct driver *d, size_t i)
{
	struct going going = d->going[i];

	d->n_going--;
	memmove(d->going + i, d->going + i + 1,
	    (d->n_going - i) * sizeof(*d->going));
	return going;
}

static inline void
driver_began(struct driver *d, const char *id, int64_t t)
{
	struct going going = { .at = d->now + d->length(NULL, t), .t = t };

	snprintf(going.id, sizeof(going.id), "%s", id);
	driver_add_going(d, &going);
}

/* The observer of its steps. */
static inline void
driver_event(void *arg, const struct scheduler_event *event)
{
	struct driver *d = arg;
	struct simulated line = { .at = d->now, .t = event->t,
		.late = event->late, .skipped = event->skipped };
	struct going going;

	switch (event->what) {
	case SCHEDULER_START:
		line.what = SIMULATED_START;
		driver_began(d, event->run, event->t);
		break;
	case SCHEDULER_CANCEL:
		line.what = SIMULATED_CANCEL;
		going = driver_take_going(d, driver_find(d, event->run));
		going.at = d->now;
		going.cancelled = true;
		driver_add_going(d, &going);
		break;
	case SCHEDULER_WAIT:
		line.what = SIMULATED_WAIT;
		break;
	default:
		line.what = SIMULATED_SKIP;
	}
	if (event->by != NULL)
		line.by = d->going[driver_find(d, event->by)].t;
	print_happened(&d->text, &line, "\n");
}

static inline void
driver_end_runs(struct driver *d)
{
	struct simulated line = { .what = SIMULATED_END, .at = d->now };
	struct going going;

	while (d->n_going > 0 && d->going[0].at <= d->now) {
		going = driver_take_going(d, 0);
		driver_fail(d, store_end_run(driver_store(d), going.id,
		    going.cancelled ? RUN_ABORTED : RUN_SUCCEEDED, NULL,
		    NULL));
		line.t = going.t;
		line.cancelled = going.cancelled;
		print_happened(&d->text, &line, "\n");
	}
}

static inline void
driver_step(struct driver *d, const char *name)
{
	struct step_observer observer = { d, driver_event };
	struct store *store = driver_store(d);
	struct arena arena = ARENA_INIT;
	struct ledger_schedule schedule;
	enum status status;
	bool found;

	status = ledger_begin(store);
	if (status == EXIT_DONE)
		status = ledger_find(store, &arena, name, &found, &schedule);
	if (status == EXIT_DONE)
		status = step_schedule(store, &schedule, d->now, &observer);
	driver_fail(d, ledger_end(store, status));
	arena_release(&arena);
	d->steps++;
}

/* What a scheduler does when it wakes up. */
static inline void
driver_wake(struct driver *d)
{
	struct strvec names = STRVEC_INIT;
	size_t i;

	driver_fail(d, ledger_due(driver_store(d), d->now, 100, &names));
	for (i = 0; i < names.n; i++)
		driver_step(d, names.v[i]);
	strvec_release(&names);
}

/* When something happens next; false: never again. */
static inline bool
driver_next(struct driver *d, int64_t *t)
{
	int64_t event;
	bool any;

	driver_fail(d, ledger_next_event(driver_store(d), &any, &event));
	*t = any && event > d->now ? event : d->now;
	*t = driver_after_outages(d, *t);
	if (d->n_going == 0 || (any && d->going[0].at > *t))
		return any;
	*t = d->going[0].at;
	return true;
}

/* Wakes up where nothing happens. */
static inline void
driver_wake_needlessly(struct driver *d, const char *name, int64_t until)
{
	int64_t now = d->now;

	if (until - now < 2)
		return;
	d->now = now + 1 + below(&d->rng, until - now - 1);
	if (driver_after_outages(d, d->now) == d->now)
		driver_step(d, name);
	else
		d->now = now;
}

static inline void
driver_run(struct driver *d, const char *name, int64_t until)
{
	int64_t t;

	while (d->status == EXIT_DONE && driver_next(d, &t) && t < until) {
		while (d->odd && below(&d->rng, 3) == 0)
			driver_wake_needlessly(d, name, t);
		d->now = t;
		driver_end_runs(d);
		if (driver_after_outages(d, t) != t)
			continue;
		driver_wake(d);
		while (d->odd && below(&d->rng, 3) == 0)
			driver_step(d, name);
	}
}

#endif
