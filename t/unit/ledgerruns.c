/*
 * Runs of schedules and what became of slots: written by a step, by hand and
 * by a retry, made ready, taken over, ended, removed.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/xalloc.h"
#include "t/unit/ledgerhelp.h"

static const char *const nodes[] = { "reader", "trainer" };
static const struct owner me = { "o1234567890abcdef012", 100, 555 };
static const struct owner you = { "oaaaaaaaaaaaaaaaaaaa", 200, 777 };

static enum status
print_owned(void *arg, const char *id, const char *owner, int64_t gen,
    int resumed)
{
	strbuf_addf(arg, "%.1s..%s %s %lld %d; ", id, id + 17, owner,
	    (long long)gen, resumed);
	return EXIT_DONE;
}

static void
is_owned(struct store *store, const char *want)
{
	struct strbuf sb = STRBUF_INIT;

	must(ledger_owned(store, print_owned, &sb), "owned");
	is_str(sb.buf, want, "whose runs");
	strbuf_release(&sb);
}

/* From the step to the end, with an owner that dies on the way. */
static void
test_life(void)
{
	struct store *store = open_store(POLICY_SKIP);
	struct run_detail detail;
	struct ledger_run run;
	char want[SLOT_ID_LEN + 1], *store_id, *scope;
	const char *id;
	bool done;

	step(store, "hourly", 1100, "hourly start 1100 as f..000; ");
	step(store, "hourly", 1100, "");
	id = pending(store, 0);
	must(ledger_store_id(store, &store_id), "id");
	scope = xasprintf("local:%s", store_id);
	slot_run_id(want, scope, "digits.hourly", "", 1100, 0);
	is_str(id, want, "its id is the slot's");
	free(scope);
	free(store_id);
	ok(pending(store, 1) == NULL, "one run is anybody's");
	is_owned(store, "");
	must(ledger_run(store, &arena, id, &run), "run");
	is_str(run.schedule, "hourly", "its schedule");
	is_str(run.workflow, "train", "its workflow");
	is_int(run.t, 1100, "its kickoff");
	is_int(run.origin, ORIGIN_TIMER, "its origin");
	is_int(run.attempt, 0, "its attempt");
	ok(!run.prepared && !run.stop_requested && run.resumed == 0,
	    "it is not ready yet");
	is_str(run.definition.model, "rfedcba9876543210fed",
	    "its definition's model");
	must(store_get_run(store, id, &detail), "get");
	is_str(detail.run.app_version, "v1", "its version");
	is_str(detail.run.inputs, "{}", "no inputs yet");
	is_int((long long)detail.n_nodes, 0, "no nodes yet");
	run_detail_release(&detail);
	must(store_claim_run(store, id, &me, NULL, &done), "claim");
	is_owned(store, "f..000 o1234567890abcdef012 1 0; ");
	must(ledger_prepare_run(store, id, "{\"a\":1}", "rmodel", nodes, 2),
	    "prepare");
	must(ledger_run(store, &arena, id, &run), "run");
	ok(run.prepared, "now it is ready");
	must(ledger_resume_run(store, id, &you, you.id, &done), "resume");
	ok(!done, "only its owner's successor takes it over");
	must(ledger_resume_run(store, id, &you, me.id, &done), "resume");
	ok(done, "... which that is");
	is_owned(store, "f..000 oaaaaaaaaaaaaaaaaaaa 1 1; ");
	must(store_get_run(store, id, &detail), "get");
	is_str(detail.run.inputs, "{\"a\":1}", "its inputs");
	is_str(detail.run.model, "rmodel", "its model");
	is_int((long long)detail.n_nodes, 2, "its nodes");
	is_str(detail.node[1].name, "trainer", "... in their order");
	run_detail_release(&detail);
	step(store, "hourly", 1200, "hourly skip 1200-1200 overlap by "
	    "f..000; ");
	must(store_end_run(store, id, RUN_SUCCEEDED, NULL, "{}"), "end");
	is_owned(store, "");
	strbuf_reset(&said);
	is_int(ledger_prepare_run(store, id, "{}", NULL, nodes, 2),
	    EXIT_CONFLICT, "what has ended is not made ready");
	is_int(ledger_run(store, &arena, "rnone", &run), EXIT_CONFLICT,
	    "no such run");
	step(store, "hourly", 1300, "hourly start 1300 as f..000; ");
	store_close(store);
}

