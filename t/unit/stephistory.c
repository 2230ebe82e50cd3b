/*
 * Schedules that live through anything: pauses, deploys, removals, runs by
 * hand, retries, runs that are removed, clocks that jump, several schedulers.
 * Whatever happens, the tables keep scheduler-spec section 4 (1, 2, 3, 8, 10,
 * 12, 13): ledgercheck.h.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/tree.h"
#include "t/unit/ledgercheck.h"
#include "t/unit/policyworld.h"
#include "t/unit/stepdriver.h"
#include "t/unit/tap.h"

enum { NAMES = 2, EPISODE = 80, OLD_RUNS = 16 };

static const char *const names[NAMES] = { "hourly", "nightly" };

static struct strbuf said = STRBUF_INIT;

/* What is known of a schedule besides what the store has. */
struct life {
	bool exists;
	bool inactive[HORIZON];		/* taken in while it was that */
	struct definition def[GENS];
	int64_t gen[GENS];		/* of those, as the store has them */
	size_t n_defs;
};

struct history {
	struct driver d;
	struct life life[NAMES];
	char old[OLD_RUNS][RUN_ID_LEN + 1];	/* runs that ended */
	size_t n_old;
	bool returned;			/* the clock went back */
	sqlite3 *db;
	const char *wrong;
	int64_t wrong_at;
};

/* Stands in for libc's: no power is cut here. */
int
fdatasync(int fd)
{
	(void)fd;
	return 0;
}

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static int64_t
any_length(void *arg, int64_t t)
{
	(void)arg;
	(void)t;
	return 0;
}

static void
complain(struct history *h, const char *what, int64_t t)
{
	if (h->wrong != NULL)
		return;
	h->wrong = what;
	h->wrong_at = t;
}

