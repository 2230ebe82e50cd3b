/*
 * Values and JSON: each is checked against the type that is wanted as it is
 * read, and written in the forms that Flyte's copilot has. Values from the
 * command line's text are literaltext.c's.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"

/* Copilot makes a file of each entry of a map. */
enum { KEY_MAX = 255, SHOWN_MAX = 40 };

static struct literal *
literal_new(struct arena *arena, enum type_kind kind)
{
	struct literal *value = arena_alloc(arena, sizeof(*value));

	value->kind = kind;
	return value;
}

static const struct literal *
path_literal(struct arena *arena, enum type_kind kind, const char *path)
{
	struct literal *value = literal_new(arena, kind);

	value->path = arena_strdup(arena, path);
	return value;
}

const struct literal *
literal_path(struct arena *arena, bool directory, const char *path)
{
	return path_literal(arena, directory ? TYPE_DIRECTORY : TYPE_FILE,
	    path);
}

bool
literal_is_uri(const char *path)
{
	return *path != '/' && strstr(path, "://") != NULL;
}

const struct literal *
literal_json(struct arena *arena, const struct json *object)
{
	struct literal *value = literal_new(arena, TYPE_JSON);

	value->json = object;
	return value;
}

const struct literal *
literal_datetime(struct arena *arena, struct instant t)
{
	struct literal *value = literal_new(arena, TYPE_DATETIME);

	value->datetime = t;
	return value;
}

const char *
literal_shorten(struct arena *arena, const char *text)
{
	size_t len = strnlen(text, SHOWN_MAX + 1);

	if (len <= SHOWN_MAX)
		return text;
	/* Not within a character of UTF-8. */
	for (len = SHOWN_MAX; len > 0; len--)
		if (((unsigned char)text[len] & 0xc0) != 0x80)
			break;
	return arena_printf(arena, "%.*s...", (int)len, text);
}

const char *
literal_quote(struct arena *arena, const char *text)
{
	struct strbuf sb = STRBUF_INIT;
	const char *quoted;

	text = literal_shorten(arena, text);
	json_print_text(&sb, text, strlen(text));
	quoted = arena_strdup(arena, sb.buf);
	strbuf_release(&sb);
	return quoted;
}

const char *
literal_describe(struct arena *arena, const struct json *value)
{
	const char *kind = json_kind_name(value);
	struct strbuf sb = STRBUF_INIT;
	const char *text;

	switch (value->kind) {
	case JSON_TEXT:
		return arena_printf(arena, "%s %s", kind,
		    literal_quote(arena, value->text));
	case JSON_BOOL:
	case JSON_INT:
	case JSON_DOUBLE:
		json_print(&sb, value);
		text = arena_printf(arena, "%s %s", kind, sb.buf);
		strbuf_release(&sb);
		return text;
	default:
		return kind;
	}
}

static const struct literal *
mismatch(struct arena *arena, const struct type *type,
    const struct json *value, const char **why)
{
	*why = arena_printf(arena, "expected %s%s, got %s",
	    type_name(arena, type), type->kind == TYPE_JSON ? " (an object)" :
	    type_is_path(type) ? " (a path)" : "",
	    literal_describe(arena, value));
	return NULL;
}

const struct literal *
literal_from_time(struct arena *arena, const struct type *type,
    const char *text, const char **why)
{
	struct literal *value = literal_new(arena, type->kind);
	const char *fault;

	if (type->kind == TYPE_DATETIME ?
	    instant_parse(text, &value->datetime, &fault) :
	    span_parse(text, &value->duration, &fault))
		return value;
	*why = arena_printf(arena, "expected %s, got %s: %s",
	    type_name(arena, type), literal_quote(arena, text), fault);
	return NULL;
}

