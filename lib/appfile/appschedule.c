/*
 * Schedules behind the table of keys: times and policies that go together, and
 * the inputs that each binds, typed as its workflow wants them. An app without
 * components drives workflows that something else registered: there nothing is
 * known of the inputs, and they are kept as they look.
 */
#include "lib/base/compat.h"

#include "lib/appfile/appschedule.h"
#include "lib/appfile/appwhen.h"
#include "lib/appfile/keys.h"
#include "lib/appfile/reading.h"
#include "lib/appfile/value.h"
#include "lib/base/arena.h"
#include "lib/base/nameset.h"
#include "lib/model/app.h"
#include "lib/text/jsonio.h"
#include "lib/text/yamldoc.h"

/* What a schedule of one workflow can bind. */
struct bindable {
	bool known;			/* the app has the workflow */
	struct interface inputs;
	struct nameset names;
	struct nameset *members;	/* of each input that has some */
};

struct check {
	struct reading *r;
	struct app *app;
	const struct keys *keys;	/* of a schedule */
	bool foreign;			/* no component is declared at all */
	struct nameset reader;		/* the reader's inputs */
	struct bindable workflow[WORKFLOW_KINDS];
};

/* An object of JSON with a key of its own in a schedule. */
static const char *const objects[] = {
	"hyperparameters", "splitter_kwargs", "parser_kwargs", "loader_kwargs"
};

static void
set_names(struct nameset *set, struct check *c,
    const struct interface *inputs)
{
	nameset_init(set, c->r->arena, inputs->v, inputs->n,
	    sizeof(*inputs->v));
}

static void
prepare(struct check *c, enum workflow_kind kind)
{
	struct bindable *w = &c->workflow[kind];
	size_t i;

	w->known = app_has_workflow(c->app, kind);
	if (!w->known)
		return;
	app_workflow_inputs(c->r->arena, c->app, kind, &w->inputs);
	set_names(&w->names, c, &w->inputs);
	w->members = arena_array(c->r->arena, w->inputs.n,
	    sizeof(*w->members));
	for (i = 0; i < w->inputs.n; i++)
		if (w->inputs.v[i].members != NULL)
			set_names(&w->members[i], c, w->inputs.v[i].members);
}

/* Types a value and adds it to what the schedule binds. */
static void
bind(struct check *c, struct json *bound, const struct variable *v,
    const struct yaml_node *node)
{
	struct json *value;

	if (v->type == NULL)
		return;
	value = value_to_json(c->r, v->type, node);
	if (value != NULL)
		json_add(c->r->arena, bound, v->name, value);
}

/* Given under `inputs`, not by a key of the schedule's own. */
static bool
is_plain_input(const struct variable *v)
{
	return v->members == NULL && strcmp(v->name, "model_object") != 0;
}

static void
unknown_input(struct check *c, const struct yaml_node *key,
    const char *whose, const struct nameset *names)
{
	reading_error(c->r, key, "%s has no input '%s'%s", whose, key->text,
	    reading_suggest(c->r, key->text, names));
}

static void
bind_inputs(struct check *c, const struct schedule *s,
    const struct bindable *w, const struct yaml_node *node,
    struct json *bound)
{
	const char *whose = arena_printf(c->r->arena, "the %s workflow",
	    workflow_name(s->workflow));
	const struct yaml_pair *pair;
	size_t i, at, mark;

	for (i = 0; i < node->n; i++) {
		pair = &node->pair[i];
		mark = reading_enter(c->r, pair->key->text);
		at = nameset_find(&w->names, pair->key->text);
		if (at == SIZE_MAX)
			unknown_input(c, pair->key, whose, &w->names);
		else if (!is_plain_input(&w->inputs.v[at]))
			reading_error(c->r, pair->key, "is a key of the "
			    "schedule itself: %s",
			    w->inputs.v[at].members == NULL ? "model" :
			    pair->key->text);
		else if (s->reader_time_arg != NULL &&
		    strcmp(s->reader_time_arg, pair->key->text) == 0)
			reading_error(c->r, pair->key, "gets the kickoff time "
			    "by reader_time_arg; leave it out here or there");
		else
			bind(c, bound, &w->inputs.v[at], pair->value);
		reading_leave(c->r, mark);
	}
}

static void
bind_object(struct check *c, const struct variable *object,
    const struct nameset *members, const struct yaml_node *node,
    struct json *bound)
{
	struct json *map = json_map(c->r->arena);
	const struct yaml_pair *pair;
	size_t i, at, mark;

