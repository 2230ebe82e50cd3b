/*
 * The invariants of scheduler-spec section 4, each held against every state of
 * a long random walk: wake-ups on time, late, needless and undone, clocks that
 * jump, runs that end, commands, definitions that change. The ninth is of two
 * walks at once (policywake.c), the fourteenth of the simulation.
 */
#include "lib/base/compat.h"

#include "t/unit/policyworld.h"
#include "t/unit/tap.h"

enum { INVARIANTS = 14, EPISODE = 60 };

static const char *const titles[INVARIANTS + 1] = { NULL,
	"one first run for a slot",
	"each slot taken in is in one place",
	"a run of the timer is for a slot of its owner, in force and active",
	"one run at a time unless they may overlap",
	"the runs of a definition start in order",
	"not before it is due, and then at once",
	"so many late ones at a time as the catch-up allows",
	"a second step at once does nothing",
	"(needless wake-ups change nothing: policywake)",
	"after the clock went back, what lies ahead comes again",
	"what waits is bounded",
	"nothing waits for nothing",
	"what waits and what starts is its owner's",
	"(a simulation is the scheduler on another clock: simulate)",
};

static long applied[INVARIANTS + 1], failed[INVARIANTS + 1];
static uint64_t seed;

static void
hold(const struct world *w, int invariant, bool holds, const char *what,
    int64_t t)
{
	applied[invariant]++;
	if (holds || failed[invariant]++ > 0)
		return;
	printf("# invariant %d: %s: %lld at %lld; seed %llu\n", invariant,
	    what, (long long)t, (long long)w->now, (unsigned long long)seed);
}

/* What is known before a step, to judge it by. */
struct before {
	bool judged;		/* active, and not short of room */
	bool busy, waiting;
	bool seen[HORIZON];	/* waited already */
	int64_t ontime[HORIZON];
	size_t n_ontime, n_late;
	int64_t to_make_up;		/* late and not too old */
	int64_t newly_late;
};

static void
look_at(struct before *b, const struct definition *d, int64_t t, int64_t due,
    int64_t now)
{
	if (due > now)
		return;
	if (due + POLICY_GRACE >= now) {
		b->ontime[b->n_ontime++] = t;
		return;
	}
	b->n_late++;
	b->to_make_up += d->window == 0 || now - due <= d->window;
}

static void
look(struct before *b, const struct world *w)
{
	const struct definition *d = world_def(w);
	const struct policy_state *s = &w->state;
	int64_t rate = d->slots.expression.every.sec, t;
	size_t i, unseen = 0;

	memset(b, 0, offsetof(struct before, ontime));
	b->n_ontime = b->n_late = 0;
	b->newly_late = b->to_make_up = 0;
	b->busy = policy_busy(s) != NULL;
	for (i = 0; i < s->n_queue; i++) {
		const struct queue_entry *q = &s->queue[i];

		if (w->now < s->w && q->t > w->now)
			continue;
		b->seen[q->t] = q->seen;
		b->waiting |= q->seen;
		unseen += !q->seen;
		if (!q->seen)
			look_at(b, d, q->t, q->due, w->now);
	}
	for (t = slot_at_or_after(d, s->w + 1); t <= w->now && is_slot(d, t);
	    t += rate) {
		if (w->cell[t].run)
			continue;
		unseen++;
		look_at(b, d, t, t + d->offset, w->now);
	}
	b->judged = s->active && unseen <= s->cap;
}

