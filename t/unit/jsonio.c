/* JSON: what is read, what is refused and where, and the bytes written. */
#include "lib/base/compat.h"

#include <float.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

static const struct {
	const char *text, *printed;
} good[] = {
	{ "null", "null" },
	{ " true ", "true" },
	{ "[false]\n", "[false]" },
	{ "0", "0" },
	{ "9223372036854775807", "9223372036854775807" },
	{ "-9223372036854775808", "-9223372036854775808" },
	{ "[1.0, 1, 1e2, 0.1, -2.50]", "[1,1,100,0.1,-2.5]" },
	{ "1e-400", "0" },
	{ "\"\"", "\"\"" },
	{ "\"a\\u00e9\\ud83d\\ude00\\/\"", "\"a\xc3\xa9\xf0\x9f\x98\x80/\"" },
	{ "\"\\b\\f\\n\\r\\t\\\"\\\\\\u0001\\u007f\"",
	    "\"\\b\\f\\n\\r\\t\\\"\\\\\\u0001\\u007f\"" },
	{ "999999999999999999", "999999999999999999" },
	{ "-0", "0" },
	{ "\"12345678\\n90abcdef\xc3\xa9 to here, and behind it\"",
	    "\"12345678\\n90abcdef\xc3\xa9 to here, and behind it\"" },
	{ "\"\\u0041\\u07fF\\uFFFd\"",
	    "\"A\xdf\xbf\xef\xbf\xbd\"" },
	{ "\t{ \"a\" : [ ] , \"b\" :\r\n{ } }", "{\"a\":[],\"b\":{}}" },
	{ "{\"z\": 1, \"a\": {\"m\": []}, \"\": {}}",
	    "{\"z\":1,\"a\":{\"m\":[]},\"\":{}}" },
};

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "line 1 column 1: the text ends too early" },
	{ "{\"a\":", "line 1 column 5: the text ends too early" },
	{ "[1,]", "line 1 column 4: unexpected token near ']'" },
	{ "{\"a\":1,\n \"a\":2}",
	    "line 2 column 4: duplicate object key near '\"a\"'" },
	{ "\"\\u0000\"",
	    "line 1 column 8: a text holds the character \\u0000" },
	{ "{\"\\u0000\":1}",
	    "line 1 column 9: a text holds the character \\u0000" },
	{ "9223372036854775808", "line 1 column 19: too big integer near "
	    "'9223372036854775808'" },
	{ "-9223372036854775809", "line 1 column 20: too big negative integer "
	    "near '-9223372036854775809'" },
	{ "1e400", "line 1 column 5: real number overflow near '1e400'" },
	{ "01", "line 1 column 1: invalid token near '0'" },
	{ "1 2", "line 1 column 3: end of file expected near '2'" },
	{ "NaN", "line 1 column 3: invalid token near 'NaN'" },
	{ "-Infinity", "line 1 column 1: invalid token near '-'" },
	{ "-", "line 1 column 1: invalid token near '-'" },
	{ "1.", "line 1 column 2: invalid token near '1.'" },
	{ "1e+", "line 1 column 3: invalid token near '1e+'" },
	{ "tru", "line 1 column 3: invalid token near 'tru'" },
	{ "[1", "line 1 column 2: the text ends too early" },
	{ "{\"a\" 1}", "line 1 column 6: ':' expected near '1'" },
	{ "\"\\x\"", "line 1 column 3: invalid escape near '\"\\x'" },
	{ "\"\\u00g0\"",
	    "line 1 column 6: invalid escape near '\"\\u00g'" },
	{ "\"abc", "line 1 column 4: the text ends too early" },
	{ "\"\xff\"", "line 1 column 1: unable to decode byte 0xff near "
	    "'\"'" },
	{ "\"\\ud800\"", "line 1 column 8: invalid Unicode '\\uD800' near "
	    "'\"\\ud800\"'" },
	{ "\"a\tb\"", "line 1 column 2: control character 0x9 near '\"a'" },
	{ "{1:2}", "line 1 column 2: string or '}' expected near '1'" },
	{ "/* */1", "line 1 column 1: invalid token near '/'" },
};

/* More members than are compared each with each. */
static void
test_many_members(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	struct json *map;
	const char *why;
	int i;

	for (i = 0; i < 100; i++)
		strbuf_addf(&sb, "%c\"k%d\":%d", i == 0 ? '{' : ',', i, i);
	strbuf_addch(&sb, '}');
	map = json_parse(&arena, sb.buf, sb.len, &why);
	is_int(json_find(map, "k99")->integer, 99, "a hundred members");
	json_set(&arena, map, "more", json_null_value(&arena));
	is_int((long long)map->n, 101, "and room for more");
	strbuf_setlen(&sb, sb.len - 1);
	strbuf_addstr(&sb, ",\"k7\":0}");
	ok(json_parse(&arena, sb.buf, sb.len, &why) == NULL,
	    "one of them twice");
	ok(strstr(why, "duplicate object key near '\"k7\"'") != NULL,
	    "and said");
	strbuf_release(&sb);
	arena_release(&arena);
}

