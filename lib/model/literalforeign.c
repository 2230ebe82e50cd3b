/*
 * Values of the types that only what is registered on a cluster has: enums,
 * unions (of which an optional value is one), none, and members of objects
 * that may be anything.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"

static struct literal *
make(struct arena *arena, enum type_kind kind)
{
	struct literal *value = arena_alloc(arena, sizeof(*value));

	value->kind = kind;
	return value;
}

static const struct literal *
mismatch(struct arena *arena, const struct type *type, const char *got,
    const char **why)
{
	*why = arena_printf(arena, "expected %s, got %s",
	    type_name(arena, type), got);
	return NULL;
}

/* Flyte has no literal of its own for it: it is a text. */
static const struct literal *
enum_value(struct arena *arena, const struct type *type, const char *text,
    const char **why)
{
	struct literal *value;
	size_t i;

	for (i = 0; i < type->n; i++)
		if (strcmp(type->word[i], text) == 0)
			break;
	if (i == type->n)
		return mismatch(arena, type, literal_quote(arena, text), why);
	value = make(arena, TYPE_STRING);
	value->text = type->word[i];
	return value;
}

static const struct literal *
any_value(struct arena *arena, const struct json *json)
{
	struct literal *value = make(arena, TYPE_ANY);

	value->json = json;
	return value;
}

static const struct literal *
choose(struct arena *arena, const struct type *variant,
    const struct literal *value)
{
	struct literal *choice = make(arena, TYPE_UNION);

	choice->chosen.variant = variant;
	choice->chosen.value = value;
	return choice;
}

static const struct literal *
union_from_json(struct arena *arena, const struct type *type,
    const struct json *json, const char *base, const char **why)
{
	const struct literal *value;
	const struct type *variant;
	const char *ignored;
	size_t i;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < type->n; i++) {
			variant = type->variant[i];
			if (pass == 0 && json->kind == JSON_INT &&
			    variant->kind == TYPE_FLOAT)
				continue;
			value = literal_from_json(arena, variant, json, base,
			    &ignored);
			if (value != NULL)
				return choose(arena, variant, value);
		}
	}
	return mismatch(arena, type, literal_describe(arena, json), why);
}

static const struct literal *
union_from_text(struct arena *arena, const struct type *type,
    const char *text, const char *base, const char **why)
{
	const struct literal *value;
	const struct type *variant;
	const char *ignored;
	size_t i;
	int pass;

	for (pass = 0; pass < 3; pass++) {
		for (i = 0; i < type->n; i++) {
			variant = type->variant[i];
			if ((pass == 0 && variant->kind == TYPE_FLOAT) ||
			    (pass < 2 && variant->kind == TYPE_STRING))
				continue;
			value = literal_from_text(arena, variant, text, base,
			    &ignored);
			if (value != NULL)
				return choose(arena, variant, value);
		}
	}
	return mismatch(arena, type, literal_quote(arena, text), why);
}

const struct literal *
literal_foreign_from_json(struct arena *arena, const struct type *type,
    const struct json *json, const char *base, const char **why)
{
	switch (type->kind) {
	case TYPE_ENUM:
		if (json->kind == JSON_TEXT)
			return enum_value(arena, type, json->text, why);
		break;
	case TYPE_UNION:
		return union_from_json(arena, type, json, base, why);
	case TYPE_NONE:
		if (json->kind == JSON_NULL_VALUE)
			return make(arena, TYPE_NONE);
		break;
	case TYPE_ANY:
		return any_value(arena, json);
	default:
		BUG("a type of kind %d", (int)type->kind);
	}
	return mismatch(arena, type, literal_describe(arena, json), why);
}

const struct literal *
literal_foreign_from_text(struct arena *arena, const struct type *type,
    const char *text, const char *base, const char **why)
{
	const struct json *json;
	const char *ignored;

	switch (type->kind) {
	case TYPE_ENUM:
		return enum_value(arena, type, text, why);
	case TYPE_UNION:
		return union_from_text(arena, type, text, base, why);
	case TYPE_NONE:
		if (strcmp(text, "null") == 0)
			return make(arena, TYPE_NONE);
		return mismatch(arena, type, literal_quote(arena, text), why);
	case TYPE_ANY:
		json = json_parse(arena, text, strlen(text), &ignored);
		return any_value(arena, json != NULL ? json :
		    json_text(arena, text));
	default:
		BUG("a type of kind %d", (int)type->kind);
	}
}
