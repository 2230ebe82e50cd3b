#!/bin/sh
# unionml scheduler: what is deployed fires when it is due, under a clock that
# the test moves.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"
. "$TEST_DIR/lib-schedule.sh"
. "$TEST_DIR/lib-scheduler.sh"

# timed SCHEDULE...: a new `app`, deployed at midnight.
timed() {
	rm -rf app ./*.log ./*.pid &&
	hands_at 00:00 &&
	make_timed_app app "$@" &&
	unionml -C app -q deploy >deployed
}

# once HH:MM[:SS] [OPTION...]: what is done then.
once() {
	hands_at "$1" &&
	shift &&
	unionml -C app scheduler --once "$@" >once.log 2>once.err
}

# is_logged NAME WORDS...: that a line of the log has them all, in this order.
is_logged() {
	logged_in=$1.log
	shift
	grep -qE -- "$(echo "$*" | sed "s/ / .*/g")" "$logged_in"
}

# is_ran HH:MM...: these kickoffs ran, in this order.
is_ran() {
	printf '2026-01-01T%s:00Z\n' "$@" >want.ran &&
	cut -d' ' -f1 app/ran >got.ran &&
	test_cmp want.ran got.ran
}

# shellcheck disable=SC2034 # used in tests
minutely='m: {workflow: train, expression: "* * * * *", reader_time_arg: time'

test_expect_success 'it fires each minute, and says what it does' '
	timed "$minutely}" &&
	unionml -C app schedule list >out 2>err &&
	test_grep "no scheduler is running" err &&
	start_scheduler a &&
	test_when_finished "stop_scheduler a" &&
	unionml -C app schedule list >out 2>err &&
	test_must_fail 1 grep "no scheduler" err &&
	for m in 1 2 3
	do
		hands_at 00:0$m &&
		eventually 20 is_logged a "end m 00:0$m succeeded" || return 1
	done &&
	is_ran 00:01 00:02 00:03 &&
	runs "[.schedule, .kickoff, .status, .workflow,
		(.app_version != null), (.id[17:])] | @csv" >got &&
	tr -d \" <got | sort >sorted &&
	for m in 1 2 3
	do
		echo "m,2026-01-01T00:0$m:00Z,succeeded,train,true,000"
	done >want &&
	test_cmp want sorted &&
	stop_scheduler a >code &&
	is_logged a "stop signal 15; 0 runs" &&
	start_scheduler a
'

test_expect_success 'its log as JSON, an object a line' '
	timed "$minutely}" &&
	hands_at 00:01 &&
	unionml -C app scheduler --once --json >log &&
	jq -rs ".[] | [.time, .event, .schedule // \"-\", .kickoff // \"-\",
		.status // \"-\"] | @tsv" log | tr "\t" " " >got &&
	cat >want <<-\END &&
	2026-01-01T00:01:00Z ready - - -
	2026-01-01T00:01:00Z start m 2026-01-01T00:01:00Z -
	2026-01-01T00:01:00Z begin m 2026-01-01T00:01:00Z -
	2026-01-01T00:01:00Z end m 2026-01-01T00:01:00Z succeeded
	END
	test_cmp want got &&
	unionml -C app runs --json >runs.json &&
	jq -rs ".[2].run" log >got &&
	jq -r ".[0].id" runs.json >want &&
	test_cmp want got
'

test_expect_success 'the components know the schedule and its time zone' '
	mkdir zoned && cat >zoned/unionml.yaml <<-\END &&
	name: zoned
	dataset:
	  reader:
	    inputs: {time: {type: datetime}, rows: {type: integer}}
	    command: "env | grep ^UNIONML_ | sort >\"$UNIONML_OUT_data\""
	model:
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	schedules:
	  daily:
	    workflow: train
	    expression: "0 1 * * *"
	    timezone: Europe/Berlin
	    reader_time_arg: time
	    inputs: {rows: 12}
	END
	hands_at 00:00 &&
	unionml -C zoned -q deploy -v one >out &&
	hands "$(date -u -d 2026-01-02 +%s)" &&
	unionml -C zoned scheduler --once >log &&
	unionml -C zoned fetch model --schedule daily -o - >got &&
	for want in SCHEDULE=daily TIMEZONE=Europe/Berlin ATTEMPT=1 \
		APP_VERSION=one IN_rows=12 IN_time=2026-01-02T00:00:00Z \
		"APP_DIR=$PWD/zoned"
	do
		test_grep -x "UNIONML_$want" got || return 1
	done