/* A pending run whose owner died before it began is not resumed, but begun. */
static void
test_pending_orphan(void)
{
	struct store *store = open_store(POLICY_ALLOW);
	struct run run = { .workflow = (char *)"train" };
	bool done;

	step(store, "hourly", 1100, "hourly start 1100 as f..000; ");
	run.retry_of = (char *)pending(store, 0);
	must(store_end_run(store, run.retry_of, RUN_FAILED, "broke", NULL),
	    "end");
	must(store_create_run(store, &run, &me, nodes, 2), "retry");
	is_owned(store, "f..001 o1234567890abcdef012 1 0; ");
	must(ledger_resume_run(store, run.id, &you, me.id, &done), "resume");
	is_owned(store, "f..001 oaaaaaaaaaaaaaaaaaaa 1 0; ");
	free(run.id);
	free(run.schedule);
	store_close(store);
}

static void
is_untold(struct store *store, const char *want)
{
	struct strbuf sb = STRBUF_INIT;

	must(ledger_untold(store, print_owned, &sb), "untold");
	is_str(sb.buf, want, "whose failures");
	strbuf_release(&sb);
}

static void
fail_next(struct store *store, int64_t t, enum run_status status)
{
	char want[64];
	const char *id;
	bool done;

	snprintf(want, sizeof(want), "hourly start %lld as f..000; ",
	    (long long)t);
	step(store, "hourly", t, want);
	id = pending(store, 0);
	must(store_claim_run(store, id, &me, NULL, &done), "claim");
	must(store_end_run(store, id, status, "e", NULL), "end");
}

/* A failure is owed to be told from the end of its run on. */
static void
test_untold(void)
{
	struct store *store = open_store(POLICY_ALLOW);
	struct ledger_slot *slot;
	bool taken;
	size_t n;

	fail_next(store, 1100, RUN_FAILED);
	is_untold(store, "");
	meddle("UPDATE definitions SET keys = '{\"on_failure\":\"mail\"}'");
	fail_next(store, 1200, RUN_ABORTED);
	fail_next(store, 1300, RUN_SUCCEEDED);
	is_untold(store, "");
	fail_next(store, 1400, RUN_FAILED);
	is_untold(store, "f..000 o1234567890abcdef012 1 1; ");
	must(ledger_slots(store, &arena, find(store, "hourly").number, 1400,
	    1401, &slot, &n), "slots");
	must(ledger_take_untold(store, slot->run, &you, you.id, &taken),
	    "take");
	ok(!taken, "only from its owner is it taken");
	must(ledger_take_untold(store, slot->run, &you, me.id, &taken),
	    "take");
	ok(taken, "... which that is");
	is_untold(store, "f..000 oaaaaaaaaaaaaaaaaaaa 1 2; ");
	must(ledger_told(store, slot->run), "told");
	is_untold(store, "");
	fail_next(store, 1500, RUN_FAILED);
	must(ledger_slots(store, &arena, find(store, "hourly").number, 1500,
	    1501, &slot, &n), "slots");
	must(store_delete_run(store, slot->run, &taken), "delete");
	is_untold(store, "");
	store_close(store);
}

