/*
 * What became of slots: cases in words, and random stores against a look at
 * each instant by itself.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/target/local/judge.h"
#include "t/unit/random.h"
#include "t/unit/tap.h"

enum { TENURES = 4, HORIZON = 1200, MANY = 400 };

/* A slot each 100 seconds from the activation at 0, version v. */
static struct tenure
hundreds(void)
{
	struct tenure tenure = { .after = 0, .version = "v" };

	tenure.slots.expression.dialect = DIALECT_EVERY;
	tenure.slots.expression.every.sec = 100;
	tenures_settle(&tenure, 1);
	return tenure;
}

static enum status
print(void *arg, const struct audited *a)
{
	struct strbuf *sb = arg;

	strbuf_addf(sb, "%lld %s", (long long)a->t,
	    audit_state_name(a->state));
	if (a->run != NULL)
		strbuf_addf(sb, " %s", a->run);
	if (a->attempts > 1)
		strbuf_addf(sb, " x%d", a->attempts);
	if (a->has_delay)
		strbuf_addf(sb, " +%lld", (long long)a->delay);
	if (a->reason != NULL)
		strbuf_addf(sb, " (%s)", a->reason);
	strbuf_addch(sb, '\n');
	return EXIT_DONE;
}

static void
is_told(const struct slot_facts *facts, const char *want, const char *name)
{
	struct strbuf got = STRBUF_INIT;

	ok(judge_slots(facts, print, &got) == EXIT_DONE, "%s", name);
	is_str(got.buf, want, name);
	strbuf_release(&got);
}

static void
test_runs(void)
{
	struct tenure tenure = hundreds();
	struct ledger_slot slot[] = {
		{ .t = 100, .attempts = 1, .run = "a",
		    .status = RUN_SUCCEEDED, .first_at = 100999 },
		{ .t = 200, .attempts = 2, .run = "b", .status = RUN_FAILED,
		    .error = "no", .first_at = 290000 },
		{ .t = 300, .attempts = 1, .run = "c",
		    .status = RUN_ABORTED, .first_at = 300000 },
		{ .t = 400, .attempts = 1, .run = "d", .status = RUN_RUNNING,
		    .owner = "o", .first_at = 400000 },
		{ .t = 450, .attempts = 1, .run = "e",
		    .status = RUN_SUCCEEDED, .first_at = 1 },
		{ .t = 500, .attempts = 1, .run = "f", .status = RUN_PENDING,
		    .first_at = 500000 },
		{ .t = 600, .attempts = 1, .run = "g",
		    .status = RUN_INTERRUPTED, .owner = "o",
		    .first_at = 600000 },
	};
	struct slot_facts facts = {
		.state = SCHEDULE_ACTIVE, .w = 650, .now = 650, .from = 0,
		.to = 651, .tenure = &tenure, .n_tenures = 1, .slot = slot,
		.n_slots = ARRAY_SIZE(slot), .served = true,
	};

	is_told(&facts, "100 ok a +0\n"
	    "200 failed b x2 +90 (no)\n"
	    "300 aborted c +0\n"
	    "400 running d +0\n"
	    "450 ok e\n"
	    "500 running f +0 (no process has begun it yet)\n"
	    "600 running g +0 (interrupted: its process is dead)\n",
	    "runs, one of them for no slot of its owner");
	facts.from = 500;
	facts.slot += 5;
	facts.n_slots -= 5;
	facts.served = false;
	is_told(&facts, "500 MISSED f +0 (never begun: no scheduler is "
	    "running)\n600 MISSED g +0 (interrupted, and no scheduler is "
	    "running)\n", "nobody is there to begin them, or to go on");
	facts.now = 560;
	facts.n_slots--;
	is_told(&facts, "500 running f +0 (never begun: no scheduler is "
	    "running)\n", "but for sixty seconds");
	facts.from = 101;
	facts.to = 200;
	facts.n_slots = 0;
	is_told(&facts, "", "from and to");
}

