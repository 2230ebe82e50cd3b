/*
 * `CET-1CEST,M3.5.0,M10.5.0/3` and its like. Offsets count west in the text
 * and east in the struct. Daylight saving may well be behind standard time, as
 * it is in Dublin.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/schedule/tzrule.h"

enum { HOUR = 3600, DAY = 86400, OFFSET_HOURS = 24, CHANGE_HOURS = 167,
	LAST_WEEK = 5 };

struct text {
	const char *p, *end;
};

static bool
skip(struct text *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static bool
parse_number(struct text *t, int min, int max, int *out)
{
	const char *start = t->p;
	int value = 0;

	while (t->p < t->end && isdigit((unsigned char)*t->p)) {
		value = value * 10 + (*t->p++ - '0');
		if (value > max)
			return false;
	}
	*out = value;
	return t->p > start && value >= min;
}

/* [+-]hh[:mm[:ss]] */
static bool
parse_time(struct text *t, int max_hours, int32_t *out)
{
	int hour, minute = 0, second = 0;
	bool negative = skip(t, '-');

	if (!negative)
		skip(t, '+');
	if (!parse_number(t, 0, max_hours, &hour))
		return false;
	if (skip(t, ':') && (!parse_number(t, 0, 59, &minute) ||
	    (skip(t, ':') && !parse_number(t, 0, 59, &second))))
		return false;
	*out = hour * HOUR + minute * 60 + second;
	if (negative)
		*out = -*out;
	return true;
}

/* Three letters or more, or anything of letters, digits and signs in <>. */
static bool
parse_name(struct text *t, char name[TZRULE_NAME])
{
	bool quoted = skip(t, '<');
	const char *start = t->p;
	size_t len;

	while (t->p < t->end && (isalpha((unsigned char)*t->p) || (quoted &&
	    (isdigit((unsigned char)*t->p) || *t->p == '+' || *t->p == '-'))))
		t->p++;
	len = (size_t)(t->p - start);
	if (len < 3 || len >= TZRULE_NAME)
		return false;
	memcpy(name, start, len);
	name[len] = '\0';
	return !quoted || skip(t, '>');
}

static bool
parse_offset(struct text *t, int32_t *offset)
{
	if (!parse_time(t, OFFSET_HOURS, offset))
		return false;
	*offset = -*offset;
	return true;
}

/* ,Mm.w.d ,Jn or ,n and perhaps /time */
static bool
parse_day(struct text *t, struct tzrule_day *day)
{
	if (!skip(t, ','))
		return false;
	if (skip(t, 'M')) {
		day->form = TZRULE_MONTH;
		if (!parse_number(t, 1, 12, &day->month) || !skip(t, '.') ||
		    !parse_number(t, 1, LAST_WEEK, &day->week) ||
		    !skip(t, '.') || !parse_number(t, 0, 6, &day->day))
			return false;
	} else if (skip(t, 'J')) {
		day->form = TZRULE_JULIAN;
		if (!parse_number(t, 1, 365, &day->day))
			return false;
	} else {
		day->form = TZRULE_ZERO;
		if (!parse_number(t, 0, 365, &day->day))
			return false;
	}
	day->time = 2 * HOUR;
	return !skip(t, '/') || parse_time(t, CHANGE_HOURS, &day->time);
}

bool
tzrule_parse(const char *text, size_t len, struct tzrule *rule)
{
	struct text t = { text, text + len };

	memset(rule, 0, sizeof(*rule));
	if (!parse_name(&t, rule->standard.name) ||
	    !parse_offset(&t, &rule->standard.offset))
		return false;
	if (t.p == t.end)
		return true;
	rule->has_daylight = true;
	if (!parse_name(&t, rule->daylight.name))
		return false;
	rule->daylight.offset = rule->standard.offset + HOUR;
	if (t.p < t.end && *t.p != ',' &&
	    !parse_offset(&t, &rule->daylight.offset))
		return false;
	return parse_day(&t, &rule->begin) && parse_day(&t, &rule->end) &&
	    t.p == t.end;
}

/* Midnight UTC of the rule's day in that year. */
static int64_t
midnight(const struct tzrule_day *day, int64_t year)
{
	struct civil c = { .year = year, .month = 1, .day = 1 };
	bool leap = civil_month_days(year, 2) == 29;
	int first, length;

	if (day->form == TZRULE_ZERO)
		return civil_to_seconds(&c) + (int64_t)day->day * DAY;
	/* Jn never counts 29 February: J60 is 1 March in all years. */
	if (day->form == TZRULE_JULIAN)
		return civil_to_seconds(&c) + (int64_t)(day->day - 1 +
		    (leap && day->day > 59)) * DAY;
	c.month = day->month;
	first = civil_weekday(civil_to_seconds(&c));
	c.day = 1 + (day->day - first + 7) % 7 + (day->week - 1) * 7;
	length = civil_month_days(year, day->month);
	if (c.day > length)
		c.day -= 7;
	return civil_to_seconds(&c);
}

int64_t
tzrule_begin(const struct tzrule *rule, int64_t year)
{
	return midnight(&rule->begin, year) + rule->begin.time -
	    rule->standard.offset;
}

int64_t
tzrule_end(const struct tzrule *rule, int64_t year)
{
	return midnight(&rule->end, year) + rule->end.time -
	    rule->daylight.offset;
}
