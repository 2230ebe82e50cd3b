/*
 * Mappings by the table of keys. A key decides on others in two ways only: by
 * the word of the object's `by` key, and by which of them must not or must
 * stand together; all else is judged where it is known what it means.
 */
#include "lib/base/compat.h"

#include "lib/appfile/keyread.h"
#include "lib/appfile/keys.h"
#include "lib/appfile/keyshape.h"
#include "lib/appfile/reading.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/nameset.h"
#include "lib/text/yamldoc.h"

static void *
member(void *out, size_t offset)
{
	return (char *)out + offset;
}

static bool
holds_keys(const struct key *key)
{
	return key->shape == KEY_OBJECT || key->shape == KEY_OBJECTS;
}

/* The key that was probably meant, or NULL. */
static const struct key *
unknown_key(struct reading *r, const struct keys *keys,
    const struct yaml_node *key)
{
	struct strbuf all = STRBUF_INIT;
	struct nameset names;
	const char *near;
	size_t i;

	nameset_init(&names, r->arena, keys->key, keys->n, sizeof(*keys->key));
	near = reading_near(r, key->text, &names);
	if (near != NULL) {
		reading_error(r, key, "%s has no such key. Did you mean '%s'?",
		    keys->what, near);
		return keys_find(keys, near);
	}
	for (i = 0; i < keys->n; i++)
		strbuf_addf(&all, "%s%s", i > 0 ? ", " : "",
		    keys->key[i].name);
	reading_error(r, key, "%s has no such key; it may have %s", keys->what,
	    all.buf);
	strbuf_release(&all);
	return NULL;
}

/* The word of the `by` key, or -1 if it cannot be told. */
static int
deciding_word(struct reading *r, const struct keys *keys,
    const struct yaml_node *node)
{
	const struct yaml_node *value;

	if (keys->by == NULL)
		return -1;
	value = yaml_find(node, keys->by);
	if (value == NULL)
		return -1;
	return keyshape_word(r, keys_find(keys, keys->by), value, true);
}

/* The name of the word that a key is for. */
static const char *
only_word(const struct keys *keys, const struct key *key)
{
	const struct key_word *word = keys_find(keys, keys->by)->words;

	while (word->value + 1 != key->only)
		word++;
	return word->name;
}

/* False after an error. */
static bool
check_either(struct reading *r, const struct keys *keys,
    const struct yaml_node *node, uint64_t meant)
{
	const char *a = keys->either[0], *b = keys->either[1];
	const struct yaml_node *first, *second;
	size_t mark;

	if (a == NULL)
		return true;
	first = yaml_find(node, a);
	second = yaml_find(node, b);
	if ((first == NULL) != (second == NULL))
		return true;
	if (first == NULL) {
		if (meant >> (keys_find(keys, a) - keys->key) & 1 ||
		    meant >> (keys_find(keys, b) - keys->key) & 1)
			return false;
		reading_error(r, node, "has neither '%s' nor '%s'; one of the "
		    "two is wanted", a, b);
		return false;
	}
	mark = reading_enter(r, b);
	reading_error(r, second, "stands beside '%s' (line %d); one of the "
	    "two is allowed", a, first->line);
	reading_leave(r, mark);
	return false;
}

static void
check_needs(struct reading *r, const struct keys *keys,
    const struct yaml_node *node)
{
	const struct yaml_node *value;
	const struct key *key;
	size_t i, mark;

	for (i = 0; i < keys->n; i++) {
		key = &keys->key[i];
		if (key->needs == NULL || yaml_find(node, key->needs) != NULL)
			continue;
		value = yaml_find(node, key->name);
		if (value == NULL)
			continue;
		mark = reading_enter(r, key->name);
		reading_error(r, value, "goes with '%s' only", key->needs);
		reading_leave(r, mark);
	}
}

/* `meant`: what was there under another name, as bits. */
static void
check_required(struct reading *r, const struct keys *keys,
    const struct yaml_node *node, int word, uint64_t meant)
{
	const struct key *key;
	size_t i, mark;

	for (i = 0; i < keys->n; i++) {
		key = &keys->key[i];
		if (!(key->flags & KEY_REQUIRED) || meant >> i & 1 ||
		    (key->only != 0 && key->only != word + 1) ||
		    yaml_find(node, key->name) != NULL)
			continue;
		mark = reading_enter(r, key->name);
		reading_error(r, node, "is missing: %s", key->about);
		reading_leave(r, mark);
	}
}

