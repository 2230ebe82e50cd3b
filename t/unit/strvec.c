/* A list of strings that owns its copies. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "t/unit/tap.h"

static void
test_push(void)
{
	struct strvec sv = STRVEC_INIT;
	char word[] = "one";
	size_t i, bad = 0;

	is_int((long long)sv.n, 0, "new");
	ok(sv.v[0] == NULL, "NULL at its end");
	strvec_push(&sv, word);
	word[0] = 'x';
	is_str(sv.v[0], "one", "a copy");
	strvec_pushf(&sv, "%d-%s", 2, "two");
	is_str(sv.v[1], "2-two", "strvec_pushf");
	strvec_push_owned(&sv, xstrdup("three"));
	is_str(sv.v[2], "three", "strvec_push_owned");
	strvec_push(&sv, "");
	is_str(sv.v[3], "", "the empty string");
	ok(sv.v[4] == NULL, "NULL at its end");
	is_int((long long)sv.n, 4, "four");
	ok(strvec_contains(&sv, "2-two"), "contains");
	ok(strvec_contains(&sv, ""), "contains the empty string");
	ok(!strvec_contains(&sv, "two"), "contains no part of one");
	strvec_release(&sv);
	strvec_release(&sv);
	is_int((long long)sv.n, 0, "released twice");
	ok(!strvec_contains(&sv, ""), "contains nothing");

	for (i = 0; i < 1000; i++) {
		strvec_pushf(&sv, "%zu", i);
		bad += sv.n != i + 1 || sv.v[sv.n] != NULL;
	}
	is_int((long long)bad, 0, "NULL at the end of each length");
	is_str(sv.v[0], "0", "the first");
	is_str(sv.v[999], "999", "the last");
	strvec_release(&sv);
	ok(strvec_empty[0] == NULL, "the shared empty list is untouched");
}

static void
test_sort(void)
{
	static const char *const words[] = { "b", "a", "B", "\303\251", "ab",
		"", "a", "_", "10", "9" };
	static const char *const want[] = { "", "10", "9", "B", "_", "a", "a",
		"ab", "b", "\303\251" };
	struct strvec sv = STRVEC_INIT;
	size_t i;

	strvec_sort(&sv);
	ok(sv.v[0] == NULL, "an empty list");
	for (i = 0; i < ARRAY_SIZE(words); i++)
		strvec_push(&sv, words[i]);
	strvec_sort(&sv);
	for (i = 0; i < ARRAY_SIZE(want); i++)
		is_str(sv.v[i], want[i], "bytewise");
	ok(sv.v[sv.n] == NULL, "NULL at its end");
	strvec_release(&sv);
}

static void
test_print(void)
{
	struct strvec sv = STRVEC_INIT;
	struct strbuf sb = STRBUF_INIT;

	strvec_print(&sv, &sb, 2);
	is_str(sb.buf, "", "nothing of an empty list");
	strvec_push(&sv, "a");
	strvec_push(&sv, "b");
	strvec_print(&sv, &sb, 2);
	is_str(sb.buf, "a, b", "all of them");
	strbuf_reset(&sb);
	strvec_push(&sv, "c");
	strvec_push(&sv, "d");
	strvec_print(&sv, &sb, 2);
	is_str(sb.buf, "a, b and 2 more", "the first ones");
	strbuf_release(&sb);
	strvec_release(&sv);
}

int
main(void)
{
	test_push();
	test_sort();
	test_print();
	return tap_done();
}