static void
print_slots(struct store *store, int64_t from, int64_t to, const char *want)
{
	struct ledger_schedule schedule = find(store, "hourly");
	struct strbuf sb = STRBUF_INIT;
	struct ledger_skipped *range;
	struct ledger_slot *slot;
	size_t i, n;

	must(ledger_slots(store, &arena, schedule.number, from, to, &slot,
	    &n), "slots");
	for (i = 0; i < n; i++)
		strbuf_addf(&sb, "%lld %d %s %s %s %s; ",
		    (long long)slot[i].t, slot[i].attempts,
		    slot[i].run + 17, run_status_name(slot[i].status),
		    slot[i].error != NULL ? slot[i].error : "-",
		    slot[i].version);
	must(ledger_skipped(store, &arena, schedule.number, from, to, &range,
	    &n), "skipped");
	for (i = 0; i < n; i++)
		strbuf_addf(&sb, "%lld-%lld %s%s; ", (long long)range[i].first,
		    (long long)range[i].last,
		    skip_reason_name(range[i].reason),
		    range[i].run != NULL ? range[i].run + 17 : "");
	is_str(sb.buf, want, "slots");
	strbuf_release(&sb);
}

static void
retry(struct store *store, const char *id, const char *want)
{
	struct run run = { .workflow = (char *)"train" };

	run.retry_of = (char *)id;
	must(store_create_run(store, &run, &me, nodes, 2), "retry");
	is_str(run.id + 17, want, "a retry is the slot's next attempt");
	is_str(run.schedule, "hourly", "... its schedule");
	ok(run.has_kickoff && run.kickoff == 1100, "... its kickoff");
	must(store_end_run(store, run.id, RUN_SUCCEEDED, NULL, "{}"), "end");
	free(run.id);
	free(run.schedule);
}

static void
test_slots(void)
{
	struct store *store = open_store(POLICY_QUEUE);
	struct ledger_schedule schedule;
	const char *id, *waiting;
	char *by_hand;
	bool done;

	step(store, "hourly", 1100, "hourly start 1100 as f..000; ");
	id = pending(store, 0);
	step(store, "hourly", 1200, "hourly wait 1200 by f..000; ");
	step(store, "hourly", 1300, "hourly skip 1300-1300 queue; ");
	step(store, "hourly", 1420, "hourly skip 1400-1400 queue; ");
	print_slots(store, 0, 9999, "1100 1 000 pending - v1; "
	    "1300-1400 queue; ");
	print_slots(store, 1101, 1300, "");
	print_slots(store, 1350, 1351, "1300-1400 queue; ");
	must(store_abort_run(store, id, NULL, "stopped", &done), "abort");
	step(store, "hourly", 1450, "hourly start 1200 as f..000; ");
	waiting = pending(store, 0);
	print_slots(store, 0, 9999, "1100 1 000 aborted stopped v1; "
	    "1200 1 000 pending - v1; 1300-1400 queue; ");
	retry(store, id, "001");
	retry(store, id, "002");
	print_slots(store, 1100, 1101, "1100 3 002 succeeded - v1; ");
	must(store_end_run(store, waiting, RUN_FAILED, "broke", NULL), "end");
	must(store_delete_run(store, waiting, &done), "delete");
	print_slots(store, 1200, 1201, "1200 1 000 failed broke v1; ");
	/* What was skipped becomes a run by hand; so does what waits. */
	must(ledger_begin(store), "begin");
	schedule = find(store, "hourly");
	must(ledger_end(store, ledger_add_run(store, &schedule,
	    &schedule.definition, 1300, 0, ORIGIN_BACKFILL, &by_hand)),
	    "by hand");
	is_str(by_hand + 17, "000", "the first run of a slot");
	free(by_hand);
	must(ledger_begin(store), "begin");
	must(ledger_end(store, ledger_add_run(store, &schedule,
	    &schedule.definition, 1430, -1, ORIGIN_TRIGGER, &by_hand)),
	    "by hand");
	ok(by_hand[0] == 'r', "the run of no slot");
	free(by_hand);
	print_slots(store, 1300, 9999, "1300 1 000 pending - v1; "
	    "1300-1400 queue; ");
	strbuf_reset(&said);
	must(ledger_begin(store), "begin");
	is_int(ledger_end(store, ledger_add_run(store, &schedule,
	    &schedule.definition, 1300, 0, ORIGIN_BACKFILL, &by_hand)),
	    EXIT_LOCAL, "a slot has no second first run");
	is_int(ledger_add_run(store, &schedule, &schedule.definition, 1300,
	    0x1000, ORIGIN_BACKFILL, &by_hand), EXIT_CONFLICT,
	    "nor 4097 runs");
	step(store, "hourly", 1500, "hourly wait 1500 by r..; ");
	store_close(store);
}

