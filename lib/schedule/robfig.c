/*
 * Far from any change of the clock it is wall.h's question. Near one, robfig's
 * spec.go step by step, with Go's time.Date and AddDate: they decide what
 * becomes of a midnight or an hour that does not exist.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/schedule/cron.h"
#include "lib/schedule/robfig.h"
#include "lib/schedule/wall.h"
#include "lib/schedule/zone.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* Go's time.Time: an instant and what the zone's clock shows at it. */
struct moment {
	const struct zone *zone;
	int64_t t;
	struct civil c;
	bool stuck;
};

static int32_t
offset_at(const struct zone *zone, int64_t t)
{
	struct zone_span span;

	zone_at(zone, t, &span);
	return span.offset;
}

static void
set(struct moment *m, int64_t t)
{
	m->t = t;
	civil_from_seconds(t + offset_at(m->zone, t), &m->c);
}

/* time.Date: a time that does not exist becomes one beside the gap. */
static void
set_date(struct moment *m, const struct civil *c)
{
	int64_t wall = civil_to_seconds(c);
	int32_t offset = offset_at(m->zone, wall);

	if (offset != 0)
		offset = offset_at(m->zone, wall - offset);
	set(m, wall - offset);
}

static void
add_month(struct moment *m)
{
	struct civil c = m->c;

	if (++c.month > 12) {
		c.month = 1;
		c.year++;
	}
	/* The day is the first, or where that has no midnight the last one of
	 * the month before: time.Date takes 31 April for 1 May. */
	set_date(m, &c);
}

static void
add_day(struct moment *m)
{
	struct civil c = m->c;

	c.day++;
	set_date(m, &c);
}

/* Back to the beginning of what is counted on, at the first time only. */
static void
truncate_to(struct moment *m, enum cron_field field, bool *added)
{
	struct civil c = m->c;

	if (*added)
		return;
	*added = true;
	c.second = c.minute = 0;
	if (field != CRON_HOUR)
		c.hour = 0;
	if (field == CRON_MONTH)
		c.day = 1;
	set_date(m, &c);
}

static bool
has(uint64_t bits, int i)
{
	return (bits >> i & 1) != 0;
}

static bool
day_matches(const struct cron *cron, const struct moment *m)
{
	bool day = has(cron->bits[CRON_DAY], m->c.day);
	bool weekday = has(cron->bits[CRON_WEEKDAY],
	    civil_weekday(m->t + offset_at(m->zone, m->t)));

	if (cron->star[CRON_DAY] || cron->star[CRON_WEEKDAY])
		return day && weekday;
	return day || weekday;
}

/* Each of these is false where a greater unit has begun: all over again. */
static bool
find_month(const struct cron *cron, struct moment *m, bool *added)
{
	while (!has(cron->bits[CRON_MONTH], m->c.month)) {
		truncate_to(m, CRON_MONTH, added);
		add_month(m);
		if (m->c.month == 1)
			return false;
	}
	return true;
}

static bool
find_day(const struct cron *cron, struct moment *m, bool *added)
{
	int64_t before;
	int hours;

	while (!day_matches(cron, m)) {
		truncate_to(m, CRON_DAY, added);
		before = m->t;
		add_day(m);
		hours = m->c.hour > 12 ? 24 - m->c.hour : -m->c.hour;
		if (hours != 0)
			set(m, m->t + hours * HOUR);
		/* Before a day that was skipped robfig goes round for ever. */
		m->stuck = m->t <= before;
		if (m->stuck || m->c.day == 1)
			return false;
	}
	return true;
}

static bool
find_hour(const struct cron *cron, struct moment *m, bool *added)
{
	while (!has(cron->bits[CRON_HOUR], m->c.hour)) {
		truncate_to(m, CRON_HOUR, added);
		set(m, m->t + HOUR);
		if (m->c.hour == 0)
			return false;
	}
	return true;
}

static bool
find_minute(const struct cron *cron, struct moment *m, bool *added)
{
	int64_t rest;

	while (!has(cron->bits[CRON_MINUTE], m->c.minute)) {
		rest = *added ? 0 : m->t % MINUTE;
		*added = true;
		set(m, m->t - (rest < 0 ? rest + MINUTE : rest) + MINUTE);
		if (m->c.minute == 0)
			return false;
	}
	return true;
}

static bool
find_second(struct moment *m, bool *added)
{
	if (m->c.second == 0)
		return true;
	*added = true;
	while (m->c.second != 0)
		set(m, m->t + 1);
	return false;
}

/* All of the way lies within one span, the first of the month included. */
static bool
next_in_span(const struct cron *cron, const struct zone *zone, int64_t after,
    int64_t *t)
{
	struct zone_span span;
	int64_t wall, shown;

	zone_at(zone, after, &span);
	shown = after + span.offset;
	if (span.offset % MINUTE != 0 ||
	    (span.from != INT64_MIN && after - span.from < 40 * DAY) ||
	    !wall_next(cron, shown / MINUTE - (shown % MINUTE < 0) + 1, &wall))
		return false;
	*t = wall * MINUTE - span.offset;
	return *t < span.until && span.until - *t > 2 * DAY;
}

bool
robfig_next(const struct cron *cron, const struct zone *zone, int64_t after,
    int64_t *t)
{
	struct moment m = { .zone = zone };
	bool added = false;
	int64_t limit;

	if (next_in_span(cron, zone, after, t))
		return true;
	set(&m, after + 1);
	/* robfig gives up after five years, which only 2096 would show. */
	limit = m.c.year + WALL_YEARS;
	while (!m.stuck && m.c.year <= limit)
		if (find_month(cron, &m, &added) &&
		    find_day(cron, &m, &added) &&
		    find_hour(cron, &m, &added) &&
		    find_minute(cron, &m, &added) && find_second(&m, &added)) {
			*t = m.t;
			return true;
		}
	return false;
}
