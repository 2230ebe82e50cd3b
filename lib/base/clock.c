/*
 * Instants, civil dates and RFC 3339. The arithmetic on days is Howard
 * Hinnant's (https://howardhinnant.github.io/date_algorithms.html): years
 * begin in March, so that the leap day comes last, and 400 of them are one
 * era.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"

#define DAY ((int64_t)86400)
#define ERA_DAYS ((int64_t)146097)
/* From 0000-03-01, where era 0 begins, to 1970-01-01. */
#define EPOCH_DAYS ((int64_t)719468)
/* 9999-12-31T23:59:59Z */
#define LAST_SECOND ((int64_t)253402300799)

static const char not_rfc3339[] =
    "not a time like 2026-01-02T03:04:05Z (RFC 3339)";

/* @FILE: whoever moves the hands replaces the file, so it is whole. */
static bool
test_clock(struct instant *now)
{
	const char *s = getenv("UNIONML_TEST_NOW");
	struct strbuf text = STRBUF_INIT;
	bool fake = false;
	char *end;

	if (s == NULL || *s == '\0')
		return false;
	if (*s == '@') {
		if (read_file(s + 1, &text, 64) == 0)
			strbuf_rtrim(&text);
		s = text.buf;
	}
	if (isdigit((unsigned char)*s)) {
		now->sec = strtoll(s, &end, 10);
		now->nsec = 0;
		fake = *end == '\0' && now->sec <= LAST_SECOND;
	}
	strbuf_release(&text);
	return fake;
}

struct instant
clock_now(void)
{
	struct instant now;
	struct timespec ts;

	if (test_clock(&now))
		return now;
	clock_gettime(CLOCK_REALTIME, &ts);
	now.sec = ts.tv_sec;
	now.nsec = (int32_t)ts.tv_nsec;
	return now;
}

int64_t
clock_now_ms(void)
{
	struct instant now = clock_now();

	return now.sec * 1000 + now.nsec / 1000000;
}

int64_t
clock_monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
civil_to_seconds(const struct civil *civil)
{
	int64_t year = civil->year - (civil->month <= 2);
	int64_t era = floor_div(year, 400);
	int64_t yoe = year - era * 400;
	int64_t month = (civil->month + 9) % 12;
	int64_t doy = (153 * month + 2) / 5 + civil->day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return (era * ERA_DAYS + doe - EPOCH_DAYS) * DAY +
	    civil->hour * 3600 + civil->minute * 60 + civil->second;
}

void
civil_from_seconds(int64_t sec, struct civil *civil)
{
	int64_t days = floor_div(sec, DAY) + EPOCH_DAYS;
	int64_t rest = (sec % DAY + DAY) % DAY;
	int64_t era, doe, yoe, doy, month;

	era = floor_div(days, ERA_DAYS);
	doe = days - era * ERA_DAYS;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	month = (5 * doy + 2) / 153;
	civil->day = (int)(doy - (153 * month + 2) / 5 + 1);
	civil->month = (int)(month < 10 ? month + 3 : month - 9);
	civil->year = yoe + era * 400 + (civil->month <= 2);
	civil->hour = (int)(rest / 3600);
	civil->minute = (int)(rest / 60 % 60);
	civil->second = (int)(rest % 60);
}

int
civil_weekday(int64_t sec)
{
	int64_t days = floor_div(sec, DAY);

	/* 1970-01-01 was a Thursday. */
	return (int)((days % 7 + 11) % 7);
}

