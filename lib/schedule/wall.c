/*
 * Fields are sets of bits, so that the next hour or minute is a count of
 * trailing zeros, and so is the next day: the days of a month that match are
 * one word. The calendar is consulted once at most, and not at all where only
 * weekdays matter.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/schedule/wall.h"

enum { HOUR = 60, DAY = 1440 };

#define ALL_DAYS ((uint64_t)0xfffffffe)
#define ALL_MONTHS ((uint64_t)0x1ffe)
#define ALL_WEEKDAYS ((uint64_t)0x7f)
/* Bits 0, 7, 14, 21 and 28: what makes five weeks of one. */
#define WEEKS ((uint64_t)0x10204081)

/* Days of the year before the first of each month; the second: leap years. */
static const short before[2][14] = {
	{ 0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 },
	{ 0, 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366 },
};

static int
lowest(uint64_t bits)
{
	return __builtin_ctzll(bits);
}

/* 1970-01-01 was a Thursday. */
static int
weekday_of(int64_t day)
{
	int64_t n = (day + 4) % 7;

	return (int)(n < 0 ? n + 7 : n);
}

static bool
is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/*
 * The weekdays that match whatever the date is; 0 if the date must be known.
 * Two day fields that are both restricted match by either.
 */
static uint64_t
plain_weekdays(const struct cron *cron)
{
	bool every = cron->star[CRON_DAY] || cron->star[CRON_WEEKDAY];

	if (cron->bits[CRON_MONTH] != ALL_MONTHS ||
	    cron->bits[CRON_DAY] != ALL_DAYS)
		return 0;
	return every ? cron->bits[CRON_WEEKDAY] : ALL_WEEKDAYS;
}

/* The days of a month that match, as bits from 1; `first` is its first day. */
static uint64_t
month_days(const struct cron *cron, int64_t first, int length)
{
	uint64_t week = cron->bits[CRON_WEEKDAY], days = ALL_DAYS;
	int weekday;

	if (week != ALL_WEEKDAYS) {
		/* Turned so that bit 0 is the weekday of the first. */
		weekday = weekday_of(first);
		week = (week >> weekday | week << (7 - weekday)) &
		    ALL_WEEKDAYS;
		days = week * WEEKS << 1;
	}
	if (cron->star[CRON_DAY] || cron->star[CRON_WEEKDAY])
		days &= cron->bits[CRON_DAY];
	else
		days |= cron->bits[CRON_DAY];
	return days & (((uint64_t)2 << length) - 2);
}

/* The first matching day of that year from the month and day on, or false. */
static bool
day_in_year(const struct cron *cron, int64_t new_year, bool leap, int month,
    int low, int64_t *day)
{
	uint64_t months = cron->bits[CRON_MONTH] >> month << month, days;
	int64_t first;
	int m;

	for (; months != 0; months &= months - 1) {
		m = lowest(months);
		first = new_year + before[leap][m];
		days = month_days(cron, first,
		    before[leap][m + 1] - before[leap][m]);
		if (m == month)
			days = days >> low << low;
		if (days != 0) {
			*day = first + lowest(days) - 1;
			return true;
		}
	}
	return false;
}

/* The first day from `from` on that matches. */
static bool
next_day(const struct cron *cron, int64_t from, int64_t *day)
{
	uint64_t week = plain_weekdays(cron);
	int64_t new_year, last;
	struct civil c;
	int weekday;
	bool leap;

	if (week != 0) {
		weekday = weekday_of(from);
		week = week >> weekday | week << (7 - weekday);
		*day = from + lowest(week);
		return true;
	}
	civil_from_seconds(from * DAY * 60, &c);
	leap = is_leap(c.year);
	new_year = from - (c.day - 1) - before[leap][c.month];
	for (last = c.year + WALL_YEARS; c.year <= last;) {
		if (day_in_year(cron, new_year, leap, c.month, c.day, day))
			return true;
		new_year += leap ? 366 : 365;
		leap = is_leap(++c.year);
		c.month = c.day = 1;
	}
	return false;
}

bool
wall_matches(const struct cron *cron, int64_t minute)
{
	int64_t day = floor_div(minute, DAY), next;
	int rest = (int)(minute - day * DAY);

	return (cron->bits[CRON_MINUTE] >> rest % HOUR & 1) != 0 &&
	    (cron->bits[CRON_HOUR] >> rest / HOUR & 1) != 0 &&
	    next_day(cron, day, &next) && next == day;
}

/* The first minute of a day, from `rest` on, whatever day it is; or -1. */
static int
time_of_day(const struct cron *cron, int rest)
{
	uint64_t minutes = cron->bits[CRON_MINUTE], later;
	uint64_t hours = cron->bits[CRON_HOUR] >> rest / HOUR;

	if (hours == 0)
		return -1;
	if ((hours & 1) != 0) {
		later = minutes >> rest % HOUR;
		if (later != 0)
			return rest + lowest(later);
		hours &= ~(uint64_t)1;
		if (hours == 0)
			return -1;
	}
	return (rest / HOUR + lowest(hours)) * HOUR + lowest(minutes);
}

bool
wall_next(const struct cron *cron, int64_t from, int64_t *minute)
{
	int64_t today, day;
	int time;

	if (from < WALL_FIRST)
		from = WALL_FIRST;
	if (from > WALL_LAST)
		return false;
	today = floor_div(from, DAY);
	time = time_of_day(cron, (int)(from - today * DAY));
	if (!next_day(cron, time < 0 ? today + 1 : today, &day))
		return false;
	if (day != today)
		time = time_of_day(cron, 0);
	*minute = day * DAY + time;
	return *minute <= WALL_LAST;
}
