#!/bin/sh
# UnionML's own command lines, as its manual has them.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

make_shell_app . || exit 1

test_expect_success 'train and predict with app:model, -i and -w' '
	unionml train app:model -i "{\"rows\": 50}" -w >first &&
	unionml train app:model -i "{\"rows\": 60}" --wait >second &&
	unionml predict app:model -w -o p1.json &&
	unionml predict app:model -m "$(head -n 1 first)" -w >p2.json &&
	unionml predict app:model --model-version latest >p3.json &&
	jq -e "length == 200" p1.json &&
	jq -e "length == 200" p2.json &&
	test_cmp p1.json p3.json &&
	! cmp p1.json p2.json
'

test_expect_success 'list-model-versions: the newest first' '
	unionml list-model-versions app:model >out &&
	{ head -n 1 second && head -n 1 first; } >want &&
	test_cmp want out &&
	unionml list-model-versions app:model --limit 1 >out &&
	head -n 1 second >want &&
	test_cmp want out &&
	unionml list-model-versions --json >out &&
	jq -e "map(.workflow) == [\"train\", \"train\"]" out
'

test_expect_success 'failed runs made no model' '
	test_must_fail 1 unionml train app:model -p rows=-1 &&
	unionml list-model-versions app:model >out &&
	test_line_count 2 out
'

test_expect_success 'list-prediction-ids: of both kinds' '
	printf "x\n1\n2\n" >features.csv &&
	unionml predict app:model --features features.csv >out &&
	jq -e "length == 2" out &&
	unionml list-prediction-ids app:model >out &&
	test_line_count 4 out &&
	unionml list-prediction-ids app:model --limit 2 >out &&
	test_line_count 2 out
'

test_expect_success 'fetch-model with its options' '
	unionml fetch-model app:model --output-file latest.txt &&
	unionml fetch-model app:model -m "$(head -n 1 first)" \
		--output-file first.txt &&
	! cmp latest.txt first.txt &&
	unionml fetch model latest -o - >want &&
	test_cmp want latest.txt &&
	test_must_fail 4 unionml fetch-model -o first.txt &&
	unionml fetch-model --model-version latest -o first.txt --force &&
	test_cmp want first.txt &&
	unionml fetch-model --kwargs "{}" -o - >out &&
	test_cmp want out &&
	test_must_fail 2 unionml fetch-model --kwargs "{\"a\": 1}" 2>err &&
	test_grep "nothing to act on" err &&
	test_must_fail 2 unionml fetch-model --kwargs "[" 2>err &&
	test_grep "JSON object" err
'

test_expect_success 'fetch-predictions writes them' '
	unionml fetch-predictions app:model --output-file f.json \
		--output-format json &&
	unionml fetch predictions latest -o - >want &&
	test_cmp want f.json &&
	test_must_fail 2 unionml fetch-predictions -f csv 2>err &&
	test_grep "json" err &&
	test_must_fail 6 unionml fetch-predictions \
		--prediction-id "$(head -n 1 first)" -o x 2>err &&
	test_grep "has no predictions" err
'

test_expect_success 'schedules: deploy without, activate and deactivate' '
	unionml deploy app:model --patch --no-schedule -v none >out &&
	test_grep "^schedules: 2 registered$" out &&
	unionml activate-schedules app:model --app-version none \
		--name nightly_training --name hourly_predictions >out &&
	test_line_count 2 out &&
	unionml deactivate-schedules app:model --name nightly_training >out &&
	test_grep "^nightly_training  paused$" out &&
	unionml deactivate-schedules app:model >out &&
	test_grep "^hourly_predictions  paused$" out &&
	unionml deploy app:model --patch --schedule -v some >out &&
	test_grep "^schedules: 2 kept paused$" out
'

test_expect_success 'deploy with --patch, and what one version made' '
	unionml deploy app:model --patch -v one &&
	unionml train app:model -v one >third &&
	unionml train app:model >fourth &&
	unionml list-model-versions --app-version one >out &&
	head -n 1 third >want &&
	test_cmp want out &&
	unionml fetch-model --app-version one -o one.txt 2>err &&
	test_grep "of run $(head -n 1 third)" err &&
	test_must_fail 6 unionml fetch-model -v two -o two.txt 2>err &&
	test_grep "no run of version .two. made a model" err &&
	test_must_fail 6 unionml fetch-predictions -v one 2>err &&
	test_grep "no run of version .one. made predictions" err
'

test_expect_success 'list-scheduled-training-runs, -prediction-runs' '
	unionml list-scheduled-training-runs app:model nightly_training \
		>out 2>err &&
	test_cmp /dev/null out &&
	echo "no runs" >want &&
	test_cmp want err &&
	unionml list-scheduled-prediction-runs hourly_predictions --json \
		--limit 0 >out &&
	jq -e ". == []" out &&
	test_must_fail 6 unionml list-scheduled-prediction-runs app:model \
		nightly_training 2>err &&
	test_grep "is of workflow .train.: unionml list-scheduled-t" err &&
	test_must_fail 6 unionml list-scheduled-training-runs \
		hourly_predictions 2>err &&
	test_grep "unionml list-scheduled-prediction-runs" err &&
	test_must_fail 6 unionml list-scheduled-training-runs nightly 2>err &&
	test_must_fail 2 unionml list-scheduled-training-runs 2>err
'

test_expect_success 'fetch of a schedule that has no run' '
	test_must_fail 6 unionml fetch model --schedule nightly_training \
		-o - 2>err >out &&
	test_cmp /dev/null out &&
	test_grep "no run of schedule .nightly_training. has succeeded" err &&
	test_must_fail 6 unionml fetch model --schedule nightly 2>err &&
	test_grep "no schedule .nightly." err &&
	test_must_fail 2 unionml fetch model "$(head -n 1 first)" \
		--schedule nightly_training 2>err
'

test_done
