/*
 * The scheduler's step on a store against the simulation, on the same clock:
 * the same events, one for one (scheduler-spec section 4, invariant 14), also
 * with several schedulers and needless wake-ups (9), and each slot in one
 * place afterwards (1, 2).
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/tree.h"
#include "lib/schedule/zone.h"
#include "t/unit/ledgercheck.h"
#include "t/unit/policyworld.h"
#include "t/unit/stepdriver.h"
#include "t/unit/tap.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, YEAR = 365 * DAY, LONGEST = 90,
	SPAN = 1200, OUTAGES = 4 };

static struct strbuf said = STRBUF_INIT;
static uint64_t salt;

/* Stands in for libc's: no power is cut here. */
int
fdatasync(int fd)
{
	(void)fd;
	return 0;
}

static void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static int64_t
odd_length(void *arg, int64_t t)
{
	struct rng rng = { salt ^ (uint64_t)t };

	(void)arg;
	return 1 + below(&rng, LONGEST);
}

static int64_t
long_length(void *arg, int64_t t)
{
	struct rng rng = { salt ^ (uint64_t)t };

	(void)arg;
	return 1 + below(&rng, 3 * HOUR);
}

static void
print_event(void *arg, const struct simulated *event)
{
	print_happened(arg, event, "\n");
}

/* The two texts from the first line on in which they differ. */
static void
show_difference(const char *simulated, const char *stepped)
{
	const char *a = simulated, *b = stepped, *line = a;

	for (; *a != '\0' && *a == *b; a++, b++)
		if (*a == '\n')
			line = a + 1;
	b -= a - line;
	printf("# simulated: %.*s\n# stepped:   %.*s\n",
	    (int)strcspn(line, "\n"), line, (int)strcspn(b, "\n"), b);
}

/* One span of time, lived through twice. */
struct span_of_time {
	struct definition definition;
	const char *when, *timezone;	/* NULL: the rate */
	int64_t from, until;
	struct outage outage[OUTAGES];
	int64_t (*length)(void *arg, int64_t t);
	int schedulers;
	bool odd;
};

static void
simulate(const struct span_of_time *span, struct strbuf *text)
{
	struct simulation s;
	int64_t t;

	simulation_init(&s, span->from);
	s.definition = &span->definition;
	s.outage = span->outage;
	s.n_outages = OUTAGES;
	s.length = span->length;
	s.event = print_event;
	s.arg = text;
	while (simulation_next(&s, &t) && t < span->until)
		simulation_advance(&s);
	simulation_release(&s);
}

static bool
agrees(const struct span_of_time *span, uint64_t seed, long *steps)
{
	struct strbuf want = STRBUF_INIT;
	struct driver d;
	bool same, sound;

	driver_open(&d, "s", span->schedulers);
	d.rng.state = seed;
	d.odd = span->odd;
	d.now = span->from;
	d.outage = span->outage;
	d.n_outages = OUTAGES;
	d.length = span->length;
	driver_add(&d, "nightly", &span->definition, span->when,
	    span->timezone);
	driver_run(&d, "nightly", span->until);
	simulate(span, &want);
	same = d.status == EXIT_DONE && strcmp(want.buf, d.text.buf) == 0;
	sound = ledger_is_sound("s/store.db");
	if (!same || !sound)
		printf("# seed %llu, status %d %s\n",
		    (unsigned long long)seed, (int)d.status, said.buf);
	if (!same)
		show_difference(want.buf, d.text.buf);
	*steps += d.steps;
	driver_close(&d);
	strbuf_release(&want);
	if (tree_remove("s") < 0)
		return false;
	return same && sound;
}

static void
random_span(struct rng *rng, struct span_of_time *span)
{
	size_t i;

	memset(span, 0, sizeof(*span));
	span->from = below(rng, 50);
	span->until = SPAN;
	random_definition(rng, &span->definition, 100);
	for (i = 0; i < (size_t)below(rng, OUTAGES + 1); i++) {
		span->outage[i].from = below(rng, SPAN);
		span->outage[i].until = span->outage[i].from +
		    below(rng, 300);
	}
	span->length = odd_length;
	span->schedulers = 1;
}

