#!/bin/sh
# A directory for a workflow of another tool's: a MULTIPART blob, which its
# task reads file by file.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
command -v jq >/dev/null || test_skip_all "needs jq"
D=development

# The interface of other.train: `dir` in, the names of its files out.
interface='{"inputs": {"variables": {"dir": {"type": {"blob":
	{"format": "", "dimensionality": "MULTIPART"}}}}},
	"outputs": {"variables": {"names": {"type": {"simple": "STRING"}}}}}'

id() {
	printf '{"resource_type": "%s", "project": "%s", "domain": "%s",
		"name": "other.train", "version": "v1"}' "$1" "$PROJECT" $D
}

register() {
	call 200 POST /api/v1/tasks "{\"id\": $(id TASK), \"spec\":
		{\"template\": {\"type\": \"raw-container\", \"metadata\": {},
		\"interface\": $interface, \"container\": {\"image\": \"x\",
		\"command\": [\"sh\", \"-c\", \"cd /var/inputs/dir && find . -type f -exec cat {} + | sort | tr '\\\\n' ' ' >/var/outputs/names\"],
		\"data_config\": {\"enabled\": true,
		\"input_path\": \"/var/inputs\",
		\"output_path\": \"/var/outputs\", \"format\": \"JSON\"}}}}}" &&
	call 200 POST /api/v1/workflows "{\"id\": $(id WORKFLOW), \"spec\":
		{\"template\": {\"interface\": $interface, \"nodes\": [{\"id\":
		\"n0\", \"inputs\": [{\"var\": \"dir\", \"binding\": {\"promise\":
		{\"node_id\": \"start-node\", \"var\": \"dir\"}}}],
		\"task_node\": {\"reference_id\": $(id TASK)}}],
		\"outputs\": [{\"var\": \"names\", \"binding\": {\"promise\":
		{\"node_id\": \"n0\", \"var\": \"names\"}}}]}}}" &&
	call 200 POST /api/v1/launch_plans "{\"id\": $(id LAUNCH_PLAN),
		\"spec\": {\"workflow_id\": $(id WORKFLOW)}}"
}

U='unionml -C app'

test_expect_success 'a workflow that takes a directory' '
	start_cluster &&
	register &&
	mkdir app &&
	printf "%s\n" "name: other" targets: \
		"  c: {type: flyte, project: $PROJECT, domain: $D, config: c}" \
		"default_target: c" >app/unionml.yaml &&
	printf "%s\n" admin: "  endpoint: $FLYTE" "  insecure: true" >app/c &&
	mkdir -p "a dir/sub/sub" &&
	echo one >"a dir/1" &&
	echo two >"a dir/sub/2" &&
	echo three >"a dir/sub/sub/1"
'

test_expect_success 'its task has each file at its place' '
	id=$($U train -p dir="$TRASH/a dir") &&
	call 200 GET "/api/v1/data/executions/$PROJECT/$D/$id" &&
	test_jq answer ".full_outputs.literals.names.scalar.primitive
		.string_value == \"one three two\"" &&
	$U runs show "$id" >show &&
	test_grep "^  names = \"one three two\"$" show &&
	$U --json runs show "$id" >show &&
	test_jq show ".outputs[0] | .value == \"one three two\" and
		.path == null" &&
	call 200 GET "/api/v1/data/executions/$PROJECT/$D/$id" &&
	test_jq answer ".full_inputs.literals.dir.scalar.blob |
		.metadata.type.dimensionality == \"MULTIPART\" and
		(.uri | test(\"/unionml-[0-9a-f]{64}/files$\"))"
'

test_expect_success OWN_CLUSTER 'what is there is not sent again' '
	new_requests >first &&
	echo four >"a dir/4" && rm "a dir/4" &&
	$U train -p dir="$TRASH/a dir" &&
	new_requests | jq -r "select(.method == \"PUT\") | .path" >sent &&
	test_line_count 0 sent &&
	jq -r "select(.method == \"PUT\") | .path" first >sent &&
	test_line_count 3 sent
'

test_expect_success 'a URI is taken as it is' '
	id=$($U train --no-wait -p dir=s3://bucket/some/where) &&
	call 200 GET "/api/v1/data/executions/$PROJECT/$D/$id" &&
	test_jq answer ".full_inputs.literals.dir.scalar.blob.uri ==
		\"s3://bucket/some/where\""
'

test_expect_success 'what cannot travel so is refused' '
	mkdir empty odd &&
	test_must_fail 3 $U train -p dir="$TRASH/empty" 2>err &&
	test_grep "holds no file" err &&
	test_grep "s3://" err &&
	echo >"odd/a b" &&
	test_must_fail 3 $U train -p dir="$TRASH/odd" 2>err &&
	test_grep "the name of .a b. has characters" err &&
	test_must_fail 3 $U train -p dir="$TRASH/app/c" 2>err &&
	test_grep "is no directory" err
'

stop_cluster
test_done
