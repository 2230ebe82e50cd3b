#!/bin/sh
# schedule trigger: a run by hand, of no slot or of one.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

day=86400
start=1767225600	# 2026-01-01T00:00:00Z
nightly='nightly: {workflow: train, expression: "0 3 * * *", reader_time_arg: time, catchup: none}'
hourly='hourly: {workflow: predict, fixed_rate: 1h, reader_time_arg: time, model: latest, overlap: allow, catchup: none}'

# at SECONDS COMMAND...: so long after the start.
at() {
	at_time=$(($start + $1))
	shift
	UNIONML_TEST_NOW=$at_time "$@"
}

trigger() {
	at $((3 * $day)) unionml -C app schedule trigger "$@"
}

test_expect_success 'nothing is deployed' '
	make_timed_app app "$nightly" "$hourly" &&
	test_must_fail 6 trigger nightly 2>err >out &&
	test_cmp /dev/null out &&
	test_grep "no schedule .nightly. is deployed here" err &&
	test_grep "unionml deploy" err
'

test_expect_success 'a run now, of no slot' '
	at 0 unionml -q -C app deploy -v one &&
	trigger nightly >out &&
	id=$(head -n 1 out) &&
	echo "$id" | grep "^r[0-9a-f]\{19\}$" &&
	test_grep "^train  score 1$" out &&
	echo "2026-01-04T00:00:00Z one" >want &&
	test_cmp want app/ran &&
	unionml -C app runs show "$id" --json >json &&
	test_jq json ".schedule == \"nightly\" and .attempt == null" &&
	test_jq json ".kickoff == \"2026-01-04T00:00:00Z\"" &&
	test_jq json ".inputs.time == \"2026-01-04T00:00:00Z\""
'

test_expect_success 'the run of a slot' '
	rm app/ran &&
	trigger nightly --at 2026-01-02T03:00Z >out &&
	id=$(head -n 1 out) &&
	echo "$id" | grep "^f[0-9a-f]\{16\}000$" &&
	echo "2026-01-02T03:00:00Z one" >want &&
	test_cmp want app/ran &&
	unionml -C app runs show "$id" >text &&
	test_grep "^schedule  nightly$" text &&
	test_grep "^kickoff   2026-01-02 03:00 UTC$" text &&
	test_grep "^attempt   0 of its slot$" text &&
	at 0 unionml -C app schedule next nightly --json \
		--from 2026-01-02T00:00Z --limit 1 >json &&
	test_jq json ".[0].run == \$id" --arg id "$id"
'

test_expect_success 'and not another one' '
	trigger nightly --at 2026-01-02T04:00:00+01:00 >out 2>err &&
	test "$(head -n 1 out)" = "$id" &&
	test_grep "has its run already: $id$" err &&
	test_line_count 1 app/ran
'

test_expect_success 'what is no slot' '
	test_must_fail 6 trigger nightly --at 2026-01-02T03:01Z 2>err &&
	test_grep "no slot at 2026-01-02T03:01:00Z" err &&
	test_grep "the next one is 2026-01-03T03:00:00Z" err &&
	test_must_fail 6 trigger nightly --at 2026-01-04T03:00Z 2>err &&
	test_grep "still to come" err &&
	test_must_fail 2 trigger nightly --at 2026-01-02T03:00:00.5Z &&
	test_must_fail 2 trigger nightly --at yesterday &&
	test_must_fail 2 trigger nightly --overlap skip &&
	test_must_fail 6 trigger nigtly 2>err &&
	test_grep "Did you mean .nightly.?" err &&
	test_must_fail 2 trigger &&
	test_line_count 1 app/ran
'

test_expect_success 'a slot is run by its owner' '
	echo "# another" >>app/code.sh &&
	at $((2 * $day + 120)) unionml -q -C app deploy -v two &&
	rm app/ran &&
	trigger nightly --at 2026-01-01T03:00Z >out &&
	trigger nightly --at 2026-01-03T03:00Z --json >json &&
	test_jq json ".app_version == \"two\" and .metrics.train.score == 1" &&
	cat >want <<-\END &&
	2026-01-01T03:00:00Z one
	2026-01-03T03:00:00Z two
	END
	test_cmp want app/ran
