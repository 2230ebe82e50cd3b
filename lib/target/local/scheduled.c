/*
 * The schedules that the store has, each with its newest run: two queries in
 * the order of names, put together in memory, so that nobody who looks at the
 * list in a pager keeps the store from being written.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledger.h"
#include "lib/target/local/schedules.h"

struct listing {
	struct local *local;
	struct arena arena;		/* of all texts */
	bool removed;
	int64_t now;			/* seconds */
	struct scheduled *v;		/* by name */
	size_t n, cap;
	size_t at;			/* where the next run belongs */
};

static char *
copy(struct listing *l, const char *text)
{
	return text != NULL ? arena_strdup(&l->arena, text) : NULL;
}

static enum status
find_next(const struct listing *l, const struct ledger_schedule *row,
    struct scheduled *to)
{
	struct definition d;
	enum status status;

	if (row->state != SCHEDULE_ACTIVE)
		return EXIT_DONE;
	status = ledger_compile(&row->definition, &d);
	if (status == EXIT_DONE)
		to->has_next = slots_next(&d.slots, l->now, &to->next);
	return status;
}

static enum status
add_schedule(void *arg, const struct ledger_schedule *row)
{
	const struct ledger_definition *d = &row->definition;
	struct listing *l = arg;
	struct scheduled *to;

	if (row->state == SCHEDULE_REMOVED && !l->removed)
		return EXIT_DONE;
	ALLOC_GROW(l->v, l->n, l->cap);
	to = &l->v[l->n++];
	memset(to, 0, sizeof(*to));
	to->name = copy(l, row->name);
	to->app = copy(l, row->app);
	to->workflow = copy(l, row->workflow);
	to->when = copy(l, d->when);
	to->timezone = copy(l, d->timezone);
	to->keys = copy(l, d->keys);
	to->state = row->state;
	to->since = row->since;
	to->who = copy(l, row->who);
	to->note = copy(l, row->note);
	to->version = copy(l, d->version);
	to->model = copy(l, d->model);
	return find_next(l, row, to);
}

static void
copy_run(struct listing *l, struct run *to, const struct run *run)
{
	*to = *run;
	to->id = copy(l, run->id);
	to->workflow = copy(l, run->workflow);
	to->schedule = copy(l, run->schedule);
	to->app_version = copy(l, run->app_version);
	to->retry_of = copy(l, run->retry_of);
	to->model = copy(l, run->model);
	to->inputs = copy(l, run->inputs);
	to->error = copy(l, run->error);
}

static enum status
add_last(void *arg, const struct run *run, const char *owner)
{
	struct listing *l = arg;
	struct scheduled *to;

	while (l->at < l->n && strcmp(l->v[l->at].name, run->schedule) < 0)
		l->at++;
	if (l->at == l->n || strcmp(l->v[l->at].name, run->schedule) != 0)
		return EXIT_DONE;
	to = &l->v[l->at];
	copy_run(l, &to->last, run);
	to->last.status = local_status(l->local->store, run->id, run->status,
	    owner);
	return EXIT_DONE;
}

static enum status
read_all(struct listing *l)
{
	struct store *store = l->local->store;
	enum status status = ledger_begin_read(store);

	if (status != EXIT_DONE)
		return status;
	status = ledger_list(store, add_schedule, l);
	if (status == EXIT_DONE)
		status = ledger_last_runs(store, add_last, l);
	return ledger_end(store, status);
}

enum status
local_list_schedules(struct target *target, bool removed,
    enum status (*each)(void *arg, const struct scheduled *scheduled),
    void *arg)
{
	struct listing l = { .local = (struct local *)target,
	    .removed = removed, .now = clock_now().sec };
	enum status status;
	size_t i;

	if (l.local->store == NULL)
		return EXIT_DONE;
	status = read_all(&l);
	for (i = 0; i < l.n && status == EXIT_DONE; i++)
		status = each(arg, &l.v[i]);
	free(l.v);
	arena_release(&l.arena);
	return status;
}
