#!/bin/sh
# A schedule's life with a scheduler that is not always there: what the audit
# finds, and what a backfill makes of it.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

day=86400
hour=3600
start=1767225600	# 2026-01-01T00:00:00Z

# at DAY HOUR COMMAND...: at that hour of a day of January 2026.
at() {
	at_time=$(($start + ($1 - 1) * $day + $2 * $hour))
	shift 2
	UNIONML_TEST_NOW=$at_time "$@"
}

# audit DAY ARG...: on the noon of that day.
audit() {
	audit_day=$1
	shift
	at "$audit_day" 12 unionml -C app schedule audit nightly --since 30d \
		"$@"
}

# states DAY: what became of the slots up to then, in short.
states() {
	states_status=0
	audit "$1" --json >states.json || states_status=$?
	jq -r ".[] | .kickoff[8:10] + \" \" + .state" states.json &&
	return "$states_status"
}

test_expect_success 'while a scheduler is there' '
	make_timed_app app \
		"nightly: {workflow: train, expression: \"0 3 * * *\", reader_time_arg: time}" &&
	at 1 0 unionml -q -C app deploy -v one &&
	at 1 3 unionml -C app scheduler --once &&
	at 2 3 unionml -C app scheduler --once &&
	audit 2 >out &&
	echo "nightly  2 due: 2 ok" >want &&
	test_cmp want out
'

test_expect_success 'an outage of three nights' '
	at 5 12 unionml -C app scheduler --once &&
	cat >want <<-\END &&
	01 ok
	02 ok
	03 MISSED
	04 MISSED
	05 ok
	END
	test_must_fail 1 states 5 >got &&
	test_cmp want got &&
	test_jq states.json ".[4].delay == 9 * 3600" &&
	test_must_fail 1 audit 5 >out 2>err &&
	test_grep "03:00 UTC  2 slots up to 2026-01-04 03:00 UTC  not made" out
'

test_expect_success 'the command that it prints makes up for it' '
	sed -n "s/^to run what was missed: unionml/unionml -C app/p" err \
		>command &&
	test_line_count 1 command &&
	at 5 12 sh -e command >out &&
	test_line_count 2 out &&
	audit 5 >out &&
	test_grep "5 due: 5 ok" out &&
	tail -n 2 app/ran >got &&
	cat >want <<-\END &&
	2026-01-03T03:00:00Z one
	2026-01-04T03:00:00Z one
	END
	test_cmp want got &&
	at 5 12 sh -e command >out 2>err &&
	test_cmp /dev/null out &&
	test_line_count 5 app/ran
'

test_expect_success 'a night that failed' '
	echo 2026-01-06 >app/bad &&
	at 6 3 test_must_fail 1 unionml -C app scheduler --once &&
	test_must_fail 1 audit 6 >out &&
	test_grep "^  failed     2026-01-06 03:00 UTC  f[0-9a-f]*000  " out &&
	rm app/bad &&
	at 6 12 unionml -C app schedule backfill nightly \
		--from 2026-01-06T00:00Z --to 2026-01-07T00:00Z \
		--reprocess failed >out &&
	test_grep "f[0-9a-f]*001  ok" out &&
	audit 6 --verbose >out &&
	test_grep "ok  *2026-01-06 .*001  2 attempts$" out
'

test_expect_success 'a pause is no alert, and can be made up' '
	at 6 20 unionml -C app deactivate-schedules nightly --note holidays &&
	at 8 3 unionml -C app scheduler --once &&
	states 8 >got &&
	tail -n 2 got >pause &&
	printf "%s\n" "07 paused" "08 paused" >want &&
	test_cmp want pause &&
	at 8 13 unionml -C app activate-schedules nightly &&
	at 9 3 unionml -C app scheduler --once &&
	audit 9 >out 2>err &&
	test_grep "^nightly  9 due: 7 ok, 2 paused$" out &&
	test_cmp /dev/null err &&
	at 9 12 unionml -C app schedule backfill nightly \
		--from 2026-01-07T00:00Z --to 2026-01-10T00:00Z >out &&
	test_line_count 2 out &&
	audit 9 >out &&
	test_grep "9 due: 9 ok" out
