/* Types and literals of flyteidl, what values the types take, and rubbish. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/wire/decodeliteral.h"
#include "lib/flyte/wire/decodetype.h"
#include "lib/flyte/wire/encodetype.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

static struct arena arena = ARENA_INIT;

static struct json *
parse(const char *text)
{
	const char *why;
	struct json *json = json_parse(&arena, text, strlen(text), &why);

	if (json == NULL)
		ok(false, "%s: %s", text, why);
	return json;
}

#define SIMPLE(name) "{\"simple\":\"" name "\"}"
#define OPTIONAL "{\"union_type\":{\"variants\":[" SIMPLE("INTEGER") "," \
	SIMPLE("NONE") "]}}"

static const struct {
	const char *wire, *name;
} types[] = {
	{ SIMPLE("INTEGER"), "integer" }, { SIMPLE("DURATION"), "duration" },
	{ SIMPLE("STRUCT"), "json" }, { SIMPLE("NONE"), "none" },
	{ SIMPLE("BINARY"), "any" }, { SIMPLE("NEWER"), "any" },
	{ "{\"collection_type\":" SIMPLE("FLOAT") ",\"metadata\":null}",
	    "list<float>" },
	{ "{\"map_value_type\":{\"collection_type\":" SIMPLE("STRING") "}}",
	    "map<list<string>>" },
	{ "{\"blob\":{\"format\":\"csv\",\"dimensionality\":\"SINGLE\"}}",
	    "file" },
	{ "{\"blob\":{\"format\":\"\",\"dimensionality\":\"MULTIPART\"}}",
	    "directory" },
	{ "{\"blob\":{\"format\":\"tar.gz\"},\"metadata\":"
	    "{\"directory\":true}}", "directory" },
	{ "{\"enum_type\":{\"values\":[\"red\",\"blue\"]}}",
	    "'red' or 'blue'" },
	{ OPTIONAL, "integer or none" },
	{ "{\"structured_dataset_type\":{\"format\":\"\"}}", "dataset" },
	{ "{\"schema\":{\"columns\":[]}}", "dataset" },
	{ "{}", "any" }, { "[]", "any" }, { "null", "any" },
	{ "{\"enum_type\":{\"values\":null}}", "any" },
	{ "{\"union_type\":7}", "any" }, { "{\"collection_type\":[]}", "any" },
};

/* What is given for a type, as Flyte gets it, or why not. */
static const struct {
	const char *wire, *given, *literal;
} values[] = {
	{ OPTIONAL, "7", "{\"scalar\":{\"union\":{\"value\":{\"scalar\":"
	    "{\"primitive\":{\"integer\":\"7\"}}},\"type\":"
	    "{\"simple\":\"INTEGER\"}}}}" },
	{ OPTIONAL, "null", "{\"scalar\":{\"union\":{\"value\":{\"scalar\":"
	    "{\"none_type\":{}}},\"type\":{\"simple\":\"NONE\"}}}}" },
	{ OPTIONAL, "\"x\"", "expected integer or none, got string \"x\"" },
	{ "{\"union_type\":{\"variants\":[" SIMPLE("FLOAT") ","
	    SIMPLE("INTEGER") "]}}", "1", "{\"scalar\":{\"union\":{\"value\":"
	    "{\"scalar\":{\"primitive\":{\"integer\":\"1\"}}},\"type\":"
	    "{\"simple\":\"INTEGER\"}}}}" },
	{ "{\"enum_type\":{\"values\":[\"red\",\"blue\"]}}", "\"blue\"",
	    "{\"scalar\":{\"primitive\":{\"string_value\":\"blue\"}}}" },
	{ "{\"enum_type\":{\"values\":[\"red\",\"blue\"]}}", "\"green\"",
	    "expected 'red' or 'blue', got \"green\"" },
	{ "{\"blob\":{\"format\":\"Model\",\"dimensionality\":\"SINGLE\"}}",
	    "\"s3://b/k\"", "{\"scalar\":{\"blob\":{\"metadata\":{\"type\":"
	    "{\"format\":\"Model\",\"dimensionality\":\"SINGLE\"}},"
	    "\"uri\":\"s3://b/k\"}}}" },
	{ "{\"structured_dataset_type\":{\"columns\":[],\"format\":\"\"}}",
	    "\"s3://b/k\"", "{\"scalar\":{\"structured_dataset\":{\"uri\":"
	    "\"s3://b/k\",\"metadata\":{\"structured_dataset_type\":"
	    "{\"columns\":[],\"format\":\"parquet\"}}}}}" },
};

static void
test_types(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		is_str(type_name(&arena, decode_type(&arena,
		    parse(types[i].wire))), types[i].name, types[i].wire);
}

static void
test_values(void)
{
	const struct encode_files files = { .base = "" };
	struct strbuf sb = STRBUF_INIT;
	const struct literal *value;
	const struct type *type;
	struct json_writer w;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		type = decode_type(&arena, parse(values[i].wire));
		value = literal_from_json(&arena, type,
		    parse(values[i].given), "/base", &why);
		strbuf_reset(&sb);
		json_writer_init(&w, &sb, false);
		if (value != NULL)
			encode_literal(&w, NULL, type, value, &files);
		is_str(value != NULL ? sb.buf : why, values[i].literal,
		    values[i].given);
	}
	strbuf_release(&sb);
}

