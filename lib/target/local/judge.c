/*
 * A walk along the slots that somebody owned and, beside it, along those that
 * have runs, the queue and the ranges that were skipped.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/target/local/judge.h"

struct walk {
	const struct slot_facts *facts;
	size_t slot, queue, skipped;	/* the next of each */
	struct strbuf reason;
};

/* Nobody works at it, and nobody will as long as no scheduler comes. */
static void
judge_idle(const struct slot_facts *f, const struct ledger_slot *slot,
    struct audited *a)
{
	if (slot->status == RUN_INTERRUPTED) {
		a->reason = f->served ? "interrupted: its process is dead" :
		    "interrupted, and no scheduler is running";
		if (!f->served)
			a->state = AUDIT_MISSED;
	} else if (slot->status == RUN_PENDING && slot->owner == NULL) {
		a->reason = f->served ? "no process has begun it yet" :
		    "never begun: no scheduler is running";
		if (!f->served && floor_div(slot->first_at, 1000) +
		    POLICY_GRACE < f->now)
			a->state = AUDIT_MISSED;
	}
}

static void
judge_run(const struct slot_facts *f, const struct ledger_slot *slot,
    const struct tenure *owner, struct audited *a)
{
	a->state = audit_state_of_run(slot->status);
	a->run = slot->run;
	a->attempts = slot->attempts;
	a->version = slot->version;
	a->reason = slot->error;
	judge_idle(f, slot, a);
	if (owner == NULL || slot->first_at == 0)
		return;
	a->has_delay = true;
	a->delay = floor_div(slot->first_at, 1000) - (slot->t + owner->offset);
}

static bool
is_late(const struct slot_facts *f, int64_t due)
{
	return due + POLICY_GRACE < f->now;
}

static void
judge_missed(const struct slot_facts *f, struct audited *a)
{
	a->state = AUDIT_MISSED;
	a->reason = f->served ? "no scheduler was there in time" :
	    "no scheduler is running";
}

static void
judge_queued(struct walk *w, const struct queue_entry *q, struct audited *a)
{
	const struct slot_facts *f = w->facts;

	a->state = AUDIT_DUE;
	if (!q->seen && is_late(f, q->due)) {
		judge_missed(f, a);
	} else if (q->seen && f->busy != NULL) {
		strbuf_addf(&w->reason, "it waits for run %s to end", f->busy);
		a->reason = w->reason.buf;
	} else if (q->seen && !f->served) {
		/* Nothing is in its way but that nobody starts it. */
		judge_missed(f, a);
	}
}

static void
judge_skipped(struct walk *w, const struct ledger_skipped *skipped,
    struct audited *a)
{
	static const struct {
		enum audit_state state;
		const char *reason;
	} verdicts[SKIP_REASONS] = {
		[SKIP_PAUSED] = { AUDIT_PAUSED, "the schedule was not active" },
		[SKIP_REMOVED] = { AUDIT_PAUSED, "the schedule was removed" },
		[SKIP_WINDOW] = { AUDIT_MISSED,
		    "not made up: too old for catchup_window" },
		[SKIP_CATCHUP] = { AUDIT_MISSED, "not made up: by catchup" },
		[SKIP_OVERLAP] = { AUDIT_SKIPPED, "another run went on" },
		[SKIP_QUEUE] = { AUDIT_SKIPPED, "another one waited already" },
		[SKIP_SUPERSEDED] = { AUDIT_SKIPPED,
		    "a newer one took its place" },
		[SKIP_TOO_MANY] = { AUDIT_MISSED,
		    "not made up: too many others" },
	};

	a->state = verdicts[skipped->reason].state;
	a->reason = verdicts[skipped->reason].reason;
	if (skipped->reason == SKIP_OVERLAP && skipped->run != NULL) {
		strbuf_addf(&w->reason, "run %s went on", skipped->run);
		a->reason = w->reason.buf;
	}
}

/* A slot of which no table tells; false: nobody's, after a removal. */
static bool
judge_unwritten(const struct slot_facts *f, const struct tenure *owner,
    struct audited *a)
{
	if (f->state == SCHEDULE_REMOVED && a->t > f->since)
		return false;
	if (a->t <= f->w || f->state == SCHEDULE_REMOVED) {
		a->state = AUDIT_UNKNOWN;
		a->reason = "nothing is written down about it";
	} else if (f->state != SCHEDULE_ACTIVE) {
		a->state = AUDIT_PAUSED;
		a->reason = "the schedule is not active";
	} else if (is_late(f, a->t + owner->offset)) {
		judge_missed(f, a);
	} else {
		a->state = AUDIT_DUE;
	}
	return true;
}

static const struct queue_entry *
find_queued(struct walk *w, int64_t t)
{
	const struct slot_facts *f = w->facts;

	while (w->queue < f->n_queue && f->queue[w->queue].t < t)
		w->queue++;
	return w->queue < f->n_queue && f->queue[w->queue].t == t ?
	    &f->queue[w->queue] : NULL;
}

static const struct ledger_skipped *
find_skipped(struct walk *w, int64_t t)
{
	const struct slot_facts *f = w->facts;

	while (w->skipped < f->n_skipped && f->skipped[w->skipped].last < t)
		w->skipped++;
	return w->skipped < f->n_skipped && f->skipped[w->skipped].first <= t ?
	    &f->skipped[w->skipped] : NULL;
}

/* The tables in the order in which they count; false: it is no slot. */
static bool
judge(struct walk *w, const struct ledger_slot *slot,
    const struct tenure *owner, struct audited *a)
{
	const struct ledger_skipped *skipped = find_skipped(w, a->t);
	const struct queue_entry *queued = find_queued(w, a->t);

	strbuf_reset(&w->reason);
	a->version = owner != NULL ? owner->version : NULL;
	if (slot != NULL) {
		judge_run(w->facts, slot, owner, a);
	} else if (a->version == NULL) {
		a->state = AUDIT_UNKNOWN;
		a->reason = "before the schedule was first activated";
	} else if (queued != NULL) {
		judge_queued(w, queued, a);
	} else if (skipped != NULL) {
		judge_skipped(w, skipped, a);
	} else {
		return judge_unwritten(w->facts, owner, a);
	}
	return true;
}

static bool
next_slot(const struct slot_facts *f, int64_t after, int64_t *t,
    const struct tenure **owner)
{
	return tenures_next(f->tenure, f->n_tenures, after, t, owner) &&
	    *t < f->to;
}

enum status
judge_slots(const struct slot_facts *facts,
    enum status (*each)(void *arg, const struct audited *audited), void *arg)
{
	const struct slot_facts *f = facts;
	struct walk w = { .facts = f };
	const struct tenure *owner = NULL;
	enum status status = EXIT_DONE;
	int64_t t = 0;
	bool more;

	strbuf_init(&w.reason);
	more = next_slot(f, f->from - 1, &t, &owner);
	while (status == EXIT_DONE && (more || w.slot < f->n_slots)) {
		struct audited a = { .schedule = f->schedule };
		const struct ledger_slot *slot = NULL;
		bool owned;

		if (w.slot < f->n_slots && (!more ||
		    f->slot[w.slot].t <= t))
			slot = &f->slot[w.slot++];
		owned = more && (slot == NULL || slot->t == t);
		a.t = slot != NULL ? slot->t : t;
		if ((slot != NULL || t + owner->offset <= f->now) &&
		    judge(&w, slot, owned ? owner : NULL, &a))
			status = each(arg, &a);
		if (owned)
			more = next_slot(f, t, &t, &owner);
	}
	strbuf_release(&w.reason);
	return status;
}
