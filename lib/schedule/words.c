/*
 * Says what sets of bits mean, as somebody would say it who has the schedule in
 * mind and not the fields: times of the day first, then days, then months.
 */
#include "lib/base/compat.h"

#include "lib/base/span.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/cron.h"
#include "lib/schedule/words.h"

enum { MINUTES = 60, HOURS = 24, TIMES_MAX = 6 };

#define ALL_MINUTES ((uint64_t)0xfffffffffffffff)
#define ALL_HOURS ((uint64_t)0xffffff)
#define ALL_DAYS ((uint64_t)0xfffffffe)
#define ALL_MONTHS ((uint64_t)0x1ffe)
#define ALL_WEEKDAYS ((uint64_t)0x7f)

static const char *const months[] = { "", "January", "February", "March",
	"April", "May", "June", "July", "August", "September", "October",
	"November", "December" };
/* From Monday: a week is spoken of so. */
static const char *const weekdays[] = { "Monday", "Tuesday", "Wednesday",
	"Thursday", "Friday", "Saturday", "Sunday" };

/* A set of numbers by what it looks like. */
struct shape {
	int first, last, n;
	int step;		/* between all of them; 0: it varies */
};

static bool
has(uint64_t bits, int i)
{
	return i < 64 && (bits >> i & 1) != 0;
}

static struct shape
look(uint64_t bits)
{
	struct shape s = { -1, -1, 0, 0 };
	bool even = true;
	int i;

	for (i = 0; i < 64; i++) {
		if (!has(bits, i))
			continue;
		if (s.n++ == 0)
			s.first = i;
		else if (s.n == 2)
			s.step = i - s.last;
		else if (i - s.last != s.step)
			even = false;
		s.last = i;
	}
	if (!even)
		s.step = 0;
	return s;
}

/* Whether it is N/STEP over the whole of a range that the step divides. */
static bool
goes_round(const struct shape *s, int size)
{
	return s->n > 2 && s->step > 0 && size % s->step == 0 &&
	    s->n == size / s->step;
}

static void
add_number(struct strbuf *sb, int i, const char *const *names,
    const char *plural)
{
	if (names == NULL)
		strbuf_addf(sb, "%d", i);
	else
		strbuf_addf(sb, "%s%s", names[i], plural);
}

/* `1 to 5, 7 and 9`, of `n` pieces at all. */
static int
add_pieces(struct strbuf *sb, uint64_t bits, const char *const *names,
    const char *plural, int n)
{
	int i, end, done = 0;

	for (i = 0; i < 64; i = end + 1) {
		end = i;
		if (!has(bits, i))
			continue;
		while (has(bits, end + 1))
			end++;
		if (end < i + 2)
			end = i;
		if (sb != NULL) {
			if (done > 0)
				strbuf_addstr(sb, done + 1 == n ? " and " :
				    ", ");
			add_number(sb, i, names, plural);
			if (end > i) {
				strbuf_addstr(sb, " to ");
				add_number(sb, end, names, plural);
			}
		}
		done++;
	}
	return done;
}

static void
add_set(struct strbuf *sb, uint64_t bits, const char *const *names,
    const char *plural)
{
	int n = add_pieces(NULL, bits, names, plural, 0);

	add_pieces(sb, bits, names, plural, n);
}

/* `at 09:00, 12:00 and 18:30`. */
static void
add_times(struct strbuf *sb, const struct cron *cron, int n)
{
	int hour, minute, done = 0;

	for (hour = 0; hour < HOURS; hour++)
		for (minute = 0; minute < MINUTES; minute++) {
			if (!has(cron->bits[CRON_HOUR], hour) ||
			    !has(cron->bits[CRON_MINUTE], minute))
				continue;
			strbuf_addf(sb, "%s%02d:%02d", done == 0 ? "at " :
			    done + 1 == n ? " and " : ", ", hour, minute);
			done++;
		}
}

static void
add_window(struct strbuf *sb, const struct shape *h, const struct shape *m)
{
	strbuf_addf(sb, " from %02d:%02d to %02d:%02d", h->first, m->first,
	    h->last, m->last);
}

