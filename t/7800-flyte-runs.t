#!/bin/sh
# unionml runs on a Flyte cluster: list with filters, show, watch, log, stop,
# retry, and the versions there. What is looked at is made by bare requests.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
D=development

cat >unionml.yaml <<\END || exit 1
name: app
image: local/none:1
source: none
dataset:
  reader:
    inputs:
      time: {type: datetime, default: now}
    command: 'echo 1 >"$UNIONML_OUT_data"'
  splitter:
    command: 'cp "$UNIONML_IN_data" "$UNIONML_OUT_train"; cp "$UNIONML_IN_data" "$UNIONML_OUT_test"'
model:
  hyperparameters:
    C: {type: float, default: 1.0}
  trainer:
    retries: 1
    command: |
      case $UNIONML_IN_hyperparameters_C in
      7) echo "attempt $UNIONML_ATTEMPT" >&2; exit 3 ;;
      *) sleep "$UNIONML_IN_hyperparameters_C" ;;
      esac
      echo "$UNIONML_IN_hyperparameters_C" >"$UNIONML_OUT_model_object"
  evaluator:
    command: 'echo "{\"c\": $(cat "$UNIONML_IN_model_object")}" >"$UNIONML_OUT_metrics"'
schedules:
  nightly: {workflow: train, expression: "0 3 * * *", reader_time_arg: time}
targets:
  staging: {type: flyte, project: "${PROJECT}", domain: development}
END

# begin RUN C [LAUNCH-PLAN [FILTER]]
begin() {
	jq --arg p "$PROJECT" --arg n "$1" --argjson c "$2" \
		--arg l "${3:-app.train}" '{project: $p,
		domain: "development", name: $n, spec: {launch_plan:
			(.launch_plans[] | .id | select(.name == $l))},
		inputs: {literals: {hyperparameters: {scalar: {generic:
			{C: $c}}}, time: {scalar: {primitive:
			{datetime: "2026-01-02T03:04:05Z"}}}}}} | '"${4:-.}" \
		doc >body &&
	call 200 POST /api/v1/executions @body
}

staging() {
	unionml -t staging "$@"
}

test_expect_success 'a cluster with the app registered' '
	start_cluster &&
	FLYTE_PLATFORM_URL=$FLYTE && export FLYTE_PLATFORM_URL PROJECT &&
	staging compile --for flyte >doc &&
	for kind in tasks workflows launch_plans; do
		jq -c ".${kind}[]" doc >bodies || return 1
		while read -r body; do
			printf "%s\n" "$body" >body &&
			call 200 POST "/api/v1/$kind" @body || return 1
		done <bodies
	done
'

test_expect_success 'no runs yet' '
	staging runs >out 2>err &&
	test_line_count 0 out &&
	test_grep "^no runs$" err &&
	test_must_fail 6 unionml -t staging runs show latest 2>err &&
	test_grep "there is no run yet" err
'

test_expect_success 'watch a run to its end' '
	begin good 0 &&
	staging runs watch good >out 2>err &&
	echo good >want && test_cmp want out &&
	test_grep "^reader .*  ok$" err && test_grep "^trainer .*  ok$" err
'

test_expect_success 'watch one that fails: its last words, and why' '
	begin bad 7 &&
	test_must_fail 1 unionml -t staging runs watch bad >out 2>err &&
	test_line_count 0 out &&
	test_grep "attempt 2" err &&
	test_grep "run bad failed in trainer: exit status 3" err &&
	test_grep "^  whole log: unionml -t staging runs log bad trainer$" err
'

