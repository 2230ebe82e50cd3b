/*
 * A small world for the policy's properties: a store (what became of each
 * instant), definitions with the times from which they are in force, and a
 * clock that jumps. It knows slots by division, not by slots_next.
 */
#ifndef UNIT_POLICYWORLD_H
#define UNIT_POLICYWORLD_H

#include "lib/base/compat.h"
#include "lib/schedule/policy.h"
#include "t/unit/random.h"

enum { HORIZON = 3072, GENS = 64, RUNS = 512, NOBODY = -1 };

/* What became of an instant. */
struct cell {
	bool run;		/* it has a first run, whoever began it */
	bool skipped;
	bool inactive;		/* it was taken in while the schedule paused */
};

/* From (not with) an instant on, a definition owns what comes, or nobody. */
struct reign {
	int64_t from;
	int gen;
};

struct world {
	struct rng rng;
	int64_t now;
	bool exists;
	struct definition def[GENS];
	int n_defs;
	struct reign reign[2 * GENS];
	size_t n_reigns;
	struct policy_state state;
	struct decisions out;
	struct cell cell[HORIZON];
	int64_t last_run;		/* no run stands for a later instant */
	size_t n_skipped;
	int64_t last_start[GENS];	/* of each definition, since a return */
	bool cancelled[RUNS];
	int64_t n_runs;
	bool went_back;
	bool mixed;			/* some run may be beside another */
};

static inline const struct definition *
world_def(const struct world *w)
{
	return &w->def[w->n_defs - 1];
}

static inline int64_t
slot_at_or_after(const struct definition *d, int64_t t)
{
	int64_t rate = d->slots.expression.every.sec;
	int64_t base = d->slots.has_start ? d->slots.start : 0;

	if (t <= base)
		return base;
	return base + (t - base + rate - 1) / rate * rate;
}

static inline bool
is_slot(const struct definition *d, int64_t t)
{
	return slot_at_or_after(d, t) == t &&
	    (!d->slots.has_end || t < d->slots.end);
}

/* The definition that owns the instant, or NULL. */
static inline const struct definition *
world_owner(const struct world *w, int64_t t)
{
	size_t i = w->n_reigns;

	while (i > 0 && w->reign[i - 1].from >= t)
		i--;
	return i == 0 || w->reign[i - 1].gen == NOBODY ? NULL :
	    &w->def[w->reign[i - 1].gen];
}

static inline bool
world_queued(const struct world *w, int64_t t)
{
	size_t i;

	for (i = 0; i < w->state.n_queue; i++)
		if (w->state.queue[i].t == t)
			return true;
	return false;
}

static inline void
world_reign(struct world *w, int gen)
{
	while (w->n_reigns > 0 && w->reign[w->n_reigns - 1].from > w->now)
		w->n_reigns--;
	if (w->n_reigns == 2 * GENS)
		w->n_reigns--;
	w->reign[w->n_reigns].from = w->now;
	w->reign[w->n_reigns++].gen = gen;
}

/* A definition dense in slots; what `check` refuses is left out. */
static inline void
random_definition(struct rng *rng, struct definition *d, int64_t now)
{
	static const int rates[] = { 5, 7, 10, 15, 20, 30, 60 };
	static const int offsets[] = { 0, 0, 0, 0, 7, 30, 100 };
	static const int windows[] = { 0, 0, 40, 90, 200 };

	memset(d, 0, sizeof(*d));
	d->slots.expression.dialect = DIALECT_EVERY;
	d->slots.expression.every.sec = rates[below(rng, 7)];
	d->offset = offsets[below(rng, 7)];
	d->window = windows[below(rng, 5)];
	d->catchup = (enum policy_catchup)below(rng, 3);
	d->overlap = (enum policy_overlap)below(rng, 4);
	if (d->catchup == POLICY_CATCHUP_ALL && d->overlap == POLICY_REPLACE)
		d->catchup = POLICY_CATCHUP_LATEST;
	d->slots.has_start = below(rng, 4) == 0;
	d->slots.start = d->slots.has_start ? now + below(rng, 200) - 100 : 0;
	d->slots.has_end = below(rng, 8) == 0;
	d->slots.end = d->slots.has_end ? now + 50 + below(rng, 400) : 0;
}

