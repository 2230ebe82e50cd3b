/*
 * Workflows that something else registered, for which the app has no
 * components: a Python UnionML app's, say. Their inputs are what the cluster
 * says; as long as nobody has asked it, the schedule's values say themselves
 * what they look like.
 */
#include "lib/base/compat.h"

#include "lib/target/flyte/encodepart.h"
#include "lib/text/jsonio.h"

static const struct type *
guess_type(struct arena *arena, const struct json *value)
{
	struct type *list;

	switch (value->kind) {
	case JSON_BOOL:
		return type_simple(TYPE_BOOLEAN);
	case JSON_INT:
		return type_simple(TYPE_INTEGER);
	case JSON_DOUBLE:
		return type_simple(TYPE_FLOAT);
	case JSON_MAP:
		return type_simple(TYPE_JSON);
	case JSON_LIST:
		list = arena_alloc(arena, sizeof(*list));
		list->kind = TYPE_LIST;
		list->element = value->n > 0 ?
		    guess_type(arena, value->item[0]) :
		    type_simple(TYPE_STRING);
		return list;
	default:
		return type_simple(TYPE_STRING);
	}
}

static void
add(struct arena *arena, struct interface *inputs, const char *name,
    const struct type *type)
{
	struct variable v = { .name = name, .type = type };

	interface_add(arena, inputs, &v);
}

static const struct interface *
guess_inputs(struct arena *arena, const struct schedule *schedule)
{
	struct interface *inputs = arena_alloc(arena, sizeof(*inputs));
	const struct json *bound = schedule->bound;
	size_t i;

	if (schedule->model.source != MODEL_UNSET)
		add(arena, inputs, "model_object", type_simple(TYPE_FILE));
	if (schedule->reader_time_arg != NULL)
		add(arena, inputs, schedule->reader_time_arg,
		    type_simple(TYPE_DATETIME));
	for (i = 0; bound != NULL && i < bound->n; i++)
		add(arena, inputs, bound->member[i].name,
		    guess_type(arena, bound->member[i].value));
	return inputs;
}

bool
encode_find_foreign(struct arena *arena, const struct encoding *encoding,
    const struct launch_plan *plan, struct encode_foreign *foreign)
{
	const struct encode_place *place = &encoding->place;

	if (place->foreign != NULL &&
	    place->foreign(place->arg, plan->workflow_name, foreign))
		return true;
	foreign->inputs = guess_inputs(arena, plan->schedule);
	foreign->version = "@workflow@";
	return false;
}
