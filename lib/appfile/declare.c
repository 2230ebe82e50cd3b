/*
 * Declared inputs, once the table of keys has read them: their defaults, whose
 * type is known only now, and what their names must not be.
 */
#include "lib/base/compat.h"

#include "lib/appfile/declare.h"
#include "lib/appfile/reading.h"
#include "lib/appfile/value.h"
#include "lib/base/nameset.h"
#include "lib/model/app.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"
#include "lib/text/yamldoc.h"

/* Their inputs are workflow inputs of their own names. */
static const enum component_kind named[] = { READER, TRAINER, EVALUATOR };

/* Stands for a default that could not be read: no more is said about it. */
static const struct literal faulty;

static struct position
declared_at(const struct variable *v)
{
	struct position at = { v->line, v->column };

	return at;
}

static void
read_default(struct reading *r, struct variable *v,
    const struct yaml_node *node)
{
	size_t mark;

	if (node == NULL || v->type == NULL)
		return;
	if (v->type->kind == TYPE_DATETIME && node->kind == YAML_SCALAR &&
	    strcmp(node->text, "now") == 0) {
		v->now = true;
		return;
	}
	mark = reading_enter(r, "default");
	v->preset = value_to_literal(r, v->type, node);
	if (v->preset == NULL)
		v->preset = &faulty;
	reading_leave(r, mark);
}

/* `node` is the mapping that the declarations were read from, in its order. */
static void
read_defaults(struct reading *r, struct interface *declared,
    const struct yaml_node *node)
{
	size_t i, mark;

	for (i = 0; i < declared->n; i++) {
		mark = reading_enter(r, declared->v[i].name);
		read_default(r, &declared->v[i],
		    yaml_find(node->pair[i].value, "default"));
		reading_leave(r, mark);
	}
}

/*
 * The component's own words; an input that takes one is no further judged, as
 * one whose type could not be read. `hyperparameters` and `model_object` are
 * refused for all components, by the table of keys.
 */
static void
check_own_words(struct reading *r, struct interface *declared,
    enum component_kind kind)
{
	const char *const *list[] = {
		component_takes(kind), component_makes(kind)
	};
	struct nameset names;
	const char *word;
	struct variable *v;
	size_t i, j, at, mark;

	nameset_init(&names, r->arena, declared->v, declared->n,
	    sizeof(*declared->v));
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		for (j = 0; (word = list[i][j]) != NULL; j++) {
			at = nameset_find(&names, word);
			if (at == SIZE_MAX ||
			    strcmp(word, "hyperparameters") == 0 ||
			    strcmp(word, "model_object") == 0)
				continue;
			v = &declared->v[at];
			if (v->type == NULL)
				continue;
			mark = reading_enter(r, word);
			reading_error_at(r, declared_at(v), "'%s' is what the "
			    "%s %s anyhow; choose another name", word,
			    component_name(kind), i == 0 ? "gets" : "makes");
			reading_leave(r, mark);
			v->type = NULL;
		}
	}
}

static void
read_component(struct reading *r, struct app *app, enum component_kind kind)
{
	const struct yaml_pair *pair = reading_find(r, component_key(kind));
	struct component *c = &app->component[kind];
	size_t outer, mark;

	if (pair == NULL)
		return;
	c->declared = true;
	c->at = reading_position(pair->key);
	if (c->inputs.n == 0)
		return;
	outer = reading_enter(r, component_key(kind));
	mark = reading_enter(r, "inputs");
	read_defaults(r, &c->inputs, yaml_find(pair->value, "inputs"));
	check_own_words(r, &c->inputs, kind);
	reading_leave(r, mark);
	reading_leave(r, outer);
}

static void
read_hyperparameters(struct reading *r, struct app *app)
{
	const struct yaml_pair *pair = reading_find(r,
	    "model.hyperparameters");
	size_t mark;

	if (pair == NULL)
		return;
	app->hyperparameters_at = reading_position(pair->key);
	mark = reading_enter(r, "model.hyperparameters");
	if (app->hyperparameters.n > 0)
		read_defaults(r, &app->hyperparameters, pair->value);
	reading_leave(r, mark);
}

