#!/bin/sh
# What became of slots on a Flyte cluster: those that its scheduler ran, missed
# or ran twice, pauses, other tools; and the runs that make up for them.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
[ -z "$test_flyte_url" ] || test_skip_all "only for our own cluster"
D=development DAY=2026-11-20

# on DURATION: the cluster's clock and ours.
on() {
	advance_clock "$1" && look_at_clock
}

look_at_clock() {
	call 200 GET /_test/clock &&
	date -u -d "$(jq -r .now answer)" +%s >now.new && mv now.new now
}

# fresh TIME [OPTION...]: a cluster whose clock stands there.
fresh() {
	stop_cluster
	rm -f "$FLYTE_LOG"
	fresh_at=$1
	shift
	start_cluster -scheduler 30s -run SUCCEEDED "$@" &&
	printf "admin:\n  endpoint: dns:///%s\n  insecure: true\n" \
		"${FLYTE#http://}" >flyte.yaml &&
	set_clock "$fresh_at" && look_at_clock
}

# put STATE PLAN VERSION: as another tool would.
put() {
	call 200 PUT "/api/v1/launch_plans/demo/$D/$2/$3" "{\"state\":\"$1\"}"
}

# plan_version PLAN: that of its newest launch plan, in $version.
plan_version() {
	call 200 GET "/api/v1/launch_plans/demo/$D/$1?limit=1&sort_by.key=created_at&sort_by.direction=DESCENDING" &&
	version=$(jq -r ".launch_plans[0].id.version" answer)
}

# states FILE: `10:05 ok` of an audit's JSON.
states() {
	jq -r '.[] | .kickoff[11:16] + " " + .state' "$1"
}

# audit STATUS WANT...: of schedule five, each slot.
audit() {
	audit_status=$1
	shift
	if [ "$audit_status" -eq 0 ]; then
		unionml schedule audit five --json >out
	else
		test_must_fail "$audit_status" unionml schedule audit five \
			--json >out
	fi || return 1
	states out >got && printf '%s\n' "$@" >want && test_cmp want got
}

export FLYTECTL_CONFIG="$TRASH/flyte.yaml" UNIONML_TEST_NOW="@$TRASH/now"
cat >unionml.yaml <<'END'
name: app
default_target: staging
image: local/none:1
source: none
dataset:
  reader:
    inputs:
      time: {type: datetime, default: now}
    command: 'seq 3 >"$UNIONML_OUT_data"'
model:
  trainer:
    command: 'cp "$UNIONML_IN_train" "$UNIONML_OUT_model_object"'
  predictor:
    command: 'cat "$UNIONML_IN_features" >"$UNIONML_OUT_predictions"'
schedules:
  five: {workflow: train, expression: "*/5 * * * *", reader_time_arg: time}
  rare: {workflow: train, expression: "0 3 * * *", reader_time_arg: time}
targets:
  staging: {type: flyte, project: demo, domain: development}
END

