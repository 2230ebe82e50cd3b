/* The words for types: read, printed, compared. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/model/type.h"
#include "t/unit/tap.h"

static const char *const good[] = {
	"integer", "float", "string", "boolean", "datetime", "duration",
	"file", "directory", "json", "list<float>", "map<string>",
	"map<list<string>>", "list<map<list<json>>>",
	"list<list<list<list<list<list<list<list<file>>>>>>>>",
};

static const struct {
	const char *text, *why;
} bad[] = {
	{ "int", "no type 'int'. Did you mean 'integer'?" },
	{ "Bool", "no type 'Bool'. Did you mean 'boolean'?" },
	{ "dict", "no type 'dict'. Did you mean 'json'?" },
	{ "list", "no type 'list'. Did you mean 'list<T>'?" },
	{ "list<str>", "no type 'str'. Did you mean 'string'?" },
	{ "integr", "no type 'integr'. Did you mean 'integer'?" },
	{ "xyzzy", "no type 'xyzzy': use integer, float, string, boolean, "
	    "datetime, duration, file, directory, json, list<T> or map<T>" },
	{ "", "no type '': use integer, float, string, boolean, "
	    "datetime, duration, file, directory, json, list<T> or map<T>" },
	{ "list<list<list<list<list<list<list<list<list<file>>>>>>>>>",
	    "a type may be nested 8 levels deep, not more" },
};

static const char *const rubbish[] = {
	"list<>", "list<", "list>", "<", ">", "list<integer", "listinteger>",
	"list<integer>>", "list <integer>", "list< integer>", "integer ",
	" integer", "set<integer>", "map<integer,integer>", "\xff\xfe",
	"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
};

static void
test_equal(struct arena *arena)
{
	const struct type *csv = type_file(arena, false, "csv");
	const struct type *list = type_parse(arena, "list<integer>", NULL);

	ok(type_equal(csv, type_simple(TYPE_FILE)), "formats do not count");
	is_str(csv->format, "csv", "the format is kept");
	ok(type_file(arena, true, NULL)->kind == TYPE_DIRECTORY,
	    "a directory");
	ok(!type_equal(csv, type_simple(TYPE_DIRECTORY)),
	    "a file is no directory");
	ok(type_equal(list, type_parse(arena, "list<integer>", NULL)),
	    "lists of one kind");
	ok(!type_equal(list, type_parse(arena, "list<float>", NULL)),
	    "lists of two kinds");
	ok(!type_equal(list, type_parse(arena, "map<integer>", NULL)),
	    "a list is no map");
	ok(!type_equal(list, type_parse(arena, "list<list<integer>>", NULL)),
	    "a list of lists");
	ok(type_is_path(csv) && type_is_path(type_simple(TYPE_DIRECTORY)) &&
	    !type_is_path(list), "what is a path");
	ok(type_is_scalar(type_simple(TYPE_INTEGER)) &&
	    type_is_scalar(type_simple(TYPE_DURATION)) &&
	    !type_is_scalar(type_simple(TYPE_JSON)) && !type_is_scalar(csv) &&
	    !type_is_scalar(list), "what is a scalar");
}

int
main(void)
{
	struct arena arena = ARENA_INIT;
	const struct type *type;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		type = type_parse(&arena, good[i], &why);
		is_str(type != NULL ? type_name(&arena, type) : why, good[i],
		    good[i]);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		why = NULL;
		ok(type_parse(&arena, bad[i].text, &why) == NULL,
		    "'%s' is none", bad[i].text);
		is_str(why, bad[i].why, "why");
	}
	for (i = 0; i < ARRAY_SIZE(rubbish); i++) {
		why = NULL;
		ok(type_parse(&arena, rubbish[i], &why) == NULL && why != NULL,
		    "rubbish %zu is refused", i);
	}
	ok(type_parse(&arena, "int", NULL) == NULL, "why is optional");
	test_equal(&arena);
	arena_release(&arena);
	return tap_done();
}