/* As Go 1.26 prints them with encoding/json and strconv's 'f', -1. */
static const struct {
	double value;
	const char *json, *decimal;
} reals[] = {
	{ 0.0, "0", "0" },
	{ -0.0, "-0", "-0" },
	{ 1, "1", "1" },
	{ -1, "-1", "-1" },
	{ 10, "10", "10" },
	{ 0.1, "0.1", "0.1" },
	{ 0.2, "0.2", "0.2" },
	{ 0.30000000000000004, "0.30000000000000004",
	    "0.30000000000000004" },
	{ 1.5, "1.5", "1.5" },
	{ -1.5, "-1.5", "-1.5" },
	{ 100, "100", "100" },
	{ 100.25, "100.25", "100.25" },
	{ 1.0 / 3, "0.3333333333333333", "0.3333333333333333" },
	{ 2.0 / 3, "0.6666666666666666", "0.6666666666666666" },
	{ 3.141592653589793, "3.141592653589793", "3.141592653589793" },
	{ 2.718281828459045, "2.718281828459045", "2.718281828459045" },
	{ 0.97, "0.97", "0.97" },
	{ 0.9694444444444444, "0.9694444444444444", "0.9694444444444444" },
	{ 123456789, "123456789", "123456789" },
	{ 123456.789, "123456.789", "123456.789" },
	{ 1e-5, "0.00001", "0.00001" },
	{ 1e-6, "0.000001", "0.000001" },
	{ 1.5e-6, "0.0000015", "0.0000015" },
	{ 9.99e-7, "9.99e-7", "0.000000999" },
	{ 1e-7, "1e-7", "0.0000001" },
	{ -1e-7, "-1e-7", "-0.0000001" },
	{ 1.25e-9, "1.25e-9", "0.00000000125" },
	{ 1e-10, "1e-10", "0.0000000001" },
	{ 1e-21, "1e-21", "0.000000000000000000001" },
	{ 1e15, "1000000000000000", "1000000000000000" },
	{ 1e16, "10000000000000000", "10000000000000000" },
	{ 1e17, "100000000000000000", "100000000000000000" },
	{ 123456789012345680.0, "123456789012345680", "123456789012345680" },
	{ 9223372036854774784.0, "9223372036854775000",
	    "9223372036854775000" },
	{ 1e20, "1e+20", "100000000000000000000" },
	{ 999999999999999900000.0, "9.999999999999999e+20",
	    "999999999999999900000" },
	{ 1e21, "1e+21", "1000000000000000000000" },
	{ -1e21, "-1e+21", "-1000000000000000000000" },
	{ 1.5e21, "1.5e+21", "1500000000000000000000" },
	{ 1e22, "1e+22", "10000000000000000000000" },
	{ 1e23, "1e+23", "100000000000000000000000" },
	{ 9007199254740991.0, "9007199254740991", "9007199254740991" },
	{ 9007199254740992.0, "9007199254740992", "9007199254740992" },
	{ 9007199254740994.0, "9007199254740994", "9007199254740994" },
	{ 4503599627370495.5, "4503599627370495.5", "4503599627370495.5" },
	{ 9223372036854775808.0, "9.223372036854776e+18",
	    "9223372036854776000" },
	{ 18446744073709551616.0, "1.8446744073709552e+19",
	    "18446744073709552000" },
	{ 0x1p-44, "5.684341886080802e-14",
	    "0.00000000000005684341886080802" },
	{ 0x1p-24, "5.960464477539063e-8", "0.00000005960464477539063" },
	{ 0x1p70, "1.1805916207174113e+21", "1180591620717411300000" },
	{ 0x1p89, "6.189700196426902e+26", "618970019642690200000000000" },
	{ 5e-324, "5e-324", NULL },
	{ 1e-323, "1e-323", NULL },
	{ 1.5e-323, "1.5e-323", NULL },
	{ 2.2250738585072011e-308, "2.225073858507201e-308", NULL },
	{ 2.2250738585072014e-308, "2.2250738585072014e-308", NULL },
	{ 1e-308, "1e-308", NULL },
	{ 1e300, "1e+300", NULL },
	{ 1e308, "1e+308", NULL },
	{ 1.7976931348623157e308, "1.7976931348623157e+308", NULL },
	{ -1.7976931348623157e308, "-1.7976931348623157e+308", NULL },
	{ 9.5367431640625e-7, "9.5367431640625e-7",
	    "0.00000095367431640625" },
	{ 0.1 + 0.7, "0.7999999999999999", "0.7999999999999999" },
	{ 4.35, "4.35", "4.35" },
	{ 1.1, "1.1", "1.1" },
};