static inline void
world_forget(struct world *w, int64_t after)
{
	int64_t t;

	for (t = after + 1; t < HORIZON; t++) {
		w->n_skipped -= w->cell[t].skipped;
		w->cell[t].skipped = false;
	}
}

/* A new definition, from now on in force. */
static inline void
world_deploy(struct world *w)
{
	struct definition *d = &w->def[w->n_defs++];

	random_definition(&w->rng, d, w->now);
	d->gen = w->n_defs - 1;
	w->last_start[d->gen] = INT64_MIN;
	w->mixed |= d->overlap == POLICY_ALLOW;
	world_reign(w, (int)d->gen);
}

/* The schedule appears (again); its runs of old go on. */
static inline void
world_create(struct world *w)
{
	w->state.w = w->now;
	w->state.active = true;
	w->exists = true;
	world_forget(w, w->now);
	world_deploy(w);
}

static inline void
world_init(struct world *w, uint64_t seed)
{
	struct policy_state state = w->state;
	struct decisions out = w->out;

	memset(w, 0, sizeof(*w));
	w->rng.state = seed;
	w->state = state;
	w->out = out;
	w->state.n_queue = w->state.n_running = 0;
	w->state.cap = below(&w->rng, 2) == 0 ? POLICY_CAP :
	    3 + (size_t)below(&w->rng, 6);
	w->now = 200;
	world_create(w);
}

static inline bool
world_next_run(void *arg, int64_t after, int64_t *t)
{
	const struct world *w = arg;

	while (++after <= w->last_run)
		if (w->cell[after].run) {
			*t = after;
			return true;
		}
	return false;
}

/* A run that stands for the slot. */
static inline void
world_record(struct world *w, int64_t t)
{
	w->n_skipped -= w->cell[t].skipped;
	w->cell[t].skipped = false;
	w->cell[t].run = true;
	if (t > w->last_run)
		w->last_run = t;
}

/* What another process would find in the store. */
static inline void
world_reload(struct world *w)
{
	struct policy_state old = w->state;
	size_t i;

	policy_init(&w->state, old.w, old.active);
	w->state.cap = old.cap;
	for (i = old.n_queue; i > 0; i--)
		policy_enqueue(&w->state, &old.queue[i - 1]);
	for (i = 0; i < old.n_running; i++) {
		policy_began(&w->state, old.running[i].id, old.running[i].t,
		    old.running[i].origin);
		w->state.running[i].cancelled = old.running[i].cancelled;
	}
	policy_release(&old);
}

/* By hand: now, for no slot, or for one that has no run. */
static inline void
world_trigger(struct world *w)
{
	bool allow = below(&w->rng, 5) == 0;
	int64_t t = w->now;

	if (policy_busy(&w->state) != NULL &&
	    world_def(w)->overlap != POLICY_ALLOW && !allow)
		return;
	if (below(&w->rng, 2) == 0) {
		t = slot_at_or_after(world_def(w), w->now - 100 +
		    below(&w->rng, 150));
		if (t >= HORIZON || world_owner(w, t) == NULL ||
		    !is_slot(world_owner(w, t), t) || w->cell[t].run)
			return;
		policy_dequeue(&w->state, t);
		world_record(w, t);
	}
	w->mixed |= allow;
	policy_began(&w->state, w->n_runs++ % RUNS, t, ORIGIN_TRIGGER);
}

static inline void
world_backfill(struct world *w)
{
	int64_t t = w->now - below(&w->rng, 300);
	const struct definition *owner = world_owner(w, t);

	if (owner == NULL || t > w->state.w || t < 0)
		return;
	t = slot_at_or_after(owner, t);
	if (t > w->state.w || world_owner(w, t) != owner ||
	    !is_slot(owner, t) || w->cell[t].run || world_queued(w, t))
		return;
	world_record(w, t);
	policy_began(&w->state, w->n_runs++ % RUNS, t, ORIGIN_BACKFILL);
}

#endif
