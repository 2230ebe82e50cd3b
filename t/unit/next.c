/*
 * When expressions fire: a table made by hand from the rule for days on which
 * the clock is changed, and random expressions in ten zones against a walk
 * minute by minute over the fields.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/path.h"
#include "lib/schedule/next.h"
#include "lib/schedule/zone.h"
#include "t/unit/randomcron.h"
#include "t/unit/tap.h"

enum { MINUTE = 60, DAY = 86400, WANTED = 9, DAYS = 12 };

static int64_t
at(const char *text)
{
	struct instant t = { 0, 0 };
	const char *why;

	if (!instant_parse(text, &t, &why))
		ok(false, "%s: %s", text, why);
	return t.sec;
}

static const struct zone *
get_zone(const char *name)
{
	const char *why = "";
	const struct zone *zone = zone_find(name, &why);

	if (zone == NULL) {
		ok(false, "'%s' %s", name, why);
		zone = zone_find("UTC", &why);
	}
	return zone;
}

static struct cron
parse(const char *text)
{
	struct cron cron;
	struct cron_error err;

	if (!cron_parse(text, &cron, &err))
		ok(false, "%s: %s", text, err.message);
	return cron;
}

/*
 * All that fires between two instants, in both modes. Times are UTC; what is
 * not listed does not fire. A note follows a time in DST_ONCE.
 */
