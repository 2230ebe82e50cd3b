#!/bin/sh
# train and predict: what goes in, what comes out, and what is refused before
# anything runs.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

export UNIONML_TEST_CALLER=1

# nothing_ran: neither a row nor a directory was made.
nothing_ran() {
	test_path_missing app/.unionml/runs &&
	unionml -C app runs --json >runs &&
	test_jq runs "length == 0"
}

test_expect_success 'there is nothing at first, and asking makes nothing' '
	make_shell_app app &&
	unionml -C app runs >out 2>err &&
	test_line_count 0 out &&
	echo "no runs" >want &&
	test_cmp want err &&
	test_must_fail 6 unionml -C app predict 2>err &&
	test_grep "there is no model yet: .unionml train. makes one" err &&
	test_must_fail 6 unionml -C app fetch model 2>err &&
	test_grep "there is no model yet" err &&
	test_must_fail 6 unionml -C app runs show latest 2>err &&
	nothing_ran
'

# Each line: what is wrong, the arguments, then part of the message.
while IFS='|' read -r what args message; do
	test_expect_success "refused: $what" '
		test_must_fail 3 unionml -C app train '"$args"' >out 2>err &&
		test_line_count 0 out &&
		test_grep -F "unionml: error: $message" err &&
		nothing_ran
	'
