/*
 * Launch plans and executions of an app's schedules, read page by page in the
 * order of their creation: then what is added meanwhile moves nothing. A run
 * is kept as a few dozen bytes, so that a hundred thousand take a few
 * megabytes.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decode.h"
#include "lib/flyte/wire/decodeerror.h"
#include "lib/flyte/wire/filter.h"
#include "lib/model/app.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/slotruns.h"
#include "lib/target/known.h"
#include "lib/text/jsonio.h"

/* More names would make the URL too long: then all are read. */
enum { NAMES_FILTERED = 40 };

static void
add_names(struct strbuf *sb, const char *app, const struct strvec *names)
{
	if (names->n <= NAMES_FILTERED)
		filter_add_schedules(sb, app, (const char *const *)names->v,
		    names->n);
}

static int
compare_versions(const void *pa, const void *pb)
{
	const struct schedversion *a = pa, *b = pb;
	int order = strcmp(a->schedule, b->schedule);

	if (order != 0)
		return order;
	if (a->created != b->created)
		return a->created < b->created ? -1 : 1;
	return strcmp(a->version, b->version);
}

static int
compare_ids(const struct schedversion *a, const char *plan,
    const char *version)
{
	int order = strcmp(a->plan, plan);

	return order != 0 ? order : strcmp(a->version, version);
}

static int
compare_by_name(const void *pa, const void *pb)
{
	const struct schedversion *const *a = pa, *const *b = pb;

	return compare_ids(*a, (*b)->plan, (*b)->version);
}

