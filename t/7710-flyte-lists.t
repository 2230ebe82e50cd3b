#!/bin/sh
# Lists on Flyte: pages, filters, sorting, ids, active launch plans, and the
# note on a name.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
DATA=$TEST_DIR/7700 D=development

# put STATE VERSION
put() {
	call 200 PUT "/api/v1/launch_plans/$PROJECT/$D/nightly/$2" \
		"{\"state\":\"$1\"}"
}

plans() {
	call 200 GET "/api/v1/launch_plans/$PROJECT/$D?limit=50&$1"
}

# activate_both: two versions at the same time.
activate_both() {
	put INACTIVE v3 && put INACTIVE v4 || return 1
	for i in v3 v4; do
		curl -sS -X PUT -o "put.$i" -d '{"state":"ACTIVE"}' \
			"$FLYTE/api/v1/launch_plans/$PROJECT/$D/nightly/$i" &
		eval "$i=\$!"
	done
	wait "$v3" "$v4"
}

both_active() {
	plans "filters=eq(launch_plan.name,nightly)%2Beq(state,1)" &&
	jq -e '.launch_plans | length == 2' answer
}

test_expect_success 'a cluster with four versions of a launch plan' '
	start_cluster -run SUCCEEDED &&
	for i in gen count; do
		fixture "$i" >body && call 200 POST /api/v1/tasks @body || return 1
	done &&
	fixture pipe >body && call 200 POST /api/v1/workflows @body &&
	for i in v1 v2 v3 v4; do
		fixture nightly ".id.version = \"$i\"" >body &&
		call 200 POST /api/v1/launch_plans @body || return 1
	done &&
	fixture nightly ".id.name = \"hourly\" | .spec.entity_metadata = null" \
		>body &&
	call 200 POST /api/v1/launch_plans @body
'

test_expect_success 'the limit is compulsory' '
	for i in tasks workflows launch_plans executions active_launch_plans \
		task_ids launch_plan_ids; do
		refused 400 3 "invalid value for limit" GET \
			"/api/v1/$i/$PROJECT/$D" || return 1
	done &&
	call 200 GET "/api/v1/tasks/$PROJECT/$D?limit=99999999"
'

