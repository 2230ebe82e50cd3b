/*
 * Durations as text: Go's form, which flyte-copilot reads and writes, and ISO
 * 8601's. Both are added up in nanoseconds; the range is that of Go's
 * time.Duration, 64 bits of them, so that whatever is read here can be sent.
 */
#include "lib/base/compat.h"

#include "lib/base/span.h"
#include "lib/base/strbuf.h"

#define SECOND ((uint64_t)1000000000)
#define LIMIT ((uint64_t)1 << 63)

struct unit {
	const char *name;
	uint64_t nsec;
};

static const char not_a_span[] =
    "not a duration like 90s, 1h30m, 1d or PT1H30M";
static const char too_long[] = "longer than 292 years";

/* The number before a unit, still as text. */
struct number {
	const char *whole, *fraction;
	size_t whole_len, fraction_len;
};

static bool
parse_number(const char **p, const char *points, struct number *n)
{
	n->whole = *p;
	while (isdigit((unsigned char)**p))
		(*p)++;
	n->whole_len = (size_t)(*p - n->whole);
	n->fraction = *p;
	n->fraction_len = 0;
	if (**p != '\0' && strchr(points, **p) != NULL) {
		n->fraction = ++*p;
		while (isdigit((unsigned char)**p))
			(*p)++;
		n->fraction_len = (size_t)(*p - n->fraction);
	}
	return n->whole_len + n->fraction_len > 0;
}

/* Adds number × unit, cut to nanoseconds; false beyond the limit. */
static bool
add(uint64_t *sum, const struct number *n, uint64_t unit)
{
	uint64_t value = 0, part = 0, digit;
	size_t i;

	for (i = 0; i < n->whole_len; i++) {
		digit = (uint64_t)(n->whole[i] - '0');
		if (value > (LIMIT - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > LIMIT / unit)
		return false;
	value *= unit;
	/* From the last digit on, so that what is cut off is exact. */
	for (i = n->fraction_len; i-- > 0;) {
		digit = (uint64_t)(n->fraction[i] - '0');
		part = (digit * unit + part) / 10;
	}
	if (value > LIMIT - part || value + part > LIMIT - *sum)
		return false;
	*sum += value + part;
	return true;
}

static const char *
parse_go(const char *p, uint64_t *sum)
{
	static const struct unit units[] = {
		/* Longer names before those that begin them. */
		{ "ns", 1 },
		{ "us", 1000 },
		{ "\302\265s", 1000 },
		{ "\316\274s", 1000 },
		{ "ms", 1000000 },
		{ "s", SECOND },
		{ "m", 60 * SECOND },
		{ "h", 3600 * SECOND },
		{ "d", 86400 * SECOND },
	};
	struct number n;
	size_t i, len;

	do {
		if (!parse_number(&p, ".", &n))
			return not_a_span;
		if (*p == '\0')
			return "no unit (ns, us, ms, s, m, h or d)";
		for (i = 0; i < ARRAY_SIZE(units); i++) {
			len = strlen(units[i].name);
			if (strncmp(p, units[i].name, len) == 0)
				break;
		}
		if (i == ARRAY_SIZE(units))
			return "unknown unit (ns, us, ms, s, m, h or d)";
		p += len;
		if (!add(sum, &n, units[i].nsec))
			return too_long;
	} while (*p != '\0');
	return NULL;
}

/* Behind the `P`: each designator at most once, in order, one at least. */
static const char *
parse_iso(const char *p, uint64_t *sum)
{
	static const struct unit units[] = {
		{ "W", 7 * 86400 * SECOND },
		{ "D", 86400 * SECOND },
		{ "H", 3600 * SECOND },
		{ "M", 60 * SECOND },
		{ "S", SECOND },
	};
	const size_t date_end = 2;
	size_t i = 0, end = date_end;
	bool fraction = false;
	struct number n;

	do {
		if (*p == 'T' && end == date_end) {
			i = date_end;
			end = ARRAY_SIZE(units);
			p++;
		}
		/* Only the last number may have a fraction. */
		if (fraction || !parse_number(&p, ".,", &n) || n.whole_len == 0)
			return not_a_span;
		fraction = n.fraction != n.whole + n.whole_len;
		if (fraction && n.fraction_len == 0)
			return not_a_span;
		if (*p == 'Y' || (*p == 'M' && end == date_end))
			return "years and months vary in length: give days";
		while (i < end && units[i].name[0] != *p)
			i++;
		if (i == end)
			return not_a_span;
		if (!add(sum, &n, units[i++].nsec))
			return too_long;
		p++;
	} while (*p != '\0');
	return NULL;
}

bool
span_parse(const char *text, struct span *out, const char **why)
{
	bool negative = *text == '-';
	const char *p = text;
	uint64_t sum = 0;

	if (*p == '-' || *p == '+')
		p++;
	if (*p == 'P')
		*why = parse_iso(p + 1, &sum);
	else if (strcmp(p, "0") == 0)
		*why = NULL;
	else
		*why = parse_go(p, &sum);
	if (*why == NULL && sum == LIMIT && !negative)
		*why = too_long;
	if (*why != NULL)
		return false;
	out->sec = (int64_t)(sum / SECOND);
	out->nsec = (int32_t)(sum % SECOND);
	if (negative) {
		out->sec = -out->sec;
		out->nsec = -out->nsec;
	}
	return true;
}

/* `fraction` counts units of the last of so many decimal places. */
static void
add_decimal(struct strbuf *sb, uint64_t whole, uint32_t fraction, int places)
{
	strbuf_addf(sb, "%llu", (unsigned long long)whole);
	if (fraction == 0)
		return;
	strbuf_addf(sb, ".%0*lu", places, (unsigned long)fraction);
	while (sb->buf[sb->len - 1] == '0')
		strbuf_setlen(sb, sb->len - 1);
}

void
span_print(struct strbuf *sb, struct span d)
{
	bool negative = d.sec < 0 || d.nsec < 0;
	uint64_t sec = negative ? 0 - (uint64_t)d.sec : (uint64_t)d.sec;
	uint32_t nsec = (uint32_t)(negative ? -d.nsec : d.nsec);

	if (negative)
		strbuf_addch(sb, '-');
	if (sec == 0 && nsec != 0) {
		if (nsec < 1000) {
			strbuf_addf(sb, "%luns", (unsigned long)nsec);
		} else if (nsec < 1000000) {
			add_decimal(sb, nsec / 1000, nsec % 1000, 3);
			strbuf_addstr(sb, "\302\265s");
		} else {
			add_decimal(sb, nsec / 1000000, nsec % 1000000, 6);
			strbuf_addstr(sb, "ms");
		}
		return;
	}
	if (sec >= 3600)
		strbuf_addf(sb, "%lluh", (unsigned long long)(sec / 3600));
	if (sec >= 60)
		strbuf_addf(sb, "%llum",
		    (unsigned long long)(sec / 60 % 60));
	add_decimal(sb, sec % 60, nsec, 9);
	strbuf_addch(sb, 's');
}

int64_t
span_ms(struct span d)
{
	return d.sec * 1000 + d.nsec / 1000000;
}
