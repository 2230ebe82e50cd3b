#!/bin/sh
# Executions on Flyte: names, inputs, phases, node and task executions, again
# and from where it broke off; each container on copilot's layout.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
DATA=$TEST_DIR/7700 D=development

# task NAME INTERFACE SCRIPT [FILTER]: a raw container that runs it under sh.
task() {
	jq -n --arg p "$PROJECT" --arg n "$1" --argjson i "$2" --arg s "$3" "
		{id: {resource_type: \"TASK\", project: \$p, domain: \"$D\",
			name: \$n, version: \"v1\"},
		spec: {template: {type: \"raw-container\", metadata: {},
			interface: \$i, container: {image: \"busybox\",
			command: [\"/bin/sh\"], args: [\"-c\", \$s],
			data_config: {enabled: true, input_path: \"/var/inputs\",
				output_path: \"/var/outputs\"}}}}} | ${4:-.}" >body &&
	call 200 POST /api/v1/tasks @body
}

# launch STATUS TYPE ENTITY RUN [INPUTS [FILTER]]
launch() {
	jq -n --arg p "$PROJECT" --arg t "$2" --arg e "$3" --arg n "$4" \
		--argjson i "${5:-null}" "{project: \$p, domain: \"$D\",
		name: \$n, spec: {launch_plan: {resource_type: \$t, project: \$p,
		domain: \"$D\", name: \$e, version: \"v1\"}},
		inputs: {literals: \$i}} | ${6:-.}" >body &&
	call "$1" POST /api/v1/executions @body
}

get() {
	call 200 GET "/api/v1/executions/$PROJECT/$D/$1"
}

# ended RUN PHASE: it does, and in that one; its execution is in `answer`.
ended() {
	tries=0
	while get "$1" && ! jq -e '.closure.phase | . == "SUCCEEDED" or
		. == "FAILED" or . == "ABORTED"' answer >/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -lt 1200 ] || break
		sleep 0.05
	done
	test_jq answer ".closure.phase == \"$2\""
}

attempts() {
	call 200 GET "/api/v1/task_executions/$PROJECT/$D/$1/$2?limit=9&sort_by.key=retry_attempt&sort_by.direction=ASCENDING"
}

data() {
	call 200 GET "/api/v1/data/executions/$PROJECT/$D/$1"
}

WHEN='{"scalar":{"primitive":{"datetime":"2026-01-02T03:04:05Z"}}}'

test_expect_success 'a cluster with a workflow of two nodes' '
	echo "{\"digits/dsn\": \"hidden\"}" >secrets &&
	start_cluster -secrets secrets &&
	for i in gen count; do
		fixture "$i" >body && call 200 POST /api/v1/tasks @body || return 1
	done &&
	fixture pipe >body && call 200 POST /api/v1/workflows @body &&
	fixture nightly >body && call 200 POST /api/v1/launch_plans @body &&
	fixture nightly ".id.name = \"fixed\" | .spec.entity_metadata = null |
		.spec.fixed_inputs.literals.n = {scalar: {primitive: {integer: 5}}} |
		.spec.default_inputs = null" >body &&
	call 200 POST /api/v1/launch_plans @body
'

test_expect_success 'a run through both' '
	launch 200 LAUNCH_PLAN nightly run1 "{\"when\": $WHEN,
		\"n\": {\"scalar\": {\"primitive\": {\"integer\": \"7\"}}}}" &&
	test_jq answer ". == {id: {project: \$p, domain: \"$D\", name: \"run1\",
		org: \"\"}}" --arg p "$PROJECT" &&
	ended run1 SUCCEEDED &&
	test_jq answer ".closure.outputs.uri and (.closure.duration | test(\"s\$\"))
		and .closure.workflow_id.name == \"pipe\" and
		.closure.state_change_details.state == \"EXECUTION_ACTIVE\" and
		.spec.inputs == null and .spec.metadata.mode == \"MANUAL\" and
		.spec.metadata.principal == \"\" and
		.spec.metadata.scheduled_at == null and .spec.max_parallelism == 25"
'

test_expect_success 'its inputs and outputs' '
	data run1 &&
	test_jq answer ".full_inputs.literals.n == {scalar: {primitive:
			{integer: \"7\"}}, hash: \"\", metadata: {}} and
		.full_outputs.literals.lines.scalar.primitive.integer == \"7\" and
		(.full_outputs.literals.out.scalar.blob | .metadata.type ==
			{format: \"\", dimensionality: \"SINGLE\"} and
			(.uri | test(\"^s3://.*/../run1-n0-0/out\$\"))) and
		(.inputs.bytes | tonumber) > 0 and .outputs.url != \"\""
'

test_expect_success 'its nodes and their attempts' '
	call 200 GET "/api/v1/node_executions/$PROJECT/$D/run1?limit=9" &&
	test_jq answer "([.node_executions[].id.node_id] | sort) ==
		[\"end-node\", \"n0\", \"n1\", \"start-node\"] and
		all(.node_executions[]; .closure.phase == \"SUCCEEDED\")" &&
	test_jq answer ".node_executions[] | select(.id.node_id == \"start-node\") |
		.closure.duration == null and .closure.started_at == null" &&
	call 200 GET "/api/v1/node_executions/$PROJECT/$D/run1/n0" &&
	test_jq answer ".closure.task_node_metadata.cache_status ==
		\"CACHE_DISABLED\" and .closure.output_uri" &&
	attempts run1 n0 &&
	test_jq answer "(.task_executions | length) == 1 and
		(.task_executions[0] | .id.retry_attempt == 0 and
		.id.task_id.name == \"gen\" and .closure.phase == \"SUCCEEDED\" and
		.closure.metadata.generated_name == \"run1-n0-0\")" &&
	call 200 GET "/api/v1/task_executions/$PROJECT/$D/run1/n0/$PROJECT/$D/gen/v1/0" &&
	refused 404 5 "" GET \
		"/api/v1/task_executions/$PROJECT/$D/run1/n0/$PROJECT/$D/gen/v1/1" &&
	call 200 GET "/api/v1/data/node_executions/$PROJECT/$D/run1/n1" &&
	test_jq answer ".dynamic_workflow == null and .flyte_urls ==
		{inputs: \"flyte://v1/$PROJECT/$D/run1/n1/i\",
		outputs: \"flyte://v1/$PROJECT/$D/run1/n1/o\", deck: \"\"} and
		.full_inputs.literals.x.scalar.primitive.integer == \"42\""
'

test_expect_success 'values by flyte URL' '
	url="/api/v1/data?flyte_url=flyte%3A%2F%2Fv1%2F$PROJECT%2F$D%2Frun1%2Fn0" &&
	call 200 GET "$url%2Fo" &&
	test_jq answer ".literal_map.literals.sum.scalar.primitive.integer == \"7\"" &&
	call 200 GET "$url%2Fo%2Fsum" &&
	test_jq answer ".literal.scalar.primitive.integer == \"7\"" &&
	call 200 GET "$url%2Fi" &&
	test_jq answer ".literal_map.literals.n"
'

test_expect_success 'a name that exists; its stored inputs are overwritten' '
	refuse() {
		launch 409 LAUNCH_PLAN nightly run1 "{\"when\": $WHEN,
			\"n\": {\"scalar\": {\"primitive\": {\"integer\": \"8\"}}}}"
	} &&
	refuse &&
	test_jq answer ".code == 6 and .message == \"value with matching already exists (duplicate key value violates unique constraint \\\"executions_pkey\\\")\"" &&
	data run1 &&
	test_jq answer ".full_inputs.literals.n.scalar.primitive.integer == \"8\" and
		.full_outputs.literals.lines.scalar.primitive.integer == \"7\""
'

test_expect_success 'names: given, lower-cased, made, refused' '
	launch 200 LAUNCH_PLAN nightly RUN-B "{\"when\": $WHEN}" &&
	test_jq answer ".id.name == \"run-b\"" &&
	launch 200 LAUNCH_PLAN nightly "" "{\"when\": $WHEN}" &&
	test_jq answer ".id.name | length == 20" &&
	launch 400 LAUNCH_PLAN nightly run_2 "{\"when\": $WHEN}" &&
	test_jq answer ".message | startswith(\"invalid name format: run_2, does not match regex\")" &&
	launch 400 LAUNCH_PLAN nightly "$(head -c 64 /dev/zero | tr "\0" x)" \
		"{\"when\": $WHEN}" &&
	test_jq answer ".message | startswith(\"size of name exceeded length 63\")"
'

test_expect_success 'inputs that are refused' '
	launch 400 LAUNCH_PLAN nightly x &&
	test_jq answer ".message == \"expected_inputs when missing\"" &&
	launch 400 LAUNCH_PLAN nightly x "{\"when\": $WHEN, \"q\": $WHEN}" &&
	test_jq answer ".message == \"invalid input q\"" &&
	launch 400 LAUNCH_PLAN fixed x "{\"when\": $WHEN,
		\"n\": {\"scalar\": {\"primitive\": {\"integer\": \"1\"}}}}" &&
	test_jq answer ".message == \"invalid input n\"" &&
	launch 400 LAUNCH_PLAN nightly x "{\"when\": $WHEN,
		\"n\": {\"scalar\": {\"primitive\": {\"string_value\": \"1\"}}}}" &&
	test_jq answer ".message == \"invalid n input wrong type. Expected simple:INTEGER, but got simple:STRING\"" &&
	launch 404 LAUNCH_PLAN nope x &&
	launch 400 WORKFLOW pipe x &&
	launch 400 LAUNCH_PLAN nightly x null "del(.spec.launch_plan.version)" &&
	test_jq answer ".message == \"missing version\""
'

test_expect_success 'inputs of the wrong form' '
	for i in "{\"integer\":\"7.5\"}" "{\"integer\":\"0x7\"}" \
		"{\"datetime\":\"2026-01-02\"}" "{\"duration\":\"1h\"}"; do
		launch 400 LAUNCH_PLAN nightly x "{\"when\": $WHEN,
			\"n\": {\"scalar\": {\"primitive\": $i}}}" || return 1
	done &&
	launch 200 LAUNCH_PLAN nightly form "{\"when\": $WHEN,
		\"n\": {\"scalar\": {\"primitive\": {\"integer\": 7.0}}}}"
'

test_expect_success 'again, with the inputs that are stored' '
	ended run1 SUCCEEDED &&
	call 200 POST /api/v1/executions/relaunch "{\"id\":{\"project\":\"$PROJECT\",
		\"domain\":\"$D\",\"name\":\"run1\"},\"name\":\"run1-again\"}" &&
	ended run1-again SUCCEEDED &&
	test_jq answer ".spec.metadata | .mode == \"RELAUNCH\" and
		.reference_execution.name == \"run1\"" &&
	data run1-again &&
	test_jq answer ".full_outputs.literals.lines.scalar.primitive.integer == \"8\"" &&
	refused 409 6 "already exists" POST /api/v1/executions/relaunch \
		"{\"id\":{\"project\":\"$PROJECT\",\"domain\":\"$D\",\"name\":\"run1\"},
		\"name\":\"run1-again\"}"
'

test_expect_success 'a slot of ours; again keeps its time' '
	launch 200 LAUNCH_PLAN nightly slot "{\"when\": $WHEN}" \
		".spec.metadata = {mode: \"SCHEDULED\", principal: \"me\",
			scheduled_at: \"2026-01-02T03:04:05Z\"}" &&
	ended slot SUCCEEDED &&
	test_jq answer ".spec.metadata | .mode == \"SCHEDULED\" and
		.principal == \"\" and .scheduled_at == \"2026-01-02T03:04:05Z\"" &&
	call 200 POST /api/v1/executions/recover "{\"id\":{\"project\":\"$PROJECT\",
		\"domain\":\"$D\",\"name\":\"slot\"},\"name\":\"slot-2\"}" &&
	ended slot-2 SUCCEEDED &&
	test_jq answer ".spec.metadata | .mode == \"RECOVERED\" and
		.scheduled_at == \"2026-01-02T03:04:05Z\"" &&
	call 200 GET "/api/v1/node_executions/$PROJECT/$D/slot-2/n0" &&
	test_jq answer ".closure.phase == \"RECOVERED\"" &&
	data slot-2 &&
	test_jq answer ".full_outputs.literals.lines.scalar.primitive.integer == \"3\""
'

test_expect_success 'one task alone; what it leaves behind' '
	launch 200 TASK gen t-gen "{\"n\": {\"scalar\": {\"primitive\":
		{\"integer\": \"2\"}}}}" &&
	ended t-gen SUCCEEDED &&
	call 200 GET "/api/v1/node_executions/$PROJECT/$D/t-gen/gen" &&
	call 200 GET "/api/v1/launch_plan_ids/$PROJECT/$D?limit=99" &&
	test_jq answer "[.entities[].name] | index(\".flytegen.gen\") != null"
'

# What a container sees.
test_expect_success 'environment and arguments of a container' '
	task env "{\"inputs\":{\"variables\":{\"n\":{\"type\":{\"simple\":\"INTEGER\"}}}},
		\"outputs\":{\"variables\":{\"o\":{\"type\":{\"simple\":\"STRING\"}}}}}" \
		"set -eu
		echo \$FLYTE_INTERNAL_EXECUTION_ID \$FLYTE_INTERNAL_TASK_NAME \
			\$FLYTE_ATTEMPT_NUMBER \$MODE \$FOO {{.inputs.n}} {{ \
			\"\$(cat /var/inputs/inputs.json)\" \
			\$(ls /var/inputs | tr \"\\n\" \" \") >/var/outputs/o.txt" \
		".spec.template.container.env = [{key: \"MODE\", value: \"test\"}]" &&
	launch 200 TASK env t-env "{\"n\": {\"scalar\": {\"primitive\":
		{\"integer\": \"2\"}}}}" \
		".spec.envs = {values: [{key: \"FOO\", value: \"bar\"}]}" &&
	ended t-env SUCCEEDED &&
	data t-env &&
	test_jq answer ".full_outputs.literals.o.scalar.primitive.string_value ==
		\"t-env env 0 test bar 2 {{ {\\\"n\\\":2} inputs.json inputs.pb n\""
'

test_expect_success OWN_CLUSTER 'secrets, where the cluster has them' '
	task secret "{}" "test \"\$DSN \$_FSEC_DIGITS_DSN \${NONE-unset}\" = \
		\"hidden hidden unset\"" ".spec.template.security_context.secrets = [
		{group: \"digits\", key: \"dsn\", mount_requirement: \"ENV_VAR\",
			env_var: \"DSN\"},
		{group: \"digits\", key: \"no\", mount_requirement: \"ENV_VAR\",
			env_var: \"NONE\"}]" &&
	launch 200 TASK secret t-secret &&
	ended t-secret SUCCEEDED
'

test_expect_success 'no inputs, no directory of inputs' '
	task bare "{}" "test ! -e /var/inputs && test ! -e /var/outputs" &&
	launch 200 TASK bare t-bare &&
	ended t-bare SUCCEEDED &&
	data t-bare &&
	test_jq answer ".full_outputs == {literals: {}} and
		.full_inputs == {literals: {}}"
'

OUT='{"outputs":{"variables":{"o":{"type":{"simple":"STRING"}}}}}'

test_expect_success 'a status that is not zero is the system: four attempts' '
	task fail3 "{}" "echo some stdout; echo boom >&2; exit 3" \
		".spec.template.metadata.retries.retries = 1" &&
	launch 200 TASK fail3 t-fail3 && ended t-fail3 FAILED &&
	test_jq answer ".closure.error | .code == \"RetriesExhausted|Interrupted\" and
		.kind == \"USER\" and (.message | startswith(\"[3/3] currentAttempt done. Last Error: SYSTEM::Pod failed. No message received from kubernetes.\\r\\n\") and
		contains(\"terminated with exit code (3). Reason [Error]. Message: \\nsome stdout\\nboom\\n.\"))" &&
	attempts t-fail3 fail3 &&
	test_jq answer "[.task_executions[] | .closure.phase] ==
		[\"FAILED\", \"FAILED\", \"FAILED\", \"FAILED\"] and
		.task_executions[0].closure.error.kind == \"SYSTEM\" and
		.task_executions[0].closure.error.code == \"Interrupted\"" &&
	data t-fail3 &&
	test_jq answer ".full_outputs == {literals: {}} and
		.outputs == {url: \"\", bytes: \"0\"}"
'

test_expect_success '137 is the user: retries are obeyed' '
	task f0 "$OUT" "echo why; exit 137" &&
	task f2 "$OUT" "echo why; kill -9 \$\$" \
		".spec.template.metadata.retries.retries = 2" &&
	launch 200 TASK f0 t-f0 && ended t-f0 FAILED &&
	test_jq answer ".closure.error.message |
		startswith(\"[1/1] currentAttempt done. Last Error: USER::Pod failed.\") and
		contains(\"exit code (137). Reason [Error]. Message: \\nwhy\\n.\")" &&
	launch 200 TASK f2 t-f2 && ended t-f2 FAILED &&
	test_jq answer ".closure.error.message | startswith(\"[3/3]\")" &&
	attempts t-f2 f2 &&
	test_jq answer ".task_executions | length == 3"
'

test_expect_success 'outputs missing, too long, of another kind, or _ERROR' '
	task none "$OUT" "true" &&
	task long "$OUT" "head -c 1025 /dev/zero | tr \"\\0\" x >/var/outputs/o" &&
	task error "$OUT" "echo ok >/var/outputs/o; echo no >/var/outputs/_ERROR" &&
	for i in none long error; do
		launch 200 TASK "$i" "t-$i" || return 1
	done &&
	for i in none long error; do
		ended "t-$i" FAILED &&
		test_jq answer ".closure.error | .code ==
			\"RetriesExhausted|OutputsNotFound\" and .message == \"[1/1] currentAttempt done. Last Error: UNKNOWN::Outputs not generated by task execution\"" ||
			return 1
	done
'

test_expect_success 'a failed download still starts the container' '
	task lost "{\"inputs\":{\"variables\":{\"f\":{\"type\":{\"blob\":{}}}}}}" \
		"test ! -e /var/inputs/inputs.json && test ! -e /var/inputs/inputs.pb" &&
	launch 200 TASK lost t-lost "{\"f\":{\"scalar\":{\"blob\":{
		\"metadata\":{\"type\":{}},\"uri\":\"s3://flyte-data/nothing\"}}}}" &&
	ended t-lost SUCCEEDED
'

# flow NAME TASK [FILTER]: a workflow of one node, and its launch plan.
flow() {
	fixture pipe "(.id.name, .spec.template.id.name) = \"$1\" |
		.spec.template.interface = {} | .spec.template.outputs = [] |
		.spec.template.nodes = [{id: \"n\", metadata: {name: \"n\"},
		task_node: {reference_id: (.id + {resource_type: \"TASK\",
			name: \"$2\"})}}] | ${3:-.}" >body &&
	call 200 POST /api/v1/workflows @body &&
	fixture nightly ".id.name = \"$1\" | .spec = {workflow_id:
		(.id + {resource_type: \"WORKFLOW\"})}" >body &&
	call 200 POST /api/v1/launch_plans @body
}

test_expect_success 'the time limit of a node, not of a task' '
	task slow "{}" "sleep 2" ".spec.template.metadata.timeout = \"1s\"" &&
	launch 200 TASK slow t-slow &&
	flow limited slow ".spec.template.nodes[0].metadata.timeout = \"1s\"" &&
	launch 200 LAUNCH_PLAN limited r-limited &&
	ended r-limited FAILED &&
	test_jq answer ".closure.error | .code == \"RetriesExhausted|TimeoutExpired\" and
		.message == \"[1/1] currentAttempt done. Last Error: USER::task execution timeout [1s] expired\"" &&
	attempts r-limited n &&
	test_jq answer ".task_executions[0].closure.phase == \"ABORTED\"" &&
	ended t-slow SUCCEEDED
'

test_expect_success 'stopping a run, once' '
	task sleeper "{}" "sleep 60" &&
	launch 200 TASK sleeper t-sleep &&
	get t-sleep &&
	test_jq answer ".closure | has(\"outputs\") or .duration != null | not" &&
	call 200 DELETE "/api/v1/executions/$PROJECT/$D/t-sleep" \
		"{\"cause\":\"not needed any more\"}" &&
	ended t-sleep ABORTED &&
	test_jq answer ".closure.abort_metadata ==
		{cause: \"not needed any more\", principal: \"\"}" &&
	refused 400 9 "" DELETE "/api/v1/executions/$PROJECT/$D/t-sleep" &&
	test_jq answer ".details[0] | .\"@type\" ==
		\"type.googleapis.com/flyteidl.admin.EventFailureReason\" and
		.already_in_terminal_state.current_phase == \"ABORTED\"" &&
	refused 404 5 "" DELETE "/api/v1/executions/$PROJECT/$D/nothing"
'

test_expect_success OWN_CLUSTER 'nothing of a stopped run goes on' '
	sleep 0.3 &&
	test_must_fail 1 pgrep -P "$cluster_pid"
'

test_expect_success 'recover runs what failed, and nothing else' '
	task first "$OUT" "echo \$FLYTE_INTERNAL_EXECUTION_ID >/var/outputs/o" &&
	task second "{}" "case \$FLYTE_INTERNAL_EXECUTION_ID in r-broken) exit 137 ;; esac" &&
	flow two first ".spec.template.nodes |= [.[0], (.[0] |
		.id = \"m\" | .upstream_node_ids = [\"n\"] |
		.task_node.reference_id.name = \"second\")]" &&
	launch 200 LAUNCH_PLAN two r-broken && ended r-broken FAILED &&
	call 200 POST /api/v1/executions/recover "{\"id\":{\"project\":\"$PROJECT\",
		\"domain\":\"$D\",\"name\":\"r-broken\"},\"name\":\"r-mended\"}" &&
	ended r-mended SUCCEEDED &&
	call 200 GET "/api/v1/data/node_executions/$PROJECT/$D/r-mended/n" &&
	test_jq answer ".full_outputs.literals.o.scalar.primitive.string_value ==
		\"r-broken\"" &&
	call 200 GET "/api/v1/node_executions/$PROJECT/$D/r-mended/m" &&
	test_jq answer ".closure.phase == \"SUCCEEDED\""
'

test_expect_success 'a limit of runs at once: the same status as a name taken' '
	flow conc sleeper &&
	fixture nightly ".id.name = \"conc\" | .id.version = \"v2\" |
		.spec = {workflow_id: (.id + {resource_type: \"WORKFLOW\",
			version: \"v1\"}), concurrency_policy: {max: 1,
			behavior: \"CONCURRENCY_LIMIT_BEHAVIOR_SKIP\"}}" >body &&
	call 200 POST /api/v1/launch_plans @body &&
	launch 200 LAUNCH_PLAN conc c1 &&
	launch 409 LAUNCH_PLAN conc c2 null ".spec.launch_plan.version = \"v2\"" &&
	test_jq answer ".code == 6 and .message == \"concurrency limit (1) reached for launch plan conc; skipping execution\"" &&
	refused 404 5 "" GET "/api/v1/executions/$PROJECT/$D/c2" &&
	call 200 DELETE "/api/v1/executions/$PROJECT/$D/c1"
'

test_expect_success 'a map of two nodes, a member of a struct' '
	task half "{\"inputs\":{\"variables\":{\"x\":{\"type\":{\"simple\":\"FLOAT\"}}}},
		\"outputs\":{\"variables\":{\"m\":{\"type\":{\"simple\":\"STRUCT\"}}}}}" \
		"echo \"{\\\"got\\\": \$(cat /var/inputs/x)}\" >/var/outputs/m" &&
	fixture pipe "(.id.name, .spec.template.id.name) = \"both\" |
		(.id + {resource_type: \"TASK\", name: \"half\"}) as \$task |
		.spec.template.interface = {
			inputs: {variables: {h: {type: {simple: \"STRUCT\", structure:
				{dataclass_type: {C: {simple: \"FLOAT\"},
				d: {simple: \"FLOAT\"}}}}}}},
			outputs: {variables: {ms: {type: {map_value_type:
				{simple: \"STRUCT\"}}}}}} |
		.spec.template.nodes = [\"C\", \"d\" | {id: ascii_downcase,
			inputs: [{var: \"x\", binding: {promise: {node_id: \"start-node\",
				var: \"h\", attr_path: [{string_value: .}]}}}],
			task_node: {reference_id: \$task}}] |
		.spec.template.outputs = [{var: \"ms\", binding: {map: {bindings: {
			one: {promise: {node_id: \"c\", var: \"m\"}},
			two: {promise: {node_id: \"d\", var: \"m\"}}}}}}]" >body &&
	call 200 POST /api/v1/workflows @body &&
	fixture nightly ".id.name = \"both\" | .spec = {workflow_id:
		(.id + {resource_type: \"WORKFLOW\"})}" >body &&
	call 200 POST /api/v1/launch_plans @body &&
	launch 200 LAUNCH_PLAN both r-both "{\"h\":{\"scalar\":{\"generic\":
		{\"C\":0.5,\"d\":1e21}}}}" &&
	ended r-both SUCCEEDED &&
	data r-both &&
	test_jq answer ".full_outputs.literals.ms.map.literals |
		.one.scalar.generic == {got: 0.5} and
		.two.scalar.generic == {got: 1e21}"
'

stop_cluster
test_done
