#!/bin/sh
# Twenty schedulers on one store, killed at random and started again, the
# processes of some runs too: each slot has one run, and none is missing. The
# same while the clock jumps. UNIONML_TEST_SEED repeats a sequence;
# UNIONML_TEST_SLOTS is how many there are, of each kind.
seed=${UNIONML_TEST_SEED:-$$}
slots=${UNIONML_TEST_SLOTS:-200}
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-schedule.sh"
. "$TEST_DIR/lib-scheduler.sh"

schedulers=20
begin=1767225600

echo "# UNIONML_TEST_SEED=$seed UNIONML_TEST_SLOTS=$slots"

# The reader writes down for whom it runs, in one write. Of each twentieth slot
# the first attempt kills the process that executes it and lives on, until
# somebody ends it.
make_killed_app() {
	mkdir app && cat >app/unionml.yaml <<-\END && cat >app/run.sh <<-\END
	name: killed
	env: {PATH: /usr/local/bin:/usr/bin:/bin}
	dataset:
	  reader:
	    inputs: {time: {type: datetime}}
	    command: [sh, run.sh, "{time}", "{data}"]
	model:
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	schedules:
	  every_minute:
	    workflow: train
	    expression: "* * * * *"
	    reader_time_arg: time
	    catchup: all
	    overlap: allow
	END
	set -eu
	log=$UNIONML_APP_DIR/log
	echo "$1 $UNIONML_RUN_ID $UNIONML_ATTEMPT" >>"$log"
	echo "$1" >"$2"
	case "$1 $UNIONML_ATTEMPT" in
	*[024]7:00Z" 1")
		kill -9 $PPID
		sleep 20
		echo "$1 $UNIONML_RUN_ID survived" >>"$log" ;;
	esac
	END
}

start_one() {
	unionml -C app scheduler --jobs 2 >>"log.$1" 2>>"err.$1" &
	echo $! >"pid.$1"
}

kill_one() {
	kill -9 "$(cat "pid.$1")"
	wait "$(cat "pid.$1")" 2>/dev/null
	start_one "$1"
}

start_all() {
	for i in $(seq $schedulers); do
		start_one "$i"
	done
}

stop_all() {
	for i in $(seq $schedulers); do
		kill "$(cat "pid.$i")"
	done
	for i in $(seq $schedulers); do
		wait "$(cat "pid.$i")"
	done
}

# A line for each move of the hands: by how many minutes, and who is killed.
# With jumps, one in ten is an hour forward, and so many are an hour back.
make_plan() {
	awk -v seed="$seed" -v slots="$slots" -v n="$schedulers" \
		-v jumps="$1" 'BEGIN {
		srand(seed + jumps)
		for (at = most = 0; most < slots; at += by) {
			x = rand()
			by = rand() < 0.8 ? 1 : 1 + int(rand() * 4)
			if (jumps && x < 0.1 && most + 60 < slots)
				by = 60
			else if (x > 0.9 && at > 60 && back < jumps) {
				by = -60
				back++
			}
			if (at + by > slots)
				by = slots - at
			if (at + by > most)
				most = at + by
			print by, 1 + int(rand() * n), 1 + int(rand() * n)
		}
		print slots - at, 1, 2
	}'
}

carry_out() {
	now=$(cat hands)
	while read -r by one other; do
		now=$((now + by * 60))
		hands $now &&
		kill_one "$one" &&
		sleep "0.$((one % 3))" &&
		kill_one "$other" || return 1
	done <"$1"
}

all_ended() {
	runs .status | sort | uniq -c >statuses &&
	! grep -Ev "succeeded" statuses &&
	grep -q " $1 succeeded" statuses
}

# judge SLOTS: what the store says, and what the components saw.
judge() {
	eventually 120 all_ended "$1" &&
	runs '"\(.kickoff) \(.id[17:])"' | sort >slots &&
	awk -v n="$1" -v begin=$begin 'BEGIN {
		for (i = 1; i <= n; i++)
			print begin + i * 60
	}' | while read -r t; do
		date -u -d "@$t" "+%FT%TZ 000"
	done >want.slots &&
	test_cmp want.slots slots &&
	cut -d" " -f1,3 app/log | grep " 1\$" | sort >first &&
	sed "s/ 000/ 1/" want.slots >want.first &&
	test_cmp want.first first &&
	test_must_fail 1 grep survived app/log &&
	unionml -C app schedule audit --since 2026-01-01T00:00:30Z >told &&
	test_grep "$1 due: $1 ok\$" told &&
	cat err.* | sort | uniq -c >err &&
	echo "# $1 slots: one run each; $(grep -c " [234]\$" app/log) resumed"
}

test_expect_success 'twenty schedulers, killed at random' '
	make_killed_app &&
	hands $begin &&
	unionml -C app -q deploy >out &&
	make_plan 0 >plan &&
	start_all &&
	test_when_finished stop_all &&
	carry_out plan &&
	judge "$slots"
'

test_expect_success 'the same under a clock that jumps' '
	rm -rf app log.* err.* &&
	make_killed_app &&
	hands $begin &&
	unionml -C app -q deploy >out &&
	make_plan 5 >plan &&
	start_all &&
	test_when_finished stop_all &&
	carry_out plan &&
	judge "$slots"
'

test_done
