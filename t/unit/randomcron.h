/*
 * Random cron expressions, the very ones that t/oracle/main.go makes: all that
 * both draw comes from one sequence, in the same order.
 */
#ifndef UNIT_RANDOMCRON_H
#define UNIT_RANDOMCRON_H

#include "lib/base/compat.h"
#include "lib/base/strbuf.h"

/* splitmix64 */
struct random {
	uint64_t state;
};

static inline uint64_t
random_next(struct random *r)
{
	uint64_t z;

	r->state += 0x9e3779b97f4a7c15;
	z = r->state;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline int
random_below(struct random *r, int n)
{
	return (int)(random_next(r) % (uint64_t)n);
}

static inline int
random_between(struct random *r, int min, int max)
{
	return min + random_below(r, max - min + 1);
}

struct random_field {
	int min, max;
	const char *const *names;
};

static inline void
random_value(struct random *r, const struct random_field *f, int n,
    struct strbuf *sb)
{
	if (f->names != NULL && random_below(r, 3) == 0)
		strbuf_addstr(sb, f->names[n - f->min]);
	else
		strbuf_addf(sb, "%d", n);
}

static inline void
random_any(struct random *r, const struct random_field *f, struct strbuf *sb)
{
	int n = random_between(r, f->min, f->max);

	random_value(r, f, n, sb);
}

static inline void
random_range(struct random *r, const struct random_field *f,
    struct strbuf *sb)
{
	int low = random_between(r, f->min, f->max);
	int high = random_between(r, low, f->max);

	random_value(r, f, low, sb);
	strbuf_addch(sb, '-');
	random_value(r, f, high, sb);
}

static inline void
random_item(struct random *r, const struct random_field *f, struct strbuf *sb)
{
	if (random_below(r, 3) == 0)
		random_range(r, f, sb);
	else
		random_any(r, f, sb);
}

static inline void
random_field(struct random *r, const struct random_field *f,
    struct strbuf *sb)
{
	int n, kind = random_below(r, 12);

	if (kind == 4 || kind == 5 || kind == 9)
		random_any(r, f, sb);
	else if (kind == 6 || kind == 8)
		random_range(r, f, sb);
	else if (kind == 10)
		random_item(r, f, sb);
	else
		strbuf_addch(sb, kind == 11 ? '?' : '*');
	if (kind == 7 || kind == 8 || kind == 9)
		strbuf_addf(sb, "/%d", random_between(r, 1, f->max));
	if (kind != 10)
		return;
	for (n = random_between(r, 1, 3); n > 0; n--) {
		strbuf_addch(sb, ',');
		random_item(r, f, sb);
	}
}

/* Replaces what the buffer holds. */
static inline void
random_expression(struct random *r, struct strbuf *sb)
{
	static const char *const months[] = { "jan", "feb", "mar", "apr",
		"may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };
	static const char *const days[] = { "SUN", "MON", "TUE", "WED", "THU",
		"FRI", "SAT" };
	static const struct random_field fields[] = { { 0, 59, NULL },
		{ 0, 23, NULL }, { 1, 31, NULL }, { 1, 12, months },
		{ 0, 6, days } };
	static const char *const descriptors[] = { "@hourly", "@daily",
		"@midnight", "@weekly", "@monthly", "@yearly", "@annually" };
	size_t i;

	strbuf_reset(sb);
	if (random_below(r, 40) == 0) {
		strbuf_addstr(sb, descriptors[random_below(r,
		    (int)ARRAY_SIZE(descriptors))]);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (i > 0)
			strbuf_addch(sb, ' ');
		random_field(r, &fields[i], sb);
	}
}

#endif
