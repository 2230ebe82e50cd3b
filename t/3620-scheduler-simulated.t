#!/bin/sh
# What `schedule simulate` says is what a scheduler does, event for event: one
# is driven from event to event of a simulated day with an outage.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-schedule.sh"
. "$TEST_DIR/lib-scheduler.sh"

outage=2026-01-01T06:05:00Z..2026-01-01T11:20:00Z

# Each run takes until the test says so.
make_held_app() {
	mkdir app && cat >app/unionml.yaml <<-\END && cat >app/held.sh <<-\END
	name: held
	dataset:
	  reader:
	    inputs: {time: {type: datetime}}
	    command: [sh, held.sh, "{time}", "{data}"]
	model:
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	schedules:
	  allow: {workflow: train, fixed_rate: 2h, reader_time_arg: time,
	    overlap: allow, catchup: all, catchup_window: 3h}
	  queue: {workflow: train, fixed_rate: 1h, reader_time_arg: time,
	    overlap: queue, catchup: all}
	  replace: {workflow: train, fixed_rate: 1h, reader_time_arg: time,
	    overlap: replace, offset: PT5M}
	  skip: {workflow: train, fixed_rate: 1h, reader_time_arg: time,
	    overlap: skip, catchup: none}
	END
	set -eu
	tries=0
	until test -e "$UNIONML_APP_DIR/done.$UNIONML_SCHEDULE.$1"; do
		sleep 0.05
		test $((tries += 1)) -lt 4000
	done
	echo "$1" >"$2"
	END
}

decisions='select(.event as $e | ["start", "wait", "skip", "cancel"] |
	index($e)) | [.schedule, .time, .event, .kickoff, .late // false,
	.last_kickoff // "", .slots // 0, .reason // ""] | @csv'

has_decided() {
	test "$(jq -r "$decisions" *.jsonl | wc -l)" -ge "$1"
}

has_ended() {
	runs 'select(.status == "succeeded") | .schedule + "." + .kickoff' |
	grep -qx "$1"
}

start_one() {
	unionml -C app scheduler --jobs 50 --json >"$1.jsonl" 2>>err &
	echo $! >pid
	eventually 20 grep -q ready "$1.jsonl"
}

# follow: goes to each instant of the simulation, ends the runs that end there,
# and waits for what is decided there.
follow() {
	jq -r '[.time, .event, .schedule, .kickoff, .cancelled // false] |
		@tsv' simulated | tr '\t' ' ' >steps &&
	n=0 &&
	start_one before &&
	while read -r time event schedule kickoff cancelled; do
		case $time in
		2026-01-01T06:[1-5]*|2026-01-01T0[7-9]*|2026-01-01T10*)
			if test -e pid; then
				kill -9 "$(cat pid)" && rm pid
			fi ;;
		esac
		hands "$(date -u -d "$time" +%s)" || return 1
		if ! test -e pid && ! expr "$time" "<" "${outage#*..}" >out
		then
			start_one after || return 1
		fi
		case $event.$cancelled in
		end.false)
			touch "app/done.$schedule.$kickoff" &&
			eventually 20 has_ended "$schedule.$kickoff" ||
				return 1 ;;
		end.true) ;;
		*) n=$((n + 1)) ;;
		esac
		if test "$event" != end; then
			eventually 20 has_decided $n || return 1
		fi
	done <steps
}

test_expect_success 'the day is simulated' '
	make_held_app &&
	hands_at 00:00 &&
	unionml -C app schedule simulate --days 1 --duration 95m \
		--outage $outage --json >all &&
	grep -v 2026-01-02 all | jq -sc "sort_by(.time) | .[]" >simulated &&
	for event in start wait skip cancel
	do
		test_grep "\"$event\"" simulated || return 1
	done
'

test_expect_success 'a scheduler does the same' '
	unionml -C app -q deploy >out &&
	test_when_finished "kill -9 \$(cat pid); true" &&
	follow &&
	jq -r "$decisions" simulated | sort >want &&
	jq -r "$decisions" before.jsonl after.jsonl | sort >got &&
	test_cmp want got &&
	echo "# $(wc -l <want) decisions"
'

test_done
