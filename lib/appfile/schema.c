/*
 * The JSON Schema of the app file, from the table of keys and nothing else. It
 * takes all that the parser takes and refuses what can be refused without
 * knowing other parts of the file. A text may be a number or true there, since
 * an editor's YAML reader makes `1.10` one before it asks the schema.
 */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/appfile/keyrule.h"
#include "lib/appfile/keys.h"
#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/text/jsonio.h"

enum { OBJECTS_MAX = 32 };

static const char *const value_types[] = { "string", "number", "boolean" };

struct schema {
	struct json_writer w;
	const struct keys *object[OBJECTS_MAX];	/* met, to be defined */
	size_t n;
};

static void
put_texts(struct json_writer *w, const char *name, const char *const *texts,
    size_t n)
{
	size_t i;

	json_begin_list(w, name);
	for (i = 0; i < n; i++)
		json_put_text(w, NULL, texts[i]);
	json_end_list(w);
}

static void
put_scalar(struct json_writer *w, const char *pattern)
{
	put_texts(w, "type", value_types, ARRAY_SIZE(value_types));
	if (pattern != NULL)
		json_put_text(w, "pattern", pattern);
}

static void
put_scalar_item(struct json_writer *w, const char *name, const char *pattern)
{
	json_begin_map(w, name);
	put_scalar(w, pattern);
	json_end_map(w);
}

static void
put_ref(struct schema *s, const struct keys *object)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < s->n && s->object[i] != object; i++)
		;
	if (i == s->n && s->n < OBJECTS_MAX)
		s->object[s->n++] = object;
	strbuf_addf(&sb, "#/$defs/%s", object->id);
	json_put_text(&s->w, "$ref", sb.buf);
	strbuf_release(&sb);
}

static void
put_ref_item(struct schema *s, const char *name, const struct keys *object)
{
	json_begin_map(&s->w, name);
	put_ref(s, object);
	json_end_map(&s->w);
}

static void
put_words(struct json_writer *w, const struct key_word *words)
{
	json_begin_list(w, "enum");
	for (; words->name != NULL; words++)
		json_put_text(w, NULL, words->name);
	json_end_list(w);
}

/* What the names of a mapping look like. */
static void
put_names(struct json_writer *w, enum ident_kind kind,
    const char *const *reserved)
{
	size_t n;

	json_begin_map(w, "propertyNames");
	json_put_text(w, "pattern", kind == IDENT_NAME ?
	    "^[A-Za-z_][A-Za-z0-9_-]*$" : kind == IDENT_INPUT ?
	    "^[A-Za-z_][A-Za-z0-9_]*$" :
	    "^(?!UNIONML_)[A-Za-z_][A-Za-z0-9_]*$");
	if (kind != IDENT_ENV)
		json_put_int(w, "maxLength", IDENT_MAX);
	if (reserved != NULL) {
		for (n = 0; reserved[n] != NULL; n++)
			;
		json_begin_map(w, "not");
		put_texts(w, "enum", reserved, n);
		json_end_map(w);
	}
	json_end_map(w);
}

static void
put_type(struct json_writer *w, const struct key *key)
{
	json_put_text(w, "type", "string");
	json_put_text(w, "pattern", key->flags & KEY_MEMBER ?
	    "^(integer|float|string|boolean|datetime)$" :
	    "^((list|map)<)*(integer|float|string|boolean|datetime|duration|"
	    "file|directory|json)>*$");
}

static void
put_command(struct json_writer *w)
{
	json_begin_list(w, "anyOf");
	json_begin_map(w, NULL);
	put_scalar(w, keyrule_some.pattern);
	json_end_map(w);
	json_begin_map(w, NULL);
	json_put_text(w, "type", "array");
	json_put_int(w, "minItems", 1);
	json_begin_list(w, "prefixItems");
	put_scalar_item(w, NULL, ".");
	json_end_list(w);
	put_scalar_item(w, "items", NULL);
	json_end_map(w);
	json_end_list(w);
}

static void
put_model(struct schema *s, const struct key *key)
{
	json_begin_list(&s->w, "anyOf");
	json_begin_map(&s->w, NULL);
	put_words(&s->w, key->words);
	json_end_map(&s->w);
	put_ref_item(s, NULL, key->object);
	json_end_list(&s->w);
}

static void
put_list(struct json_writer *w, const struct key *key)
{
	json_put_text(w, "type", "array");
	if (key->flags & KEY_FILLED)
		json_put_int(w, "minItems", 1);
	put_scalar_item(w, "items",
	    key->rule != NULL ? key->rule->pattern : NULL);
}

