/*
 * The dates of HTTP headers. Read by hand: strptime knows locales, and half
 * of the servers that send a date send one of the old forms.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/net/httpdate.h"

/* Waits longer than this are none: nobody keeps a request for a day. */
enum { RETRY_AFTER_MAX = 24 * 60 * 60 };

static int
month_of(const char *name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int i;

	for (i = 0; i < 12; i++)
		if (strncmp(months + 3 * i, name, 3) == 0)
			return i + 1;
	return 0;
}

/* RFC 9110: one that seems over 50 years ahead lies in the past. */
static int64_t
whole_year(int year, int64_t now)
{
	struct civil civil;
	int64_t full;

	civil_from_seconds(now, &civil);
	full = civil.year - civil.year % 100 + year;
	return full > civil.year + 50 ? full - 100 : full;
}

bool
httpdate_parse(const char *text, int64_t now, int64_t *seconds)
{
	struct civil t = { 0, 0, 0, 0, 0, 0 };
	char month[4] = "";
	const char *comma = strchr(text, ',');
	int year = 0, n = -1;

	if (comma) {
		sscanf(comma, ", %2d %3s %4d %2d:%2d:%2d GMT%n", &t.day, month,
		    &year, &t.hour, &t.minute, &t.second, &n);
		t.year = year;
		if (n < 0) {
			sscanf(comma, ", %2d-%3s-%2d %2d:%2d:%2d GMT%n",
			    &t.day, month, &year, &t.hour, &t.minute,
			    &t.second, &n);
			t.year = whole_year(year, now);
		}
		text = comma;
	} else {
		sscanf(text, "%*3s %3s %2d %2d:%2d:%2d %4d%n", month, &t.day,
		    &t.hour, &t.minute, &t.second, &year, &n);
		t.year = year;
	}
	if (n < 0 || text[n] != '\0')
		return false;
	t.month = month_of(month);
	if (t.month == 0 || t.year < 1 || t.day < 1 || t.hour < 0 ||
	    t.day > civil_month_days(t.year, t.month) || t.hour > 23 ||
	    t.minute < 0 || t.minute > 59 || t.second < 0 || t.second > 60)
		return false;
	if (t.second == 60)	/* a leap second */
		t.second = 59;
	*seconds = civil_to_seconds(&t);
	return true;
}

int64_t
httpdate_retry_after(const char *text, int64_t now)
{
	size_t digits = strspn(text, "0123456789");
	int64_t seconds = 0, when;
	size_t i;

	if (digits > 0 && text[digits] == '\0') {
		for (i = 0; i < digits && seconds < RETRY_AFTER_MAX; i++)
			seconds = seconds * 10 + (text[i] - '0');
	} else if (httpdate_parse(text, now, &when)) {
		seconds = when > now ? when - now : 0;
	} else {
		return -1;
	}
	if (seconds > RETRY_AFTER_MAX)
		seconds = RETRY_AFTER_MAX;
	return seconds * 1000;
}