/* However many are skipped for one reason, in one step each: one row. */
static void
test_ranges(void)
{
	struct store *store = open_store(POLICY_SKIP);
	struct ledger_schedule schedule;
	int64_t t;

	step(store, "hourly", 1100, "hourly start 1100 as f..000; ");
	for (t = 1200; t <= 3000; t += 100) {
		must(ledger_begin(store), "begin");
		schedule = find(store, "hourly");
		must(ledger_end(store, step_schedule(store, &schedule, t,
		    NULL)), "step");
	}
	print_slots(store, 1200, 9999, "1200-3000 overlap000; ");
	must(ledger_begin(store), "begin");
	schedule = find(store, "hourly");
	must(step_and_pause(store, &schedule, 3050, SKIP_PAUSED, NULL),
	    "pause");
	schedule.state = SCHEDULE_PAUSED;
	must(ledger_end(store, ledger_set(store, &schedule)), "set");
	step(store, "hourly", 900000, "hourly skip 3100-900000 paused; ");
	step(store, "hourly", 900100, "hourly skip 900100-900100 paused; ");
	print_slots(store, 1200, 9999, "1200-3000 overlap000; "
	    "3100-900100 paused; ");
	step(store, "hourly", 5050, "");
	print_slots(store, 1200, 9999, "1200-3000 overlap000; "
	    "3100-5050 paused; ");
	store_close(store);
}

static enum status
print_last(void *arg, const struct run *run, const char *owner)
{
	strbuf_addf(arg, "%s %s %s; ", run->schedule,
	    run_status_name(run->status), owner != NULL ? owner : "-");
	return EXIT_DONE;
}

static void
test_last(void)
{
	struct store *store = open_store(POLICY_ALLOW);
	struct strbuf sb = STRBUF_INIT;
	bool done;

	add(store, "daily", POLICY_ALLOW);
	add(store, "never", POLICY_ALLOW);
	must(ledger_last_runs(store, print_last, &sb), "last");
	is_str(sb.buf, "", "no schedule had a run");
	step(store, "hourly", 1100, "hourly start 1100 as f..000; ");
	must(store_end_run(store, pending(store, 0), RUN_FAILED, "no", NULL),
	    "end");
	step(store, "hourly", 1200, "hourly start 1200 as f..000; ");
	must(store_claim_run(store, pending(store, 0), &me, NULL, &done),
	    "claim");
	step(store, "daily", 1100, "daily start 1100 as f..000; ");
	must(ledger_last_runs(store, print_last, &sb), "last");
	is_str(sb.buf, "daily pending -; hourly running "
	    "o1234567890abcdef012; ", "the newest of each");
	strbuf_release(&sb);
	store_close(store);
}

