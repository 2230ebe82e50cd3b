/*
 * The decoder of TZif. The file is the system's, but TZDIR can name any: each
 * count and index is checked against the bytes that are there.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/schedule/tzif.h"
#include "lib/schedule/tzrule.h"

enum { HEADER = 44, TYPE = 6, OFFSET_MAX = 26 * 3600,
	FIRST_YEAR = 1900, CYCLE_YEARS = 400, LAST_YEAR = 9999 };

static const char damaged[] = "has a damaged file in the system's zoneinfo";

struct counts {
	size_t isut, isstd, leap, time, type, names;
};

/* One header's data block, its pieces found; `width` is that of its times. */
struct block {
	struct counts n;
	size_t width, size;
	const unsigned char *times, *indices, *types, *names;
};

static uint32_t
get32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static int64_t
get_time(const unsigned char *p, size_t width)
{
	if (width == 4)
		return (int32_t)get32(p);
	return (int64_t)((uint64_t)get32(p) << 32 | get32(p + 4));
}

static bool
read_block(const unsigned char *p, size_t len, size_t width, struct block *b)
{
	struct counts *n = &b->n;

	if (len < HEADER || memcmp(p, "TZif", 4) != 0)
		return false;
	n->isut = get32(p + 20);
	n->isstd = get32(p + 24);
	n->leap = get32(p + 28);
	n->time = get32(p + 32);
	n->type = get32(p + 36);
	n->names = get32(p + 40);
	/* None can be more than there are bytes: so the sum is no overflow. */
	if (n->isut > len || n->isstd > len || n->leap > len ||
	    n->time > len || n->type > len || n->names > len)
		return false;
	b->width = width;
	b->times = p + HEADER;
	b->indices = b->times + n->time * width;
	b->types = b->indices + n->time;
	b->names = b->types + n->type * TYPE;
	b->size = HEADER + n->time * (width + 1) + n->type * TYPE + n->names +
	    n->leap * (width + 4) + n->isstd + n->isut;
	return b->size <= len;
}

static void
add_change(struct tzif *tzif, int64_t from, int32_t offset, uint32_t name)
{
	const struct tzif_change *last;

	/* Of two at one instant the later one counts. */
	if (tzif->n > 0 && tzif->v[tzif->n - 1].from == from)
		tzif->n--;
	if (tzif->n > 0) {
		last = &tzif->v[tzif->n - 1];
		if (last->offset == offset && strcmp(tzif->names + last->name,
		    tzif->names + name) == 0)
			return;
	}
	ALLOC_GROW(tzif->v, tzif->n, tzif->cap);
	tzif->v[tzif->n].from = from;
	tzif->v[tzif->n].offset = offset;
	tzif->v[tzif->n++].name = name;
}

static bool
add_type(struct tzif *tzif, const struct block *b, int64_t from, size_t type)
{
	const unsigned char *p = b->types + type * TYPE;
	int32_t offset;

	if (type >= b->n.type)
		return false;
	offset = (int32_t)get32(p);
	if (offset < -OFFSET_MAX || offset > OFFSET_MAX || p[5] >= b->n.names)
		return false;
	add_change(tzif, from, offset, p[5]);
	return true;
}

/* The file's own transitions. */
static bool
add_transitions(struct tzif *tzif, const struct block *b)
{
	int64_t t, last = INT64_MIN;
	size_t i;

	if (!add_type(tzif, b, INT64_MIN, 0))
		return false;
	for (i = 0; i < b->n.time; i++) {
		t = get_time(b->times + i * b->width, b->width);
		if (t <= last || !add_type(tzif, b, t, b->indices[i]))
			return false;
		last = t;
	}
	return true;
}

static uint32_t
add_name(struct tzif *tzif, const char *name)
{
	size_t at = tzif->names_len, len = strlen(name) + 1;

	tzif->names = xreallocarray(tzif->names, at + len, 1);
	memcpy(tzif->names + at, name, len);
	tzif->names_len += len;
	return (uint32_t)at;
}

static int64_t
new_year(int64_t year)
{
	struct civil c = { .year = year, .month = 1, .day = 1 };

	return civil_to_seconds(&c);
}

/*
 * The rule's changes after `last`, year by year from the one before. The cycle
 * begins where 400 years earlier all is the rule's.
 */
static void
add_rule(struct tzif *tzif, const struct tzrule *rule, int64_t last)
{
	uint32_t winter = add_name(tzif, rule->standard.name);
	uint32_t summer = add_name(tzif, rule->daylight.name);
	int64_t year, first, begin, end;
	struct civil c;
	bool early;

	if (last < new_year(FIRST_YEAR))
		last = new_year(FIRST_YEAR);
	if (last > new_year(LAST_YEAR))
		return;
	civil_from_seconds(last, &c);
	first = c.year - 1;
	for (year = first; year < first + CYCLE_YEARS + 5; year++) {
		begin = tzrule_begin(rule, year);
		end = tzrule_end(rule, year);
		early = end < begin;
		if (early && end > last)
			add_change(tzif, last = end, rule->standard.offset,
			    winter);
		if (begin > last)
			add_change(tzif, last = begin, rule->daylight.offset,
			    summer);
		/* Where it ends as the next one begins, it is never off. */
		if (!early && end > last &&
		    end != tzrule_begin(rule, year + 1))
			add_change(tzif, last = end, rule->standard.offset,
			    winter);
	}
	if (tzif->v[tzif->n - 1].from > new_year(first + CYCLE_YEARS))
		tzif->repeats = new_year(first + CYCLE_YEARS + 4);
}

/* The line behind the second block; it may be empty. */
static bool
read_footer(struct tzif *tzif, const char *p, size_t len, int64_t last)
{
	struct tzrule rule;
	const char *end;

	if (len < 2 || p[0] != '\n')
		return false;
	p++;
	end = memchr(p, '\n', len - 1);
	if (end == NULL)
		return false;
	if (end == p)
		return true;
	if (!tzrule_parse(p, (size_t)(end - p), &rule))
		return false;
	if (rule.has_daylight)
		add_rule(tzif, &rule, last);
	return true;
}

bool
tzif_decode(const void *data, size_t len, struct tzif *tzif, const char **why)
{
	const unsigned char *p = data;
	struct block b;
	int64_t last;
	bool footer;

	memset(tzif, 0, sizeof(*tzif));
	tzif->repeats = INT64_MAX;
	*why = damaged;
	if (!read_block(p, len, 4, &b))
		return false;
	footer = p[4] >= '2';
	if (footer) {
		p += b.size;
		len -= b.size;
		if (!read_block(p, len, 8, &b))
			return false;
	}
	if (b.n.leap > 0) {
		*why = "counts leap seconds, which UTC here does not";
		return false;
	}
	if (b.n.names == 0 || b.names[b.n.names - 1] != '\0')
		return false;
	tzif->names = xmalloc(b.n.names);
	memcpy(tzif->names, b.names, b.n.names);
	tzif->names_len = b.n.names;
	if (!add_transitions(tzif, &b))
		return false;
	last = b.n.time == 0 ? INT64_MIN :
	    get_time(b.times + (b.n.time - 1) * b.width, b.width);
	return !footer || read_footer(tzif, (const char *)p + b.size,
	    len - b.size, last);
}

void
tzif_release(struct tzif *tzif)
{
	free(tzif->v);
	free(tzif->names);
	memset(tzif, 0, sizeof(*tzif));
}
