/* Values: from JSON and text, their faults, and how they are written. */
#include "lib/base/compat.h"

#include <math.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

struct reading {
	const char *type, *from, *want;
};

/* What comes back is the value as JSON, or why there is none. */
static const struct reading from_json[] = {
	{ "integer", "7", "7" },
	{ "integer", "-9223372036854775808", "-9223372036854775808" },
	{ "integer", "\"x\"", "expected integer, got string \"x\"" },
	{ "integer", "7.0", "expected integer, got float 7" },
	{ "integer", "1e3", "expected integer, got float 1000" },
	{ "integer", "true", "expected integer, got boolean true" },
	{ "integer", "null", "expected integer, got null" },
	{ "integer", "[]", "expected integer, got list" },
	{ "integer", "{}", "expected integer, got object" },
	{ "float", "0.1", "0.1" },
	{ "float", "1", "1" },
	{ "float", "9007199254740992", "9007199254740992" },
	{ "float", "9007199254740993",
	    "integer 9007199254740993 is not exact as a float" },
	{ "float", "-9007199254740993",
	    "integer -9007199254740993 is not exact as a float" },
	{ "float", "9223372036854775807",
	    "integer 9223372036854775807 is not exact as a float" },
	{ "float", "-9223372036854775808", "-9223372036854775808" },
	/* 2^60, exactly and as its shortest decimal. */
	{ "float", "1152921504606846976", "1152921504606846976" },
	{ "float", "1152921504606847000", "1152921504606846976" },
	{ "float", "\"0.1\"", "expected float, got string \"0.1\"" },
	{ "float", "false", "expected float, got boolean false" },
	{ "string", "\"a\\nb\"", "\"a\\nb\"" },
	{ "string", "\"\"", "\"\"" },
	{ "string", "1", "expected string, got integer 1" },
	{ "boolean", "true", "true" },
	{ "boolean", "0", "expected boolean, got integer 0" },
	{ "boolean", "\"true\"", "expected boolean, got string \"true\"" },
	{ "datetime", "\"2026-01-02T05:04:05.120+02:00\"",
	    "\"2026-01-02T03:04:05.12Z\"" },
	{ "datetime", "0", "expected datetime, got integer 0" },
	{ "datetime", "\"2026-13-01T00:00Z\"", "expected datetime, got "
	    "\"2026-13-01T00:00Z\": the month is out of range 01-12" },
	{ "duration", "\"90m\"", "\"1h30m0s\"" },
	{ "duration", "\"-1s\"", "\"-1s\"" },
	{ "duration", "90", "expected duration, got integer 90" },
	{ "file", "\"a.csv\"", "\"/base/a.csv\"" },
	{ "directory", "\"/abs\"", "\"/abs\"" },
	{ "file", "\"\"", "expected the path of a file, got an empty text" },
	{ "file", "1", "expected file (a path), got integer 1" },
	{ "json", "{\"a\":[1,null,2.5]}", "{\"a\":[1,null,2.5]}" },
	{ "json", "[]", "expected json (an object), got list" },
	{ "json", "\"{}\"", "expected json (an object), got string \"{}\"" },
	{ "list<integer>", "[1,2]", "[1,2]" },
	{ "list<integer>", "[]", "[]" },
	{ "list<integer>", "[1,\"x\"]",
	    "item 2: expected integer, got string \"x\"" },
	{ "list<integer>", "{}", "expected list<integer>, got object" },
	{ "list<float>", "[1,2.5]", "[1,2.5]" },
	{ "list<file>", "[\"a\",\"b\"]", "[\"/base/a\",\"/base/b\"]" },
	{ "map<string>", "{\"b\":\"1\",\"a\":\"2\"}",
	    "{\"b\":\"1\",\"a\":\"2\"}" },
	{ "map<string>", "{\"a\":1}",
	    "key 'a': expected string, got integer 1" },
	{ "map<list<integer>>", "{\"k\":[0,1.5]}",
	    "key 'k': item 2: expected integer, got float 1.5" },
	{ "map<integer>", "{\"../x\":1}",
	    "key '../x': is not fit to be the name of a file, as keys must" },
	{ "map<integer>", "{\"..\":1}",
	    "key '..': is not fit to be the name of a file, as keys must" },
	{ "map<integer>", "{\"\":1}",
	    "key '': is not fit to be the name of a file, as keys must" },
	{ "map<json>", "{\"k\":{}}", "{\"k\":{}}" },
	{ "integer", "\"0123456789012345678901234567890123456789\"",
	    "expected integer, got string "
	    "\"0123456789012345678901234567890123456789\"" },
	{ "integer", "\"01234567890123456789012345678901234567890\"",
	    "expected integer, got string "
	    "\"0123456789012345678901234567890123456789...\"" },
	{ "integer", "\"012345678901234567890123456789012345678\xc3\xa9x\"",
	    "expected integer, got string "
	    "\"012345678901234567890123456789012345678...\"" },
};

