/*
 * Schedules of workflows that something else has registered, a Python UnionML
 * app say. What they give is typed by the interface of the workflow's default
 * launch plan, the newest there is, and that version is what they start.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/wire/decodetype.h"
#include "lib/model/literal.h"
#include "lib/plan/plan.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/deployment.h"
#include "lib/target/flyte/ops.h"
#include "lib/text/jsonio.h"

struct deploy_foreign {
	const struct launch_plan *plan;
	const char *workflow, *version;
	const struct json *expected;	/* the workflow's parameters */
	struct inputs inputs;		/* typed, with all defaults */
	const struct type *model;	/* of its model_object; NULL: none */
};

/*
 * What the schedule sets for good: also an object all of whose members have
 * defaults, if it has none itself, for the scheduler knows nothing of members.
 */
static bool
is_fixed(const struct deploy_foreign *f, const char *name)
{
	const struct schedule *s = f->plan->schedule;
	const struct json *required = json_find(json_find(f->expected, name),
	    "required");

	if (json_find(s->bound, name) != NULL)
		return true;
	return required != NULL && required->kind == JSON_BOOL &&
	    required->boolean && (s->reader_time_arg == NULL ||
	    strcmp(s->reader_time_arg, name) != 0);
}

static bool
is_model(const struct deploy_foreign *f, const char *name)
{
	return f->model != NULL && strcmp(name, "model_object") == 0;
}

static const struct json *
parse(struct arena *arena, struct strbuf *sb)
{
	const struct json *json;
	const char *why;

	json = json_parse(arena, arena_strdup(arena, sb->buf), sb->len, &why);
	strbuf_release(sb);
	if (json == NULL)
		BUG("cannot read what was written: %s", why);
	return json;
}

static void
put_literals(struct deployment *d, const struct deploy_foreign *f,
    struct json_writer *w)
{
	const struct schedule *s = f->plan->schedule;
	struct encode_model model = { NULL, NULL };
	const struct input *input;
	size_t i;

	json_begin_map(w, NULL);
	for (i = 0; i < f->inputs.n; i++) {
		input = &f->inputs.v[i];
		if (is_fixed(f, input->variable->name) &&
		    !is_model(f, input->variable->name))
			encode_literal(w, input->variable->name,
			    input->variable->type, input->value,
			    &d->place.files);
	}
	if (f->model != NULL) {
		if (!d->place.model(d, s, &model))
			model.uri = "@model@";
		json_begin_map(w, "model_object");
		encode_blob(w, "scalar", f->model, model.uri);
		json_end_map(w);
	}
	json_end_map(w);
}

/* Free ones as they are registered; the kickoff has no default. */
static void
put_parameters(const struct deploy_foreign *f, struct json_writer *w)
{
	const char *kickoff = f->plan->schedule->reader_time_arg;
	const struct json_member *m;
	size_t i;

	json_begin_map(w, NULL);
	for (i = 0; f->expected != NULL && i < f->expected->n; i++) {
		m = &f->expected->member[i];
		if (is_fixed(f, m->name) || is_model(f, m->name))
			continue;
		if (kickoff == NULL || strcmp(m->name, kickoff) != 0) {
			json_put(w, m->name, m->value);
			continue;
		}
		json_begin_map(w, m->name);
		json_put(w, "var", json_find(m->value, "var"));
		json_put_bool(w, "required", true);
		json_end_map(w);
	}
	json_end_map(w);
}

static const struct deploy_foreign *
find(const struct deployment *d, const struct schedule *schedule)
{
	size_t i;

	for (i = 0; i < d->n_foreign; i++)
		if (d->foreign[i].plan->schedule == schedule)
			return &d->foreign[i];
	return NULL;
}

/* Anew each time: the files may have been found by now. */
static bool
foreign_of(void *arg, const struct launch_plan *plan,
    struct encode_foreign *foreign)
{
	struct deployment *d = arg;
	const struct deploy_foreign *f = find(d, plan->schedule);
	struct strbuf parameters = STRBUF_INIT, literals = STRBUF_INIT;
	struct json_writer w;

	if (f == NULL || f->version == NULL)
		return false;
	json_writer_init(&w, &parameters, false);
	put_parameters(f, &w);
	json_writer_init(&w, &literals, false);
	put_literals(d, f, &w);
	foreign->version = f->version;
	foreign->parameters = parse(&d->arena, &parameters);
	foreign->literals = parse(&d->arena, &literals);
	return true;
}

