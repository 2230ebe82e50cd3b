#!/bin/sh
# Schedules on a Flyte cluster that other tools made: UnionML itself, which
# gives them their bare names, flytectl; and names of other apps.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
D=development

# plan NAME VERSION WORKFLOW SCHEDULE: registers a launch plan as UnionML does,
# with the defaults of the workflow's own one.
plan() {
	call 200 GET "/api/v1/launch_plans/$PROJECT/$D/$3/v0" &&
	jq -c --arg name "$1" --arg version "$2" --argjson schedule "$4" \
		'{id, spec} | .id.name = $name | .id.version = $version |
		.spec.entity_metadata = {schedule: $schedule}' answer >body &&
	call 200 POST /api/v1/launch_plans @body
}

cron() {
	echo "{\"cron_schedule\":{\"schedule\":\"$1\"}}"
}

put() {
	call 200 PUT "/api/v1/launch_plans/$PROJECT/$D/$1/$2" \
		"{\"state\":\"$3\"}"
}

active() {
	registered launch_plans "select(.closure.state == \"ACTIVE\") |
		.id.name + \" \" + .id.version"
}

# listed FILTER: of the list of schedules, line by line.
listed() {
	unionml -C app schedule list --json >list.json &&
	jq -r ".[] | $1" list.json
}

test_expect_success 'workflows, whose schedules somebody else made' '
	start_cluster &&
	echo "x: {workflow: train, expression: \"@daily\"}" |
		make_cluster_app app &&
	sed "/^schedules:/,\$d" app/unionml.yaml >bare.yaml &&
	echo "schedules: {}" >>bare.yaml && cp bare.yaml app/unionml.yaml &&
	unionml -C app deploy --no-schedule -v v0 >out &&
	plan nightly py1 a.train "$(cron "CRON_TZ=Europe/Paris 0 3 * * *")" &&
	plan nightly py2 a.train "$(cron "CRON_TZ=Europe/Paris 0 4 * * *")" &&
	plan each a.train-1 a.train "{\"rate\":{\"value\":90,\"unit\":\"MINUTE\"}}" &&
	plan a.cold 1 a.train "$(cron "0 5 * * *")" &&
	put nightly py2 ACTIVE && put each a.train-1 ACTIVE
'

test_expect_success 'they are listed, and a rate is told without its slots' '
	listed "\"\(.name) \(.workflow) \(.when) \(.timezone) \(.state) \(.next != null) \(.version) \(.drift)\"" >got &&
	cat >want <<-\END &&
	cold train 0 5 * * * null inactive false v0 not declared
	each train 90m null active false v0 not declared
	nightly train 0 4 * * * Europe/Paris active true v0 not declared
	END
	test_cmp want got &&
	unionml -C app schedule >out && unionml -C app --verbose schedule >out
'

test_expect_success 'deactivated and activated by their names' '
	unionml -C app deactivate-schedules --now -v v9 >out 2>err &&
	test_grep "no schedule of version .v9." err &&
	active >got && test_line_count 2 got &&
	unionml -C app deactivate-schedules --now nightly --note "INC-7" >out &&
	active >got && echo "each a.train-1" >want && test_cmp want got &&
	listed "select(.name == \"nightly\") | .state + \" \" + .note" >got &&
	echo "paused INC-7" >want && test_cmp want got &&
	unionml -C app activate-schedules --now nightly >out &&
	active >got && printf "%s\n" "each a.train-1" "nightly py2" >want &&
	test_cmp want got
'

test_expect_success 'a deploy takes over what it declares, and ends the rest' '
	sed -i "/^schedules/d" app/unionml.yaml &&
	printf "%s\n" schedules: \
		"  nightly: {workflow: train, expression: \"0 4 * * *\"}" \
		>>app/unionml.yaml &&
	unionml -C app deploy --now -v v1 --dry-run >out 2>err &&
	test_grep "~ nightly .*launch plan nightly -> a.nightly; v1 from" out &&
	test_grep -e "- each .*no longer declared here: will be deactivated" out &&
	active >got && test_cmp want got &&
	unionml -C app deploy --now -v v1 >out 2>err &&
	echo "a.nightly v1" >want &&
	test_grep "1 changed (nightly: name), 2 removed (cold, each, deactivated)" out &&
	active >got && test_cmp want got &&
	unionml -C app deploy --now -v v1 >out 2>err &&
	test_grep -x "nothing was changed" err
'

test_expect_success 'a bare one that is activated again is ended by the next' '
	put nightly py1 ACTIVE &&
	unionml -C app deploy --now -v v1 >out 2>err &&
	active >got && test_cmp want got
'

test_expect_success 'paused there before unionml came: kept so' '
	sed "s/^name: a$/name: b/" app/unionml.yaml >b.yaml &&
	mkdir -p b && cp app/* b/ && sed "/^schedules/,\$d" b.yaml >b/unionml.yaml &&
	unionml -C b deploy --no-schedule -v v0 >out &&
	plan weekly 1 b.train "$(cron "@weekly")" &&
	put weekly 1 ACTIVE && put weekly 1 INACTIVE &&
	printf "%s\n" schedules: \
		"  weekly: {workflow: train, expression: \"@weekly\"}" \
		>>b/unionml.yaml &&
	unionml -C b deploy --now -v v1 >out &&
	test_grep "weekly .*paused since .* by another tool" out &&
	active >got && test_cmp want got
'

test_expect_success 'a name that belongs to something else is refused' '
	plan b.taken 1 a.train "$(cron "@daily")" &&
	sed -i "s/^  weekly/  taken/" b/unionml.yaml &&
	test_must_fail 6 unionml -C b deploy --now -v v2 2>err &&
	test_grep "schedule .taken.: launch plan .b.taken. belongs to workflow .a.train." err &&
	registered tasks "select(.id.version == \"v2\")" >got &&
	test_line_count 0 got
'

test_expect_success OWN_CLUSTER 'a rate is judged by its spacing' '
	stop_cluster && rm -f "$FLYTE_LOG" &&
	start_cluster -scheduler 30s -run SUCCEEDED &&
	set_clock 2026-11-20T10:00:05Z &&
	test_set_now "$(date -u -d 2026-11-20T14:00:00Z +%s)" &&
	cp bare.yaml app/unionml.yaml &&
	sed -i "s,endpoint: \"[^\"]*\",endpoint: \"$FLYTE\"," app/flyte.yaml &&
	unionml -C app deploy --no-schedule -v v0 >out &&
	plan each 1 a.train "{\"rate\":{\"value\":10,\"unit\":\"MINUTE\"}}" &&
	put each 1 ACTIVE && advance_clock 1h && scheduler hold &&
	advance_clock 45m && scheduler release && advance_clock 2h15m &&
	test_must_fail 1 unionml -C app schedule audit each >out 2>err &&
	test_grep "^each  23 due: 21 ok, 2 MISSED" out &&
	test_grep "MISSED .* 2 slots up to .* about then: a rate has no fixed slots" out &&
	test_grep ! backfill err
'

stop_cluster
test_done
