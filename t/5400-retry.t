#!/bin/sh
# runs retry: a new run that finishes what another one left undone.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

# as_ever: what app_file makes unless it is told otherwise.
as_ever() {
	rows='rows: {type: integer, default: 3}' more='' format=csv
	members='C: {type: float, default: 1.0}' splitter=''
	trainer='test -e fixed' predictor=:
}

app_file() {
	cat >app/unionml.yaml <<-END
	name: counting
	dataset:
	  reader:
	    inputs:
	      time: {type: datetime, default: now}
	      $rows
	      $more
	    format: $format
	    command: |
	      echo call >>reader.calls
	      seq 1 "\${UNIONML_IN_rows-2}" >"\$UNIONML_OUT_data"
	  $splitter
	model:
	  hyperparameters: {$members}
	  trainer:
	    command: |
	      echo call >>trainer.calls
	      $trainer
	      cp "\$UNIONML_IN_train" "\$UNIONML_OUT_model_object"
	  predictor:
	    command: |
	      $predictor
	      cp "\$UNIONML_IN_model_object" "\$UNIONML_OUT_predictions"
	END
}

# An app that counts the calls of its components; the trainer fails until the
# file `fixed` is there.
make_app() {
	rm -rf app && mkdir app && as_ever && app_file
}

# The same, but the trainer waits for its end until that file is there.
make_waiting() {
	rm -rf app && mkdir app && as_ever && trainer='sh wait.sh' &&
	app_file && cat >app/wait.sh <<-\END
	test ! -e fixed || exit 0
	sh -c "echo \$\$ >child; exec sleep 60" &
	until test -s child; do sleep 0.01; done
	echo $$ >pid.new
	mv pid.new pid
	wait
	END
}

# show RUN: into the file `shown`; sets $id.
show() {
	unionml -C app runs show "$1" --json >shown &&
	id=$(jq -r .id shown)
}

# calls READER TRAINER: so often they were called.
calls() {
	test "$(wc -l <app/reader.calls) $(wc -l <app/trainer.calls)" = "$*"
}

start() {
	"$@" &
	program=$!
}

test_expect_success 'a run fails' '
	make_app &&
	test_must_fail 1 unionml -C app train -p rows=5 \
		-p hyperparameters.C=2 2>err &&
	show latest && failed=$id &&
	cp shown failed.json &&
	calls 1 1
'

test_expect_success 'so does its retry, while nothing has changed' '
	test_must_fail 1 unionml -C app runs retry $failed >out 2>err &&
	test_line_count 0 out &&
	show latest && again=$id &&
	test "$again" != "$failed" &&
	test_grep -E "^reader +-  taken over from $failed$" err &&
	test_grep "run $again failed in trainer" err &&
	test_jq shown ".status == \"failed\" and .retry_of == \"$failed\"" &&
	calls 1 2
'

test_expect_success 'the done nodes are taken over, the others run' '
	: >app/fixed &&
	unionml -C app runs retry $failed >out 2>err &&
	test_line_count 1 out &&
	show latest &&
	echo $id >want &&
	test_cmp want out &&
	calls 1 3 &&
	test_jq shown ".status == \"succeeded\" and .retry_of == \"$failed\"" &&
	test_jq shown ".nodes[0] | .taken_from == \"$failed\" and
		.status == \"succeeded\" and .attempts == 1" &&
	test_jq shown ".nodes[1] | .taken_from == null and .attempts == 1" &&
	unionml -C app fetch model -o - >model &&
	test_line_count 5 model
'

test_expect_success 'with the same inputs, `now` included' '
	test_jq shown ".inputs == \$old[0].inputs" --slurpfile old failed.json &&
	test_jq shown ".inputs.rows == 5 and .inputs.hyperparameters.C == 2"
'

test_expect_success 'as hard links, which outlive the run they are of' '
	old=app/.unionml/runs/$failed/reader/out/data.csv &&
	new=app/.unionml/runs/$id/reader/out/data.csv &&
	test "$(stat -c %i $old)" = "$(stat -c %i $new)" &&
	rm -r app/.unionml/runs/$failed &&
	test_line_count 5 $new &&
	test_line_count 5 app/.unionml/runs/$id/trainer/in/train.csv
'

test_expect_success 'a retry of a retry names the run that did the work' '
	unionml -C app -q runs retry $again >out 2>err &&
	show latest &&
	test_jq shown ".retry_of == \"$again\"" &&
	test_jq shown ".nodes[0].taken_from == \"$failed\"" &&
	calls 1 4
'

test_expect_success 'what succeeded has nothing to retry' '
	unionml -C app -q runs --json >before &&
	test_must_fail 6 unionml -C app runs retry $id 2>err &&
	test_grep "run $id succeeded: --from-start runs it again" err &&
	unionml -C app -q runs --json >after &&
	test_cmp before after
