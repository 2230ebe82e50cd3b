/*
 * The simulation: scripts with their events, a year with an outage in little
 * memory, and invariant 14 of scheduler-spec section 4: a scheduler that looks
 * each second, on the same clock, does the same, event for event.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/schedule/simulate.h"
#include "t/unit/happened.h"
#include "t/unit/policyworld.h"
#include "t/unit/tap.h"

enum { MINUTE = 60, DAY = 86400, YEAR = 365 * DAY, LONGEST = 90,
	SPAN = 1200, OUTAGES = 4 };

static uint64_t salt;

static int64_t
odd_length(void *arg, int64_t t)
{
	struct rng rng = { salt ^ (uint64_t)t };

	(void)arg;
	return 1 + below(&rng, LONGEST);
}

static int64_t
fixed_length(void *arg, int64_t t)
{
	(void)arg;
	(void)t;
	return 150;
}

static void
print_event(void *arg, const struct simulated *event)
{
	print_happened(arg, event, "; ");
}

static void
run_until(struct simulation *s, int64_t until)
{
	int64_t t;

	while (simulation_next(s, &t) && t < until)
		simulation_advance(s);
}

/* Slots each 100 seconds, runs of 150 seconds. */
static const struct {
	const char *name;
	enum policy_catchup catchup;
	enum policy_overlap overlap;
	struct outage outage[2];
	const char *want;
} scripts[] = {
	{ "skip", POLICY_CATCHUP_LATEST, POLICY_SKIP, { { 0, 0 }, { 0, 0 } },
	    "100 start 100; 200 skip 200-200/1 overlap by 100; 250 end 100; "
	    "300 start 300; 400 skip 400-400/1 overlap by 300; 450 end 300; "
	    "500 start 500; " },
	{ "queue", POLICY_CATCHUP_LATEST, POLICY_QUEUE, { { 0, 0 }, { 0, 0 } },
	    "100 start 100; 200 wait 200 by 100; 250 end 100; "
	    "250 start 200; 300 wait 300 by 200; 400 end 200; "
	    "400 start 300; 400 wait 400 by 300; "
	    "500 skip 500-500/1 queue; " },
	{ "replace", POLICY_CATCHUP_LATEST, POLICY_REPLACE,
	    { { 350, 1000 }, { 0, 0 } },
	    "100 start 100; 200 cancel 100; 200 wait 200 by 100; "
	    "200 end 100 cancelled; 200 start 200; 300 cancel 200; "
	    "300 wait 300 by 200; 300 end 200 cancelled; 300 start 300; "
	    "450 end 300; " },
	{ "an outage, and one within", POLICY_CATCHUP_ALL, POLICY_SKIP,
	    { { 150, 300 }, { 290, 362 } },
	    "100 start 100; 250 end 100; 362 start 200 late; "
	    "362 wait 300 by 200 late; 400 skip 400-400/1 overlap by 200; "
	    "500 skip 500-500/1 overlap by 200; 512 end 200; "
	    "512 start 300 late; " },
	{ "what waits is started after an outage", POLICY_CATCHUP_NONE,
	    POLICY_QUEUE, { { 201, 420 }, { 0, 0 } },
	    "100 start 100; 200 wait 200 by 100; 250 end 100; "
	    "420 skip 300-300/1 catchup; 420 start 200; "
	    "420 wait 400 by 200; 500 skip 500-500/1 queue; " },
};

static void
test_scripts(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct definition d;
	struct simulation s;
	size_t i;

	memset(&d, 0, sizeof(d));
	d.slots.expression.dialect = DIALECT_EVERY;
	d.slots.expression.every.sec = 100;
	for (i = 0; i < ARRAY_SIZE(scripts); i++) {
		d.catchup = scripts[i].catchup;
		d.overlap = scripts[i].overlap;
		simulation_init(&s, 0);
		s.definition = &d;
		s.outage = scripts[i].outage;
		s.n_outages = 2;
		s.length = fixed_length;
		s.event = print_event;
		s.arg = &sb;
		run_until(&s, 520);
		is_str(sb.buf, scripts[i].want, scripts[i].name);
		simulation_release(&s);
		strbuf_reset(&sb);
	}
	strbuf_release(&sb);
}

static void
count_event(void *arg, const struct simulated *event)
{
	int64_t *counts = arg;

	counts[event->what] += event->what == SIMULATED_SKIP ?
	    event->skipped.count : 1;
}

