#!/bin/sh
# Runs of schedules whose process dies, and what is told of failures.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-schedule.sh"
. "$TEST_DIR/lib-scheduler.sh"

# frail [KEY...]: an app whose trainer appends its attempt to `tried` and, while
# there is `die`, kills the process that executes the run, and lives on (with
# `hard` until KILL). One that was not ended says so after a while.
frail() {
	rm -rf app ./*.log ./*.pid && mkdir app &&
	cat >app/unionml.yaml <<-END && cat >app/trainer.sh <<-\END &&
	name: frail
	dataset:
	  reader:
	    inputs: {time: {type: datetime}}
	    command: [sh, -c, 'echo reader >>"\$UNIONML_APP_DIR/tried" &&
	      echo "\$1" >"\$2"', sh, "{time}", "{data}"]
	model:
	  trainer:
	    retries: 1
	    command: [sh, trainer.sh, "{train}", "{model_object}"]
	schedules:
	  m:
	    workflow: train
	    expression: "* * * * *"
	    reader_time_arg: time
	$(printf '    %s\n' "$@")
	END
	cd "$UNIONML_APP_DIR"
	echo "$UNIONML_ATTEMPT $UNIONML_RUN_ID" >>tried
	while test -e wait; do sleep 0.05; done
	if test -e die; then
		kill -9 $PPID
		! test -e hard || trap "" TERM
		sleep 30
		echo survived >>tried
	fi
	test ! -e bad || exit 7
	cp "$1" "$2"
	END
	hands_at 00:00 &&
	unionml -C app -q deploy >deployed
}

is_logged() {
	grep -qE -- "$2" "$1.log"
}

is_status() {
	test "$(runs .status)" = "$1"
}

# interrupted: first the scheduler died, then who executed its run.
interrupted() {
	touch app/die app/wait &&
	start_scheduler a &&
	hands_at 00:01 &&
	eventually 20 tried "reader 1" &&
	kill -9 "$(cat a.pid)" &&
	rm app/wait &&
	eventually 20 is_status interrupted &&
	rm app/die
}

tried() {
	test "$(cut -d' ' -f1 app/tried | tr '\n' ' ')" = "$1 "
}

test_expect_success 'a run goes on where the dead process left it' '
	frail &&
	touch app/die app/hard &&
	start_scheduler a &&
	test_when_finished "stop_scheduler a" &&
	hands_at 00:01 &&
	eventually 20 tried "reader 1" &&
	rm app/die &&
	eventually 60 is_logged a "end  .* succeeded" &&
	is_logged a "resume  m  .* whoever ran it is gone" &&
	tried "reader 1 2" &&
	unionml -C app runs show latest --json >run.json &&
	test_jq run.json ".status == \"succeeded\" and
		.nodes[1].attempts == 2 and .nodes[0].attempts == 1"
'

test_expect_success 'another scheduler takes it up, with its own retries' '
	frail &&
	interrupted &&
	touch app/bad &&
	start_scheduler b &&
	test_when_finished "stop_scheduler b" &&
	eventually 60 is_logged b "end  .* failed: trainer: exit status 7" &&
	is_logged b "attempt 3 of 3" &&
	is_logged b "resume  m " &&
	tried "reader 1 2 3"
'

test_expect_success 'three times at most, then it has failed' '
	frail "on_failure: [sh, -c, \"echo \$UNIONML_ERROR >\$UNIONML_APP_DIR/told\"]" &&
	touch app/die &&
	start_scheduler a &&
	test_when_finished "stop_scheduler a" &&
	hands_at 00:01 &&
	eventually 180 is_logged a "end  .* failed: interrupted 4 times" &&
	tried "reader 1 2 3 4" &&
	eventually 20 test -s app/told &&
	echo "interrupted 4 times" >want &&
	test_cmp want app/told &&
	unionml -C app schedule list --json >list.json &&
	test_jq list.json ".[0].last.status == \"failed\""
'

test_expect_success 'one that was to be stopped is not taken up again' '
	frail &&
	interrupted &&
	unionml -C app -q runs stop latest &&
	unionml -C app scheduler --once >out &&
	is_status aborted &&
	tried "reader 1"
'

test_expect_success 'on_failure: the facts, in the directory of the version' '
	frail "on_failure: >" \
		"  env | grep ^UNIONML_ | sort >\"\$UNIONML_APP_DIR/facts\";" \
		"  pwd; echo told >&2" &&
	touch app/bad &&
	hands_at 00:01 &&
	test_must_fail 1 unionml -C app scheduler --once >out &&
	id=$(runs .id) && version=$(runs .app_version) &&
	run=$PWD/app/.unionml/runs/$id &&
	cat >want <<-END &&
	UNIONML_APP=frail
	UNIONML_APP_DIR=$PWD/app
	UNIONML_APP_VERSION=$version
	UNIONML_ERROR=trainer: exit status 7, attempt 2 of 2
	UNIONML_KICKOFF=2026-01-01T00:01:00Z
	UNIONML_LOG=$run/trainer/log
	UNIONML_NODE=trainer
	UNIONML_RUN_ID=$id
	UNIONML_SCHEDULE=m
	UNIONML_STATUS=failed
	UNIONML_TIMEZONE=UTC
	UNIONML_WORKFLOW=train
	END
	test_cmp want app/facts &&
	printf "%s\ntold\n" "$PWD/app/.unionml/versions/$version/source" \
		>want &&
	test_cmp want "$run/on_failure.log"
'

test_expect_success 'on_failure makes nobody wait, and can fail itself' '
	frail "overlap: allow" \
		"on_failure: [sh, -c, \"echo slow; sleep 30; echo never\"]" &&
	touch app/bad &&
	start_scheduler a --jobs 1 --grace 0s &&
	hands_at 00:01 &&
	eventually 20 is_logged a "end  .* failed" &&
	rm app/bad &&
	hands_at 00:02 &&
	eventually 20 is_logged a "end  .* succeeded" &&
	stop_scheduler a &&
	printf "slow\nunionml: stopped\n" >want &&
	test_cmp want app/.unionml/runs/*/on_failure.log &&
	frail "on_failure: [no-such-program]" &&
	touch app/bad &&
	hands_at 00:01 &&
	test_must_fail 1 unionml -C app scheduler --once >out &&
	test_grep "cannot start .no-such-program." \
		app/.unionml/runs/*/on_failure.log
'

test_expect_success 'who dies over on_failure leaves it to another' '
	frail "on_failure: >" \
		"  cd \"\$UNIONML_APP_DIR\"; echo \$UNIONML_RUN_ID >>told;" \
		"  test -e spare && test 1 -lt \$(wc -l <told) || kill -9 \$PPID" &&
	touch app/bad &&
	hands_at 00:01 &&
	test_must_fail 1 unionml -C app scheduler --once >out &&
	runs .id >id &&
	cat id id id >want &&
	test_cmp want app/told &&
	rm app/told &&
	unionml -C app scheduler --once >out &&
	test_path_missing app/told &&
	touch app/spare &&
	start_scheduler a &&
	test_when_finished "stop_scheduler a" &&
	hands_at 00:02 &&
	eventually 20 is_logged a "end  .* failed" &&
	eventually 20 test_line_count 2 app/told
'

test_expect_success 'on_failure holds a scheduler that stops for seconds only' '
	frail "on_failure: >" "  cd \"\$UNIONML_APP_DIR\";" \
		"  test -e again || sleep 300; echo told" &&
	touch app/bad &&
	start_scheduler a --grace 10m &&
	hands_at 00:01 &&
	eventually 20 is_logged a "end  .* failed" &&
	eventually 20 test -e app/.unionml/runs/*/on_failure.log &&
	before=$(date +%s) &&
	stop_scheduler a &&
	test "$(($(date +%s) - before))" -lt 60 &&
	echo "unionml: stopped" >want &&
	test_cmp want app/.unionml/runs/*/on_failure.log &&
	touch app/again &&
	unionml -C app scheduler --once >out &&
	echo told >>want &&
	test_cmp want app/.unionml/runs/*/on_failure.log
'

test_expect_success 'on_failure is not for what was aborted' '
	frail "on_failure: [touch, \"told\"]" &&
	touch app/die &&
	start_scheduler a --grace 0s &&
	hands_at 00:01 &&
	eventually 20 is_logged a "begin" &&
	stop_scheduler a &&
	test_path_missing app/.unionml/runs/*/on_failure.log
'

test_expect_success 'a store that is removed under it' '
	frail &&
	start_scheduler a &&
	rm -r app/.unionml &&
	test_expect_code 4 wait "$(cat a.pid)" &&
	test_grep "was removed or replaced" a.err
'

test_done
