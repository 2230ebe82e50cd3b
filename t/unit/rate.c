/*
 * Rates as cron expressions: every one of whole minutes up to eight days that
 * has an expression fires at its very slots, and those of the contract have
 * one.
 */
#include "lib/base/compat.h"

#include "lib/schedule/rate.h"
#include "lib/schedule/robfig.h"
#include "lib/schedule/slot.h"
#include "lib/schedule/zone.h"
#include "t/unit/tap.h"

/* The first two weeks from an odd instant: longer than any rate's period. */
static bool
fires_alike(const char *text, int64_t rate, const struct zone *utc)
{
	const int64_t from = 1772323261, until = from + 15 * 86400;
	struct slots slots = { .expression = { .dialect = DIALECT_EVERY,
	    .every = { rate, 0 } } };
	struct cron_error err;
	int64_t t = from, u = from;
	struct cron cron;

	if (!cron_parse(text, &cron, &err))
		return false;
	while (t < until) {
		if (!slots_next(&slots, t, &t) ||
		    !robfig_next(&cron, utc, u, &u) || t != u)
			return false;
	}
	return true;
}

int
main(void)
{
	static const struct {
		const char *rate, *want;
	} cases[] = {
		{ "1m", "* * * * *" }, { "15m", "*/15 * * * *" },
		{ "60m", "0 * * * *" }, { "1h", "0 * * * *" },
		{ "120m", "0 */2 * * *" }, { "12h", "0 */12 * * *" },
		{ "24h", "0 0 * * *" }, { "1d", "0 0 * * *" },
		{ "7d", "0 0 * * 4" }, { "168h", "0 0 * * 4" },
		{ "7m", NULL }, { "90m", NULL }, { "5h", NULL },
		{ "2d", NULL }, { "14d", NULL }, { "30s", NULL },
		{ "1m0.5s", NULL }, { "0s", NULL },
	};
	const struct zone *utc;
	const char *why, *text;
	int minutes, n = 0;
	struct span rate;
	bool alike = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (!span_parse(cases[i].rate, &rate, &why))
			ok(false, "%s: %s", cases[i].rate, why);
		is_str(rate_to_cron(rate), cases[i].want, cases[i].rate);
	}
	utc = zone_find("UTC", &why);
	for (minutes = 1; minutes <= 8 * 24 * 60; minutes++) {
		text = rate_to_cron((struct span){ minutes * 60, 0 });
		if (text == NULL)
			continue;
		n++;
		if (!fires_alike(text, minutes * 60, utc)) {
			alike = false;
			printf("# %d minutes is not '%s'\n", minutes, text);
		}
	}
	ok(alike, "an expression fires as its rate does");
	is_int(n, 20, "minutes that divide 60, hours that divide 24, days");
	return tap_done();
}
