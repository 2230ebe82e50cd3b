/* Slots: cron and rates between start and end; the ids of runs. */
#include "lib/base/compat.h"

#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/slot.h"
#include "lib/schedule/zone.h"
#include "t/unit/tap.h"

static int64_t
at(const char *text)
{
	struct instant t = { 0, 0 };
	const char *why;

	if (!instant_parse(text, &t, &why))
		ok(false, "%s: %s", text, why);
	return t.sec;
}

static const struct {
	const char *expression, *zone, *start, *end, *after;
	const char *want;		/* the next four, or fewer */
} table[] = {
	{ "0 0 * * *", "UTC", NULL, NULL, "2026-01-01T00:00Z",
	    "2026-01-02T00:00:00Z 2026-01-03T00:00:00Z "
	    "2026-01-04T00:00:00Z 2026-01-05T00:00:00Z" },
	{ "0 0 * * *", "UTC", "2026-03-01T00:00Z", "2026-03-03T00:00Z",
	    "2026-01-01T00:00Z",
	    "2026-03-01T00:00:00Z 2026-03-02T00:00:00Z" },
	{ "0 0 * * *", "UTC", "2026-03-01T00:00:01Z", "2026-03-03T00:00:01Z",
	    "2026-01-01T00:00Z",
	    "2026-03-02T00:00:00Z 2026-03-03T00:00:00Z" },
	{ "0 0 * * *", "UTC", "2026-03-01T00:00Z", "2026-03-03T00:00Z",
	    "2026-03-02T00:00Z", "" },
	{ "0 0 * * *", "UTC", NULL, "2026-03-03T00:00Z",
	    "2026-03-01T12:00Z", "2026-03-02T00:00:00Z" },
	{ "0 0 30 2 *", "UTC", NULL, NULL, "2026-01-01T00:00Z", "" },
	{ "30 2 * * *", "Europe/Berlin", "2027-03-28T01:00Z",
	    "2027-03-28T01:01Z", "2026-01-01T00:00Z",
	    "2027-03-28T01:00:00Z" },
	{ "@every 1d", NULL, NULL, NULL, "2026-01-01T00:00Z",
	    "2026-01-02T00:00:00Z 2026-01-03T00:00:00Z "
	    "2026-01-04T00:00:00Z 2026-01-05T00:00:00Z" },
	{ "@every 7d", NULL, NULL, NULL, "2026-01-01T00:00Z",
	    "2026-01-08T00:00:00Z 2026-01-15T00:00:00Z "
	    "2026-01-22T00:00:00Z 2026-01-29T00:00:00Z" },
	{ "@every 90s", NULL, NULL, NULL, "1969-12-31T23:59:59Z",
	    "1970-01-01T00:00:00Z 1970-01-01T00:01:30Z "
	    "1970-01-01T00:03:00Z 1970-01-01T00:04:30Z" },
	{ "@every 1h", NULL, NULL, NULL, "1969-12-31T22:30Z",
	    "1969-12-31T23:00:00Z 1970-01-01T00:00:00Z "
	    "1970-01-01T01:00:00Z 1970-01-01T02:00:00Z" },
	{ "@every 1h", NULL, "2026-01-01T00:20Z", "2026-01-01T02:20Z",
	    "1999-01-01T00:00Z", "2026-01-01T00:20:00Z "
	    "2026-01-01T01:20:00Z" },
	{ "@every 1h", NULL, "2026-01-01T00:20Z", NULL, "2026-01-01T03:20Z",
	    "2026-01-01T04:20:00Z 2026-01-01T05:20:00Z "
	    "2026-01-01T06:20:00Z 2026-01-01T07:20:00Z" },
	{ "@every 7d", NULL, NULL, "2026-01-08T00:00Z",
	    "2026-01-01T00:00Z", "" },
	{ "@every 2000000h", NULL, NULL, NULL, "9900-01-01T00:00Z",
	    "9955-07-25T16:00:00Z" },
};

static struct slots
make(const char *expression, const char *zone, const char *start,
    const char *end)
{
	struct slots slots = { .rule = DST_ONCE };
	struct cron_error err;
	const char *why;

	if (!expression_parse(expression, &slots.expression, &err))
		ok(false, "%s: %s", expression, err.message);
	if (zone != NULL)
		slots.zone = zone_find(zone, &why);
	slots.has_start = start != NULL;
	if (start != NULL)
		slots.start = at(start);
	slots.has_end = end != NULL;
	if (end != NULL)
		slots.end = at(end);
	return slots;
}

