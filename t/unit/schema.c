/*
 * The JSON Schema: it is JSON, each $ref leads to a definition, each key of
 * the table is in it with its description. Whether it says what it should is
 * for a validator to tell: t/1010-schema.t.
 */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/appfile/keys.h"
#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

static const struct json *root;

static const struct json *
definition(const char *ref)
{
	if (strncmp(ref, "#/$defs/", 8) != 0)
		return NULL;
	return json_find(json_find(root, "$defs"), ref + 8);
}

/* All references within the value, and how many of them lead nowhere. */
static void
count_refs(const struct json *value, size_t *refs, size_t *dangling)
{
	size_t i;

	if (value->kind == JSON_LIST)
		for (i = 0; i < value->n; i++)
			count_refs(value->item[i], refs, dangling);
	if (value->kind != JSON_MAP)
		return;
	for (i = 0; i < value->n; i++) {
		if (strcmp(value->member[i].name, "$ref") == 0) {
			(*refs)++;
			*dangling +=
			    definition(value->member[i].value->text) == NULL;
		}
		count_refs(value->member[i].value, refs, dangling);
	}
}

static bool
is_text(const struct json *value, const char *want)
{
	return value != NULL && value->kind == JSON_TEXT &&
	    strcmp(value->text, want) == 0;
}

static void
check_object(const struct json *object, const struct keys *keys)
{
	const struct json *properties = json_find(object, "properties"), *p;
	size_t i;

	if (!ok(properties != NULL && properties->n == keys->n,
	    "%s has all its keys", keys->id))
		return;
	for (i = 0; i < keys->n; i++) {
		p = json_find(properties, keys->key[i].name);
		ok(p != NULL && is_text(json_find(p, "description"),
		    keys->key[i].about), "%s.%s with its description",
		    keys->id, keys->key[i].name);
	}
	p = json_find(object, "additionalProperties");
	ok(p != NULL && p->kind == JSON_BOOL && !p->boolean,
	    "and takes no others");
}

static void
check_below(const struct keys *keys, int depth)
{
	const struct keys *object;
	const struct json *defs = json_find(root, "$defs");
	size_t i;

	for (i = 0; i < keys->n; i++) {
		object = keys->key[i].object;
		if (object == NULL || depth > 5)
			continue;
		check_object(json_find(defs, object->id), object);
		check_below(object, depth + 1);
	}
}

int
main(void)
{
	struct arena arena = ARENA_INIT;
	struct strbuf sb = STRBUF_INIT, again = STRBUF_INIT;
	size_t refs = 0, dangling = 0;
	const char *why = NULL;

	appfile_schema(&sb);
	root = json_parse(&arena, sb.buf, sb.len, &why);
	if (!ok(root != NULL, "the schema is JSON: %s", why ? why : "yes"))
		return tap_done();
	ok(sb.buf[sb.len - 1] == '\n', "and ends in a newline");
	ok(is_text(json_find(root, "$schema"),
	    "https://json-schema.org/draft/2020-12/schema"), "of 2020-12");
	count_refs(root, &refs, &dangling);
	ok(refs > 10, "it has references");
	is_int((long long)dangling, 0, "none leads nowhere");
	check_object(root, &keys_app);
	check_below(&keys_app, 0);
	appfile_schema(&again);
	is_str(again.buf, sb.buf, "it is the same each time");
	strbuf_release(&sb);
	strbuf_release(&again);
	arena_release(&arena);
	return tap_done();
}
