/*
 * What is due is stepped in batches: a sync of the disk for each would make a
 * hundred schedules of the same minute wait for each other.
 */
#include "lib/base/compat.h"

#include <limits.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/stepdue.h"

enum { BATCH = 100, POSTPONED = 60 };

struct batch {
	struct store *store;
	int64_t until, now;
	struct arena arena;
	struct scheduler_event *event;	/* texts are in the arena */
	size_t n_events, cap_events;
	struct strvec failed;
};

static const char *
keep(struct batch *batch, const char *text)
{
	return text != NULL ? arena_strdup(&batch->arena, text) : NULL;
}

static void
keep_event(void *arg, const struct scheduler_event *event)
{
	struct batch *batch = arg;
	struct scheduler_event *kept;

	ALLOC_GROW(batch->event, batch->n_events, batch->cap_events);
	kept = &batch->event[batch->n_events++];
	*kept = *event;
	kept->schedule = keep(batch, event->schedule);
	kept->run = keep(batch, event->run);
	kept->by = keep(batch, event->by);
}

/* Nothing else of it changes, so that what is missed is seen as missed. */
static enum status
postpone(struct batch *batch, struct ledger_schedule *schedule)
{
	hint("schedule '%s' stands still; it is tried again in a minute",
	    schedule->name);
	strvec_push(&batch->failed, schedule->name);
	schedule->has_next = true;
	schedule->next_at = clock_now().sec + POSTPONED;
	return ledger_set(batch->store, schedule);
}

static enum status
step_one(struct batch *batch, const char *name, size_t *n)
{
	struct step_observer observer = { batch, keep_event };
	struct ledger_schedule schedule;
	struct definition definition;
	int64_t now = batch->now;
	enum status status;
	bool found;

	status = ledger_find(batch->store, &batch->arena, name, &found,
	    &schedule);
	/* Between question and transaction somebody may have paused it. */
	if (status != EXIT_DONE || !found ||
	    schedule.state != SCHEDULE_ACTIVE)
		return status;
	if (batch->until != STEP_NOW) {
		if (!schedule.has_next || schedule.next_at > batch->until)
			return EXIT_DONE;
		/* Another scheduler may be further: that is no jump. */
		now = schedule.w > batch->until ? schedule.w : batch->until;
	}
	++*n;
	if (ledger_compile(&schedule.definition, &definition) != EXIT_DONE)
		return postpone(batch, &schedule);
	return step_schedule(batch->store, &schedule, now, &observer);
}

static enum status
step_batch(struct batch *batch, const struct strvec *names, size_t *n)
{
	enum status status = ledger_begin(batch->store);
	size_t i;

	/* It may have waited for one who is further now. */
	batch->now = clock_now().sec;
	for (i = 0; i < names->n && status == EXIT_DONE; i++) {
		if (strvec_contains(&batch->failed, names->v[i]))
			continue;
		status = step_one(batch, names->v[i], n);
	}
	return ledger_end(batch->store, status);
}

static void
tell(struct batch *batch, const struct step_observer *observer)
{
	size_t i;

	for (i = 0; i < batch->n_events && observer != NULL; i++)
		observer->event(observer->arg, &batch->event[i]);
	batch->n_events = 0;
	arena_release(&batch->arena);
}

enum status
step_due(struct store *store, int64_t until,
    const struct step_observer *observer, size_t *n)
{
	struct batch batch = { .store = store, .until = until };
	/* What another one took in further on must not hide the rest. */
	size_t before, most = until == STEP_NOW ? BATCH : INT_MAX;
	enum status status;

	*n = 0;
	strvec_init(&batch.failed);
	do {
		struct strvec names = STRVEC_INIT;

		before = *n;
		status = ledger_due(store, until == STEP_NOW ?
		    clock_now().sec : until, most + batch.failed.n, &names);
		if (status == EXIT_DONE && names.n > 0)
			status = step_batch(&batch, &names, n);
		strvec_release(&names);
		if (status != EXIT_DONE)
			batch.n_events = 0;
		tell(&batch, observer);
	} while (status == EXIT_DONE && *n > before);
	*n -= batch.failed.n;
	free(batch.event);
	strvec_release(&batch.failed);
	return status;
}
