/*
 * A walk along the slots that somebody owned, or may have, and beside it along
 * the runs. What has a run is judged by the last of its runs, whoever owned
 * it; the rest by who owned it.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/slots/spacing.h"
#include "lib/flyte/slots/verdict.h"

struct walk {
	const struct verdict_facts *facts;
	size_t run;			/* the next one with a slot */
	struct gap *gap;		/* in the runs of a rate */
	size_t next_gap, n_gaps;
	const struct slot_run **begun;	/* all runs by creation */
	size_t next_begun;
	const struct slot_run *longest;	/* of those passed, it ended last */
	struct strbuf reason;
	enum status (*each)(void *arg, const struct audited *audited);
	void *arg;
};

/* By slot, then by creation; those without a slot come last. */
static int
compare_runs(const void *pa, const void *pb)
{
	const struct slot_run *a = pa, *b = pb;

	if (a->has_slot != b->has_slot)
		return a->has_slot ? -1 : 1;
	if (a->has_slot && a->t != b->t)
		return a->t < b->t ? -1 : 1;
	if (a->created != b->created)
		return a->created < b->created ? -1 : 1;
	return strcmp(a->id, b->id);
}

static int
compare_begun(const void *pa, const void *pb)
{
	const struct slot_run *const *a = pa, *const *b = pb;

	if ((*a)->created != (*b)->created)
		return (*a)->created < (*b)->created ? -1 : 1;
	return strcmp((*a)->id, (*b)->id);
}

size_t
verdict_sightings(struct slot_run *run, size_t n, struct sighting *seen)
{
	size_t i, found = 0;

	if (n > 0)
		qsort(run, n, sizeof(*run), compare_runs);
	for (i = 0; i < n && run[i].has_slot; i++) {
		if (!run[i].first ||
		    run[i].created > (run[i].t + VERDICT_PATIENCE) * 1000 ||
		    run[i].created < run[i].version->created)
			continue;
		seen[found].t = run[i].t;
		seen[found++].version = run[i].version;
	}
	return found;
}

/* All runs of one slot. */
static void
judge_runs(struct walk *w, const struct slot_run *run, size_t n,
    struct audited *a)
{
	const struct slot_run *last = &run[n - 1], *first = NULL;
	size_t i, firsts = 0;

	a->state = audit_state_of_run(last->status);
	a->run = last->id;
	a->attempts = (int)n;
	a->version = last->version->app_version;
	a->reason = last->error;
	a->has_delay = true;
	a->delay = floor_div(run->created, 1000) - a->t;
	for (i = 0; i < n; i++) {
		if (!run[i].first)
			continue;
		if (firsts++ == 0)
			first = &run[i];
	}
	if (firsts < 2)
		return;
	a->state = AUDIT_DUPLICATE;
	strbuf_addf(&w->reason, "version %s ran it as %s",
	    first->version->app_version, first->id);
	for (i = 0; i < n; i++)
		if (run[i].first && &run[i] != first)
			strbuf_addf(&w->reason, ", version %s as %s",
			    run[i].version->app_version, run[i].id);
	a->reason = w->reason.buf;
}

/* Whether the term before it, if there is any, was an active one. */
static bool
follows_active(const struct tenancy *y, size_t i)
{
	while (i > 0 && y->tenure[i - 1].after >= y->tenure[i - 1].until)
		i--;
	return i > 0 && y->term[i - 1].kind == TERM_ACTIVE;
}

/* So near to a change that the scheduler may not have known of it. */
static bool
is_doubtful(const struct tenancy *y, size_t i, int64_t t)
{
	bool early = t - y->tenure[i].after <= VERDICT_DOUBT;
	bool late = y->tenure[i].until != INT64_MAX &&
	    y->tenure[i].until - t <= VERDICT_DOUBT;

	if (y->term[i].kind == TERM_PAUSED)
		return (early && i > 0) || late;
	return early && !follows_active(y, i);
}

/* A run that went on at that time; slots come in order. */
static const struct slot_run *
find_covering(struct walk *w, int64_t t)
{
	const struct verdict_facts *f = w->facts;
	const struct slot_run *run;

	while (w->next_begun < f->n_runs) {
		run = w->begun[w->next_begun];
		if (run->created > t * 1000)
			break;
		if (w->longest == NULL || run->ended >= w->longest->ended)
			w->longest = run;
		w->next_begun++;
	}
	return w->longest != NULL && w->longest->ended >= t * 1000 ?
	    w->longest : NULL;
}

static void
judge_active(struct walk *w, size_t term, struct audited *a)
{
	const struct verdict_facts *f = w->facts;
	const struct tenancy *y = f->tenancy;
	const struct slot_run *other = NULL;
	int64_t patience = VERDICT_PATIENCE;

	/* For a version that is in force no more nobody makes up anything. */
	if (y->tenure[term].until != INT64_MAX)
		patience = VERDICT_LATE;
	if (y->term[term].version->limited)
		other = find_covering(w, a->t);
	if (a->t + patience > f->now) {
		a->state = AUDIT_DUE;
	} else if (is_doubtful(y, term, a->t)) {
		a->state = AUDIT_DUE;
		a->reason = "so near to an activation that nobody can tell";
	} else if (other != NULL) {
		a->state = AUDIT_SKIPPED;
		strbuf_addf(&w->reason, "inferred: run %s went on",
		    other->id);
		a->reason = w->reason.buf;
	} else if (f->has_oldest && a->t < f->oldest) {
		a->state = AUDIT_UNKNOWN;
		a->reason = "older than all runs that the cluster has kept";
	} else {
		a->state = AUDIT_MISSED;
		a->reason = "the cluster's scheduler has not run it";
	}
}

