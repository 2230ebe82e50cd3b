#!/bin/sh
# train, predict and fetch on the test cluster: what is typed, uploaded,
# started, and taken out again.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster

make_app() {
	mkdir app &&
	cat >app/unionml.yaml <<-\END &&
	name: tiny
	image: local/none:1
	dataset:
	  reader:
	    inputs:
	      score: {type: float, default: 1}
	      time: {type: datetime, default: now}
	      more: {type: file, default: more.txt}
	    command: [sh, code.sh, reader, "{score}", "{time}", "{more}", "{data}"]
	model:
	  hyperparameters:
	    C: {type: float, default: 1.0}
	    n: {type: integer, default: 3}
	  trainer:
	    directory: true
	    command: [sh, code.sh, trainer, "{hyperparameters.C}",
	              "{hyperparameters.n}", "{train}", "{model_object}"]
	  evaluator:
	    command: [sh, code.sh, evaluator, "{data}", "{metrics}"]
	  predictor:
	    command: [sh, code.sh, predictor, "{model_object}", "{features}",
	              "{predictions}"]
	END
	cat >>app/unionml.yaml <<-END &&
	targets:
	  c: {type: flyte, project: $PROJECT, domain: development,
	      config: config.yaml}
	default_target: c
	END
	cat >app/code.sh <<-\END &&
	set -eu
	case $1 in
	reader) echo "$2" >"$5"; cat "$4" >>"$5" ;;
	trainer)
		mkdir "$5/sub"
		echo "$2 $3" >"$5/sub/model"
		cp "$4" "$5/data" ;;
	evaluator) echo "{\"score\": $(sed 1q "$2")}" >"$3" ;;
	predictor) cat "$2/sub/model" "$3" >"$4" ;;
	esac
	END
	printf "%s\n" admin: "  endpoint: $FLYTE" "  insecure: true" \
		>app/config.yaml &&
	echo plain >app/more.txt
}

U='unionml -C app'

test_expect_success 'nothing is registered' '
	start_cluster &&
	make_app &&
	test_must_fail 6 $U train 2>err &&
	test_grep "no .tiny.train. is registered for target .c." err &&
	test_must_fail 6 $U predict 2>err &&
	test_must_fail 6 $U fetch model 2>err &&
	test_grep "there is no model yet" err &&
	$U deploy
'

test_expect_success 'train prints the id and the metrics' '
	$U train -p score=0.5 -p hyperparameters.C=7 >out 2>err &&
	id=$(sed 1q out) &&
	printf "%s\n" "$id" "train  score 0.5" >want &&
	test_cmp want out &&
	test_grep "^trainer .* ok$" err &&
	$U fetch metrics >metrics &&
	test_jq metrics ". == {train: {score: 0.5}}" &&
	call 200 GET "/api/v1/data/executions/$PROJECT/development/$id" &&
	test_jq answer ".full_inputs.literals | .score.scalar.primitive
		.float_value == 0.5 and .hyperparameters.scalar.generic ==
		{C: 7, n: 3} and (.time.scalar.primitive.datetime | length > 19)"
'

