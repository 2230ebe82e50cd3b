#!/bin/sh
# The native scheduler of Flyte, as the test cluster has it: what fires when,
# what it makes up after a stop, and what a change in between does.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
[ -z "$test_flyte_url" ] || test_skip_all "only for our own cluster"
DATA=$TEST_DIR/7700 D=development

# plan NAME VERSION SCHEDULE [FILTER]
plan() {
	fixture nightly ".id.name = \"$1\" | .id.version = \"$2\" |
		.spec.entity_metadata.schedule = ({kickoff_time_input_arg: \"when\"} +
		$3) | ${4:-.}" >body &&
	call 200 POST /api/v1/launch_plans @body
}

# put STATE NAME VERSION
put() {
	call 200 PUT "/api/v1/launch_plans/demo/$D/$2/$3" "{\"state\":\"$1\"}"
}

# slots NAME: those that ran, by version, in order of time.
slots() {
	call 200 GET "/api/v1/executions/demo/$D?limit=999&filters=eq(launch_plan.name,$1)&sort_by.key=execution_created_at&sort_by.direction=ASCENDING" &&
	jq -r ".executions[] | .spec.launch_plan.version + \" \" +
		.spec.metadata.scheduled_at[11:19]" answer | LC_ALL=C sort -k 2 >slots
}

# ran NAME VERSION-AND-TIME...
ran() {
	ran_name=$1
	shift
	slots "$ran_name" && printf '%s\n' "$@" >want && test_cmp want slots
}

# fresh TIME: a cluster whose clock stands there, polling each 30 seconds.
fresh() {
	stop_cluster
	rm -f "$FLYTE_LOG"
	start_cluster -scheduler 30s -run SUCCEEDED && set_clock "$1" &&
	for i in gen count; do
		fixture "$i" >body && call 200 POST /api/v1/tasks @body || return 1
	done &&
	fixture pipe >body && call 200 POST /api/v1/workflows @body &&
	scheduler poll
}

MINUTE='{cron_schedule: {schedule: "* * * * *"}}'

test_expect_success 'a slot before the next poll is not run, later ones are' '
	fresh 2026-11-20T23:32:20Z &&
	plan everymin v1 "$MINUTE" &&
	advance_clock 38s &&
	put ACTIVE everymin v1 &&
	advance_clock 4m &&
	ran everymin "v1 23:34:00" "v1 23:35:00" "v1 23:36:00"
'

test_expect_success 'mode, time, inputs and name of such a run' '
	call 200 GET "/api/v1/executions/demo/$D?limit=1&sort_by.key=execution_created_at&sort_by.direction=DESCENDING" &&
	test_jq answer ".executions[0] | .spec.metadata.mode == \"SCHEDULED\" and
		.spec.metadata.scheduled_at == \"2026-11-20T23:36:00Z\" and
		.spec.metadata.principal == \"\" and
		(.id.name | length == 20 and test(\"^f.*000\$\"))" &&
	name=$(jq -r ".executions[0].id.name" answer) &&
	call 200 GET "/api/v1/data/executions/demo/$D/$name" &&
	test_jq answer ".full_inputs.literals.when.scalar.primitive.datetime ==
		\"2026-11-20T23:36:00Z\" and
		.full_inputs.literals.n.scalar.primitive.integer == \"3\""
'

test_expect_success 'the name that was seen on a real one' '
	fresh 2026-11-20T23:43:10Z &&
	plan everymin v1 "$MINUTE" && put ACTIVE everymin v1 &&
	scheduler poll && advance_clock 1m &&
	call 200 GET "/api/v1/executions/demo/$D/f14d3b3bfe83979ad000"
'

test_expect_success 'catch-up: every slot of a stop, at once' '
	advance_clock 50s &&
	scheduler stop &&
	advance_clock 4m &&
	ran everymin "v1 23:44:00" "v1 23:45:00" &&
	scheduler start &&
	ran everymin "v1 23:44:00" "v1 23:45:00" "v1 23:46:00" "v1 23:47:00" \
		"v1 23:48:00" "v1 23:49:00" &&
	advance_clock 1m &&
	slots everymin &&
	test_line_count 7 slots
'

test_expect_success 'PUT ACTIVE again moves the catch-up point' '
	scheduler stop && advance_clock 5m && put ACTIVE everymin v1 &&
	advance_clock 2m && scheduler start &&
	slots everymin &&
	test_line_count 9 slots
'

test_expect_success 'slots of a pause are never made up' '
	put INACTIVE everymin v1 && scheduler poll && advance_clock 10m &&
	put ACTIVE everymin v1 && scheduler poll && advance_clock 1m &&
	slots everymin &&
	test_line_count 10 slots
'

test_expect_success 'a hand-over close to a slot: the old version runs it' '
	fresh 2026-11-20T10:00:05Z &&
	plan a v1 "$MINUTE" && plan a v2 "$MINUTE" &&
	put ACTIVE a v1 && scheduler poll && advance_clock 45s &&
	put ACTIVE a v2 && advance_clock 80s &&
	ran a "v1 10:01:00" "v2 10:02:00"
'

test_expect_success 'and a restart before its first run does it again' '
	fresh 2026-11-20T10:00:05Z &&
	plan a v1 "$MINUTE" && plan a v2 "$MINUTE" &&
	put ACTIVE a v1 && scheduler poll && advance_clock 50s &&
	put ACTIVE a v2 && advance_clock 8s &&
	ran a "v1 10:01:00" &&
	scheduler stop && scheduler start &&
	ran a "v1 10:01:00" "v2 10:01:00"
'

test_expect_success 'a slot that the old one missed while stopped is lost' '
	fresh 2026-11-20T10:00:05Z &&
	plan a v1 "$MINUTE" && plan a v2 "$MINUTE" &&
	put ACTIVE a v1 && scheduler poll && scheduler stop &&
	advance_clock 2m && put ACTIVE a v2 && advance_clock 1m &&
	scheduler start &&
	ran a "v2 10:03:00"
'

test_expect_success 'deactivated close to a slot: it still runs' '
	fresh 2026-11-20T10:00:05Z &&
	plan a v1 "$MINUTE" && put ACTIVE a v1 && scheduler poll &&
	advance_clock 50s && put INACTIVE a v1 && advance_clock 5m &&
	ran a "v1 10:01:00"
'

test_expect_success 'admin down: late, not lost' '
	fresh 2026-11-20T10:00:05Z &&
	plan a v1 "$MINUTE" && put ACTIVE a v1 && scheduler poll &&
	scheduler hold && advance_clock 100s && slots a &&
	test_line_count 0 slots &&
	scheduler release && ran a "v1 10:01:00" &&
	test_jq answer ".executions[0].closure.created_at[:19] ==
		\"2026-11-20T10:01:45\""
'

test_expect_success 'a rate counts from when it was noticed' '
	fresh 2026-11-20T10:00:05Z &&
	plan r v1 "{rate: {value: 10, unit: \"MINUTE\"}}" \
		"del(.spec.entity_metadata.schedule.kickoff_time_input_arg) |
		.spec.default_inputs.parameters.when |= (del(.required) + {default:
			{scalar: {primitive: {datetime: \"2026-01-01T00:00:00Z\"}}}})" &&
	put ACTIVE r v1 && advance_clock 6s && scheduler poll &&
	advance_clock 25m &&
	ran r "v1 10:10:11" "v1 10:20:11" &&
	scheduler stop && advance_clock 10m && scheduler start &&
	ran r "v1 10:10:11" "v1 10:20:11" "v1 10:30:11"
'

test_expect_success 'a rate never fills its kickoff argument' '
	plan k v1 "{rate: {value: 1, unit: \"MINUTE\"}}" && put ACTIVE k v1 &&
	scheduler poll && advance_clock 3m && slots k && test_line_count 0 slots &&
	call 200 GET /_test/scheduler &&
	test_jq answer "any(.events[]; contains(\"expected_inputs when missing\"))"
'

test_expect_success '@every does; a rate of 0 is never scheduled' '
	fresh 2026-11-20T10:00:05Z &&
	plan e v1 "{cron_schedule: {schedule: \"@every 10m\"}}" &&
	plan z v1 "{rate: {value: 0}}" &&
	put ACTIVE e v1 && put ACTIVE z v1 && scheduler poll &&
	advance_clock 21m &&
	ran e "v1 10:10:05" "v1 10:20:05" &&
	slots z && test_line_count 0 slots
'

test_expect_success 'a time zone; the offset is ignored' '
	plan tz v1 "{cron_schedule: {schedule: \"CRON_TZ=Europe/Berlin 0 12 * * *\",
		offset: \"PT1H\"}}" &&
	put ACTIVE tz v1 && scheduler poll && advance_clock 1h &&
	ran tz "v1 11:00:00"
'

test_expect_success 'a wall time that does not exist is skipped' '
	fresh 2026-03-28T12:00:05Z &&
	plan gap v1 "{cron_schedule: {schedule: \"CRON_TZ=Europe/Berlin 30 2 * * *\"}}" &&
	put ACTIVE gap v1 && scheduler poll && advance_clock 48h &&
	ran gap "v1 00:30:00"
'

test_expect_success 'a concurrency policy leaves no trace of a slot' '
	stop_cluster && start_cluster -scheduler 30s -run no &&
	set_clock 2026-11-20T10:00:05Z &&
	for i in gen count; do
		fixture "$i" >body && call 200 POST /api/v1/tasks @body || return 1
	done &&
	fixture pipe >body && call 200 POST /api/v1/workflows @body &&
	plan c v1 "$MINUTE" ".spec.concurrency_policy = {max: 1, behavior: 1}" &&
	put ACTIVE c v1 && scheduler poll && advance_clock 5m &&
	ran c "v1 10:01:00"
'

test_expect_success 'by the real clock, too' '
	stop_cluster && start_cluster -scheduler 100ms -run SUCCEEDED &&
	for i in gen count; do
		fixture "$i" >body && call 200 POST /api/v1/tasks @body || return 1
	done &&
	fixture pipe >body && call 200 POST /api/v1/workflows @body &&
	plan c v1 "{cron_schedule: {schedule: \"@every 1s\"}}" &&
	put ACTIVE c v1 && tries=0 &&
	while slots c && test "$(wc -l <slots)" -lt 2; do
		tries=$((tries + 1))
		test "$tries" -lt 200 || return 1
		sleep 0.05
	done
'

test_expect_success 'runs of the past, as many as are wanted' '
	past_runs "{\"project\":\"demo\",\"domain\":\"$D\",\"launch_plan\":\"c\",
		\"version\":\"v1\",\"count\":3000,\"from\":\"2026-01-01T00:00:00Z\",
		\"every\":\"1m\",\"duration\":\"30s\",\"phase\":\"SUCCEEDED\"}" &&
	call 200 GET "/api/v1/executions/demo/$D?limit=1000&token=2000&sort_by.key=execution_created_at&sort_by.direction=ASCENDING" &&
	test_jq answer "(.executions | length) == 1000 and .token == \"3000\" and
		.executions[0].spec.metadata.scheduled_at == \"2026-01-02T09:20:00Z\" and
		.executions[0].closure.duration == \"30s\""
'

stop_cluster
test_done
