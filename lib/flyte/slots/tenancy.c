/*
 * Terms are added in the order in which they weigh: a later one has all from
 * its beginning on, so that what is known better is added after what is known
 * worse.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/slots/tenancy.h"

static int64_t
seconds(int64_t ms)
{
	return floor_div(ms, 1000);
}

static int64_t
max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Slots that never come, for those that cannot be known. */
static const struct slots no_slots = {
	.expression = { .dialect = DIALECT_EVERY, .every = { .sec = 1 } },
	.has_end = true, .end = INT64_MIN,
};

static void
add(struct tenancy *y, int64_t after, enum term_kind kind,
    const struct schedversion *version)
{
	struct tenure *tenure;
	size_t cap = y->cap;

	if (y->n > 0 && y->term[y->n - 1].kind == kind &&
	    y->term[y->n - 1].version == version &&
	    y->tenure[y->n - 1].after <= after)
		return;
	ALLOC_GROW(y->tenure, y->n, y->cap);
	if (y->cap != cap)
		y->term = xreallocarray(y->term, y->cap, sizeof(*y->term));
	tenure = &y->tenure[y->n];
	memset(tenure, 0, sizeof(*tenure));
	tenure->after = after;
	tenure->slots = version->known ? version->slots : no_slots;
	if (kind != TERM_UNKNOWN)
		tenure->version = version->app_version;
	y->term[y->n].kind = kind;
	y->term[y->n].version = version;
	y->n++;
}

static const struct schedversion *
find_active(const struct tenancy_facts *f)
{
	size_t i;

	for (i = f->n_versions; i > 0; i--)
		if (f->version[i - 1].active)
			return &f->version[i - 1];
	return NULL;
}

const struct schedversion *
tenancy_present(const struct tenancy_facts *f)
{
	const struct schedversion *active = find_active(f);

	return active != NULL ? active : &f->version[f->n_versions - 1];
}

/*
 * Between two slots that it ran a version was in force if nobody deactivated
 * it since the first of them.
 */
static void
add_seen(struct tenancy *y, const struct tenancy_facts *f)
{
	const struct sighting *seen;
	size_t i;

	for (i = 0; i < f->n_seen; i++) {
		seen = &f->seen[i];
		add(y, seen->t - 1, TERM_ACTIVE, seen->version);
		if (i + 1 == f->n_seen || seen[1].version != seen->version ||
		    seconds(seen->version->updated) > seen->t)
			add(y, seen->t, TERM_UNKNOWN, i + 1 < f->n_seen ?
			    seen[1].version : tenancy_present(f));
	}
}

static void
add_journal(struct tenancy *y, const struct tenancy_facts *f)
{
	const struct decree *s;
	size_t i;

	for (i = 0; i < f->n_decrees; i++) {
		s = &f->decree[i];
		if (s->version == NULL)
			add(y, s->after, TERM_UNKNOWN, tenancy_present(f));
		else
			add(y, s->after, s->active ? TERM_ACTIVE : TERM_PAUSED,
			    s->version);
	}
}

/* The last slot that another version than this ran; INT64_MIN: none. */
static int64_t
last_of_others(const struct tenancy_facts *f,
    const struct schedversion *version)
{
	size_t i;

	for (i = f->n_seen; i > 0; i--)
		if (f->seen[i - 1].version != version)
			return f->seen[i - 1].t;
	return INT64_MIN;
}

/* Since when the version that is ACTIVE has surely been so, but for pauses. */
static int64_t
active_since(const struct tenancy_facts *f, const struct schedversion *active)
{
	return max(seconds(max(active->created, active->updated)),
	    last_of_others(f, active));
}

/* Nothing is ACTIVE, and no journal tells since when. */
static void
add_pause(struct tenancy *y, const struct tenancy_facts *f)
{
	const struct schedversion *newest = &f->version[f->n_versions - 1];
	int64_t since = INT64_MIN;
	size_t i;

	for (i = 0; i < f->n_versions; i++)
		if (f->version[i].updated > f->version[i].created)
			since = max(since, seconds(f->version[i].updated));
	if (f->has_pause)
		since = f->pause;
	if (since != INT64_MIN)
		add(y, since, TERM_PAUSED, newest);
	else if (f->n_seen == 0)
		add(y, seconds(f->version[0].created), TERM_PAUSED, newest);
}

/* What another tool did behind the journal's back. */
static void
add_strange(struct tenancy *y, const struct tenancy_facts *f)
{
	const struct decree *last = &f->decree[f->n_decrees - 1];
	const struct schedversion *active = find_active(f);
	int64_t seen;
	size_t i;

	if (last->version == NULL || (last->active && last->version->active))
		return;
	if (active == NULL) {
		if (last->active &&
		    seconds(last->version->updated) > last->after)
			add(y, seconds(last->version->updated), TERM_PAUSED,
			    last->version);
	} else if (last->active) {
		seen = max(last->after, last_of_others(f, active));
		add(y, seen, TERM_UNKNOWN, active);
		add(y, max(seen, active_since(f, active)), TERM_ACTIVE,
		    active);
	} else {
		for (i = 0; i < f->n_seen; i++)
			if (f->seen[i].t > last->after &&
			    f->seen[i].version == active) {
				add(y, f->seen[i].t - 1, TERM_ACTIVE, active);
				break;
			}
	}
}

void
tenancy_make(struct tenancy *tenancy, const struct tenancy_facts *facts)
{
	const struct schedversion *active = find_active(facts);

	add(tenancy, facts->unowned ? INT64_MIN :
	    seconds(facts->version[0].created), TERM_UNKNOWN,
	    tenancy_present(facts));
	add_seen(tenancy, facts);
	add_journal(tenancy, facts);
	if (facts->n_decrees > 0)
		add_strange(tenancy, facts);
	else if (active != NULL)
		add(tenancy, active_since(facts, active), TERM_ACTIVE, active);
	else
		add_pause(tenancy, facts);
	tenures_settle(tenancy->tenure, tenancy->n);
}

void
tenancy_release(struct tenancy *tenancy)
{
	free(tenancy->tenure);
	free(tenancy->term);
	memset(tenancy, 0, sizeof(*tenancy));
}