int
civil_month_days(int64_t year, int month)
{
	static const char days[] =
	    { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month < 1 || month > 12)
		return 0;
	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

/* Reads exactly `n` digits; -1 if they are not there. */
static int
digits(const char **p, int n)
{
	int value = 0;

	for (; n > 0; n--, (*p)++) {
		if (!isdigit((unsigned char)**p))
			return -1;
		value = value * 10 + (**p - '0');
	}
	return value;
}

static bool
skip(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static const char *
parse_date(const char **p, struct civil *c)
{
	int year;

	year = digits(p, 4);
	if (year < 0 || !skip(p, '-') || (c->month = digits(p, 2)) < 0 ||
	    !skip(p, '-') || (c->day = digits(p, 2)) < 0)
		return not_rfc3339;
	c->year = year;
	if (year == 0)
		return "the year is out of range 0001-9999";
	if (c->month < 1 || c->month > 12)
		return "the month is out of range 01-12";
	if (c->day < 1 || c->day > civil_month_days(c->year, c->month))
		return "the month has no such day";
	return NULL;
}

/* What is finer than a nanosecond is cut off. */
static const char *
parse_fraction(const char **p, int32_t *nsec)
{
	int32_t unit = 100000000;

	if (!isdigit((unsigned char)**p))
		return "the fraction of the second has no digits";
	for (; isdigit((unsigned char)**p); (*p)++) {
		*nsec += (**p - '0') * unit;
		unit /= 10;
	}
	return NULL;
}

static const char *
parse_time(const char **p, struct civil *c, int32_t *nsec)
{
	if ((c->hour = digits(p, 2)) < 0 || !skip(p, ':') ||
	    (c->minute = digits(p, 2)) < 0)
		return not_rfc3339;
	if (c->hour > 23)
		return "the hour is out of range 00-23";
	if (c->minute > 59)
		return "the minute is out of range 00-59";
	c->second = 0;
	if (!skip(p, ':'))
		return NULL;
	if ((c->second = digits(p, 2)) < 0)
		return not_rfc3339;
	if (c->second == 60)
		return "leap seconds are not supported";
	if (c->second > 59)
		return "the second is out of range 00-59";
	return skip(p, '.') ? parse_fraction(p, nsec) : NULL;
}

static const char *
parse_zone(const char **p, int64_t *offset)
{
	int sign, hour, minute;

	*offset = 0;
	if (**p == '\0')
		return "the zone is missing (Z, or an offset like +02:00)";
	if (skip(p, 'Z') || skip(p, 'z'))
		return NULL;
	if (**p != '+' && **p != '-')
		return not_rfc3339;
	sign = *(*p)++ == '-' ? -1 : 1;
	if ((hour = digits(p, 2)) < 0 || !skip(p, ':') ||
	    (minute = digits(p, 2)) < 0)
		return "the offset is not like +02:00";
	if (hour > 23 || minute > 59)
		return "the offset is out of range";
	*offset = sign * (hour * 3600 + minute * 60);
	return NULL;
}

bool
instant_parse(const char *text, struct instant *out, const char **why)
{
	const char *p = text;
	struct instant t = { 0, 0 };
	struct civil c;
	int64_t offset;

	*why = parse_date(&p, &c);
	if (*why == NULL && *p == '\0')
		*why = "the time of day is missing (2026-01-02T03:04Z)";
	if (*why == NULL && !skip(&p, 'T') && !skip(&p, 't'))
		*why = not_rfc3339;
	if (*why == NULL)
		*why = parse_time(&p, &c, &t.nsec);
	if (*why == NULL)
		*why = parse_zone(&p, &offset);
	if (*why == NULL && *p != '\0')
		*why = not_rfc3339;
	if (*why != NULL)
		return false;
	t.sec = civil_to_seconds(&c) - offset;
	civil_from_seconds(t.sec, &c);
	if (c.year < 1 || c.year > 9999) {
		*why = "the year is out of range 0001-9999 in UTC";
		return false;
	}
	*out = t;
	return true;
}

struct instant
instant_from_ms(int64_t ms)
{
	int32_t rest = (int32_t)(ms % 1000);

	return (struct instant){ floor_div(ms, 1000),
	    (rest < 0 ? rest + 1000 : rest) * 1000000 };
}

void
instant_print(struct strbuf *sb, struct instant t)
{
	struct civil c;

	civil_from_seconds(t.sec, &c);
	strbuf_addf(sb, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)c.year,
	    c.month, c.day, c.hour, c.minute, c.second);
	if (t.nsec != 0) {
		strbuf_addf(sb, ".%09ld", (long)t.nsec);
		while (sb->buf[sb->len - 1] == '0')
			strbuf_setlen(sb, sb->len - 1);
	}
	strbuf_addch(sb, 'Z');
}

void
elapsed_print(struct strbuf *sb, int64_t ms)
{
	int64_t sec, min;

	if (ms < 0)
		ms = 0;
	/* Rounded before the form is chosen: 59.96 s is 1m00s, not 60.0s. */
	sec = ms / 1000 + (ms % 1000 >= 500);
	min = sec / 60 + (sec % 60 >= 30);
	if (ms < 59950)
		strbuf_addf(sb, "%lld.%llds", (long long)((ms + 50) / 1000),
		    (long long)((ms + 50) / 100 % 10));
	else if (sec < 3600)
		strbuf_addf(sb, "%lldm%02llds", (long long)(sec / 60),
		    (long long)(sec % 60));
	else
		strbuf_addf(sb, "%lldh%02lldm", (long long)(min / 60),
		    (long long)(min % 60));
}
