/*
 * What Flyte's own scheduler cannot keep to, by the table of capabilityrows.c,
 * and what its literals cannot hold. The local target can do all that an app
 * file can say.
 */
#include "lib/base/compat.h"

#include "lib/base/diag.h"
#include "lib/base/strbuf.h"
#include "lib/model/literal.h"
#include "lib/plan/capability.h"
#include "lib/plan/capabilityrows.h"
#include "lib/text/jsonio.h"

/* The doubles of a JSON object hold every integer up to here. */
static const int64_t integer_max = INT64_C(1) << 53;

struct check {
	struct diag *diag;
	const struct app *app;
	bool one;			/* target alone is looked at */
	const struct target_decl *target;	/* NULL: not declared */
};

static bool
lives_on(const struct schedule *s, const char *target)
{
	size_t i;

	for (i = 0; i < s->targets.n; i++)
		if (strcmp(s->targets.v[i], target) == 0)
			return true;
	return s->targets.n == 0;
}

/*
 * Appends the targets in question: ` (target staging)`. False if there is none,
 * so that nothing is asked of the schedule (NULL: of the app).
 */
static bool
print_where(const struct check *c, const struct schedule *s,
    struct strbuf *where)
{
	const struct target_decl *t;
	size_t i, n = 0;

	if (c->one && c->target == NULL)
		return s == NULL || s->targets.n == 0;
	for (i = 0; i < c->app->n_targets; i++) {
		t = &c->app->target[i];
		if (t->type != TARGET_FLYTE || (c->one && t != c->target) ||
		    (s != NULL && !lives_on(s, t->name)))
			continue;
		strbuf_addf(where, "%s%s", n++ > 0 ? ", " : "", t->name);
	}
	if (n > 0) {
		char *names = strbuf_detach(where);

		strbuf_addf(where, " (target%s %s)", n > 1 ? "s" : "", names);
		free(names);
	}
	return n > 0;
}

static void
check_rows(const struct check *c, const struct schedule *s, const char *where)
{
	const struct capability_row *row = capability_rows;
	struct position at;
	const char *key;
	bool warns;

	for (; row->key != NULL; row++) {
		warns = row->kind == CAPABILITY_IN_PART;
		if (row->asks == NULL || !row->asks(s) || (c->one && warns))
			continue;
		at = row->of_model ? s->model.at : s->key_at[row->at];
		key = row->key;
		if (strcmp(key, "fixed_rate") == 0 && s->when[0] == '@')
			key = "expression";
		(warns ? diag_warning : diag_error)(c->diag, at.line,
		    at.column, "schedules.%s.%s: %s%s; %s", s->name, key,
		    row->said, where, row->way_out);
	}
}

/* Whether the schedule gives the input, or the member of it, a value. */
static bool
is_bound(const struct schedule *s, const char *name, const char *member)
{
	const struct json *value = json_find(s->bound, name);

	if (member != NULL)
		return json_find(value, member) != NULL;
	return value != NULL || (s->reader_time_arg != NULL &&
	    strcmp(s->reader_time_arg, name) == 0);
}

/* `default: now` is for who starts a run, and that is not unionml there. */
static void
check_now(const struct check *c, const struct schedule *s, const char *where)
{
	struct arena arena = ARENA_INIT;
	const struct variable *v, *m;
	struct interface inputs;
	size_t i, j;

	if (!app_has_workflow(c->app, s->workflow))
		return;
	app_workflow_inputs(&arena, c->app, s->workflow, &inputs);
	for (i = 0; i < inputs.n; i++) {
		v = &inputs.v[i];
		if (v->now && !is_bound(s, v->name, NULL))
			diag_error(c->diag, s->at.line, s->at.column,
			    "schedules.%s: input '%s' has no value: Flyte's "
			    "scheduler knows no 'default: now'%s; use "
			    "reader_time_arg, or give it one under inputs",
			    s->name, v->name, where);
		for (j = 0; v->members != NULL && j < v->members->n; j++) {
			m = &v->members->v[j];
			if (m->now && !is_bound(s, v->name, m->name))
				diag_error(c->diag, s->at.line, s->at.column,
				    "schedules.%s: %s.%s has no value: Flyte's "
				    "scheduler knows no 'default: now'%s; give "
				    "it one under %s", s->name, v->name,
				    m->name, where, v->name);
		}
	}
	arena_release(&arena);
}

static bool
holds_big_integer(const struct json *value)
{
	size_t i;

	switch (value->kind) {
	case JSON_INT:
		return value->integer > integer_max ||
		    value->integer < -integer_max;
	case JSON_LIST:
		for (i = 0; i < value->n; i++)
			if (holds_big_integer(value->item[i]))
				return true;
		return false;
	case JSON_MAP:
		for (i = 0; i < value->n; i++)
			if (holds_big_integer(value->member[i].value))
				return true;
		return false;
	default:
		return false;
	}
}