static void
test_skipped(void)
{
	static const struct ledger_skipped range[] = {
		{ 100, 100, 1, SKIP_PAUSED, NULL },
		{ 200, 200, 1, SKIP_REMOVED, NULL },
		{ 300, 400, 1, SKIP_WINDOW, NULL },
		{ 500, 500, 1, SKIP_CATCHUP, NULL },
		{ 600, 600, 1, SKIP_OVERLAP, "r" },
		{ 700, 700, 1, SKIP_OVERLAP, NULL },
		{ 800, 800, 1, SKIP_QUEUE, NULL },
		{ 900, 900, 1, SKIP_SUPERSEDED, NULL },
		{ 1000, 1000, 1, SKIP_TOO_MANY, NULL },
	};
	struct tenure tenure = hundreds();
	struct slot_facts facts = {
		.state = SCHEDULE_ACTIVE, .w = 1150, .now = 1150, .from = 0,
		.to = 1151, .tenure = &tenure, .n_tenures = 1,
		.skipped = range, .n_skipped = ARRAY_SIZE(range),
	};

	is_told(&facts, "100 paused (the schedule was not active)\n"
	    "200 paused (the schedule was removed)\n"
	    "300 MISSED (not made up: too old for catchup_window)\n"
	    "400 MISSED (not made up: too old for catchup_window)\n"
	    "500 MISSED (not made up: by catchup)\n"
	    "600 skipped (run r went on)\n"
	    "700 skipped (another run went on)\n"
	    "800 skipped (another one waited already)\n"
	    "900 skipped (a newer one took its place)\n"
	    "1000 MISSED (not made up: too many others)\n"
	    "1100 UNKNOWN (nothing is written down about it)\n",
	    "what was skipped, and what nobody knows of");
}

static void
test_ahead(void)
{
	static const struct queue_entry queue[] = {
		{ .t = 300, .due = 300 },
		{ .t = 400, .due = 400, .seen = true },
	};
	struct tenure tenure = hundreds();
	struct slot_facts facts = {
		.state = SCHEDULE_ACTIVE, .w = 50, .now = 260, .from = 0,
		.to = 1000, .tenure = &tenure, .n_tenures = 1,
	};

	is_told(&facts, "100 MISSED (no scheduler is running)\n200 due\n",
	    "nobody looked: sixty seconds are no proof");
	facts.now = 261;
	facts.served = true;
	is_told(&facts, "100 MISSED (no scheduler was there in time)\n"
	    "200 MISSED (no scheduler was there in time)\n",
	    "one more is, whatever runs now");
	facts.state = SCHEDULE_PAUSED;
	is_told(&facts, "100 paused (the schedule is not active)\n"
	    "200 paused (the schedule is not active)\n", "a pause goes on");
	facts.state = SCHEDULE_REMOVED;
	facts.since = 150;
	facts.w = 220;
	is_told(&facts, "100 UNKNOWN (nothing is written down about it)\n",
	    "a removed one has no more slots");
	facts.w = 50;
	facts.state = SCHEDULE_ACTIVE;
	facts.w = facts.now = 450;
	facts.from = 300;
	facts.queue = queue;
	facts.n_queue = 2;
	facts.busy = "r";
	is_told(&facts, "300 MISSED (no scheduler was there in time)\n"
	    "400 due (it waits for run r to end)\n", "a queue");
	facts.busy = NULL;
	is_told(&facts, "300 MISSED (no scheduler was there in time)\n"
	    "400 due\n", "it is about to start");
	facts.served = false;
	is_told(&facts, "300 MISSED (no scheduler is running)\n"
	    "400 MISSED (no scheduler is running)\n",
	    "it waits for nothing and nobody starts it");
}

static void
test_offset(void)
{
	struct tenure tenure[] = { hundreds(), hundreds() };
	struct slot_facts facts = {
		.state = SCHEDULE_ACTIVE, .w = 0, .now = 250, .from = -200,
		.to = 1000, .tenure = tenure, .n_tenures = 2,
	};

	tenure[0].after = INT64_MIN;
	tenure[0].version = NULL;
	tenure[1].offset = 90;
	tenures_settle(tenure, 2);
	is_told(&facts, "-200 UNKNOWN (before the schedule was first "
	    "activated)\n-100 UNKNOWN (before the schedule was first "
	    "activated)\n0 UNKNOWN (before the schedule was first "
	    "activated)\n100 due\n",
	    "an offset puts off; before anybody owned it");
}

static enum status
fail_second(void *arg, const struct audited *a)
{
	int *told = arg;

	(void)a;
	return ++*told == 2 ? EXIT_LOCAL : EXIT_DONE;
}