static void
apply_start(struct world *w, struct before *b, const struct decision *d)
{
	const struct definition *def = world_def(w);
	const struct definition *owner = world_owner(w, d->t);
	struct active_run *run = &w->state.running[d->run];
	int64_t due;

	hold(w, 1, !w->cell[d->t].run, "ran before", d->t);
	hold(w, 3, owner != NULL && is_slot(owner, d->t) &&
	    !w->cell[d->t].inactive, "started", d->t);
	hold(w, 13, owner != NULL && owner->gen == d->gen, "started", d->t);
	hold(w, 4, def->overlap == POLICY_ALLOW || policy_busy(&w->state) ==
	    run, "started beside another", d->t);
	if (def->overlap != POLICY_ALLOW)
		hold(w, 5, d->t > w->last_start[d->gen], "started after a "
		    "later one", d->t);
	w->last_start[d->gen] = d->t;
	due = owner != NULL ? d->t + owner->offset : 0;
	if (!w->went_back)
		hold(w, 6, w->now >= due, "started too early", d->t);
	if (d->late && !b->seen[d->t])
		b->newly_late++;
	if (d->late && !b->seen[d->t] && def->window > 0)
		hold(w, 7, w->now - due <= def->window, "too old", d->t);
	run->id = w->n_runs++ % RUNS;
	w->cancelled[run->id] = false;
	world_record(w, d->t);
}

static void
apply_skip(struct world *w, const struct before *b,
    const struct skipped *skipped)
{
	const struct definition *owner, *d = world_def(w);
	int64_t t, count = 0, lateness;

	for (t = skipped->from; t <= skipped->to; t++) {
		owner = world_owner(w, t);
		if (owner == NULL || !is_slot(owner, t))
			continue;
		hold(w, 2, !w->cell[t].skipped && !w->cell[t].run,
		    "skipped besides", t);
		w->n_skipped += !w->cell[t].skipped;
		w->cell[t].skipped = true;
		count++;
		lateness = w->now - t - owner->offset;
		hold(w, 7, (skipped->reason != SKIP_WINDOW ||
		    lateness > d->window) && (skipped->reason != SKIP_OVERLAP ||
		    lateness <= POLICY_GRACE || b->seen[t]), "skipped", t);
	}
	hold(w, 2, count == skipped->count, "counted wrongly from",
	    skipped->from);
}

/* Runs are looked up by their place while those places hold. */
static void
apply(struct world *w, struct before *b)
{
	const struct active_run *run;
	size_t i;

	for (i = 0; i < w->out.n; i++) {
		const struct decision *d = &w->out.v[i];

		switch (d->what) {
		case DECIDE_FORGET:
			world_forget(w, d->t);
			break;
		case DECIDE_START:
			apply_start(w, b, d);
			break;
		case DECIDE_CANCEL:
			run = &w->state.running[d->run];
			hold(w, 4, run->origin == ORIGIN_TIMER &&
			    !w->cancelled[run->id], "cancelled", run->t);
			w->cancelled[run->id] = true;
			break;
		case DECIDE_WAIT:
			b->newly_late += d->late;
			hold(w, 6, !b->seen[d->t], "waits again", d->t);
			break;
		case DECIDE_SKIP:
			apply_skip(w, b, &d->skipped);
			break;
		}
	}
}

/* Invariants 6 and 7, of what the step found. */
static void
judge(const struct world *w, const struct before *b)
{
	const struct definition *d = world_def(w);
	int64_t first = 0, keep, dropped = 0;
	size_t i, started = 0;

	if (!b->judged)
		return;
	for (i = 0; i < w->out.n; i++) {
		const struct decision *v = &w->out.v[i];

		if (v->what == DECIDE_START && started++ == 0)
			first = v->t;
		if (v->what == DECIDE_SKIP &&
		    v->skipped.reason == SKIP_CATCHUP)
			dropped += v->skipped.count;
	}
	if (d->overlap == POLICY_ALLOW)
		for (i = 0; i < b->n_ontime; i++)
			hold(w, 6, w->cell[b->ontime[i]].run, "did not start",
			    b->ontime[i]);
	else if (!b->busy && (b->n_ontime > 0 || b->waiting))
		hold(w, 6, started == 1 && (b->waiting || b->n_late > 0 ||
		    first == b->ontime[0]), "did not start",
		    b->n_ontime > 0 ? b->ontime[0] : first);
	keep = d->catchup == POLICY_CATCHUP_ALL ? b->to_make_up :
	    d->catchup == POLICY_CATCHUP_LATEST && b->n_ontime == 0;
	hold(w, 7, b->newly_late <= keep, "late ones", b->newly_late);
	hold(w, 7, dropped == (b->to_make_up > keep ? b->to_make_up - keep :
	    0), "late ones dropped", dropped);
}

