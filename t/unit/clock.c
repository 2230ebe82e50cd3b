/* Civil dates against gmtime_r, RFC 3339 both ways, elapsed times. */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "t/unit/tap.h"

#define FIRST ((int64_t)-62135596800)	/* 0001-01-01T00:00:00Z */
#define LAST ((int64_t)253402300799)	/* 9999-12-31T23:59:59Z */

static uint64_t seed = 88172645463325252u;

static uint64_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static bool
agrees(int64_t sec)
{
	time_t t = (time_t)sec;
	struct civil c;
	struct tm tm;

	civil_from_seconds(sec, &c);
	gmtime_r(&t, &tm);
	return c.year == tm.tm_year + 1900 && c.month == tm.tm_mon + 1 &&
	    c.day == tm.tm_mday && c.hour == tm.tm_hour &&
	    c.minute == tm.tm_min && c.second == tm.tm_sec &&
	    civil_weekday(sec) == tm.tm_wday && civil_to_seconds(&c) == sec;
}

static void
test_civil(void)
{
	int64_t sec, bad = 0;
	struct civil c;
	int i;

	for (sec = FIRST; sec <= LAST && bad == 0; sec += 86400)
		if (!agrees(sec) || !agrees(sec + 86399))
			bad = sec;
	is_int(bad, 0, "the edges of every day, years 1 to 9999");
	for (i = 0; i < 200000 && bad == 0; i++) {
		sec = FIRST + (int64_t)(next_random() %
		    (uint64_t)(LAST - FIRST));
		if (!agrees(sec))
			bad = sec;
	}
	is_int(bad, 0, "random instants");
	ok(agrees(-1) && agrees(0) && agrees(1), "around 1970");
	ok(agrees(FIRST - 1) && agrees(LAST + 1), "years 0 and 10000");
	ok(agrees(-62162208000) && agrees(-999999999999), "negative years");
	civil_from_seconds(INT64_MAX, &c);
	is_int(c.year, 292277026596, "the last of all years");
	civil_from_seconds(INT64_MIN, &c);
	is_int(c.year, -292277022657, "the first");
}

static void
test_month_days(void)
{
	static const struct {
		int64_t year;
		int month, want;
	} cases[] = {
		{ 2026, 1, 31 }, { 2026, 2, 28 }, { 2026, 4, 30 },
		{ 2026, 6, 30 }, { 2026, 9, 30 }, { 2026, 11, 30 },
		{ 2026, 12, 31 }, { 2024, 2, 29 }, { 1900, 2, 28 },
		{ 2000, 2, 29 }, { 2100, 2, 28 }, { 2024, 3, 31 },
		{ 2024, 0, 0 }, { 2024, 13, 0 }, { 2024, -1, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		is_int(civil_month_days(cases[i].year, cases[i].month),
		    cases[i].want, "civil_month_days");
}

static void
test_parse(void)
{
	static const struct {
		const char *text;
		int64_t sec;
		int32_t nsec;
		const char *print;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0, 0, NULL },
		{ "2026-01-02T03:04:05Z", 1767323045, 0, NULL },
		{ "2026-01-02T03:04:05.123456Z", 1767323045, 123456000, NULL },
		{ "2026-01-02T03:04:05.000000001Z", 1767323045, 1, NULL },
		{ "2026-01-02T03:04:05.5Z", 1767323045, 500000000, NULL },
		{ "2026-01-02T03:04:05.500Z", 1767323045, 500000000,
		  "2026-01-02T03:04:05.5Z" },
		{ "2026-01-02T03:04:05.0Z", 1767323045, 0,
		  "2026-01-02T03:04:05Z" },
		{ "2026-01-02T03:04:05.1234567899Z", 1767323045, 123456789,
		  "2026-01-02T03:04:05.123456789Z" },
		{ "2026-01-02t03:04:05z", 1767323045, 0,
		  "2026-01-02T03:04:05Z" },
		{ "2026-01-02T03:04Z", 1767323040, 0, "2026-01-02T03:04:00Z" },
		{ "2026-01-02T03:04+02:00", 1767315840, 0,
		  "2026-01-02T01:04:00Z" },
		{ "2026-01-02T03:04:05-05:30", 1767342845, 0,
		  "2026-01-02T08:34:05Z" },
		{ "2026-01-01T00:00:00+00:01", 1767225540, 0,
		  "2025-12-31T23:59:00Z" },
		{ "2026-01-02T03:04:05-00:00", 1767323045, 0,
		  "2026-01-02T03:04:05Z" },
		{ "2026-01-02T03:04:05.25+23:59", 1767236705, 250000000,
		  "2026-01-01T03:05:05.25Z" },
		{ "2024-02-29T23:59:59Z", 1709251199, 0, NULL },
		{ "0001-01-01T00:00:00Z", FIRST, 0, NULL },
		{ "9999-12-31T23:59:59.999999999Z", LAST, 999999999, NULL },
		{ "1969-12-31T23:59:59.5Z", -1, 500000000, NULL },
	};
	struct strbuf sb = STRBUF_INIT;
	const char *why;
	struct instant t;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (!ok(instant_parse(cases[i].text, &t, &why), "%s",
		    cases[i].text))
			continue;
		is_int(t.sec, cases[i].sec, "seconds");
		is_int(t.nsec, cases[i].nsec, "nanoseconds");
		strbuf_reset(&sb);
		instant_print(&sb, t);
		is_str(sb.buf, cases[i].print != NULL ? cases[i].print :
		    cases[i].text, "printed");
	}
	strbuf_release(&sb);
}