static void
test_failure(void)
{
	struct tenure tenure = hundreds();
	struct slot_facts facts = {
		.state = SCHEDULE_ACTIVE, .now = 1000, .to = 1001,
		.tenure = &tenure, .n_tenures = 1,
	};
	int told = 0;

	is_int(judge_slots(&facts, fail_second, &told), EXIT_LOCAL,
	    "a failure comes back");
	is_int(told, 2, "and ends it");
}

/* A store of no sense: whatever may stand in the tables beside each other. */
struct store_of {
	struct slot_facts facts;
	struct tenure tenure[TENURES];
	struct ledger_slot slot[MANY];
	struct queue_entry queue[MANY];
	struct ledger_skipped skipped[MANY];
};

static void
random_tenures(struct rng *rng, struct store_of *s)
{
	size_t i;

	s->facts.n_tenures = (size_t)below(rng, TENURES + 1);
	for (i = 0; i < s->facts.n_tenures; i++) {
		struct tenure *tenure = &s->tenure[i];

		*tenure = hundreds();
		tenure->after = below(rng, 400) - 50 + (int64_t)i * 200;
		tenure->offset = below(rng, 2) * below(rng, 300);
		tenure->slots.expression.every.sec = 7 + below(rng, 60);
		tenure->slots.has_end = below(rng, 4) == 0;
		tenure->slots.end = below(rng, HORIZON);
		if (i == 0 && below(rng, 3) == 0) {
			tenure->after = INT64_MIN;
			tenure->version = NULL;
		}
	}
	tenures_settle(s->tenure, s->facts.n_tenures);
}

static void
random_tables(struct rng *rng, struct store_of *s)
{
	struct slot_facts *f = &s->facts;
	int64_t t;

	f->n_slots = f->n_queue = f->n_skipped = 0;
	for (t = f->from; t < f->to && f->n_slots < MANY;
	    t += 1 + below(rng, 25)) {
		struct ledger_slot *slot = &s->slot[f->n_slots++];

		memset(slot, 0, sizeof(*slot));
		slot->t = t;
		slot->attempts = 1;
		slot->status = (enum run_status)below(rng, RUN_STATUSES);
		slot->owner = below(rng, 2) == 0 ? "o" : NULL;
		slot->first_at = below(rng, 2) * below(rng, 1000 * HORIZON);
	}
	for (t = below(rng, 50); t < HORIZON && f->n_queue < MANY;
	    t += 1 + below(rng, 40)) {
		struct queue_entry *q = &s->queue[f->n_queue++];

		memset(q, 0, sizeof(*q));
		q->t = t;
		q->due = t + below(rng, 300);
		q->seen = below(rng, 2) == 0;
	}
	for (t = below(rng, 50); t < HORIZON && f->n_skipped < MANY;
	    t += 1 + below(rng, 40)) {
		struct ledger_skipped *range = &s->skipped[f->n_skipped++];

		range->first = t;
		range->last = t += below(rng, 60);
		range->reason = (enum skip_reason)below(rng, SKIP_REASONS);
		range->run = NULL;
	}
}

static void
random_store(struct rng *rng, struct store_of *s)
{
	struct slot_facts *f = &s->facts;

	memset(f, 0, sizeof(*f));
	f->state = (enum schedule_state)below(rng, SCHEDULE_STATES);
	f->now = below(rng, HORIZON);
	f->since = below(rng, HORIZON);
	f->w = below(rng, 4) == 0 ? f->now : below(rng, HORIZON);
	f->from = below(rng, HORIZON / 2);
	f->to = f->from + below(rng, HORIZON);
	f->served = below(rng, 2) == 0;
	f->busy = below(rng, 2) == 0 ? "busy" : NULL;
	f->tenure = s->tenure;
	f->slot = s->slot;
	f->queue = s->queue;
	f->skipped = s->skipped;
	random_tenures(rng, s);
	random_tables(rng, s);
	if (below(rng, 3) == 0)
		f->n_slots = 0;
	if (below(rng, 3) == 0)
		f->n_queue = 0;
	if (below(rng, 3) == 0)
		f->n_skipped = 0;
}

