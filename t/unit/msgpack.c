/* MessagePack: each form of its specification, and what is none. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/text/jsonio.h"
#include "lib/text/msgpack.h"
#include "t/unit/tap.h"

#define CASE(bytes, json) { bytes, sizeof(bytes) - 1, json }

static const struct {
	const char *bytes;
	size_t len;
	const char *json;
} fine[] = {
	CASE("\x00", "0"), CASE("\x7f", "127"), CASE("\xff", "-1"),
	CASE("\xe0", "-32"), CASE("\xc0", "null"), CASE("\xc2", "false"),
	CASE("\xc3", "true"), CASE("\xcc\x80", "128"),
	CASE("\xcd\x01\x00", "256"), CASE("\xce\xff\xff\xff\xff", "4294967295"),
	CASE("\xcf\x7f\xff\xff\xff\xff\xff\xff\xff", "9223372036854775807"),
	CASE("\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
	    "\"18446744073709551615\""),
	CASE("\xd0\x80", "-128"), CASE("\xd1\x80\x00", "-32768"),
	CASE("\xd2\x80\x00\x00\x00", "-2147483648"),
	CASE("\xd3\xff\xff\xff\xff\xff\xff\xff\xfe", "-2"),
	CASE("\xca\x3f\x00\x00\x00", "0.5"),
	CASE("\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a", "0.1"),
	CASE("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", "\"NaN\""),
	CASE("\xca\xff\x80\x00\x00", "\"-Infinity\""),
	CASE("\xa0", "\"\""), CASE("\xa2\xc3\xa9", "\"\xc3\xa9\""),
	CASE("\xd9\x01x", "\"x\""), CASE("\xda\x00\x01x", "\"x\""),
	CASE("\xdb\x00\x00\x00\x01x", "\"x\""),
	CASE("\xc4\x02\xff\x00", "\"/wA=\""),
	CASE("\xd4\x01\x02", "\"AQI=\""), CASE("\xc7\x01\x05\x06", "\"BQY=\""),
	CASE("\x90", "[]"), CASE("\x92\x01\xa1x", "[1,\"x\"]"),
	CASE("\xdc\x00\x01\xc0", "[null]"),
	CASE("\xdd\x00\x00\x00\x01\xc0", "[null]"),
	CASE("\x80", "{}"), CASE("\x82\xa1" "C\x01\x02\x80",
	    "{\"C\":1,\"2\":{}}"),
	CASE("\xde\x00\x01\xa1" "a\xc3", "{\"a\":true}"),
	CASE("\xdf\x00\x00\x00\x01\xa1" "a\xc3", "{\"a\":true}"),
	/* The last of two of one name. */
	CASE("\x82\xa1" "a\x01\xa1" "a\x02", "{\"a\":2}"),
};

static const struct {
	const char *bytes;
	size_t len;
	const char *why;
} bad[] = {
	CASE("", "it is cut short"), CASE("\xa2x", "it is cut short"),
	CASE("\xdd\xff\xff\xff\xff", "it is cut short"),
	CASE("\xdb\xff\xff\xff\xffx", "it is cut short"),
	CASE("\x81\xa1" "a", "it is cut short"),
	CASE("\xc1", "a byte in it has no meaning"),
	CASE("\x01\x02", "something follows it"),
	CASE("\xa1\xff", "a text in it is no UTF-8"),
	CASE("\xa1\x00", "a text in it is no UTF-8"),
};

static void
test_depth(void)
{
	struct arena arena = ARENA_INIT;
	char deep[JSON_DEPTH_MAX + 8];
	const char *why;

	memset(deep, '\x91', sizeof(deep));
	deep[sizeof(deep) - 1] = '\x90';
	ok(msgpack_parse(&arena, deep, sizeof(deep), &why) == NULL,
	    "nested too deep");
	is_str(why, "it is nested too deep", "says so");
	arena_release(&arena);
}

int
main(void)
{
	struct arena arena = ARENA_INIT;
	struct strbuf sb = STRBUF_INIT;
	struct json *json;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fine); i++) {
		strbuf_reset(&sb);
		json = msgpack_parse(&arena, fine[i].bytes, fine[i].len, &why);
		if (json != NULL)
			json_print(&sb, json);
		is_str(json != NULL ? sb.buf : why, fine[i].json, "value");
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		ok(msgpack_parse(&arena, bad[i].bytes, bad[i].len, &why) ==
		    NULL, "no value: %zu", i);
		is_str(why, bad[i].why, "says so");
	}
	test_depth();
	strbuf_release(&sb);
	arena_release(&arena);
	return tap_done();
}
