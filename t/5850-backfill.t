#!/bin/sh
# schedule backfill: slots without a run get one; killed and repeated.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

day=86400
start=1767225600	# 2026-01-01T00:00:00Z
nightly='nightly: {workflow: train, expression: "0 3 * * *", reader_time_arg: time, catchup: none}'

# at SECONDS COMMAND...: so long after the start.
at() {
	at_time=$(($start + $1))
	shift
	UNIONML_TEST_NOW=$at_time "$@"
}

# From the year's first day up to and with the fifth.
backfill() {
	at $((5 * $day)) unionml -C app schedule backfill nightly \
		--from 2026-01-01T00:00Z --to 2026-01-06T00:00Z "$@"
}

# The slots that ran: their days, in this order.
ran() {
	cut -c 9-10 app/ran | tr "\n" " " >ran.got &&
	printf "%s " "$@" >ran.want &&
	test_cmp ran.want ran.got
}

audit() {
	at $((5 * $day)) unionml -C app schedule audit nightly --since 30d "$@"
}

test_expect_success 'what it would do' '
	make_timed_app app "$nightly" &&
	at 0 unionml -q -C app deploy -v one &&
	backfill --dry-run >out 2>err &&
	cat >want <<-\END &&
	2026-01-01 03:00 UTC  MISSED
	2026-01-02 03:00 UTC  MISSED
	2026-01-03 03:00 UTC  MISSED
	2026-01-04 03:00 UTC  MISSED
	2026-01-05 03:00 UTC  MISSED
	END
	test_cmp want out &&
	test_grep "^nightly: 5 slots to run: 5 MISSED$" err &&
	backfill -n --json >json &&
	test_jq json "map(.state) == [range(5) | \"MISSED\"]" &&
	test_jq json ".[0].kickoff == \"2026-01-01T03:00:00Z\"" &&
	test_path_missing app/ran
'

test_expect_success 'it does it, oldest first, and the audit is clean' '
	test_must_fail 1 audit >out &&
	backfill >out 2>err &&
	ran 01 02 03 04 05 &&
	test_line_count 5 out &&
	test_grep "^2026-01-01 03:00 UTC  f[0-9a-f]\{16\}000  ok  " out &&
	test_grep "^nightly: 5 succeeded$" err &&
	audit >out &&
	test_grep "^nightly  5 due: 5 ok$" out
'

test_expect_success 'said twice, it does nothing the second time' '
	backfill >out 2>err &&
	ran 01 02 03 04 05 &&
	test_cmp /dev/null out &&
	test_grep "nothing to run" err &&
	test_grep "^left alone: 5 ok$" err &&
	backfill --json >out &&
	test_cmp /dev/null out
'

test_expect_success 'a slot that fails is said, and left alone' '
	rm -rf app/.unionml app/ran &&
	at 0 unionml -q -C app deploy -v one &&
	printf "%s\n" 2026-01-02 2026-01-04 >app/bad &&
	test_must_fail 1 backfill --json >out &&
	ran 01 02 03 04 05 &&
	jq -r .status out >got &&
	printf "%s\n" succeeded failed succeeded failed succeeded >want &&
	test_cmp want got &&
	test_jq out -s ".[1].error != null" &&
	test_must_fail 1 audit >out &&
	test_grep "^nightly  5 due: 3 ok, 2 failed$" out &&
	backfill >out 2>err &&
	test_cmp /dev/null out &&
	test_grep "left alone: 3 ok, 2 failed" err &&
	test_grep "reprocess failed" err
'

test_expect_success '--reprocess failed: another attempt of its own' '
	rm app/bad app/ran &&
	backfill --reprocess failed >out &&
	ran 02 04 &&
	test_grep "^2026-01-02 03:00 UTC  f[0-9a-f]\{16\}001  ok  " out &&
	audit >out &&
	backfill --reprocess failed >out &&
	ran 02 04 &&
	audit --json >json &&
	test_jq json "map(.attempts) == [1, 2, 1, 2, 1]"
