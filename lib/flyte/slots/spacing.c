/* Rates that other tools have made: see spacing.h. */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/flyte/slots/spacing.h"

struct measuring {
	const struct verdict_facts *facts;
	struct gap *v;
	size_t n, cap;
};

/* From a run, or a beginning, up to the next run, or an end. */
static void
measure(struct measuring *m, size_t term, int64_t from, int64_t until)
{
	int64_t rate = m->facts->tenancy->term[term].version->rate;
	int64_t t;

	for (t = from + rate; t <= until - rate; t += rate) {
		ALLOC_GROW(m->v, m->n, m->cap);
		m->v[m->n++] = (struct gap){ t, term };
	}
}

static void
measure_term(struct measuring *m, size_t term)
{
	const struct verdict_facts *f = m->facts;
	const struct tenure *tenure = &f->tenancy->tenure[term];
	int64_t from = tenure->after + VERDICT_DOUBT, until = tenure->until;
	size_t i;

	if (from < f->from)
		from = f->from;
	if (until > f->now)
		until = f->now;
	if (until > f->to)
		until = f->to;
	for (i = 0; i < f->n_runs && f->run[i].has_slot; i++) {
		if (f->run[i].t < from)
			continue;
		if (f->run[i].t > until)
			break;
		measure(m, term, from, f->run[i].t);
		from = f->run[i].t;
	}
	measure(m, term, from, until);
}

struct gap *
spacing_gaps(const struct verdict_facts *facts, size_t *n)
{
	struct measuring m = { .facts = facts };
	const struct tenancy *y = facts->tenancy;
	size_t i;

	for (i = 0; i < y->n; i++)
		if (y->term[i].kind == TERM_ACTIVE &&
		    !y->term[i].version->known &&
		    y->term[i].version->rate > 0 &&
		    y->tenure[i].after < y->tenure[i].until)
			measure_term(&m, i);
	*n = m.n;
	return m.v;
}