static void
check_idle(struct world *w)
{
	static struct queue_entry queue[HORIZON];
	struct policy_state *s = &w->state;
	struct ledger ledger = { world_next_run, w };
	size_t n_queue = s->n_queue, n_running = s->n_running;
	bool same;

	if (n_queue > 0)
		memcpy(queue, s->queue, n_queue * sizeof(*queue));
	policy_step(s, world_def(w), &ledger, w->now, &w->out);
	same = w->out.n == 0 && s->n_queue == n_queue &&
	    s->n_running == n_running && s->w == w->now && (n_queue == 0 ||
	    memcmp(queue, s->queue, n_queue * sizeof(*queue)) == 0);
	hold(w, 8, same, "decided more", (int64_t)w->out.n);
}

/* What holds after a step only. */
static void
check_waiting(const struct world *w)
{
	const struct policy_state *s = &w->state;
	enum policy_overlap overlap = world_def(w)->overlap;
	size_t i, seen = 0, ontime = 0, uncancelled = 0;

	for (i = 0; i < s->n_running; i++)
		uncancelled += s->running[i].origin == ORIGIN_TIMER &&
		    !s->running[i].cancelled;
	for (i = 0; i < s->n_queue; i++) {
		seen += s->queue[i].seen;
		ontime += s->queue[i].seen && !s->queue[i].late;
	}
	hold(w, 11, s->n_queue <= s->cap && (overlap != POLICY_ALLOW ||
	    seen == 0) && (overlap != POLICY_SKIP || ontime == 0) &&
	    (overlap != POLICY_QUEUE || ontime <= 1) &&
	    (overlap != POLICY_REPLACE || seen <= 1), "waiting",
	    (int64_t)seen);
	hold(w, 4, overlap != POLICY_REPLACE || seen == 0 || uncancelled == 0,
	    "not replaced", (int64_t)uncancelled);
	hold(w, 12, seen == 0 || policy_busy(s) != NULL, "waiting",
	    (int64_t)seen);
}

static void
check_return(const struct world *w)
{
	const struct policy_state *s = &w->state;
	const struct definition *d = world_def(w);
	int64_t t, next = slot_at_or_after(d, w->now + 1);
	bool any;

	hold(w, 10, s->w == w->now && (s->n_queue == 0 ||
	    s->queue[s->n_queue - 1].t <= w->now), "still far", s->w);
	for (t = w->now + 1; t < HORIZON; t++)
		hold(w, 10, !w->cell[t].skipped, "still skipped", t);
	any = policy_next_event(s, d, &t);
	if (is_slot(d, next))
		hold(w, 10, any && t <= next, "stands still until", t);
}

/* A wake-up. One that is undone leaves nothing behind. */
static void
step(struct world *w)
{
	static struct before b;
	struct ledger ledger = { world_next_run, w };
	bool returned = w->now < w->state.w;
	int64_t t;

	if (!w->exists)
		return;
	if (returned) {
		w->went_back = true;
		for (t = 0; t < GENS; t++)
			w->last_start[t] = INT64_MIN;
		world_reign(w, w->n_defs - 1);
	}
	for (t = w->state.w + 1; t <= w->now; t++)
		w->cell[t].inactive = !w->state.active;
	look(&b, w);
	policy_step(&w->state, world_def(w), &ledger, w->now, &w->out);
	apply(w, &b);
	judge(w, &b);
	check_idle(w);
	check_waiting(w);
	if (returned)
		check_return(w);
}

