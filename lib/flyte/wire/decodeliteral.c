/* Literals as FlyteAdmin's gateway writes them: 64-bit integers are texts. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/base64.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/wire/apijson.h"
#include "lib/flyte/wire/decodeliteral.h"
#include "lib/text/jsonio.h"
#include "lib/text/msgpack.h"

static struct json *
copy_text(struct arena *arena, const struct json *json, const char *name)
{
	return json_text(arena, api_text(json, name));
}

static struct json *
decode_primitive(struct arena *arena, const struct json *primitive)
{
	const struct json_member *m;
	const char *why;
	struct json *integer;

	if (primitive->kind != JSON_MAP || primitive->n == 0)
		return json_null_value(arena);
	m = &primitive->member[0];
	if (strcmp(m->name, "integer") != 0 || m->value->kind != JSON_TEXT)
		return m->value;
	integer = json_parse(arena, m->value->text, strlen(m->value->text),
	    &why);
	return integer != NULL ? integer : m->value;
}

static struct json *
decode_binary(struct arena *arena, const struct json *binary)
{
	const char *text = api_text(binary, "value"), *why;
	struct strbuf bytes = STRBUF_INIT;
	struct json *json = NULL;

	if (strcmp(api_text(binary, "tag"), "msgpack") == 0 &&
	    base64_decode(&bytes, text, strlen(text)))
		json = msgpack_parse(arena, bytes.buf, bytes.len, &why);
	strbuf_release(&bytes);
	return json != NULL ? json : json_text(arena, text);
}

static struct json *
decode_scalar(struct arena *arena, const struct json *scalar)
{
	const struct json_member *m;

	if (scalar->kind != JSON_MAP || scalar->n == 0)
		return json_null_value(arena);
	m = &scalar->member[0];
	if (strcmp(m->name, "primitive") == 0)
		return decode_primitive(arena, m->value);
	if (strcmp(m->name, "generic") == 0)
		return m->value;
	if (strcmp(m->name, "binary") == 0)
		return decode_binary(arena, m->value);
	if (strcmp(m->name, "union") == 0)
		return decode_literal(arena, json_find(m->value, "value"));
	if (strcmp(m->name, "error") == 0)
		return copy_text(arena, m->value, "message");
	if (strcmp(m->name, "none_type") == 0)
		return json_null_value(arena);
	return copy_text(arena, m->value, "uri");
}

struct json *
decode_literal(struct arena *arena, const struct json *literal)
{
	const struct json *part;
	struct json *list;
	size_t i;

	if ((part = json_find(literal, "scalar")) != NULL)
		return decode_scalar(arena, part);
	if ((part = api_dig(literal, "map", "literals", NULL)) != NULL)
		return decode_literals(arena, part);
	part = api_dig(literal, "collection", "literals", NULL);
	if (part == NULL || part->kind != JSON_LIST)
		return json_find(literal, "collection") != NULL ?
		    json_list(arena) : json_null_value(arena);
	list = json_list(arena);
	for (i = 0; i < part->n; i++)
		json_append(arena, list, decode_literal(arena,
		    part->item[i]));
	return list;
}

struct json *
decode_literals(struct arena *arena, const struct json *literals)
{
	struct json *map = json_map(arena);
	size_t i;

	if (literals == NULL || literals->kind != JSON_MAP)
		return map;
	for (i = 0; i < literals->n; i++)
		json_add(arena, map, literals->member[i].name,
		    decode_literal(arena, literals->member[i].value));
	return map;
}