test_expect_success 'the slots that the scheduler ran' '
	fresh ${DAY}T10:00:05Z &&
	unionml deploy -v v1 &&
	on 15m &&
	audit 0 "10:05 ok" "10:10 ok" "10:15 ok" &&
	test_jq out "all(.[]; .attempts == 1 and .delay == 0 and
		.reason == null and .version == \"v1\" and
		(.run | test(\"^f[0-9a-f]{16}000\$\")))"
'

test_expect_success 'next knows what runs will be called' '
	unionml schedule next five --json --from ${DAY}T10:00Z --limit 3 >next &&
	jq -c "map(.run)" next >got && jq -c "map(.run)" out >want &&
	test_cmp want got
'

test_expect_success 'all schedules, and those of which nothing was due' '
	unionml schedule audit >out &&
	cat >want <<-END &&
	five  3 due: 3 ok
	END
	test_cmp want out &&
	unionml schedule audit rare >out &&
	echo "rare  0 due" >want &&
	test_cmp want out
'

test_expect_success 'a name that nobody deployed' '
	test_must_fail 6 unionml schedule audit fife 2>err &&
	test_grep "Did you mean .five" err &&
	test_grep "there are: five, rare" err &&
	test_must_fail 6 unionml schedule audit "fi)ve" five 2>err &&
	test_grep "no schedule .fi)ve. is deployed to target" err
'

test_expect_success 'due as long as the scheduler may try again, then MISSED' '
	scheduler hold && on 20m &&
	audit 0 "10:05 ok" "10:10 ok" "10:15 ok" "10:20 due" "10:25 due" \
		"10:30 due" "10:35 due" &&
	scheduler stop && on 21m &&
	test_must_fail 1 unionml schedule audit five --until ${DAY}T10:26Z \
		>out 2>err &&
	test_grep "5 due: 3 ok, 2 MISSED" out &&
	test_grep "schedule backfill five --from ${DAY}T10:20Z --to ${DAY}T10:26Z" err
'

test_expect_success 'backfill: the names, mode and inputs of the scheduler' '
	unionml schedule backfill five --from ${DAY}T10:20Z --to ${DAY}T10:26Z \
		--dry-run 2>err &&
	test_grep "2 slots to run: 2 MISSED" err &&
	unionml schedule trigger five --at ${DAY}T10:20Z --no-wait >id &&
	call 200 GET "/api/v1/executions/demo/$D/$(cat id)" &&
	test_jq answer ".spec.metadata.mode == \"SCHEDULED\" and
		.spec.metadata.scheduled_at == \"${DAY}T10:20:00Z\"" &&
	call 200 GET "/api/v1/data/executions/demo/$D/$(cat id)" &&
	test_jq answer ".full_inputs.literals.time.scalar.primitive.datetime ==
		\"${DAY}T10:20:00Z\"" &&
	test_must_fail 1 unionml schedule audit five --until ${DAY}T10:26Z \
		--json >out &&
	states out >got &&
	printf "%s\n" "10:05 ok" "10:10 ok" "10:15 ok" "10:20 ok" \
		"10:25 MISSED" >want &&
	test_cmp want got &&
	test_jq out ".[3].delay == 2165"
'

test_expect_success 'said twice, the run is that which is there' '
	unionml schedule trigger five --at ${DAY}T10:20Z --no-wait >again 2>err &&
	test_cmp id again &&
	test_grep "has its run already" err
'

test_expect_success 'no slot, and none yet' '
	test_must_fail 6 unionml schedule trigger five --at ${DAY}T10:21Z \
		--no-wait 2>err &&
	test_grep "has no slot at" err &&
	test_must_fail 6 unionml schedule trigger five --at ${DAY}T11:30Z \
		--no-wait 2>err &&
	test_grep "still to come" err
'

test_expect_success 'a run now stands for no slot' '
	unionml schedule trigger five --no-wait >id &&
	call 200 GET "/api/v1/executions/demo/$D/$(cat id)" &&
	test_jq answer ".spec.metadata.mode == \"MANUAL\" and
		.spec.metadata.scheduled_at == null" &&
	test_must_fail 1 unionml schedule audit five --until ${DAY}T10:26Z \
		--json >out &&
	test_jq out "length == 5"
'

test_expect_success 'an archived run is no missing one' '
	jq -r ".[0].run" out >id &&
	call 200 PUT "/api/v1/executions/demo/$D/$(cat id)" \
		"{\"state\":\"EXECUTION_ARCHIVED\"}" &&
	unionml schedule audit five --until ${DAY}T10:06Z --json >out &&
	test_jq out ".[0].state == \"ok\""
'

test_expect_success 'a slot that two versions ran' '
	fresh ${DAY}T10:00:05Z &&
	unionml deploy -v v1 && on 50s &&
	plan_version app.five && old=$version && on 7m &&
	unionml deploy -v v2 && on 3m && plan_version app.five &&
	audit 0 "10:05 ok" "10:10 ok" &&
	past_runs "{\"project\":\"demo\",\"domain\":\"$D\",\"count\":1,
		\"launch_plan\":\"app.five\",\"version\":\"$old\",
		\"from\":\"${DAY}T10:10:00Z\",\"every\":\"1m\",
		\"duration\":\"30s\",\"phase\":\"SUCCEEDED\"}" &&
	audit 1 "10:05 ok" "10:10 DUPLICATE" &&
	test_jq out ".[1].reason | contains(\"version v1 \") and contains(\"version v2 \")"
'

test_expect_success 'a pause: the journal tells' '
	fresh ${DAY}T10:00:05Z &&
	unionml deploy -v v1 && on 6m &&
	unionml deactivate-schedules five --note "INC-42" && on 10m &&
	unionml activate-schedules five && on 5m &&
	audit 0 "10:05 ok" "10:10 paused" "10:15 paused" "10:20 ok"
'

test_expect_success 'a pause by another tool' '
	plan_version app.five && put INACTIVE app.five "$version" && on 10m &&
	audit 0 "10:05 ok" "10:10 paused" "10:15 paused" "10:20 ok" \
		"10:25 paused" "10:30 paused"
'

test_expect_success 'slots of both versions around a hand-over' '
	fresh ${DAY}T10:00:05Z &&
	unionml deploy -v v1 && on 11m &&
	sed -i "s,\*/5,*/10," unionml.yaml && unionml deploy -v v2 && on 20m &&
	audit 0 "10:05 ok" "10:10 ok" "10:20 ok" "10:30 ok" &&
	test_jq out "[.[].version] == [\"v1\", \"v1\", \"v2\", \"v2\"]" &&
	sed -i "s,\*/10,*/5," unionml.yaml
'

test_expect_success 'what the old version missed is named at the hand-over' '
	fresh ${DAY}T10:00:05Z &&
	unionml deploy -v v1 && on 6m && unionml deploy -v v2 2>err &&
	test_grep ! "no run" err &&
	on 5m && scheduler stop && on 10m &&
	unionml -t staging deploy -v v3 --dry-run --json >out 2>err &&
	test_jq out ".schedules | map(.name + \" \" + (.missed | tostring)) ==
		[\"five 2\", \"rare 0\"]" &&
	unionml -t staging deploy -v v3 --now >out 2>err &&
	test_grep "= five .*v2 until Fri 2026-11-20 10:20 UTC, v3 from Fri 2026-11-20 10:25 UTC" out &&
	test_grep "schedule .five.: 2 slots of version v2, the last Fri 2026-11-20 10:20 UTC, have no run, and nobody will make them up" err &&
	test_grep "unionml -t staging schedule backfill five --from ${DAY}T10:15Z --to ${DAY}T10:21Z" err &&
	scheduler start && on 5m &&
	audit 1 "10:05 ok" "10:10 ok" "10:15 MISSED" "10:20 MISSED" "10:25 ok" &&
	unionml schedule backfill five --from ${DAY}T10:15Z \
		--to ${DAY}T10:21Z 2>err &&
	audit 0 "10:05 ok" "10:10 ok" "10:15 ok" "10:20 ok" "10:25 ok" &&
	test_jq out "[.[].version] == [\"v1\", \"v2\", \"v2\", \"v2\", \"v3\"]"
'

test_expect_success 'backfill to its end; said twice, it does nothing' '
	fresh ${DAY}T10:00:05Z &&
	unionml deploy -v v1 && on 6m && scheduler stop && on 60m &&
	unionml schedule backfill five --from ${DAY}T10:05Z \
		--to ${DAY}T10:26Z --max-active 2 2>err &&
	test_grep "4 slots to run: 4 MISSED" err &&
	unionml schedule backfill five --from ${DAY}T10:05Z \
		--to ${DAY}T10:26Z 2>err &&
	test_grep "5 ok" err &&
	unionml schedule audit five --until ${DAY}T10:26Z >out &&
	test_grep "5 due: 5 ok" out
'

test_expect_success 'an answer that was lost: the run is there once' '
	fault "{\"method\": \"POST\", \"path\": \"/executions\$\",
		\"do\": \"reset\", \"after\": true}" &&
	unionml schedule trigger five --at ${DAY}T10:30Z --no-wait >id &&
	no_faults &&
	call 200 GET "/api/v1/executions/demo/$D/$(cat id)" &&
	jq -r "select(.method == \"POST\" and .path == \"/api/v1/executions\") |
		.body.name" "$FLYTE_LOG" >names &&
	test_line_count 5 names
'

test_expect_success 'a request that was lost: it is sent again' '
	fault "{\"method\": \"POST\", \"path\": \"/executions\$\",
		\"do\": \"reset\"}" &&
	unionml schedule trigger five --at ${DAY}T10:35Z --no-wait >id &&
	no_faults &&
	call 200 GET "/api/v1/executions/demo/$D/$(cat id)"
'

test_expect_success 'failed slots are run again by backfill, as attempt 1' '
	run_as FAILED &&
	unionml schedule trigger five --at ${DAY}T10:40Z --no-wait >id &&
	unionml schedule backfill five --from ${DAY}T10:40Z \
		--to ${DAY}T10:41Z 2>err &&
	test_grep "1 failed" err &&
	run_as SUCCEEDED &&
	unionml schedule backfill five --from ${DAY}T10:40Z \
		--to ${DAY}T10:41Z --reprocess failed &&
	unionml schedule audit five --since ${DAY}T10:40Z \
		--until ${DAY}T10:41Z --json >out &&
	test_jq out ".[0].state == \"ok\" and .[0].attempts == 2 and
		(.[0].run | endswith(\"001\"))" &&
	test "$(jq -r ".[0].run[:17]" out)000" = "$(cat id)"
'

test_expect_success 'a run that goes on, where overlap is skip' '
	sed -i "/^  five/s/}/, overlap: skip}/" unionml.yaml &&
	unionml deploy -v v2 && run_as no &&
	unionml schedule trigger five --no-wait >id &&
	test_must_fail 6 unionml schedule trigger five --no-wait 2>err &&
	test_grep "run $(cat id) of schedule .five. goes on" err &&
	test_must_fail 6 unionml schedule trigger five --no-wait \
		--overlap allow 2>err &&
	test_grep "lets no other run of .app.five. begin" err
'

test_expect_success 'slots that this policy kept from running' '
	scheduler start && on 50m &&
	unionml schedule audit five --since ${DAY}T11:11Z \
		--until ${DAY}T11:26Z --json >out &&
	test_jq out "length == 3 and all(.[]; .state == \"skipped\" and
		.reason == \"inferred: run $(cat id) went on\")"
'

stop_cluster
test_done
