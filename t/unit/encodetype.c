/* Types and literals in flyteidl's JSON, each to the byte. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/flyte/wire/encodetype.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

static struct arena arena;

static const char *
uri_of(void *arg, const char *path, bool directory)
{
	return strcmp(path, "/app/known") == 0 ?
	    arena_printf(&arena, "%s%s%s", (const char *)arg, path,
	    directory ? "/" : "") : NULL;
}

static char bucket[] = "s3://b";
static const struct encode_files files = { .base = "/app", .uri = uri_of,
    .arg = bucket };

static void
is_json(struct strbuf *sb, const char *want, const char *name)
{
	is_str(sb->buf, want, name);
	strbuf_reset(sb);
}

static void
test_types(void)
{
	static const struct {
		const char *type, *want;
	} cases[] = {
		{ "integer", "{\"simple\":\"INTEGER\"}" },
		{ "float", "{\"simple\":\"FLOAT\"}" },
		{ "string", "{\"simple\":\"STRING\"}" },
		{ "boolean", "{\"simple\":\"BOOLEAN\"}" },
		{ "datetime", "{\"simple\":\"DATETIME\"}" },
		{ "duration", "{\"simple\":\"DURATION\"}" },
		{ "json", "{\"simple\":\"STRUCT\"}" },
		{ "file", "{\"blob\":{\"format\":\"\",\"dimensionality\":"
		    "\"SINGLE\"}}" },
		{ "directory", "{\"blob\":{\"format\":\"tar.gz\","
		    "\"dimensionality\":\"SINGLE\"},"
		    "\"metadata\":{\"directory\":true}}" },
		{ "list<map<integer>>", "{\"collection_type\":"
		    "{\"map_value_type\":{\"simple\":\"INTEGER\"}}}" },
	};
	struct strbuf sb = STRBUF_INIT;
	struct variable v = { .name = "x" };
	struct json_writer w;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		v.type = type_parse(&arena, cases[i].type, NULL);
		json_writer_init(&w, &sb, false);
		encode_type(&w, NULL, &v);
		is_json(&sb, cases[i].want, cases[i].type);
	}
	v.type = type_file(&arena, false, "csv");
	v.description = "rows \"of\" data";
	json_writer_init(&w, &sb, false);
	encode_variable(&w, NULL, &v);
	is_json(&sb, "{\"type\":{\"blob\":{\"format\":\"csv\","
	    "\"dimensionality\":\"SINGLE\"}},"
	    "\"description\":\"rows \\\"of\\\" data\"}", "a format");
	strbuf_release(&sb);
}

static void
test_object(void)
{
	static const struct literal one = { .kind = TYPE_FLOAT, .real = 1 };
	struct interface members = { NULL, 0 };
	struct variable v = { .name = "loader_kwargs" }, m;
	struct strbuf sb = STRBUF_INIT;
	const struct literal *object;
	struct json_writer w;
	struct json *given;

	v.type = type_simple(TYPE_JSON);
	v.members = &members;
	m = (struct variable){ .name = "C", .type = type_simple(TYPE_FLOAT),
	    .preset = &one };
	interface_add(&arena, &members, &m);
	ok(encode_has_default(&v), "all members have defaults");
	m = (struct variable){ .name = "at", .now = true,
	    .type = type_simple(TYPE_DATETIME), .description = "when" };
	interface_add(&arena, &members, &m);
	ok(!encode_has_default(&v), "now is none");
	json_writer_init(&w, &sb, false);
	encode_type(&w, NULL, &v);
	is_json(&sb, "{\"simple\":\"STRUCT\",\"metadata\":{\"$schema\":"
	    "\"http://json-schema.org/draft-07/schema#\",\"definitions\":"
	    "{\"LoaderkwargsSchema\":{\"type\":\"object\",\"properties\":{"
	    "\"C\":{\"title\":\"C\",\"type\":\"number\",\"format\":\"float\","
	    "\"default\":1},"
	    "\"at\":{\"title\":\"at\",\"type\":\"string\",\"format\":"
	    "\"date-time\",\"description\":\"when\"}},"
	    "\"additionalProperties\":false}},"
	    "\"$ref\":\"#/definitions/LoaderkwargsSchema\"},"
	    "\"structure\":{\"dataclass_type\":{\"C\":{\"simple\":\"FLOAT\"},"
	    "\"at\":{\"simple\":\"DATETIME\"}}}}", "an object's type");
	given = json_map(&arena);
	json_add(&arena, given, "at",
	    json_text(&arena, "2026-01-01T01:00+01:00"));
	object = encode_object(&arena, &v, given);
	json_writer_init(&w, &sb, false);
	encode_literal(&w, NULL, v.type, object, &files);
	is_json(&sb, "{\"scalar\":{\"generic\":{\"C\":1,"
	    "\"at\":\"2026-01-01T00:00:00Z\"}}}", "values over defaults");
	strbuf_release(&sb);
}

static void
test_literals(void)
{
	static const struct {
		const char *type, *json, *want;
	} cases[] = {
		{ "integer", "-9223372036854775808", "{\"scalar\":"
		    "{\"primitive\":{\"integer\":\"-9223372036854775808\"}}}" },
		{ "float", "1e300", "{\"scalar\":{\"primitive\":"
		    "{\"float_value\":1e+300}}}" },
		{ "float", "3", "{\"scalar\":{\"primitive\":"
		    "{\"float_value\":3}}}" },
		{ "string", "\"a\\n\\u00e9\\\"\"", "{\"scalar\":"
		    "{\"primitive\":{\"string_value\":\"a\\né\\\"\"}}}" },
		{ "boolean", "true", "{\"scalar\":{\"primitive\":"
		    "{\"boolean\":true}}}" },
		{ "datetime", "\"2026-01-02T03:04:05.5+02:00\"",
		    "{\"scalar\":{\"primitive\":"
		    "{\"datetime\":\"2026-01-02T01:04:05.5Z\"}}}" },
		{ "duration", "\"1h30m0.5s\"", "{\"scalar\":{\"primitive\":"
		    "{\"duration\":\"5400.500s\"}}}" },
		{ "duration", "\"-0.000001s\"", "{\"scalar\":{\"primitive\":"
		    "{\"duration\":\"-0.000001s\"}}}" },
		{ "duration", "\"1ns\"", "{\"scalar\":{\"primitive\":"
		    "{\"duration\":\"0.000000001s\"}}}" },
		{ "duration", "\"0s\"", "{\"scalar\":{\"primitive\":"
		    "{\"duration\":\"0s\"}}}" },
		{ "json", "{\"a\":[1,null,{\"b\":0.5}]}", "{\"scalar\":"
		    "{\"generic\":{\"a\":[1,null,{\"b\":0.5}]}}}" },
		{ "list<integer>", "[]", "{\"collection\":{\"literals\":[]}}" },
		{ "map<list<integer>>", "{\"k\":[1]}", "{\"map\":{\"literals\":"
		    "{\"k\":{\"collection\":{\"literals\":[{\"scalar\":"
		    "{\"primitive\":{\"integer\":\"1\"}}}]}}}}}" },
		{ "file", "\"data/x.csv\"", "{\"scalar\":{\"blob\":"
		    "{\"metadata\":{\"type\":{\"format\":\"\","
		    "\"dimensionality\":\"SINGLE\"}},"
		    "\"uri\":\"@file:data/x.csv@\"}}}" },
		{ "file", "\"/apple\"", "{\"scalar\":{\"blob\":"
		    "{\"metadata\":{\"type\":{\"format\":\"\","
		    "\"dimensionality\":\"SINGLE\"}},"
		    "\"uri\":\"@file:/apple@\"}}}" },
		{ "directory", "\"known\"", "{\"scalar\":{\"blob\":"
		    "{\"metadata\":{\"type\":{\"format\":\"tar.gz\","
		    "\"dimensionality\":\"SINGLE\"}},"
		    "\"uri\":\"s3://b/app/known/\"}}}" },
	};
	const struct literal *value;
	struct strbuf sb = STRBUF_INIT;
	const struct type *type;
	struct json_writer w;
	const char *why = "";
	struct json *json;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		type = type_parse(&arena, cases[i].type, NULL);
		json = json_parse(&arena, cases[i].json,
		    strlen(cases[i].json), &why);
		value = json == NULL ? NULL : literal_from_json(&arena, type,
		    json, "/app", &why);
		if (!ok(value != NULL, "%s: %s %s", cases[i].type,
		    cases[i].json, why))
			continue;
		json_writer_init(&w, &sb, false);
		encode_literal(&w, NULL, type, value, &files);
		is_json(&sb, cases[i].want, "... in flyteidl's words");
	}
	strbuf_release(&sb);
}

int
main(void)
{
	test_types();
	test_object();
	test_literals();
	arena_release(&arena);
	return tap_done();
}