/* A year of a minute schedule, ten months of which nobody was there. */
static void
test_year(void)
{
	struct outage outage = { 30 * DAY, 330 * DAY };
	int64_t counts[SIMULATED_END + 1] = { 0 };
	struct definition d;
	struct simulation s;

	memset(&d, 0, sizeof(d));
	d.slots.expression.dialect = DIALECT_EVERY;
	d.slots.expression.every.sec = MINUTE;
	d.catchup = POLICY_CATCHUP_ALL;
	d.overlap = POLICY_ALLOW;
	simulation_init(&s, 0);
	s.definition = &d;
	s.outage = &outage;
	s.n_outages = 1;
	s.length = fixed_length;
	s.event = count_event;
	s.arg = counts;
	run_until(&s, YEAR);
	is_int(counts[SIMULATED_START] + counts[SIMULATED_SKIP],
	    YEAR / MINUTE - 1, "each minute of a year but its first");
	is_int(counts[SIMULATED_START], 65 * DAY / MINUTE + POLICY_CAP - 2,
	    "those that ran");
	ok(s.state.cap_queue <= 4 * POLICY_CAP &&
	    s.decisions.cap <= 2 * POLICY_CAP, "in bounded memory (%zu, %zu)",
	    s.state.cap_queue, s.decisions.cap);
	simulation_release(&s);
}

/* A scheduler that looks each second. */
struct watcher {
	struct policy_state state;
	struct decisions out;
	int64_t ends[HORIZON + LONGEST];
	struct strbuf text;
	long steps;
};

static bool
watch_ends(struct watcher *w, int64_t now)
{
	struct simulated event = { .what = SIMULATED_END, .at = now };
	bool any = false;
	size_t i = 0;

	while (i < w->state.n_running) {
		const struct active_run *run = &w->state.running[i];

		if (w->ends[run->t] > now) {
			i++;
			continue;
		}
		event.t = run->t;
		event.cancelled = run->cancelled;
		print_event(&w->text, &event);
		policy_ended(&w->state, i);
		any = true;
	}
	return any;
}

static void
watch_step(struct watcher *w, const struct definition *d, int64_t now)
{
	static const enum simulated_kind kinds[] = {
		[DECIDE_START] = SIMULATED_START,
		[DECIDE_CANCEL] = SIMULATED_CANCEL,
		[DECIDE_WAIT] = SIMULATED_WAIT,
		[DECIDE_SKIP] = SIMULATED_SKIP };
	size_t i;

	policy_step(&w->state, d, NULL, now, &w->out);
	w->steps++;
	for (i = 0; i < w->out.n; i++) {
		const struct decision *v = &w->out.v[i];
		struct simulated event = { .what = kinds[v->what], .at = now,
			.t = v->t, .late = v->late, .skipped = v->skipped };

		if (v->what == DECIDE_START)
			w->ends[v->t] = now + odd_length(NULL, v->t);
		else if (v->what == DECIDE_CANCEL)
			w->ends[v->t] = now;
		else if (v->what == DECIDE_WAIT ||
		    v->skipped.reason == SKIP_OVERLAP)
			event.by = w->state.running[v->run].t;
		print_event(&w->text, &event);
	}
}

static void
watch(struct watcher *w, const struct definition *d,
    const struct outage outage[OUTAGES])
{
	int64_t now;
	bool out;
	size_t i;

	w->state.n_queue = w->state.n_running = 0;
	w->state.w = 0;
	strbuf_reset(&w->text);
	for (now = 1; now < SPAN; now++) {
		out = false;
		for (i = 0; i < OUTAGES; i++)
			out |= outage[i].from <= now && now < outage[i].until;
		watch_ends(w, now);
		while (!out) {
			watch_step(w, d, now);
			if (!watch_ends(w, now))
				break;
		}
	}
}

static bool
same(struct watcher *w, uint64_t seed)
{
	struct outage outage[OUTAGES];
	struct strbuf sb = STRBUF_INIT;
	struct rng rng = { seed };
	struct definition d;
	struct simulation s;
	bool equal;
	size_t i;

	salt = seed;
	random_definition(&rng, &d, 0);
	for (i = 0; i < OUTAGES; i++) {
		outage[i].from = below(&rng, SPAN);
		outage[i].until = outage[i].from + below(&rng, 200);
	}
	simulation_init(&s, 0);
	s.definition = &d;
	s.outage = outage;
	s.n_outages = OUTAGES;
	s.length = odd_length;
	s.event = print_event;
	s.arg = &sb;
	s.state.cap = w->state.cap = 3 + (size_t)below(&rng, 8);
	run_until(&s, SPAN);
	watch(w, &d, outage);
	equal = strcmp(sb.buf, w->text.buf) == 0;
	if (!equal)
		printf("# seed %llu\n# simulated %s\n# watched   %s\n",
		    (unsigned long long)seed, sb.buf, w->text.buf);
	simulation_release(&s);
	strbuf_release(&sb);
	return equal;
}

static void
test_same(void)
{
	struct watcher *w = xcalloc(1, sizeof(*w));
	struct rng rng = { test_seed() };
	long states = test_states();
	bool all = true;

	strbuf_init(&w->text);
	policy_init(&w->state, 0, true);
	while (all && w->steps < states)
		all = same(w, rng_next(&rng));
	ok(all, "14: a simulation is the scheduler on another clock "
	    "(%ld steps)", w->steps);
	policy_release(&w->state);
	decisions_release(&w->out);
	strbuf_release(&w->text);
	free(w);
}

int
main(void)
{
	test_scripts();
	test_year();
	test_same();
	return tap_done();
}