test_expect_success 'show --json' '
	staging --json runs show bad >out &&
	test_jq out ".inputs == {hyperparameters: {C: 7},
		time: \"2026-01-02T03:04:05Z\"} and .model == null" &&
	test_jq out ".id == \"bad\" and .workflow == \"train\" and
		.status == \"failed\" and .error == \"trainer: exit status 3\" and
		(.console | endswith(\"/console/projects/$PROJECT/domains/development/executions/bad\"))" &&
	test_jq out ".nodes | map({name, status, attempts, error}) == [
		{name: \"reader\", status: \"succeeded\", attempts: 1, error: null},
		{name: \"splitter\", status: \"succeeded\", attempts: 1, error: null},
		{name: \"trainer\", status: \"failed\", attempts: 2,
			error: \"exit status 3\"}]" &&
	test_jq out ".nodes[2].links | length == 2 and
		(.[0].uri | startswith(\"http\"))"
'

test_expect_success 'log: what Flyte kept of each attempt, and links' '
	staging runs log bad trainer >out &&
	printf "%s\n" "unionml: attempt 1" "attempt 1" "unionml: attempt 2" \
		"attempt 2" >want &&
	grep -v "trainer: exit\|://" out >got &&
	test_cmp want got &&
	staging runs log -f bad trainer >again && test_cmp out again &&
	test_must_fail 6 unionml -t staging runs log bad trainr 2>err &&
	test_grep "Did you mean .trainer.?" err
'

test_expect_success 'stop, and stop again' '
	begin slow 60 &&
	staging runs stop slow 2>err && test_grep "run slow aborted" err &&
	staging runs stop slow 2>err &&
	test_grep "run slow had already aborted" err &&
	staging --json runs show slow >out &&
	test_jq out ".status == \"aborted\" and
		(.error | test(\"^stopped by .* with unionml$\"))" &&
	begin slow3 60 &&
	staging runs stop slow3 --cause "wrong data" &&
	staging runs show slow3 >out &&
	test_grep "stopped by .* with unionml: wrong data$" out
'

test_expect_success 'a watch that is timed out leaves the run alone' '
	begin slow2 60 &&
	test_must_fail 7 unionml -t staging runs watch slow2 --timeout 1s \
		>out 2>err &&
	test_grep "run slow2 goes on" err &&
	staging --json runs show slow2 >out &&
	test_jq out ".status == \"running\"" &&
	test_must_fail 6 unionml -t staging runs retry slow2 2>err &&
	test_grep "still goes on" err &&
	staging runs stop slow2 2>/dev/null
'

test_expect_success OWN_CLUSTER 'the look-up is part of the time' '
	fault "{\"method\": \"GET\", \"path\": \"/executions\", \"count\": -1,
		\"do\": \"hang\"}" &&
	begin=$(date +%s) &&
	test_must_fail 5 staging runs watch slow2 --timeout 2s 2>err &&
	end=$(date +%s) &&
	no_faults &&
	test "$((end - begin))" -lt 8
'

test_expect_success 'retry takes over what was done' '
	test_must_fail 1 unionml -t staging --json runs retry bad >out 2>err &&
	test_grep "^reader .*taken over from bad" err &&
	test_jq out ".retry_of == \"bad\" and .status == \"failed\"" &&
	test_must_fail 6 unionml -t staging runs retry good 2>err &&
	test_grep "run good succeeded: --from-start runs it again" err &&
	staging --json runs retry --from-start good >out &&
	test_jq out ".retry_of == \"good\" and .status == \"succeeded\""
'

test_expect_success OWN_CLUSTER 'a retry whose answer is lost is made once' '
	fault "{\"method\": \"POST\", \"path\": \"/recover\", \"do\": \"reset\",
		\"after\": true}" &&
	staging --json runs --limit 0 >before &&
	staging runs retry slow --no-wait >id 2>err &&
	no_faults &&
	staging --json runs --limit 0 >after &&
	jq "length + 1" before >want && jq length after >got &&
	test_cmp want got &&
	staging runs stop "$(cat id)" 2>/dev/null
'

test_expect_success 'the retry of a slot is its next attempt' '
	begin f0123456789abcdef000 7 app.nightly ".spec.metadata =
		{mode: \"SCHEDULED\", scheduled_at: \"2026-01-02T03:00:00Z\"}" &&
	test_must_fail 1 unionml -t staging runs watch \
		f0123456789abcdef000 2>/dev/null &&
	test_must_fail 1 unionml -t staging --json runs retry \
		f0123456789abcdef000 >out 2>/dev/null &&
	test_jq out ".id == \"f0123456789abcdef001\" and
		.schedule == \"nightly\" and .kickoff == \"2026-01-02T03:00:00Z\"" &&
	test_must_fail 1 unionml -t staging runs retry \
		f0123456789abcdef000 2>/dev/null &&
	staging runs show f0123456789abcdef002 >out
'

# ids FILTER...: those of the runs that pass
ids() {
	staging --json runs "$@" >out && jq -r ".[].id" out
}

test_expect_success 'filters' '
	ids --limit 1 >got && echo f0123456789abcdef002 >want &&
	test_cmp want got &&
	ids --schedule nightly >got && test_line_count 3 got &&
	ids --schedule "night),eq(state,1" >got && test_line_count 0 got &&
	ids --workflow predict >got && test_line_count 0 got &&
	ids --status running >got && test_line_count 0 got &&
	ids --status interrupted >got && test_line_count 0 got &&
	ids --status aborted >got && test_grep "^slow2$" got &&
	ids --since 1h --status succeeded >got && test_grep "^good$" got &&
	ids --since 2200-01-01T00:00Z >got && test_line_count 0 got
'

test_expect_success 'a run by its beginning' '
	staging --json runs show goo >out && test_jq out ".id == \"good\"" &&
	test_must_fail 6 unionml -t staging runs show slo 2>err &&
	test_grep "is the beginning of several runs" err &&
	for i in ood "" UP "a/b" "x),eq(state,1"; do
		test_must_fail 6 unionml -t staging runs show "$i" 2>err &&
		test_grep "no run .$i." err || return 1
	done
'

test_expect_success OWN_CLUSTER 'pages: all of them, each once' '
	past_runs "{\"project\": \"demo\", \"domain\": \"$D\",
		\"launch_plan\": \"app.nightly\", \"version\":
		$(jq ".launch_plans[] | .id | select(.name == \"app.nightly\") |
			.version" doc), \"count\": 1200,
		\"from\": \"2020-01-01T00:00:00Z\", \"every\": \"1h\",
		\"duration\": \"1m\", \"phase\": \"SUCCEEDED\"}" &&
	ids --schedule nightly --limit 0 >got && test_line_count 1203 got &&
	LC_ALL=C sort -u got >once && test_line_count 1203 once &&
	ids --schedule nightly --limit 501 >got && test_line_count 501 got
'

test_expect_success OWN_CLUSTER 'a watch lasts through an outage' '
	begin patient 2 &&
	fault "{\"path\": \"executions/demo/$D/patient\", \"nth\": 2,
		\"count\": 1, \"do\": \"status\", \"status\": 503}" &&
	staging runs watch patient >out 2>err &&
	no_faults &&
	test_grep "no answer from" err && test_grep "answers again" err
'

test_expect_success 'versions; what a cluster does itself' '
	staging --json deploy --list >out &&
	test_jq out "length == 1 and .[0].files == null" &&
	test_must_fail 3 unionml -t staging runs gc --keep 1 2>err &&
	test_grep "keeps its runs itself" err
'

test_expect_success 'the best run' '
	begin better 2.1 && staging runs watch better 2>/dev/null &&
	begin worse 0.1 && staging runs watch worse 2>/dev/null &&
	staging --json runs show app:model best:c >out &&
	test_jq out ".id == \"better\" and .inputs.hyperparameters.C == 2.1" &&
	test_must_fail 6 unionml -t staging runs show app:model best:d 2>err &&
	test_grep "no training run has a metric .d." err
'

stop_cluster
test_done
