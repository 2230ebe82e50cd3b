/*
 * Runs of schedules that are started by hand: the row is written in one
 * transaction, then a process of its own is made for it. Should this one die
 * between the two, any scheduler, or the same command again, begins the run.
 *
 * No step of the policy is taken here: it would start what is due, and where
 * no scheduler runs nobody would execute that. The policy finds the run at its
 * next step, by its slot or as one that goes on.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/lookup.h"
#include "lib/target/local/schedules.h"
#include "lib/target/local/served.h"
#include "lib/target/local/wake.h"
#include "lib/target/local/worker.h"

struct starting {
	struct local *local;
	const struct start_request *request;
	struct arena arena;
	int64_t now;
	struct ledger_schedule schedule;
	const struct ledger_definition *definition;	/* of the run */
	int64_t t;
	bool unowned;			/* nobody owns the slot */
	int attempt;			/* -1: of no slot */
	char *id;			/* the run that is there; NULL: none */
	bool already;			/* and nothing is to be done about it */
	bool interrupted;		/* and its process is dead */
	struct run_owner former;	/* of that one */
};

static const char *
show(struct starting *s, int64_t t)
{
	struct strbuf sb = STRBUF_INIT;
	const char *text;

	instant_print(&sb, (struct instant){ t, 0 });
	text = arena_strdup(&s->arena, sb.buf);
	strbuf_release(&sb);
	return text;
}

static enum status
no_slot(struct starting *s, const struct owners *owners)
{
	const struct tenure *owner;
	int64_t next;

	error(EXIT_CONFLICT, "schedule '%s' has no slot at %s",
	    s->schedule.name, show(s, s->t));
	if (tenures_next(owners->tenure, owners->n, s->t, &next, &owner))
		hint("the next one is %s", show(s, next));
	return EXIT_CONFLICT;
}

/* Whose slot it is: that definition's snapshot and inputs are its run's. */
static enum status
find_owner(struct starting *s)
{
	struct store *store = s->local->store;
	const struct tenure *owner = NULL;
	struct owners owners;
	enum status status;
	int64_t t;

	status = lookup_owners(store, &s->arena, &s->schedule, true, &owners);
	if (status != EXIT_DONE)
		return status;
	if (!tenures_next(owners.tenure, owners.n, s->t - 1, &t, &owner) ||
	    t != s->t)
		return no_slot(s, &owners);
	if (s->t > s->now)
		return error(EXIT_CONFLICT, "the slot of %s at %s is still to "
		    "come", s->schedule.name, show(s, s->t));
	s->definition = &owners.definition[owner - owners.tenure];
	s->unowned = owner->version == NULL;
	return EXIT_DONE;
}

/* Whoever wrote it down, or executed it, is gone; or nobody else will go on. */
static bool
is_left_over(struct starting *s, const struct ledger_slot *slot)
{
	return ((slot->status == RUN_PENDING && slot->owner == NULL) ||
	    s->interrupted) && (slot->origin == s->request->origin ||
	    !local_served(&s->local->target));
}

/* The run that the slot has, and whether it gets another one. */
static enum status
find_run(struct starting *s)
{
	const struct start_request *request = s->request;
	struct ledger_slot *slot;
	enum status status;
	size_t n;

	status = ledger_slots(s->local->store, &s->arena, s->schedule.number,
	    s->t, s->t + 1, &slot, &n);
	if (status != EXIT_DONE || n == 0)
		return status;
	if (request->again && (slot->status == RUN_FAILED ||
	    slot->status == RUN_ABORTED)) {
		s->attempt = slot->attempts;
		return EXIT_DONE;
	}
	s->id = xstrdup(slot->run);
	s->interrupted = local_status(s->local->store, slot->run,
	    slot->status, slot->owner) == RUN_INTERRUPTED;
	s->already = !is_left_over(s, slot);
	if (s->interrupted)
		status = store_get_owner(s->local->store, s->id, &s->former);
	return status;
}

static enum status
refuse_overlap(struct starting *s, const struct policy_state *state)
{
	const struct active_run *busy = policy_busy(state);
	enum status status;
	const char *id;

	if (busy == NULL)
		return EXIT_DONE;
	status = ledger_run_id(s->local->store, &s->arena, busy->id, &id);
	if (status != EXIT_DONE)
		return status;
	error(EXIT_CONFLICT, "run %s of schedule '%s' goes on", id,
	    s->schedule.name);
	hint("beside it: --overlap allow; to its end: %s runs watch %s",
	    self_call(), id);
	return EXIT_CONFLICT;
}

static enum status
check_overlap(struct starting *s)
{
	struct policy_state state;
	enum status status;

	if (s->request->origin != ORIGIN_TRIGGER || s->request->allow_overlap ||
	    s->schedule.definition.overlap == POLICY_ALLOW)
		return EXIT_DONE;
	status = ledger_load(s->local->store, &s->schedule, &state);
	if (status == EXIT_DONE)
		status = refuse_overlap(s, &state);
	policy_release(&state);
	return status;
}

static enum status
decide(struct starting *s)
{
	const struct start_request *request = s->request;
	struct store *store = s->local->store;
	enum status status;
	bool found;

	s->now = clock_now().sec;
	status = ledger_find(store, &s->arena, request->schedule, &found,
	    &s->schedule);
	if (status != EXIT_DONE)
		return status;
	if (!found || s->schedule.state == SCHEDULE_REMOVED)
		return lookup_unknown(s->local, request->schedule);
	s->definition = &s->schedule.definition;
	s->t = request->has_slot ? request->t : s->now;
	s->attempt = request->has_slot ? 0 : -1;
	if (request->has_slot)
		status = find_owner(s);
	if (status == EXIT_DONE && request->has_slot)
		status = find_run(s);
	if (status != EXIT_DONE || s->id != NULL)
		return status;
	status = check_overlap(s);
	if (status != EXIT_DONE)
		return status;
	return ledger_add_run(store, &s->schedule, s->definition, s->t,
	    s->attempt, request->origin, &s->id);
}

enum status
local_start(struct target *target, const struct start_request *request,
    char **id, bool *already)
{
	struct starting s = { .local = (struct local *)target,
	    .request = request };
	enum status status = EXIT_DONE;

	*id = NULL;
	*already = false;
	if (s.local->store == NULL)
		return lookup_unknown(s.local, request->schedule);
	status = ledger_begin(s.local->store);
	if (status == EXIT_DONE)
		status = ledger_end(s.local->store, decide(&s));
	/* A backfill has said so of all its slots. */
	if (status == EXIT_DONE && !s.already && s.unowned &&
	    request->origin == ORIGIN_TRIGGER)
		note("%s lies before the first activation: it runs by the "
		    "definition that is in force now", show(&s, s.t));
	if (status == EXIT_DONE && !s.already) {
		wake_others(s.local->store);
		status = worker_start(s.local, s.id, s.interrupted ?
		    &s.former : NULL);
	}
	if (status == EXIT_DONE) {
		*id = s.id;
		*already = s.already;
	} else {
		free(s.id);
	}
	arena_release(&s.arena);
	return status;
}