	for (i = 0; i < node->n; i++) {
		pair = &node->pair[i];
		mark = reading_enter(c->r, pair->key->text);
		at = nameset_find(members, pair->key->text);
		if (at == SIZE_MAX)
			unknown_input(c, pair->key, object->name, members);
		else
			bind(c, map, &object->members->v[at], pair->value);
		reading_leave(c->r, mark);
	}
	json_add(c->r->arena, bound, object->name, map);
}

/* Whether it has a key of its own in the schedule. */
static bool
has_key(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(objects); i++)
		if (strcmp(objects[i], name) == 0)
			return true;
	return false;
}

/* Whatever stands in the group, untyped. */
static void
bind_foreign(struct check *c, const char *group, const struct yaml_node *node,
    struct json *bound)
{
	bool flat = strcmp(group, "inputs") == 0;
	struct json *to = flat ? bound : json_map(c->r->arena);
	const struct yaml_pair *pair;
	struct json *value = NULL;
	size_t i, mark;

	for (i = 0; i < node->n; i++) {
		pair = &node->pair[i];
		mark = reading_enter(c->r, pair->key->text);
		if (flat && has_key(pair->key->text))
			reading_error(c->r, pair->key, "is a key of the "
			    "schedule itself: %s", pair->key->text);
		else
			value = value_any(c->r, pair->value);
		if (value != NULL)
			json_add(c->r->arena, to, pair->key->text, value);
		value = NULL;
		reading_leave(c->r, mark);
	}
	if (!flat)
		json_add(c->r->arena, bound, group, to);
}

static void
bind_group(struct check *c, const struct schedule *s, const char *group,
    const struct yaml_node *node, struct json *bound)
{
	const struct bindable *w = &c->workflow[s->workflow];
	const struct yaml_node *values = yaml_find(node, group);
	size_t at, mark;

	if (values == NULL || values->kind != YAML_MAP ||
	    !key_applies(keys_find(c->keys, group), (int)s->workflow))
		return;
	mark = reading_enter(c->r, group);
	if (c->foreign) {
		bind_foreign(c, group, values, bound);
	} else if (strcmp(group, "inputs") == 0) {
		bind_inputs(c, s, w, values, bound);
	} else {
		at = nameset_find(&w->names, group);
		if (at != SIZE_MAX)
			bind_object(c, &w->inputs.v[at], &w->members[at],
			    values, bound);
		else if (values->n > 0)
			reading_error(c->r, values, "the %s workflow has no "
			    "such input: none of its members is declared",
			    workflow_name(s->workflow));
	}
	reading_leave(c->r, mark);
}

/* Was it given, be it wrongly? */
static bool
is_given(const struct yaml_node *node, const char *group, const char *name)
{
	return yaml_find(yaml_find(node, group), name) != NULL;
}

static void
check_unbound(struct check *c, const struct schedule *s,
    const struct yaml_node *node)
{
	const struct interface *inputs = &c->workflow[s->workflow].inputs;
	const struct variable *v, *m;
	size_t i, j;

	for (i = 0; i < inputs->n; i++) {
		v = &inputs->v[i];
		if (!variable_required(v) ||
		    (v->members == NULL && v->type == NULL) ||
		    strcmp(v->name, "model_object") == 0)
			continue;
		if (v->members == NULL) {
			if ((s->reader_time_arg == NULL ||
			    strcmp(s->reader_time_arg, v->name) != 0) &&
			    !is_given(node, "inputs", v->name))
				reading_error(c->r, node, "input '%s' of the "
				    "%s workflow has no value: give it one "
				    "under inputs, or a default", v->name,
				    workflow_name(s->workflow));
			continue;
		}
		for (j = 0; j < v->members->n; j++) {
			m = &v->members->v[j];
			if (variable_required(m) && m->type != NULL &&
			    !is_given(node, v->name, m->name))
				reading_error(c->r, node, "%s.%s has no value: "
				    "give it one under %s, or a default",
				    v->name, m->name, v->name);
		}
	}
}

static void
check_time_arg(struct check *c, const struct schedule *s,
    const struct yaml_node *node)
{
	const struct yaml_node *at = yaml_find(node, "reader_time_arg");
	const struct interface *inputs = &c->app->component[READER].inputs;
	const struct type *type;
	size_t i, mark;

	if (s->reader_time_arg == NULL || c->foreign ||
	    !c->app->component[READER].declared)
		return;
	mark = reading_enter(c->r, "reader_time_arg");
	i = nameset_find(&c->reader, s->reader_time_arg);
	if (i == SIZE_MAX) {
		reading_error(c->r, at, "the reader has no input '%s'%s",
		    s->reader_time_arg,
		    reading_suggest(c->r, s->reader_time_arg, &c->reader));
	} else {
		type = inputs->v[i].type;
		if (type != NULL && type->kind != TYPE_DATETIME)
			reading_error(c->r, at, "the reader's input '%s' is "
			    "%s; only a datetime can get the kickoff time",
			    s->reader_time_arg, type_name(c->r->arena, type));
	}
	reading_leave(c->r, mark);
}