const struct schedversion *
slot_plans_version(const struct slot_plans *plans, const char *plan,
    const char *version)
{
	size_t low = 0, high = plans->n_versions, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = compare_ids(plans->by_name[middle], plan, version);
		if (order == 0)
			return plans->by_name[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct slot_plan *
slot_plans_find(const struct slot_plans *plans, const char *schedule)
{
	size_t low = 0, high = plans->n, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(plans->v[middle].schedule, schedule);
		if (order == 0)
			return &plans->v[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct reading {
	struct flyte *flyte;
	const char *app;
	struct slot_plans *plans;
};

struct nearest {
	struct reading reading;
	bool done;
};

static enum status
add_version(void *arg, const struct json *item)
{
	struct reading *r = arg;
	struct slot_plans *p = r->plans;

	ALLOC_GROW(p->version, p->n_versions, p->cap_versions);
	if (schedversion_decode(&p->version[p->n_versions], &p->arena, item,
	    r->app))
		p->n_versions++;
	return EXIT_DONE;
}

/* Those of one schedule lie beside each other. */
static void
group(struct slot_plans *p)
{
	struct slot_plan *last = NULL;
	size_t i;

	if (p->n_versions == 0)
		return;
	qsort(p->version, p->n_versions, sizeof(*p->version),
	    compare_versions);
	p->v = arena_array(&p->arena, p->n_versions, sizeof(*p->v));
	p->by_name = arena_array(&p->arena, p->n_versions,
	    sizeof(struct schedversion *));
	for (i = 0; i < p->n_versions; i++) {
		p->by_name[i] = &p->version[i];
		if (last == NULL ||
		    strcmp(last->schedule, p->version[i].schedule) != 0) {
			last = &p->v[p->n++];
			last->schedule = p->version[i].schedule;
			last->version = &p->version[i];
		}
		last->n_versions++;
	}
	qsort(p->by_name, p->n_versions, sizeof(struct schedversion *),
	    compare_by_name);
}

static enum status
say_unknown(const struct slot_plans *p, const struct flyte *flyte,
    const char *name)
{
	struct strvec names = STRVEC_INIT;
	const struct known known = { .names = &names,
	    .target = flyte->decl->name };
	size_t i;

	for (i = 0; i < p->n; i++)
		strvec_push(&names, p->v[i].schedule);
	known_refuse(&known, name);
	known_hint(&known);
	strvec_release(&names);
	return EXIT_CONFLICT;
}

static enum status
read_versions(struct flyte *flyte, const struct strvec *names,
    struct slot_plans *plans)
{
	struct reading r = { flyte, flyte->app->name, plans };
	struct strbuf filters = STRBUF_INIT;
	struct api_list list = {
		.member = "launch_plans", .sort_key = "created_at",
		.ascending = true, .what = "cannot list the schedules",
	};
	enum status status;

	filter_add_app(&filters, r.app);
	filter_add(&filters, "value_in", "schedule_type", "CRON;RATE");
	add_names(&filters, r.app, names);
	list.filters = filters.buf;
	list.path = api_object(&plans->arena, flyte, "launch_plans", NULL,
	    NULL);
	status = api_list(flyte, &list, add_version, &r, NULL);
	strbuf_release(&filters);
	if (status == EXIT_DONE)
		group(plans);
	return status;
}

/* All are read once more to say which there are. */
static enum status
refuse_unknown(struct flyte *flyte, const char *name)
{
	const struct strvec none = STRVEC_INIT;
	struct slot_plans all = { .n = 0 };
	enum status status = read_versions(flyte, &none, &all);

	if (status == EXIT_DONE)
		status = say_unknown(&all, flyte, name);
	slot_plans_release(&all);
	return status;
}

enum status
slot_plans_read(struct flyte *flyte, const struct strvec *names,
    struct slot_plans *plans)
{
	enum status status;
	size_t i;

	memset(plans, 0, sizeof(*plans));
	plans->scope = arena_printf(&plans->arena, "%s:%s", flyte->project,
	    flyte->domain);
	status = read_versions(flyte, names, plans);
	for (i = 0; i < names->n && status == EXIT_DONE; i++)
		if (slot_plans_find(plans, names->v[i]) == NULL)
			status = refuse_unknown(flyte, names->v[i]);
	return status;
}

/* When it ended: what was stopped early tells that no better. */
static int64_t
end_of(const struct json *closure, enum run_status status)
{
	const char *text = api_text(closure, "duration");
	int64_t started = api_time(closure, "started_at");
	double took;
	char *end;

	if (!run_ended(status))
		return INT64_MAX;
	took = strtod(text, &end);
	if (started != 0 && end != text && took >= 0 && took < 1e12)
		return started + (int64_t)(took * 1000 + 0.5);
	return api_time(closure, "updated_at");
}

static void
read_error(struct arena *arena, struct slot_run *run,
    const struct json *closure)
{
	const char *message = api_text(json_find(closure, "error"), "message");
	char *reason;

	if (run->status == RUN_ABORTED)
		message = api_text(json_find(closure, "abort_metadata"),
		    "cause");
	else if (run->status != RUN_FAILED)
		return;
	reason = decode_reason(message);
	if (reason != NULL)
		run->error = arena_strdup(arena, reason);
	free(reason);
}

/* RELAUNCH and RECOVERED have the slot of the run that they repeat. */
static void
read_slot(const struct slot_plans *p, struct slot_run *run,
    const struct json *metadata)
{
	const struct schedversion *v = run->version;
	const char *mode = api_text(metadata, "mode");
	char id[SLOT_ID_LEN + 1];
	int64_t t = api_time(metadata, "scheduled_at");

	if (t == 0 || (strcmp(mode, "SCHEDULED") != 0 &&
	    strcmp(mode, "RELAUNCH") != 0 && strcmp(mode, "RECOVERED") != 0))
		return;
	run->has_slot = true;
	run->t = floor_div(t, 1000);
	slot_run_id(id, p->scope, v->plan, v->version, run->t, 0);
	run->first = strcmp(run->id, id) == 0;
}

static enum status
add_run(void *arg, const struct json *item)
{
	struct reading *r = arg;
	struct slot_plans *p = r->plans;
	const struct json *spec = json_find(item, "spec");
	const struct json *closure = json_find(item, "closure");
	const struct json *id = json_find(spec, "launch_plan");
	const struct schedversion *version;
	struct slot_plan *plan;
	struct slot_run *run;

	version = slot_plans_version(p, api_text(id, "name"), api_text(id,
	    "version"));
	if (version == NULL)
		return EXIT_DONE;
	plan = slot_plans_find(p, version->schedule);
	ALLOC_GROW(plan->run, plan->n_runs, plan->cap_runs);
	run = &plan->run[plan->n_runs++];
	memset(run, 0, sizeof(*run));
	run->version = version;
	run->id = arena_strdup(&p->arena, api_text(json_find(item, "id"),
	    "name"));
	run->status = decode_phase(api_text(closure, "phase"));
	run->created = api_time(closure, "created_at");
	run->ended = end_of(closure, run->status);
	read_error(&p->arena, run, closure);
	read_slot(p, run, json_find(spec, "metadata"));
	return EXIT_DONE;
}

static bool
any_limited(const struct slot_plans *p)
{
	size_t i;

	for (i = 0; i < p->n_versions; i++)
		if (p->version[i].limited)
			return true;
	return false;
}

static enum status
list_runs(struct reading *r, const struct strvec *names, const char *which)
{
	struct strbuf filters = STRBUF_INIT;
	struct api_list list = {
		.member = "executions", .sort_key = "created_at",
		.ascending = true, .what = "cannot list the schedules' runs",
	};
	enum status status;

	filter_add_app(&filters, r->app);
	add_names(&filters, r->app, names);
	/* Else those that somebody archived would look missing. */
	strbuf_addf(&filters, "+gte(state,0)+%s", which);
	list.filters = filters.buf;
	list.path = api_object(&r->plans->arena, r->flyte, "executions", NULL,
	    NULL);
	status = api_list(r->flyte, &list, add_run, r, NULL);
	strbuf_release(&filters);
	return status;
}

enum status
slot_plans_add_runs(struct flyte *flyte, struct slot_plans *plans,
    const struct strvec *names, int64_t since)
{
	struct reading r = { flyte, flyte->app->name, plans };
	struct strbuf which = STRBUF_INIT;
	enum status status;

	if (plans->n == 0)
		return EXIT_DONE;
	filter_add_instant(&which, "gte", "created_at",
	    instant_from_ms(since));
	status = list_runs(&r, names, which.buf);
	if (status == EXIT_DONE && any_limited(plans)) {
		strbuf_reset(&which);
		filter_add_instant(&which, "lt", "created_at",
		    instant_from_ms(since));
		filter_add_instant(&which, "gte", "updated_at",
		    instant_from_ms(since));
		status = list_runs(&r, names, which.buf);
	}
	strbuf_release(&which);
	return status;
}

static enum status
add_one(void *arg, const struct json *item)
{
	struct nearest *nearest = arg;

	nearest->done = true;
	return add_run(&nearest->reading, item);
}

static enum status
list_nearest(struct nearest *n, const struct slot_plan *plan,
    const char *function, int64_t t)
{
	struct strbuf filters = STRBUF_INIT;
	struct api_list list = {
		.member = "executions", .sort_key = "created_at", .page = 1,
		.ascending = strcmp(function, "gte") == 0,
		.what = "cannot list the schedule's runs",
	};
	enum status status;

	strbuf_addf(&filters, "eq(launch_plan.name,%s)+eq(mode,1)"
	    "+gte(state,0)", plan->version[plan->n_versions - 1].plan);
	filter_add_instant(&filters, function, "created_at",
	    (struct instant){ t, 0 });
	list.filters = filters.buf;
	list.path = api_object(&n->reading.plans->arena, n->reading.flyte,
	    "executions", NULL, NULL);
	n->done = false;
	status = api_list(n->reading.flyte, &list, add_one, n, &n->done);
	strbuf_release(&filters);
	return status;
}

enum status
slot_plans_add_near(struct flyte *flyte, struct slot_plans *plans,
    const struct slot_plan *plan, int64_t t)
{
	struct nearest n = { { flyte, flyte->app->name, plans }, false };
	enum status status = list_nearest(&n, plan, "lt", t);

	if (status == EXIT_DONE)
		status = list_nearest(&n, plan, "gte", t);
	return status;
}

void
slot_plans_release(struct slot_plans *plans)
{
	size_t i;

	for (i = 0; i < plans->n; i++) {
		free(plans->v[i].run);
		free(plans->v[i].decree);
	}
	free(plans->version);
	arena_release(&plans->arena);
	memset(plans, 0, sizeof(*plans));
}