'

test_expect_success 'a run in the way, and the slot that was skipped' '
	: >app/hold &&
	test_when_finished "rm -f app/hold" &&
	at 9 20 unionml -C app schedule trigger nightly --no-wait >id &&
	{
		UNIONML_TEST_NOW=$(($start + 9 * $day + 3 * $hour)) unionml \
			-C app scheduler --once >log & pid=$!
	} &&
	waitfor 10 grep -q skip log &&
	audit 10 >out &&
	test_grep "skipped    2026-01-10 03:00 UTC  run $(cat id) went on" out &&
	rm app/hold &&
	wait "$pid" &&
	at 10 12 unionml -C app schedule backfill nightly \
		--from 2026-01-10T00:00Z --to 2026-01-11T00:00Z >out &&
	audit 10 >out &&
	test_grep "10 due: 10 ok" out
'

test_expect_success 'the audit outlives the runs' '
	at 20 0 unionml -C app runs gc --keep 1 >out &&
	unionml -C app runs list --limit 0 --json >runs.json &&
	test_jq runs.json "length < 4" &&
	audit 10 --json >json &&
	test_jq json "map(.state == \"ok\") | all" &&
	test_jq json "length == 10"
'

# A deploy takes in what is due, and leaves the run to a scheduler.
test_expect_success 'what nobody begins is missed, and can be begun' '
	echo "# another" >>app/code.sh &&
	at 11 5 unionml -q -C app deploy -v two &&
	test_must_fail 1 audit 11 >out 2>err &&
	test_grep "MISSED .*2026-01-11 .*000  never begun: no scheduler" out &&
	sed -n "s/^to run what was missed: unionml/unionml -C app/p" err \
		>command &&
	at 11 12 sh -e command >out &&
	test_line_count 1 out &&
	tail -n 1 app/ran >got &&
	echo "2026-01-11T03:00:00Z one" >want &&
	test_cmp want got &&
	audit 11 >out
'

test_expect_success 'a scheduler that runs: nothing is missed yet' '
	echo $(($start + 11 * $day)) >now &&
	{
		UNIONML_TEST_NOW=@$PWD/now unionml -C app scheduler \
			>log & pid=$!
	} &&
	test_when_finished "kill $pid; wait $pid || :" &&
	waitfor 10 grep -q . log &&
	echo $(($start + 11 * $day + 3 * $hour)) >now.new &&
	mv now.new now &&
	at 12 3 unionml -C app schedule trigger nightly --overlap allow \
		--at 2026-01-12T03:00Z >out &&
	audit 12 >out &&
	test_grep "12 due: 12 ok" out
'

test_expect_success 'a slot that waits, and is run by hand' '
	rm -rf app/.unionml app/ran app/unionml.yaml &&
	make_timed_app app \
		"nightly: {workflow: train, expression: \"0 3 * * *\", reader_time_arg: time, overlap: queue}" &&
	at 1 0 unionml -q -C app deploy -v one &&
	: >app/hold &&
	test_when_finished "rm -f app/hold" &&
	at 1 2 unionml -C app schedule trigger nightly --no-wait >id &&
	{
		UNIONML_TEST_NOW=$(($start + 3 * $hour)) unionml -C app \
			scheduler --once >log & pid=$!
	} &&
	waitfor 10 grep -q wait log &&
	audit 1 >out &&
	test_grep "^  due  .* it waits for run $(cat id) to end$" out &&
	at 1 3 unionml -C app schedule backfill nightly \
		--from 2026-01-01T00:00Z --to 2026-01-02T00:00Z 2>err &&
	test_grep "^left alone: 1 due$" err &&
	at 1 3 unionml -C app schedule trigger nightly --no-wait \
		--at 2026-01-01T03:00Z --overlap allow >slot &&
	rm app/hold &&
	wait "$pid" &&
	at 1 4 unionml -C app scheduler --once &&
	audit 1 --json >json &&
	test_jq json "length == 1 and .[0].run == \$id" --arg id \
		"$(cat slot)" &&
	test_line_count 2 app/ran
'

test_done