'

test_expect_success '--from-start runs everything again' '
	unionml -C app -q runs retry --from-start $id >out &&
	show "$(cat out)" &&
	test_jq shown ".nodes | all(.taken_from == null)" &&
	test_jq shown ".inputs.rows == 5" &&
	calls 2 5
'

test_expect_success 'a retry is named as other runs are' '
	test_must_fail 6 unionml -C app runs retry nobody 2>err &&
	test_grep "no run .nobody." err &&
	test_must_fail 2 unionml -C app runs retry &&
	test_must_fail 2 unionml -C app runs retry $again $id &&
	unionml -C app runs retry "$(printf %.12s $again)" --json >out &&
	test_jq out ".retry_of == \"$again\" and .status == \"succeeded\"" &&
	id=$(unionml -C app runs retry $again --no-wait) &&
	unionml -C app -q runs watch $id >out &&
	unionml -C app -q runs retry $again --timeout 1m >out &&
	test_line_count 1 out
'

test_expect_success 'after kill -9, once the components are gone' '
	make_waiting &&
	start unionml -C app train >out 2>err &&
	waitfor 20 test -s app/pid &&
	kill -9 $program &&
	! wait $program &&
	show latest && killed=$id &&
	test_jq shown ".status == \"interrupted\"" &&
	test_jq shown ".nodes[0].status == \"succeeded\" and
		.nodes[1].status == \"running\"" &&
	! gone $(cat app/pid) &&
	! gone $(cat app/child) &&
	: >app/fixed &&
	unionml -C app runs retry $killed 2>err &&
	test_grep "ending what still lives of run $killed" err &&
	gone $(cat app/pid app/child) &&
	calls 1 2 &&
	show latest &&
	test_jq shown ".status == \"succeeded\" and .retry_of == \"$killed\"" &&
	test_jq shown ".nodes[0].taken_from == \"$killed\""
'

test_expect_success 'what lives without the process that was recorded, too' '
	rm -f app/fixed app/pid app/child &&
	start unionml -C app train >out 2>err &&
	waitfor 20 test -s app/pid &&
	kill -9 $program &&
	! wait $program &&
	kill -9 "$(ps -o pgid= -p "$(cat app/pid)" | tr -d " ")" &&
	kill -9 "$(cat app/pid)" &&
	! gone $(cat app/child) &&
	{ waitfor 5 test ! -e "/proc/$(cat app/pid)" || :; } &&
	: >app/fixed &&
	unionml -C app runs retry latest 2>err &&
	gone $(cat app/child)
'

# The process is there, the row of its node waits for the disk.
test_expect_success FAIL_IO 'and what was not yet recorded' '
	rm -f app/fixed app/pid app/child &&
	start env LD_PRELOAD="$BUILD/t/helper/fail-io.so" FAIL_IO_OP=write \
		FAIL_IO_PATH=store.db-wal FAIL_IO_SLEEP=50 \
		unionml -C app train >out 2>err &&
	waitfor 20 test -s app/pid &&
	kill -9 $program &&
	! wait $program &&
	show latest &&
	test_jq shown ".nodes[1] | .attempts == 1 and .started_at == null" &&
	! gone $(cat app/pid) &&
	unionml -C app runs stop latest &&
	gone $(cat app/pid app/child) &&
	show latest &&
	test_jq shown ".status == \"aborted\""
'

test_expect_success 'a run that was stopped is retried like a failed one' '
	rm -f app/fixed app/pid app/child &&
	id=$(unionml -C app train --no-wait) &&
	waitfor 20 test -s app/pid &&
	unionml -C app runs stop $id &&
	: >app/fixed &&
	unionml -C app -q runs retry $id &&
	stopped=$id &&
	show latest &&
	test_jq shown ".retry_of == \"$stopped\" and
		.nodes[0].taken_from == \"$stopped\""
'

test_expect_success 'a second kill -9, in the retry' '
	rm -f app/fixed app/pid app/child &&
	start unionml -C app train >out 2>err &&
	waitfor 20 test -s app/pid &&
	kill -9 $program &&
	! wait $program &&
	show latest && first=$id &&
	rm app/pid app/child &&
	start unionml -C app runs retry $first >out 2>err &&
	waitfor 20 test -s app/pid &&
	kill -9 $program &&
	! wait $program &&
	show latest && second=$id &&
	test_jq shown ".status == \"interrupted\"" &&
	: >app/fixed &&
	unionml -C app -q runs retry $second &&
	show latest &&
	test_jq shown ".retry_of == \"$second\"" &&
	test_jq shown ".nodes[0].taken_from == \"$first\"" &&
	gone $(cat app/pid app/child)
'

