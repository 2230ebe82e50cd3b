/* Sets of names: found, not found, doubles, suggestions. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/nameset.h"
#include "t/unit/tap.h"

struct thing {
	const char *name;
	int value;
};

int
main(void)
{
	static const struct thing things[] = {
		{ "trainer", 1 }, { "reader", 2 }, { "", 3 }, { "reader", 4 },
		{ "Reader", 5 }, { "r", 6 },
	};
	struct arena arena = ARENA_INIT;
	struct nameset set;
	const char **many;
	size_t i, wrong = 0, n = 5000;

	nameset_init(&set, &arena, things, ARRAY_SIZE(things),
	    sizeof(things[0]));
	is_int((long long)nameset_find(&set, "trainer"), 0, "the first");
	is_int((long long)nameset_find(&set, "reader"), 1,
	    "of two of one name the first");
	is_int((long long)nameset_find(&set, ""), 2, "an empty name");
	is_int((long long)nameset_find(&set, "Reader"), 4, "case matters");
	is_int((long long)nameset_find(&set, "r"), 5, "the last");
	ok(nameset_find(&set, "rea") == SIZE_MAX, "no prefix is found");
	ok(nameset_find(&set, "zzz") == SIZE_MAX, "nothing behind the last");
	is_str(nameset_suggest(&set, "trianer"), "trainer", "a slip");
	ok(nameset_suggest(&set, "elephant") == NULL, "no slip");

	nameset_init(&set, &arena, NULL, 0, sizeof(things[0]));
	ok(nameset_find(&set, "x") == SIZE_MAX, "the empty set has none");
	ok(nameset_suggest(&set, "x") == NULL, "and suggests none");

	many = arena_array(&arena, n, sizeof(*many));
	for (i = 0; i < n; i++)
		many[i] = arena_printf(&arena, "n%zu", i * 7919 % n);
	nameset_init(&set, &arena, many, n, sizeof(*many));
	for (i = 0; i < n; i++)
		wrong += nameset_find(&set, many[i]) != i;
	is_int((long long)wrong, 0, "thousands are found where they are");
	arena_release(&arena);
	return tap_done();
}
