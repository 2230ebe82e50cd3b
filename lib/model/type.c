/*
 * The words for types and what they mean. Values are literal.c's; nothing
 * here knows of Flyte's encoding or of files on disk.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/base/suggest.h"
#include "lib/model/type.h"

/* list<list<...>>: each level is a level of directories on disk. */
enum { NESTING_MAX = 8 };

static const char *const words[] = {
	[TYPE_INTEGER] = "integer", [TYPE_FLOAT] = "float",
	[TYPE_STRING] = "string", [TYPE_BOOLEAN] = "boolean",
	[TYPE_DATETIME] = "datetime", [TYPE_DURATION] = "duration",
	[TYPE_FILE] = "file", [TYPE_DIRECTORY] = "directory",
	[TYPE_JSON] = "json", [TYPE_LIST] = "list", [TYPE_MAP] = "map",
	[TYPE_ENUM] = "enum", [TYPE_UNION] = "union", [TYPE_NONE] = "none",
	[TYPE_ANY] = "any", [TYPE_DATASET] = "dataset",
};

/* What other languages call them, where suggest() would not find ours. */
static const struct {
	const char *theirs, *ours;
} aliases[] = {
	{ "array", "list<T>" }, { "bool", "boolean" }, { "date", "datetime" },
	{ "dict", "json" }, { "dir", "directory" }, { "double", "float" },
	{ "folder", "directory" }, { "int", "integer" }, { "list", "list<T>" },
	{ "map", "map<T>" }, { "number", "float" }, { "object", "json" },
	{ "path", "file" }, { "real", "float" }, { "str", "string" },
	{ "struct", "json" }, { "text", "string" }, { "time", "datetime" },
	{ "timedelta", "duration" }, { "timestamp", "datetime" },
};

const struct type *
type_simple(enum type_kind kind)
{
	static const struct type simple[] = {
		{ .kind = TYPE_INTEGER }, { .kind = TYPE_FLOAT },
		{ .kind = TYPE_STRING }, { .kind = TYPE_BOOLEAN },
		{ .kind = TYPE_DATETIME }, { .kind = TYPE_DURATION },
		{ .kind = TYPE_FILE }, { .kind = TYPE_DIRECTORY },
		{ .kind = TYPE_JSON },
	};

	if ((size_t)kind >= ARRAY_SIZE(simple))
		BUG("'%s' is no simple type", words[kind]);
	return &simple[kind];
}

const struct type *
type_file(struct arena *arena, bool directory, const char *format)
{
	struct type *type = arena_alloc(arena, sizeof(*type));

	type->kind = directory ? TYPE_DIRECTORY : TYPE_FILE;
	if (format != NULL)
		type->format = arena_strdup(arena, format);
	return type;
}

static const char *
explain(struct arena *arena, const char *text, size_t len)
{
	const char *word = arena_strndup(arena, text, len);
	const char *nearest = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(aliases); i++)
		if (strcasecmp(word, aliases[i].theirs) == 0)
			nearest = aliases[i].ours;
	if (nearest == NULL && len <= 40)
		nearest = suggest(word, words, TYPE_LIST);
	if (nearest != NULL)
		return arena_printf(arena, "no type '%s'. Did you mean '%s'?",
		    word, nearest);
	return arena_printf(arena, "no type '%.40s%s': use integer, float, "
	    "string, boolean, datetime, duration, file, directory, json, "
	    "list<T> or map<T>", word, len > 40 ? "..." : "");
}

/* Whether the `len` bytes at `text` are `word<...>`. */
static bool
is_generic(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n + 2 && strncmp(text, word, n) == 0 &&
	    text[n] == '<' && text[len - 1] == '>';
}

static const struct type *
parse(struct arena *arena, const char *text, size_t len, int depth,
    const char **why)
{
	enum type_kind kind;
	struct type *type;
	size_t skip, i;

	for (i = 0; i < TYPE_LIST; i++)
		if (strlen(words[i]) == len &&
		    strncmp(text, words[i], len) == 0)
			return type_simple((enum type_kind)i);
	if (is_generic(text, len, "list")) {
		kind = TYPE_LIST;
	} else if (is_generic(text, len, "map")) {
		kind = TYPE_MAP;
	} else {
		*why = explain(arena, text, len);
		return NULL;
	}
	if (depth == NESTING_MAX) {
		*why = arena_printf(arena, "a type may be nested %d levels "
		    "deep, not more", NESTING_MAX);
		return NULL;
	}
	skip = strlen(words[kind]) + 1;
	type = arena_alloc(arena, sizeof(*type));
	type->kind = kind;
	type->element = parse(arena, text + skip, len - skip - 1, depth + 1,
	    why);
	return type->element != NULL ? type : NULL;
}

const struct type *
type_parse(struct arena *arena, const char *text, const char **why)
{
	const char *ignored;

	return parse(arena, text, strlen(text), 0,
	    why != NULL ? why : &ignored);
}

static void
print_choices(struct strbuf *sb, const struct type *type)
{
	size_t i;

	for (i = 0; i < type->n; i++) {
		if (i > 0)
			strbuf_addstr(sb, " or ");
		if (type->kind == TYPE_UNION)
			type_print(sb, type->variant[i]);
		else
			strbuf_addf(sb, "'%s'", type->word[i]);
	}
}

void
type_print(struct strbuf *sb, const struct type *type)
{
	if (type->n > 0) {
		print_choices(sb, type);
		return;
	}
	strbuf_addstr(sb, words[type->kind]);
	if (type->element == NULL)
		return;
	strbuf_addch(sb, '<');
	type_print(sb, type->element);
	strbuf_addch(sb, '>');
}

const char *
type_name(struct arena *arena, const struct type *type)
{
	struct strbuf sb = STRBUF_INIT;
	const char *name;

	type_print(&sb, type);
	name = arena_strdup(arena, sb.buf);
	strbuf_release(&sb);
	return name;
}

bool
type_equal(const struct type *a, const struct type *b)
{
	for (; a->kind == b->kind; a = a->element, b = b->element)
		if (a->element == NULL || b->element == NULL)
			return a->element == b->element;
	return false;
}

bool
type_is_path(const struct type *type)
{
	return type->kind == TYPE_FILE || type->kind == TYPE_DIRECTORY ||
	    type->kind == TYPE_DATASET;
}

bool
type_is_scalar(const struct type *type)
{
	return type->kind <= TYPE_DURATION;
}
