/* Filters of FlyteAdmin's lists, and names that would be more than a name. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/wire/filter.h"
#include "t/unit/tap.h"

static void
test_plain(void)
{
	static const struct {
		const char *text;
		bool plain;
	} cases[] = {
		{ "nightly", true }, { "a.b_c-9", true }, { "", false },
		{ "a b", false }, { "a;b", false }, { "a)", false },
		{ "a,b", false }, { "a+eq(b", false }, { "\xc3\xa9", false },
		{ "a\t", false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		ok(filter_is_plain(cases[i].text) == cases[i].plain, "'%s'",
		    cases[i].text);
}

static void
test_schedules(void)
{
#define BOTH "value_in(launch_plan.name,app.a;a;app.b;b)"
	static const struct {
		const char *before;
		const char *names[3];
		size_t n;
		const char *want;
	} cases[] = {
		{ "", { "a", "b" }, 2, BOTH },
		{ "eq(x,1)", { "a", "b" }, 2, "eq(x,1)+" BOTH },
		{ "", { "no name", "a", "b" }, 3, BOTH },
		{ "", { "a", "no)name", "b" }, 3, BOTH },
		{ "", { "a", "b", "" }, 3, BOTH },
		{ "eq(x,1)", { "no name", "(" }, 2, "eq(x,1)" },
		{ "eq(x,1)", { NULL }, 0, "eq(x,1)" },
	};
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_reset(&sb);
		strbuf_addstr(&sb, cases[i].before);
		filter_add_schedules(&sb, "app", cases[i].names, cases[i].n);
		is_str(sb.buf, cases[i].want, "schedules");
	}
	strbuf_release(&sb);
}

int
main(void)
{
	struct strbuf sb = STRBUF_INIT;

	filter_add_app(&sb, "digits");
	filter_add(&sb, "ne", "phase", "FAILED");
	filter_add_instant(&sb, "gte", "created_at",
	    (struct instant){ 0, 5000000 });
	is_str(sb.buf, "value_in(workflow.name,digits.train;digits.predict;"
	    "digits.predict_from_features)+ne(phase,FAILED)"
	    "+gte(created_at,1970-01-01T00:00:00.005Z)", "all of them hold");
	strbuf_release(&sb);
	test_plain();
	test_schedules();
	return tap_done();
}
