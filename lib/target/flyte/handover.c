/*
 * What a version missed that is about to be replaced: Flyte's scheduler makes
 * up slots of the version in force alone. Its last slot is looked for first,
 * for all schedules at once, by the names that their runs must have; only
 * where there is none its other slots are.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/nameset.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/slots/fslots.h"
#include "lib/flyte/slots/verdict.h"
#include "lib/schedule/slot.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/settle.h"
#include "lib/text/jsonio.h"

enum { NAMES_ASKED = 60, WEEK = 7 * 86400 };

/* The last slot that came due under a version which is to end. */
struct last_slot {
	char id[SLOT_ID_LEN + 1];	/* of its run */
	const char *schedule;
	struct schedule_change *change;
	int64_t t;
	bool settled;			/* nothing more is to be asked */
	bool has_id;
};

struct looking {
	struct settling *s;
	struct arena arena;
	const char *scope;
	struct last_slot *v;
	size_t n;
	struct nameset names;		/* of schedules */
	size_t open;			/* whose owner is not known yet */
	bool done;
	int64_t now;
};

static bool
is_ending(const struct settling *s, const struct schedule_change *c,
    const struct standing_row *old)
{
	const struct journal_row *row = journal_find(&s->next, c->name);

	return c->written && c->before == SCHEDULE_ACTIVE && old != NULL &&
	    !old->drifts && row != NULL && !(row->state == SCHEDULE_ACTIVE &&
	    standing_same(old, row));
}

static void
find_last_slots(struct looking *l)
{
	const struct settling *s = l->s;
	struct schedule_change *c;
	const struct standing_row *old;
	const struct journal_row *row;
	struct last_slot *last;
	int64_t since, t;
	size_t i;

	l->v = arena_array(&l->arena, s->changes->n, sizeof(*l->v));
	for (i = 0; i < s->changes->n; i++) {
		c = &s->changes->v[i];
		old = standing_find(&s->standing, c->name);
		if (!is_ending(s, c, old))
			continue;
		row = journal_find(&s->old, c->name);
		since = floor_div(row != NULL ? row->since : old->created,
		    1000);
		if (since < l->now - WEEK)
			since = l->now - WEEK;
		if (!fslots_last(old->when, old->timezone, since,
		    l->now - VERDICT_LATE, &t))
			continue;
		last = &l->v[l->n++];
		last->schedule = c->name;
		last->change = c;
		last->t = t;
	}
	l->open = l->n;
}

/* The one that was in force when the slot came owned it. */
static enum status
find_owners(void *arg, const struct journal *j)
{
	struct looking *l = arg;
	const struct journal_row *row;
	struct last_slot *last;
	size_t i;

	for (i = 0; i < l->n; i++) {
		last = &l->v[i];
		if (last->settled || last->has_id ||
		    last->t <= floor_div(j->time, 1000))
			continue;
		l->open--;
		row = journal_find(j, last->schedule);
		if (row == NULL || row->state != SCHEDULE_ACTIVE) {
			last->settled = true;
			continue;
		}
		last->has_id = true;
		slot_run_id(last->id, l->scope, journal_plan(&l->arena,
		    l->s->flyte, row), row->plan, last->t, 0);
	}
	l->done = l->open == 0;
	return EXIT_DONE;
}

static enum status
found(void *arg, const struct json *item)
{
	const char *id = api_text(json_find(item, "id"), "name");
	struct looking *l = arg;
	size_t i = nameset_find(&l->names, id);

	if (i != SIZE_MAX)
		l->v[i].settled = true;
	return EXIT_DONE;
}

/* Of which there is a run, nothing else is missing: they come in order. */
static enum status
find_runs(struct looking *l)
{
	struct api_list list = { .member = "executions",
	    .what = "cannot look for the schedules' runs" };
	struct strbuf filters = STRBUF_INIT;
	enum status status = EXIT_DONE;
	size_t i, n = 0;

	list.path = api_object(&l->arena, l->s->flyte, "executions", NULL,
	    NULL);
	for (i = 0; i < l->n && status == EXIT_DONE; i++) {
		if (l->v[i].has_id)
			strbuf_addf(&filters, "%s%s", n++ == 0 ?
			    "gte(state,0)+value_in(execution_name," : ";",
			    l->v[i].id);
		if (n == 0 || (n < NAMES_ASKED && i + 1 < l->n))
			continue;
		strbuf_addch(&filters, ')');
		list.filters = filters.buf;
		status = api_list(l->s->flyte, &list, found, l, NULL);
		strbuf_reset(&filters);
		n = 0;
	}
	strbuf_release(&filters);
	return status;
}

static enum status
count_missed(void *arg, const struct audited *a)
{
	struct looking *l = arg;
	struct schedule_change *c;
	size_t i = nameset_find(&l->names, a->schedule);

	if (i == SIZE_MAX || (a->state != AUDIT_MISSED &&
	    a->state != AUDIT_DUE) || a->t > l->now - VERDICT_LATE)
		return EXIT_DONE;
	c = l->v[i].change;
	if (c->n_missed++ == 0)
		c->first_missed = a->t;
	c->last_missed = a->t;
	return EXIT_DONE;
}

/* An audit of those whose last slot has no run. */
static enum status
look_closer(struct looking *l)
{
	struct strvec names = STRVEC_INIT;
	const struct audit_request request = { .names = &names,
	    .from = l->now - WEEK, .to = l->now + 1 };
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!l->v[i].settled)
			strvec_push(&names, l->v[i].schedule);
	if (names.n > 0)
		status = flyte_audit(&l->s->flyte->target, &request,
		    count_missed, l);
	strvec_release(&names);
	return status;
}

static void
index_by(struct looking *l, bool schedule)
{
	const char **name = arena_array(&l->arena, l->n, sizeof(*name));
	size_t i;

	for (i = 0; i < l->n; i++)
		name[i] = schedule ? l->v[i].schedule : l->v[i].id;
	nameset_init(&l->names, &l->arena, name, l->n, sizeof(*name));
}

enum status
settle_find_missed(struct settling *s)
{
	struct looking l = { .s = s, .now = clock_now().sec };
	enum status status = EXIT_DONE;

	l.scope = arena_printf(&l.arena, "%s:%s", s->flyte->project,
	    s->flyte->domain);
	find_last_slots(&l);
	if (l.n > 0 && s->old.generation > 0)
		status = find_owners(&l, &s->old);
	if (status == EXIT_DONE && l.open > 0 && s->old.generation > 0)
		status = journal_each(s->flyte, find_owners, &l, &l.done);
	index_by(&l, false);
	if (status == EXIT_DONE)
		status = find_runs(&l);
	index_by(&l, true);
	if (status == EXIT_DONE)
		status = look_closer(&l);
	arena_release(&l.arena);
	return status;
}
