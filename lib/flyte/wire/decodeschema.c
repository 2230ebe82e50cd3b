/*
 * Dataclasses: the JSON Schema that flytekit puts into the metadata of a STRUCT
 * says which members there are, of what types, and their defaults. What is said
 * there in ways not known here may be anything; the component will judge it.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/flyte/wire/apijson.h"
#include "lib/flyte/wire/decodetype.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"

static const struct type *schema_type(struct arena *arena,
    const struct json *schema);

/* `#/definitions/NAME` and `#/$defs/NAME` of the whole schema. */
static const struct json *
follow(const struct json *schema)
{
	const char *ref = api_text(schema, "$ref"), *name;
	char key[16];
	size_t len;

	if (strncmp(ref, "#/", 2) != 0)
		return schema;
	ref += 2;
	name = strchr(ref, '/');
	len = name != NULL ? (size_t)(name - ref) : sizeof(key);
	if (len >= sizeof(key))
		return NULL;
	memcpy(key, ref, len);
	key[len] = '\0';
	return api_dig(schema, key, name + 1, NULL);
}

static struct type *
new_type(struct arena *arena, enum type_kind kind)
{
	struct type *type = arena_alloc(arena, sizeof(*type));

	type->kind = kind;
	return type;
}

static const struct type *
named_type(struct arena *arena, const char *name, const struct json *schema)
{
	const struct json *items = json_find(schema, "items");
	struct type *type = new_type(arena, TYPE_ANY);

	if (strcmp(name, "integer") == 0)
		type->kind = TYPE_INTEGER;
	else if (strcmp(name, "number") == 0)
		type->kind = TYPE_FLOAT;
	else if (strcmp(name, "boolean") == 0)
		type->kind = TYPE_BOOLEAN;
	else if (strcmp(name, "null") == 0)
		type->kind = TYPE_NONE;
	else if (strcmp(name, "object") == 0)
		type->kind = TYPE_JSON;
	else if (strcmp(name, "string") == 0)
		type->kind = strcmp(api_text(schema, "format"),
		    "date-time") == 0 ? TYPE_DATETIME : TYPE_STRING;
	if (strcmp(name, "array") == 0) {
		type->kind = TYPE_LIST;
		type->element = items != NULL ? schema_type(arena, items) :
		    new_type(arena, TYPE_ANY);
	}
	return type;
}

/* Of a list of type names, or of schemas. */
static const struct type *
choice(struct arena *arena, const struct json *list,
    const struct json *schema)
{
	struct type *type = new_type(arena, TYPE_UNION);
	const struct type *variant;
	size_t i;

	type->variant = arena_array(arena, list->n, sizeof(*type->variant));
	for (i = 0; i < list->n; i++) {
		variant = list->item[i]->kind == JSON_TEXT ?
		    named_type(arena, list->item[i]->text, schema) :
		    schema_type(arena, list->item[i]);
		if (variant->kind == TYPE_ANY)
			return variant;
		type->variant[type->n++] = variant;
	}
	return type->n > 0 ? type : new_type(arena, TYPE_ANY);
}

static const struct type *
words(struct arena *arena, const struct json *list)
{
	struct type *type = new_type(arena, TYPE_ENUM);
	size_t i;

	type->word = arena_array(arena, list->n, sizeof(*type->word));
	for (i = 0; i < list->n; i++) {
		if (list->item[i]->kind != JSON_TEXT)
			return new_type(arena, TYPE_ANY);
		type->word[type->n++] = list->item[i]->text;
	}
	return type;
}

static const struct type *
schema_type(struct arena *arena, const struct json *schema)
{
	const struct json *name = json_find(schema, "type");
	const struct json *any = json_find(schema, "anyOf");
	const struct json *list = json_find(schema, "enum");

	if (list != NULL && list->kind == JSON_LIST && list->n > 0)
		return words(arena, list);
	if (any != NULL && any->kind == JSON_LIST)
		return choice(arena, any, schema);
	if (name != NULL && name->kind == JSON_LIST)
		return choice(arena, name, schema);
	if (name != NULL && name->kind == JSON_TEXT)
		return named_type(arena, name->text, schema);
	return new_type(arena, TYPE_ANY);
}

/* Members of a google.protobuf.Struct are doubles, and may be written so. */
static const struct json *
whole(struct arena *arena, const struct json *value)
{
	if (value->kind == JSON_DOUBLE && value->real < 0x1p53 &&
	    value->real > -0x1p53 &&
	    value->real == (double)(int64_t)value->real)
		return json_int(arena, (int64_t)value->real);
	return value;
}

static bool
is_required(const struct json *object, const char *name)
{
	const struct json *list = json_find(object, "required");
	size_t i;

	for (i = 0; list != NULL && list->kind == JSON_LIST && i < list->n;
	    i++)
		if (list->item[i]->kind == JSON_TEXT &&
		    strcmp(list->item[i]->text, name) == 0)
			return true;
	return false;
}

static void
add_member(struct arena *arena, struct interface *members,
    const struct json *object, const struct json *structure,
    const struct json_member *property)
{
	const struct json *preset = json_find(property->value, "default");
	const struct json *declared = json_find(structure, property->name);
	const char *description = api_text(property->value, "description");
	struct variable v = { .name = property->name };
	const char *why;

	v.type = schema_type(arena, property->value);
	if (declared != NULL && v.type->kind == TYPE_STRING)
		v.type = decode_type(arena, declared);
	if (*description != '\0')
		v.description = description;
	if (preset != NULL)
		v.preset = literal_from_json(arena, v.type,
		    whole(arena, preset), NULL, &why);
	v.optional = v.preset == NULL &&
	    (preset != NULL || !is_required(object, v.name));
	interface_add(arena, members, &v);
}

const struct interface *
decode_members(struct arena *arena, const struct json *wire)
{
	const struct json *schema = json_find(wire, "metadata");
	const struct json *object = follow(schema);
	const struct json *properties = json_find(object, "properties");
	struct interface *members;
	size_t i;

	if (properties == NULL || properties->kind != JSON_MAP)
		return NULL;
	members = arena_alloc(arena, sizeof(*members));
	for (i = 0; i < properties->n; i++)
		add_member(arena, members, object, api_dig(wire, "structure",
		    "dataclass_type", NULL), &properties->member[i]);
	return members;
}
