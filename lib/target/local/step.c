/*
 * The policy's step between the store's rows: load, decide, save, tell.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/target/local/step.h"

struct step {
	struct store *store;
	struct ledger_schedule *schedule;
	struct definition definition;
	struct policy_state state;
	struct decisions decisions;
};

static enum status
load(struct step *s, struct store *store, struct ledger_schedule *schedule)
{
	enum status status;

	memset(s, 0, sizeof(*s));
	s->store = store;
	s->schedule = schedule;
	status = ledger_compile(&schedule->definition, &s->definition);
	if (status == EXIT_DONE)
		status = ledger_load(store, schedule, &s->state);
	return status;
}

static void
release(struct step *s)
{
	policy_release(&s->state);
	decisions_release(&s->decisions);
}

static enum status
fill_event(struct step *s, struct arena *arena,
    const struct decision *decision, struct scheduler_event *event)
{
	const char **run = &event->by;

	event->at = clock_now_ms();
	event->schedule = s->schedule->name;
	event->t = decision->t;
	event->late = decision->late;
	switch (decision->what) {
	case DECIDE_START:
		event->what = SCHEDULER_START;
		run = &event->run;
		break;
	case DECIDE_CANCEL:
		event->what = SCHEDULER_CANCEL;
		run = &event->run;
		break;
	case DECIDE_WAIT:
		event->what = SCHEDULER_WAIT;
		break;
	default:
		event->what = SCHEDULER_SKIP;
		event->skipped = decision->skipped;
		if (decision->skipped.reason != SKIP_OVERLAP)
			return EXIT_DONE;
	}
	return ledger_run_id(s->store, arena,
	    s->state.running[decision->run].id, run);
}

static enum status
tell(struct step *s, const struct step_observer *observer)
{
	struct arena arena = ARENA_INIT;
	struct scheduler_event event;
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < s->decisions.n && status == EXIT_DONE; i++) {
		if (s->decisions.v[i].what == DECIDE_FORGET)
			continue;
		memset(&event, 0, sizeof(event));
		status = fill_event(s, &arena, &s->decisions.v[i], &event);
		if (status == EXIT_DONE)
			observer->event(observer->arg, &event);
	}
	arena_release(&arena);
	return status;
}

static enum status
save(struct step *s, const struct step_observer *observer)
{
	enum status status;

	status = ledger_save(s->store, s->schedule, &s->definition, &s->state,
	    &s->decisions);
	if (status == EXIT_DONE && observer != NULL)
		status = tell(s, observer);
	return status;
}

/* The policy knows of one reason not to be active. */
static void
tell_removed(struct decisions *decisions)
{
	size_t i;

	for (i = 0; i < decisions->n; i++)
		if (decisions->v[i].what == DECIDE_SKIP &&
		    decisions->v[i].skipped.reason == SKIP_PAUSED)
			decisions->v[i].skipped.reason = SKIP_REMOVED;
}

static enum status
take_step(struct step *s, int64_t now, const struct step_observer *observer)
{
	struct ledger_runs runs;

	ledger_runs_init(&runs, s->store, s->schedule->number);
	policy_step(&s->state, &s->definition, &runs.ledger, now,
	    &s->decisions);
	if (runs.status != EXIT_DONE)
		return runs.status;
	if (s->schedule->state == SCHEDULE_REMOVED)
		tell_removed(&s->decisions);
	return save(s, observer);
}

enum status
step_schedule(struct store *store, struct ledger_schedule *schedule,
    int64_t now, const struct step_observer *observer)
{
	enum status status;
	struct step s;

	status = load(&s, store, schedule);
	if (status == EXIT_DONE)
		status = take_step(&s, now, observer);
	release(&s);
	return status;
}

enum status
step_and_pause(struct store *store, struct ledger_schedule *schedule,
    int64_t now, enum skip_reason reason,
    const struct step_observer *observer)
{
	enum status status;
	struct step s;

	status = load(&s, store, schedule);
	if (status == EXIT_DONE)
		status = take_step(&s, now, observer);
	if (status == EXIT_DONE) {
		policy_pause(&s.state, &s.definition, reason, &s.decisions);
		status = save(&s, observer);
	}
	release(&s);
	return status;
}