static const struct {
	const char *zone, *expression, *after, *until;
	const char *once[WANTED], *robfig[WANTED];
} table[] = {
	/* A gap of an hour, 2:00 to 3:00. */
	{ "Europe/Berlin", "30 2 * * *", "2027-03-27T12:00Z",
	    "2027-03-29T12:00Z",
	    { "2027-03-28T01:00:00Z moved: 02:30 does not exist on this day",
	    "2027-03-29T00:30:00Z" },
	    { "2027-03-29T00:30:00Z" } },
	{ "Europe/Berlin", "*/15 2 * * *", "2027-03-27T12:00Z",
	    "2027-03-28T12:00Z", { "2027-03-28T01:00:00Z moved: 02:00 to "
	    "02:45 do not exist on this day" }, { NULL } },
	{ "Europe/Berlin", "0 2,3 * * *", "2027-03-27T12:00Z",
	    "2027-03-28T12:00Z", { "2027-03-28T01:00:00Z also for 02:00, "
	    "which does not exist on this day" },
	    { "2027-03-28T01:00:00Z" } },
	{ "Europe/Berlin", "0,59 1-2 * * *", "2027-03-27T12:00Z",
	    "2027-03-28T12:00Z", { "2027-03-28T00:00:00Z",
	    "2027-03-28T00:59:00Z", "2027-03-28T01:00:00Z moved: 02:00 to "
	    "02:59 do not exist on this day" },
	    { "2027-03-28T00:00:00Z", "2027-03-28T00:59:00Z" } },
	{ "Europe/Berlin", "0 */2 * * *", "2027-03-28T00:30Z",
	    "2027-03-28T05:30Z", { "2027-03-28T02:00:00Z",
	    "2027-03-28T04:00:00Z" },
	    { "2027-03-28T02:00:00Z", "2027-03-28T04:00:00Z" } },
	{ "Europe/Berlin", "30 ? * * *", "2027-03-28T00:00Z",
	    "2027-03-28T02:00Z", { "2027-03-28T00:30:00Z",
	    "2027-03-28T01:30:00Z" },
	    { "2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z" } },
	{ "Europe/Berlin", "30 0-23 * * *", "2027-03-28T00:00Z",
	    "2027-03-28T02:00Z", { "2027-03-28T00:30:00Z",
	    "2027-03-28T01:00:00Z moved: 02:30 does not exist on this day",
	    "2027-03-28T01:30:00Z" },
	    { "2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z" } },
	/* The date and the weekday of the gap are its own. */
	{ "Europe/Berlin", "30 2 27,28 3 *", "2027-03-27T12:00Z",
	    "2028-01-01T00:00Z", { "2027-03-28T01:00:00Z moved: 02:30 does "
	    "not exist on this day" }, { NULL } },
	{ "Europe/Berlin", "30 2 * * 1-6", "2027-03-27T12:00Z",
	    "2027-03-28T12:00Z", { NULL }, { NULL } },
	/* A fold of an hour, 3:00 back to 2:00. */
	{ "Europe/Berlin", "30 2 * * *", "2027-10-30T12:00Z",
	    "2027-11-01T12:00Z", { "2027-10-31T00:30:00Z 02:30 comes twice "
	    "on this day: fires the first time", "2027-11-01T01:30:00Z" },
	    { "2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z",
	    "2027-11-01T01:30:00Z" } },
	{ "Europe/Berlin", "*/15 2 * * *", "2027-10-31T00:01Z",
	    "2027-10-31T12:00Z",
	    { "2027-10-31T00:15:00Z 02:15 comes twice on this day: fires the "
	    "first time", "2027-10-31T00:30:00Z 02:30 comes twice on this "
	    "day: fires the first time", "2027-10-31T00:45:00Z 02:45 comes "
	    "twice on this day: fires the first time" },
	    { "2027-10-31T00:15:00Z", "2027-10-31T00:30:00Z",
	    "2027-10-31T00:45:00Z", "2027-10-31T01:00:00Z",
	    "2027-10-31T01:15:00Z", "2027-10-31T01:30:00Z",
	    "2027-10-31T01:45:00Z" } },
	{ "Europe/Berlin", "0 3 * * *", "2027-10-31T00:00Z",
	    "2027-10-31T12:00Z", { "2027-10-31T02:00:00Z" },
	    { "2027-10-31T02:00:00Z" } },
	{ "Europe/Berlin", "0 */2 * * *", "2027-10-30T23:30Z",
	    "2027-10-31T03:30Z", { "2027-10-31T00:00:00Z 02:00 comes twice "
	    "on this day: this is the first", "2027-10-31T01:00:00Z 02:00 "
	    "comes twice on this day: this is the second",
	    "2027-10-31T03:00:00Z" },
	    { "2027-10-31T00:00:00Z", "2027-10-31T01:00:00Z",
	    "2027-10-31T03:00:00Z" } },
	{ "Europe/Berlin", "30 * * * *", "2027-10-31T00:00Z",
	    "2027-10-31T02:00Z", { "2027-10-31T00:30:00Z",
	    "2027-10-31T01:30:00Z" },
	    { "2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z" } },
	/* West of Greenwich. */
	{ "America/New_York", "15 2 * * *", "2026-03-07T12:00Z",
	    "2026-03-09T12:00Z",
	    { "2026-03-08T07:00:00Z moved: 02:15 does not exist on this day",
	    "2026-03-09T06:15:00Z" }, { "2026-03-09T06:15:00Z" } },
	{ "America/New_York", "15 1 * * *", "2026-10-31T12:00Z",
	    "2026-11-01T12:00Z", { "2026-11-01T05:15:00Z 01:15 comes twice "
	    "on this day: fires the first time" },
	    { "2026-11-01T05:15:00Z", "2026-11-01T06:15:00Z" } },
	/* Daylight saving that is behind standard time. */
	{ "Europe/Dublin", "30 1 * * *", "2026-03-28T12:00Z",
	    "2026-03-29T12:00Z", { "2026-03-29T01:00:00Z moved: 01:30 does "
	    "not exist on this day" }, { NULL } },
	/* Half an hour: 2:00 to 2:30, and 2:00 back to 1:30. */
	{ "Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00Z",
	    "2026-10-04T00:00Z", { "2026-10-03T15:30:00Z moved: 02:15 does "
	    "not exist on this day" }, { NULL } },
	{ "Australia/Lord_Howe", "30 2 * * *", "2026-10-03T00:00Z",
	    "2026-10-04T00:00Z", { "2026-10-03T15:30:00Z" },
	    { "2026-10-03T15:30:00Z" } },
	{ "Australia/Lord_Howe", "15,45 1 * * *", "2026-04-04T00:00Z",
	    "2026-04-05T00:00Z", { "2026-04-04T14:15:00Z",
	    "2026-04-04T14:45:00Z 01:45 comes twice on this day: fires the "
	    "first time" },
	    { "2026-04-04T14:15:00Z", "2026-04-04T14:45:00Z",
	    "2026-04-04T15:15:00Z" } },
	/* robfig goes on by whole hours and misses 3:00, which does exist. */
	{ "Australia/Lord_Howe", "0 3 * * *", "2026-10-02T17:00Z",
	    "2026-10-04T00:00Z", { "2026-10-03T16:00:00Z" }, { NULL } },
	/* No midnight. */
	{ "America/Sao_Paulo", "0 0 * * *", "2018-11-03T12:00Z",
	    "2018-11-05T12:00Z",
	    { "2018-11-04T03:00:00Z moved: 00:00 does not exist on this day",
	    "2018-11-05T02:00:00Z" }, { "2018-11-05T02:00:00Z" } },
	{ "America/Sao_Paulo", "0 0 4 11 *", "2018-01-01T00:00Z",
	    "2019-01-01T00:00Z", { "2018-11-04T03:00:00Z moved: 00:00 does "
	    "not exist on this day" }, { NULL } },
	{ "America/Sao_Paulo", "30 23 * * *", "2018-02-17T12:00Z",
	    "2018-02-19T00:00Z", { "2018-02-18T01:30:00Z 23:30 comes twice "
	    "on this day: fires the first time" },
	    { "2018-02-18T01:30:00Z", "2018-02-18T02:30:00Z" } },
	{ "America/Havana", "@daily", "2026-03-07T12:00Z",
	    "2026-03-09T12:00Z",
	    { "2026-03-08T05:00:00Z moved: 00:00 does not exist on this day",
	    "2026-03-09T04:00:00Z" }, { "2026-03-09T04:00:00Z" } },
	{ "America/Havana", "@daily", "2026-10-31T12:00Z",
	    "2026-11-02T12:00Z", { "2026-11-01T04:00:00Z 00:00 comes twice "
	    "on this day: fires the first time", "2026-11-02T05:00:00Z" },
	    { "2026-11-01T04:00:00Z", "2026-11-01T05:00:00Z",
	    "2026-11-02T05:00:00Z" } },
	{ "Asia/Beirut", "0 0 * * *", "2026-03-28T12:00Z",
	    "2026-03-30T12:00Z",
	    { "2026-03-28T22:00:00Z moved: 00:00 does not exist on this day",
	    "2026-03-29T21:00:00Z" }, { "2026-03-29T21:00:00Z" } },
	/* 30 December 2011 did not take place. */
	{ "Pacific/Apia", "0 12 30 12 *", "2011-01-01T00:00Z",
	    "2012-12-31T00:00Z", { "2011-12-30T10:00:00Z moved: 2011-12-30 "
	    "12:00 does not exist", "2012-12-29T22:00:00Z" }, { NULL } },
	{ "Pacific/Apia", "0 0 * * *", "2011-12-28T12:00Z",
	    "2011-12-31T12:00Z", { "2011-12-29T10:00:00Z",
	    "2011-12-30T10:00:00Z also for 2011-12-30 00:00, which does not "
	    "exist", "2011-12-31T10:00:00Z" },
	    { "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z",
	    "2011-12-31T10:00:00Z" } },
	{ "Pacific/Apia", "0 */6 * * *", "2011-12-30T00:00Z",
	    "2011-12-30T17:00Z", { "2011-12-30T04:00:00Z",
	    "2011-12-30T10:00:00Z", "2011-12-30T16:00:00Z" },
	    { "2011-12-30T04:00:00Z", "2011-12-30T10:00:00Z",
	    "2011-12-30T16:00:00Z" } },
	/* Forward and back within five weeks. */
	{ "Africa/Casablanca", "30 2 * * *", "2026-02-14T12:00Z",
	    "2026-02-16T12:00Z", { "2026-02-15T01:30:00Z 02:30 comes twice "
	    "on this day: fires the first time", "2026-02-16T02:30:00Z" },
	    { "2026-02-15T01:30:00Z", "2026-02-15T02:30:00Z",
	    "2026-02-16T02:30:00Z" } },
	{ "Africa/Casablanca", "30 2 * * *", "2026-03-21T12:00Z",
	    "2026-03-22T12:00Z", { "2026-03-22T02:00:00Z moved: 02:30 does "
	    "not exist on this day" }, { NULL } },
	{ "Asia/Kathmandu", "0 0 1 1 *", "2026-01-01T00:00Z",
	    "2028-01-01T00:00Z", { "2026-12-31T18:15:00Z",
	    "2027-12-31T18:15:00Z" },
	    { "2026-12-31T18:15:00Z", "2027-12-31T18:15:00Z" } },
	/* Kathmandu left out 15 minutes at the beginning of 1986. */
	{ "Asia/Kathmandu", "5 0 * * *", "1985-12-31T00:00Z",
	    "1986-01-01T00:00Z", { "1985-12-31T18:30:00Z moved: 00:05 does "
	    "not exist on this day" }, { NULL } },
	/* The minute that a clock with seconds is in. */
	{ "Europe/Berlin", "0 0 1 1 *", "1850-06-01T00:00Z",
	    "1852-01-01T00:00Z", { "1850-12-31T23:07:00Z",
	    "1851-12-31T23:07:00Z" },
	    { "1850-12-31T23:06:32Z", "1851-12-31T23:06:32Z" } },
};

