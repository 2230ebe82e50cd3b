/*
 * A deploy's schedules: what the version declares for this target against what
 * the store has, all of it in one transaction, so that of two deploys at once
 * one wins whole. What was paused by hand stays paused; what is no longer
 * declared is removed. Without states only what is not there yet is written,
 * inactive: who owns slots goes on owning them.
 */
#include "lib/base/compat.h"

#include "lib/base/nameset.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/model/app.h"
#include "lib/target/local/adopt.h"
#include "lib/target/local/pin.h"
#include "lib/target/local/schedules.h"

enum { NAMED = 5 };

struct reconciling {
	struct local *local;
	const struct reconcile_request *request;
	struct adopting all;
	const struct schedule **declared;	/* that live on the target */
	size_t n_declared;
	struct nameset names;			/* of `declared` */
	struct strvec gone;			/* no longer declared */
	struct strvec foreign;			/* active, of another app */
	const char *other_app;
	struct adoption *adoption;
	size_t n;
};

static void
find_declared(struct reconciling *r)
{
	const struct app *app = r->request->app;
	struct arena *arena = &r->all.arena;
	const char **names;
	size_t i;

	r->declared = arena_array(arena, app->n_schedules,
	    sizeof(*r->declared));
	names = arena_array(arena, app->n_schedules, sizeof(*names));
	for (i = 0; i < app->n_schedules; i++) {
		if (!schedule_lives_on(&app->schedule[i],
		    r->request->target))
			continue;
		names[r->n_declared] = app->schedule[i].name;
		r->declared[r->n_declared++] = &app->schedule[i];
	}
	nameset_init(&r->names, arena, names, r->n_declared, sizeof(*names));
}

/* What the store has besides. */
static enum status
look_at_row(void *arg, const struct ledger_schedule *row)
{
	struct reconciling *r = arg;
	bool ours = strcmp(row->app, r->request->app->name) == 0;

	if (ours && row->state != SCHEDULE_REMOVED &&
	    nameset_find(&r->names, row->name) == SIZE_MAX)
		strvec_push(&r->gone, row->name);
	if (!ours && row->state == SCHEDULE_ACTIVE) {
		strvec_push(&r->foreign, row->name);
		r->other_app = arena_strdup(&r->all.arena, row->app);
	}
	return EXIT_DONE;
}

static enum status
refuse_foreign(const struct reconciling *r)
{
	struct strbuf names = STRBUF_INIT;

	if (r->foreign.n == 0 || r->n_declared == 0 || !r->request->states)
		return EXIT_DONE;
	strvec_print(&r->foreign, &names, NAMED);
	error(EXIT_CONFLICT, "the store '%s' fires schedules of another app, "
	    "'%s': %s", r->local->dir, r->other_app, names.buf);
	hint("give this app a store of its own, by 'store:' of a target, or "
	    "end the others: %s deactivate-schedules", self_call());
	strbuf_release(&names);
	return EXIT_CONFLICT;
}

static enum schedule_state
state_to_be(const struct reconcile_request *request,
    const struct adoption *one)
{
	enum schedule_state state = adopt_exists(one) ? one->row.state :
	    SCHEDULE_INACTIVE;

	if (!request->states)
		return state;
	if (state == SCHEDULE_PAUSED &&
	    !(request->activate && one->schedule->active))
		return SCHEDULE_PAUSED;
	if (one->missing != NULL)
		return SCHEDULE_INACTIVE;
	if (one->schedule->active)
		return SCHEDULE_ACTIVE;
	return state;
}

/* Without states, what fires or is paused stays its old version's. */
static bool
is_to_redefine(const struct reconcile_request *request,
    const struct adoption *one)
{
	if (!adopt_exists(one))
		return true;
	if (!request->states && one->row.state != SCHEDULE_INACTIVE)
		return false;
	return adopt_differs(one);
}

static enum status
weigh_declared(struct reconciling *r, const struct schedule *schedule,
    struct adoption *one)
{
	enum status status;

	status = adopt_look(&r->all, schedule->name, one);
	if (status == EXIT_DONE)
		status = pin_check_file(r->request->app, schedule);
	if (status == EXIT_DONE)
		status = adopt_define(&r->all, schedule, one);
	if (status == EXIT_DONE) {
		one->state = state_to_be(r->request, one);
		one->redefine = is_to_redefine(r->request, one);
	}
	return status;
}

/* Decides everything, and changes nothing. */
static enum status
weigh(struct reconciling *r, struct schedule_changes *changes)
{
	enum status status = EXIT_DONE;
	size_t i;

	if (r->all.store != NULL)
		status = ledger_list(r->all.store, look_at_row, r);
	if (status == EXIT_DONE)
		status = refuse_foreign(r);
	if (status != EXIT_DONE)
		return status;
	r->adoption = xcalloc(r->n_declared + r->gone.n,
	    sizeof(*r->adoption));
	for (i = 0; i < r->n_declared && status == EXIT_DONE; i++)
		status = weigh_declared(r, r->declared[i],
		    &r->adoption[r->n++]);
	for (i = 0; i < r->gone.n && status == EXIT_DONE; i++) {
		status = adopt_look(&r->all, r->gone.v[i],
		    &r->adoption[r->n]);
		if (r->request->states)
			r->adoption[r->n].state = SCHEDULE_REMOVED;
		r->n++;
	}
	for (i = 0; i < r->n && status == EXIT_DONE; i++)
		status = adopt_describe(&r->all, &r->adoption[i], changes);
	return status;
}

/* Of those that change alone; `changed` says which. */
static enum status
write_all(struct reconciling *r, bool *changed)
{
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < r->n && status == EXIT_DONE; i++) {
		changed[i] = adopt_changes(&r->adoption[i]);
		if (changed[i])
			status = adopt_write(&r->all, &r->adoption[i]);
	}
	return status;
}

static enum status
read_back(struct reconciling *r, const bool *changed)
{
	enum status status = EXIT_DONE, first = EXIT_DONE;
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (changed[i])
			status = adopt_read_back(&r->all, &r->adoption[i]);
		if (first == EXIT_DONE)
			first = status;
	}
	return first;
}

static enum status
carry_out(struct reconciling *r, struct schedule_changes *changes)
{
	enum status status = adopting_begin(&r->all);
	bool *changed;

	if (status != EXIT_DONE)
		return status;
	status = weigh(r, changes);
	changed = xcalloc(r->n + 1, sizeof(*changed));
	if (status == EXIT_DONE)
		status = write_all(r, changed);
	status = ledger_end(r->all.store, status);
	if (status == EXIT_DONE) {
		adopting_tell(&r->all);
		status = read_back(r, changed);
	}
	free(changed);
	return status;
}

enum status
local_reconcile(struct target *target,
    const struct reconcile_request *request,
    struct schedule_changes *changes)
{
	struct reconciling r = { .local = (struct local *)target,
	    .request = request };
	enum status status = EXIT_DONE;

	if (!request->dry_run && request->app->n_schedules == 0 &&
	    r.local->store == NULL)
		return EXIT_DONE;
	if (!request->dry_run)
		status = local_reopen(r.local);
	if (status != EXIT_DONE)
		return status;
	adopting_init(&r.all, r.local->store, request->who);
	r.all.app = request->app;
	r.all.version = request->version;
	strvec_init(&r.gone);
	strvec_init(&r.foreign);
	find_declared(&r);
	status = request->dry_run ? weigh(&r, changes) :
	    carry_out(&r, changes);
	free(r.adoption);
	strvec_release(&r.gone);
	strvec_release(&r.foreign);
	adopting_release(&r.all);
	return status;
}
