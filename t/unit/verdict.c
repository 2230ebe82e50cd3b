/* What became of slots on Flyte: the table of states, case by case. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/slots/verdict.h"
#include "t/unit/tap.h"

enum { EACH = 600, NOW = 100000 };

static struct schedversion v1, v2;

/* Slots at multiples of 600 s; v1 from 1000 on. */
static void
make_versions(void)
{
	memset(&v1, 0, sizeof(v1));
	v1.version = v1.app_version = "v1";
	v1.created = v1.updated = 1000000;
	v1.known = v1.active = true;
	v1.slots.expression.dialect = DIALECT_EVERY;
	v1.slots.expression.every.sec = EACH;
	v2 = v1;
	v2.version = v2.app_version = "v2";
}

static enum status
print(void *arg, const struct audited *a)
{
	struct strbuf *sb = arg;

	strbuf_addf(sb, "%s%lld %s", sb->len > 0 ? ", " : "",
	    (long long)a->t, audit_state_name(a->state));
	if (a->run != NULL)
		strbuf_addf(sb, " %s", a->run);
	if (a->attempts > 1)
		strbuf_addf(sb, " of %d", a->attempts);
	if (a->has_delay && a->delay != 0)
		strbuf_addf(sb, " +%lld", (long long)a->delay);
	if (a->state == AUDIT_DUPLICATE || a->state == AUDIT_SKIPPED)
		strbuf_addf(sb, " (%s)", a->reason);
	return EXIT_DONE;
}

/* With facts for all but the slots from `from` up to `to`. */
static void
is_verdict(struct verdict_facts *f, const struct tenancy_facts *owners,
    int64_t from, int64_t to, const char *want, const char *name)
{
	struct tenancy y = { .n = 0 };
	struct strbuf got = STRBUF_INIT;

	f->from = from;
	f->to = to;
	f->tenancy = &y;
	if (f->now == 0)
		f->now = NOW;
	tenancy_make(&y, owners);
	verdict_slots(f, print, &got);
	is_str(got.buf, want, name);
	strbuf_release(&got);
	tenancy_release(&y);
}

static struct slot_run
slot_run(const struct schedversion *version, const char *id, int64_t t,
    int64_t late, bool first, enum run_status status)
{
	struct slot_run run = { .version = version, .has_slot = true, .t = t,
	    .first = first, .created = (t + late) * 1000,
	    .ended = (t + late + 30) * 1000, .status = status, .id = id };

	if (!run_ended(status))
		run.ended = INT64_MAX;
	return run;
}

static void
test_runs(void)
{
	struct slot_run run[] = {
		slot_run(&v1, "e", 3000, 500, false, RUN_SUCCEEDED),
		slot_run(&v1, "a", 1200, 0, true, RUN_SUCCEEDED),
		slot_run(&v1, "b", 1800, 90, true, RUN_ABORTED),
		slot_run(&v1, "c", 2400, 0, true, RUN_PENDING),
		slot_run(&v1, "d", 3000, 0, true, RUN_FAILED),
		slot_run(&v1, "f", 3601, 0, true, RUN_FAILED),
		slot_run(&v1, "z", 9000, 0, true, RUN_FAILED),
	};
	const struct tenancy_facts owners = { .version = &v1,
	    .n_versions = 1 };
	struct verdict_facts f = { .schedule = "s", .run = run,
	    .n_runs = ARRAY_SIZE(run) };

	make_versions();
	is_verdict(&f, &owners, 1200, 4200, "1200 ok a, 1800 aborted b +90, "
	    "2400 running c, 3000 ok e of 2, 3600 MISSED, 3601 failed f",
	    "the last run of a slot tells, and one beside the slots");
	is_verdict(&f, &owners, 1201, 1800, "", "nothing between two slots");
	f.has_oldest = true;
	f.oldest = 3601;
	is_verdict(&f, &owners, 3600, 4800, "3600 UNKNOWN, 3601 failed f, "
	    "4200 MISSED", "older than what the cluster keeps");
}

/* Each 600 s, more or less. */
static void
test_rate(void)
{
	struct slot_run run[] = {
		slot_run(&v1, "a", 1650, 0, true, RUN_SUCCEEDED),
		slot_run(&v1, "b", 2250, 0, true, RUN_FAILED),
		slot_run(&v1, "c", 3400, 0, true, RUN_SUCCEEDED),
		slot_run(&v1, "d", 5300, 0, true, RUN_SUCCEEDED),
	};
	const struct decree decree[] = {
		{ 1000, &v1, true }, { 6000, &v1, false },
	};
	const struct tenancy_facts owners = { .version = &v1,
	    .n_versions = 1, .decree = decree,
	    .n_decrees = ARRAY_SIZE(decree) };
	const struct tenancy_facts on = { .version = &v1, .n_versions = 1 };
	struct verdict_facts f = { .schedule = "s", .run = run,
	    .n_runs = ARRAY_SIZE(run) };

	make_versions();
	v1.known = false;
	v1.rate = EACH;
	is_verdict(&f, &owners, 0, 9000, "1650 ok a, 2250 failed b, "
	    "3400 ok c, 4000 MISSED, 4600 MISSED, 5300 ok d",
	    "a rate: where two go by without a run one is missing");
	f.now = 8100;
	is_verdict(&f, &on, 4000, 9000, "4600 MISSED, 5300 ok d, 5900 MISSED, "
	    "6500 due, 7100 due", "at the end as long as the scheduler may try again");
	is_verdict(&f, &on, 5300, 5900, "5300 ok d", "and nothing too early");
}

