/*
 * The step of scheduler-spec section 3. Entries are kept by kickoff; each part
 * of the step walks them once and closes the gaps that it leaves. What is
 * skipped is told as ranges, so that a year's outage is a handful of them.
 */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/schedule/policy.h"

struct step {
	struct policy_state *state;
	const struct definition *d;
	int64_t now;
	struct decisions *out;
};

static struct decision *
decide(struct step *s, enum decision_kind what, int64_t t, int64_t gen)
{
	struct decisions *out = s->out;
	struct decision *decision;

	ALLOC_GROW(out->v, out->n, out->cap);
	decision = &out->v[out->n++];
	memset(decision, 0, sizeof(*decision));
	decision->what = what;
	decision->t = t;
	decision->gen = gen;
	return decision;
}

/*
 * Whether the slot can be told together with those skipped just before it: no
 * slot may lie between. That is known of the present definition's only.
 */
static bool
continues(const struct step *s, const struct decision *last, int64_t t,
    int64_t gen, enum skip_reason reason)
{
	int64_t next;

	return last->what == DECIDE_SKIP && last->skipped.reason == reason &&
	    last->gen == gen && gen == s->d->gen &&
	    slots_next(&s->d->slots, last->skipped.to, &next) && next == t;
}

static void
skip_slot(struct step *s, int64_t t, int64_t gen, enum skip_reason reason,
    size_t run)
{
	struct decisions *out = s->out;
	struct decision *last;

	if (out->n > 0 && continues(s, &out->v[out->n - 1], t, gen, reason)) {
		last = &out->v[out->n - 1];
		last->skipped.to = t;
		last->skipped.count++;
		return;
	}
	last = decide(s, DECIDE_SKIP, t, gen);
	last->run = run;
	last->skipped.from = last->skipped.to = t;
	last->skipped.count = 1;
	last->skipped.reason = reason;
}

static void
skip_entry(struct step *s, const struct queue_entry *q,
    enum skip_reason reason)
{
	skip_slot(s, q->t, q->gen, reason, 0);
}

static void
skip_queue(struct step *s, enum skip_reason reason)
{
	size_t i;

	for (i = 0; i < s->state->n_queue; i++)
		skip_entry(s, &s->state->queue[i], reason);
	s->state->n_queue = 0;
}

/* The clock went back: what lies ahead again is taken in again. */
static void
go_back(struct step *s)
{
	struct policy_state *state = s->state;

	while (state->n_queue > 0 &&
	    state->queue[state->n_queue - 1].t > s->now)
		state->n_queue--;
	decide(s, DECIDE_FORGET, s->now, s->d->gen);
}

static size_t
count_unseen(const struct policy_state *state)
{
	size_t i, n = 0;

	for (i = 0; i < state->n_queue; i++)
		n += !state->queue[i].seen;
	return n;
}

/* Of those not due, or not known to be, the newest stay. */
static void
shed(struct step *s)
{
	struct policy_state *state = s->state;
	size_t i, kept = 0, unseen = count_unseen(state), excess;

	if (unseen <= state->cap)
		return;
	excess = unseen - state->cap;
	for (i = 0; i < state->n_queue; i++) {
		if (state->queue[i].seen || excess == 0) {
			state->queue[kept++] = state->queue[i];
			continue;
		}
		skip_entry(s, &state->queue[i], SKIP_TOO_MANY);
		excess--;
	}
	state->n_queue = kept;
}

static void
take_in(struct step *s, const struct ledger *ledger)
{
	struct policy_state *state = s->state;
	struct queue_entry entry = { .gen = s->d->gen };
	int64_t t = state->w, run;
	size_t added = 0;
	bool has_run;

	has_run = ledger != NULL && ledger->next_run(ledger->arg, t, &run);
	while (slots_next(&s->d->slots, t, &t) && t <= s->now) {
		while (has_run && run < t)
			has_run = ledger->next_run(ledger->arg, run, &run);
		if (has_run && run == t)
			continue;
		/* A pause of any length is told as what it was. */
		if (!state->active) {
			skip_slot(s, t, entry.gen, SKIP_PAUSED, 0);
			continue;
		}
		entry.t = t;
		entry.due = t + s->d->offset;
		policy_enqueue(state, &entry);
		if (++added < state->cap)
			continue;
		shed(s);
		added = 0;
	}
	shed(s);
	state->w = s->now;
}

static bool
is_ripe(const struct step *s, const struct queue_entry *q)
{
	return !q->seen && q->due <= s->now;
}

static bool
is_late(const struct step *s, const struct queue_entry *q)
{
	return q->due + POLICY_GRACE < s->now;
}

static bool
is_too_late(const struct step *s, const struct queue_entry *q)
{
	return s->d->window > 0 && s->now - q->due > s->d->window;
}

