#!/bin/sh
# Registering on Flyte: what the cluster that later tests talk to takes, what
# it refuses and in which words, after what was seen of a real one.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster

D=development

# post STATUS KIND FIXTURE [FILTER]
post() {
	fixture "$3" "${4:-.}" >body &&
	call "$1" POST "/api/v1/$2" @body
}

# post_refused STATUS CODE TEXT KIND FIXTURE [FILTER]
post_refused() {
	fixture "$5" "${6:-.}" >body &&
	refused "$1" "$2" "$3" POST "/api/v1/$4" @body
}

test_expect_success 'a cluster, its version, no token needed' '
	start_cluster &&
	call 200 GET /api/v1/version &&
	test_jq answer ".control_plane_version | has(\"Build\") and
		has(\"Version\") and has(\"BuildTime\")" &&
	call 200 GET /healthcheck &&
	test_line_count 0 answer &&
	test_grep ! -i "^content-type" headers
'

test_expect_success 'routing: unknown paths, wrong methods, absent services' '
	refused 404 5 "Not Found" GET /api/v1/nothing &&
	refused 501 12 "Method Not Allowed" PATCH /api/v1/tasks &&
	test_jq answer ".details == []" &&
	call 307 GET "/api/v1/tasks//$D/gen/v1"
'

test_expect_success OWN_CLUSTER 'routes of authentication are off' '
	refused 501 12 "unknown service flyteidl.service.IdentityService" \
		GET /me &&
	refused 501 12 "unknown service" GET \
		/.well-known/oauth-authorization-server &&
	refused 501 12 "unknown service" GET /config/v1/flyte_client
'

test_expect_success 'projects and domains' '
	call 200 GET "/api/v1/projects/$PROJECT" &&
	test_jq answer ".id == \$p and .state == \"ACTIVE\" and .org == \"\" and
		.labels == null and (.domains | length) > 0" --arg p "$PROJECT" &&
	refused 404 5 "project [none] not found" GET /api/v1/projects/none &&
	refused 409 6 "" POST /api/v1/projects \
		"{\"project\":{\"id\":\"$PROJECT\",\"name\":\"x\"}}" &&
	refused 400 3 "" POST /api/v1/projects \
		"{\"project\":{\"id\":\"Bad_ID\",\"name\":\"x\"}}" &&
	call 200 GET "/api/v1/projects?filters=eq(identifier,$PROJECT)" &&
	test_jq answer "[.projects[].id] == [\$p]" --arg p "$PROJECT" &&
	call 200 GET /api/v1/domains &&
	test_jq answer "[.domains[].id] | index(\"development\") != null"
'

test_expect_success 'an archived project is hidden and takes nothing' '
	call 200 POST /api/v1/projects \
		"{\"project\":{\"id\":\"$PROJECT-old\",\"name\":\"old\"}}" &&
	call 200 PUT "/api/v1/projects/$PROJECT-old" \
		"{\"id\":\"$PROJECT-old\",\"name\":\"old\",\"state\":\"ARCHIVED\"}" &&
	call 200 GET /api/v1/projects &&
	test_jq answer "[.projects[].id] | index(\$p) == null" \
		--arg p "$PROJECT-old" &&
	post_refused 400 3 "project [$PROJECT-old] is not active" tasks gen \
		".id.project = \"$PROJECT-old\"" &&
	test_jq answer ".details[0].\"@type\" ==
		\"type.googleapis.com/flyteidl.admin.InactiveProject\""
'

test_expect_success 'a task, answered in full' '
	post 200 tasks gen &&
	test_jq answer ". == {}" &&
	call 200 GET "/api/v1/tasks/$PROJECT/$D/gen/v1" &&
	test_jq answer ".closure.compiled_task.template as \$t |
		.id.org == \"\" and .short_description == \"\" and
		\$t.custom == null and \$t.config == {} and
		\$t.task_type_version == 0 and \$t.security_context == null and
		\$t.metadata.discoverable == false and
		\$t.metadata.retries.retries == 0 and
		\$t.metadata.timeout == \"600s\" and
		\$t.metadata.generates_deck == null and
		\$t.container.architecture == \"UNKNOWN\" and
		\$t.container.ports == [] and
		\$t.container.data_config.io_strategy == null and
		(.closure.created_at | test(\"Z\$\"))"
'

test_expect_success 'names are as the Accept header wants them' '
	call 200 GET "/api/v1/tasks/$PROJECT/$D/gen/v1" &&
	test_jq answer ".closure.compiled_task.template.task_type_version == 0" &&
	for i in "Accept: */*" "Accept: application/json; charset=utf-8"; do
		curl -sS -H "$i" "$FLYTE/api/v1/tasks/$PROJECT/$D/gen/v1" \
			>camel || return 1
		test_jq camel ".closure.compiledTask.template.taskTypeVersion == 0" ||
			return 1
	done
'

test_expect_success 'the same again, and another under its version' '
	post_refused 409 6 "task with identical structure already exists" \
		tasks gen &&
	post_refused 400 3 "gen task with different structure already exists. (Please register a new version of the task):" \
		tasks gen ".spec.template.container.args[1] |= sub(\"seq\"; \"jot\")"
'

test_expect_success 'a difference too long to be told' '
	long=".id.version = \"long\" | .spec.template.container.args[1] =
		([range(40000) | \"%s\"] | add)" &&
	post 200 tasks gen "$(printf "$long" x)" &&
	post_refused 500 13 "stream terminated by RST_STREAM with error code: INTERNAL_ERROR" \
		tasks gen "$(printf "$long" y)"
'

test_expect_success 'what was read can be sent back' '
	call 200 GET "/api/v1/tasks/$PROJECT/$D/gen/v1" &&
	jq "{id: .id, spec: {template: .closure.compiled_task.template}}" \
		answer >body &&
	refused 409 6 "identical structure" POST /api/v1/tasks @body
'

test_expect_success 'both spellings, enums by number' '
	fixture gen ".id.version = \"camel\" | .id.resource_type = 1" |
		sed -e s/resource_type/resourceType/ -e s/data_config/dataConfig/ \
			-e s/input_path/inputPath/ >body &&
	call 200 POST /api/v1/tasks @body &&
	call 200 GET "/api/v1/tasks/$PROJECT/$D/gen/camel" &&
	test_jq answer ".closure.compiled_task.template.container.data_config |
		.input_path == \"/var/inputs\""
'

test_expect_success 'bodies that are none' '
	refused 400 3 "invalid character '\''b'\'' looking for beginning of object key string" \
		POST /api/v1/tasks "{bad" &&
	refused 400 3 "unknown field \"nonsense\"" POST /api/v1/tasks \
		"{\"nonsense\":1}" &&
	refused 400 3 "invalid value for enum field resourceType: \"TASKX\"" POST \
		/api/v1/tasks "{\"id\":{\"resource_type\":\"TASKX\"}}" &&
	refused 400 3 "unexpected token 7" POST /api/v1/tasks "{\"id\": 7}"
'

test_expect_success 'a body over 4 MiB' '
	{
		printf "{\"id\":{\"name\":\"" &&
		head -c 4300000 /dev/zero | tr "\0" x &&
		printf "\"}}"
	} >body &&
	refused 429 8 "grpc: received message larger than max" POST \
		/api/v1/tasks @body
'

test_expect_success 'tasks that lack something' '
	post_refused 400 3 "unexpected resource type unspecified for identifier" \
		tasks gen "del(.id.resource_type)" &&
	post_refused 400 3 "missing version" tasks gen ".id.version = null" &&
	post_refused 400 3 "missing name" tasks gen ".id.name = \"\"" &&
	post_refused 400 3 "missing spec" tasks gen "del(.spec)" &&
	post_refused 400 3 "missing type" tasks gen "del(.spec.template.type)" &&
	post_refused 400 3 "missing metadata" tasks gen \
		"del(.spec.template.metadata)" &&
	post_refused 400 3 "missing typed interface" tasks gen \
		"del(.spec.template.interface)" &&
	post_refused 400 3 "missing image" tasks gen \
		".spec.template.container.image = \"\"" &&
	post_refused 400 3 "failed to validate that project [none] and domain [development] are registered, err: [project [none] not found]" \
		tasks gen ".id.project = \"none\"" &&
	post_refused 400 3 "domain [none] is unrecognized by system" tasks gen \
		".id.domain = \"none\""
'

test_expect_success 'resources' '
	r=".spec.template.container.resources" &&
	post_refused 400 3 "Requested CPU default [99] is greater than the limit [200m]" \
		tasks gen "$r.requests[0].value = \"99\"" &&
	post_refused 400 3 "Requested CPU default [3] is greater than current limit set in the platform configuration [2]" \
		tasks gen "$r.requests[0].value = \"3\" | del($r.limits)" &&
	post_refused 400 3 "lots" tasks gen "$r.requests[1].value = \"lots\""
'

test_expect_success 'a command is wanted where there are inputs or outputs' '
	post_refused 400 3 "task failed compilation with Collected Errors: 1 Error 0: Code: ValueRequired, Node Id: container, Description: Value required [command]." \
		tasks gen ".spec.template.container |= del(.command, .args)" &&
	post 200 tasks gen ".id.version = \"v0\" |
		.spec.template.interface = {} |
		.spec.template.container |= del(.command, .args)"
'

test_expect_success 'what is not checked: the type, the command, variables' '
	post 200 tasks gen ".id.version = \"v2\" |
		.spec.template.type = \"no-such-type\" |
		.spec.template.container.command = []" &&
	post 200 tasks gen ".id.version = \"v3\" |
		.spec.template.interface.inputs.variables.\"a b\" =
			{type: {simple: \"STRING\"}}" &&
	post 200 tasks count
'

test_expect_success 'tasks that are not there' '
	refused 404 5 "missing entity of type TASK with identifier project:\"$PROJECT\" domain:\"development\" name:\"nope\" version:\"v1\"" \
		GET "/api/v1/tasks/$PROJECT/$D/nope/v1" &&
	refused 404 5 "Not Found" GET "/api/v1/tasks/$PROJECT/$D/a%2Fb/v1" &&
	call 200 GET "/api/v1/tasks/$PROJECT/$D/gen/" &&
	test_jq answer ".id.name == \"gen\""
'

test_expect_success 'names with dots, spaces, colons and letters' '
	post 200 tasks gen ".id.name = \"a.b c:d+é\"" &&
	call 200 GET "/api/v1/tasks/$PROJECT/$D/a.b%20c%3Ad%2B%C3%A9/v1" &&
	test_jq answer ".id.name == \"a.b c:d+é\""
'

test_expect_success 'a workflow; the same again, and another' '
	post 200 workflows pipe &&
	post_refused 409 6 "workflow with identical structure already exists" \
		workflows pipe &&
	test_jq answer ".details[0] | .\"@type\" ==
		\"type.googleapis.com/flyteidl.admin.CreateWorkflowFailureReason\" and
		.exists_identical_structure.id.name == \"pipe\"" &&
	post_refused 400 3 "pipe workflow with different structure already exists." \
		workflows pipe ".spec.template.nodes[1].inputs[1].binding.scalar.primitive.integer = \"43\"" &&
	test_jq answer ".details[0].exists_different_structure.id.version == \"v1\""
'

test_expect_success 'a workflow read: in full alone, its interface in lists' '
	call 200 GET "/api/v1/workflows/$PROJECT/$D/pipe/v1" &&
	test_grep -i "^transfer-encoding: chunked" headers &&
	test_jq answer ".closure.compiled_workflow |
		([.tasks[].template.id.name] | sort) == [\"count\",\"gen\"] and
		.sub_workflows == [] and ([.primary.template.nodes[].id] ==
			[\"start-node\", \"end-node\", \"n0\", \"n1\"]) and
		.primary.template.nodes[1].inputs == .primary.template.outputs and
		.primary.connections.upstream.\"end-node\".ids ==
			[\"n0\", \"n1\"]" &&
	call 200 GET "/api/v1/workflows/$PROJECT/$D/pipe?limit=5" &&
	test_jq answer ".token == \"\" and (.workflows[0].closure.compiled_workflow |
		.primary.template.id == null and .primary.template.nodes == [])"
'

test_expect_success 'workflows that do not compile' '
	post_refused 400 3 "Code: ParameterNotBound, Node Id: n0, Description: Parameter not bound [n]." \
		workflows pipe ".spec.template.nodes[0].inputs = []" &&
	post_refused 400 3 "Description: The output variable '\''gen.sum'\'' has type [simple:INTEGER], but it'\''s assigned to the input variable '\''count.file'\'' which has type type [blob:{format:\"csv\"}]." \
		workflows pipe ".spec.template.nodes[1].inputs[0].binding.promise.var = \"sum\"" &&
	test_jq answer ".message | contains(\"Code: MismatchingTypes, Node Id: n1\")" &&
	post_refused 400 3 "missing entity of type TASK with identifier" \
		workflows pipe ".spec.template.nodes[1].task_node.reference_id.name = \"nope\""
'

test_expect_success 'members of a struct, if its type names them' '
	fixture pipe ".id.version = \"s1\" |
		.spec.template.nodes[0].inputs[0].binding.promise =
			{node_id: \"start-node\", var: \"h\",
			attr_path: [{string_value: \"n\"}]} |
		.spec.template.interface.inputs.variables =
			{h: {type: {simple: \"STRUCT\"}}}" >plain &&
	refused 400 3 "Code: MismatchingTypes" POST /api/v1/workflows @plain &&
	jq ".spec.template.interface.inputs.variables.h.type.structure =
		{dataclass_type: {n: {simple: \"INTEGER\"}}}" plain >typed &&
	call 200 POST /api/v1/workflows @typed
'

test_expect_success 'a launch plan; its inputs are completed' '
	post 200 launch_plans nightly &&
	call 200 GET "/api/v1/launch_plans/$PROJECT/$D/nightly/v1" &&
	test_jq answer ".closure | .state == \"INACTIVE\" and
		.expected_inputs.parameters.when.required == true and
		.expected_inputs.parameters.n.default.scalar.primitive.integer == \"3\" and
		(.expected_outputs.variables | keys) == [\"lines\",\"out\"] and
		.created_at == .updated_at" &&
	test_jq answer ".spec.labels.values.team == \"a\" and
		.spec.entity_metadata.schedule.cron_schedule.offset == \"\"" &&
	post_refused 409 6 "launch plan with identical structure already exists" \
		launch_plans nightly &&
	post_refused 400 3 "nightly launch plan with different structure already exists." \
		launch_plans nightly ".spec.max_parallelism = 4"
'

test_expect_success 'a fixed input is expected no more' '
	fixture nightly ".id.version = \"fixed\" |
		.spec.fixed_inputs.literals.n = {scalar:{primitive:{integer:\"9\"}}} |
		del(.spec.default_inputs)" >body &&
	call 200 POST /api/v1/launch_plans @body &&
	call 200 GET "/api/v1/launch_plans/$PROJECT/$D/nightly/fixed" &&
	test_jq answer ".closure.expected_inputs.parameters | keys == [\"when\"]"
'

test_expect_success 'launch plans that are refused' '
	text="{scalar: {primitive: {string_value: \"x\"}}}" &&
	parameter=".spec.default_inputs.parameters.when" &&
	now="{default: {scalar: {primitive: {datetime: \"2026-01-01T00:00:00Z\"}}}}" &&
	arg=".spec.entity_metadata.schedule.kickoff_time_input_arg" &&
	post_refused 404 5 "missing entity of type WORKFLOW" launch_plans nightly \
		".spec.workflow_id.name = \"nope\"" &&
	post_refused 400 3 "invalid fixed_input wrong type n, expected simple:INTEGER, got simple:STRING instead" \
		launch_plans nightly ".spec.fixed_inputs.literals.n = $text" &&
	post_refused 400 3 "unexpected fixed_input q" \
		launch_plans nightly ".spec.fixed_inputs.literals.q = $text" &&
	post_refused 400 3 "Cannot create a launch plan with a schedule if there is an unbound required input. [when] is required" \
		launch_plans nightly "del($arg)" &&
	post_refused 400 3 "KickoffTimeInputArg must reference a datetime input. [n] is a [simple:INTEGER]" \
		launch_plans nightly "$arg = \"n\" |
			$parameter |= (del(.required) + $now)" &&
	post_refused 400 3 "Cannot create a schedule with a KickoffTimeInputArg that does not point to a free input. [zz] is not free or does not exist." \
		launch_plans nightly "$arg = \"zz\" |
			$parameter |= (del(.required) + $now)"
'

# schedule STATUS VERSION SCHEDULE [TEXT]
schedule() {
	fixture nightly ".id.version = \"$2\" | .spec.entity_metadata.schedule =
		($3 + {kickoff_time_input_arg: \"when\"})" >body &&
	if [ "$1" = 200 ]; then
		call 200 POST /api/v1/launch_plans @body
	else
		refused "$1" 3 "$4" POST /api/v1/launch_plans @body
	fi
}

test_expect_success 'schedules that are taken' '
	schedule 200 c1 "{\"cron_schedule\":{\"schedule\":\"@daily\"}}" &&
	schedule 200 c2 "{\"cron_schedule\":{\"schedule\":\"@every 1m\"}}" &&
	schedule 200 c3 "{\"cron_schedule\":{\"schedule\":\"CRON_TZ=Europe/Paris 0 3 * * *\"}}" &&
	schedule 200 c4 "{\"cron_schedule\":{\"schedule\":\"0 3 * * *\",\"offset\":\"P1D\"}}" &&
	schedule 200 c5 "{\"rate\":{\"value\":10,\"unit\":\"MINUTE\"}}" &&
	schedule 200 c6 "{\"rate\":{\"value\":0,\"unit\":\"MINUTE\"}}" &&
	schedule 200 c7 "{\"cron_expression\":\"0 3 * * *\"}" &&
	call 200 GET "/api/v1/launch_plans/$PROJECT/$D/nightly/c3" &&
	test_jq answer ".spec.entity_metadata.schedule.cron_schedule.schedule ==
		\"CRON_TZ=Europe/Paris 0 3 * * *\"" &&
	call 200 GET "/api/v1/launch_plans/$PROJECT/$D/nightly/c6" &&
	test_jq answer ".spec.entity_metadata.schedule.rate ==
		{value: 0, unit: \"MINUTE\"}"
'

test_expect_success 'schedules that are refused' '
	schedule 400 x "{\"cron_schedule\":{\"schedule\":\"hourly\"}}" \
		"Invalid cron expression: expected exactly 5 fields, found 1: [hourly]" &&
	schedule 400 x "{\"cron_schedule\":{\"schedule\":\"0 3 * * ? *\"}}" \
		"expected exactly 5 fields, found 6" &&
	schedule 400 x "{\"cron_expression\":\"0 3 * * ? *\"}" \
		"expected exactly 5 fields, found 6" &&
	schedule 400 x "{\"cron_schedule\":{\"schedule\":\"61 * * * *\"}}" \
		"Invalid cron expression: end of range (61) above maximum (59): 61" &&
	schedule 400 x "{\"rate\":{\"value\":1,\"unit\":\"WEEK\"}}" \
		"invalid value for enum field unit: \"WEEK\""
'

stop_cluster
test_done