static void
check_entry_name(struct reading *r, const struct keys *keys,
    const struct yaml_node *key)
{
	const char *why = ident_check(keys->naming, key->text);
	size_t i;

	if (why != NULL) {
		reading_error(r, key, "%s", why);
		return;
	}
	for (i = 0; keys->reserved != NULL && keys->reserved[i] != NULL; i++)
		if (strcmp(keys->reserved[i], key->text) == 0)
			reading_error(r, key, "'%s' is unionml's own name and "
			    "cannot be that of %s", key->text, keys->what);
}

static void
read_objects(struct reading *r, const struct key *key,
    const struct yaml_node *node, void *out)
{
	const struct keys *keys = key->object;
	const struct yaml_pair *pair;
	struct position at;
	char *items, *item;
	size_t i, mark;

	if (!keyshape_is_map(r, node)) {
		r->misread = true;
		return;
	}
	items = arena_array(r->arena, node->n, keys->size);
	memcpy(member(out, key->offset), &items, sizeof(items));
	memcpy(member(out, key->count), &node->n, sizeof(node->n));
	for (i = 0; i < node->n; i++) {
		pair = &node->pair[i];
		item = items + i * keys->size;
		at = reading_position(pair->key);
		memcpy(item, &pair->key->text, sizeof(pair->key->text));
		memcpy(item + keys->at, &at, sizeof(at));
		mark = reading_enter(r, pair->key->text);
		check_entry_name(r, keys, pair->key);
		if (keys->key[0].shape == KEY_TYPE &&
		    pair->value->kind == YAML_SCALAR && pair->value->n > 0)
			reading_error(r, pair->value, "a mapping is wanted; "
			    "write {type: %s}", pair->value->text);
		else
			keyread_object(r, keys, pair->value, item);
		reading_leave(r, mark);
	}
}

static void
read_model(struct reading *r, const struct key *key,
    const struct yaml_node *node, struct model_choice *model)
{
	int source;

	model->at = reading_position(node);
	if (node->kind == YAML_MAP) {
		keyread_object(r, key->object, node, model);
		model->source = model->file != NULL ? MODEL_FILE :
		    MODEL_VERSION;
		return;
	}
	source = keyshape_word(r, key, node, false);
	if (source >= 0)
		model->source = (enum model_source)source;
}

static void
read_key(struct reading *r, const struct key *key,
    const struct yaml_node *node, void *out)
{
	switch (key->shape) {
	case KEY_OBJECT:
		if (node->kind != YAML_MAP)
			r->misread = true;
		keyread_object(r, key->object, node,
		    member(out, key->offset));
		break;
	case KEY_OBJECTS:
		read_objects(r, key, node, out);
		break;
	case KEY_MODEL:
		read_model(r, key, node, member(out, key->offset));
		break;
	default:
		keyshape_read(r, key, node, member(out, key->offset),
		    member(out, key->count));
		break;
	}
}

void
keyread_object(struct reading *r, const struct keys *keys,
    const struct yaml_node *node, void *out)
{
	const struct yaml_pair *pair;
	const struct key *key, *near;
	uint64_t meant = 0;
	size_t i, mark;
	int word;

	if (!keyshape_is_map(r, node))
		return;
	word = deciding_word(r, keys, node);
	for (i = 0; i < node->n; i++) {
		pair = &node->pair[i];
		key = keys_find(keys, pair->key->text);
		mark = reading_enter(r, pair->key->text);
		if (key == NULL) {
			near = unknown_key(r, keys, pair->key);
			if (near != NULL)
				meant |= (uint64_t)1 << (near - keys->key);
			if (near != NULL && holds_keys(near))
				r->misread = true;
		} else if (!key_applies(key, word)) {
			reading_error(r, pair->key, "goes with '%s: %s' only",
			    keys->by, only_word(keys, key));
		} else {
			read_key(r, key, pair->value, out);
		}
		reading_leave(r, mark);
	}
	check_required(r, keys, node, word, meant);
	if (check_either(r, keys, node, meant))
		check_needs(r, keys, node);
}
