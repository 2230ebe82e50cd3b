/* Which instants are slots, and what their runs are called. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/schedule/slot.h"

#define FNV_OFFSET ((uint64_t)0xcbf29ce484222325)
#define FNV_PRIME ((uint64_t)0x100000001b3)

/* start + k rates, or the multiples of the rate since 1970. */
static int64_t
next_of_rate(const struct slots *slots, int64_t after)
{
	int64_t rate = slots->expression.every.sec;
	int64_t origin = slots->has_start ? slots->start : 0;

	return origin + (floor_div(after - origin, rate) + 1) * rate;
}

bool
slots_next(const struct slots *slots, int64_t after, int64_t *t)
{
	if (slots->has_start && after < slots->start)
		after = slots->start - 1;
	if (after < SLOT_FIRST)
		after = SLOT_FIRST - 1;
	if (after >= SLOT_LAST)
		return false;
	if (slots->expression.dialect == DIALECT_EVERY)
		*t = next_of_rate(slots, after);
	else if (!cron_next(&slots->expression.cron, slots->zone, slots->rule,
	    after, t))
		return false;
	return *t <= SLOT_LAST && (!slots->has_end || *t < slots->end);
}

bool
slots_last(const struct slots *slots, int64_t after, int64_t until,
    int64_t *t)
{
	int64_t middle, next, high = until;

	if (!slots_next(slots, after, t) || *t > until)
		return false;
	/* It is *t or lies behind it, and none lies in (high, until]. */
	while (*t < high) {
		middle = *t + (high - *t) / 2;
		if (slots_next(slots, middle, &next) && next <= until)
			*t = next;
		else
			high = middle;
	}
	return true;
}

bool
slots_any(const struct slots *slots)
{
	int64_t t;

	return slots_next(slots, INT64_MIN, &t);
}

static void
add_byte(uint64_t *hash, char c)
{
	*hash = *hash * FNV_PRIME ^ (unsigned char)c;
}

static void
add(uint64_t *hash, const char *text)
{
	for (; *text != '\0'; text++)
		add_byte(hash, *text);
}

void
slot_run_id(char id[SLOT_ID_LEN + 1], const char *scope,
    const char *schedule, const char *version, int64_t t, int attempt)
{
	uint64_t hash = FNV_OFFSET;
	char seconds[24];
	int i;

	snprintf(seconds, sizeof(seconds), "%lld", (long long)t);
	add(&hash, scope);
	add_byte(&hash, ':');
	add(&hash, schedule);
	add_byte(&hash, ':');
	add(&hash, version);
	add_byte(&hash, ':');
	add(&hash, seconds);
	id[0] = 'f';
	for (i = 0; i < 8; i++)
		snprintf(id + 1 + 2 * i, 3, "%02x",
		    (unsigned)(hash >> 8 * i & 0xff));
	snprintf(id + 17, 4, "%03x", (unsigned)attempt & 0xfff);
}

int
slot_run_attempt(const char *id)
{
	if (id[0] != 'f' || strlen(id) != SLOT_ID_LEN ||
	    strspn(id, "0123456789abcdef") != SLOT_ID_LEN)
		return -1;
	return (int)strtol(id + SLOT_ID_LEN - 3, NULL, 16);
}