static void
test_row(size_t row, enum dst_rule rule)
{
	const char *const *want = rule == DST_ONCE ? table[row].once :
	    table[row].robfig;
	struct cron cron = parse(table[row].expression);
	const struct zone *zone = get_zone(table[row].zone);
	struct strbuf got = STRBUF_INIT, all = STRBUF_INIT;
	int64_t t = at(table[row].after), until = at(table[row].until);
	size_t i;

	while (cron_next(&cron, zone, rule, t, &t) && t < until) {
		instant_print(&got, (struct instant){ t, 0 });
		if (rule == DST_ONCE) {
			strbuf_addch(&got, ' ');
			cron_note(&cron, zone, rule, t, &got);
			strbuf_rtrim(&got);
		}
		strbuf_addch(&got, '\n');
	}
	for (i = 0; i < WANTED && want[i] != NULL; i++)
		strbuf_addf(&all, "%s\n", want[i]);
	if (!ok(strcmp(got.buf, all.buf) == 0, "%s in %s after %s%s",
	    table[row].expression, table[row].zone, table[row].after,
	    rule == DST_ONCE ? "" : ", as robfig has it"))
		printf("# got\n%s# want\n%s", got.buf, all.buf);
	strbuf_release(&got);
	strbuf_release(&all);
}