/* How many of the late slots are not to be made up. */
static size_t
count_dropped(const struct step *s)
{
	size_t i, late = 0, keep = 0;
	bool ontime = false;

	for (i = 0; i < s->state->n_queue; i++) {
		const struct queue_entry *q = &s->state->queue[i];

		if (!is_ripe(s, q))
			continue;
		if (!is_late(s, q))
			ontime = true;
		else if (!is_too_late(s, q))
			late++;
	}
	if (s->d->catchup == POLICY_CATCHUP_ALL)
		keep = late;
	else if (s->d->catchup == POLICY_CATCHUP_LATEST && !ontime)
		keep = 1;
	return late > keep ? late - keep : 0;
}

/* What is due is seen; of what is late, so much as is made up. */
static void
ripen(struct step *s)
{
	struct policy_state *state = s->state;
	size_t i, kept = 0, drop = count_dropped(s);

	for (i = 0; i < state->n_queue; i++) {
		struct queue_entry q = state->queue[i];

		if (is_ripe(s, &q)) {
			q.seen = q.fresh = true;
			q.late = is_late(s, &q);
		} else {
			state->queue[kept++] = q;
			continue;
		}
		if (q.late && is_too_late(s, &q)) {
			skip_entry(s, &q, SKIP_WINDOW);
		} else if (q.late && drop > 0) {
			skip_entry(s, &q, SKIP_CATCHUP);
			drop--;
		} else {
			state->queue[kept++] = q;
		}
	}
	state->n_queue = kept;
}

static size_t
busy_run(const struct policy_state *state)
{
	const struct active_run *run = policy_busy(state);

	return run != NULL ? (size_t)(run - state->running) : 0;
}

static void
start(struct step *s, const struct queue_entry *q)
{
	struct decision *decision = decide(s, DECIDE_START, q->t, q->gen);

	decision->late = q->late;
	decision->run = s->state->n_running;
	policy_began(s->state, 0, q->t, ORIGIN_TIMER);
}

static void
cancel_running(struct step *s)
{
	struct active_run *run;
	size_t i;

	for (i = 0; i < s->state->n_running; i++) {
		run = &s->state->running[i];
		if (run->origin != ORIGIN_TIMER || run->cancelled)
			continue;
		run->cancelled = true;
		decide(s, DECIDE_CANCEL, run->t, s->d->gen)->run = i;
	}
}

/* What waits among the first `n` entries gives way; yields how many stay. */
static size_t
supersede(struct step *s, size_t n)
{
	struct queue_entry *queue = s->state->queue;
	size_t i, kept = 0;

	for (i = 0; i < n; i++) {
		if (queue[i].seen)
			skip_entry(s, &queue[i], SKIP_SUPERSEDED);
		else
			queue[kept++] = queue[i];
	}
	return kept;
}

/*
 * Each that is seen is started, waits, or is skipped; by kickoff. Nothing waits
 * unless a run is busy, and none ends meanwhile: so that run alone is asked
 * for.
 */
static void
dispatch(struct step *s)
{
	struct policy_state *state = s->state;
	enum policy_overlap overlap = s->d->overlap;
	size_t i, kept = 0, waiting = 0, ontime = 0;
	size_t unseen = count_unseen(state), room;

	room = unseen < state->cap ? state->cap - unseen : 0;
	for (i = 0; i < state->n_queue; i++) {
		struct queue_entry q = state->queue[i];

		if (!q.seen) {
			state->queue[kept++] = q;
			continue;
		}
		if (overlap == POLICY_ALLOW || policy_busy(state) == NULL) {
			start(s, &q);
			continue;
		}
		if (overlap == POLICY_SKIP && !q.late) {
			skip_slot(s, q.t, q.gen, SKIP_OVERLAP,
			    busy_run(state));
			continue;
		}
		if (overlap == POLICY_REPLACE && room > 0) {
			cancel_running(s);
			kept = supersede(s, kept);
			waiting = 0;
		} else if ((!q.late && ontime > 0) || waiting >= room) {
			skip_entry(s, &q, SKIP_QUEUE);
			continue;
		}
		waiting++;
		ontime += !q.late;
		state->queue[kept++] = q;
	}
	state->n_queue = kept;
}

/* Tells of what waits from now on. */
static void
tell_waiting(struct step *s)
{
	struct policy_state *state = s->state;
	struct decision *decision;
	size_t i;

	for (i = 0; i < state->n_queue; i++) {
		struct queue_entry *q = &state->queue[i];

		if (!q->fresh)
			continue;
		q->fresh = false;
		decision = decide(s, DECIDE_WAIT, q->t, q->gen);
		decision->late = q->late;
		decision->run = busy_run(state);
	}
}

void
policy_step(struct policy_state *state, const struct definition *d,
    const struct ledger *ledger, int64_t now, struct decisions *decisions)
{
	struct step s = { state, d, now, decisions };

	decisions->n = 0;
	if (now < state->w)
		go_back(&s);
	take_in(&s, ledger);
	if (!state->active) {
		skip_queue(&s, SKIP_PAUSED);
		return;
	}
	ripen(&s);
	dispatch(&s);
	tell_waiting(&s);
}

void
policy_pause(struct policy_state *state, const struct definition *d,
    enum skip_reason reason, struct decisions *decisions)
{
	struct step s = { state, d, state->w, decisions };

	decisions->n = 0;
	state->active = false;
	skip_queue(&s, reason);
}