/* The members that a value of the key's shape has in the schema. */
static void
put_shape(struct schema *s, const struct key *key)
{
	const char *pattern = key->rule != NULL ? key->rule->pattern : NULL;
	struct json_writer *w = &s->w;

	switch (key->shape) {
	case KEY_TEXT:
	case KEY_QUANTITY:
	case KEY_SPAN:
		put_scalar(w, pattern);
		break;
	case KEY_NAME:
		put_scalar(w, "^[A-Za-z_][A-Za-z0-9_-]*$");
		json_put_int(w, "maxLength", IDENT_MAX);
		break;
	case KEY_WORD:
		put_words(w, key->words);
		break;
	case KEY_INTEGER:
		json_put_text(w, "type", "integer");
		json_put_int(w, "minimum", key->min);
		json_put_int(w, "maximum", key->max);
		break;
	case KEY_BOOLEAN:
		json_put_text(w, "type", "boolean");
		break;
	case KEY_OFFSET:
	case KEY_INSTANT:
	case KEY_EXPRESSION:
	case KEY_RATE:
		json_put_text(w, "type", "string");
		break;
	case KEY_TYPE:
		put_type(w, key);
		break;
	case KEY_COMMAND:
		put_command(w);
		break;
	case KEY_TEXTS:
		put_list(w, key);
		break;
	case KEY_SETTINGS:
		json_put_text(w, "type", "object");
		put_names(w, IDENT_ENV, NULL);
		put_scalar_item(w, "additionalProperties", pattern);
		break;
	case KEY_MODEL:
		put_model(s, key);
		break;
	case KEY_OBJECT:
		put_ref(s, key->object);
		break;
	case KEY_OBJECTS:
		json_put_text(w, "type", "object");
		put_names(w, key->object->naming, key->object->reserved);
		put_ref_item(s, "additionalProperties", key->object);
		break;
	case KEY_VALUES:
		json_put_text(w, "type", "object");
		break;
	case KEY_VALUE:
		break;
	}
}

static void
put_key(struct schema *s, const struct key *key)
{
	json_begin_map(&s->w, key->name);
	json_put_text(&s->w, "description", key->about);
	if (key->preset != NULL) {
		struct arena arena = ARENA_INIT;
		const char *why;

		json_put(&s->w, "default", json_parse(&arena, key->preset,
		    strlen(key->preset), &why));
		arena_release(&arena);
	}
	put_shape(s, key);
	json_end_map(&s->w);
}

static void
put_required(struct json_writer *w, const struct keys *keys, int only)
{
	size_t i, n = 0;

	for (i = 0; i < keys->n; i++)
		n += (keys->key[i].flags & KEY_REQUIRED) != 0 &&
		    keys->key[i].only == only;
	if (n == 0)
		return;
	json_begin_list(w, "required");
	for (i = 0; i < keys->n; i++)
		if (keys->key[i].flags & KEY_REQUIRED &&
		    keys->key[i].only == only)
			json_put_text(w, NULL, keys->key[i].name);
	json_end_list(w);
}

/* For each word of the deciding key: what it wants and what it refuses. */
static void
put_conditions(struct json_writer *w, const struct keys *keys)
{
	const struct key_word *word = keys_find(keys, keys->by)->words;
	size_t i;

	json_begin_list(w, "allOf");
	for (; word->name != NULL; word++) {
		json_begin_map(w, NULL);
		json_begin_map(w, "if");
		json_begin_map(w, "properties");
		json_begin_map(w, keys->by);
		json_put_text(w, "const", word->name);
		json_end_map(w);
		json_end_map(w);
		put_texts(w, "required", &keys->by, 1);
		json_end_map(w);
		json_begin_map(w, "then");
		json_begin_map(w, "properties");
		for (i = 0; i < keys->n; i++)
			if (!key_applies(&keys->key[i], word->value))
				json_put_bool(w, keys->key[i].name, false);
		json_end_map(w);
		put_required(w, keys, word->value + 1);
		json_end_map(w);
		json_end_map(w);
	}
	json_end_list(w);
}

static void
put_needs(struct json_writer *w, const struct keys *keys)
{
	size_t i;
	bool any = false;

	for (i = 0; i < keys->n; i++) {
		if (keys->key[i].needs == NULL)
			continue;
		if (!any)
			json_begin_map(w, "dependentRequired");
		any = true;
		put_texts(w, keys->key[i].name, &keys->key[i].needs, 1);
	}
	if (any)
		json_end_map(w);
}

static void
put_object(struct schema *s, const struct keys *keys)
{
	struct json_writer *w = &s->w;
	size_t i;

	json_put_text(w, "type", "object");
	json_begin_map(w, "properties");
	for (i = 0; i < keys->n; i++)
		put_key(s, &keys->key[i]);
	json_end_map(w);
	json_put_bool(w, "additionalProperties", false);
	put_required(w, keys, 0);
	if (keys->by != NULL)
		put_conditions(w, keys);
	if (keys->either[0] != NULL) {
		json_begin_list(w, "oneOf");
		for (i = 0; i < ARRAY_SIZE(keys->either); i++) {
			json_begin_map(w, NULL);
			put_texts(w, "required", &keys->either[i], 1);
			json_end_map(w);
		}
		json_end_list(w);
	}
	put_needs(w, keys);
}

void
appfile_schema(struct strbuf *sb)
{
	struct schema s = { .n = 0 };
	size_t i;

	json_writer_init(&s.w, sb, true);
	json_begin_map(&s.w, NULL);
	json_put_text(&s.w, "$schema",
	    "https://json-schema.org/draft/2020-12/schema");
	json_put_text(&s.w, "title", "unionml.yaml");
	json_put_text(&s.w, "description", "An app file of unionml: a dataset, "
	    "a model and their schedules");
	put_object(&s, &keys_app);
	json_begin_map(&s.w, "$defs");
	for (i = 0; i < s.n; i++) {
		json_begin_map(&s.w, s.object[i]->id);
		put_object(&s, s.object[i]);
		json_end_map(&s.w);
	}
	json_end_map(&s.w);
	json_end_map(&s.w);
	strbuf_addch(sb, '\n');
}