static void
test_milliseconds(void)
{
	static const struct {
		int64_t ms, sec;
		int32_t nsec;
	} cases[] = {
		{ 0, 0, 0 }, { 999, 0, 999000000 }, { 1000, 1, 0 },
		{ -1, -1, 999000000 }, { -1000, -1, 0 },
		{ 1767225600123, 1767225600, 123000000 },
		{ INT64_MIN, -9223372036854776, 192000000 },
	};
	struct instant t;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		t = instant_from_ms(cases[i].ms);
		ok(t.sec == cases[i].sec && t.nsec == cases[i].nsec,
		    "%lld ms: %lld s, %d ns", (long long)cases[i].ms,
		    (long long)t.sec, t.nsec);
	}
}

static void
test_rubbish(void)
{
	static const char form[] =
	    "not a time like 2026-01-02T03:04:05Z (RFC 3339)";
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", form },
		{ "now", form },
		{ "2026", form },
		{ "2026-1-02T03:04:05Z", form },
		{ "+026-01-02T03:04:05Z", form },
		{ "-2026-01-02T03:04:05Z", form },
		{ "12026-01-02T03:04:05Z", form },
		{ " 2026-01-02T03:04:05Z", form },
		{ "2026-01-02T03:04:05Z ", form },
		{ "2026-01-02T03:04:05ZZ", form },
		{ "2026-01-02 03:04:05Z", form },
		{ "2026-01-02T3:04:05Z", form },
		{ "2026-01-02T03Z", form },
		{ "2026-01-02T03:04:Z", form },
		{ "2026-01-02T03:04:5Z", form },
		{ "2026-01-02T03:04:05,5Z", form },
		{ "2026-01-02T03:04:05 UTC", form },
		{ "2026-01-02T03:04:05Europe/Berlin", form },
		{ "2026/01/02T03:04:05Z", form },
		{ "2026-01-02",
		  "the time of day is missing (2026-01-02T03:04Z)" },
		{ "2026-01-02T03:04:05",
		  "the zone is missing (Z, or an offset like +02:00)" },
		{ "2026-01-02T03:04",
		  "the zone is missing (Z, or an offset like +02:00)" },
		{ "2026-01-02T03:04:05.Z",
		  "the fraction of the second has no digits" },
		{ "2026-01-02T03:04:05+02", "the offset is not like +02:00" },
		{ "2026-01-02T03:04:05+0200", "the offset is not like +02:00" },
		{ "2026-01-02T03:04:05+", "the offset is not like +02:00" },
		{ "2026-01-02T03:04:05+24:00", "the offset is out of range" },
		{ "2026-01-02T03:04:05+02:60", "the offset is out of range" },
		{ "2026-01-02T24:00:00Z", "the hour is out of range 00-23" },
		{ "2026-01-02T03:60:00Z", "the minute is out of range 00-59" },
		{ "2026-01-02T03:04:61Z", "the second is out of range 00-59" },
		{ "2016-12-31T23:59:60Z", "leap seconds are not supported" },
		{ "2026-00-02T03:04:05Z", "the month is out of range 01-12" },
		{ "2026-13-02T03:04:05Z", "the month is out of range 01-12" },
		{ "2026-02-29T03:04:05Z", "the month has no such day" },
		{ "2026-04-31T03:04:05Z", "the month has no such day" },
		{ "2026-01-00T03:04:05Z", "the month has no such day" },
		{ "2026-01-32T03:04:05Z", "the month has no such day" },
		{ "0000-01-01T00:00:00Z",
		  "the year is out of range 0001-9999" },
		{ "0001-01-01T00:00:00+00:01",
		  "the year is out of range 0001-9999 in UTC" },
		{ "9999-12-31T23:59:59-00:01",
		  "the year is out of range 0001-9999 in UTC" },
	};
	struct instant t = { 7, 8 };
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		why = NULL;
		ok(!instant_parse(cases[i].text, &t, &why), "refused: '%s'",
		    cases[i].text);
		is_str(why, cases[i].why, "why");
	}
	ok(t.sec == 7 && t.nsec == 8, "nothing was stored");
}

