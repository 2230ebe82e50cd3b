/*
 * The audit of the local target: the store read stretch by stretch, each as
 * of one instant, and judged. So a year of a schedule of each minute takes no
 * more memory than a day of it, and nobody who stops reading holds the
 * database up.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/judge.h"
#include "lib/target/local/lookup.h"
#include "lib/target/local/schedules.h"
#include "lib/target/local/served.h"

enum { STRETCH = 2048 };

struct auditing {
	struct local *local;
	const struct audit_request *request;
	enum status (*each)(void *arg, const struct audited *audited);
	void *arg;
};

/* All that is read of one stretch. */
struct stretch {
	struct arena arena;
	struct ledger_schedule schedule;
	struct policy_state state;
	struct ledger_slot *slot;	/* as the facts have it */
	struct slot_facts facts;
};

/* The store's words as facts, whatever stretch it is about. */
static enum status
read_schedule(struct auditing *a, const char *name, struct stretch *s)
{
	struct store *store = a->local->store;
	struct slot_facts *f = &s->facts;
	struct owners owners = { NULL, NULL, 0 };
	enum status status;
	bool found;

	status = ledger_find(store, &s->arena, name, &found, &s->schedule);
	if (status == EXIT_DONE && !found)
		return error(EXIT_CONFLICT, "no schedule '%s' any more", name);
	if (status == EXIT_DONE)
		status = lookup_owners(store, &s->arena, &s->schedule,
		    a->request->unowned, &owners);
	if (status == EXIT_DONE)
		status = ledger_load(store, &s->schedule, &s->state);
	if (status != EXIT_DONE)
		return status;
	f->schedule = s->schedule.name;
	f->state = s->schedule.state;
	f->since = floor_div(s->schedule.since, 1000);
	f->w = s->state.w;
	f->tenure = owners.tenure;
	f->n_tenures = owners.n;
	f->queue = s->state.queue;
	f->n_queue = s->state.n_queue;
	if (policy_busy(&s->state) != NULL)
		status = ledger_run_id(store, &s->arena,
		    policy_busy(&s->state)->id, &f->busy);
	return status;
}

/* Where so many slots end, at `to` at the latest. */
static int64_t
stretch_end(const struct slot_facts *f, int64_t to)
{
	const struct tenure *owner;
	int64_t t = f->from - 1;
	int n;

	for (n = 0; n < STRETCH; n++)
		if (!tenures_next(f->tenure, f->n_tenures, t, &t, &owner) ||
		    t >= to)
			return to;
	return t;
}

static enum status
read_stretch(struct auditing *a, const char *name, int64_t to,
    struct stretch *s)
{
	struct store *store = a->local->store;
	struct slot_facts *f = &s->facts;
	struct ledger_skipped *skipped = NULL;
	enum status status;

	status = read_schedule(a, name, s);
	if (status != EXIT_DONE)
		return status;
	f->to = stretch_end(f, to);
	status = ledger_slots(store, &s->arena, s->schedule.number, f->from,
	    f->to, &s->slot, &f->n_slots);
	if (status == EXIT_DONE)
		status = ledger_skipped(store, &s->arena, s->schedule.number,
		    f->from, f->to, &skipped, &f->n_skipped);
	f->slot = s->slot;
	f->skipped = skipped;
	return status;
}

/* Which of the open ones have lost their owner. */
static void
find_interrupted(struct auditing *a, struct stretch *s)
{
	struct ledger_slot *slot = s->slot;
	size_t i;

	for (i = 0; i < s->facts.n_slots; i++)
		slot[i].status = local_status(a->local->store, slot[i].run,
		    slot[i].status, slot[i].owner);
}

static enum status
audit_stretch(struct auditing *a, const char *name, int64_t *from, int64_t to)
{
	struct stretch s = { .arena = ARENA_INIT };
	struct slot_facts *f = &s.facts;
	enum status status;

	f->from = *from;
	f->served = local_served(&a->local->target);
	policy_init(&s.state, 0, false);
	status = ledger_begin_read(a->local->store);
	if (status == EXIT_DONE) {
		f->now = clock_now().sec;
		status = read_stretch(a, name, to, &s);
		status = ledger_end(a->local->store, status);
	}
	if (status == EXIT_DONE) {
		find_interrupted(a, &s);
		status = judge_slots(f, a->each, a->arg);
		*from = f->to;
	}
	policy_release(&s.state);
	arena_release(&s.arena);
	return status;
}

static enum status
audit_schedule(struct auditing *a, const char *name)
{
	int64_t now = clock_now().sec, from = a->request->from;
	int64_t to = a->request->to <= now ? a->request->to : now + 1;
	enum status status = EXIT_DONE;

	while (from < to && status == EXIT_DONE)
		status = audit_stretch(a, name, &from, to);
	return status;
}

enum status
local_audit(struct target *target, const struct audit_request *request,
    enum status (*each)(void *arg, const struct audited *audited), void *arg)
{
	struct auditing a = { (struct local *)target, request, each, arg };
	struct strvec names = STRVEC_INIT;
	enum status status;
	size_t i;

	status = lookup_names(a.local, request->names, &names);
	for (i = 0; i < names.n && status == EXIT_DONE; i++)
		status = audit_schedule(&a, names.v[i]);
	strvec_release(&names);
	return status;
}