/* The minutes alone: `every 15 minutes`, `at minutes 5 and 35`. */
static void
add_minutes(struct strbuf *sb, uint64_t bits, const struct shape *m)
{
	if (bits == ALL_MINUTES)
		strbuf_addstr(sb, "every minute");
	else if (goes_round(m, MINUTES) && m->first == 0)
		strbuf_addf(sb, "every %d minutes", m->step);
	else {
		strbuf_addstr(sb, m->n == 1 ? "at minute " : "at minutes ");
		add_set(sb, bits, NULL, "");
	}
}

/* True if the days are to be told even when they are all of them. */
static bool
add_time(struct strbuf *sb, const struct cron *cron)
{
	uint64_t minutes = cron->bits[CRON_MINUTE];
	uint64_t hours = cron->bits[CRON_HOUR];
	struct shape m = look(minutes), h = look(hours);
	bool round = minutes == ALL_MINUTES || goes_round(&m, MINUTES);

	if (hours == ALL_HOURS && m.n == 1) {
		strbuf_addstr(sb, "every hour");
		if (m.first != 0)
			strbuf_addf(sb, ", at minute %d", m.first);
	} else if (hours == ALL_HOURS) {
		add_minutes(sb, minutes, &m);
		if (!round || m.first != 0)
			strbuf_addstr(sb, " of every hour");
	} else if (round && (h.n == 1 || h.step == 1)) {
		strbuf_addf(sb, m.step == 1 ? "every minute" :
		    "every %d minutes", m.step);
		add_window(sb, &h, &m);
	} else if (m.n == 1 && goes_round(&h, HOURS)) {
		strbuf_addf(sb, "every %d hours", h.step);
		if (h.first != 0 || m.first != 0)
			strbuf_addf(sb, " from %02d:%02d", h.first, m.first);
	} else if (m.n == 1 && h.n > 2 && h.step == 1) {
		strbuf_addstr(sb, "every hour");
		add_window(sb, &h, &m);
	} else if (m.n * h.n <= TIMES_MAX) {
		add_times(sb, cron, m.n * h.n);
		return true;
	} else {
		add_minutes(sb, minutes, &m);
		strbuf_addstr(sb, h.n == 1 ? " of the hour " :
		    " of the hours ");
		add_set(sb, hours, NULL, "");
	}
	return false;
}

static void
add_weekdays(struct strbuf *sb, uint64_t bits, bool either)
{
	struct shape s;

	bits = (bits >> 1 | bits << 6) & ALL_WEEKDAYS;
	s = look(bits);
	if (s.n > 2 && s.step == 1) {
		strbuf_addstr(sb, either ? "on each day from " : "");
		add_set(sb, bits, weekdays, "");
	} else {
		strbuf_addstr(sb, either ? "on every " : "on ");
		add_set(sb, bits, weekdays, either ? "" : "s");
	}
}

/* `on 29 February`, or the days of whatever months there are. */
static bool
add_dates(struct strbuf *sb, uint64_t days, uint64_t in)
{
	struct shape d = look(days), m = look(in);

	if (d.n == 1 && m.n == 1) {
		strbuf_addf(sb, "on %d %s", d.first, months[m.first]);
		return true;
	}
	if (d.n > 3 && d.step > 1 && d.last + d.step > 31) {
		strbuf_addf(sb, d.step == 2 ? "on every second day" :
		    d.step == 3 ? "on every third day" : "on every %dth day",
		    d.step);
		strbuf_addf(sb, " of the month from day %d", d.first);
		return false;
	}
	strbuf_addstr(sb, d.n == 1 ? "on day " : "on days ");
	add_set(sb, days, NULL, "");
	strbuf_addstr(sb, " of the month");
	return false;
}

/* Which days: a star of one field leaves them to the other. */
enum days { DAYS_ALL, DAYS_DATES, DAYS_WEEK, DAYS_EITHER };

static enum days
days_of(const struct cron *cron)
{
	bool dates = cron->bits[CRON_DAY] != ALL_DAYS;
	bool week = cron->bits[CRON_WEEKDAY] != ALL_WEEKDAYS;

	if (cron->star[CRON_DAY] || cron->star[CRON_WEEKDAY])
		return dates ? DAYS_DATES : week ? DAYS_WEEK : DAYS_ALL;
	return dates && week ? DAYS_EITHER : DAYS_ALL;
}