static void
test_absent(void)
{
	const struct decree decree[] = {
		{ 1000, &v1, true }, { 3580, &v1, false },
		{ 5980, &v1, true }, { 7180, &v2, true },
	};
	const struct tenancy_facts owners = { .version = &v1,
	    .n_versions = 1, .decree = decree,
	    .n_decrees = ARRAY_SIZE(decree), .unowned = true };
	struct verdict_facts f = { .schedule = "s" };

	make_versions();
	v2.active = true;
	is_verdict(&f, &owners, 600, 1201, "600 UNKNOWN, 1200 MISSED",
	    "before it was first active, and behind that");
	is_verdict(&f, &owners, 3000, 4900, "3000 MISSED, 3600 due, "
	    "4200 paused, 4800 paused", "a pause, its beginning in doubt");
	is_verdict(&f, &owners, 5400, 7300, "5400 paused, 6000 due, "
	    "6600 MISSED, 7200 MISSED",
	    "its end in doubt, but no hand-over");
	f.now = 9001;
	is_verdict(&f, &owners, 6600, 20000, "6600 MISSED, 7200 MISSED, "
	    "7800 due, 8400 due, 9000 due", "due as long as it may come");
	v2.active = false;
}

static void
test_duplicate(void)
{
	struct slot_run run[] = {
		slot_run(&v2, "b", 1200, 20, true, RUN_FAILED),
		slot_run(&v1, "a", 1200, 0, true, RUN_SUCCEEDED),
		slot_run(&v1, "c", 1800, 0, true, RUN_FAILED),
		slot_run(&v2, "d", 1800, 20, false, RUN_SUCCEEDED),
	};
	const struct tenancy_facts owners = { .version = &v1,
	    .n_versions = 1 };
	struct verdict_facts f = { .schedule = "s", .run = run,
	    .n_runs = ARRAY_SIZE(run) };

	make_versions();
	is_verdict(&f, &owners, 1200, 2000, "1200 DUPLICATE b of 2 (version "
	    "v1 ran it as a, version v2 as b), 1800 ok d of 2",
	    "attempts 0 of two versions, and an attempt 1 of another");
}

static void
test_skipped(void)
{
	struct slot_run run[] = {
		slot_run(&v1, "a", 1200, 0, true, RUN_SUCCEEDED),
		slot_run(&v1, "m", 3000, 10, true, RUN_RUNNING),
	};
	const struct tenancy_facts owners = { .version = &v1,
	    .n_versions = 1 };
	struct verdict_facts f = { .schedule = "s", .run = run,
	    .n_runs = ARRAY_SIZE(run) };

	make_versions();
	run[0].ended = 2400000;
	run[1].has_slot = run[1].first = false;
	is_verdict(&f, &owners, 1200, 3700, "1200 ok a, 1800 MISSED, "
	    "2400 MISSED, 3000 MISSED, 3600 MISSED", "no policy, no excuse");
	v1.limited = true;
	is_verdict(&f, &owners, 1200, 3700, "1200 ok a, "
	    "1800 skipped (inferred: run a went on), "
	    "2400 skipped (inferred: run a went on), 3000 MISSED, "
	    "3600 skipped (inferred: run m went on)",
	    "another run that covers the slot");
}

static void
test_sightings(void)
{
	struct slot_run run[] = {
		slot_run(&v1, "c", 2400, 1801, true, RUN_SUCCEEDED),
		slot_run(&v1, "b", 1800, 60, true, RUN_SUCCEEDED),
		slot_run(&v1, "d", 3000, 0, false, RUN_SUCCEEDED),
		slot_run(&v1, "e", 600, 0, true, RUN_SUCCEEDED),
		slot_run(&v2, "a", 1200, 0, true, RUN_SUCCEEDED),
	};
	struct sighting seen[ARRAY_SIZE(run)];

	make_versions();
	is_int((long long)verdict_sightings(run, ARRAY_SIZE(run), seen), 2,
	    "no later attempt, none made up, none older than its version");
	ok(seen[0].t == 1200 && seen[0].version == &v2 &&
	    seen[1].t == 1800 && seen[1].version == &v1, "in order");
	is_int((long long)verdict_sightings(NULL, 0, seen), 0, "no runs");
}

int
main(void)
{
	test_runs();
	test_rate();
	test_absent();
	test_duplicate();
	test_skipped();
	test_sightings();
	return tap_done();
}
