#!/bin/sh
# What a Python UnionML app has registered (UnionML 0.2.1, flytekit 1.9.1),
# driven by an app file with a name and a target alone.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
command -v jq >/dev/null || test_skip_all "needs jq"
D=development

# Of flytekit's containers, which this cluster does not run, only the tasks'
# interfaces: from the bindings of the workflow's nodes.
register() {
	jq --arg p "$PROJECT" '(.. | .project? // empty) = $p' \
		"$DATA/$1.json" >workflow &&
	jq -c '.template as $w | .template.nodes[] |
		{id: .taskNode.referenceId, spec: {template: {
		type: "python-task", metadata: {}, container: {image: "x", args: ["x"]},
		interface: {inputs: {variables: [.inputs[] |
		{(.var): {type: (if .binding.promise.nodeId then
		{structuredDatasetType: {}} else
		$w.interface.inputs.variables[.binding.promise.var].type
		end)}}] | add}, outputs: {variables:
		(if .metadata.name == "dataset_task" then
		{data: {type: {structuredDatasetType: {}}}}
		else $w.interface.outputs.variables end)}}}}}' workflow >tasks &&
	while read -r task; do
		curl -s -o answer -H 'Content-Type: application/json' -d "$task" \
			"$FLYTE/api/v1/tasks" || return 1
	done <tasks &&
	jq '{id: .template.id, spec: {template}}' workflow >body &&
	call 200 POST /api/v1/workflows @body &&
	jq '{id: (.template.id | .resourceType = "LAUNCH_PLAN"), spec:
		{workflowId: .template.id}}' workflow >body &&
	call 200 POST /api/v1/launch_plans @body
}

# inputs RUN: those that its execution has.
inputs() {
	call 200 GET "/api/v1/data/executions/$PROJECT/$D/$1" &&
	jq '.full_inputs.literals' answer >given
}

U='unionml -C app'

test_expect_success 'what UnionML registers' '
	start_cluster -run SUCCEEDED &&
	register train &&
	register predict &&
	register predict_from_features &&
	mkdir app &&
	printf "%s\n" "name: digits_classifier" targets: \
		"  c: {type: flyte, project: $PROJECT, domain: $D, config: c}" \
		"default_target: c" >app/unionml.yaml &&
	printf "%s\n" admin: "  endpoint: $FLYTE" "  insecure: true" >app/c
'

NOW=2026-01-02T03:04:05Z

test_expect_success 'train, typed by the schema of the dataclass' '
	$U train --no-wait -i "{\"hyperparameters\": {\"C\": 0.5,
		\"class_weight\": {\"a\": 1}}, \"loader_kwargs\": {},
		\"splitter_kwargs\": {}, \"labeled\": true,
		\"parser_kwargs\": {\"features\": [\"x\"]},
		\"time\": \"$NOW\"}" >out &&
	inputs "$(cat out)" &&
	test_jq given ".hyperparameters.scalar.generic | .C == 0.5 and
		.max_iter == 100 and .solver == \"lbfgs\" and
		.class_weight == {a: 1} and .dual == false" &&
	test_jq given ".splitter_kwargs.scalar.generic ==
		{test_size: 0.2, shuffle: true, random_state: 12345}" &&
	test_jq given ".parser_kwargs.scalar.generic == {features: [\"x\"]}" &&
	test_jq given ".loader_kwargs.scalar.generic == {}" &&
	test_jq given ".time.scalar.primitive.datetime == \"$NOW\""
'

test_expect_success 'what does not fit is refused' '
	test_must_fail 3 $U train -p labeled=true -p time=$NOW \
		-p hyperparameters.C=much 2>err &&
	test_grep "hyperparameters.C.: expected float" err &&
	test_must_fail 3 $U train -p labeled=true -p time=$NOW \
		-p hyperparameters.c=1 2>err &&
	test_grep "no such member" err &&
	test_must_fail 3 $U train 2>err &&
	test_grep "input .labeled.: missing, boolean is wanted" err &&
	test_must_fail 3 $U train -p labeled=true -p time=$NOW \
		-p "parser_kwargs.features=[1]" 2>err &&
	test_grep "parser_kwargs.features" err
'

test_expect_success 'predict with a model by its URI or from a file' '
	echo model >model &&
	$U predict --no-wait -m "@$TRASH/model" -p labeled=false \
		-p time=$NOW >out &&
	inputs "$(cat out)" &&
	test_jq given ".model_object.scalar.blob |
		.metadata.type.format == \"SklearnEstimator\" and
		(.uri | startswith(\"s3://\"))"
'

test_expect_success 'features as a dataset of CSV' '
	printf "%s\n" a,b 1,2 >features.csv &&
	$U predict --no-wait -m "@$TRASH/model" \
		-f "$TRASH/features.csv" >out &&
	inputs "$(cat out)" &&
	test_jq given ".features.scalar.structured_dataset |
		.metadata.structured_dataset_type.format == \"csv\"" &&
	uri=$(jq -r .features.scalar.structured_dataset.uri given) &&
	url=$(printf %s "$uri/.csv" | jq -sRr @uri) &&
	call 200 GET "/api/v1/dataproxy/artifact_urn?native_url=$url" &&
	curl -s "$(jq -r .signed_url answer)" >got &&
	test_cmp features.csv got
'

schedule() {
	call 200 GET "/api/v1/launch_plans/$PROJECT/$D/digits_classifier.$1?limit=1" &&
	jq ".launch_plans[0]" answer >plan
}

test_expect_success 'schedules of its workflows: typed, activated, listed' '
	cat >>app/unionml.yaml <<-END &&
	schedules:
	  nightly:
	    workflow: train
	    expression: "0 3 * * *"
	    reader_time_arg: time
	    hyperparameters: {C: 0.5}
	    inputs: {labeled: true}
	  scoring:
	    workflow: predict
	    fixed_rate: 1h
	    reader_time_arg: time
	    model: {file: ../model}
	    inputs: {labeled: false}
	END
	$U deploy --now -v s1 >out 2>err &&
	test_grep -x "schedules: 2 new" out &&
	schedule nightly &&
	test_jq plan ".closure.state == \"ACTIVE\" and
		(.spec.fixed_inputs.literals | .labeled.scalar.primitive.boolean
		and .hyperparameters.scalar.generic.C == 0.5 and
		.hyperparameters.scalar.generic.max_iter == 100) and
		.spec.entity_metadata.schedule.kickoff_time_input_arg ==
		\"time\" and .closure.expected_inputs.parameters.time.required" &&
	schedule scoring &&
	test_jq plan ".closure.state == \"ACTIVE\" and
		(.spec.fixed_inputs.literals.model_object.scalar.blob.uri |
		length > 0)" &&
	$U schedule list --json >out &&
	test_jq out "map(.state) == [\"active\", \"active\"]" &&
	$U deploy --now -v s1 >out 2>err &&
	test_grep -x "nothing was changed" err
'

test_expect_success 'what their interface has not is refused' '
	cp app/unionml.yaml kept &&
	sed "s/C: 0.5/C: much/" kept >app/unionml.yaml &&
	test_must_fail 3 $U deploy --now -v s2 2>err &&
	test_grep "hyperparameters.C.: expected float" err &&
	test_grep "schedule .nightly. gives them to .digits_classifier.train." err &&
	sed "s/reader_time_arg: time/reader_time_arg: tyme/" kept \
		>app/unionml.yaml &&
	test_must_fail 3 $U deploy --now -v s2 2>err &&
	test_grep "has no datetime input .tyme" err &&
	cp kept app/unionml.yaml
'

stop_cluster
test_done
