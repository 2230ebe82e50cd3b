#!/bin/sh
# What people are told of a scheduler by what is not quite right: from the
# account of somebody else, and of versions whose files are gone.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"
. "$TEST_DIR/lib-schedule.sh"
. "$TEST_DIR/lib-scheduler.sh"

# as_reader COMMAND...: by an account that may read here, and not write.
as_reader() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		chmod a-w app/.unionml/scheduler.lock &&
		"$@"
	fi
}

can_read() {
	chmod -R a+rX . &&
	as_reader test -r app/.unionml/store.db &&
	as_reader test -x "$(command -v unionml)"
}

# shellcheck disable=SC2034 # used in tests
minutely='m: {workflow: train, expression: "* * * * *", reader_time_arg: time'

test_expect_success 'who may only read sees that a scheduler runs' '
	hands_at 00:00 &&
	make_timed_app app "$minutely}" &&
	unionml -C app -q deploy >deployed &&
	start_scheduler a &&
	test_when_finished "stop_scheduler a" &&
	if can_read
	then
		as_reader unionml -C app schedule list >out 2>err &&
		test_grep "m .* active" out &&
		test_must_fail 1 grep "no scheduler" err
	else
		echo "# nobody else can read here"
	fi
'

test_expect_success 'on_failure tells of a version whose files are gone' '
	rm -rf app && hands_at 00:00 &&
	make_timed_app app "$minutely, on_failure:
		\"env >\$UNIONML_APP_DIR/told; pwd >\$UNIONML_APP_DIR/where\"}" &&
	unionml -C app -q deploy -v one >deployed &&
	rm -r app/.unionml/versions/one &&
	hands_at 00:01 &&
	test_must_fail 1 unionml -C app scheduler --once >log &&
	test_grep "^UNIONML_SCHEDULE=m$" app/told &&
	test_grep "^UNIONML_STATUS=failed$" app/told &&
	test_grep "^UNIONML_ERROR=version .one. was removed" app/told &&
	(cd app && pwd) >want &&
	test_cmp want app/where
'

# has_run KICKOFF: its run has succeeded.
has_run() {
	unionml -C app runs --json >runs.json &&
	jq -e ".[] | select(.kickoff == \"$1\" and .status == \"succeeded\")" \
		runs.json
}

piped_scheduler() {
	unionml -C app scheduler >log.pipe 2>err &
	pid=$!
}

test_expect_success 'it goes on when nobody reads its log any more' '
	rm -rf app && hands_at 00:00 &&
	make_timed_app app "$minutely}" &&
	unionml -C app -q deploy >deployed &&
	mkfifo log.pipe &&
	piped_scheduler &&
	test_when_finished "kill $pid" &&
	head -n 1 <log.pipe >first &&
	test_grep " ready " first &&
	hands_at 00:01 &&
	eventually 20 has_run 2026-01-01T00:01:00Z &&
	hands_at 00:02 &&
	eventually 20 has_run 2026-01-01T00:02:00Z
'

test_done