static void
test_round_trip(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct instant t, back;
	const char *why;
	int i, bad = 0;

	for (i = 0; i < 100000; i++) {
		t.sec = FIRST + (int64_t)(next_random() %
		    (uint64_t)(LAST - FIRST));
		t.nsec = (int32_t)(next_random() % 1000000000);
		strbuf_reset(&sb);
		instant_print(&sb, t);
		if (!instant_parse(sb.buf, &back, &why) ||
		    back.sec != t.sec || back.nsec != t.nsec)
			bad++;
	}
	is_int(bad, 0, "random instants, printed and read back");
	strbuf_release(&sb);
}

static void
test_elapsed(void)
{
	static const struct {
		int64_t ms;
		const char *want;
	} cases[] = {
		{ 0, "0.0s" }, { -5, "0.0s" }, { 49, "0.0s" }, { 50, "0.1s" },
		{ 300, "0.3s" }, { 949, "0.9s" }, { 950, "1.0s" },
		{ 12000, "12.0s" }, { 59949, "59.9s" }, { 59950, "1m00s" },
		{ 60000, "1m00s" }, { 90499, "1m30s" }, { 90500, "1m31s" },
		{ 247000, "4m07s" }, { 3599499, "59m59s" },
		{ 3599500, "1h00m" }, { 3600000, "1h00m" },
		{ 10920000, "3h02m" }, { 10949999, "3h03m" },
		{ 360000000, "100h00m" },
	};
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_reset(&sb);
		elapsed_print(&sb, cases[i].ms);
		is_str(sb.buf, cases[i].want, "elapsed_print");
	}
	strbuf_reset(&sb);
	elapsed_print(&sb, INT64_MAX);
	is_str(sb.buf, "2562047788015h13m", "the longest");
	strbuf_release(&sb);
}

/* A clock whose hands somebody else moves. */
static void
test_moving(int64_t now)
{
	char path[] = "/tmp/unionml-clock-XXXXXX", at[64];
	int fd = mkstemp(path);

	close(fd);
	snprintf(at, sizeof(at), "@%s", path);
	setenv("UNIONML_TEST_NOW", at, 1);
	ok(clock_now().sec >= now, "an empty file is no instant");
	write_file(path, "1767225600\n", 11);
	is_int(clock_now().sec, 1767225600, "what the file says");
	write_file(path, "1767229200", 10);
	is_int(clock_now().sec, 1767229200, "what it says now");
	write_file(path, "soon", 4);
	ok(clock_now().sec >= now, "rubbish is none");
	unlink(path);
	ok(clock_now().sec >= now, "nor is a file that is not there");
}

static void
test_now(void)
{
	int64_t a, b, now = (int64_t)time(NULL);

	setenv("UNIONML_TEST_NOW", "1767225600", 1);
	is_int(clock_now().sec, 1767225600, "the clock stands still");
	is_int(clock_now().nsec, 0, "at a whole second");
	is_int(clock_now_ms(), 1767225600000, "in milliseconds");
	setenv("UNIONML_TEST_NOW", "tomorrow", 1);
	ok(clock_now().sec >= now, "rubbish is not an instant");
	setenv("UNIONML_TEST_NOW", "99999999999999999999", 1);
	ok(clock_now().sec - now < 1000, "nor is a number out of range");
	setenv("UNIONML_TEST_NOW", "", 1);
	ok(clock_now().sec - now < 1000, "nor is nothing");
	setenv("UNIONML_TEST_NOW", "-5", 1);
	ok(clock_now().sec - now < 1000, "nor is one before 1970");
	test_moving(now);
	unsetenv("UNIONML_TEST_NOW");
	ok(clock_now_ms() / 1000 - now < 1000, "the real clock");
	a = clock_monotonic_ms();
	b = clock_monotonic_ms();
	ok(b >= a && b - a < 10000, "a clock that goes forward");
}

int
main(void)
{
	test_civil();
	test_month_days();
	test_parse();
	test_milliseconds();
	test_rubbish();
	test_round_trip();
	test_elapsed();
	test_now();
	return tap_done();
}
