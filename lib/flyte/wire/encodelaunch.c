/*
 * Launch plans (admin.LaunchPlanSpec): the default one of a workflow, with all
 * its inputs free, and one for each schedule, with its values fixed. Every
 * input is named in one of the two lists, though the server would add what is
 * missing, so that what is read back is what was sent.
 */
#include "lib/base/compat.h"

#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/encodepart.h"
#include "lib/model/literal.h"
#include "lib/model/schedulekeys.h"
#include "lib/schedule/cron.h"
#include "lib/schedule/rate.h"
#include "lib/text/jsonio.h"

/* What is being written, and of what. */
struct launch {
	struct json_writer *w;
	const struct encoding *encoding;
	const struct launch_plan *plan;
	const struct schedule *schedule;	/* NULL: the default one */
	const struct interface *inputs;		/* NULL: not the app's */
	struct arena arena;
};

/* The value that the schedule fixes, or NULL. */
static const struct literal *
fixed_value(struct launch *l, const struct variable *v)
{
	const struct app *app = l->encoding->plan->app;
	const struct literal *value;
	const struct json *given;
	const char *why;

	if (l->schedule == NULL)
		return NULL;
	given = json_find(l->schedule->bound, v->name);
	if (given == NULL)
		return NULL;
	if (v->members != NULL)
		return encode_object(&l->arena, v, given);
	value = literal_from_json(&l->arena, v->type, given, app->directory,
	    &why);
	if (value == NULL)
		BUG("input '%s' was checked: %s", v->name, why);
	return value;
}

static bool
is_model(const struct launch *l, const struct variable *v)
{
	return l->schedule != NULL &&
	    l->schedule->model.source != MODEL_UNSET &&
	    strcmp(v->name, "model_object") == 0;
}

static bool
find_model(const struct encode_place *place, const struct schedule *schedule,
    struct encode_model *model)
{
	return place->model != NULL &&
	    place->model(place->arg, schedule, model);
}

void
encode_model_object(struct json_writer *w, const struct encoding *encoding,
    const struct schedule *schedule, const struct type *type)
{
	struct encode_model model = { NULL, NULL };

	if (!find_model(&encoding->place, schedule, &model))
		model.uri = "@model@";
	json_begin_map(w, "model_object");
	encode_blob(w, "scalar", type, model.uri);
	json_end_map(w);
}

static void
put_fixed(struct launch *l)
{
	const struct literal *value;
	const struct variable *v;
	size_t i;

	json_begin_map(l->w, "fixed_inputs");
	json_begin_map(l->w, "literals");
	for (i = 0; i < l->inputs->n; i++) {
		v = &l->inputs->v[i];
		if (is_model(l, v))
			encode_model_object(l->w, l->encoding, l->schedule,
			    v->type);
		else if ((value = fixed_value(l, v)) != NULL)
			encode_literal(l->w, v->name, v->type, value,
			    &l->encoding->place.files);
	}
	json_end_map(l->w);
	json_end_map(l->w);
}

static bool
is_kickoff(const struct launch *l, const struct variable *v)
{
	return l->schedule != NULL && l->schedule->reader_time_arg != NULL &&
	    strcmp(l->schedule->reader_time_arg, v->name) == 0;
}

/* core.Parameter */
static void
put_free(struct launch *l, const struct variable *v)
{
	const struct literal *preset = v->preset;

	json_begin_map(l->w, v->name);
	encode_variable(l->w, "var", v);
	if (is_kickoff(l, v) || !encode_has_default(v)) {
		json_put_bool(l->w, "required", true);
	} else {
		if (v->members != NULL)
			preset = encode_object(&l->arena, v, NULL);
		encode_literal(l->w, "default", v->type, preset,
		    &l->encoding->place.files);
	}
	json_end_map(l->w);
}

static void
put_defaults(struct launch *l)
{
	const struct variable *v;
	size_t i;

	json_begin_map(l->w, "default_inputs");
	json_begin_map(l->w, "parameters");
	for (i = 0; i < l->inputs->n; i++) {
		v = &l->inputs->v[i];
		if (!is_model(l, v) && fixed_value(l, v) == NULL)
			put_free(l, v);
	}
	json_end_map(l->w);
	json_end_map(l->w);
}

/*
 * The zone is always said: the scheduler of a cluster reads an expression
 * without one in whatever zone it runs in.
 */
static void
put_schedule(struct launch *l)
{
	const struct schedule *s = l->schedule;
	struct strbuf sb = STRBUF_INIT;
	const char *rate;

	strbuf_addf(&sb, "CRON_TZ=%s ", s->timezone != NULL ? s->timezone :
	    "UTC");
	if (s->expression.dialect != DIALECT_EVERY) {
		cron_print(&sb, &s->expression.cron);
	} else {
		rate = rate_to_cron(s->expression.every);
		if (rate == NULL)
			BUG("schedule '%s' was checked", s->name);
		strbuf_addstr(&sb, rate);
	}
	json_begin_map(l->w, "schedule");
	json_begin_map(l->w, "cron_schedule");
	json_put_text(l->w, "schedule", sb.buf);
	json_end_map(l->w);
	if (s->reader_time_arg != NULL)
		json_put_text(l->w, "kickoff_time_input_arg",
		    s->reader_time_arg);
	json_end_map(l->w);
	strbuf_release(&sb);
}