'

test_expect_success 'before the first activation: by what is in force now' '
	rm app/ran &&
	at $((5 * $day)) unionml -C app schedule backfill nightly \
		--from 2025-12-30T00:00Z --to 2026-01-02T00:00Z >out 2>err &&
	ran 30 31 &&
	test_grep "^2 of them lie before the first activation" err
'

echo 'test "$(wc -l <app/ran)" -eq 2' >two_run

test_expect_success 'several at once' '
	rm -rf app/.unionml app/ran &&
	at 0 unionml -q -C app deploy -v one &&
	: >app/hold &&
	{
		UNIONML_TEST_NOW=$((start + 5 * $day)) unionml -C app \
			schedule backfill nightly --from 2026-01-01T00:00Z \
			--to 2026-01-06T00:00Z --max-active 2 >out & pid=$!
	} &&
	waitfor 10 sh two_run &&
	sleep 1 &&
	test_line_count 2 app/ran &&
	rm app/hold &&
	wait "$pid" &&
	test_line_count 5 app/ran
'

killed_after() {
	UNIONML_TEST_NOW=$((start + 5 * $day)) unionml -C app schedule \
		backfill nightly --from 2026-01-01T00:00Z \
		--to 2026-01-06T00:00Z >out 2>err &
	sleep "$1"
	kill -KILL "$!" 2>/dev/null
	wait "$!" 2>/dev/null
	return 0
}

test_expect_success 'killed at any moment, and said again' '
	rm -rf app/.unionml app/ran &&
	at 0 unionml -q -C app deploy -v one &&
	for i in 0.02 0.05 0.1 0.2 0.4
	do
		killed_after $i || return 1
	done &&
	backfill >out 2>err &&
	sort app/ran >sorted &&
	uniq sorted >unique &&
	test_cmp unique sorted &&
	test_line_count 5 sorted &&
	audit >out
'

test_expect_success 'two at once run each slot once' '
	rm -rf app/.unionml app/ran &&
	at 0 unionml -q -C app deploy -v one &&
	{
		UNIONML_TEST_NOW=$((start + 5 * $day)) unionml -C app \
			schedule backfill nightly --from 2026-01-01T00:00Z \
			--to 2026-01-06T00:00Z >other 2>err & pid=$!
	} &&
	backfill >out &&
	wait "$pid" &&
	ran 01 02 03 04 05
'

test_expect_success 'Ctrl-C stops its run and starts no more' '
	rm -rf app/.unionml app/ran &&
	at 0 unionml -q -C app deploy -v one &&
	: >app/hold &&
	test_when_finished "rm -f app/hold" &&
	{
		UNIONML_TEST_NOW=$((start + 5 * $day)) unionml -C app \
			schedule backfill nightly --from 2026-01-01T00:00Z \
			--to 2026-01-06T00:00Z >out 2>err & pid=$!
	} &&
	waitfor 10 test -s app/ran &&
	kill -TERM "$pid" &&
	test_expect_code 143 wait "$pid" &&
	test_grep "the same command goes on" err &&
	ran 01 &&
	test_must_fail 1 audit --json >json &&
	test_jq json "map(.state) == [\"aborted\", \"MISSED\", \"MISSED\",
		\"MISSED\", \"MISSED\"]"
'

test_expect_success 'what it does not take' '
	test_must_fail 2 unionml -C app schedule backfill nightly 2>err &&
	test_grep "from T and --to T" err &&
	test_must_fail 2 backfill --to 2025-12-01T00:00Z &&
	test_must_fail 2 backfill --max-active 0 &&
	test_must_fail 2 backfill --reprocess all &&
	test_must_fail 6 unionml -C app schedule backfill nightl \
		--from 2026-01-01T00:00Z --to 2026-01-02T00:00Z 2>err &&
	test_grep "Did you mean .nightly.?" err
'

test_done