'

test_expect_success 'it runs what was deployed, not what is there now' '
	timed "$minutely}" &&
	echo "exit 1" >app/code.sh &&
	once 00:01 &&
	is_ran 00:01 &&
	echo "dataset: [" >>app/unionml.yaml &&
	once 00:02 &&
	test_grep "has errors" once.err &&
	is_ran 00:01 00:02 &&
	rm -r app/.unionml/versions/* &&
	hands_at 00:03 &&
	test_must_fail 1 unionml -C app scheduler --once >once.log 2>err &&
	is_logged once "end m 00:03 failed: .*version"
'

test_expect_success 'after an outage: nothing, the latest, or all of it' '
	timed "none: {workflow: train, fixed_rate: 5m, catchup: none}" \
		"latest: {workflow: train, fixed_rate: 5m}" \
		"all: {workflow: train, fixed_rate: 5m, catchup: all}" \
		"hour: {workflow: train, fixed_rate: 5m, catchup: all,
			catchup_window: 12m}" &&
	once 00:32 &&
	sed -n "s/.* start  *\([a-z]*\)  2026-01-01 \(00:..\).*/\1 \2/p" \
		once.log | sort >got &&
	for started in "all 00:05" "all 00:10" "all 00:15" "all 00:20" \
		"all 00:25" "all 00:30" "hour 00:20" "hour 00:25" \
		"hour 00:30" "latest 00:30"
	do
		echo "$started"
	done >want &&
	test_cmp want got &&
	is_logged once "skip none 00:05 6 slots, up to 2026-01-01 00:30" &&
	is_logged once "skip latest 00:05 5 slots, up to 2026-01-01 00:25" &&
	is_logged once "skip hour 00:05 3 slots, .*: too old" &&
	test_must_fail 1 unionml -C app schedule audit \
		--since 2026-01-01T00:01Z >told 2>err &&
	test_grep "^all  6 due: 6 ok" told
'

test_expect_success 'once, called late: what catchup: none leaves out' '
	timed "none: {workflow: train, fixed_rate: 5m, catchup: none}" &&
	once 00:07 &&
	test_line_count 2 once.log &&
	is_logged once "skip none 00:05" &&
	runs .id >got &&
	test_line_count 0 got
'

test_expect_success 'once: 1 if a run failed, and nothing the second time' '
	timed "$minutely}" &&
	echo 00:01 >app/bad &&
	hands_at 00:01 &&
	test_must_fail 1 unionml -C app scheduler --once >out &&
	test_grep "failed: reader: exit status 1" out &&
	unionml -C app scheduler --once >out &&
	test_line_count 1 out
'

# busy SCHEDULE: its first run waits for `hold` to go.
busy() {
	timed "$1" &&
	touch app/hold &&
	start_scheduler a --jobs 8 &&
	hands_at 00:01 &&
	eventually 20 test -s app/ran
}

test_expect_success 'overlap: skip' '
	busy "$minutely, overlap: skip}" &&
	test_when_finished "stop_scheduler a" &&
	hands_at 00:02 &&
	eventually 20 is_logged a "skip m 00:02 run f.* goes on" &&
	rm app/hold &&
	eventually 20 is_logged a "end m 00:01 succeeded" &&
	hands_at 00:03 &&
	eventually 20 is_logged a "end m 00:03 succeeded" &&
	is_ran 00:01 00:03
'

test_expect_success 'overlap: queue' '
	busy "$minutely, overlap: queue}" &&
	test_when_finished "stop_scheduler a" &&
	hands_at 00:02 &&
	eventually 20 is_logged a "wait m 00:02 for run f" &&
	hands_at 00:03 &&
	eventually 20 is_logged a "skip m 00:03 another one waits" &&
	rm app/hold &&
	eventually 20 is_logged a "end m 00:02 succeeded" &&
	is_ran 00:01 00:02
'