static void
test_robfig_notes(void)
{
	const struct zone *berlin = get_zone("Europe/Berlin");
	struct cron cron = parse("30 2 * * *");
	struct strbuf note = STRBUF_INIT;

	ok(cron_note(&cron, berlin, DST_ROBFIG, at("2027-10-31T01:30Z"),
	    &note), "robfig's second one is noted");
	is_str(note.buf, "02:30 comes twice on this day: this is the second",
	    "as such");
	ok(!cron_note(&cron, berlin, DST_ROBFIG, at("2027-03-29T00:30Z"),
	    &note), "the day after a gap is a day like any other");
	strbuf_release(&note);
}

/* What never comes, what is far away, and the ends of time. */
static void
test_limits(void)
{
	static const char *const never[] = { "0 0 30 2 *", "0 0 31 2,4,6 *",
		"* * 31 11 *", "0 0 30,31 2 ?" };
	struct cron leap = parse("0 0 29 2 *"), daily = parse("0 0 * * *");
	struct cron cron, minute = parse("* * * * *");
	const struct zone *utc = get_zone("UTC");
	const struct zone *berlin = get_zone("Europe/Berlin");
	int64_t t = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(never); i++) {
		cron = parse(never[i]);
		ok(!cron_next(&cron, utc, DST_ONCE, 0, &t) &&
		    !cron_next(&cron, berlin, DST_ONCE, 0, &t) &&
		    !cron_next(&cron, berlin, DST_ROBFIG, 0, &t),
		    "%s never comes", never[i]);
	}
	cron = parse("0 0 30 2 1");
	ok(cron_next(&cron, utc, DST_ONCE, at("2026-01-01T00:00Z"), &t) &&
	    t == at("2026-02-02T00:00Z"), "either day: on Mondays in February");
	ok(cron_next(&leap, utc, DST_ONCE, at("2096-03-01T00:00Z"), &t) &&
	    t == at("2104-02-29T00:00Z"), "eight years to a leap day");
	ok(cron_next(&leap, berlin, DST_ONCE, at("2096-03-01T00:00Z"), &t) &&
	    t == at("2104-02-28T23:00Z"), "in Berlin, too");
	ok(cron_next(&daily, utc, DST_ONCE, INT64_MIN, &t) &&
	    t == at("0001-01-01T00:00Z"), "the first midnight");
	ok(cron_next(&daily, utc, DST_ONCE, at("9999-12-30T23:59:59Z"), &t) &&
	    t == at("9999-12-31T00:00Z"), "the last one");
	ok(!cron_next(&daily, utc, DST_ONCE, t, &t), "and none after it");
	ok(!cron_next(&minute, utc, DST_ONCE, INT64_MAX, &t) &&
	    !cron_next(&minute, berlin, DST_ROBFIG, INT64_MAX, &t),
	    "nor at the end of time");
	ok(cron_next(&minute, utc, DST_ONCE, -1, &t) && t == 0,
	    "strictly after, at 1970");
	ok(cron_next(&minute, utc, DST_ONCE, 0, &t) && t == 60,
	    "a minute later");
	ok(cron_next(&minute, utc, DST_ONCE, -61, &t) && t == -60,
	    "before 1970");
	ok(!cron_fires(&minute, utc, DST_ONCE, 61), "no fire within a minute");
}