static const struct reading from_text[] = {
	{ "integer", "0", "0" },
	{ "integer", "-0", "0" },
	{ "integer", "-17", "-17" },
	{ "integer", "9223372036854775807", "9223372036854775807" },
	{ "integer", "-9223372036854775808", "-9223372036854775808" },
	{ "integer", "9223372036854775808",
	    "integer 9223372036854775808 is beyond 64 bits" },
	{ "integer", "-9223372036854775809",
	    "integer -9223372036854775809 is beyond 64 bits" },
	{ "integer", "007",
	    "expected integer, got \"007\": a leading zero is ambiguous" },
	{ "integer", "", "expected integer, got \"\"" },
	{ "integer", "-", "expected integer, got \"-\"" },
	{ "integer", "--1", "expected integer, got \"--1\"" },
	{ "integer", "+1", "expected integer, got \"+1\"" },
	{ "integer", " 1", "expected integer, got \" 1\"" },
	{ "integer", "1 ", "expected integer, got \"1 \"" },
	{ "integer", "1\n", "expected integer, got \"1\\n\"" },
	{ "integer", "0x10", "expected integer, got \"0x10\"" },
	{ "integer", "1.0", "expected integer, got \"1.0\"" },
	{ "integer", "1e3", "expected integer, got \"1e3\"" },
	{ "integer", "1_000", "expected integer, got \"1_000\"" },
	{ "integer", "\xff\xfe", "expected integer, got "
	    "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "float", "0.1", "0.1" },
	{ "float", "1", "1" },
	{ "float", "-1.5e-3", "-0.0015" },
	{ "float", "1E+3", "1000" },
	{ "float", ".5", "0.5" },
	{ "float", "-0", "0" },
	{ "float", "5.", "5" },
	{ "float", "1e21", "1000000000000000000000" },
	{ "float", "1152921504606847000", "1152921504606846976" },
	{ "float", "1e-400", "0" },
	{ "float", "1e999", "float 1e999 is beyond the range of a double" },
	{ "float", "-1e999", "float -1e999 is beyond the range of a double" },
	{ "float", "nan", "NaN and infinities are no inputs" },
	{ "float", "NaN", "NaN and infinities are no inputs" },
	{ "float", "-Infinity", "NaN and infinities are no inputs" },
	{ "float", "+inf", "NaN and infinities are no inputs" },
	{ "float", ".inf", "NaN and infinities are no inputs" },
	{ "float", "nan(1)", "expected float, got \"nan(1)\"" },
	{ "float", "0x1p3", "expected float, got \"0x1p3\"" },
	{ "float", "", "expected float, got \"\"" },
	{ "float", ".", "expected float, got \".\"" },
	{ "float", "-.e1", "expected float, got \"-.e1\"" },
	{ "float", "1e", "expected float, got \"1e\"" },
	{ "float", "1e+", "expected float, got \"1e+\"" },
	{ "float", "+1", "expected float, got \"+1\"" },
	{ "float", " 1", "expected float, got \" 1\"" },
	{ "float", "1,5", "expected float, got \"1,5\"" },
	{ "string", "", "\"\"" },
	{ "string", " a ", "\" a \"" },
	{ "string", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
	{ "string", "a\xff",
	    "expected string, got bytes that are not UTF-8" },
	{ "string", "\xc3", "expected string, got bytes that are not UTF-8" },
	{ "string", "\xc0\x80",
	    "expected string, got bytes that are not UTF-8" },
	{ "string", "\xed\xa0\x80",
	    "expected string, got bytes that are not UTF-8" },
	{ "string", "\xf4\x90\x80\x80",
	    "expected string, got bytes that are not UTF-8" },
	{ "boolean", "true", "true" },
	{ "boolean", "false", "false" },
	{ "boolean", "True",
	    "expected boolean, got \"True\": use true or false" },
	{ "boolean", "1", "expected boolean, got \"1\": use true or false" },
	{ "boolean", "", "expected boolean, got \"\": use true or false" },
	{ "datetime", "2026-01-02T03:04Z", "\"2026-01-02T03:04:00Z\"" },
	{ "datetime", "2026-01-02T03:04", "expected datetime, got "
	    "\"2026-01-02T03:04\": the zone is missing (Z, or an offset like "
	    "+02:00)" },
	{ "duration", "PT1H30M", "\"1h30m0s\"" },
	{ "file", "x y", "\"/base/x y\"" },
	{ "directory", "", "expected the path of a directory, got an empty "
	    "text" },
	{ "json", "{\"a\":1}", "{\"a\":1}" },
	{ "json", "1", "expected json (an object), got integer 1" },
	{ "list<integer>", "[1,2]", "[1,2]" },
	{ "map<boolean>", "{\"a\":true}", "{\"a\":true}" },
	{ "map<boolean>", "{\"a\":1}",
	    "key 'a': expected boolean, got integer 1" },
};

/* Copilot's text of the value that the JSON stands for. */
static const struct reading printed[] = {
	{ "integer", "9007199254740993", "9007199254740993" },
	{ "float", "1e21", "1000000000000000000000" },
	{ "float", "1e-7", "0.0000001" },
	{ "float", "0.1", "0.1" },
	{ "float", "1", "1" },
	{ "string", "\"two\\nlines \xc3\xa9\"", "two\nlines \xc3\xa9" },
	{ "boolean", "false", "false" },
	{ "datetime", "\"2026-01-02T03:04:05.123456Z\"",
	    "2026-01-02T03:04:05.123456Z" },
	{ "duration", "\"1h30m0.5s\"", "1h30m0.5s" },
	{ "duration", "\"500ms\"", "500ms" },
	{ "duration", "\"1h\"", "1h0m0s" },
	{ "json", "{ \"a\": 1, \"b\": [1, \"x\"], \"c\": {\"d\": null} }",
	    "{\"a\":1,\"b\":[1,\"x\"],\"c\":{\"d\":null}}" },
};

static const struct literal *
read_json(struct arena *arena, const struct reading *r, const char **why)
{
	const struct json *json;

	json = json_parse(arena, r->from, strlen(r->from), why);
	if (json == NULL)
		return NULL;
	return literal_from_json(arena, type_parse(arena, r->type, NULL), json,
	    "/base", why);
}

static void
check(struct arena *arena, const struct reading *r,
    const struct literal *value, const char *why)
{
	struct strbuf sb = STRBUF_INIT;
	const struct type *type = type_parse(arena, r->type, NULL);

	if (value == NULL)
		strbuf_addstr(&sb, why);
	else if (value->kind == TYPE_FLOAT)
		strbuf_addf(&sb, "%.17g", value->real);
	else
		json_print(&sb, literal_to_json(arena, value));
	/* Floats as numbers, so that their own printing is not in between. */
	if (value != NULL && value->kind == TYPE_FLOAT)
		ok(value->real == strtod(r->want, NULL) &&
		    !(value->real == 0 && signbit(value->real)), "%s %s",
		    r->type, r->from);
	else
		is_str(sb.buf, r->want, r->from);
	ok(value == NULL || value->kind == type->kind, "its kind");
	strbuf_release(&sb);
}

/* What goes into a record comes out of it the same. */
static void
check_record(struct arena *arena, const char *type_text, double real)
{
	const struct type *type = type_parse(arena, type_text, NULL);
	struct literal value = { .kind = TYPE_FLOAT, .real = real };
	const struct literal *again = NULL;
	struct strbuf sb = STRBUF_INIT;
	const struct json *json;
	const char *why = "";

	json_print(&sb, literal_to_json(arena, &value));
	json = json_parse(arena, sb.buf, sb.len, &why);
	if (json != NULL)
		again = literal_from_json(arena, type, json, NULL, &why);
	ok(again != NULL && again->real == real, "%s in a record %s", sb.buf,
	    why);
	strbuf_reset(&sb);
	literal_print(&sb, &value);
	again = literal_from_text(arena, type, sb.buf, NULL, &why);
	ok(again != NULL && again->real == real, "%s in a file %s", sb.buf,
	    why);
	strbuf_release(&sb);
}

static void
test_made(struct arena *arena)
{
	struct instant t = { 1767225600, 500000000 };
	struct strbuf sb = STRBUF_INIT;

	literal_print(&sb, literal_datetime(arena, t));
	is_str(sb.buf, "2026-01-01T00:00:00.5Z", "a datetime made");
	ok(literal_path(arena, true, "x")->kind == TYPE_DIRECTORY &&
	    literal_path(arena, false, "x")->kind == TYPE_FILE,
	    "paths made");
	strbuf_reset(&sb);
	literal_print(&sb, literal_json(arena, json_map(arena)));
	is_str(sb.buf, "{}", "an object made");
	is_str(literal_shorten(arena, "short"), "short", "a short text");
	is_str(literal_quote(arena, "a\"b"), "\"a\\\"b\"", "quoted");
	is_str(literal_from_path(arena, type_simple(TYPE_FILE), "~/x", NULL,
	    NULL)->path, "~/x", "a path kept as it is");
	strbuf_release(&sb);
}

int
main(void)
{
	static const double reals[] = { 0, 1, -1.5, 0.1, 1e-7,
		9007199254740994.0, 1152921504606846976.0,
		123456789012345678.0, 1e21, 1e300, -3e-310 };
	struct arena arena = ARENA_INIT;
	struct strbuf sb = STRBUF_INIT;
	const struct literal *value;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(from_json); i++) {
		value = read_json(&arena, &from_json[i], &why);
		check(&arena, &from_json[i], value, why);
	}
	for (i = 0; i < ARRAY_SIZE(from_text); i++) {
		value = literal_from_text(&arena,
		    type_parse(&arena, from_text[i].type, NULL),
		    from_text[i].from, "/base", &why);
		check(&arena, &from_text[i], value, why);
	}
	ok(literal_from_text(&arena, type_simple(TYPE_JSON), "{x", NULL, &why)
	    == NULL && strncmp(why, "expected json, got \"{x\": line 1 ", 32)
	    == 0, "what is no JSON");
	ok(literal_from_text(&arena, type_parse(&arena, "list<float>", NULL),
	    "1,2", NULL, &why) == NULL && strncmp(why,
	    "expected list<float> as JSON, got \"1,2\": ", 41) == 0,
	    "a list that is no JSON");
	for (i = 0; i < ARRAY_SIZE(printed); i++) {
		value = read_json(&arena, &printed[i], &why);
		strbuf_reset(&sb);
		literal_print(&sb, value);
		is_str(sb.buf, printed[i].want, printed[i].from);
	}
	for (i = 0; i < ARRAY_SIZE(reals); i++)
		check_record(&arena, "float", reals[i]);
	test_made(&arena);
	strbuf_release(&sb);
	arena_release(&arena);
	return tap_done();
}
