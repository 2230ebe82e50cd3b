/*
 * JSON values and how they are read. What jansson parses lies in the arena
 * from the start: our values point at its texts and names, none of which is
 * copied or freed, so that nothing else deals with reference counts or with
 * the limits. jsonprint.c writes them.
 */
#include "lib/base/compat.h"

#include <jansson.h>

#include "lib/base/arena.h"
#include "lib/text/jsonio.h"

static struct json *
value_new(struct arena *arena, enum json_kind kind)
{
	struct json *value = arena_alloc(arena, sizeof(*value));

	value->kind = kind;
	return value;
}

struct json *
json_null_value(struct arena *arena)
{
	return value_new(arena, JSON_NULL_VALUE);
}

struct json *
json_bool(struct arena *arena, bool boolean)
{
	struct json *value = value_new(arena, JSON_BOOL);

	value->boolean = boolean;
	return value;
}

struct json *
json_int(struct arena *arena, int64_t integer)
{
	struct json *value = value_new(arena, JSON_INT);

	value->integer = integer;
	return value;
}

struct json *
json_double(struct arena *arena, double real)
{
	struct json *value = value_new(arena, JSON_DOUBLE);

	value->real = real;
	return value;
}

/* The text is the arena's already. */
static struct json *
text_new(struct arena *arena, const char *text, size_t len)
{
	struct json *value = value_new(arena, JSON_TEXT);

	value->text = text;
	value->n = len;
	return value;
}

struct json *
json_text(struct arena *arena, const char *text)
{
	size_t len = strlen(text);

	return text_new(arena, arena_strndup(arena, text, len), len);
}

struct json *
json_list(struct arena *arena)
{
	return value_new(arena, JSON_LIST);
}

struct json *
json_map(struct arena *arena)
{
	return value_new(arena, JSON_MAP);
}

/*
 * Makes room for one element behind `n`. The capacity is not stored: it is
 * the power of two that follows from `n`, and so it is full when `n` is one.
 */
static void *
grow(struct arena *arena, void *array, size_t n, size_t size)
{
	void *more;

	if ((n & (n - 1)) != 0)
		return array;
	more = arena_array(arena, n != 0 ? 2 * n : 1, size);
	if (n != 0)
		memcpy(more, array, n * size);
	return more;
}

void
json_append(struct arena *arena, struct json *list, struct json *value)
{
	if (list->kind != JSON_LIST)
		BUG("json_append to %s", json_kind_name(list));
	list->item = grow(arena, list->item, list->n, sizeof(*list->item));
	list->item[list->n++] = value;
}

static struct json_member *
find_member(const struct json *map, const char *name)
{
	size_t i;

	for (i = 0; i < map->n; i++)
		if (strcmp(map->member[i].name, name) == 0)
			return &map->member[i];
	return NULL;
}

void
json_add(struct arena *arena, struct json *map, const char *name,
    struct json *value)
{
	struct json_member *m;

	map->member = grow(arena, map->member, map->n, sizeof(*m));
	m = &map->member[map->n++];
	m->name = arena_strdup(arena, name);
	m->value = value;
}

void
json_set(struct arena *arena, struct json *map, const char *name,
    struct json *value)
{
	struct json_member *m;

	if (map->kind != JSON_MAP)
		BUG("json_set on %s", json_kind_name(map));
	m = find_member(map, name);
	if (m != NULL)
		m->value = value;
	else
		json_add(arena, map, name, value);
}

struct json *
json_find(const struct json *map, const char *name)
{
	struct json_member *m;

	if (map == NULL || map->kind != JSON_MAP)
		return NULL;
	m = find_member(map, name);
	return m != NULL ? m->value : NULL;
}

const char *
json_kind_name(const struct json *value)
{
	static const char *const names[] = {
		[JSON_NULL_VALUE] = "null", [JSON_BOOL] = "boolean",
		[JSON_INT] = "integer", [JSON_DOUBLE] = "float",
		[JSON_TEXT] = "string", [JSON_LIST] = "list",
		[JSON_MAP] = "object",
	};

	return names[value->kind];
}

static struct json *convert(struct arena *arena, const json_t *from,
    int depth);

/* As grow() would have left it. */
static size_t
capacity(size_t n)
{
	size_t cap = 1;

	while (cap < n)
		cap *= 2;
	return cap;
}

