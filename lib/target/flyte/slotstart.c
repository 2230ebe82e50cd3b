/*
 * Runs of schedules that the cluster's scheduler did not start: what is sent
 * is what it would send, so that nobody can tell them apart afterwards. A name
 * that exists is never posted to: even a refusal would overwrite the inputs
 * that are kept with it.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decode.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/slotpost.h"
#include "lib/target/flyte/slotruns.h"
#include "lib/target/flyte/standing.h"
#include "lib/text/jsonio.h"

enum { ATTEMPTS = 4096, NAMES_ASKED = 60 };

struct starting {
	struct flyte *flyte;
	const struct start_request *request;
	struct slot_plans plans;
	struct slot_plan *plan;
	const struct schedversion *version;	/* that the run will be of */
	int64_t now, t;
	bool unowned;
	char name[SLOT_ID_LEN + 1];	/* of the run */
	const char *already;		/* the run that is there; NULL */
	const char *busy;		/* another one that goes on */
	bool is_busy;
};

static const char *
show(struct starting *s, int64_t t)
{
	struct strbuf sb = STRBUF_INIT;
	const char *text;

	instant_print(&sb, (struct instant){ t, 0 });
	text = arena_strdup(&s->plans.arena, sb.buf);
	strbuf_release(&sb);
	return text;
}

static enum status
no_slot(struct starting *s, const struct tenancy *y)
{
	const struct tenure *owner;
	int64_t next;

	error(EXIT_CONFLICT, "schedule '%s' has no slot at %s",
	    s->request->schedule, show(s, s->t));
	if (tenures_next(y->tenure, y->n, s->t, &next, &owner))
		hint("the next one is %s", show(s, next));
	return EXIT_CONFLICT;
}

/*
 * The version that owned the slot; where nobody knows, and in a pause, the one
 * that is in force now.
 */
static enum status
find_owner(struct starting *s)
{
	const struct tenancy_facts facts = { .version = s->plan->version,
	    .n_versions = s->plan->n_versions };
	struct tenancy tenancy = { .n = 0 };
	const struct tenure *owner;
	enum status status = EXIT_DONE;
	int64_t t;

	slot_plan_tenancy(s->plan, true, &tenancy);
	if (!tenures_next(tenancy.tenure, tenancy.n, s->t - 1, &t, &owner) ||
	    t != s->t) {
		status = no_slot(s, &tenancy);
	} else if (s->t > s->now) {
		status = error(EXIT_CONFLICT, "the slot of %s at %s is still "
		    "to come", s->request->schedule, show(s, s->t));
	} else if (tenancy.term[owner - tenancy.tenure].kind == TERM_ACTIVE) {
		s->version = tenancy.term[owner - tenancy.tenure].version;
	} else {
		s->version = tenancy_present(&facts);
		s->unowned = true;
	}
	tenancy_release(&tenancy);
	return status;
}

/* A run of the slot that is there. */
struct attempt {
	const char *id;			/* NULL: none */
	int64_t created;
	bool failed;
};

struct looking {
	struct starting *s;
	struct attempt *attempt;
	bool by_slot;			/* only those of the slot */
};

static enum status
note_attempt(void *arg, const struct json *item)
{
	struct looking *l = arg;
	const struct json *closure = json_find(item, "closure");
	int64_t created = api_time(closure, "created_at");
	enum run_status status = decode_phase(api_text(closure, "phase"));

	if ((l->by_slot && floor_div(api_time(api_dig(item, "spec",
	    "metadata", NULL), "scheduled_at"), 1000) != l->s->t) ||
	    (l->attempt->id != NULL && created < l->attempt->created))
		return EXIT_DONE;
	l->attempt->id = arena_strdup(&l->s->plans.arena,
	    api_text(json_find(item, "id"), "name"));
	l->attempt->created = created;
	l->attempt->failed = status == RUN_FAILED || status == RUN_ABORTED;
	return EXIT_DONE;
}

static enum status
look(struct starting *s, const char *filters, bool by_slot,
    struct attempt *attempt)
{
	struct looking l = { s, attempt, by_slot };
	struct api_list list = { .member = "executions", .filters = filters,
	    .sort_key = "created_at", .ascending = true,
	    .what = "cannot look up the slot's runs" };

	list.path = api_object(&s->plans.arena, s->flyte, "executions", NULL,
	    NULL);
	return api_list(s->flyte, &list, note_attempt, &l, NULL);
}

/* What there is of one attempt, under whatever version. */
static enum status
find_attempt(struct starting *s, int number, struct attempt *attempt)
{
	const struct slot_plan *plan = s->plan;
	enum status status = EXIT_DONE;
	struct strbuf filters = STRBUF_INIT;
	const struct schedversion *v;
	char id[SLOT_ID_LEN + 1];
	size_t i, n = 0;

	for (i = 0; i < plan->n_versions && status == EXIT_DONE; i++) {
		v = &plan->version[i];
		slot_run_id(id, s->plans.scope, v->plan, v->version, s->t,
		    number);
		strbuf_addf(&filters, "%s%s", n == 0 ?
		    "gte(state,0)+value_in(execution_name," : ";", id);
		if (++n < NAMES_ASKED && i + 1 < plan->n_versions)
			continue;
		strbuf_addch(&filters, ')');
		status = look(s, filters.buf, false, attempt);
		strbuf_reset(&filters);
		n = 0;
	}
	strbuf_release(&filters);
	return status;
}