test_expect_success 'a token is an offset; a full page has one' '
	base="/api/v1/launch_plans/$PROJECT/$D/nightly?sort_by.key=version&sort_by.direction=ASCENDING" &&
	call 200 GET "$base&limit=3" &&
	test_jq answer ".token == \"3\" and ([.launch_plans[].id.version] ==
		[\"v1\",\"v2\",\"v3\"])" &&
	call 200 GET "$base&limit=3&token=3" &&
	test_jq answer ".token == \"\" and (.launch_plans | length) == 1" &&
	call 200 GET "$base&limit=4" &&
	test_jq answer ".token == \"4\"" &&
	call 200 GET "$base&limit=4&token=4" &&
	test_jq answer ". == {launch_plans: [], token: \"\"}" &&
	call 200 GET "$base&limit=4&token=400" &&
	test_jq answer ".launch_plans == []" &&
	refused 400 3 "invalid pagination token abc for ListLaunchPlans" GET \
		"$base&limit=4&token=abc"
'

test_expect_success 'sorting, by either spelling and by number' '
	base="/api/v1/launch_plans/$PROJECT/$D/nightly?limit=9" &&
	for i in "sort_by.key=version&sort_by.direction=DESCENDING" \
		"sortBy.key=version&sortBy.direction=0" "sort_by.key=version"; do
		call 200 GET "$base&$i" &&
		test_jq answer "[.launch_plans[].id.version] ==
			[\"v4\",\"v3\",\"v2\",\"v1\"]" || return 1
	done &&
	call 200 GET "$base&sort_by.key=created_at&sort_by.direction=1" &&
	test_jq answer ".launch_plans[0].id.version == \"v1\"" &&
	refused 400 3 "invalid sort key '\''nokey'\''" GET "$base&sort_by.key=nokey" &&
	refused 400 3 "invalid sort key" GET "$base&sort_by.key=launch_plan.name" &&
	call 200 GET "$base&what_is_this=1"
'

test_expect_success 'ids: each name once' '
	call 200 GET "/api/v1/launch_plan_ids/$PROJECT/$D?limit=10" &&
	test_jq answer "[.entities[].name] | sort == [\"hourly\",\"nightly\"]" &&
	call 200 GET "/api/v1/task_ids/$PROJECT/$D?limit=10" &&
	test_jq answer "[.entities[].name] | sort == [\"count\",\"gen\"]" &&
	call 200 GET "/api/v1/workflow_ids/$PROJECT/$D?limit=1" &&
	test_jq answer ".token == \"1\" and .entities[0].org == \"\""
'

test_expect_success 'what does not exist is an empty list' '
	call 200 GET "/api/v1/launch_plans/none/$D?limit=5" &&
	test_jq answer ". == {launch_plans: [], token: \"\"}" &&
	call 200 GET "/api/v1/node_executions/$PROJECT/$D/none?limit=5" &&
	test_jq answer ".node_executions == []"
'

test_expect_success 'no version is active, then one' '
	refused 404 5 "No active launch plan could be found: $PROJECT:$D:nightly" \
		GET "/api/v1/active_launch_plans/$PROJECT/$D/nightly" &&
	put ACTIVE v1 && put ACTIVE v1 && put ACTIVE v2 &&
	call 200 GET "/api/v1/active_launch_plans/$PROJECT/$D/nightly" &&
	test_jq answer ".id.version == \"v2\" and .closure.state == \"ACTIVE\"" &&
	call 200 GET "/api/v1/active_launch_plans/$PROJECT/$D?limit=9" &&
	test_jq answer "[.launch_plans[].id.version] == [\"v2\"]" &&
	refused 404 5 "missing entity of type LAUNCH_PLAN" PUT \
		"/api/v1/launch_plans/$PROJECT/$D/nightly/v9" "{\"state\":\"ACTIVE\"}"
'

test_expect_success 'updated_at moves with PUT INACTIVE only' '
	call 200 GET "/api/v1/launch_plans/$PROJECT/$D/nightly/v1" &&
	test_jq answer ".closure | .created_at == .updated_at" &&
	put INACTIVE v2 &&
	call 200 GET "/api/v1/launch_plans/$PROJECT/$D/nightly/v2" &&
	test_jq answer ".closure | .state == \"INACTIVE\" and
		.created_at != .updated_at" &&
	refused 404 5 "" GET "/api/v1/active_launch_plans/$PROJECT/$D/nightly"
'

test_expect_success 'two activations at once leave two active' '
	for n in 1 2 3 4 5 6 7 8; do
		activate_both || return 1
		if both_active; then
			break
		fi
	done &&
	test_jq answer ".launch_plans | length == 2" &&
	put ACTIVE v1 &&
	plans "filters=eq(state,1)" &&
	test_jq answer ".launch_plans | length == 2" &&
	for i in v1 v2 v3 v4; do
		put INACTIVE "$i" || return 1
	done
'

test_expect_success 'filters of launch plans' '
	put ACTIVE v1 &&
	plans "filters=eq(state,1)" &&
	test_jq answer "[.launch_plans[].id.version] == [\"v1\"]" &&
	plans "filters=eq(name,hourly)" &&
	test_jq answer ".launch_plans | length == 1" &&
	plans "filters=eq(workflow.name,pipe)%2Beq(version,v4)" &&
	test_jq answer "[.launch_plans[].id.version] == [\"v4\"]" &&
	plans "filters=eq(schedule_type,CRON)" &&
	test_jq answer ".launch_plans | length == 4" &&
	plans "filters=eq(schedule_type,NONE)" &&
	test_jq answer "[.launch_plans[].id.name] == [\"hourly\"]" &&
	plans "filters=value_in(version,v2%3Bv3)" &&
	test_jq answer ".launch_plans | length == 2" &&
	plans "filters=contains(name,our)" &&
	test_jq answer "[.launch_plans[].id.name] == [\"hourly\"]" &&
	plans "filters=ne(name,hourly)" &&
	test_jq answer ".launch_plans | length == 4" &&
	plans "filters=gte(version,v3)" &&
	test_jq answer ".launch_plans | length == 2" &&
	plans "filters=lt(created_at,2020-01-01T00:00:00Z)" &&
	test_jq answer ".launch_plans == []"
'

test_expect_success 'filters that are refused' '
	base="/api/v1/launch_plans/$PROJECT/$D?limit=9&filters" &&
	refused 400 3 "'\''l.nofield'\'' is invalid filter" GET \
		"$base=eq(nofield,1)" &&
	refused 400 3 "unrecognized filter function: similar" GET \
		"$base=similar(name,x)" &&
	refused 400 3 "unrecognized filter function" GET \
		"$base=eq(name,nightly)+eq(state,1)" &&
	refused 400 3 "invalid value for filters" GET "$base=name" &&
	refused 400 3 "invalid semicolon separator in query" GET \
		"$base=value_in(name,a;b)" &&
	refused 500 2 "failed database operation with invalid input syntax for type integer: \"ACTIVE\"" \
		GET "$base=eq(state,ACTIVE)"
'

# run NAME [FILTER]
run() {
	jq -n --arg p "$PROJECT" --arg n "$1" "{project: \$p,
		domain: \"development\", name: \$n, spec: {launch_plan:
			{resource_type: \"LAUNCH_PLAN\", project: \$p,
			domain: \"development\", name: \"nightly\", version: \"v1\"}},
		inputs: {literals: {when:
			{scalar: {primitive: {datetime: \"2026-01-02T03:04:05Z\"}}}}}} |
		${2:-.}" >body &&
	call 200 POST /api/v1/executions @body
}

runs() {
	call 200 GET "/api/v1/executions/$PROJECT/$D?limit=50&filters=$1" &&
	test_jq answer "[.executions[].id.name] | sort == $2"
}

test_expect_success 'three executions' '
	run a1 && run a2 ".spec.tags = [\"blue\"]" &&
	run a3 ".spec.metadata = {mode: \"SCHEDULED\",
		scheduled_at: \"2026-01-02T03:04:05Z\"}"
'

test_expect_success 'filters of executions' '
	all="[\"a1\",\"a2\",\"a3\"]" &&
	runs "eq(mode,1)" "[\"a3\"]" &&
	runs "eq(execution_name,a2)" "[\"a2\"]" &&
	runs "eq(launch_plan.name,nightly)%2Bvalue_in(execution_name,a1%3Ba3)" \
		"[\"a1\",\"a3\"]" &&
	runs "eq(launch_plan.version,v2)" "[]" &&
	runs "eq(workflow.name,pipe)" "$all" &&
	runs "eq(admin_tag.name,blue)" "[\"a2\"]" &&
	runs "eq(phase,4)" "[]" &&
	runs "eq(phase,NOTHING)" "[]" &&
	runs "gte(created_at,2020-01-01T00:00:00Z)" "$all" &&
	runs "gt(execution_created_at,2220-01-01T00:00:00Z)" "[]" &&
	runs "eq(user,nobody)" "[]"
'

test_expect_success OWN_CLUSTER 'filters by phase' '
	runs "eq(phase,SUCCEEDED)" "[\"a1\",\"a2\",\"a3\"]" &&
	runs "value_in(phase,RUNNING%3BQUEUED)" "[]" &&
	runs "lt(duration,60)" "[\"a1\",\"a2\",\"a3\"]" &&
	for i in FAILED ABORTED TIMED_OUT RUNNING; do
		run_as "$i" && run "b-$(echo "$i" | tr A-Z_ a-z-)" || return 1
	done &&
	runs "value_in(phase,RUNNING%3BTIMED_OUT)" "[\"b-running\",\"b-timed-out\"]" &&
	runs "eq(phase,FAILED)" "[\"b-failed\"]" &&
	test_jq answer ".executions[0].closure | .error.kind == \"USER\" and
		.duration" &&
	runs "eq(phase,ABORTED)" "[\"b-aborted\"]" &&
	test_jq answer ".executions[0].closure.abort_metadata" &&
	runs "eq(phase,RUNNING)" "[\"b-running\"]" &&
	test_jq answer ".executions[0].closure.duration == null"
'

test_expect_success 'filters of executions that are refused' '
	base="/api/v1/executions/$PROJECT/$D?limit=9&filters" &&
	for i in name execution_mode principal; do
		refused 400 3 "'\''e.$i'\'' is invalid filter" GET "$base=eq($i,x)" ||
			return 1
	done &&
	refused 500 2 "invalid input syntax for type integer: \"SCHEDULED\"" GET \
		"$base=eq(mode,SCHEDULED)" &&
	refused 500 2 "invalid input syntax" GET \
		"$base=eq(state,EXECUTION_ACTIVE)"
'

test_expect_success 'archived executions leave the default list' '
	call 200 PUT "/api/v1/executions/$PROJECT/$D/a1" \
		"{\"state\":\"EXECUTION_ARCHIVED\"}" &&
	call 200 GET "/api/v1/executions/$PROJECT/$D?limit=9" &&
	test_jq answer "[.executions[].id.name] |
		index(\"a1\") == null and index(\"a2\") != null" &&
	runs "eq(state,1)" "[\"a1\"]" &&
	runs "gte(state,0)%2Bcontains(execution_name,a)%2Beq(workflow.version,v1)%2Beq(mode,0)%2Blt(execution_name,b)" \
		"[\"a1\",\"a2\"]" &&
	call 200 GET "/api/v1/executions/$PROJECT/$D/a1" &&
	test_jq answer ".closure.state_change_details.state ==
		\"EXECUTION_ARCHIVED\""
'

test_expect_success 'a note belongs to the name' '
	path="/api/v1/named_entities/LAUNCH_PLAN/$PROJECT/$D/nightly" &&
	call 200 PUT "$path" "{\"metadata\":{\"description\":\"paused: INC-42\"}}" &&
	call 200 GET "$path" &&
	test_jq answer ".resource_type == \"LAUNCH_PLAN\" and
		.id.name == \"nightly\" and .metadata ==
		{description: \"paused: INC-42\", state: \"NAMED_ENTITY_ACTIVE\"}" &&
	call 200 PUT "$path" "{\"metadata\":{\"description\":\"\"}}" &&
	call 200 GET "$path" &&
	test_jq answer ".metadata.description == \"paused: INC-42\"" &&
	long=$(head -c 301 /dev/zero | tr "\0" x) &&
	refused 500 2 "" PUT "$path" \
		"{\"metadata\":{\"description\":\"$long\"}}" &&
	call 200 PUT "$path" \
		"{\"metadata\":{\"description\":\"a\\u0001b${long#xxxx}\"}}" &&
	call 200 GET "$path" &&
	test_jq answer ".metadata.description | startswith(\"a\\u0001b\") and
		length == 300"
'

stop_cluster
test_done