void
words_print(struct strbuf *sb, const struct cron *cron)
{
	bool tell = add_time(sb, cron), told = false;
	uint64_t in = cron->bits[CRON_MONTH];
	enum days days = days_of(cron);

	if (days != DAYS_ALL || tell)
		strbuf_addstr(sb, ", ");
	if (days == DAYS_ALL && tell)
		strbuf_addstr(sb, "every day");
	if (days == DAYS_DATES)
		told = add_dates(sb, cron->bits[CRON_DAY], in);
	if (days == DAYS_EITHER) {
		add_dates(sb, cron->bits[CRON_DAY], ALL_MONTHS);
		strbuf_addstr(sb, " and ");
	}
	if (days == DAYS_WEEK || days == DAYS_EITHER)
		add_weekdays(sb, cron->bits[CRON_WEEKDAY],
		    days == DAYS_EITHER);
	if (in == ALL_MONTHS || told)
		return;
	strbuf_addstr(sb, ", in ");
	add_set(sb, in, months, "");
}

void
words_unix(struct strbuf *sb, const struct cron *cron)
{
	static const enum cron_field days[] = { CRON_DAY, CRON_WEEKDAY };
	struct cron same = *cron;
	bool either = !cron->star[CRON_DAY] && !cron->star[CRON_WEEKDAY];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(days); i++)
		if (same.star[days[i]])
			same.wild[days[i]] = true;
		else if (either)
			same.wild[days[i]] = false;
	cron_print(sb, &same);
}

/* As AWS documents fields: `*`, FIRST/STEP to the end, else a list. */
static void
add_aws(struct strbuf *sb, uint64_t bits, uint64_t all, int max)
{
	struct shape s = look(bits);
	const char *comma = "";
	int i, end;

	if (bits == all) {
		strbuf_addch(sb, '*');
		return;
	}
	if (s.n > 2 && s.step > 1 && s.last + s.step > max) {
		strbuf_addf(sb, "%d/%d", s.first, s.step);
		return;
	}
	for (i = 0; i <= max; i = end + 1) {
		end = i;
		if (!has(bits, i))
			continue;
		while (has(bits, end + 1))
			end++;
		if (end < i + 2)
			end = i;
		strbuf_addf(sb, end > i ? "%s%d-%d" : "%s%d", comma, i, end);
		comma = ",";
	}
}

bool
words_aws(struct strbuf *sb, const struct cron *cron)
{
	enum days days = days_of(cron);

	if (days == DAYS_EITHER)
		return false;
	strbuf_addstr(sb, "cron(");
	add_aws(sb, cron->bits[CRON_MINUTE], ALL_MINUTES, 59);
	strbuf_addch(sb, ' ');
	add_aws(sb, cron->bits[CRON_HOUR], ALL_HOURS, 23);
	strbuf_addch(sb, ' ');
	if (days == DAYS_WEEK)
		strbuf_addch(sb, '?');
	else
		add_aws(sb, days == DAYS_ALL ? ALL_DAYS :
		    cron->bits[CRON_DAY], ALL_DAYS, 31);
	strbuf_addch(sb, ' ');
	add_aws(sb, cron->bits[CRON_MONTH], ALL_MONTHS, 12);
	strbuf_addch(sb, ' ');
	if (days == DAYS_WEEK)
		add_aws(sb, cron->bits[CRON_WEEKDAY] << 1, 0, 7);
	else
		strbuf_addch(sb, '?');
	strbuf_addstr(sb, " *)");
	return true;
}

bool
words_rate(const struct span *rate, struct cron *cron)
{
	struct cron_error err;
	char text[32];
	int64_t minutes = rate->sec / 60;

	if (rate->nsec != 0 || rate->sec % 60 != 0)
		return false;
	if (minutes == 1 || minutes == 60)
		snprintf(text, sizeof(text), minutes == 1 ? "* * * * *" :
		    "0 * * * *");
	else if (minutes < 60 && 60 % minutes == 0)
		snprintf(text, sizeof(text), "*/%d * * * *", (int)minutes);
	else if (minutes % 60 == 0 && minutes < 24 * 60 &&
	    24 * 60 % minutes == 0)
		snprintf(text, sizeof(text), "0 */%d * * *",
		    (int)(minutes / 60));
	else if (minutes == 24 * 60)
		snprintf(text, sizeof(text), "0 0 * * *");
	else if (minutes == 7 * 24 * 60)
		/* 1970 began on a Thursday. */
		snprintf(text, sizeof(text), "0 0 * * 4");
	else
		return false;
	return cron_parse(text, cron, &err);
}
