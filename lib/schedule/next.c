/*
 * A zone is a row of stretches, in each of which its clock runs evenly; within
 * one the question is wall.h's. All is counted in whole minutes of UTC: a
 * change within a minute counts from the next one, and offsets with seconds
 * (there are some before 1972) show the minute that the clock is in.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/next.h"
#include "lib/schedule/robfig.h"
#include "lib/schedule/wall.h"
#include "lib/schedule/zone.h"

enum { DAY = 24 * 60 };

#define ALL_HOURS ((uint64_t)0xffffff)

/*
 * No two offsets are further apart than this, in minutes: 26 hours either way.
 * What a clock shows now it showed no longer ago, and not beyond that again.
 */
enum { REACH = 53 * 60 };

/* From <= t < until: INT64_MIN, INT64_MAX are for ever. */
struct stretch {
	int64_t from, until, offset;
};

/* The first whole minute that is not before `sec`. */
static int64_t
minute_up(int64_t sec)
{
	if (sec == INT64_MIN || sec == INT64_MAX)
		return sec;
	return floor_div(sec, 60) + (sec % 60 != 0);
}

static void
stretch_at(const struct zone *zone, int64_t minute, struct stretch *s)
{
	struct zone_span span;

	zone_at(zone, minute * 60, &span);
	s->from = minute_up(span.from);
	s->until = minute_up(span.until);
	s->offset = floor_div(span.offset, 60);
}

/* What the change at the beginning of `s` left out on the wall clock. */
static bool
gap_before(const struct zone *zone, const struct stretch *s, int64_t *begin,
    int64_t *end)
{
	struct stretch before;

	if (s->from == INT64_MIN)
		return false;
	stretch_at(zone, s->from - 1, &before);
	*begin = s->from + before.offset;
	*end = s->from + s->offset;
	return *begin < *end;
}

/* Whether a time within that gap matches, and the first that does. */
static bool
gap_matches(const struct cron *cron, const struct zone *zone,
    const struct stretch *s, int64_t *wall)
{
	int64_t begin, end;

	return gap_before(zone, s, &begin, &end) &&
	    wall_next(cron, begin, wall) && *wall < end;
}

/*
 * Until when on the wall clock it shows again, in `s`, what it has shown
 * before; `wall` itself if it shows that for the first time.
 */
static int64_t
shown_until(const struct zone *zone, const struct stretch *s, int64_t wall)
{
	struct stretch earlier = *s;
	int64_t oldest = wall - s->offset - REACH;

	while (earlier.from != INT64_MIN && earlier.from > oldest) {
		stretch_at(zone, earlier.from - 1, &earlier);
		if ((earlier.from == INT64_MIN ||
		    wall >= earlier.from + earlier.offset) &&
		    wall < earlier.until + earlier.offset)
			return earlier.until + earlier.offset;
	}
	return wall;
}

/* The first matching time from `minute` on, as the clock shows it in `s`. */
static bool
next_shown(const struct cron *cron, const struct zone *zone,
    const struct stretch *s, int64_t minute, int64_t *wall)
{
	int64_t from = minute + s->offset, until;

	while (wall_next(cron, from, wall)) {
		if (cron->wild[CRON_HOUR])
			return true;
		until = shown_until(zone, s, *wall);
		if (until == *wall)
			return true;
		from = until;
	}
	return false;
}

static bool
next_once(const struct cron *cron, const struct zone *zone, int64_t minute,
    int64_t *found)
{
	struct stretch s;
	int64_t wall;

	for (;;) {
		stretch_at(zone, minute, &s);
		if (minute == s.from && !cron->wild[CRON_HOUR] &&
		    gap_matches(cron, zone, &s, &wall)) {
			*found = minute;
			return true;
		}
		if (!next_shown(cron, zone, &s, minute, &wall))
			return false;
		*found = wall - s.offset;
		if (*found < s.until)
			return true;
		/*
		 * No clock gets to `wall` sooner than REACH before, and none
		 * goes back to before `minute` that late.
		 */
		minute = s.until - minute > REACH &&
		    *found - REACH > s.until ? *found - REACH : s.until;
	}
}