static void
test_random(int schedulers, bool odd, const char *name)
{
	struct rng rng = { test_seed() };
	long steps = 0, states = test_states() / 100;
	struct span_of_time span;
	bool all = true;
	uint64_t seed;

	while (all && steps < states) {
		seed = rng.state;
		random_span(&rng, &span);
		span.schedulers = schedulers;
		span.odd = odd;
		salt = seed;
		all = agrees(&span, seed, &steps);
	}
	ok(all, "%s (%ld steps)", name, steps);
}

static int64_t
day(int64_t year, int month, int of_month)
{
	struct civil civil = { year, month, of_month, 0, 0, 0 };

	return civil_to_seconds(&civil);
}

static const struct {
	const char *when, *timezone;
	int year, month;
} calendars[] = {
	{ "30 2 * * *", "Europe/Berlin", 2025, 3 },
	{ "30 2 * * *", "Europe/Berlin", 2025, 10 },
	{ "*/15 1-2 * * *", "America/New_York", 2025, 3 },
	{ "*/20 */2 * * *", "America/New_York", 2025, 11 },
	{ "0 0 * * *", "America/Sao_Paulo", 2018, 11 },
	{ "15 2 * * *", "Australia/Lord_Howe", 2025, 4 },
	{ "@every 6h", NULL, 2025, 1 },
	{ "cron(0 10 * * ? *)", NULL, 2025, 6 },
	{ "1h30m", NULL, 2025, 1 },
};

/* What the store has as text is what the policy had as struct. */
static void
test_calendars(void)
{
	struct span_of_time span;
	struct cron_error err;
	long steps = 0;
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calendars); i++) {
		const char *zone = calendars[i].timezone;
		struct expression *e = &span.definition.slots.expression;

		memset(&span, 0, sizeof(span));
		span.when = calendars[i].when;
		span.timezone = zone;
		if (strcmp(span.when, "1h30m") == 0) {
			e->dialect = DIALECT_EVERY;
			e->every.sec = 5400;
		} else if (!expression_parse(span.when, e, &err)) {
			ok(false, "set-up: %s", span.when);
			continue;
		}
		span.definition.slots.zone = zone_find(zone != NULL ? zone :
		    "UTC", &why);
		span.definition.catchup = (enum policy_catchup)(i % 3);
		span.definition.overlap = POLICY_QUEUE;
		span.definition.offset = i % 2 == 0 ? 0 : 10 * MINUTE;
		span.from = day(calendars[i].year, calendars[i].month, 1);
		span.until = span.from + 40 * DAY;
		span.outage[0].from = span.from + 3 * DAY;
		span.outage[0].until = span.from + 5 * DAY + HOUR;
		span.length = long_length;
		span.schedulers = 1;
		ok(agrees(&span, i, &steps), "%s in %s", span.when,
		    zone != NULL ? zone : "UTC");
	}
}

/* A year of a minute schedule, most of which nobody was there. */
static void
test_year(enum policy_overlap overlap)
{
	struct span_of_time span;
	long steps = 0;
	bool same;

	memset(&span, 0, sizeof(span));
	span.definition.slots.expression.dialect = DIALECT_EVERY;
	span.definition.slots.expression.every.sec = MINUTE;
	span.definition.catchup = POLICY_CATCHUP_ALL;
	span.definition.overlap = overlap;
	span.definition.window = overlap == POLICY_ALLOW ? 0 : DAY;
	span.until = YEAR;
	span.outage[0].from = 2 * DAY;
	span.outage[0].until = YEAR - 2 * DAY;
	span.length = odd_length;
	span.schedulers = 2;
	same = agrees(&span, 1, &steps);
	ok(same, "a year of a minute schedule (%ld steps)", steps);
}

int
main(void)
{
	char dir[] = "/tmp/unit-step-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	err_set_sink(listen_to, NULL);
	test_random(1, false, "a scheduler and a simulation agree");
	test_random(SCHEDULERS, false, "so do several schedulers");
	test_random(SCHEDULERS, true, "... that wake up needlessly");
	test_calendars();
	/* Under valgrind a year is too long. */
	if (test_states() >= 1000000) {
		test_year(POLICY_ALLOW);
		test_year(POLICY_QUEUE);
	}
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "cannot remove '%s'", dir);
	return tap_done();
}