'

test_expect_success 'before the first activation: by what is in force' '
	rm app/ran &&
	trigger nightly --at 2025-12-31T03:00Z >out 2>err &&
	test_grep "before the first activation" err &&
	echo "2025-12-31T03:00:00Z two" >want &&
	test_cmp want app/ran
'

test_expect_success 'one that predicts takes the latest model' '
	trigger hourly --at 2026-01-03T05:00Z >out &&
	test_line_count 1 out &&
	unionml -C app fetch predictions "$(cat out)" -o ../got &&
	echo "2026-01-03T05:00:00Z" >want &&
	test_cmp want got
'

test_expect_success 'one that fails' '
	echo 2026-01-03T07:00:00Z >app/bad &&
	test_must_fail 1 trigger hourly --at 2026-01-03T07:00Z >out 2>err &&
	test_cmp /dev/null out &&
	test_grep "failed in reader" err &&
	test_must_fail 1 trigger hourly --at 2026-01-03T07:00Z >out 2>err &&
	test_grep "has its run already" err &&
	test_grep "failed in reader" err
'

# No run goes on.
cat >quiet <<\END
unionml -C app runs list --status running --json | jq -e 'length == 0'
END

test_expect_success 'not beside another run, unless it may' '
	: >app/hold &&
	test_when_finished "rm -f app/hold" &&
	trigger nightly --no-wait >out &&
	id=$(cat out) &&
	test_must_fail 6 trigger nightly 2>err &&
	test_grep "run $id of schedule .nightly. goes on" err &&
	test_must_fail 6 trigger nightly --at 2025-12-30T03:00Z 2>err &&
	test_must_fail 7 trigger nightly --overlap allow --timeout 100ms \
		2>err &&
	test_grep "goes on" err &&
	trigger hourly --no-wait >one &&
	trigger hourly --no-wait >two &&
	rm app/hold &&
	for run in $id $(cat one two)
	do
		unionml -q -C app runs watch "$run" >out || return 1
	done &&
	waitfor 10 sh quiet
'

test_expect_success 'the newest success of a schedule, its runs' '
	trigger nightly --at 2025-12-29T03:00Z >out &&
	id=$(head -n 1 out) &&
	at $((3 * $day)) unionml -C app train >/dev/null &&
	unionml -C app fetch model --schedule nightly -o ../model 2>err &&
	test_grep "of run $id" err &&
	echo "2025-12-29T03:00:00Z" >want &&
	test_cmp want model &&
	unionml -C app list-scheduled-training-runs app:x nightly --limit 1 \
		--json >json &&
	test_jq json "map(.id) == [\$id]" --arg id "$id" &&
	unionml -C app list-scheduled-prediction-runs hourly --limit 0 >out &&
	test_line_count 5 out
'

test_expect_success 'a schedule that is paused can be run by hand' '
	at $((3 * $day)) unionml -C app deactivate-schedules nightly &&
	rm app/ran &&
	trigger nightly >out &&
	trigger nightly --at 2025-12-28T03:00Z >out &&
	test_line_count 2 app/ran &&
	at $((3 * $day)) unionml -C app schedule list --json >json &&
	test_jq json "any(.name == \"nightly\" and .state == \"paused\")"
'

test_expect_success 'Ctrl-C stops it' '
	: >app/hold &&
	test_when_finished "rm -f app/hold" &&
	rm app/ran &&
	{
		UNIONML_TEST_NOW=$((start + 3 * $day)) unionml -C app \
			schedule trigger nightly >out 2>err & pid=$!
	} &&
	waitfor 10 test -s app/ran &&
	kill -TERM "$pid" &&
	test_expect_code 143 wait "$pid" &&
	test_grep "aborted" err &&
	unionml -C app runs list --limit 1 --json >json &&
	test_jq json ".[0].status == \"aborted\""
'

test_done
