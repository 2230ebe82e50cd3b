/* What the engine makes of a schedule's keys, given or left out. */
#include "lib/base/compat.h"

#include "lib/model/app.h"
#include "lib/model/definition.h"
#include "t/unit/tap.h"

static const struct schedule nightly = {
	.name = "nightly", .expression = { .dialect = DIALECT_UNIX },
};

static void
test_left_out(void)
{
	const char *why = NULL;
	struct definition d;

	ok(definition_make(&d, &nightly, 3, &why), "all left out");
	ok(d.catchup == POLICY_CATCHUP_LATEST && d.overlap == POLICY_SKIP,
	    "the newest late one, and one at a time");
	ok(d.offset == 0 && d.window == 0 && d.gen == 3, "no offset, no "
	    "window");
	ok(d.slots.zone != NULL && d.slots.rule == DST_ONCE &&
	    !d.slots.has_start && !d.slots.has_end, "in UTC, for ever");
}

static void
test_given(void)
{
	static const enum catchup catchups[] = { CATCHUP_NONE, CATCHUP_LATEST,
		CATCHUP_ALL };
	static const enum overlap overlaps[] = { OVERLAP_ALLOW, OVERLAP_SKIP,
		OVERLAP_QUEUE, OVERLAP_REPLACE };
	struct schedule s = nightly;
	const char *why = NULL;
	struct definition d;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(catchups); i++) {
		s.catchup = catchups[i];
		ok(definition_make(&d, &s, 0, &why) &&
		    d.catchup == (enum policy_catchup)i, "catchup %zu", i);
	}
	for (i = 0; i < ARRAY_SIZE(overlaps); i++) {
		s.overlap = overlaps[i];
		ok(definition_make(&d, &s, 0, &why) &&
		    d.overlap == (enum policy_overlap)i, "overlap %zu", i);
	}
}

static void
test_times(void)
{
	struct schedule s = nightly;
	const char *why = NULL;
	struct definition d;

	s.expression.dialect = DIALECT_EVERY;
	s.expression.every.sec = 3600;
	s.has_start = s.has_end = true;
	s.start.sec = 10;
	s.end.sec = -20;
	s.offset.sec = 600;
	s.catchup_window.sec = 7;
	ok(definition_make(&d, &s, 0, &why) && d.slots.zone == NULL,
	    "a rate has no zone");
	ok(d.slots.start == 10 && d.slots.end == -20 && d.offset == 600 &&
	    d.window == 7, "whole seconds are kept");
	s.start.nsec = s.end.nsec = 1;
	s.offset.nsec = s.catchup_window.nsec = 1;
	ok(definition_make(&d, &s, 0, &why) && d.slots.start == 11 &&
	    d.slots.end == -19 && d.offset == 601 && d.window == 7,
	    "nothing starts before it may");
	s.catchup_window.sec = 0;
	ok(definition_make(&d, &s, 0, &why) && d.window == 1,
	    "a short window is one");
}

static void
test_zone(void)
{
	struct schedule s = nightly;
	const char *why = NULL;
	struct slots slots;

	s.timezone = "No/Such";
	ok(!definition_slots(&slots, &s, DST_ROBFIG, &why) && why != NULL,
	    "a zone that nobody knows");
	s.timezone = "UTC";
	ok(definition_slots(&slots, &s, DST_ROBFIG, &why) &&
	    slots.rule == DST_ROBFIG, "the rule is the caller's");
}

int
main(void)
{
	test_left_out();
	test_given();
	test_times();
	test_zone();
	return tap_done();
}