/* A wake-up is asked for only if something waits for the end. */
static void
test_poke(void)
{
	struct store *store = open_store(POLICY_QUEUE);
	const char *id;
	int64_t t;
	bool any;

	step(store, "hourly", 1100, "hourly start 1100 as f..000; ");
	must(store_end_run(store, pending(store, 0), RUN_FAILED, "", NULL),
	    "end");
	must(ledger_next_event(store, &any, &t), "next");
	is_int(t, 1200, "nothing waited for the end");
	step(store, "hourly", 1200, "hourly start 1200 as f..000; ");
	step(store, "hourly", 1300, "hourly wait 1300 by f..000; ");
	id = pending(store, 0);
	must(ledger_next_event(store, &any, &t), "next");
	is_int(t, 1400, "something waits");
	must(store_end_run(store, id, RUN_FAILED, "", NULL), "end");
	must(ledger_next_event(store, &any, &t), "next");
	is_int(t, 0, "... and is looked at soon");
	step(store, "hourly", 1310, "hourly start 1300 as f..000; ");
	must(ledger_next_event(store, &any, &t), "next");
	is_int(t, 1400, "... once");
	store_close(store);
}

static const struct {
	const char *sql, *want;
} damages[] = {
	{ "UPDATE runs SET origin = 'moon'", "origin 'moon'" },
	{ "UPDATE runs SET origin = NULL", "origin ''" },
	{ "UPDATE runs SET owner = '../../etc'", "owner '../../etc'" },
	{ "UPDATE slots SET run = 'x'", "run 'x'" },
	{ "UPDATE slots SET gen = 9", "no definition" },
	{ "UPDATE slots SET origin = 'moon'", "origin 'moon'" },
	{ "DELETE FROM runs", "status ''" },
	{ "UPDATE skipped SET reason = 'rain'", "'rain'" },
	{ "UPDATE runs SET id = 'x'", "status ''" },
	{ "UPDATE queue SET gen = 9; UPDATE runs SET status = 'failed'",
	    "missing" },
};

static enum status
look_at_all(struct store *store)
{
	struct ledger_schedule schedule = find(store, "hourly");
	struct strvec ids = STRVEC_INIT;
	struct ledger_skipped *range;
	struct strbuf sb = STRBUF_INIT;
	struct ledger_slot *slot;
	enum status status;
	size_t n;

	status = ledger_slots(store, &arena, schedule.number, 0, 9999, &slot,
	    &n);
	if (status == EXIT_DONE)
		status = ledger_skipped(store, &arena, schedule.number, 0,
		    9999, &range, &n);
	if (status == EXIT_DONE)
		status = ledger_owned(store, print_owned, &sb);
	if (status == EXIT_DONE)
		status = ledger_pending(store, 9, &ids);
	if (status == EXIT_DONE)
		status = ledger_begin(store);
	if (status == EXIT_DONE)
		status = ledger_end(store, step_schedule(store, &schedule,
		    2000, NULL));
	strvec_release(&ids);
	strbuf_release(&sb);
	return status;
}

static void
test_damage(void)
{
	struct store *store;
	bool done;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(damages); i++) {
		store = open_store(POLICY_QUEUE);
		step(store, "hourly", 1100, "hourly start 1100 as f..000; ");
		step(store, "hourly", 1200, "hourly wait 1200 by f..000; ");
		step(store, "hourly", 1300, "hourly skip 1300-1300 queue; ");
		must(store_claim_run(store, pending(store, 0), &me, NULL,
		    &done), "claim");
		store_close(store);
		meddle(damages[i].sql);
		must(store_open(&store, "s", STORE_WRITE), "open");
		strbuf_reset(&said);
		is_int(look_at_all(store), EXIT_LOCAL, damages[i].sql);
		ok(strstr(said.buf, "store 's/store.db' is damaged") != NULL
		    && strstr(said.buf, damages[i].want) != NULL,
		    "... is told: %s", damages[i].want);
		store_close(store);
	}
}

int
main(void)
{
	char dir[] = "/tmp/unit-ledgerruns-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	err_set_sink(listen_to, NULL);
	test_life();
	test_pending_orphan();
	test_untold();
	test_slots();
	test_ranges();
	test_last();
	test_poke();
	test_damage();
	arena_release(&arena);
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(dir) < 0)
		ok(false, "cannot remove '%s'", dir);
	return tap_done();
}
