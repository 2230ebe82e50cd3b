/* Fixed rates as cron expressions: see rate.h. */
#include "lib/base/compat.h"

#include "lib/schedule/rate.h"

/* All there are; 1970 began on a Thursday. */
static const struct {
	int minutes;
	const char *cron;
} rates[] = {
	{ 1, "* * * * *" }, { 2, "*/2 * * * *" }, { 3, "*/3 * * * *" },
	{ 4, "*/4 * * * *" }, { 5, "*/5 * * * *" }, { 6, "*/6 * * * *" },
	{ 10, "*/10 * * * *" }, { 12, "*/12 * * * *" },
	{ 15, "*/15 * * * *" }, { 20, "*/20 * * * *" },
	{ 30, "*/30 * * * *" }, { 60, "0 * * * *" },
	{ 2 * 60, "0 */2 * * *" }, { 3 * 60, "0 */3 * * *" },
	{ 4 * 60, "0 */4 * * *" }, { 6 * 60, "0 */6 * * *" },
	{ 8 * 60, "0 */8 * * *" }, { 12 * 60, "0 */12 * * *" },
	{ 24 * 60, "0 0 * * *" }, { 7 * 24 * 60, "0 0 * * 4" },
};

const char *
rate_to_cron(struct span rate)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rates); i++)
		if (rate.nsec == 0 && rate.sec == rates[i].minutes * 60)
			return rates[i].cron;
	return NULL;
}