bool
cron_fires(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t t)
{
	int64_t minute = floor_div(t, 60), wall, lost;
	struct stretch s;

	if (t % 60 != 0)
		return false;
	stretch_at(zone, minute, &s);
	wall = minute + s.offset;
	if (rule == DST_ROBFIG || cron->wild[CRON_HOUR])
		return wall_matches(cron, wall);
	return (wall_matches(cron, wall) &&
	    shown_until(zone, &s, wall) == wall) || (minute == s.from &&
	    gap_matches(cron, zone, &s, &lost));
}

bool
cron_next(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t after, int64_t *t)
{
	int64_t minute = floor_div(after, 60) + 1, found;

	if (minute < WALL_FIRST)
		after = (minute = WALL_FIRST) * 60 - 1;
	if (minute > WALL_LAST)
		return false;
	if (rule == DST_ROBFIG && zone_changes(zone))
		return robfig_next(cron, zone, after, t);
	if (!next_once(cron, zone, minute, &found))
		return false;
	*t = found * 60;
	return true;
}

static bool
same_day(int64_t a, int64_t b)
{
	return floor_div(a, DAY) == floor_div(b, DAY);
}

/* `02:30`, with its date if that is another than that of `now`. */
static void
print_wall(struct strbuf *sb, int64_t wall, int64_t now)
{
	struct civil c;

	civil_from_seconds(wall * 60, &c);
	if (!same_day(wall, now))
		strbuf_addf(sb, "%04d-%02d-%02d ", (int)c.year, c.month,
		    c.day);
	strbuf_addf(sb, "%02d:%02d", c.hour, c.minute);
}

/* It fires at the first minute after a gap: what for. */
static void
note_gap(const struct cron *cron, const struct zone *zone,
    const struct stretch *s, struct strbuf *note)
{
	int64_t begin, end, wall, last, now = s->from + s->offset;
	bool also = wall_matches(cron, now);

	strbuf_addstr(note, also ? "also for " : "moved: ");
	if (!gap_before(zone, s, &begin, &end) ||
	    !wall_next(cron, begin, &wall))
		BUG("no gap before %lld", (long long)s->from);
	print_wall(note, wall, now);
	begin = last = wall;
	while (wall_next(cron, last + 1, &wall) && wall < end)
		last = wall;
	if (last != begin) {
		strbuf_addstr(note, " to ");
		print_wall(note, last, now);
	}
	strbuf_addf(note, "%s do%s not exist%s", also ? ", which" : "",
	    last == begin ? "es" : "",
	    same_day(last, now) ? " on this day" : "");
}

/* Whether the clock will show once more what it shows now. */
static bool
shown_again(const struct zone *zone, const struct stretch *s, int64_t wall)
{
	struct stretch later = *s;
	int64_t latest = wall - s->offset + REACH;

	while (later.until != INT64_MAX && later.until < latest) {
		stretch_at(zone, later.until, &later);
		if (wall >= later.from + later.offset &&
		    (later.until == INT64_MAX ||
		    wall < later.until + later.offset))
			return true;
	}
	return false;
}

bool
cron_note(const struct cron *cron, const struct zone *zone,
    enum dst_rule rule, int64_t t, struct strbuf *note)
{
	bool once = rule == DST_ONCE && !cron->wild[CRON_HOUR];
	int64_t minute = floor_div(t, 60), wall, lost;
	struct stretch s;
	bool second;

	stretch_at(zone, minute, &s);
	wall = minute + s.offset;
	if (once && minute == s.from && gap_matches(cron, zone, &s, &lost)) {
		note_gap(cron, zone, &s, note);
		return true;
	}
	second = shown_until(zone, &s, wall) != wall;
	/* Nobody wonders that each hour has its run. */
	if ((!once && cron->bits[CRON_HOUR] == ALL_HOURS) ||
	    (!second && !shown_again(zone, &s, wall)))
		return false;
	print_wall(note, wall, wall);
	strbuf_addf(note, " comes twice on this day: %s", once ?
	    "fires the first time" : second ? "this is the second" :
	    "this is the first");
	return true;
}
