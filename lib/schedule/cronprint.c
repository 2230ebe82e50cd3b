/*
 * The printing half of cron.h. One set of bits has many spellings; this picks
 * one by the set and the two flags alone, so that expressions that mean the
 * same are printed the same.
 */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/cron.h"

static const struct {
	int min, max;
} range[CRON_FIELDS] = {
	[CRON_MINUTE] = { 0, 59 }, [CRON_HOUR] = { 0, 23 },
	[CRON_DAY] = { 1, 31 }, [CRON_MONTH] = { 1, 12 },
	[CRON_WEEKDAY] = { 0, 6 },
};

static bool
has(uint64_t bits, int i)
{
	return (bits >> i & 1) != 0;
}

/* The bits of min-max/step. */
static uint64_t
progression(int min, int max, int step)
{
	uint64_t bits = 0;
	int i;

	for (i = min; i <= max; i += step)
		bits |= (uint64_t)1 << i;
	return bits;
}

static int
lowest(uint64_t bits)
{
	int i = 0;

	while (!has(bits, i))
		i++;
	return i;
}

/*
 * The distance from one to the next in four or more evenly spaced values that
 * run to the end of the field or stop before it; 0 if that is not what the
 * set is. Fewer are easier to read as a list.
 */
static int
spacing(uint64_t bits, int max, int *last)
{
	int first = lowest(bits), step = 0, n = 0, i;

	*last = first;
	for (i = first; i <= max; i++) {
		if (!has(bits, i))
			continue;
		if (n == 1)
			step = i - first;
		else if (n > 1 && i - *last != step)
			return 0;
		*last = i;
		n++;
	}
	return n >= 4 && step > 1 ? step : 0;
}

static void
print_list(struct strbuf *sb, uint64_t bits, int max)
{
	const char *comma = "";
	int i, end;

	for (i = 0; i <= max; i = end + 1) {
		end = i;
		if (!has(bits, i))
			continue;
		while (end < max && has(bits, end + 1))
			end++;
		if (end < i + 2) {
			strbuf_addf(sb, "%s%d", comma, i);
			end = i;
		} else {
			strbuf_addf(sb, "%s%d-%d", comma, i, end);
		}
		comma = ",";
	}
}

static void
print_set(struct strbuf *sb, uint64_t bits, int max)
{
	int last, step = spacing(bits, max, &last);

	if (step == 0) {
		print_list(sb, bits, max);
		return;
	}
	if (last + step > max)
		last = max;
	strbuf_addf(sb, "%d-%d/%d", lowest(bits), last, step);
}

/*
 * A set that was begun with a `*` but is no star: the closest steps that lie
 * within it, and what they leave as a list.
 */
static void
print_wild(struct strbuf *sb, uint64_t bits, int min, int max)
{
	uint64_t steps;
	int step = 2;

	steps = progression(min, max, step);
	while ((steps & ~bits) != 0)
		steps = progression(min, max, ++step);
	strbuf_addf(sb, "*/%d", step);
	if (bits == steps)
		return;
	strbuf_addch(sb, ',');
	print_set(sb, bits & ~steps, max);
}

void
cron_print(struct strbuf *sb, const struct cron *cron)
{
	int i, min, max;

	for (i = 0; i < CRON_FIELDS; i++) {
		min = range[i].min;
		max = range[i].max;
		if ((cron->bits[i] & progression(min, max, 1)) == 0)
			BUG("cron field %d is empty", i);
		if (i > 0)
			strbuf_addch(sb, ' ');
		if (cron->star[i] && cron->wild[i])
			strbuf_addch(sb, '*');
		else if (cron->star[i])
			strbuf_addf(sb, "%d,*", min);
		else if (cron->wild[i] && has(cron->bits[i], min))
			print_wild(sb, cron->bits[i], min, max);
		else
			print_set(sb, cron->bits[i], max);
	}
}