done <<\EOT
JSON cut short|-i \{|inputs of -i: line 1 column 1
no object|-i \[1\]|inputs of -i: expected an object, got list
text after it|-i "{} {}"|inputs of -i: line 1 column
a key twice|-i "{\"rows\":1,\"rows\":2}"|inputs of -i: line 1 column 16: duplicate object key
no such file|-i @missing|cannot read inputs from 'missing': No such file or directory
a directory|-i @.|cannot read inputs from '.': Is a directory
nothing on stdin|-i -|inputs of stdin:
an unknown input|-p bogus=1|input 'bogus': no such input of train
a misspelt input|-p nois=1|input 'nois': no such input of train. Did you mean 'noise'?
an unknown member|-p hyperparameters.x=1|input 'hyperparameters.x': no such member of hyperparameters
a misspelt member|-i '{"hyperparameters": {"rigde": 1}}'|input 'hyperparameters.rigde': no such member of hyperparameters. Did you mean 'hyperparameters.ridge'?
a member of a number|-p rows.x=1|input 'rows.x': 'rows' is of type integer and has no members
no value|-p rows|input 'rows': -p takes NAME=VALUE
no name|-p =1|input '=1': -p takes NAME=VALUE
an empty integer|-p rows=|input 'rows': expected integer, got ""
a text for an integer|-i '{"rows": "x"}'|input 'rows': expected integer, got string "x"
a float for an integer|-i '{"rows": 1.0}'|input 'rows': expected integer, got
a float's text for an integer|-p rows=1.5|input 'rows': expected integer, got "1.5"
an integer beyond 64 bits|-p rows=9223372036854775808|input 'rows': integer 9223372036854775808 is beyond 64 bits
the same in JSON|-i '{"rows": 9223372036854775808}'|inputs of -i: line 1 column 28: too big integer
NaN|-p noise=nan|input 'noise': NaN and infinities are no inputs
an infinity|-p noise=-inf|input 'noise': NaN and infinities are no inputs
a float out of range|-p noise=1e999|input 'noise': float 1e999 is beyond the range of a double
NaN in JSON|-i '{"noise": NaN}'|inputs of -i: line 1 column
a float in hexadecimal|-p noise=0x10|input 'noise': expected float, got "0x10"
yes for true|-p labeled=yes|input 'labeled': expected boolean, got "yes": use true or false
a number for a boolean|-i '{"labeled": 1}'|input 'labeled': expected boolean, got integer 1
null|-i '{"rows": null}'|input 'rows': expected integer, got null
a month too many|-p time=2026-13-01T00:00:00Z|input 'time': expected datetime, got "2026-13-01T00:00:00Z": the month is out of range 01-12
a day that was not|-p time=2026-02-29T00:00:00Z|input 'time': expected datetime, got "2026-02-29T00:00:00Z"
a date alone|-p time=2026-01-01|input 'time': expected datetime, got "2026-01-01": the time of day is missing
a time without a zone|-p time=2026-01-01T00:00:00|input 'time': expected datetime, got "2026-01-01T00:00:00"
no object for one|-p hyperparameters=3|input 'hyperparameters': expected json (an object), got integer 3
a member's type|-p splitter_kwargs.test_size=a|input 'splitter_kwargs.test_size': expected float, got "a"
an input of another workflow|-p features=x|input 'features': no such input of train
EOT

test_expect_success 'all errors of the inputs are told at once' '
	test_must_fail 3 unionml -C app train \
		-i "{\"rows\": \"x\", \"bogus\": 1}" -p labeled=no 2>err &&
	test_grep "input .rows." err &&
	test_grep "input .bogus." err &&
	test_grep "input .labeled." err &&
	nothing_ran
'

test_expect_success 'the command line itself is another matter' '
	test_must_fail 2 unionml -C app train --bogus 2>err &&
	test_grep "unknown option .--bogus." err &&
	test_grep "^usage: unionml train" err &&
	test_must_fail 2 unionml -C app train extra 2>err &&
	test_must_fail 2 unionml -C app train -p 2>err &&
	test_must_fail 2 unionml -C app train -j x 2>err &&
	test_must_fail 2 unionml -C app train --timeout soon 2>err &&
	nothing_ran
'

test_expect_success 'train prints the id, then the metrics' '
	unionml -C app train >out 2>err &&
	test_line_count 3 out &&
	sed -n 1p out >id &&
	test_grep -E "^r[0-9a-f]{19}$" id &&
	test_grep "^train  mse 0.7982 r2 0.9893$" out &&
	test_grep "^test   mse 0.7475 r2 0.9866$" out &&
	test_line_count 5 err &&
	test_grep -E "^reader +[0-9.]+s  ok   [0-9.]+ [KM]iB$" err &&
	test_grep "^evaluator-test .* ok" err
'

test_expect_success 'with -q it says nothing else' '
	unionml -C app -q train >out 2>err &&
	test_line_count 3 out &&
	test_line_count 0 err
'

test_expect_success 'train --json' '
	unionml -C app train --json -p rows=20 >out &&
	test_jq out "keys_unsorted == [\"id\", \"workflow\", \"status\",
		\"started_at\", \"ended_at\", \"schedule\", \"kickoff\",
		\"app_version\", \"retry_of\", \"error\", \"metrics\"]" &&
	test_jq out ".workflow == \"train\" and .status == \"succeeded\"" &&
	test_jq out ".schedule == null and .kickoff == null" &&
	test_jq out ".app_version == null and .retry_of == null" &&
	test_jq out "(.started_at, .ended_at |
		test(\"^20[0-9T:-]+[.][0-9]{1,3}Z$|^20[0-9T:-]+Z$\"))" &&
	test_jq out ".metrics | keys == [\"test\", \"train\"]" &&
	test_jq out ".metrics.train.r2 | type == \"number\""
'

test_expect_success 'defaults are filled in and recorded' '
	unionml -C app runs show latest --json >out &&
	test_jq out ".inputs | del(.time) == {rows: 20, noise: 1.5, seed: 1,
		labeled: true, hyperparameters: {ridge: 0},
		splitter_kwargs: {test_size: 0.2, random_state: 12345}}" &&
	test_jq out ".inputs.time | fromdate | now - . < 600"
'

test_expect_success '-i takes JSON, a file and stdin' '
	unionml -C app train --json -i "{\"rows\": 40}" >one &&
	echo "{\"rows\": 40}" >in.json &&
	unionml -C app train --json -i @../in.json >two &&
	unionml -C app train --json -i - <in.json >three &&
	for i in one two three
	do
		jq -S .metrics $i >$i.metrics || return 1
	done &&
	test_cmp one.metrics two.metrics &&
	test_cmp one.metrics three.metrics
'

test_expect_success '-p goes over -i, and the last of two wins' '
	unionml -C app train --json -i @../in.json -p rows=60 -p rows=50 \
		-p hyperparameters.ridge=10 >out &&
	unionml -C app runs show latest --json >shown &&
	test_jq shown ".inputs.rows == 50" &&
	test_jq shown ".inputs.hyperparameters == {ridge: 10}"
'

test_expect_success 'members that are left out keep their defaults' '
	unionml -C app -q train \
		-i "{\"splitter_kwargs\": {\"random_state\": 7}}" \
		-p hyperparameters="{}" &&
	unionml -C app runs show latest --json >shown &&
	test_jq shown ".inputs.splitter_kwargs ==
		{test_size: 0.2, random_state: 7}" &&
	test_jq shown ".inputs.hyperparameters == {ridge: 0}"
'

test_expect_success 'an integer does for a float; times become UTC' '
	unionml -C app -q train -i "{\"noise\": 2}" \
		-p time=2026-01-02T03:04+01:00 -p labeled=true &&
	unionml -C app runs show latest --json >shown &&
	test_jq shown ".inputs.noise == 2" &&
	test_jq shown ".inputs.time == \"2026-01-02T02:04:00Z\"" &&
	unionml -C app runs log latest reader >log &&
	echo "reading 200 rows as of 2026-01-02T02:04:00Z" >want &&
	test_cmp want log
'

test_expect_success 'the metrics are what the evaluator made' '
	unionml -C app -q train -p hyperparameters.ridge=0.5 >/dev/null &&
	unionml -C app fetch metrics >metrics &&
	id=$(unionml -C app runs show latest --json | jq -r .id) &&
	dir=app/.unionml/runs/$id &&
	jq -s "{train: .[0], test: .[1]}" $dir/evaluator-train/out/metrics \
		$dir/evaluator-test/out/metrics >want &&
	test_json_cmp want metrics
'

test_expect_success 'predict prints the predictions alone' '
	unionml -C app predict -p labeled=false -p rows=5 >out 2>err &&
	test_jq out "length == 5 and all(type == \"number\")" &&
	test_grep -E "^model of run r[0-9a-f]{19}$" err &&
	test_grep -E "^run r[0-9a-f]{19}$" err
'

test_expect_success 'predict --json' '
	unionml -C app predict --json -p rows=5 >json &&
	test_jq json ".predictions == \$want[0]" --slurpfile want out &&
	test_jq json ".workflow == \"predict\" and .error == null" &&
	path=$(jq -r .predictions_path json) &&
	test_cmp out "$path"
'

test_expect_success 'predict -f predicts from features' '
	printf "x\n1\n2\n" >features.csv &&
	unionml -C app predict -f ../features.csv \
		-p loader_kwargs.digits=2 >two &&
	test_jq two "length == 2 and .[1] > .[0]" &&
	test_grep -E "^\[[0-9]+\.[0-9]{2}, [0-9]+\.[0-9]{2}\]$" two &&
	unionml -C app predict -f @../features.csv \
		-p loader_kwargs.digits=2 >at &&
	test_cmp two at &&
	unionml -C app runs show latest --json >shown &&
	test_jq shown ".workflow == \"predict_from_features\"" &&
	test_must_fail 3 unionml -C app predict -f ../missing 2>err &&
	test_grep "features .*missing.: No such file or directory" err &&
	test_must_fail 3 unionml -C app predict -f .. 2>err &&
	test_grep "expected a file" err
'

test_expect_success '-m takes a run, the beginning of its id, latest, a file' '
	unionml -C app -q train -p hyperparameters.ridge=1000 >out &&
	flat=$(sed -n 1p out) &&
	unionml -C app -q train >out &&
	steep=$(sed -n 1p out) &&
	predict() { unionml -C app -q predict -f ../features.csv "$@"; } &&
	predict >default &&
	predict -m latest >latest &&
	predict -m $steep >full &&
	predict -m "$(printf %.12s $flat)" >prefix &&
	unionml -C app -q fetch model $flat -o ../flat.txt &&
	predict -m @../flat.txt >file &&
	test_cmp default latest &&
	test_cmp default full &&
	test_cmp file prefix &&
	! cmp -s default file &&
	unionml -C app runs show latest --json >shown &&
	test_jq shown ".model == null" &&
	predict -m $flat >/dev/null &&
	unionml -C app runs show latest --json >shown &&
	test_jq shown ".model == \"$flat\""
'

test_expect_success 'a model that is not there' '
	predict=$(unionml -C app runs --json --workflow predict |
		jq -r ".[0].id") &&
	test_must_fail 6 unionml -C app predict -m $predict 2>err &&
	test_grep "run $predict (predict, succeeded) has no model" err &&
	test_must_fail 6 unionml -C app predict -m nobody 2>err &&
	test_grep "no run .nobody.: .unionml runs. lists them" err &&
	test_must_fail 3 unionml -C app predict -m @missing 2>err &&
	test_grep "model_object .missing.: No such file or directory" err &&
	test_must_fail 3 unionml -C app predict -m @. 2>err &&
	test_grep "expected a file" err &&
	test_must_fail 3 unionml -C app predict -p model_object=flat 2>err &&
	test_grep "input .model_object.: is given by -m" err
'

test_expect_success '-o puts the predictions into a file' '
	rm -f pred &&
	unionml -C app predict -f ../features.csv -o ../pred >out 2>err &&
	test_line_count 0 out &&
	test_grep -E "^run r[0-9a-f]{19}$" err &&
	test_cmp default pred &&
	unionml -C app -q predict -f ../features.csv -o - >out &&
	test_cmp default out &&
	unionml -C app predict --json -f ../features.csv -o - >out &&
	test_jq out ".predictions == \$want[0]" --slurpfile want default &&
	rm pred &&
	unionml -C app predict --json -f ../features.csv -o ../pred >out &&
	test_jq out ".predictions == null and
		.predictions_path == \"../pred\"" &&
	test_cmp default pred
'

test_expect_success '-o keeps what exists, unless --force' '
	echo precious >pred &&
	unionml -C app runs --json --limit 0 >before &&
	test_must_fail 4 unionml -C app predict -o ../pred 2>err &&
	test_grep "^unionml: error: .../pred. exists: --force replaces it" \
		err &&
	test_must_fail 4 unionml -C app predict -o .. 2>err &&
	test_grep "is a directory" err &&
	test_must_fail 4 unionml -C app predict -o ../missing/pred 2>err &&
	test_grep "cannot write .../missing/pred.: .../missing.: No such" \
		err &&
	unionml -C app runs --json --limit 0 >after &&
	test_cmp before after &&
	echo precious >want &&
	test_cmp want pred &&
	unionml -C app -q predict -f ../features.csv -o ../pred --force &&
	test_cmp default pred
'

test_expect_success '-o through a link, to a pipe, to a device' '
	echo old >place &&
	ln -s place link &&
	test_must_fail 4 unionml -C app predict -o ../link 2>err &&
	unionml -C app -q predict -f ../features.csv -o ../link --force &&
	test_cmp default link &&
	mkfifo pipe &&
	{ cat pipe >piped & } &&
	unionml -C app -q predict -f ../features.csv -o ../pipe &&
	wait &&
	test_cmp default piped &&
	test -p pipe &&
	unionml -C app -q predict -f ../features.csv -o /dev/null &&
	test -c /dev/null
'

test_expect_success FULL 'a full device or stdout is said' '
	test_must_fail 4 unionml -C app -q predict -f ../features.csv \
		-o /dev/full 2>err &&
	test_grep "cannot write ./dev/full.: No space left on device" err &&
	test_must_fail 4 unionml -C app -q predict -f ../features.csv \
		2>err >/dev/full &&
	test_must_fail 4 unionml -C app -q train 2>err >/dev/full &&
	test_grep "cannot write to stdout: No space left on device" err
'

test_expect_success 'a file that nobody would write is refused' '
	test_must_fail 2 unionml -C app predict -o x --no-wait 2>err &&
	test_grep -e "-o.*--no-wait" err
'

test_expect_success 'a workflow that the app file does not make' '
	mkdir reader && cat >reader/unionml.yaml <<-\END &&
	name: alone
	dataset: {reader: {command: "echo 1 >\"$UNIONML_OUT_data\""}}
	END
	test_must_fail 3 unionml -C reader train 2>err &&
	test_grep "makes no workflow .train.: it has no" err &&
	test_grep trainer err &&
	test_must_fail 3 unionml -C reader predict 2>err &&
	test_grep "makes no workflow .predict.: it has no" err &&
	test_must_fail 3 unionml -C reader predict -f unionml.yaml 2>err &&
	test_grep "makes no workflow .predict_from_features." err &&
	test_path_missing reader/.unionml/runs
'

test_expect_success 'an app file that is not there, or is wrong' '
	mkdir empty &&
	test_must_fail 3 unionml -C empty train 2>err &&
	test_grep "unionml.yaml" err &&
	echo "nam: x" >empty/unionml.yaml &&
	test_must_fail 3 unionml -C empty train 2>err &&
	test_grep "^unionml.yaml:1:1: error: nam: " err &&
	test_path_missing empty/.unionml
'

test_expect_success 'the app file is found from below, as git finds .git' '
	mkdir -p app/deep/er &&
	cp features.csv app/deep/er &&
	unionml -C app/deep/er -q predict -f features.csv >out &&
	test_cmp default out &&
	test_path_missing app/deep/er/.unionml &&
	unionml --file app/unionml.yaml -q predict -f features.csv >out &&
	test_cmp default out
'

test_expect_success 'the name that UnionML would take is taken' '
	(
		cd app &&
		unionml train app:model -p rows=20 >../out
	) &&
	test_line_count 3 out
'

test_expect_success 'a required input must be given' '
	mkdir needy && cat >needy/unionml.yaml <<-\END &&
	name: needy
	dataset:
	  reader:
	    inputs: {table: {type: string}, day: {type: datetime}}
	    command: "echo \"$UNIONML_IN_table\" >\"$UNIONML_OUT_data\""
	model:
	  hyperparameters: {C: {type: float}}
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	END
	test_must_fail 3 unionml -C needy train 2>err &&
	test_grep "input .table." err &&
	test_grep "input .day." err &&
	test_grep "input .hyperparameters.C." err &&
	test_path_missing needy/.unionml/runs &&
	unionml -C needy -q train -p table=t -p day=2026-01-01T00:00Z \
		-p hyperparameters.C=1 >out &&
	test_line_count 1 out &&
	unionml -C needy fetch model -o - >model &&
	echo t >want &&
	test_cmp want model &&
	test_must_fail 6 unionml -C needy fetch metrics 2>err
'

test_expect_success 'features come from stdin, and leave no file behind' '
	printf "x\n1\n2\n" >features.csv &&
	unionml -C app predict -f ../features.csv >want &&
	unionml -C app predict -f - <features.csv >out &&
	test_cmp want out &&
	cat features.csv | unionml -C app predict -f - >out &&
	test_cmp want out &&
	find tmp -name ".unionml-*" >left &&
	test_line_count 0 left
'

test_done