static int64_t
ask(struct history *h, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t number = -1;

	if (sqlite3_prepare_v2(h->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		complain(h, sqlite3_errmsg(h->db), 0);
	else if (sqlite3_step(stmt) == SQLITE_ROW)
		number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

static struct life *
find_life(struct history *h, const char *name)
{
	return strcmp(name, names[0]) == 0 ? &h->life[0] : &h->life[1];
}

/* What a step tells of, held against what may be. */
static void
judge(void *arg, const struct scheduler_event *event)
{
	struct history *h = arg;
	struct life *life = find_life(h, event->schedule);
	size_t i;

	driver_event(&h->d, event);
	if (event->what != SCHEDULER_START)
		return;
	if (life->inactive[event->t])
		complain(h, "taken in while inactive", event->t);
	for (i = 0; i < life->n_defs; i++)
		if (is_slot(&life->def[i], event->t) &&
		    event->t + life->def[i].offset <= h->d.now)
			return;
	if (!h->returned)
		complain(h, "started before it is due", event->t);
}

/* Whatever is done is done in a transaction, after a step. */
struct change {
	struct history *h;
	struct store *store;
	struct arena arena;
	struct ledger_schedule schedule;
	struct life *life;
	bool found;
	enum status status;
};

static void
begin(struct change *c, struct history *h, const char *name)
{
	memset(c, 0, sizeof(*c));
	c->h = h;
	c->store = driver_store(&h->d);
	c->life = find_life(h, name);
	c->status = ledger_begin(c->store);
	if (c->status == EXIT_DONE)
		c->status = ledger_find(c->store, &c->arena, name, &c->found,
		    &c->schedule);
}

static void
end(struct change *c)
{
	driver_fail(&c->h->d, ledger_end(c->store, c->status));
	arena_release(&c->arena);
}

static void
step(struct change *c)
{
	struct step_observer observer = { c->h, judge };
	int64_t t, now = c->h->d.now;

	if (c->status != EXIT_DONE || !c->found)
		return;
	for (t = c->schedule.w + 1; t <= now; t++)
		c->life->inactive[t] =
		    c->schedule.state != SCHEDULE_ACTIVE;
	c->status = step_schedule(c->store, &c->schedule, now, &observer);
	c->h->d.steps++;
}

static void
put_aside(struct change *c, enum schedule_state state)
{
	struct step_observer observer = { c->h, judge };

	step(c);
	if (c->status == EXIT_DONE)
		c->status = step_and_pause(c->store, &c->schedule,
		    c->h->d.now, state == SCHEDULE_REMOVED ? SKIP_REMOVED :
		    SKIP_PAUSED, &observer);
	c->schedule.state = state;
	if (c->status == EXIT_DONE)
		c->status = ledger_set(c->store, &c->schedule);
}

static void
resume(struct change *c)
{
	step(c);
	c->schedule.state = SCHEDULE_ACTIVE;
	if (c->status == EXIT_DONE)
		c->status = ledger_set(c->store, &c->schedule);
	step(c);
}

/* A definition that `check` would pass, in force from now on. */
static void
deploy(struct change *c)
{
	struct definition *d = &c->life->def[c->life->n_defs];
	struct history *h = c->h;

	if (c->life->n_defs == GENS)
		return;
	step(c);
	random_definition(&h->d.rng, d, h->d.now);
	if (c->status == EXIT_DONE)
		c->status = driver_define(c->store, &c->schedule, d, NULL,
		    NULL, h->d.now);
	c->life->gen[c->life->n_defs++] = c->schedule.definition.gen;
	if (c->status == EXIT_DONE)
		c->status = ledger_find(c->store, &c->arena, c->schedule.name,
		    &c->found, &c->schedule);
	step(c);
}

static void
create(struct change *c, const char *name)
{
	c->schedule.state = SCHEDULE_ACTIVE;
	if (!c->found) {
		c->schedule.name = name;
		c->schedule.app = "digits";
		c->schedule.workflow = "train";
		c->schedule.w = c->h->d.now;
		c->status = ledger_add(c->store, &c->schedule);
	} else {
		c->schedule.state = SCHEDULE_REMOVED;
		step(c);
		c->schedule.state = SCHEDULE_ACTIVE;
		c->status = ledger_set(c->store, &c->schedule);
	}
	c->schedule.name = name;
	deploy(c);
}

static void
command(struct history *h, const char *name)
{
	struct change c;

	begin(&c, h, name);
	if (!c.found || c.schedule.state == SCHEDULE_REMOVED)
		create(&c, name);
	else if (below(&h->d.rng, 8) == 0)
		put_aside(&c, SCHEDULE_REMOVED);
	else if (below(&h->d.rng, 2) == 0)
		deploy(&c);
	else if (c.schedule.state == SCHEDULE_ACTIVE)
		put_aside(&c, below(&h->d.rng, 2) == 0 ? SCHEDULE_PAUSED :
		    SCHEDULE_INACTIVE);
	else
		resume(&c);
	end(&c);
}

/* By hand: for no slot, or for one up to w that has no run. */
static void
start_by_hand(struct history *h, const char *name)
{
	const struct definition *d;
	struct ledger_slot *slot;
	int64_t t = h->d.now;
	struct change c;
	int attempt = -1;
	char *id = NULL;
	size_t n = 0;

	begin(&c, h, name);
	step(&c);
	if (c.status == EXIT_DONE && c.found && below(&h->d.rng, 3) > 0 &&
	    c.life->n_defs > 0) {
		d = &c.life->def[below(&h->d.rng, (int64_t)c.life->n_defs)];
		t = slot_at_or_after(d, t - below(&h->d.rng, 300));
		attempt = 0;
		c.status = ledger_slots(c.store, &c.arena, c.schedule.number,
		    t, t + 1, &slot, &n);
	}
	if (c.status == EXIT_DONE && c.found && n == 0 && t <= h->d.now)
		c.status = ledger_add_run(c.store, &c.schedule,
		    &c.schedule.definition, t, attempt,
		    below(&h->d.rng, 2) == 0 ? ORIGIN_TRIGGER :
		    ORIGIN_BACKFILL, &id);
	if (id != NULL)
		driver_began(&h->d, id, t);
	free(id);
	end(&c);
}

static void
end_run(struct history *h)
{
	struct going going;

	if (h->d.n_going == 0)
		return;
	going = driver_take_going(&h->d, (size_t)below(&h->d.rng,
	    (int64_t)h->d.n_going));
	driver_fail(&h->d, store_end_run(driver_store(&h->d), going.id,
	    RUN_FAILED, "it broke", NULL));
	memcpy(h->old[h->n_old++ % OLD_RUNS], going.id, sizeof(going.id));
}

/* Of one that ended; or it goes, as `runs gc` does that. */
static void
retry_or_delete(struct history *h)
{
	size_t n = h->n_old < OLD_RUNS ? h->n_old : OLD_RUNS;
	struct run run = { .workflow = (char *)"train" };
	bool done;

	if (n == 0)
		return;
	run.retry_of = h->old[below(&h->d.rng, (int64_t)n)];
	if (below(&h->d.rng, 2) == 0) {
		driver_fail(&h->d, store_delete_run(driver_store(&h->d),
		    run.retry_of, &done));
		h->n_old = 0;
		return;
	}
	driver_fail(&h->d, store_create_run(driver_store(&h->d), &run, NULL,
	    NULL, 0));
	if (run.schedule != NULL)
		driver_began(&h->d, run.id, run.kickoff);
	else
		complain(h, "a retry has no schedule", 0);
	free(run.schedule);
	free(run.id);
}

/* What a scheduler does, and what another then finds to do: nothing. */
static void
wake(struct history *h, int64_t now)
{
	struct strvec due = STRVEC_INIT;
	struct change c;
	int64_t version;
	size_t i, len;

	h->returned |= now < h->d.now;
	h->d.now = now < 200 ? 200 : now >= HORIZON - 100 ? HORIZON - 100 :
	    now;
	driver_fail(&h->d, ledger_due(driver_store(&h->d), h->d.now, 100,
	    &due));
	for (i = 0; i < due.n; i++) {
		begin(&c, h, due.v[i]);
		step(&c);
		end(&c);
	}
	version = ask(h, "PRAGMA data_version");
	len = h->d.text.len;
	for (i = 0; i < due.n; i++) {
		begin(&c, h, due.v[i]);
		step(&c);
		end(&c);
	}
	if (ask(h, "SELECT max(w) FROM schedules WHERE state = 'active'") >
	    h->d.now)
		complain(h, "stands still", h->d.now);
	if (h->d.text.len != len || ask(h, "PRAGMA data_version") != version)
		complain(h, "a second step did something", h->d.now);
	strvec_release(&due);
	driver_fail(&h->d, ledger_due(driver_store(&h->d), h->d.now, 100,
	    &due));
	if (due.n > 0)
		complain(h, "is due again at once", h->d.now);
	strvec_release(&due);
}

static void
wake_on_time(struct history *h)
{
	int64_t t;
	bool any;

	driver_fail(&h->d, ledger_next_event(driver_store(&h->d), &any, &t));
	if (!any || t > h->d.now + 400 || t <= h->d.now)
		t = h->d.now + below(&h->d.rng, 40);
	wake(h, t);
}

static void
turn(struct history *h)
{
	const char *name = names[below(&h->d.rng, NAMES)];
	int64_t die = below(&h->d.rng, 100), was = h->d.now;

	if (die < 42)
		wake_on_time(h);
	else if (die < 52)
		wake(h, h->d.now + below(&h->d.rng, 25));
	else if (die < 70)
		end_run(h);
	else if (die < 75)
		wake(h, h->d.now + 61 + below(&h->d.rng, 240));
	else if (die < 79)
		wake(h, h->d.now - 1 - below(&h->d.rng, 150));
	else if (die < 81) {
		wake(h, h->d.now + 300);
		wake(h, was);
	} else if (die < 86)
		start_by_hand(h, name);
	else if (die < 90)
		retry_or_delete(h);
	else
		command(h, name);
}

/* True if all was well. */
static bool
live(uint64_t seed, long *steps)
{
	struct history *h = xcalloc(1, sizeof(*h));
	bool well;
	int i;

	driver_open(&h->d, "s", SCHEDULERS);
	h->d.rng.state = seed;
	h->d.length = any_length;
	h->d.now = 200;
	if (sqlite3_open("s/store.db", &h->db) != SQLITE_OK)
		complain(h, "set-up: no store", 0);
	for (i = 0; i < EPISODE && h->wrong == NULL &&
	    h->d.status == EXIT_DONE; i++) {
		turn(h);
		if (!ledger_is_sound("s/store.db"))
			complain(h, "the tables are wrong", h->d.now);
	}
	well = h->wrong == NULL && h->d.status == EXIT_DONE;
	if (!well)
		printf("# seed %llu, turn %d: %s, %lld; status %d %s\n",
		    (unsigned long long)seed, i, h->wrong != NULL ?
		    h->wrong : "", (long long)h->wrong_at, (int)h->d.status,
		    said.buf);
	*steps += h->d.steps;
	sqlite3_close(h->db);
	driver_close(&h->d);
	free(h);
	return tree_remove("s") == 0 && well;
}

int
main(void)
{
	char dir[] = "/tmp/unit-stephistory-XXXXXX";
	long steps = 0, states = test_states() / 100;
	struct rng rng = { test_seed() };
	bool all = true;

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	err_set_sink(listen_to, NULL);
	while (all && steps < states)
		all = live(rng_next(&rng), &steps);
	ok(all, "whatever happens, each slot is in one place (%ld steps)",
	    steps);
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "cannot remove '%s'", dir);
	return tap_done();
}