/* The owner in force at t, if t is one of its slots. */
static const struct tenure *
slot_owner(const struct slot_facts *f, int64_t t)
{
	size_t i = f->n_tenures;

	while (i > 0 && f->tenure[i - 1].after >= t)
		i--;
	if (i == 0)
		return NULL;
	if (t % f->tenure[i - 1].slots.expression.every.sec != 0 ||
	    (f->tenure[i - 1].slots.has_end &&
	    t >= f->tenure[i - 1].slots.end))
		return NULL;
	return &f->tenure[i - 1];
}

static int
state_of_skipped(enum skip_reason reason)
{
	if (reason == SKIP_PAUSED || reason == SKIP_REMOVED)
		return AUDIT_PAUSED;
	if (reason == SKIP_CATCHUP || reason == SKIP_WINDOW ||
	    reason == SKIP_TOO_MANY)
		return AUDIT_MISSED;
	return AUDIT_SKIPPED;
}

static int
state_of_status(enum run_status status)
{
	if (status == RUN_SUCCEEDED)
		return AUDIT_OK;
	if (status == RUN_FAILED)
		return AUDIT_FAILED;
	return status == RUN_ABORTED ? AUDIT_ABORTED : AUDIT_RUNNING;
}

static int
state_of_slot(const struct slot_facts *f, const struct ledger_slot *slot)
{
	if (slot->status == RUN_INTERRUPTED && !f->served)
		return AUDIT_MISSED;
	if (slot->status == RUN_PENDING && slot->owner == NULL && !f->served &&
	    f->now - slot->first_at / 1000 > 60)
		return AUDIT_MISSED;
	return state_of_status(slot->status);
}

/* The state of the instant, -1: nothing is to be told of it. */
static int
expected(const struct slot_facts *f, int64_t t)
{
	const struct tenure *owner = slot_owner(f, t);
	bool late;
	size_t i;

	for (i = 0; i < f->n_slots; i++)
		if (f->slot[i].t == t)
			return state_of_slot(f, &f->slot[i]);
	if (owner == NULL || t + owner->offset > f->now)
		return -1;
	if (owner->version == NULL)
		return AUDIT_UNKNOWN;
	for (i = 0; i < f->n_queue; i++) {
		const struct queue_entry *q = &f->queue[i];

		if (q->t != t)
			continue;
		if (q->seen)
			return f->busy == NULL && !f->served ? AUDIT_MISSED :
			    AUDIT_DUE;
		return f->now - q->due > 60 ? AUDIT_MISSED : AUDIT_DUE;
	}
	for (i = 0; i < f->n_skipped; i++)
		if (f->skipped[i].first <= t && t <= f->skipped[i].last)
			return state_of_skipped(f->skipped[i].reason);
	if (f->state == SCHEDULE_REMOVED && t > f->since)
		return -1;
	if (t <= f->w || f->state == SCHEDULE_REMOVED)
		return AUDIT_UNKNOWN;
	if (f->state != SCHEDULE_ACTIVE)
		return AUDIT_PAUSED;
	late = f->now - (t + owner->offset) > 60;
	return late ? AUDIT_MISSED : AUDIT_DUE;
}

struct told {
	int state[2 * HORIZON];
	int64_t last;
	long wrong;
};

static enum status
remember(void *arg, const struct audited *a)
{
	struct told *told = arg;

	told->wrong += a->t <= told->last || a->t < 0 || a->t >= 2 * HORIZON;
	told->last = a->t;
	if (a->t >= 0 && a->t < 2 * HORIZON)
		told->state[a->t] = a->state;
	return EXIT_DONE;
}

static void
test_random(void)
{
	static struct store_of s;
	static struct told told;
	struct rng rng = { test_seed() };
	long round, rounds = test_states() / 500;
	int64_t t;

	for (round = 0; round < rounds && told.wrong == 0; round++) {
		random_store(&rng, &s);
		for (t = 0; t < 2 * HORIZON; t++)
			told.state[t] = -1;
		told.last = INT64_MIN;
		judge_slots(&s.facts, remember, &told);
		for (t = s.facts.from; t < s.facts.to; t++)
			told.wrong += told.state[t] != expected(&s.facts, t);
	}
	ok(told.wrong == 0, "%ld stores (seed %llu)", rounds,
	    (unsigned long long)test_seed());
}

int
main(void)
{
	test_runs();
	test_skipped();
	test_ahead();
	test_offset();
	test_failure();
	test_random();
	return tap_done();
}
