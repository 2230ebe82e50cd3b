/*
 * The state that policy.c steps: made and loaded, its runs and its queue, and
 * when the next step is due.
 */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/xalloc.h"
#include "lib/schedule/policy.h"

const char *
skip_reason_name(enum skip_reason reason)
{
	static const char *const names[SKIP_REASONS] = {
		[SKIP_PAUSED] = "paused", [SKIP_REMOVED] = "removed",
		[SKIP_WINDOW] = "window", [SKIP_CATCHUP] = "catchup",
		[SKIP_OVERLAP] = "overlap", [SKIP_QUEUE] = "queue",
		[SKIP_SUPERSEDED] = "superseded",
		[SKIP_TOO_MANY] = "too many",
	};

	return names[reason];
}

void
policy_init(struct policy_state *state, int64_t w, bool active)
{
	memset(state, 0, sizeof(*state));
	state->w = w;
	state->active = active;
	state->cap = POLICY_CAP;
}

void
policy_release(struct policy_state *state)
{
	free(state->queue);
	free(state->running);
	policy_init(state, 0, false);
}

void
decisions_release(struct decisions *decisions)
{
	free(decisions->v);
	memset(decisions, 0, sizeof(*decisions));
}

void
policy_enqueue(struct policy_state *state, const struct queue_entry *entry)
{
	size_t i = state->n_queue;

	while (i > 0 && state->queue[i - 1].t > entry->t)
		i--;
	if (i > 0 && state->queue[i - 1].t == entry->t)
		return;
	ALLOC_GROW(state->queue, state->n_queue, state->cap_queue);
	memmove(state->queue + i + 1, state->queue + i,
	    (state->n_queue - i) * sizeof(*state->queue));
	state->queue[i] = *entry;
	state->n_queue++;
}

bool
policy_dequeue(struct policy_state *state, int64_t t)
{
	size_t i;

	for (i = 0; i < state->n_queue; i++) {
		if (state->queue[i].t != t)
			continue;
		state->n_queue--;
		memmove(state->queue + i, state->queue + i + 1,
		    (state->n_queue - i) * sizeof(*state->queue));
		return true;
	}
	return false;
}

const struct active_run *
policy_busy(const struct policy_state *state)
{
	size_t i;

	for (i = 0; i < state->n_running; i++)
		if (state->running[i].origin != ORIGIN_BACKFILL)
			return &state->running[i];
	return NULL;
}

bool
policy_next_event(const struct policy_state *state,
    const struct definition *d, int64_t *t)
{
	bool any = slots_next(&d->slots, state->w, t);
	size_t i;

	for (i = 0; i < state->n_queue; i++) {
		const struct queue_entry *q = &state->queue[i];

		if (q->seen || (any && q->due >= *t))
			continue;
		*t = q->due;
		any = true;
	}
	return any;
}

void
policy_began(struct policy_state *state, int64_t id, int64_t t,
    enum run_origin origin)
{
	struct active_run *run;

	ALLOC_GROW(state->running, state->n_running, state->cap_running);
	run = &state->running[state->n_running++];
	memset(run, 0, sizeof(*run));
	run->id = id;
	run->t = t;
	run->origin = origin;
}

void
policy_ended(struct policy_state *state, size_t run)
{
	if (run >= state->n_running)
		BUG("no run %zu of %zu", run, state->n_running);
	state->n_running--;
	memmove(state->running + run, state->running + run + 1,
	    (state->n_running - run) * sizeof(*state->running));
}