static void
test_good(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const char *why;
	struct json *value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		why = NULL;
		value = json_parse(&arena, good[i].text,
		    strlen(good[i].text), &why);
		if (value == NULL) {
			ok(false, "%s: %s", good[i].text, why);
			continue;
		}
		strbuf_reset(&sb);
		json_print(&sb, value);
		is_str(sb.buf, good[i].printed, good[i].printed);
	}
	strbuf_release(&sb);
	arena_release(&arena);
}

static void
test_bad(void)
{
	struct arena arena = ARENA_INIT;
	const char *why;
	struct json *value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		why = NULL;
		value = json_parse(&arena, bad[i].text, strlen(bad[i].text),
		    &why);
		ok(value == NULL, "refused: case %zu", i);
		is_str(why, bad[i].why, "why");
	}
	value = json_parse(&arena, "\"a\0b\"", 5, &why);
	ok(value == NULL, "a raw NUL is refused");
	is_str(why, "line 1 column 2: control character 0x0 near '\"a'",
	    "and said");
	value = json_parse(&arena, "1", (size_t)JSON_SIZE_MAX + 1, &why);
	ok(value == NULL, "too many bytes are refused unread");
	is_str(why, "67108865 bytes, more than the 67108864 allowed", "why");
	arena_release(&arena);
}

static void
test_depth(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const char *why;
	int i;

	strbuf_addstr(&sb, "[\"[[[\\\"{{{\",\n");
	for (i = 1; i < JSON_DEPTH_MAX; i++)
		strbuf_addch(&sb, '[');
	for (i = 0; i < JSON_DEPTH_MAX; i++)
		strbuf_addch(&sb, ']');
	ok(json_parse(&arena, sb.buf, sb.len, &why) != NULL,
	    "the depth allowed");

	strbuf_reset(&sb);
	strbuf_addstr(&sb, "[\"[[[\\\"{{{\xc3\xa9\",\n");
	for (i = 1; i < JSON_DEPTH_MAX; i++)
		strbuf_addch(&sb, '[');
	strbuf_addstr(&sb, "{}");
	for (i = 0; i < JSON_DEPTH_MAX; i++)
		strbuf_addch(&sb, ']');
	ok(json_parse(&arena, sb.buf, sb.len, &why) == NULL, "one more");
	is_str(why, "line 2 column 64: nested more than 64 levels deep",
	    "where");

	strbuf_reset(&sb);
	for (i = 0; i < 100000; i++)
		strbuf_addch(&sb, '[');
	ok(json_parse(&arena, sb.buf, sb.len, &why) == NULL, "100000 levels");
	is_str(why, "line 1 column 2049: nested too deeply", "why");
	strbuf_release(&sb);
	arena_release(&arena);
}

static void
test_reals(void)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reals); i++) {
		strbuf_reset(&sb);
		json_print_double(&sb, reals[i].value);
		is_str(sb.buf, reals[i].json, reals[i].json);
		strbuf_reset(&sb);
		json_print_decimal(&sb, reals[i].value);
		if (reals[i].decimal != NULL)
			is_str(sb.buf, reals[i].decimal, reals[i].decimal);
		else
			ok(strtod(sb.buf, NULL) == reals[i].value,
			    "%s without exponent reads back", reals[i].json);
	}
	strbuf_release(&sb);
}

static double
real_from_bits(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static void
test_reals_read_back(void)
{
	struct strbuf sb = STRBUF_INIT;
	uint64_t x = 88172645463325252u;
	int i, wrong = 0;
	double value;

	for (i = 0; i < 20000; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		value = real_from_bits(x);
		if (!isfinite(value))
			continue;
		strbuf_reset(&sb);
		json_print_double(&sb, value);
		wrong += strtod(sb.buf, NULL) != value;
		strbuf_reset(&sb);
		json_print_decimal(&sb, value);
		wrong += strtod(sb.buf, NULL) != value;
		wrong += strpbrk(sb.buf, "eE+") != NULL;
	}
	is_int(wrong, 0, "20000 random doubles read back");
	strbuf_release(&sb);
}

static void
print_to_death(double value)
{
	struct strbuf sb = STRBUF_INIT;
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		close(STDERR_FILENO);
		json_print_double(&sb, value);
		_exit(0);
	}
	ok(pid > 0 && waitpid(pid, &status, 0) == pid &&
	    WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
	    "%f is never written", value);
}