static void
judge_absent(struct walk *w, const struct tenure *owner, struct audited *a)
{
	const struct tenancy *y = w->facts->tenancy;
	size_t term = (size_t)(owner - y->tenure);

	a->version = owner->version;
	switch (y->term[term].kind) {
	case TERM_ACTIVE:
		judge_active(w, term, a);
		break;
	case TERM_PAUSED:
		if (is_doubtful(y, term, a->t)) {
			a->state = AUDIT_DUE;
			a->reason = "so near to a deactivation or activation "
			    "that nobody can tell";
		} else {
			a->state = AUDIT_PAUSED;
			a->reason = "the schedule was not active";
		}
		break;
	case TERM_UNKNOWN:
		a->state = AUDIT_UNKNOWN;
		a->reason = "nothing tells whether the schedule was active";
		break;
	}
}

static bool
next_slot(const struct verdict_facts *f, int64_t after, int64_t *t,
    const struct tenure **owner)
{
	return tenures_next(f->tenancy->tenure, f->tenancy->n, after, t,
	    owner) && *t < f->to && *t <= f->now;
}

static size_t
count_runs(const struct verdict_facts *f, size_t from)
{
	size_t i = from;

	while (i < f->n_runs && f->run[i].has_slot &&
	    f->run[i].t == f->run[from].t)
		i++;
	return i - from;
}

/* The next run of a slot, or NULL. */
static const struct slot_run *
peek(const struct walk *w)
{
	const struct verdict_facts *f = w->facts;

	return w->run < f->n_runs && f->run[w->run].has_slot &&
	    f->run[w->run].t < f->to ? &f->run[w->run] : NULL;
}

/* What `tell` will tell of. */
static int64_t
next_told(const struct walk *w, bool owned, int64_t t)
{
	const struct slot_run *run = peek(w);

	return run != NULL && (!owned || run->t <= t) ? run->t : t;
}

/* The next slot by its run, or by its owner; they may be the same. */
static enum status
tell(struct walk *w, bool owned, int64_t t, const struct tenure *owner,
    bool *passed)
{
	const struct verdict_facts *f = w->facts;
	const struct slot_run *run = peek(w);
	struct audited a = { .schedule = f->schedule };
	size_t n = 0;

	strbuf_reset(&w->reason);
	if (run != NULL && (!owned || run->t <= t))
		n = count_runs(f, w->run);
	a.t = n > 0 ? run->t : t;
	if (n > 0)
		judge_runs(w, run, n, &a);
	else
		judge_absent(w, owner, &a);
	w->run += n;
	*passed = owned && a.t == t;
	return w->each(w->arg, &a);
}

/* Those before the instant. */
static enum status
tell_gaps(struct walk *w, int64_t before)
{
	enum status status = EXIT_DONE;
	struct audited a;

	for (; w->next_gap < w->n_gaps && status == EXIT_DONE &&
	    w->gap[w->next_gap].t < before; w->next_gap++) {
		const struct gap *gap = &w->gap[w->next_gap];

		strbuf_reset(&w->reason);
		memset(&a, 0, sizeof(a));
		a.schedule = w->facts->schedule;
		a.t = gap->t;
		a.about = true;
		a.version = w->facts->tenancy->tenure[gap->term].version;
		judge_active(w, gap->term, &a);
		if (a.state == AUDIT_MISSED)
			a.reason = "about then: a rate has no fixed slots";
		status = w->each(w->arg, &a);
	}
	return status;
}

static void
sort_begun(struct walk *w)
{
	const struct verdict_facts *f = w->facts;
	size_t i;

	w->begun = xcalloc(f->n_runs + 1, sizeof(struct slot_run *));
	for (i = 0; i < f->n_runs; i++)
		w->begun[i] = &f->run[i];
	qsort(w->begun, f->n_runs, sizeof(struct slot_run *), compare_begun);
}

enum status
verdict_slots(const struct verdict_facts *facts,
    enum status (*each)(void *arg, const struct audited *audited), void *arg)
{
	const struct verdict_facts *f = facts;
	struct walk w = { .facts = f, .each = each, .arg = arg };
	const struct tenure *owner = NULL;
	enum status status = EXIT_DONE;
	int64_t t = 0;
	bool more, passed;

	strbuf_init(&w.reason);
	if (f->n_runs > 0)
		qsort(f->run, f->n_runs, sizeof(*f->run), compare_runs);
	sort_begun(&w);
	while (peek(&w) != NULL && peek(&w)->t < f->from)
		w.run++;
	w.gap = spacing_gaps(f, &w.n_gaps);
	more = next_slot(f, f->from - 1, &t, &owner);
	while (status == EXIT_DONE && (more || peek(&w) != NULL)) {
		status = tell_gaps(&w, next_told(&w, more, t));
		if (status == EXIT_DONE)
			status = tell(&w, more, t, owner, &passed);
		if (status != EXIT_DONE)
			break;
		if (passed)
			more = next_slot(f, t, &t, &owner);
	}
	if (status == EXIT_DONE)
		status = tell_gaps(&w, INT64_MAX);
	strbuf_release(&w.reason);
	free(w.begun);
	free(w.gap);
	return status;
}