/* A failed one may have been repeated under some other name. */
static enum status
find_repeats(struct starting *s, struct attempt *attempt)
{
	struct strbuf filters = STRBUF_INIT;
	enum status status;

	strbuf_addf(&filters, "gte(state,0)+value_in(mode,3;5)"
	    "+eq(launch_plan.name,%s)+gte(created_at,%s)", s->version->plan,
	    show(s, s->t));
	status = look(s, filters.buf, true, attempt);
	strbuf_release(&filters);
	return status;
}

/* The last attempt there is, or the name of the one to be made. */
static enum status
find_attempts(struct starting *s)
{
	struct attempt last = { .id = NULL }, next = last;
	enum status status;
	int number = 0;

	for (;;) {
		status = find_attempt(s, number, &next);
		if (status != EXIT_DONE || next.id == NULL)
			break;
		last = next;
		next.id = NULL;
		if (!s->request->again || ++number == ATTEMPTS)
			break;
	}
	if (status == EXIT_DONE && s->request->again && last.id != NULL)
		status = find_repeats(s, &last);
	if (status != EXIT_DONE)
		return status;
	if (last.id != NULL && (!s->request->again || !last.failed))
		s->already = last.id;
	else
		slot_run_id(s->name, s->plans.scope, s->version->plan,
		    s->version->version, s->t, number);
	return EXIT_DONE;
}

static enum status
note_busy(void *arg, const struct json *item)
{
	struct starting *s = arg;

	s->busy = arena_strdup(&s->plans.arena, api_text(json_find(item,
	    "id"), "name"));
	s->is_busy = true;
	return EXIT_DONE;
}

/* By the policy of the schedule alone: without one runs may overlap. */
static enum status
check_overlap(struct starting *s)
{
	struct arena *arena = &s->plans.arena;
	struct api_list list = { .member = "executions", .page = 1,
	    .what = "cannot look for a run that goes on" };
	enum status status;

	if (s->request->origin != ORIGIN_TRIGGER ||
	    s->request->allow_overlap || !s->version->limited)
		return EXIT_DONE;
	list.path = api_object(arena, s->flyte, "executions", NULL, NULL);
	list.filters = arena_printf(arena, "eq(launch_plan.name,%s)"
	    "+value_in(phase,%s;%s)", s->version->plan,
	    decode_phases(RUN_PENDING), decode_phases(RUN_RUNNING));
	status = api_list(s->flyte, &list, note_busy, s, &s->is_busy);
	if (status != EXIT_DONE || !s->is_busy)
		return status;
	error(EXIT_CONFLICT, "run %s of schedule '%s' goes on", s->busy,
	    s->request->schedule);
	hint("to its end: unionml -t %s runs watch %s", s->flyte->decl->name,
	    s->busy);
	return EXIT_CONFLICT;
}

static enum status
decide(struct starting *s)
{
	const struct tenancy_facts facts = { .version = s->plan->version,
	    .n_versions = s->plan->n_versions };
	enum status status;

	if (!s->request->has_slot) {
		s->t = s->now;
		s->version = tenancy_present(&facts);
		run_make_id(s->name, 'r');
		return check_overlap(s);
	}
	s->t = s->request->t;
	status = slot_plans_add_near(s->flyte, &s->plans, s->plan, s->t);
	if (status == EXIT_DONE)
		status = slot_plans_add_terms(s->flyte, &s->plans, s->t);
	if (status == EXIT_DONE)
		status = find_owner(s);
	if (status == EXIT_DONE)
		status = find_attempts(s);
	if (status == EXIT_DONE && s->already == NULL)
		status = check_overlap(s);
	return status;
}

static enum status
begin(struct starting *s)
{
	const struct slot_request request = {
		.version = s->version, .name = s->name, .t = s->t,
		.has_slot = s->request->has_slot,
		.wait = s->request->origin == ORIGIN_BACKFILL,
	};
	bool there = false;
	enum status status = slot_post(s->flyte, &request, &there);

	if (there)
		s->already = s->name;
	return status;
}

enum status
flyte_start(struct target *target, const struct start_request *request,
    char **id, bool *already)
{
	struct starting s = { .flyte = (struct flyte *)target,
	    .request = request, .now = clock_now().sec };
	struct strvec names = STRVEC_INIT;
	enum status status;

	*id = NULL;
	*already = false;
	strvec_push(&names, request->schedule);
	status = slot_plans_read(s.flyte, &names, &s.plans);
	strvec_release(&names);
	if (status == EXIT_DONE) {
		s.plan = s.plans.v;
		status = decide(&s);
	}
	/* A backfill has said so of all its slots. */
	if (status == EXIT_DONE && s.already == NULL && s.unowned &&
	    request->origin == ORIGIN_TRIGGER)
		note("nobody knows whose slot %s was: it runs by version %s",
		    show(&s, s.t), s.version->app_version);
	if (status == EXIT_DONE && s.already == NULL)
		status = begin(&s);
	if (status == EXIT_DONE) {
		*id = xstrdup(s.already != NULL ? s.already : s.name);
		*already = s.already != NULL;
	}
	slot_plans_release(&s.plans);
	return status;
}

/* Runs are named by the version that is in force when their slot comes. */
enum status
flyte_identity(struct target *target, const char *schedule,
    struct slot_identity *identity)
{
	struct flyte *flyte = (struct flyte *)target;
	const struct standing_row *row;
	struct standing standing;
	enum status status = standing_read(flyte, &standing, NULL, NULL);

	memset(identity, 0, sizeof(*identity));
	row = standing_find(&standing, schedule);
	if (status == EXIT_DONE && row != NULL && !row->drifts) {
		identity->scope = xasprintf("%s:%s", flyte->project,
		    flyte->domain);
		identity->name = xstrdup(row->plan);
		identity->version = xstrdup(row->version);
	}
	standing_release(&standing);
	return status;
}