static const struct {
	const char *literal, *json;
} literals[] = {
	{ "{\"scalar\":{\"primitive\":{\"integer\":\"-7\"}},\"hash\":\"\"}",
	    "-7" },
	{ "{\"scalar\":{\"primitive\":{\"float_value\":\"NaN\"}}}",
	    "\"NaN\"" },
	{ "{\"scalar\":{\"primitive\":{\"boolean\":false}}}", "false" },
	{ "{\"scalar\":{\"generic\":{\"a\":[1]}}}", "{\"a\":[1]}" },
	{ "{\"scalar\":{\"none_type\":{}}}", "null" },
	{ "{\"scalar\":{\"blob\":{\"metadata\":{},\"uri\":\"s3://b/k\"}}}",
	    "\"s3://b/k\"" },
	{ "{\"scalar\":{\"union\":{\"value\":{\"scalar\":{\"primitive\":"
	    "{\"string_value\":\"x\"}}},\"type\":{}}}}", "\"x\"" },
	{ "{\"scalar\":{\"binary\":{\"value\":\"gaFDAQ==\",\"tag\":"
	    "\"msgpack\"}}}", "{\"C\":1}" },
	{ "{\"scalar\":{\"binary\":{\"value\":\"gaFD\",\"tag\":"
	    "\"msgpack\"}}}", "\"gaFD\"" },
	{ "{\"collection\":{\"literals\":[{\"scalar\":{\"primitive\":"
	    "{\"float_value\":0.5}}},null]}}", "[0.5,null]" },
	{ "{\"collection\":{\"literals\":null}}", "[]" },
	{ "{\"map\":{\"literals\":{\"k\":{\"scalar\":{\"none_type\":"
	    "{}}}}}}", "{\"k\":null}" },
	{ "{\"scalar\":{\"primitive\":{}}}", "null" },
	{ "{\"scalar\":7}", "null" }, { "{\"scalar\":{\"primitive\":[]}}",
	    "null" }, { "{}", "null" }, { "7", "null" },
};

static void
test_literals(void)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(literals); i++) {
		strbuf_reset(&sb);
		json_print(&sb, decode_literal(&arena,
		    parse(literals[i].literal)));
		is_str(sb.buf, literals[i].json, literals[i].literal);
	}
	strbuf_release(&sb);
}

/* marshmallow's schema, and mashumaro's, which has no definitions. */
static void
test_members(void)
{
	const struct interface *m = decode_members(&arena, parse(
	    "{\"simple\":\"STRUCT\",\"metadata\":{\"definitions\":{\"H\":{"
	    "\"properties\":{\"n\":{\"type\":\"integer\",\"default\":100.0},"
	    "\"w\":{\"anyOf\":[{\"default\":null},{\"type\":\"null\"}]},"
	    "\"f\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":"
	    "\"string\"}}}}},\"$ref\":\"#/definitions/H\"}}"));
	const struct variable *v;

	ok(m != NULL && m->n == 3, "three members");
	v = interface_find(m, "n");
	ok(v->type->kind == TYPE_INTEGER && v->preset != NULL &&
	    v->preset->integer == 100, "a whole double is an integer");
	is_str(type_name(&arena, interface_find(m, "w")->type), "any", "any");
	v = interface_find(m, "f");
	is_str(type_name(&arena, v->type), "list<string> or none", "a list");
	ok(v->optional && v->preset == NULL, "may be left out");
	m = decode_members(&arena, parse("{\"metadata\":{\"properties\":"
	    "{\"C\":{\"type\":\"number\"},\"d\":{\"type\":\"string\","
	    "\"default\":\"x\"}},\"required\":[\"C\"]}}"));
	ok(m != NULL && m->n == 2 && !m->v[0].optional && m->v[1].preset !=
	    NULL, "one is required");
	ok(decode_members(&arena, parse("{\"metadata\":null}")) == NULL &&
	    decode_members(&arena, parse("{\"metadata\":{\"$ref\":\"#/x\"}}"))
	    == NULL && decode_members(&arena, parse("{\"metadata\":"
	    "{\"$ref\":\"#/definitions/H\"}}")) == NULL &&
	    decode_members(&arena, parse("[]")) == NULL, "no schema");
}

static void
test_parameters(void)
{
	struct interface i;

	decode_parameters(&arena, parse("{\"a\":{\"var\":{\"type\":"
	    SIMPLE("INTEGER") ",\"description\":\"how many\"},\"default\":"
	    "{\"scalar\":{\"primitive\":{\"integer\":\"3\"}}}},\"b\":"
	    "{\"var\":{\"type\":" SIMPLE("BINARY") "},\"default\":{}},"
	    "\"c\":{\"var\":{\"type\":" SIMPLE("STRING") "},\"required\":"
	    "true,\"default\":null},\"d\":7}"), &i);
	is_int((long long)i.n, 4, "four of them");
	ok(i.v[0].preset != NULL && i.v[0].preset->integer == 3, "a default");
	is_str(i.v[0].description, "how many", "a description");
	ok(i.v[1].optional, "a default that has no like here");
	ok(variable_required(&i.v[2]), "required");
	decode_parameters(&arena, parse("[]"), &i);
	is_int((long long)i.n, 0, "none");
	decode_parameters(&arena, NULL, &i);
	is_int((long long)i.n, 0, "nothing");
}

int
main(void)
{
	test_types();
	test_values();
	test_literals();
	test_members();
	test_parameters();
	arena_release(&arena);
	return tap_done();
}