/* Kubernetes puts annotations on each pod, and takes 256 KiB of them. */
enum { KEYS_MAX = 64 * 1024 };

static void
put_keys(struct launch *l)
{
	struct strbuf keys = STRBUF_INIT;

	schedule_keys_print(&keys, l->schedule);
	if (keys.len <= KEYS_MAX)
		json_put_text(l->w, "unionml/keys", keys.buf);
	strbuf_release(&keys);
}

/* What the app file says and the spec else would not. */
static void
put_annotations(struct launch *l)
{
	static const char *const sources[] = {
		[MODEL_LATEST] = "latest",
		[MODEL_LATEST_AT_DEPLOY] = "latest-at-deploy",
		[MODEL_VERSION] = "version", [MODEL_FILE] = "file",
	};
	const struct schedule *s = l->schedule;
	struct encode_model model = { NULL, NULL };

	json_begin_map(l->w, "annotations");
	json_begin_map(l->w, "values");
	json_put_text(l->w, s->expression.dialect == DIALECT_EVERY &&
	    s->when[0] != '@' ? "unionml/fixed_rate" : "unionml/expression",
	    s->when);
	put_keys(l);
	if (s->model.source != MODEL_UNSET)
		json_put_text(l->w, "unionml/model",
		    sources[s->model.source]);
	if (s->model.source != MODEL_UNSET &&
	    s->model.source != MODEL_FILE) {
		if (!find_model(&l->encoding->place, s, &model))
			model.run = s->model.source == MODEL_VERSION ?
			    s->model.version : "@model@";
		json_put_text(l->w, "unionml/model-run", model.run);
	}
	json_end_map(l->w);
	json_end_map(l->w);
}

static void
put_variable(struct json_writer *w, const char *name, const char *value)
{
	json_begin_map(w, NULL);
	json_put_text(w, "key", name);
	json_put_text(w, "value", value);
	json_end_map(w);
}

/* What the components of a scheduled run find in their environment. */
static void
put_environment(struct launch *l)
{
	const char *zone = l->schedule->timezone;

	json_begin_map(l->w, "envs");
	json_begin_list(l->w, "values");
	put_variable(l->w, "UNIONML_SCHEDULE", l->schedule->name);
	put_variable(l->w, "UNIONML_TIMEZONE", zone != NULL ? zone : "UTC");
	json_end_list(l->w);
	json_end_map(l->w);
}

static void
put_service_account(struct launch *l)
{
	const char *account = l->encoding->place.service_account;

	if (account == NULL)
		return;
	json_begin_map(l->w, "security_context");
	json_begin_map(l->w, "run_as");
	json_put_text(l->w, "k8s_service_account", account);
	json_end_map(l->w);
	json_end_map(l->w);
}

static void
put_spec(struct launch *l)
{
	json_begin_map(l->w, "entity_metadata");
	if (l->schedule != NULL)
		put_schedule(l);
	json_end_map(l->w);
	if (l->inputs != NULL) {
		put_defaults(l);
		put_fixed(l);
	} else {
		encode_foreign_inputs(l->w, l->encoding, l->plan);
	}
	put_service_account(l);
	if (l->schedule == NULL)
		return;
	put_annotations(l);
	put_environment(l);
	if (l->schedule->overlap == OVERLAP_SKIP) {
		json_begin_map(l->w, "concurrency_policy");
		json_put_int(l->w, "max", 1);
		json_put_text(l->w, "behavior",
		    "CONCURRENCY_LIMIT_BEHAVIOR_SKIP");
		json_end_map(l->w);
	}
}

void
encode_launch_plan(struct json_writer *w, const struct encoding *encoding,
    const struct object *object)
{
	const struct launch_plan *plan = object->launch_plan;
	struct launch l = { .w = w, .encoding = encoding, .plan = plan,
		.schedule = plan->schedule };
	struct object workflow = { .kind = OBJECT_WORKFLOW,
		.name = plan->workflow_name };
	struct encode_foreign foreign;

	arena_init(&l.arena);
	if (plan->workflow != NULL) {
		l.inputs = &plan->workflow->inputs;
		workflow.version = encoding_workflow(encoding,
		    plan->workflow)->version;
	} else {
		encode_find_foreign(encoding, plan, &foreign);
		workflow.version = foreign.version;
	}
	encode_id(w, "workflow_id", encoding, &workflow);
	put_spec(&l);
	arena_release(&l.arena);
}
