/*
 * From nodes to JSON by a declared type. Literals are made of that JSON, as
 * everywhere; what they would refuse at a leaf is refused here before, since
 * only the node knows the line and column.
 */
#include "lib/base/compat.h"

#include "lib/appfile/reading.h"
#include "lib/appfile/scalar.h"
#include "lib/appfile/value.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"
#include "lib/text/yamldoc.h"

static bool
is_kind(struct reading *r, const struct type *type,
    const struct yaml_node *node, enum yaml_kind kind)
{
	if (node->kind == kind)
		return true;
	reading_error(r, node, "%s (%s) is wanted, not %s",
	    kind == YAML_LIST ? "a list" : "a mapping",
	    type_name(r->arena, type), yaml_kind_name(node));
	return false;
}

static struct json *
list_to_json(struct reading *r, const struct type *element,
    const struct yaml_node *node)
{
	struct json *list = json_list(r->arena), *item;
	bool good = true;
	size_t i, mark;

	for (i = 0; i < node->n; i++) {
		mark = reading_enter_index(r, i);
		item = element != NULL ?
		    value_to_json(r, element, node->item[i]) :
		    value_any(r, node->item[i]);
		reading_leave(r, mark);
		if (item != NULL)
			json_append(r->arena, list, item);
		else
			good = false;
	}
	return good ? list : NULL;
}

static struct json *
map_to_json(struct reading *r, const struct type *element,
    const struct yaml_node *node)
{
	struct json *map = json_map(r->arena), *value;
	const struct yaml_pair *pair;
	bool good = true;
	size_t i, mark;

	for (i = 0; i < node->n; i++) {
		pair = &node->pair[i];
		mark = reading_enter(r, pair->key->text);
		value = element != NULL ?
		    value_to_json(r, element, pair->value) :
		    value_any(r, pair->value);
		reading_leave(r, mark);
		if (value != NULL)
			json_add(r->arena, map, pair->key->text, value);
		else
			good = false;
	}
	return good ? map : NULL;
}

struct json *
value_any(struct reading *r, const struct yaml_node *node)
{
	struct scalar s;

	if (node->kind == YAML_LIST)
		return list_to_json(r, NULL, node);
	if (node->kind == YAML_MAP)
		return map_to_json(r, NULL, node);
	s = scalar_any(r, node);
	switch (s.kind) {
	case SCALAR_NULL:
		return json_null_value(r->arena);
	case SCALAR_BOOLEAN:
		return json_bool(r->arena, s.boolean);
	case SCALAR_INTEGER:
		return json_int(r->arena, s.integer);
	case SCALAR_FLOAT:
		return json_double(r->arena, s.real);
	case SCALAR_TEXT:
		return json_text(r->arena, node->text);
	case SCALAR_ERROR:
		break;
	}
	return NULL;
}

/* A text that means something: a date, a duration, a path. */
static struct json *
text_to_json(struct reading *r, const struct type *type,
    const struct yaml_node *node)
{
	const char *text = scalar_text(r, node), *why;
	struct json *json;

	if (text == NULL)
		return NULL;
	json = json_text(r->arena, text);
	if (literal_from_json(r->arena, type, json, NULL, &why) != NULL)
		return json;
	reading_error(r, node, "%s", why);
	return NULL;
}

struct json *
value_to_json(struct reading *r, const struct type *type,
    const struct yaml_node *node)
{
	int64_t integer;
	double real;
	bool flag;

	switch (type->kind) {
	case TYPE_INTEGER:
		return scalar_integer(r, node, &integer) ?
		    json_int(r->arena, integer) : NULL;
	case TYPE_FLOAT:
		return scalar_float(r, node, &real) ?
		    json_double(r->arena, real) : NULL;
	case TYPE_BOOLEAN:
		return scalar_boolean(r, node, &flag) ?
		    json_bool(r->arena, flag) : NULL;
	case TYPE_LIST:
		return is_kind(r, type, node, YAML_LIST) ?
		    list_to_json(r, type->element, node) : NULL;
	case TYPE_MAP:
		return is_kind(r, type, node, YAML_MAP) ?
		    map_to_json(r, type->element, node) : NULL;
	case TYPE_JSON:
		return is_kind(r, type, node, YAML_MAP) ?
		    map_to_json(r, NULL, node) : NULL;
	default:
		return text_to_json(r, type, node);
	}
}

const struct literal *
value_to_literal(struct reading *r, const struct type *type,
    const struct yaml_node *node)
{
	struct json *json = value_to_json(r, type, node);
	const struct literal *literal;
	const char *why;

	if (json == NULL)
		return NULL;
	literal = literal_from_json(r->arena, type, json, r->directory, &why);
	if (literal == NULL)
		reading_error(r, node, "%s", why);
	return literal;
}