test_expect_success 'files are those that the run began with' '
	rm -rf files && mkdir -p files/dir && cat >files/unionml.yaml <<-\END &&
	name: files
	dataset:
	  reader:
	    inputs:
	      one:  {type: file}
	      dir:  {type: directory}
	      list: {type: list<file>}
	      map:  {type: map<directory>}
	    command: [sh, -c, "cat $1 $2/* $3/* $4/*/* >$5 && test -e fixed", sh,
	              "{one}", "{dir}", "{list}", "{map}", "{data}"]
	model: {trainer: {command: [cp, "{train}", "{model_object}"]}}
	END
	echo one >files/one &&
	echo two >files/two &&
	echo inner >files/dir/inner &&
	test_must_fail 1 unionml -C files train -p one=one -p dir=dir \
		-p list="[\"one\", \"two\"]" -p map="{\"k\": \"dir\"}" &&
	echo changed >files/one &&
	rm -r files/dir files/two &&
	: >files/fixed &&
	unionml -C files -q runs retry latest &&
	unionml -C files fetch model -o - >model &&
	printf "%s\n" one inner one two inner >want &&
	test_cmp want model
'

test_expect_success 'so is the model of a predict' '
	make_app &&
	: >app/fixed &&
	model=$(unionml -C app -q train) &&
	predictor="test -e good" &&
	app_file &&
	test_must_fail 1 unionml -C app predict &&
	show latest &&
	test_jq shown ".model == \"$model\"" &&
	unionml -C app -q train -p rows=9 >out &&
	unionml -C app runs gc --keep 2 >out &&
	test_must_fail 6 unionml -C app runs show $model 2>err &&
	: >app/good &&
	unionml -C app -q runs retry $id &&
	show latest &&
	test_jq shown ".model == \"$model\" and .workflow == \"predict\"" &&
	unionml -C app fetch predictions -o - >predictions &&
	test_line_count 3 predictions
'

test_expect_success 'an app file that has changed: commands and inputs' '
	make_app &&
	test_must_fail 1 unionml -C app train &&
	show latest && failed=$id &&
	more="more: {type: string, default: x}" &&
	members="$members, D: {type: integer, default: 4}" &&
	trainer="echo new" &&
	app_file &&
	unionml -C app -q runs retry $failed &&
	show latest &&
	test_jq shown ".inputs.more == \"x\" and
		.inputs.hyperparameters == {C: 1, D: 4}" &&
	test_jq shown ".nodes[0].taken_from == \"$failed\"" &&
	unionml -C app runs log latest trainer >log &&
	echo new >want &&
	test_cmp want log
'

test_expect_success 'a node more in the middle' '
	as_ever &&
	splitter="splitter: {command: [sh, split.sh, \"{data}\", \"{train}\",
	    \"{test}\"]}" &&
	app_file &&
	echo "cp \$1 \$2; cp \$1 \$3" >app/split.sh &&
	: >app/fixed &&
	unionml -C app -q runs retry $failed &&
	show latest &&
	test_jq shown "[.nodes[] | .taken_from] ==
		[\"$failed\", null, null]"
'

test_expect_success 'an input that is gone, or has another type' '
	as_ever &&
	rows= &&
	app_file &&
	unionml -C app -q runs retry $failed &&
	show latest &&
	test_jq shown ".inputs | has(\"rows\") | not" &&
	rows="rows: {type: boolean}" &&
	app_file &&
	test_must_fail 3 unionml -C app runs retry $failed 2>err &&
	test_grep "input .rows.: expected boolean, got integer 3" err &&
	test_grep "the inputs of run $failed do not fit the app file" err &&
	as_ever &&
	members="C: {type: boolean, default: true}" &&
	app_file &&
	test_must_fail 3 unionml -C app runs retry $failed 2>err &&
	test_grep "input .hyperparameters.C.: expected boolean" err &&
	members="D: {type: integer, default: 4}" &&
	app_file &&
	unionml -C app -q runs retry $failed &&
	show latest &&
	test_jq shown ".inputs.hyperparameters == {D: 4}" &&
	as_ever &&
	more="must: {type: string}" &&
	app_file &&
	test_must_fail 3 unionml -C app runs retry $failed 2>err &&
	test_grep "input .must." err
'

test_expect_success 'a node whose outputs are named otherwise now runs again' '
	as_ever &&
	format=tsv &&
	app_file &&
	unionml -C app -q runs retry $failed &&
	show latest &&
	test_jq shown ".nodes[0].taken_from == null" &&
	unionml -C app fetch model -o - >model &&
	test_line_count 3 model
'

test_expect_success 'a workflow that is no more' '
	as_ever &&
	app_file &&
	sed "/^model:/,\$d" app/unionml.yaml >new &&
	cp new app/unionml.yaml &&
	test_must_fail 3 unionml -C app runs retry $failed 2>err &&
	test_grep "makes no workflow .train." err
'

test_done
