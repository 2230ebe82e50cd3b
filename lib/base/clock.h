/*
 * Time: instants as 64-bit seconds since 1970-01-01T00:00Z plus nanoseconds,
 * civil dates by arithmetic of our own (proleptic Gregorian, no time zone) and
 * RFC 3339. Nothing here looks at TZ or the locale.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "lib/base/compat.h"
#include "lib/base/span.h"

struct strbuf;

struct instant {
	int64_t sec;
	int32_t nsec;		/* 0 to 999999999 */
};

/* Of milliseconds since 1970. */
struct instant instant_from_ms(int64_t ms);

/* Division that rounds down, for the times before 1970; b is positive. */
static inline int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct civil {
	int64_t year;
	int month, day;		/* from 1 */
	int hour, minute, second;
};

/*
 * The wall clock. With UNIONML_TEST_NOW in the environment (seconds) it
 * stands still at that instant; with @FILE, at what the file says now.
 */
struct instant clock_now(void);
int64_t clock_now_ms(void);	/* the same in milliseconds */

/* Milliseconds of a clock that only goes forward; for lengths of time. */
int64_t clock_monotonic_ms(void);

int64_t civil_to_seconds(const struct civil *civil);
void civil_from_seconds(int64_t sec, struct civil *civil);
int civil_weekday(int64_t sec);	/* 0 is Sunday */
int civil_month_days(int64_t year, int month);	/* 0: no such month */

/*
 * RFC 3339 with a zone (`Z` or an offset); seconds may be left out, a leap
 * second and years outside 0001-9999 are refused. True if it was read whole;
 * else *why says what is wrong, in static text.
 */
bool instant_parse(const char *text, struct instant *out, const char **why);

/* `2026-01-02T03:04:05.123456Z`: UTC, fraction as long as needed. */
void instant_print(struct strbuf *sb, struct instant t);

/* How long something took, for people: `0.3s`, `12.0s`, `4m07s`, `3h02m`. */
void elapsed_print(struct strbuf *sb, int64_t ms);

#endif