/* Elsewhere an integer is one of 64 bits. */
static bool
holds_objects(const struct type *type)
{
	while (type->kind == TYPE_LIST || type->kind == TYPE_MAP)
		type = type->element;
	return type->kind == TYPE_JSON;
}

static void
refuse_integer(const struct check *c, struct position at, const char *key,
    const char *where)
{
	diag_error(c->diag, at.line, at.column, "%s: an integer beyond 2^53 "
	    "does not fit into an object on Flyte%s; use a string, or an "
	    "input of its own", key, where);
}

static void
check_bound(const struct check *c, const struct schedule *s,
    const char *where)
{
	struct interface inputs = { NULL, 0 };
	struct arena arena = ARENA_INIT;
	const struct json_member *m;
	const struct variable *v;
	size_t i;

	if (app_has_workflow(c->app, s->workflow))
		app_workflow_inputs(&arena, c->app, s->workflow, &inputs);
	for (i = 0; s->bound != NULL && i < s->bound->n; i++) {
		m = &s->bound->member[i];
		v = interface_find(&inputs, m->name);
		if ((v != NULL ? holds_objects(v->type) :
		    m->value->kind == JSON_MAP) &&
		    holds_big_integer(m->value))
			refuse_integer(c, s->at, arena_printf(&arena,
			    "schedules.%s: %s", s->name, m->name), where);
	}
	arena_release(&arena);
}

/* What travels in objects, and objects themselves. */
static void
check_presets(const struct check *c, const struct interface *inputs,
    const char *key, bool members, const char *where)
{
	struct arena arena = ARENA_INIT;
	struct strbuf sb = STRBUF_INIT;
	const struct variable *v;
	size_t i;

	for (i = 0; i < inputs->n; i++) {
		v = &inputs->v[i];
		if (v->preset == NULL ||
		    (!members && !holds_objects(v->type)) ||
		    !holds_big_integer(literal_to_json(&arena, v->preset)))
			continue;
		strbuf_reset(&sb);
		strbuf_addf(&sb, "%s.%s.default", key, v->name);
		refuse_integer(c, (struct position){ v->line, v->column },
		    sb.buf, where);
	}
	strbuf_release(&sb);
	arena_release(&arena);
}

static void
check_components(const struct check *c, const char *where)
{
	struct strbuf key = STRBUF_INIT;
	const struct component *component;
	int i;

	for (i = 0; i < COMPONENT_KINDS; i++) {
		component = &c->app->component[i];
		if (!component->declared)
			continue;
		if (component->container.image == NULL)
			diag_error(c->diag, component->at.line,
			    component->at.column, "%s: no image is given, in "
			    "which Flyte could run it%s; an image: at the top "
			    "is that of all components", component_key(i),
			    where);
		strbuf_reset(&key);
		strbuf_addf(&key, "%s.inputs", component_key(i));
		check_presets(c, &component->inputs, key.buf,
		    i == SPLITTER || i == PARSER || i == PREDICTOR, where);
	}
	check_presets(c, &c->app->hyperparameters, "model.hyperparameters",
	    true, where);
	strbuf_release(&key);
}

static void
check_all(const struct check *c)
{
	struct strbuf where = STRBUF_INIT;
	size_t i;

	if (print_where(c, NULL, &where))
		check_components(c, where.buf);
	for (i = 0; i < c->app->n_schedules; i++) {
		const struct schedule *s = &c->app->schedule[i];

		strbuf_reset(&where);
		if (!print_where(c, s, &where))
			continue;
		check_rows(c, s, where.buf);
		check_now(c, s, where.buf);
		check_bound(c, s, where.buf);
	}
	strbuf_release(&where);
}

void
capability_check(struct diag *diag, const struct app *app)
{
	const struct check c = { .diag = diag, .app = app };

	check_all(&c);
}

enum status
capability_refuse(const struct app *app, enum target_type type,
    const struct target_decl *decl)
{
	enum status status = EXIT_DONE;
	struct diag diag;
	struct check c = { .diag = &diag, .app = app, .one = true,
		.target = decl };

	if (type != TARGET_FLYTE)
		return EXIT_DONE;
	capability_tell();
	diag_init(&diag, app->file);
	check_all(&c);
	if (diag.errors > 0) {
		diag_print(&diag);
		status = EXIT_INPUT;
	}
	diag_release(&diag);
	return status;
}

void
capability_tell(void)
{
	static const char *const kinds[] = {
		[CAPABILITY_KEPT] = "kept", [CAPABILITY_IN_PART] = "in part",
		[CAPABILITY_REFUSED] = "refused",
	};
	const struct capability_row *row = capability_rows;

	detail("schedules on Flyte:");
	for (; row->key != NULL; row++)
		detail("  %-15s  %-7s  %s%s%s", row->key, kinds[row->kind],
		    row->said, row->way_out != NULL ? "; " : "",
		    row->way_out != NULL ? row->way_out : "");
}