static void
test_next(void)
{
	struct strbuf got = STRBUF_INIT;
	struct slots slots;
	int64_t t;
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		slots = make(table[i].expression, table[i].zone,
		    table[i].start, table[i].end);
		strbuf_reset(&got);
		t = at(table[i].after);
		for (n = 0; n < 4 && slots_next(&slots, t, &t); n++) {
			if (n > 0)
				strbuf_addch(&got, ' ');
			instant_print(&got, (struct instant){ t, 0 });
		}
		is_str(got.buf, table[i].want, table[i].expression);
	}
	strbuf_release(&got);
}

/* By going along all of them. */
static bool
walk_to_last(const struct slots *slots, int64_t after, int64_t until,
    int64_t *last)
{
	bool any = false;
	int64_t t = after;

	while (slots_next(slots, t, &t) && t <= until) {
		*last = t;
		any = true;
	}
	return any;
}

static void
test_last(void)
{
	static const int64_t spans[] = { 0, 59, 60, 3599, 3600, 7200, 86399,
		86400, 40 * 86400, 400 * 86400 };
	int64_t after, want, got;
	struct slots slots;
	size_t i, j, faults;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		slots = make(table[i].expression, table[i].zone,
		    table[i].start, table[i].end);
		after = at(table[i].after);
		for (j = 0, faults = 0; j < ARRAY_SIZE(spans); j++) {
			want = got = 0;
			if (walk_to_last(&slots, after, after + spans[j],
			    &want) != slots_last(&slots, after, after +
			    spans[j], &got) || (want != 0 && want != got))
				faults++;
		}
		is_int((long long)faults, 0, table[i].expression);
	}
	slots = make("* * * * *", "UTC", NULL, NULL);
	ok(slots_last(&slots, SLOT_FIRST, SLOT_LAST, &got) &&
	    got == SLOT_LAST - 59, "of all there are");
	ok(!slots_last(&slots, 60, 119, &got) &&
	    slots_last(&slots, 59, 60, &got) && got == 60,
	    "after the one end, up to the other");
	ok(!slots_last(&slots, 100, 60, &got), "an end before its beginning");
}

static void
test_any(void)
{
	struct slots slots;
	int64_t t;

	slots = make("0 0 * * *", "UTC", NULL, NULL);
	ok(slots_any(&slots), "each day there is one");
	slots = make("0 0 30 2 *", "UTC", NULL, NULL);
	ok(!slots_any(&slots), "on 30 February there is none");
	slots = make("0 0 1 1 *", "UTC", "2026-01-02T00:00Z",
	    "2027-01-01T00:00Z");
	ok(!slots_any(&slots), "none between two of them");
	slots.end++;
	ok(slots_any(&slots), "the end is left out, what is before it is in");
	slots = make("@every 365d", NULL, "2026-01-01T00:00Z",
	    "2026-01-01T00:00:01Z");
	ok(slots_any(&slots), "a rate begins with its start");
	slots.end--;
	ok(!slots_any(&slots), "and has none before it");
	slots = make("@every 1s", NULL, NULL, NULL);
	ok(slots_next(&slots, INT64_MIN, &t) && t == SLOT_FIRST,
	    "the first of all");
	ok(slots_next(&slots, SLOT_LAST - 1, &t) && t == SLOT_LAST,
	    "the last of all");
	ok(!slots_next(&slots, SLOT_LAST, &t) &&
	    !slots_next(&slots, INT64_MAX, &t), "and none after that");
}

static void
test_id(void)
{
	char id[SLOT_ID_LEN + 1];

	slot_run_id(id, "flytesnacks:development", "my_cron_scheduled_lp",
	    "v0.3.257", 1707360120, 0);
	is_str(id, "f7f2026572f57fb57000", "the id that Flyte gave");
	slot_run_id(id, "flytesnacks:development", "my_cron_scheduled_lp",
	    "v0.3.257", 1707360120, 1);
	is_str(id, "f7f2026572f57fb57001", "of the second attempt");
	slot_run_id(id, "flytesnacks:development", "my_cron_scheduled_lp",
	    "v0.3.257", 1707360120, 4095);
	is_str(id, "f7f2026572f57fb57fff", "of the last one");
	slot_run_id(id, "local:s", "a.b", "", -60, 0);
	is_int((long long)strlen(id), SLOT_ID_LEN, "before 1970, locally");
	is_int(slot_run_attempt(id), 0, "attempt 0");
	is_int(slot_run_attempt("f7f2026572f57fb57fff"), 4095, "the last one");
	is_int(slot_run_attempt("r7f2026572f57fb57001"), -1, "no slot's");
	is_int(slot_run_attempt("f7f2026572f57fb5700g"), -1, "no digits");
	is_int(slot_run_attempt("f7f2026572f57fb57"), -1, "too short");
	is_int(slot_run_attempt(""), -1, "nothing");
}

int
main(void)
{
	char *dir = path_absolute("t/3010/zoneinfo");

	setenv("TZDIR", dir, 1);
	free(dir);
	test_next();
	test_last();
	test_any();
	test_id();
	return tap_done();
}
