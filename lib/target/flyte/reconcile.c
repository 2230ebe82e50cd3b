/*
 * A deploy's schedules. Their launch plans are registered already; here their
 * states become those of the version. What was paused by hand stays paused, and
 * what is no longer declared is deactivated.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/model/schedulekeys.h"
#include "lib/target/flyte/deployment.h"
#include "lib/target/flyte/dryrun.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/settle.h"

struct reconciling {
	const struct reconcile_request *request;
	struct deployment *deployment;
	struct settling settling;
};

static enum schedule_state
state_to_be(const struct reconcile_request *request,
    const struct settle_now *now, const struct schedule *schedule,
    const char *missing)
{
	enum schedule_state state = now->existed ? now->state :
	    SCHEDULE_INACTIVE;

	if (!request->states)
		return state;
	if (settle_was_cut(now))
		state = SCHEDULE_ACTIVE;
	if (state == SCHEDULE_PAUSED && !(request->activate &&
	    schedule->active))
		return SCHEDULE_PAUSED;
	if (missing != NULL)
		return SCHEDULE_INACTIVE;
	return schedule->active ? SCHEDULE_ACTIVE : state;
}

static const char *
missing_text(const struct object *object)
{
	if (object->open == NULL)
		return NULL;
	if (strcmp(object->open, "@model@") == 0)
		return "there is no model yet: train, then deploy again";
	return "its workflow is not registered there";
}

static void
define(struct reconciling *r, const struct object *object,
    const char *missing, struct journal_row *row)
{
	const struct schedule *schedule = object->launch_plan->schedule;
	struct arena *arena = &r->settling.next.arena;
	struct encode_model model = { NULL, NULL };
	const char *code = deploy_foreign_version(r->deployment, schedule);
	struct strbuf keys = STRBUF_INIT;

	schedule_keys_print(&keys, schedule);
	row->name = schedule->name;
	row->version = code != NULL ? code : r->request->version;
	row->plan = missing != NULL ? "" : object->version;
	row->workflow = workflow_name(schedule->workflow);
	row->when = schedule->when;
	row->timezone = schedule->timezone;
	row->keys = arena_strdup(arena, keys.buf);
	if (r->deployment->place.model != NULL &&
	    schedule->model.source != MODEL_UNSET &&
	    r->deployment->place.model(r->deployment->place.arg, schedule,
	    &model))
		row->model = model.run;
	strbuf_release(&keys);
}

/* Without states what fires, or is paused, stays as it is. */
static void
weigh_declared(struct reconciling *r, const struct object *object)
{
	const struct schedule *schedule = object->launch_plan->schedule;
	const char *missing = missing_text(object);
	struct journal_row row = { .name = NULL };
	struct settle_now now;

	settle_look(&r->settling, schedule->name, &now);
	define(r, object, missing, &row);
	row.state = state_to_be(r->request, &now, schedule, missing);
	if (!r->request->states && (now.state == SCHEDULE_ACTIVE ||
	    now.state == SCHEDULE_PAUSED || settle_was_cut(&now)))
		settle_as_is(&r->settling, &now, &row);
	settle_row(&r->settling, &now, &row, true, missing);
}

static bool
is_declared(const struct reconciling *r, const char *name)
{
	return journal_find(&r->settling.next, name) != NULL;
}

static void
weigh_gone(struct reconciling *r, const char *name)
{
	struct journal_row row;
	struct settle_now now;

	settle_look(&r->settling, name, &now);
	if (!now.existed || (!r->request->states && now.row != NULL &&
	    now.row->state == SCHEDULE_REMOVED))
		return;
	settle_as_is(&r->settling, &now, &row);
	if (r->request->states) {
		row.since = 0;
		row.keys = NULL;
		row.state = SCHEDULE_REMOVED;
	}
	settle_row(&r->settling, &now, &row, false, NULL);
}

/* What the journal is a launch plan of: train, else the next there is. */
static void
find_workflow(struct settling *s, const struct deployment *d)
{
	const struct encoding *e = &d->encoding;
	size_t i;

	for (i = 0; i < e->n; i++) {
		if (e->object[i].kind != OBJECT_WORKFLOW)
			continue;
		s->next.workflow = e->object[i].name;
		s->next.workflow_version = e->object[i].version;
		return;
	}
	deploy_foreign_workflow(d, &s->next.workflow,
	    &s->next.workflow_version);
}

static void
weigh(struct reconciling *r)
{
	const struct encoding *e = &r->deployment->encoding;
	struct settling *s = &r->settling;
	const struct object *object;
	size_t i;

	find_workflow(s, r->deployment);
	for (i = 0; i < e->n; i++) {
		object = &e->object[i];
		if (object->kind == OBJECT_LAUNCH_PLAN &&
		    object->launch_plan->schedule != NULL)
			weigh_declared(r, object);
	}
	journal_index(&s->next);
	for (i = 0; i < s->old.n; i++)
		if (!is_declared(r, s->old.row[i].name))
			weigh_gone(r, s->old.row[i].name);
	for (i = 0; i < s->standing.n; i++)
		if (standing_find(&s->standing, s->standing.row[i].name) ==
		    &s->standing.row[i] &&
		    !is_declared(r, s->standing.row[i].name) &&
		    journal_find(&s->old, s->standing.row[i].name) == NULL)
			weigh_gone(r, s->standing.row[i].name);
	settle_keep_others(s);
}

static size_t
count_schedules(const struct encoding *e)
{
	size_t i, n = 0;

	for (i = 0; i < e->n; i++)
		n += e->object[i].kind == OBJECT_LAUNCH_PLAN;
	return n;
}

/* Registering takes its time, in which somebody may change the states. */
static struct standing *
seen_just_now(struct deployment *d)
{
	return d->unchanged ? &d->registration.standing : NULL;
}

enum status
flyte_reconcile(struct target *target,
    const struct reconcile_request *request,
    struct schedule_changes *changes)
{
	struct flyte *flyte = (struct flyte *)target;
	struct reconciling r = { .request = request,
	    .deployment = flyte->deployment };
	enum status status;

	if (r.deployment == NULL)
		BUG("schedules of what was not deployed");
	status = settle_begin(&r.settling, flyte, "deploy", request->who,
	    count_schedules(&r.deployment->encoding),
	    seen_just_now(r.deployment), changes);
	if (status == EXIT_DONE) {
		weigh(&r);
		if (request->states)
			status = settle_find_missed(&r.settling);
	}
	if (status == EXIT_DONE && (!request->dry_run ||
	    dry_run_is_shown(flyte)))
		status = request->states ?
		    settle_carry_out(&r.settling, request->now) :
		    settle_record(&r.settling);
	settle_release(&r.settling);
	return status;
}
