/*
 * cron EXPRESSION [ZONE]: nanoseconds for one next time, the best of many
 * rounds, going from one to the next between 2026 and 2090.
 */
#include "lib/base/compat.h"

#include "lib/schedule/next.h"
#include "lib/schedule/zone.h"

enum { ROUNDS = 51, CALLS = 20000 };

#define FIRST ((int64_t)1767225600)	/* 2026-01-01 */
#define LAST ((int64_t)3786912000)	/* 2090-01-01 */

static double
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int
main(int argc, char **argv)
{
	const char *why = "";
	const struct zone *zone = zone_find(argc > 2 ? argv[2] : "UTC", &why);
	struct cron_error err;
	struct cron cron;
	double best = 1e18, start, took;
	int64_t t = FIRST;
	int round, i;

	if (argc < 2 || zone == NULL || !cron_parse(argv[1], &cron, &err))
		return 2;
	for (round = 0; round < ROUNDS; round++) {
		start = now_ns();
		for (i = 0; i < CALLS; i++)
			if (!cron_next(&cron, zone, DST_ONCE, t, &t) ||
			    t > LAST)
				t = FIRST;
		took = (now_ns() - start) / CALLS;
		if (took < best)
			best = took;
	}
	printf("%.1f\n", best);
	return 0;
}