test_expect_success 'overlap: replace' '
	busy "$minutely, overlap: replace}" &&
	test_when_finished "stop_scheduler a" &&
	hands_at 00:02 &&
	eventually 20 is_logged a "cancel m 00:01" &&
	eventually 20 is_logged a "end m 00:01 aborted: replaced by a newer" &&
	eventually 20 is_logged a "begin m 00:02" &&
	rm app/hold &&
	eventually 20 is_logged a "end m 00:02 succeeded" &&
	is_ran 00:01 00:02
'

test_expect_success 'overlap: allow, and at most --jobs at once' '
	timed "$minutely, overlap: allow, catchup: all}" &&
	touch app/hold &&
	start_scheduler a --jobs 2 &&
	test_when_finished "stop_scheduler a" &&
	hands_at 00:05 &&
	eventually 20 is_logged a "begin m 00:02" &&
	runs .status | sort | uniq -c | tr -s " " >got &&
	printf " 3 pending\n 2 running\n" >want &&
	test_cmp want got &&
	rm app/hold &&
	eventually 20 is_logged a "end m 00:05 succeeded"
'

# The hands move without a word: what wakes it is the other command.
test_expect_success 'it sees at once what another command did' '
	timed "$minutely}" &&
	start_scheduler a &&
	test_when_finished "stop_scheduler a" &&
	sleep 0.3 &&
	move_hands "$(date -u -d "2026-01-01 00:01" +%s)" &&
	unionml -C app -q deactivate-schedules m --note lunch &&
	date +%s%N >before &&
	eventually 20 is_logged a "begin m 00:01" &&
	date +%s%N >after &&
	took=$((($(cat after) - $(cat before)) / 1000000)) &&
	echo "# the run began after $took ms" &&
	test $took -lt 5000 &&
	eventually 20 is_logged a "end m 00:01 succeeded" &&
	hands_at 00:03 &&
	unionml -C app -q activate-schedules m &&
	hands_at 00:04 &&
	eventually 20 is_logged a "end m 00:04 succeeded" &&
	is_ran 00:01 00:04
'

test_expect_success 'TERM: runs have the grace to end' '
	busy "$minutely}" &&
	kill "$(cat a.pid)" &&
	eventually 20 is_logged a "stop signal 15; 1 run still goes on" &&
	hands_at 00:02 &&
	sleep 0.2 &&
	rm app/hold &&
	wait "$(cat a.pid)" &&
	is_logged a "end m 00:01 succeeded" &&
	is_ran 00:01
'

test_expect_success 'TERM without grace: runs are aborted' '
	timed "$minutely}" &&
	touch app/hold &&
	start_scheduler a --grace 0s &&
	hands_at 00:01 &&
	eventually 20 test -s app/ran &&
	stop_scheduler a &&
	is_logged a "end m 00:01 aborted: stopped by signal 15" &&
	runs .status >got &&
	echo aborted >want &&
	test_cmp want got
'

test_expect_success 'a second signal does not wait' '
	busy "$minutely}" &&
	kill "$(cat a.pid)" &&
	eventually 20 is_logged a "stop signal 15" &&
	test_expect_code 143 stop_scheduler a &&
	is_logged a "end m 00:01 aborted"
'

test_expect_success 'a clock that jumps' '
	timed "$minutely, catchup: all, overlap: allow}" &&
	start_scheduler a &&
	test_when_finished "stop_scheduler a" &&
	hands_at 01:01 &&
	eventually 20 is_logged a "clock .* 1h01m forward" &&
	eventually 60 is_logged a "end m 01:01 succeeded" &&
	hands_at 00:05 &&
	eventually 20 is_logged a "clock .* 56m00s back" &&
	hands_at 01:02 &&
	eventually 20 is_logged a "end m 01:02 succeeded" &&
	runs .kickoff | sort >got &&
	test_line_count 62 got &&
	uniq got >once &&
	test_cmp got once
'

test_expect_success 'latest is the newest model when the run starts' '
	timed "p: {workflow: predict, expression: \"* * * * *\",
		reader_time_arg: time, model: latest}" &&
	hands_at 00:01 &&
	test_must_fail 1 unionml -C app scheduler --once >out &&
	test_grep "failed: there is no model yet" out &&
	for m in 2 3
	do
		unionml -C app -q train >trained &&
		once 00:0$m &&
		head -n 1 trained >want &&
		unionml -C app runs show latest --json | jq -r .model >got &&
		test_cmp want got || return 1
	done
'

test_done