static struct json *
convert_list(struct arena *arena, const json_t *from, int depth)
{
	struct json *value = json_list(arena);
	size_t i, n = json_array_size(from);

	if (n > 0)
		value->item = arena_array(arena, capacity(n),
		    sizeof(*value->item));
	for (i = 0; i < n; i++) {
		value->item[i] = convert(arena, json_array_get(from, i),
		    depth + 1);
		if (value->item[i] == NULL)
			return NULL;
	}
	value->n = n;
	return value;
}

static struct json *
convert_map(struct arena *arena, json_t *from, int depth)
{
	struct json *value = json_map(arena);
	size_t n = json_object_size(from);
	struct json_member *m;
	void *it;

	if (n == 0)
		return value;
	value->n = n;
	value->member = m = arena_array(arena, capacity(n), sizeof(*m));
	for (it = json_object_iter(from); it != NULL;
	    it = json_object_iter_next(from, it), m++) {
		m->name = json_object_iter_key(it);
		m->value = convert(arena, json_object_iter_value(it),
		    depth + 1);
		if (m->value == NULL)
			return NULL;
	}
	return value;
}

/* NULL if it is nested too deeply. */
static struct json *
convert(struct arena *arena, const json_t *from, int depth)
{
	switch (json_typeof(from)) {
	case JSON_NULL:
		return json_null_value(arena);
	case JSON_TRUE:
	case JSON_FALSE:
		return json_bool(arena, json_is_true(from));
	case JSON_INTEGER:
		return json_int(arena, json_integer_value(from));
	case JSON_REAL:
		return json_double(arena, json_real_value(from));
	case JSON_STRING:
		return text_new(arena, json_string_value(from),
		    json_string_length(from));
	case JSON_ARRAY:
		return depth < JSON_DEPTH_MAX ?
		    convert_list(arena, from, depth) : NULL;
	case JSON_OBJECT:
		break;
	}
	return depth < JSON_DEPTH_MAX ?
	    convert_map(arena, (json_t *)from, depth) : NULL;
}

/* Where the text, known to be JSON, goes beyond the depth allowed. */
static const char *
too_deep(struct arena *arena, const char *data, size_t len)
{
	int line = 1, column = 0, depth = 0;
	bool quoted = false;
	size_t i;

	for (i = 0; i < len; i++) {
		if (((unsigned char)data[i] & 0xc0) != 0x80)
			column++;
		if (data[i] == '\n') {
			line++;
			column = 0;
		} else if (data[i] == '"') {
			quoted = !quoted;
		} else if (quoted && data[i] == '\\') {
			i++;
			column++;
		} else if (!quoted && (data[i] == '[' || data[i] == '{')) {
			if (++depth == JSON_DEPTH_MAX + 1)
				break;
		} else if (!quoted && (data[i] == ']' || data[i] == '}')) {
			depth--;
		}
	}
	return arena_printf(arena, "line %d column %d: nested more than %d "
	    "levels deep", line, column, JSON_DEPTH_MAX);
}

static const char *
explain(const json_error_t *e)
{
	switch (json_error_code(e)) {
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "a text holds the character \\u0000";
	case json_error_stack_overflow:
		return "nested too deeply";
	case json_error_premature_end_of_input:
		return "the text ends too early";
	default:
		return e->text;
	}
}

/* Where what jansson allocates goes; its functions take no argument. */
static struct arena *parse_arena;

static void *
allocate(size_t size)
{
	return arena_alloc(parse_arena, size);
}

static void
leave(void *p)
{
	(void)p;
}

struct json *
json_parse(struct arena *arena, const char *data, size_t len,
    const char **why)
{
	struct json *value;
	json_error_t err;
	json_t *root;

	if (len > JSON_SIZE_MAX) {
		*why = arena_printf(arena, "%zu bytes, more than the %d "
		    "allowed", len, JSON_SIZE_MAX);
		return NULL;
	}
	parse_arena = arena;
	json_set_alloc_funcs(allocate, leave);
	root = json_loadb(len != 0 ? data : "", len,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &err);
	parse_arena = NULL;
	if (root == NULL) {
		*why = arena_printf(arena, "line %d column %d: %s",
		    err.line > 0 ? err.line : 1,
		    err.column > 0 ? err.column : 1, explain(&err));
		return NULL;
	}
	value = convert(arena, root, 0);
	if (value == NULL)
		*why = too_deep(arena, data, len);
	return value;
}
