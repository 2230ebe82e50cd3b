/*
 * Fields are sets of bits, so that the next hour or minute is a count of
 * trailing zeros, and so is the next day: the days of a month that match are
 * one word. The calendar is consulted only where the day is not today's, and
 * where days are not all alike.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/schedule/wall.h"

enum { HOUR = 60, DAY = 1440, MONTHS = 12 };

#define ALL_DAYS ((uint64_t)0xfffffffe)
#define ALL_MONTHS ((uint64_t)0x1ffe)
#define ALL_WEEKDAYS ((uint64_t)0x7f)
/* Bits 0, 7, 14, 21 and 28: what makes five weeks of one. */
#define WEEKS ((uint64_t)0x10204081)

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

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

static int64_t
day_of(int64_t year, int month, int day)
{
	struct civil c = { .year = year, .month = month, .day = day };

	return civil_to_seconds(&c) / (DAY * 60);
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

/* The days of a month that match, as bits from 1. */
static uint64_t
month_days(const struct cron *cron, int64_t year, int month)
{
	int first = weekday_of(day_of(year, month, 1));
	uint64_t week = cron->bits[CRON_WEEKDAY], days;

	/* Turned so that bit 0 is the weekday of the first. */
	week = (week >> first | week << (7 - first)) & ALL_WEEKDAYS;
	days = week * WEEKS << 1;
	if (cron->star[CRON_DAY] || cron->star[CRON_WEEKDAY])
		days &= cron->bits[CRON_DAY];
	else
		days |= cron->bits[CRON_DAY];
	return days & (((uint64_t)2 << civil_month_days(year, month)) - 2);
}

static bool
day_matches(const struct cron *cron, int64_t day)
{
	uint64_t week = plain_weekdays(cron);
	struct civil c;

	if (week != 0)
		return (week >> weekday_of(day) & 1) != 0;
	civil_from_seconds(day * DAY * 60, &c);
	return (cron->bits[CRON_MONTH] >> c.month & 1) != 0 &&
	    (month_days(cron, c.year, c.month) >> c.day & 1) != 0;
}

/* The first day after `day` that matches. */
static bool
next_day(const struct cron *cron, int64_t day, int64_t *next)
{
	uint64_t week = plain_weekdays(cron), days, months;
	int64_t last;
	int first;
	struct civil c;

	if (week != 0) {
		first = weekday_of(day + 1);
		week = week >> first | week << (7 - first);
		*next = day + 1 + lowest(week);
		return true;
	}
	civil_from_seconds(day * DAY * 60, &c);
	for (last = c.year + WALL_YEARS; c.year <= last; c.year++) {
		months = cron->bits[CRON_MONTH] >> c.month << c.month;
		for (; months != 0; months &= months - 1) {
			if (lowest(months) != c.month)
				c.day = 0;
			c.month = lowest(months);
			days = month_days(cron, c.year, c.month) >>
			    (c.day + 1) << (c.day + 1);
			if (days != 0) {
				*next = day_of(c.year, c.month, lowest(days));
				return true;
			}
		}
		c.month = 1;
		c.day = 0;
	}
	return false;
}

bool
wall_matches(const struct cron *cron, int64_t minute)
{
	int64_t day = floor_div(minute, DAY);
	int rest = (int)(minute - day * DAY);

	return (cron->bits[CRON_MINUTE] >> rest % HOUR & 1) != 0 &&
	    (cron->bits[CRON_HOUR] >> rest / HOUR & 1) != 0 &&
	    day_matches(cron, day);
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
	int64_t day;
	int time;

	if (from < WALL_FIRST)
		from = WALL_FIRST;
	if (from > WALL_LAST)
		return false;
	day = floor_div(from, DAY);
	time = time_of_day(cron, (int)(from - day * DAY));
	if (time < 0 || !day_matches(cron, day)) {
		if (!next_day(cron, day, &day))
			return false;
		time = time_of_day(cron, 0);
	}
	*minute = day * DAY + time;
	return *minute <= WALL_LAST;
}