/* Between the first activation and W: where is each slot? */
static void
check_places(const struct world *w)
{
	const struct policy_state *s = &w->state;
	int64_t t, until, rate;
	size_t i, queued = 0, skipped = 0, places;
	const struct definition *d;

	for (i = 0; i < w->n_reigns; i++) {
		until = i + 1 < w->n_reigns ? w->reign[i + 1].from : s->w;
		if (until > s->w)
			until = s->w;
		if (w->reign[i].gen == NOBODY)
			continue;
		d = &w->def[w->reign[i].gen];
		rate = d->slots.expression.every.sec;
		for (t = slot_at_or_after(d, w->reign[i].from + 1);
		    t <= until && is_slot(d, t); t += rate) {
			places = w->cell[t].run + w->cell[t].skipped;
			skipped += w->cell[t].skipped;
			if (queued < s->n_queue && s->queue[queued].t == t) {
				hold(w, 13, s->queue[queued].gen == d->gen,
				    "waits for another", t);
				queued++;
				places++;
			}
			hold(w, 2, places == 1, "is not in one place", t);
		}
	}
	hold(w, 2, queued == s->n_queue && skipped == w->n_skipped,
	    "others than slots", s->w);
}

static void
check_active(const struct world *w)
{
	size_t i, n = 0;

	for (i = 0; i < w->state.n_running; i++)
		n += w->state.running[i].origin != ORIGIN_BACKFILL;
	if (!w->mixed)
		hold(w, 4, n <= 1, "runs at once", (int64_t)n);
}

static void
put_aside(struct world *w, enum skip_reason reason)
{
	static struct before b;

	policy_pause(&w->state, world_def(w), reason, &w->out);
	apply(w, &b);
}

static void
command(struct world *w)
{
	step(w);
	if (!w->exists) {
		if (w->n_defs < GENS)
			world_create(w);
		return;
	}
	switch (below(&w->rng, 8)) {
	case 0:
		put_aside(w, SKIP_REMOVED);
		w->exists = false;
		world_reign(w, NOBODY);
		break;
	case 1:
	case 2:
	case 3:
		if (w->state.active)
			put_aside(w, SKIP_PAUSED);
		else
			w->state.active = true;
		break;
	default:
		if (w->n_defs < GENS)
			world_deploy(w);
	}
}

static void
end_run(struct world *w)
{
	if (w->state.n_running > 0)
		policy_ended(&w->state, (size_t)below(&w->rng,
		    (int64_t)w->state.n_running));
	step(w);
}

static void
wake(struct world *w, int64_t now)
{
	w->now = now < 200 ? 200 : now;
	step(w);
}

static void
wake_on_time(struct world *w)
{
	int64_t t;

	if (!w->exists || !policy_next_event(&w->state, world_def(w), &t) ||
	    t > w->now + 400 || t <= w->now)
		t = w->now + below(&w->rng, 40);
	wake(w, t);
}

static void
turn(struct world *w)
{
	int64_t die = below(&w->rng, 100), was = w->now;

	if (die < 42)
		wake_on_time(w);
	else if (die < 56)
		wake(w, w->now + below(&w->rng, 25));
	else if (die < 76)
		end_run(w);
	else if (die < 81)
		wake(w, w->now + 61 + below(&w->rng, 240));
	else if (die < 84)
		wake(w, w->now - 1 - below(&w->rng, 150));
	else if (die < 85) {
		wake(w, w->now + 300);
		wake(w, was);
	} else if (die < 88 && w->exists)
		world_trigger(w);
	else if (die < 91 && w->exists)
		world_backfill(w);
	else if (die < 95)
		world_reload(w);
	else
		command(w);
}

static void
walk(void)
{
	static struct world w;
	long states = test_states();
	struct rng rng = { test_seed() };
	int turns;

	while (applied[8] < states) {
		seed = rng_next(&rng);
		world_init(&w, seed);
		for (turns = 0; turns < EPISODE && w.now < HORIZON - 800;
		    turns++) {
			turn(&w);
			check_places(&w);
			check_active(&w);
		}
	}
	policy_release(&w.state);
	decisions_release(&w.out);
}

int
main(void)
{
	int i;

	walk();
	for (i = 1; i <= INVARIANTS; i++)
		if (titles[i][0] != '(')
			ok(failed[i] == 0 && applied[i] > 0,
			    "%d: %s (%ld times)", i, titles[i], applied[i]);
	return tap_done();
}