const struct literal *
literal_from_path(struct arena *arena, const struct type *type,
    const char *text, const char *base, const char **why)
{
	const struct literal *value;
	char *path;

	if (*text == '\0') {
		*why = arena_printf(arena, "expected the path of a %s, got an "
		    "empty text", type_name(arena, type));
		return NULL;
	}
	if (base == NULL || (type->wire != NULL && literal_is_uri(text)))
		return path_literal(arena, type->kind, text);
	path = path_resolve(base, text);
	value = path_literal(arena, type->kind, path);
	free(path);
	return value;
}

/*
 * An integer that a float cannot hold is refused, unless it is a float's
 * shortest decimal: what json_print_double wrote reads back.
 */
static const struct literal *
float_from_integer(struct arena *arena, int64_t integer, const char **why)
{
	struct literal *value = literal_new(arena, TYPE_FLOAT);
	const double limit = 9223372036854775808.0;	/* 2^63 */
	struct strbuf sb = STRBUF_INIT;
	const char *text;
	bool same;

	value->real = (double)integer;
	if (value->real < limit && (int64_t)value->real == integer)
		return value;
	text = arena_printf(arena, "%lld", (long long)integer);
	json_print_double(&sb, value->real);
	same = strcmp(sb.buf, text) == 0;
	strbuf_release(&sb);
	if (same)
		return value;
	*why = arena_printf(arena, "integer %s is not exact as a float", text);
	return NULL;
}

static const struct literal *
float_from_json(struct arena *arena, const struct type *type,
    const struct json *json, const char **why)
{
	struct literal *value;

	if (json->kind == JSON_INT)
		return float_from_integer(arena, json->integer, why);
	if (json->kind != JSON_DOUBLE)
		return mismatch(arena, type, json, why);
	value = literal_new(arena, TYPE_FLOAT);
	/* -0.0 becomes 0: written as -0 it would be read as an integer. */
	value->real = json->real + 0.0;
	return value;
}

static const struct literal *
list_from_json(struct arena *arena, const struct type *type,
    const struct json *json, const char *base, const char **why)
{
	struct literal *list = literal_new(arena, TYPE_LIST);
	const char *fault;
	size_t i;

	list->n = json->n;
	list->item = arena_array(arena, json->n, sizeof(*list->item));
	for (i = 0; i < json->n; i++) {
		list->item[i] = literal_from_json(arena, type->element,
		    json->item[i], base, &fault);
		if (list->item[i] == NULL) {
			*why = arena_printf(arena, "item %zu: %s", i + 1,
			    fault);
			return NULL;
		}
	}
	return list;
}

/* A key becomes the name of a file, and must not lead out of its directory. */
static bool
key_fits(const char *key)
{
	return *key != '\0' && strcmp(key, ".") != 0 &&
	    strcmp(key, "..") != 0 && strchr(key, '/') == NULL &&
	    strlen(key) <= KEY_MAX;
}

static const struct literal *
map_from_json(struct arena *arena, const struct type *type,
    const struct json *json, const char *base, const char **why)
{
	struct literal *map = literal_new(arena, TYPE_MAP);
	struct literal_entry *entry;
	const char *fault;
	size_t i;

	map->n = json->n;
	map->entry = arena_array(arena, json->n, sizeof(*map->entry));
	for (i = 0; i < json->n; i++) {
		entry = &map->entry[i];
		entry->name = arena_strdup(arena, json->member[i].name);
		fault = "is not fit to be the name of a file, as keys must";
		if (key_fits(entry->name))
			entry->value = literal_from_json(arena, type->element,
			    json->member[i].value, base, &fault);
		if (entry->value == NULL) {
			*why = arena_printf(arena, "key '%s': %s",
			    literal_shorten(arena, entry->name), fault);
			return NULL;
		}
	}
	return map;
}

/* The kind of JSON that a value of the type is written as. */
static enum json_kind
json_kind_of(enum type_kind kind)
{
	switch (kind) {
	case TYPE_INTEGER:
		return JSON_INT;
	case TYPE_FLOAT:
		return JSON_DOUBLE;
	case TYPE_BOOLEAN:
		return JSON_BOOL;
	case TYPE_LIST:
		return JSON_LIST;
	case TYPE_MAP:
	case TYPE_JSON:
		return JSON_MAP;
	default:
		return JSON_TEXT;
	}
}