static bool
same_default(struct reading *r, const struct variable *a,
    const struct variable *b)
{
	struct strbuf x = STRBUF_INIT, y = STRBUF_INIT;
	bool same;

	if (a->preset == &faulty || b->preset == &faulty)
		return true;
	if (a->preset == NULL || b->preset == NULL)
		return !(a->now && b->preset != NULL) &&
		    !(b->now && a->preset != NULL);
	json_print(&x, literal_to_json(r->arena, a->preset));
	json_print(&y, literal_to_json(r->arena, b->preset));
	same = strcmp(x.buf, y.buf) == 0;
	strbuf_release(&x);
	strbuf_release(&y);
	return same;
}

/* `v` of one component is the same workflow input as `other` of another. */
static void
check_shared(struct reading *r, const struct variable *v,
    const struct variable *other, enum component_kind owner)
{
	size_t mark = reading_enter(r, v->name);

	if (v->type == NULL || other->type == NULL)
		;	/* reported where it was read */
	else if (!type_equal(v->type, other->type))
		reading_error_at(r, declared_at(v), "is %s here, but %s of "
		    "%s (%d:%d) is %s; one name has one type",
		    type_name(r->arena, v->type), other->name,
		    component_key(owner), other->line, other->column,
		    type_name(r->arena, other->type));
	else if (!same_default(r, v, other))
		reading_error_at(r, declared_at(v), "has another default than "
		    "%s of %s (%d:%d); one input has one default", other->name,
		    component_key(owner), other->line, other->column);
	reading_leave(r, mark);
}

static void
check_named(struct reading *r, const struct app *app)
{
	struct nameset names[ARRAY_SIZE(named)];
	const struct interface *mine, *theirs;
	size_t i, j, k, at, outer, mark;

	for (i = 0; i < ARRAY_SIZE(named); i++) {
		mine = &app->component[named[i]].inputs;
		nameset_init(&names[i], r->arena, mine->v, mine->n,
		    sizeof(*mine->v));
		outer = reading_enter(r, component_key(named[i]));
		mark = reading_enter(r, "inputs");
		for (j = 0; j < mine->n; j++) {
			for (k = 0; k < i; k++) {
				theirs = &app->component[named[k]].inputs;
				at = nameset_find(&names[k], mine->v[j].name);
				if (at == SIZE_MAX)
					continue;
				check_shared(r, &mine->v[j], &theirs->v[at],
				    named[k]);
				break;
			}
		}
		reading_leave(r, mark);
		reading_leave(r, outer);
	}
}

/* Both would be UNIONML_IN_hyperparameters_C in the environment. */
static void
check_environment(struct reading *r, const struct app *app)
{
	static const char prefix[] = "hyperparameters_";
	const struct interface *inputs = &app->component[TRAINER].inputs;
	struct nameset names;
	size_t i, mark, len = strlen(prefix);

	nameset_init(&names, r->arena, app->hyperparameters.v,
	    app->hyperparameters.n, sizeof(*app->hyperparameters.v));
	mark = reading_enter(r, "model.trainer.inputs");
	for (i = 0; i < inputs->n; i++)
		if (strncmp(inputs->v[i].name, prefix, len) == 0 &&
		    nameset_find(&names, inputs->v[i].name + len) != SIZE_MAX)
			reading_error_at(r, declared_at(&inputs->v[i]),
			    "'%s' and hyperparameters.%s have one name in the "
			    "environment; choose another", inputs->v[i].name,
			    inputs->v[i].name + len);
	reading_leave(r, mark);
}

void
declare_check(struct reading *r, struct app *app)
{
	int i;

	for (i = 0; i < COMPONENT_KINDS; i++)
		read_component(r, app, (enum component_kind)i);
	read_hyperparameters(r, app);
	check_named(r, app);
	check_environment(r, app);
}