/* Keys that the table cannot judge by themselves. */
static void
check_policy(struct check *c, const struct schedule *s,
    const struct yaml_node *node)
{
	const struct yaml_node *at;
	size_t mark;

	if (s->catchup != CATCHUP_ALL)
		return;
	at = yaml_find(node, "overlap");
	mark = reading_enter(c->r, "overlap");
	if (s->overlap == OVERLAP_REPLACE)
		reading_error(c->r, at, "'replace' would cancel what "
		    "'catchup: all' makes up; use 'queue', 'skip' or 'allow'");
	else if (s->overlap == OVERLAP_SKIP)
		reading_warning(c->r, at, "with 'catchup: all', slots that "
		    "come due while others are made up are skipped; 'queue' "
		    "keeps one");
	reading_leave(c->r, mark);
}

/* Whether what the schedule binds can be judged; says if the app lacks it. */
static bool
check_workflow(struct check *c, const struct schedule *s,
    const struct yaml_node *node)
{
	const struct yaml_node *at = yaml_find(node, "workflow");
	enum workflow_kind kind;
	size_t mark;

	if (at == NULL || at->kind != YAML_SCALAR ||
	    !workflow_from_name(at->text, &kind) || kind != s->workflow)
		return false;
	if (c->foreign || c->workflow[kind].known)
		return true;
	mark = reading_enter(c->r, "workflow");
	reading_error(c->r, at, "'%s' needs a component that the app lacks: "
	    "%s", at->text, app_lacks(c->app, kind));
	reading_leave(c->r, mark);
	return false;
}

/* For those who look at the schedule when the file is closed. */
static void
note_positions(struct schedule *s, const struct yaml_node *node)
{
	static const char *const names[SCHEDULE_KEYS] = {
		[SCHEDULE_WHEN] = "expression", [SCHEDULE_OFFSET] = "offset",
		[SCHEDULE_START] = "start", [SCHEDULE_END] = "end",
		[SCHEDULE_CATCHUP] = "catchup",
		[SCHEDULE_CATCHUP_WINDOW] = "catchup_window",
		[SCHEDULE_OVERLAP] = "overlap",
		[SCHEDULE_ON_FAILURE] = "on_failure",
	};
	const struct yaml_node *value;
	int i;

	for (i = 0; i < SCHEDULE_KEYS; i++) {
		value = yaml_find(node, names[i]);
		if (value == NULL && i == SCHEDULE_WHEN)
			value = yaml_find(node, "fixed_rate");
		if (value != NULL)
			s->key_at[i] = reading_position(value);
	}
}

static void
check_schedule(struct check *c, struct schedule *s,
    const struct yaml_node *node)
{
	struct json *bound = json_map(c->r->arena);
	const struct yaml_node *when = yaml_find(node, "expression");
	size_t i;

	s->bound = bound;
	note_positions(s, node);
	s->active = yaml_find(node, "active") == NULL || s->active;
	if (when == NULL)
		when = yaml_find(node, "fixed_rate");
	if (when != NULL && when->kind == YAML_SCALAR)
		s->when = when->text;
	appwhen_check(c->r, s, node);
	check_policy(c, s, node);
	if (c->r->misread)
		return;
	check_time_arg(c, s, node);
	if (!check_workflow(c, s, node))
		return;
	bind_group(c, s, "inputs", node, bound);
	for (i = 0; i < ARRAY_SIZE(objects); i++)
		bind_group(c, s, objects[i], node, bound);
	if (!c->foreign)
		check_unbound(c, s, node);
}

void
appschedule_check(struct reading *r, struct app *app)
{
	const struct yaml_pair *pair = reading_find(r, "schedules");
	struct check c = { .r = r, .app = app, .foreign = true };
	size_t i, outer, mark;
	int kind;

	if (app->n_schedules == 0)
		return;
	for (kind = 0; kind < COMPONENT_KINDS; kind++)
		if (app->component[kind].declared)
			c.foreign = false;
	c.keys = keys_find(&keys_app, "schedules")->object;
	set_names(&c.reader, &c, &app->component[READER].inputs);
	prepare(&c, TRAIN);
	prepare(&c, PREDICT);
	outer = reading_enter(r, "schedules");
	for (i = 0; i < app->n_schedules; i++) {
		mark = reading_enter(r, app->schedule[i].name);
		if (pair->value->pair[i].value->kind == YAML_MAP)
			check_schedule(&c, &app->schedule[i],
			    pair->value->pair[i].value);
		reading_leave(r, mark);
	}
	reading_leave(r, outer);
}