/* The scheduler fills it in; here anything will do. */
static enum status
set_kickoff(struct deployment *d, struct deploy_foreign *f,
    const struct interface *interface)
{
	const struct schedule *s = f->plan->schedule;
	const struct variable *v;

	if (s->reader_time_arg == NULL)
		return EXIT_DONE;
	v = interface_find(interface, s->reader_time_arg);
	if (v == NULL || v->type->kind != TYPE_DATETIME)
		return error(EXIT_INPUT, "schedule '%s': reader_time_arg: "
		    "workflow '%s' has no datetime input '%s'", s->name,
		    f->workflow, s->reader_time_arg);
	inputs_set(&d->arena, &f->inputs, v, literal_datetime(&d->arena,
	    (struct instant){ 0, 0 }));
	return EXIT_DONE;
}

static enum status
set_model(struct deployment *d, struct deploy_foreign *f,
    const struct interface *interface)
{
	const struct schedule *s = f->plan->schedule;
	const struct variable *v = interface_find(interface, "model_object");

	if (s->model.source == MODEL_UNSET)
		return EXIT_DONE;
	if (v == NULL || (v->type->kind != TYPE_FILE &&
	    v->type->kind != TYPE_DIRECTORY))
		return error(EXIT_INPUT, "schedule '%s': model: workflow '%s' "
		    "has no input 'model_object' that is a file", s->name,
		    f->workflow);
	f->model = v->type;
	inputs_set(&d->arena, &f->inputs, v, literal_path(&d->arena,
	    v->type->kind == TYPE_DIRECTORY, ""));
	return EXIT_DONE;
}

static enum status
type_inputs(struct deployment *d, struct deploy_foreign *f)
{
	const struct app *app = d->request->app;
	struct interface interface;
	struct inputs_request request = {
		.interface = &interface,
		.workflow = f->workflow,
		.document = f->plan->schedule->bound,
		.base = app->directory,
	};
	enum status status;

	decode_parameters(&d->arena, f->expected, &interface);
	status = set_kickoff(d, f, &interface);
	if (status == EXIT_DONE)
		status = set_model(d, f, &interface);
	if (status != EXIT_DONE)
		return status;
	status = inputs_resolve(&d->arena, &request, &f->inputs);
	if (status != EXIT_DONE)
		hint("schedule '%s' gives them to '%s' as it is registered "
		    "there, version %s", f->plan->schedule->name, f->workflow,
		    f->version);
	return status;
}

/* Once for all schedules of a workflow. */
static enum status
ask(struct deployment *d, struct deploy_foreign *f)
{
	const struct deploy_foreign *other;
	enum status status;
	struct json *found;

	for (other = d->foreign; other < f; other++)
		if (strcmp(other->workflow, f->workflow) == 0) {
			f->version = other->version;
			f->expected = other->expected;
			return EXIT_DONE;
		}
	status = flyte_find_registered(d->flyte, &d->arena, f->workflow, NULL,
	    &found);
	if (status != EXIT_DONE || found == NULL)
		return status;
	f->version = api_text(api_dig(found, "spec", "workflow_id", NULL),
	    "version");
	f->expected = api_dig(found, "closure", "expected_inputs",
	    "parameters", NULL);
	return EXIT_DONE;
}

static enum status
add(struct deployment *d, const struct launch_plan *plan)
{
	struct deploy_foreign *f = &d->foreign[d->n_foreign++];
	enum status status;

	f->plan = plan;
	f->workflow = plan->workflow_name;
	status = ask(d, f);
	return status == EXIT_DONE && f->version != NULL ?
	    type_inputs(d, f) : status;
}

enum status
deploy_foreign(struct deployment *d)
{
	const struct plan *plan = d->request->plan;
	const struct launch_plan *launch;
	enum status status = EXIT_DONE;
	size_t i;

	d->foreign = arena_array(&d->arena, plan->n_launch_plans,
	    sizeof(*d->foreign));
	for (i = 0; i < plan->n_launch_plans && status == EXIT_DONE; i++) {
		launch = &plan->launch_plan[i];
		if (launch->workflow == NULL && launch->schedule != NULL &&
		    schedule_lives_on(launch->schedule,
		    d->flyte->decl->name))
			status = add(d, launch);
	}
	d->place.foreign = foreign_of;
	return status;
}

bool
deploy_foreign_workflow(const struct deployment *d, const char **name,
    const char **version)
{
	size_t i;

	for (i = 0; i < d->n_foreign; i++) {
		if (d->foreign[i].version == NULL)
			continue;
		*name = d->foreign[i].workflow;
		*version = d->foreign[i].version;
		return true;
	}
	return false;
}

const char *
deploy_foreign_version(const struct deployment *d,
    const struct schedule *schedule)
{
	const struct deploy_foreign *f = find(d, schedule);

	return f != NULL ? f->version : NULL;
}
