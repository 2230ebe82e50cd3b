/*
 * The virtual clock. What ends at an instant has ended before the step at that
 * instant, so that a run of an hour makes way for the next hour's.
 */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/xalloc.h"
#include "lib/schedule/simulate.h"

void
simulation_init(struct simulation *simulation, int64_t from)
{
	memset(simulation, 0, sizeof(*simulation));
	simulation->now = from;
	policy_init(&simulation->state, from, true);
}

void
simulation_release(struct simulation *simulation)
{
	policy_release(&simulation->state);
	decisions_release(&simulation->decisions);
	free(simulation->ending);
	simulation->ending = NULL;
	simulation->n_endings = simulation->cap_endings = 0;
}

/* The first instant from `t` on that no outage covers. */
static int64_t
after_outages(const struct simulation *s, int64_t t)
{
	size_t i = 0;

	while (i < s->n_outages) {
		if (s->outage[i].from > t || s->outage[i].until <= t) {
			i++;
			continue;
		}
		t = s->outage[i].until;
		i = 0;
	}
	return t;
}

/* When somebody is there to step, and has a reason to. */
static bool
next_step(const struct simulation *s, int64_t *t)
{
	bool any = s->pending;
	int64_t event;

	*t = s->now;
	if (!any) {
		any = policy_next_event(&s->state, s->definition, &event);
		if (any && event > s->now)
			*t = event;
	}
	*t = after_outages(s, *t);
	return any;
}

bool
simulation_next(const struct simulation *simulation, int64_t *t)
{
	bool any = next_step(simulation, t);

	if (simulation->n_endings == 0 || (any &&
	    simulation->ending[0].at > *t))
		return any;
	*t = simulation->ending[0].at;
	return true;
}

/* What takes as long as the others is put at the end. */
static void
add_ending(struct simulation *s, int64_t at, int64_t t)
{
	size_t i = s->n_endings;

	ALLOC_GROW(s->ending, s->n_endings, s->cap_endings);
	while (i > 0 && s->ending[i - 1].at > at)
		i--;
	memmove(s->ending + i + 1, s->ending + i,
	    (s->n_endings - i) * sizeof(*s->ending));
	s->ending[i].at = at;
	s->ending[i].t = t;
	s->n_endings++;
}

static void
remove_ending(struct simulation *s, size_t i)
{
	s->n_endings--;
	memmove(s->ending + i, s->ending + i + 1,
	    (s->n_endings - i) * sizeof(*s->ending));
}

/* Now, instead of when it would have. */
static void
hasten(struct simulation *s, int64_t t)
{
	size_t i = 0;

	while (i < s->n_endings && s->ending[i].t != t)
		i++;
	if (i == s->n_endings)
		BUG("the run of %lld does not run", (long long)t);
	remove_ending(s, i);
	add_ending(s, s->now, t);
}

static void
end_runs(struct simulation *s)
{
	struct simulated event = { .what = SIMULATED_END, .at = s->now };
	struct policy_state *state = &s->state;
	size_t i;

	while (s->n_endings > 0 && s->ending[0].at <= s->now) {
		event.t = s->ending[0].t;
		for (i = 0; i < state->n_running; i++)
			if (state->running[i].id == event.t)
				break;
		event.cancelled = state->running[i].cancelled;
		policy_ended(state, i);
		remove_ending(s, 0);
		s->pending = true;
		s->event(s->arg, &event);
	}
}

static void
carry_out(struct simulation *s, const struct decision *decision)
{
	struct simulated event = { .at = s->now, .t = decision->t,
		.late = decision->late, .skipped = decision->skipped };
	struct active_run *running = s->state.running, *run;

	run = running != NULL ? &running[decision->run] : NULL;
	switch (decision->what) {
	case DECIDE_FORGET:
		BUG("time goes back");
	case DECIDE_START:
		event.what = SIMULATED_START;
		run->id = run->t;
		add_ending(s, s->now + s->length(s->arg, run->t), run->t);
		break;
	case DECIDE_CANCEL:
		event.what = SIMULATED_CANCEL;
		hasten(s, run->t);
		break;
	case DECIDE_WAIT:
		event.what = SIMULATED_WAIT;
		event.by = run->t;
		break;
	case DECIDE_SKIP:
		event.what = SIMULATED_SKIP;
		if (decision->skipped.reason == SKIP_OVERLAP)
			event.by = run->t;
		break;
	}
	s->event(s->arg, &event);
}

void
simulation_advance(struct simulation *simulation)
{
	struct simulation *s = simulation;
	size_t i;

	if (!simulation_next(s, &s->now))
		return;
	end_runs(s);
	if (after_outages(s, s->now) != s->now)
		return;
	s->pending = false;
	policy_step(&s->state, s->definition, NULL, s->now, &s->decisions);
	for (i = 0; i < s->decisions.n; i++)
		carry_out(s, &s->decisions.v[i]);
}
