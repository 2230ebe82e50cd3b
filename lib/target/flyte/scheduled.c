/* The list of schedules: the journal's, as the cluster has them now. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/slots/fslots.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/lastruns.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/settle.h"

struct listing {
	struct settling settling;
	struct scheduled *v;
	size_t n;
};

static char *
copy(const char *text)
{
	return text != NULL && *text != '\0' ? xstrdup(text) : NULL;
}

/*
 * What fires is told as it is, though the journal wants another version or a
 * pause: another tool did it, or a command was cut.
 */
static struct journal_row
shown(struct settling *s, const struct settle_now *now)
{
	struct journal_row row;

	if (now->standing != NULL && (now->row == NULL ||
	    !standing_same(now->standing, now->row)))
		row = settle_found(&s->next.arena, now->standing);
	else
		row = *now->row;
	row.state = now->standing != NULL ? SCHEDULE_ACTIVE : now->state;
	return row;
}

static void
describe(struct listing *l, const char *name)
{
	struct settling *s = &l->settling;
	struct scheduled *to = &l->v[l->n++];
	struct journal_row row;
	struct settle_now now;

	settle_look(s, name, &now);
	row = shown(s, &now);
	to->name = xstrdup(name);
	to->app = xstrdup(s->flyte->app->name);
	to->state = row.state;
	to->workflow = copy(row.workflow);
	to->when = copy(row.when);
	to->timezone = copy(row.timezone);
	to->keys = copy(row.keys);
	to->version = copy(row.version);
	to->model = copy(row.model);
	if (now.row != NULL && now.row->state == row.state) {
		to->since = now.row->since;
		to->who = copy(now.row->who);
		to->note = copy(now.row->note);
	} else if (now.row != NULL && row.state == SCHEDULE_PAUSED) {
		to->since = s->paused[now.row - s->old.row];
	}
	if (row.state == SCHEDULE_ACTIVE && !(now.standing != NULL &&
	    now.standing->drifts))
		to->has_next = fslots_next(to->when, to->timezone,
		    clock_now().sec, &to->next);
}

static int
compare(const void *a, const void *b)
{
	const struct scheduled *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
describe_all(struct listing *l, bool removed)
{
	const struct settling *s = &l->settling;
	const char *name;
	size_t i;

	l->v = xcalloc(s->old.n + s->standing.n + 1, sizeof(*l->v));
	for (i = 0; i < s->old.n; i++)
		if (removed || s->old.row[i].state != SCHEDULE_REMOVED ||
		    standing_find(&s->standing, s->old.row[i].name) != NULL)
			describe(l, s->old.row[i].name);
	for (i = 0; i < s->standing.n; i++) {
		name = s->standing.row[i].name;
		if (journal_find(&s->old, name) == NULL &&
		    standing_find(&s->standing, name) == &s->standing.row[i])
			describe(l, name);
	}
	qsort(l->v, l->n, sizeof(*l->v), compare);
}

enum status
flyte_list_schedules(struct target *target, bool removed,
    enum status (*each)(void *arg, const struct scheduled *scheduled),
    void *arg)
{
	struct schedule_changes changes = SCHEDULE_CHANGES_INIT;
	struct listing l = { .n = 0 };
	enum status status;
	size_t i;

	status = settle_begin(&l.settling, (struct flyte *)target, "", "", 0,
	    NULL, &changes);
	if (status == EXIT_DONE) {
		describe_all(&l, removed);
		status = lastruns_find((struct flyte *)target, l.v, l.n);
	}
	for (i = 0; i < l.n && status == EXIT_DONE; i++)
		status = each(arg, &l.v[i]);
	for (i = 0; i < l.n; i++)
		scheduled_release(&l.v[i]);
	free(l.v);
	settle_release(&l.settling);
	return status;
}