/* The plain meaning of the fields, without any of wall.c's arithmetic. */
static bool
day_matches(const struct cron *cron, const struct civil *c, int weekday)
{
	bool day = (cron->bits[CRON_DAY] >> c->day & 1) != 0;
	bool week = (cron->bits[CRON_WEEKDAY] >> weekday & 1) != 0;

	if ((cron->bits[CRON_MONTH] >> c->month & 1) == 0)
		return false;
	return cron->star[CRON_DAY] || cron->star[CRON_WEEKDAY] ?
	    day && week : day || week;
}

/* A day from its midnight on that no change of the clock comes near. */
static bool
walk_day(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t midnight)
{
	struct civil c;
	struct zone_span span;
	bool today;
	int64_t t, next;
	int minute;

	zone_at(zone, midnight, &span);
	civil_from_seconds(midnight + span.offset, &c);
	today = day_matches(cron, &c,
	    civil_weekday(midnight + span.offset));
	cron_next(cron, zone, rule, midnight - 1, &next);
	for (minute = 0; minute < 1440; minute++) {
		if (!today ||
		    (cron->bits[CRON_HOUR] >> minute / 60 & 1) == 0 ||
		    (cron->bits[CRON_MINUTE] >> minute % 60 & 1) == 0)
			continue;
		t = midnight + minute * MINUTE;
		if (next != t || !cron_fires(cron, zone, rule, t))
			return false;
		cron_next(cron, zone, rule, t, &next);
	}
	return next >= midnight + DAY;
}

/* The local midnight of a random day without a change; false if it has one. */
static bool
random_day(struct random *r, const struct zone *zone, int64_t *midnight)
{
	struct zone_span span;
	int64_t t = at("2005-01-02T00:00Z") + (int64_t)random_below(r,
	    36 * 365) * DAY;

	zone_at(zone, t, &span);
	*midnight = t - span.offset;
	return (span.from == INT64_MIN || *midnight - span.from > 2 * DAY) &&
	    (span.until == INT64_MAX || span.until - *midnight > 2 * DAY);
}

/* Around a change: cron_next against the rule asked minute by minute. */
static bool
walk_change(const struct cron *cron, const struct zone *zone, int64_t change)
{
	int64_t t, next, from = change - change % MINUTE - DAY;

	if (!cron_next(cron, zone, DST_ONCE, from - 1, &next))
		next = INT64_MAX;
	for (t = from; t < from + 2 * DAY; t += MINUTE) {
		if (cron_fires(cron, zone, DST_ONCE, t) != (t == next))
			return false;
		if (t == next && !cron_next(cron, zone, DST_ONCE, t, &next))
			next = INT64_MAX;
	}
	return true;
}

static void
test_zone(const char *name, int expressions)
{
	struct strbuf text = STRBUF_INIT;
	struct random r = { 2005 };
	const struct zone *zone = get_zone(name);
	struct zone_span span;
	struct cron cron;
	int64_t midnight, t;
	int i, day, days = 0, bad = 0, changes = 0, wrong = 0;

	for (i = 0; i < expressions; i++) {
		random_expression(&r, &text);
		cron = parse(text.buf);
		for (day = 0; day < DAYS; day++) {
			if (!random_day(&r, zone, &midnight) ||
			    !cron_next(&cron, zone, DST_ONCE, 0, &t))
				continue;
			days++;
			bad += !walk_day(&cron, zone, DST_ONCE, midnight);
			bad += !walk_day(&cron, zone, DST_ROBFIG, midnight);
		}
		t = at("2005-01-01T00:00Z") + (int64_t)random_below(&r,
		    36 * 365) * DAY;
		zone_at(zone, t, &span);
		if (span.until == INT64_MAX)
			continue;
		changes++;
		if (walk_change(&cron, zone, span.until))
			continue;
		printf("# %s at %lld\n", text.buf, (long long)span.until);
		wrong++;
	}
	is_int(bad, 0, name);
	ok(days > expressions * DAYS / 3, "  %d days without a change", days);
	ok(wrong == 0, "  and around %d changes", changes);
	strbuf_release(&text);
}

int
main(void)
{
	static const char *const zones[] = { "UTC", "Europe/Berlin",
		"Europe/Dublin", "America/New_York", "America/Havana",
		"America/Sao_Paulo", "Asia/Beirut", "Asia/Kolkata",
		"Asia/Kathmandu", "Africa/Casablanca", "Australia/Lord_Howe",
		"Pacific/Apia" };
	char *dir = path_absolute("t/3010/zoneinfo");
	size_t i;

	setenv("TZDIR", dir, 1);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		test_row(i, DST_ONCE);
		test_row(i, DST_ROBFIG);
	}
	test_robfig_notes();
	test_limits();
	for (i = 0; i < ARRAY_SIZE(zones); i++)
		test_zone(zones[i], 200);
	free(dir);
	return tap_done();
}