test_expect_success 'runs show: what it made, and where it lies' '
	$U --json runs show "$id" >show &&
	test_jq show ".metrics == {train: {score: 0.5}} and (.outputs |
		length == 1 and .[0].name == \"model_object\" and
		(.[0].path | startswith(\"s3://\")) and .[0].bytes == null)" &&
	$U runs show "$id" >show &&
	test_grep "^train  score 0.5" show
'

test_expect_success 'a directory comes back as one' '
	$U fetch model -o "$TRASH/model" 2>err &&
	echo "7 3" >want &&
	test_cmp want model/sub/model &&
	printf "%s\n" 0.5 plain >want &&
	test_cmp want model/data &&
	test_grep "is of run $id, sha256 [0-9a-f]\{64\}" err &&
	test_must_fail 4 $U fetch model -o "$TRASH/model" &&
	test_must_fail 2 $U fetch model -o -
'

test_expect_success 'predict takes the model by its place' '
	$U predict >out 2>err &&
	printf "%s\n" "7 3" 1 plain >want &&
	test_cmp want out &&
	test_grep "model of run $id" err &&
	run=$(sed -n "s/^run //p" err) &&
	call 200 GET "/api/v1/executions/$PROJECT/development/$run" &&
	test_jq answer ".spec.annotations.values[\"unionml/model-run\"] ==
		\$id" --arg id "$id" &&
	$U fetch predictions -o - >got 2>/dev/null &&
	test_cmp want got &&
	$U predict -m "$id" -o "$TRASH/p" 2>err &&
	test_cmp want p &&
	$U --json predict -m "@$TRASH/model" >out &&
	test_jq out ".status == \"succeeded\" and .predictions == null"
'

test_expect_success 'files are uploaded, from the caller or stdin' '
	echo features >f &&
	$U predict -f "$TRASH/f" >out 2>err &&
	printf "%s\n" "7 3" features >want &&
	test_cmp want out &&
	$U predict -f - <f >out 2>err &&
	test_cmp want out &&
	echo other >more &&
	$U train -p more="$TRASH/more" >out 2>err &&
	rm -r model &&
	$U fetch model -o "$TRASH/model" &&
	printf "%s\n" 1 other >want &&
	test_cmp want model/data
'

test_expect_success '--no-wait, watch, and the newest version' '
	run=$($U train --no-wait) &&
	$U runs watch "$run" >out 2>err &&
	echo "$run" >want &&
	test_cmp want out &&
	echo "# more" >>app/code.sh &&
	$U deploy 2>/dev/null >out &&
	$U --json train >new &&
	test_jq new ".app_version != null" &&
	old=$($U --json runs show "$run" | jq -r .app_version) &&
	test_jq new ".app_version != \$old" --arg old "$old" &&
	$U --json train -v "$old" >again &&
	test_jq again ".app_version == \$old" --arg old "$old" &&
	test_must_fail 6 $U train -v nope 2>err &&
	test_grep "no version .nope. of .tiny.train." err
'

test_expect_success 'inputs are checked before anything is started' '
	before=$($U runs --limit 0 --json | jq length) &&
	test_must_fail 3 $U train -p score=x 2>err &&
	test_grep "input .score.: expected float, got \"x\"" err &&
	test_must_fail 3 $U train -p scor=1 2>err &&
	test_grep "Did you mean .score." err &&
	test_must_fail 3 $U train -p hyperparameters.c=1 2>err &&
	test_must_fail 3 $U train -p hyperparameters.n=1.5 2>err &&
	test_must_fail 3 $U train \
		-p hyperparameters.n=9007199254740993 2>err &&
	test_grep "2^53" err &&
	test_must_fail 3 $U train -p more="$TRASH/none" 2>err &&
	after=$($U runs --limit 0 --json | jq length) &&
	test "$before" = "$after"
'

if command -v script >/dev/null; then
	SCRIPT() {
		:
	}
fi

test_expect_success 'OWN_CLUSTER SCRIPT' 'a terminal is told how far it is' '
	no_faults &&
	fault "{\"method\": \"GET\", \"path\": \"/predictions\$\", \"do\": \"drip\",
		\"delay\": \"60ms\"}" &&
	script -qec "$U fetch predictions -o $TRASH/dripped" /dev/null >shown &&
	tr "\r" "\n" <shown >lines &&
	test_grep "predictions  [0-9]* B of [0-9]* B  [0-9]*%  [0-9]* B/s" \
		lines &&
	script -qec "$U -q fetch predictions -o $TRASH/p2" /dev/null >shown &&
	! grep -q "B/s" shown &&
	$U fetch predictions -o "$TRASH/p3" 2>shown &&
	! grep -q "B/s" shown &&
	cmp dripped p3
'

test_expect_success 'a failure' '
	test_must_fail 3 $U predict -m "@$TRASH/f" 2>err &&
	mkdir empty &&
	test_must_fail 1 $U predict -m "@$TRASH/empty" >out 2>err &&
	test_line_count 0 out &&
	test_grep "failed in predictor" err
'

test_expect_success OWN_CLUSTER 'a lost answer starts no second run' '
	before=$($U runs --limit 0 --json | jq length) &&
	fault "{\"method\": \"POST\", \"path\": \"/executions\$\",
		\"do\": \"reset\", \"after\": true}" &&
	UNIONML_TEST_HASTE=100 $U train --no-wait >out &&
	no_faults &&
	fault "{\"method\": \"POST\", \"path\": \"/executions\$\",
		\"do\": \"reset\"}" &&
	UNIONML_TEST_HASTE=100 $U train --no-wait >>out &&
	no_faults &&
	test_line_count 2 out &&
	after=$($U runs --limit 0 --json | jq length) &&
	test "$((before + 2))" = "$after"
'

test_expect_success OWN_CLUSTER 'who answers with a page is not Flyte' '
	before=$($U runs --limit 0 --json | jq length) &&
	fault "{\"method\": \"POST\", \"path\": \"/executions\$\",
		\"do\": \"html\", \"count\": -1}" &&
	UNIONML_TEST_HASTE=1000 test_must_fail 5 $U train --no-wait >out 2>err &&
	no_faults &&
	test_line_count 0 out &&
	test_grep "the answer of .$FLYTE. is no JSON object" err &&
	after=$($U runs --limit 0 --json | jq length) &&
	test "$before" = "$after" &&
	fault "{\"path\": \"/executions/\", \"do\": \"status\",
		\"status\": 200, \"body\": \"{}\"}" &&
	test_must_fail 5 $U runs >out 2>err &&
	no_faults &&
	test_grep "has no list .executions." err
'

# stored: what was asked of the store since new_requests was called last.
stored() {
	new_requests | jq -c "select(.auth == \"signed\") |
		[.method, .range, .status]"
}

test_expect_success OWN_CLUSTER 'a download that breaks off goes on by Range' '
	seq 3000 >long &&
	$U predict -f "$TRASH/long" -o "$TRASH/whole" 2>err &&
	new_requests >/dev/null &&
	fault "[{\"path\": \"^/flyte-data/.*/predictions\$\",
		\"do\": \"cut\", \"bytes\": 1000}]" &&
	UNIONML_TEST_HASTE=100 $U fetch predictions -o "$TRASH/part" 2>err &&
	no_faults &&
	stored >got &&
	printf "%s\n" "[\"GET\",null,0]" "[\"GET\",\"bytes=1000-\",206]" \
		>want &&
	test_cmp want got &&
	test_cmp whole part &&
	test_grep "sha256 $(sha256sum <whole | cut -d " " -f 1)" err
'

test_expect_success OWN_CLUSTER 'a Range that is overlooked, a URL that ran out' '
	fault "[{\"path\": \"^/flyte-data/.*/predictions\$\",
		\"do\": \"cut\", \"bytes\": 1000},
		{\"path\": \"^/flyte-data/.*/predictions\$\", \"nth\": 2,
		\"do\": \"whole\"}]" &&
	UNIONML_TEST_HASTE=100 $U fetch predictions -o "$TRASH/anew" 2>err &&
	no_faults &&
	stored >got &&
	printf "%s\n" "[\"GET\",null,0]" "[\"GET\",\"bytes=1000-\",200]" \
		>want &&
	test_cmp want got &&
	test_cmp whole anew &&
	fault "[{\"path\": \"^/flyte-data/.*/predictions\$\",
		\"do\": \"cut\", \"bytes\": 1000},
		{\"path\": \"^/flyte-data/.*/predictions\$\", \"nth\": 2,
		\"do\": \"status\", \"status\": 403, \"body\": \"\"}]" &&
	UNIONML_TEST_HASTE=100 $U fetch predictions -o "$TRASH/later" 2>err &&
	no_faults &&
	stored >got &&
	printf "%s\n" "[\"GET\",null,0]" "[\"GET\",\"bytes=1000-\",403]" \
		"[\"GET\",\"bytes=1000-\",206]" >want &&
	test_cmp want got &&
	test_cmp whole later
'

test_expect_success OWN_CLUSTER 'HTTP/2 where TLS offers it' '
	stop_cluster &&
	start_cluster -tls "$TRASH/cert.pem" &&
	printf "%s\n" admin: "  endpoint: $FLYTE" \
		"  caCertFilePath: $TRASH/cert.pem" >app/config.yaml &&
	$U deploy >out &&
	new_requests >log &&
	jq -s . <log >all &&
	test_jq all "length > 10 and all(.proto == \"HTTP/2.0\")" &&
	test_grep "\"auth\":\"signed\"" log
'

stop_cluster
test_done
