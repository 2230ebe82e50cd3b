#!/bin/sh
# Models of prediction schedules on a Flyte cluster, from the training run to
# the prediction that the cluster's scheduler has started.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
[ -z "$test_flyte_url" ] || test_skip_all "only for our own cluster"
DAY=2026-11-20

on() {
	advance_clock "$1" && call 200 GET /_test/clock &&
	date -u -d "$(jq -r .now answer)" +%s >now.new && mv now.new now
}

# predicted SCHEDULE: what its last run made of the model that it was given.
predicted() {
	predicted_run=$(unionml list-scheduled-prediction-runs "$1" --json |
		jq -r ".[0].id") &&
	unionml -q runs watch "$predicted_run" >&2 &&
	rm -f got && unionml fetch predictions --schedule "$1" -o got
}

app() {
	cat >unionml.yaml <<-END
	name: app
	default_target: there
	image: local/none:1
	source: none
	dataset:
	  reader:
	    inputs: {n: {type: integer, default: 1}}
	    command: 'echo "\$UNIONML_IN_n" >"\$UNIONML_OUT_data"'
	model:
	  trainer:
	    command: 'sed "s/^/model /" "\$UNIONML_IN_train" >"\$UNIONML_OUT_model_object"'
	  predictor:
	    command: 'cat "\$UNIONML_IN_model_object" >"\$UNIONML_OUT_predictions"'
	schedules:
	  newest: {workflow: predict, expression: "*/5 * * * *", model: $1}
	  chosen: {workflow: predict, expression: "*/5 * * * *", model: $2}
	  file: {workflow: predict, expression: "*/5 * * * *", model: {file: mine}}
	targets:
	  there: {type: flyte, config: flyte.yaml, project: demo, domain: development}
	END
}

export UNIONML_TEST_NOW="@$TRASH/now"

test_expect_success 'two models are trained on the cluster' '
	start_cluster -scheduler 30s &&
	printf "admin: {endpoint: \"%s\", insecure: true}\n" "$FLYTE" >flyte.yaml &&
	set_clock ${DAY}T10:01:05Z && on 1s && echo "a model of mine" >mine &&
	app latest-at-deploy "{file: mine}" &&
	unionml deploy -v v1 >out &&
	test_grep "newest .*inactive: there is no model yet" out &&
	unionml -q train -p n=1 >first && on 1s &&
	unionml -q train -p n=2 >second
'

test_expect_success 'the scheduler fires with the models that were pinned' '
	app latest-at-deploy "{version: $(sed q first), app_version: v1}" &&
	unionml deploy -v v2 >out &&
	test_grep "newest .*model $(sed q second)" out &&
	test_grep "chosen .*model $(sed q first)" out &&
	on 4m &&
	predicted newest && echo "model 2" >want && test_cmp want got &&
	predicted chosen && echo "model 1" >want && test_cmp want got &&
	predicted file && test_cmp mine got
'

test_expect_success 'a newer model is for the next deploy' '
	unionml -q train -p n=3 >third && on 5m &&
	predicted newest && echo "model 2" >want && test_cmp want got &&
	unionml deploy -v v2 >out &&
	test_grep "newest .*model $(sed q third) (was $(sed q second))" out &&
	on 5m &&
	predicted newest && echo "model 3" >want && test_cmp want got &&
	unionml schedule audit >out &&
	test_grep "^newest  3 due: 3 ok" out
'

test_expect_success 'what cannot be kept is refused with the way out' '
	app latest "{version: $(sed q first), app_version: v9}" &&
	test_must_fail 3 unionml deploy -v v3 2>err &&
	test_grep "schedules.newest.model: .latest. cannot be kept by Flyte.s scheduler (target there); use .latest-at-deploy., or targets: \[local\]" err &&
	app latest-at-deploy "{version: $(sed q first), app_version: v9}" &&
	test_must_fail 6 unionml deploy -v v3 2>err &&
	test_grep "is of app_version .v1., not .v9." err
'

stop_cluster
test_done