static void
test_texts(void)
{
	static const struct {
		const char *bytes, *printed;
	} cases[] = {
		{ "plain", "\"plain\"" },
		{ "\xc3\xa4\xe2\x82\xac", "\"\xc3\xa4\xe2\x82\xac\"" },
		{ "\xc3", "\"\xef\xbf\xbd\"" },
		{ "\xff" "a", "\"\xef\xbf\xbd" "a\"" },
		{ "\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xed\xa0\x80",
		    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\"" },
		{ "\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd"
		    "\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "</script>\x1b[0m", "\"</script>\\u001b[0m\"" },
	};
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_reset(&sb);
		json_print_text(&sb, cases[i].bytes, strlen(cases[i].bytes));
		is_str(sb.buf, cases[i].printed, cases[i].printed);
	}
	strbuf_reset(&sb);
	json_print_text(&sb, "a\0b", 3);
	is_str(sb.buf, "\"a\\u0000b\"", "a NUL is escaped");
	strbuf_release(&sb);
}

static void
test_tree(void)
{
	struct arena arena = ARENA_INIT;
	struct strbuf sb = STRBUF_INIT;
	struct json *map = json_map(&arena), *list = json_list(&arena);
	char name[16];
	int i;

	for (i = 0; i < 100; i++) {
		json_append(&arena, list, json_int(&arena, i));
		snprintf(name, sizeof(name), "k%d", i);
		json_set(&arena, map, name, json_int(&arena, i));
	}
	is_int((long long)list->n, 100, "a list grows");
	is_int(list->item[99]->integer, 99, "to its last item");
	is_int(json_find(map, "k77")->integer, 77, "a map grows");
	json_set(&arena, map, "k77", json_null_value(&arena));
	is_int((long long)map->n, 100, "a member is replaced");
	is_str(json_kind_name(json_find(map, "k77")), "null", "by null");
	ok(json_find(map, "k") == NULL, "no such member");
	ok(json_find(list, "k0") == NULL, "a list has no members");
	ok(json_find(NULL, "k0") == NULL, "nothing has no members");
	is_str(json_kind_name(json_double(&arena, 1)), "float", "float");
	is_str(json_kind_name(map), "object", "object");
	is_int((long long)json_text(&arena, "abc")->n, 3, "length of a text");
	strbuf_release(&sb);
	arena_release(&arena);
}

static void
test_writer(void)
{
	struct arena arena = ARENA_INIT;
	struct strbuf sb = STRBUF_INIT;
	struct json *list = json_list(&arena);
	struct json_writer w;
	int pretty;

	json_append(&arena, list, json_int(&arena, 1));
	json_append(&arena, list, json_bool(&arena, false));
	for (pretty = 0; pretty < 2; pretty++) {
		strbuf_reset(&sb);
		json_writer_init(&w, &sb, pretty != 0);
		json_begin_map(&w, NULL);
		json_put_text(&w, "a", "x");
		json_begin_list(&w, "b");
		json_put_int(&w, NULL, -5);
		json_begin_map(&w, NULL);
		json_end_map(&w);
		json_put_double(&w, NULL, 0.5);
		json_end_list(&w);
		json_begin_list(&w, "none");
		json_end_list(&w);
		json_put(&w, "tree", list);
		json_put_bool(&w, "c", true);
		json_put_null(&w, "d");
		json_put_text_or_null(&w, "e", NULL);
		json_put_text_or_null(&w, "f", "");
		json_put_instant(&w, "g", (struct instant){ -1, 500000000 });
		json_put_span(&w, "h", (struct span){ 5400, 0 });
		json_end_map(&w);
		if (pretty != 0)
			break;
		is_str(sb.buf, "{\"a\":\"x\",\"b\":[-5,{},0.5],\"none\":[],"
		    "\"tree\":[1,false],\"c\":true,\"d\":null,\"e\":null,"
		    "\"f\":\"\",\"g\":\"1969-12-31T23:59:59.5Z\","
		    "\"h\":\"1h30m0s\"}", "the writer, on one line");
	}
	is_str(sb.buf,
	    "{\n"
	    "  \"a\": \"x\",\n"
	    "  \"b\": [\n"
	    "    -5,\n"
	    "    {},\n"
	    "    0.5\n"
	    "  ],\n"
	    "  \"none\": [],\n"
	    "  \"tree\": [\n"
	    "    1,\n"
	    "    false\n"
	    "  ],\n"
	    "  \"c\": true,\n"
	    "  \"d\": null,\n"
	    "  \"e\": null,\n"
	    "  \"f\": \"\",\n"
	    "  \"g\": \"1969-12-31T23:59:59.5Z\",\n"
	    "  \"h\": \"1h30m0s\"\n"
	    "}", "the writer, pretty");
	strbuf_release(&sb);
	arena_release(&arena);
}

int
main(void)
{
	test_good();
	test_bad();
	test_many_members();
	test_depth();
	test_reals();
	test_reals_read_back();
	print_to_death((double)NAN);
	print_to_death((double)INFINITY);
	test_texts();
	test_tree();
	test_writer();
	return tap_done();
}
