/*
 * What is registered on the cluster as types of ours. Each keeps its JSON, for
 * a literal may have to repeat it.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/flyte/wire/apijson.h"
#include "lib/flyte/wire/decodeliteral.h"
#include "lib/flyte/wire/decodetype.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"

static enum type_kind
simple_kind(const char *name)
{
	static const struct {
		const char *name;
		enum type_kind kind;
	} simple[] = {
		{ "INTEGER", TYPE_INTEGER }, { "FLOAT", TYPE_FLOAT },
		{ "STRING", TYPE_STRING }, { "BOOLEAN", TYPE_BOOLEAN },
		{ "DATETIME", TYPE_DATETIME }, { "DURATION", TYPE_DURATION },
		{ "STRUCT", TYPE_JSON }, { "NONE", TYPE_NONE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(simple); i++)
		if (strcmp(simple[i].name, name) == 0)
			return simple[i].kind;
	return TYPE_ANY;
}

/* MULTIPART is a prefix of the store, ours are archives that say so. */
static void
decode_blob(struct type *type, const struct json *wire,
    const struct json *blob)
{
	const struct json *ours = api_dig(wire, "metadata", "directory", NULL);
	const char *format = api_text(blob, "format");
	bool archive = ours != NULL && ours->kind == JSON_BOOL &&
	    ours->boolean;

	type->kind = archive || strcmp(api_text(blob, "dimensionality"),
	    "MULTIPART") == 0 ? TYPE_DIRECTORY : TYPE_FILE;
	if (*format != '\0')
		type->format = format;
}

static void
decode_enum(struct arena *arena, struct type *type, const struct json *values)
{
	size_t i;

	type->kind = TYPE_ENUM;
	type->word = arena_array(arena, values->n, sizeof(*type->word));
	for (i = 0; i < values->n; i++)
		if (values->item[i]->kind == JSON_TEXT)
			type->word[type->n++] = values->item[i]->text;
}

static void
decode_union(struct arena *arena, struct type *type,
    const struct json *variants)
{
	size_t i;

	type->kind = TYPE_UNION;
	type->variant = arena_array(arena, variants->n,
	    sizeof(*type->variant));
	for (i = 0; i < variants->n; i++)
		type->variant[type->n++] = decode_type(arena,
		    variants->item[i]);
}

static const struct json *
find_list(const struct json *json, const char *outer, const char *inner)
{
	const struct json *list = api_dig(json, outer, inner, NULL);

	return list != NULL && list->kind == JSON_LIST && list->n > 0 ?
	    list : NULL;
}

static const struct json *
find_map(const struct json *json, const char *name)
{
	const struct json *map = json_find(json, name);

	return map != NULL && map->kind == JSON_MAP ? map : NULL;
}

const struct type *
decode_type(struct arena *arena, const struct json *wire)
{
	struct type *type = arena_alloc(arena, sizeof(*type));
	const struct json *part;

	type->wire = wire;
	type->kind = TYPE_ANY;
	if (*api_text(wire, "simple") != '\0') {
		type->kind = simple_kind(api_text(wire, "simple"));
	} else if ((part = find_map(wire, "collection_type")) != NULL) {
		type->kind = TYPE_LIST;
		type->element = decode_type(arena, part);
	} else if ((part = find_map(wire, "map_value_type")) != NULL) {
		type->kind = TYPE_MAP;
		type->element = decode_type(arena, part);
	} else if ((part = find_map(wire, "blob")) != NULL) {
		decode_blob(type, wire, part);
	} else if ((part = find_list(wire, "enum_type", "values")) != NULL) {
		decode_enum(arena, type, part);
	} else if ((part = find_list(wire, "union_type", "variants")) !=
	    NULL) {
		decode_union(arena, type, part);
	} else if (find_map(wire, "structured_dataset_type") != NULL ||
	    find_map(wire, "schema") != NULL) {
		type->kind = TYPE_DATASET;
	}
	return type;
}

static void
decode_variable(struct arena *arena, const char *name,
    const struct json *json, struct variable *v)
{
	const char *description = api_text(json, "description");
	const struct json *wire = json_find(json, "type");

	memset(v, 0, sizeof(*v));
	v->name = name;
	v->type = decode_type(arena, wire);
	if (v->type->kind == TYPE_JSON)
		v->members = decode_members(arena, wire);
	if (*description != '\0' && strcmp(description, name) != 0)
		v->description = description;
}

/*
 * The default, as far as there is a value like it here; another is the
 * cluster's own affair.
 */
static void
decode_default(struct arena *arena, struct variable *v,
    const struct json *literal)
{
	const char *why;

	if (v->type->kind != TYPE_ANY)
		v->preset = literal_from_json(arena, v->type,
		    decode_literal(arena, literal), NULL, &why);
	v->optional = v->preset == NULL;
}

void
decode_parameters(struct arena *arena, const struct json *parameters,
    struct interface *interface)
{
	const struct json *parameter, *preset;
	struct variable v;
	size_t i;

	memset(interface, 0, sizeof(*interface));
	if (parameters == NULL || parameters->kind != JSON_MAP)
		return;
	for (i = 0; i < parameters->n; i++) {
		parameter = parameters->member[i].value;
		decode_variable(arena, parameters->member[i].name,
		    json_find(parameter, "var"), &v);
		preset = json_find(parameter, "default");
		if (preset != NULL && preset->kind == JSON_MAP)
			decode_default(arena, &v, preset);
		interface_add(arena, interface, &v);
	}
}

void
decode_variables(struct arena *arena, const struct json *variables,
    struct interface *interface)
{
	struct variable v;
	size_t i;

	memset(interface, 0, sizeof(*interface));
	if (variables == NULL || variables->kind != JSON_MAP)
		return;
	for (i = 0; i < variables->n; i++) {
		decode_variable(arena, variables->member[i].name,
		    variables->member[i].value, &v);
		interface_add(arena, interface, &v);
	}
}
