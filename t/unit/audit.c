/*
 * The audit of a store that lived through random times: outages, runs that
 * take long, new definitions, pauses, removals. What it tells is held against
 * what was written down of each event as it happened.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/tree.h"
#include "lib/target/local/schedules.h"
#include "lib/target/local/served.h"
#include "t/unit/policyworld.h"
#include "t/unit/stepdriver.h"
#include "t/unit/tap.h"

enum { PHASES = 4, PHASE = 300, SPAN = PHASES * PHASE, LONGEST = 120 };

/* Stands in for libc's: no power is cut here. */
int
fdatasync(int fd)
{
	(void)fd;
	return 0;
}

static uint64_t salt;

static int64_t
odd_length(void *arg, int64_t t)
{
	struct rng rng = { salt ^ (uint64_t)t };

	(void)arg;
	return 1 + below(&rng, LONGEST);
}

/* Who owned what comes after an instant; gen NOBODY: nobody. */
struct history {
	struct definition def[PHASES];
	struct { int64_t from; int def; } reign[PHASES];
	int n_defs, n_reigns;
	enum schedule_state state;
	int told[SPAN];			/* by the events; -1: nothing */
};

enum { NOTHING = -1, WAITING = -2 };

static int
told_of_skip(const char *reason)
{
	if (strcmp(reason, "paused") == 0 || strcmp(reason, "removed") == 0)
		return AUDIT_PAUSED;
	if (strcmp(reason, "overlap") == 0 || strcmp(reason, "queue") == 0 ||
	    strcmp(reason, "superseded") == 0)
		return AUDIT_SKIPPED;
	return AUDIT_MISSED;
}

static void
remember(struct history *h, int64_t t, int what)
{
	if (t >= 0 && t < SPAN)
		h->told[t] = what;
}

/* What was started stays that, whatever range lies over it. */
static void
remember_range(struct history *h, int64_t from, int64_t to, int what)
{
	int64_t t;

	for (t = from; t <= to; t++)
		if (t < SPAN && (h->told[t] == NOTHING ||
		    h->told[t] == WAITING))
			h->told[t] = what;
}

static void
read_events(struct history *h, const char *text)
{
	char verb[16], rest[64];
	long long at, t, last;
	const char *line;

	for (line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
		rest[0] = '\0';
		if (sscanf(line, "%lld %15s %lld-%lld/%*d %63[a-z]", &at,
		    verb, &t, &last, rest) == 5) {
			remember_range(h, t, last, told_of_skip(rest));
			continue;
		}
		sscanf(line, "%lld %15s %lld %63[a-z]", &at, verb, &t, rest);
		if (strcmp(verb, "start") == 0)
			remember(h, t, AUDIT_RUNNING);
		else if (strcmp(verb, "wait") == 0)
			remember(h, t, WAITING);
		else if (strcmp(verb, "end") == 0)
			remember(h, t, strcmp(rest, "cancelled") == 0 ?
			    AUDIT_ABORTED : AUDIT_OK);
	}
}

/* A command that changes the schedule, as all of them do: a step before. */
static void
change(struct driver *d, struct history *h, int64_t now)
{
	struct step_observer observer = { d, driver_event };
	int what = (int)below(&d->rng, 4), n = h->n_defs;
	struct arena arena = ARENA_INIT;
	struct ledger_schedule row;
	enum status status;
	bool found, was = h->state == SCHEDULE_ACTIVE;

	d->now = now;
	driver_end_runs(d);
	status = ledger_begin(d->store[0]);
	if (status == EXIT_DONE)
		status = ledger_find(d->store[0], &arena, "nightly", &found,
		    &row);
	if (status == EXIT_DONE)
		status = what == 0 || (what == 1 && was) ?
		    step_and_pause(d->store[0], &row, now, what == 0 ?
		    SKIP_REMOVED : SKIP_PAUSED, &observer) :
		    step_schedule(d->store[0], &row, now, &observer);
	row.state = h->state = what == 0 ? SCHEDULE_REMOVED : what == 1 &&
	    was ? SCHEDULE_PAUSED : SCHEDULE_ACTIVE;
	row.since = now * 1000;
	row.has_next = h->state == SCHEDULE_ACTIVE;
	row.next_at = now;
	h->reign[h->n_reigns].from = now;
	h->reign[h->n_reigns++].def = what == 0 ? NOBODY : n;
	if (status == EXIT_DONE && what == 0) {
		status = ledger_set(d->store[0], &row);
	} else if (status == EXIT_DONE) {
		random_definition(&d->rng, &h->def[n], now);
		status = driver_define(d->store[0], &row, &h->def[n], NULL,
		    NULL, now);
		h->n_defs++;
	}
	driver_fail(d, ledger_end(d->store[0], status));
	arena_release(&arena);
}

