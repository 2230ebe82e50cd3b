/*
 * lib/schedule's answers to the questions of t/oracle/main.go, in its format:
 * `oracle [-v] utc`, `oracle [-v] zones ZONE...`.
 */
#include "lib/base/compat.h"

#include "lib/schedule/next.h"
#include "lib/schedule/zone.h"
#include "t/unit/randomcron.h"

#define UTC_FIRST ((int64_t)946684800)		/* 2000-01-01 */
#define UTC_LAST ((int64_t)3786912000)		/* 2090-01-01 */
#define ZONE_FIRST ((int64_t)1104537600)	/* 2005-01-01 */
#define ZONE_LAST ((int64_t)2240524800)		/* 2041-01-01 */
#define FNV_OFFSET ((uint64_t)0xcbf29ce484222325)
#define FNV_PRIME ((uint64_t)0x100000001b3)

enum { UTC_BLOCKS = 100, ZONE_BLOCKS = 10, UTC_EXPRESSIONS = 200,
	ZONE_EXPRESSIONS = 20, INSTANTS = 8, CHAIN = 3, SEED = 20260101,
	NEAR = 36 * 3600 };

struct oracle {
	bool verbose, utc;
	uint64_t hash;
	struct random r;
	struct strbuf expression;
	struct cron cron;
	const struct zone *zone;
};

static void
answer(struct oracle *o, int64_t after)
{
	char text[24];
	const char *p;
	int64_t t;
	bool found;
	int i;

	for (i = 0; i < CHAIN; i++) {
		found = cron_next(&o->cron, o->zone, DST_ROBFIG, after, &t);
		if (found)
			snprintf(text, sizeof(text), "%lld", (long long)t);
		else
			snprintf(text, sizeof(text), "never");
		if (o->verbose)
			printf("%s | %lld | %s\n", o->expression.buf,
			    (long long)after, text);
		for (p = text; *p != '\0'; p++)
			o->hash = (o->hash ^ (unsigned char)*p) * FNV_PRIME;
		if (!found)
			return;
		after = t;
	}
}

static int32_t
offset_at(const struct zone *zone, int64_t t)
{
	struct zone_span span;

	zone_at(zone, t, &span);
	return span.offset;
}

/* About the next change of the offset, where there is one within a year. */
static int64_t
near(struct oracle *o, int64_t t)
{
	int back = random_below(&o->r, NEAR), day;
	int32_t offset = offset_at(o->zone, t);
	int64_t later;

	for (day = 1; day < 366; day++) {
		later = t + (int64_t)day * 86400;
		if (offset_at(o->zone, later) != offset)
			return later - back;
	}
	return t;
}

static bool
block(struct oracle *o, const char *name, int number)
{
	int i, j, n = o->utc ? UTC_EXPRESSIONS : ZONE_EXPRESSIONS;
	int64_t first = o->utc ? UTC_FIRST : ZONE_FIRST, t;
	int64_t length = (o->utc ? UTC_LAST : ZONE_LAST) - first;
	struct cron_error err;

	o->hash = FNV_OFFSET;
	for (i = 0; i < n; i++) {
		random_expression(&o->r, &o->expression);
		if (!cron_parse(o->expression.buf, &o->cron, &err)) {
			fprintf(stderr, "%s: %s\n", o->expression.buf,
			    err.message);
			return false;
		}
		for (j = 0; j < INSTANTS; j++) {
			t = first + (int64_t)(random_next(&o->r) %
			    (uint64_t)length);
			answer(o, t);
			if (!o->utc)
				answer(o, near(o, t));
		}
	}
	if (!o->verbose)
		printf("%s %d %016llx\n", name, number,
		    (unsigned long long)o->hash);
	return true;
}

static bool
all(struct oracle *o, const char *name, const char *shown)
{
	int i, n = o->utc ? UTC_BLOCKS : ZONE_BLOCKS;
	const char *why;

	o->zone = zone_find(name, &why);
	if (o->zone == NULL) {
		fprintf(stderr, "'%s' %s\n", name, why);
		return false;
	}
	for (i = 0; i < n; i++)
		if (!block(o, shown, i))
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	struct oracle o = { .r = { SEED }, .expression = STRBUF_INIT };
	bool fine = true;
	int i = 1;

	o.verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	i += o.verbose;
	o.utc = i < argc && strcmp(argv[i], "utc") == 0;
	if (o.utc)
		fine = all(&o, "UTC", "utc");
	else
		for (i++; i < argc && fine; i++)
			fine = all(&o, argv[i], argv[i]);
	strbuf_release(&o.expression);
	return !fine;
}