const struct literal *
literal_from_json(struct arena *arena, const struct type *type,
    const struct json *json, const char *base, const char **why)
{
	struct literal *value;

	if (type->kind == TYPE_FLOAT)
		return float_from_json(arena, type, json, why);
	if (type->kind >= TYPE_ENUM && type->kind < TYPE_DATASET)
		return literal_foreign_from_json(arena, type, json, base, why);
	if (json->kind != json_kind_of(type->kind))
		return mismatch(arena, type, json, why);
	switch (type->kind) {
	case TYPE_DATETIME:
	case TYPE_DURATION:
		return literal_from_time(arena, type, json->text, why);
	case TYPE_FILE:
	case TYPE_DIRECTORY:
	case TYPE_DATASET:
		return literal_from_path(arena, type, json->text, base, why);
	case TYPE_LIST:
		return list_from_json(arena, type, json, base, why);
	case TYPE_MAP:
		return map_from_json(arena, type, json, base, why);
	case TYPE_JSON:
		return literal_json(arena, json);
	default:
		break;
	}
	value = literal_new(arena, type->kind);
	if (type->kind == TYPE_INTEGER)
		value->integer = json->integer;
	else if (type->kind == TYPE_BOOLEAN)
		value->boolean = json->boolean;
	else
		value->text = arena_strdup(arena, json->text);
	return value;
}

void
literal_print(struct strbuf *sb, const struct literal *value)
{
	switch (value->kind) {
	case TYPE_INTEGER:
		strbuf_addf(sb, "%lld", (long long)value->integer);
		break;
	case TYPE_FLOAT:
		json_print_decimal(sb, value->real);
		break;
	case TYPE_STRING:
		strbuf_addstr(sb, value->text);
		break;
	case TYPE_BOOLEAN:
		strbuf_addstr(sb, value->boolean ? "true" : "false");
		break;
	case TYPE_DATETIME:
		instant_print(sb, value->datetime);
		break;
	case TYPE_DURATION:
		span_print(sb, value->duration);
		break;
	case TYPE_JSON:
		json_print(sb, value->json);
		break;
	default:
		BUG("a value of kind %d has no text", (int)value->kind);
	}
}

static struct json *
printed(struct arena *arena, const struct literal *value)
{
	struct strbuf sb = STRBUF_INIT;
	struct json *json;

	literal_print(&sb, value);
	json = json_text(arena, sb.buf);
	strbuf_release(&sb);
	return json;
}

struct json *
literal_to_json(struct arena *arena, const struct literal *value)
{
	struct json *json;
	size_t i;

	switch (value->kind) {
	case TYPE_INTEGER:
		return json_int(arena, value->integer);
	case TYPE_FLOAT:
		return json_double(arena, value->real);
	case TYPE_BOOLEAN:
		return json_bool(arena, value->boolean);
	case TYPE_FILE:
	case TYPE_DIRECTORY:
	case TYPE_DATASET:
		return json_text(arena, value->path);
	case TYPE_JSON:
	case TYPE_ANY:
		return (struct json *)value->json;
	case TYPE_UNION:
		return literal_to_json(arena, value->chosen.value);
	case TYPE_NONE:
		return json_null_value(arena);
	case TYPE_LIST:
		json = json_list(arena);
		for (i = 0; i < value->n; i++)
			json_append(arena, json,
			    literal_to_json(arena, value->item[i]));
		return json;
	case TYPE_MAP:
		json = json_map(arena);
		for (i = 0; i < value->n; i++)
			json_add(arena, json, value->entry[i].name,
			    literal_to_json(arena, value->entry[i].value));
		return json;
	default:
		return printed(arena, value);
	}
}
