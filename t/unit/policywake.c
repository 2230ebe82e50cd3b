/*
 * Invariant 9 of scheduler-spec section 4: two schedulers live through the
 * same time, the same outages and the same lengths of runs. One wakes up when
 * the policy asks for it, the other at any odd instant besides. What ran when,
 * what was skipped and what waits must be the same.
 */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "t/unit/policyworld.h"
#include "t/unit/tap.h"

enum { LONGEST = 90 };

struct outcome {
	int64_t started, skipped, reason;	/* 0: not */
};

struct scheduler {
	struct policy_state state;
	struct decisions out;
	struct outcome outcome[HORIZON];
	int64_t ends[HORIZON];		/* of each kickoff's run; 0: none */
	bool odd;			/* wakes up needlessly, too */
	bool pending;			/* something ended in an outage */
	long steps;
};

static uint64_t salt;

static int64_t
length_of(int64_t t)
{
	struct rng rng = { salt ^ (uint64_t)t };

	return 1 + below(&rng, LONGEST);
}

static void
note_skipped(struct scheduler *s, const struct definition *d,
    const struct skipped *skipped, int64_t now)
{
	int64_t t;

	for (t = skipped->from; t <= skipped->to; t++) {
		if (!is_slot(d, t))
			continue;
		s->outcome[t].skipped = now;
		s->outcome[t].reason = (int64_t)skipped->reason + 1;
	}
}

static void
step(struct scheduler *s, const struct definition *d, int64_t now)
{
	size_t i;

	policy_step(&s->state, d, NULL, now, &s->out);
	s->steps++;
	for (i = 0; i < s->out.n; i++) {
		const struct decision *v = &s->out.v[i];

		if (v->what == DECIDE_START) {
			s->outcome[v->t].started = now;
			s->ends[v->t] = now + length_of(v->t);
		} else if (v->what == DECIDE_CANCEL) {
			s->ends[v->t] = now + 1 + v->t % 5;
		} else if (v->what == DECIDE_SKIP) {
			note_skipped(s, d, &v->skipped, now);
		}
	}
}

/* Runs end in an outage, too, but nobody sees it. */
static void
end_runs(struct scheduler *s, int64_t now)
{
	size_t i = 0;

	while (i < s->state.n_running) {
		if (s->ends[s->state.running[i].t] > now) {
			i++;
			continue;
		}
		policy_ended(&s->state, i);
		s->pending = true;
	}
}

static void
tick(struct scheduler *s, const struct definition *d, int64_t now, bool out,
    struct rng *rng)
{
	int64_t t;
	bool wanted;

	end_runs(s, now);
	if (out)
		return;
	wanted = s->pending || (policy_next_event(&s->state, d, &t) &&
	    t <= now);
	if (!wanted && !(s->odd && below(rng, 3) == 0))
		return;
	s->pending = false;
	step(s, d, now);
}

static void
clear(struct scheduler *s, size_t cap, bool odd)
{
	s->state.n_queue = s->state.n_running = 0;
	s->state.w = 0;
	s->state.active = true;
	s->state.cap = cap;
	memset(s->outcome, 0, sizeof(s->outcome));
	memset(s->ends, 0, sizeof(s->ends));
	s->odd = odd;
	s->pending = false;
}

static bool
same_queue(const struct policy_state *a, const struct policy_state *b)
{
	size_t i;

	for (i = 0; i < a->n_queue && i < b->n_queue; i++)
		if (a->queue[i].t != b->queue[i].t ||
		    a->queue[i].seen != b->queue[i].seen ||
		    a->queue[i].late != b->queue[i].late)
			return false;
	return a->n_queue == b->n_queue;
}

static bool
live(struct scheduler *a, struct scheduler *b, uint64_t seed)
{
	struct rng rng = { seed };
	struct definition d;
	int64_t now, until = 0;
	size_t cap = 3 + (size_t)below(&rng, 8);

	salt = seed;
	random_definition(&rng, &d, 0);
	clear(a, cap, false);
	clear(b, cap, true);
	for (now = 1; now < 1000; now++) {
		if (now > until && below(&rng, 200) == 0)
			until = now + below(&rng, 300);
		tick(a, &d, now, now < until, NULL);
		tick(b, &d, now, now < until, &rng);
	}
	return memcmp(a->outcome, b->outcome, sizeof(a->outcome)) == 0 &&
	    same_queue(&a->state, &b->state);
}

int
main(void)
{
	struct scheduler *a = xcalloc(1, sizeof(*a));
	struct scheduler *b = xcalloc(1, sizeof(*b));
	struct rng rng = { test_seed() };
	long states = test_states(), differ = 0;
	uint64_t seed;

	while (b->steps < states) {
		seed = rng_next(&rng);
		if (!live(a, b, seed) && differ++ == 0)
			printf("# seed %llu\n", (unsigned long long)seed);
	}
	ok(differ == 0 && a->steps < b->steps, "9: needless wake-ups change "
	    "nothing (%ld steps, %ld)", a->steps, b->steps);
	policy_release(&a->state);
	policy_release(&b->state);
	decisions_release(&a->out);
	decisions_release(&b->out);
	free(a);
	free(b);
	return tap_done();
}