static void
live(struct driver *d, struct history *h)
{
	int phase;

	memset(h, 0, sizeof(*h));
	memset(h->told, NOTHING, sizeof(h->told));
	h->state = SCHEDULE_ACTIVE;
	random_definition(&d->rng, &h->def[0], 0);
	h->n_defs = h->n_reigns = 1;
	driver_add(d, "nightly", &h->def[0], NULL, NULL);
	for (phase = 1; phase <= PHASES; phase++) {
		driver_run(d, "nightly", phase * PHASE);
		if (phase < PHASES && below(&d->rng, 2) == 0)
			change(d, h, phase * PHASE);
	}
}

static const struct definition *
owner_of(const struct history *h, int64_t t)
{
	int i = h->n_reigns;

	while (i > 0 && h->reign[i - 1].from >= t)
		i--;
	return i == 0 || h->reign[i - 1].def == NOBODY ? NULL :
	    &h->def[h->reign[i - 1].def];
}

/* The state that the slot should have; NOTHING: it is not to be told of. */
static int
expected(const struct history *h, int64_t t, int64_t now, bool busy,
    bool served)
{
	const struct definition *d = owner_of(h, t);
	bool missed;

	/* After a removal nobody owns it; the audit may call that a pause. */
	if (d == NULL && h->told[t] != AUDIT_PAUSED)
		return NOTHING;
	if (h->told[t] == AUDIT_RUNNING)
		return served ? AUDIT_RUNNING : AUDIT_MISSED;
	if (h->told[t] == WAITING)
		return busy || served ? AUDIT_DUE : AUDIT_MISSED;
	if (h->told[t] != NOTHING)
		return d != NULL && !is_slot(d, t) ? NOTHING : h->told[t];
	if (!is_slot(d, t) || t + d->offset > now)
		return NOTHING;
	missed = t + d->offset + POLICY_GRACE < now;
	return h->state != SCHEDULE_ACTIVE ? AUDIT_PAUSED : missed ?
	    AUDIT_MISSED : AUDIT_DUE;
}

struct heard {
	int state[SPAN];
	int64_t last;
	bool disorder;
};

static enum status
hear(void *arg, const struct audited *a)
{
	struct heard *heard = arg;

	heard->disorder |= a->t <= heard->last || a->t < 0 || a->t >= SPAN;
	heard->last = a->t;
	if (!heard->disorder)
		heard->state[a->t] = a->state;
	return EXIT_DONE;
}

static void
set_clock(int64_t now)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)now);
	setenv("UNIONML_TEST_NOW", text, 1);
}

/* Removed and declared again: those between are no slots, or paused. */
static bool
is_same(int told, int want)
{
	return told == want || (want == AUDIT_PAUSED && told == NOTHING);
}

static bool
agrees(uint64_t seed)
{
	static struct heard heard;
	static struct history h;
	static char dir[] = "s";
	struct strvec names = STRVEC_INIT;
	struct audit_request request = { .names = &names, .to = SPAN };
	struct outage outage[2];
	struct local local;
	struct driver d;
	bool busy = false, served, same;
	int64_t t = 0, now = SPAN - 1;
	size_t i;

	salt = seed;
	set_clock(1);
	driver_open(&d, dir, 1);
	d.rng.state = seed;
	d.length = odd_length;
	for (i = 0; i < ARRAY_SIZE(outage); i++) {
		outage[i].from = below(&d.rng, SPAN);
		outage[i].until = outage[i].from + below(&d.rng, 300);
	}
	d.outage = outage;
	d.n_outages = (size_t)below(&d.rng, 3);
	live(&d, &h);
	read_events(&h, d.text.buf);
	for (i = 0; i < d.n_going; i++)
		busy |= d.going[i].at > 0;
	set_clock(now);
	memset(&local, 0, sizeof(local));
	local.store = d.store[0];
	local.dir = dir;
	memset(heard.state, NOTHING, sizeof(heard.state));
	heard.last = -1;
	heard.disorder = false;
	served = local_served(&local.target);
	same = d.status == EXIT_DONE && local_audit(&local.target, &request,
	    hear, &heard) == EXIT_DONE && !heard.disorder;
	for (; same && t < SPAN; t++)
		same = is_same(heard.state[t], expected(&h, t, now, busy,
		    served));
	if (!same)
		printf("# seed %llu, status %d, at %lld: told %d, is %d\n%s",
		    (unsigned long long)seed, (int)d.status,
		    (long long)t - 1, heard.state[t > 0 ? t - 1 : 0],
		    t > 0 ? expected(&h, t - 1, now, busy, served) : 0,
		    d.text.buf);
	driver_close(&d);
	return tree_remove("s") == 0 && same;
}

int
main(void)
{
	char dir[] = "/tmp/unit-audit-XXXXXX";
	long round, rounds = test_states() / 5000;
	uint64_t seed = test_seed();
	bool all = true;

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	for (round = 0; all && round < rounds; round++)
		all = agrees(seed + (uint64_t)round);
	ok(all, "%ld histories", round);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "cannot remove '%s'", dir);
	return tap_done();
}
