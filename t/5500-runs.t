#!/bin/sh
# runs list, show and gc, and fetch.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

day=86400
base=1767225600	# 2026-01-01T00:00:00Z

# at DAYS COMMAND...: as if it were so many days after the first of January.
at() {
	at_days=$1
	shift
	UNIONML_TEST_NOW=$((base + at_days * day)) "$@"
}

# ids FILTER...: those of `runs list`, the newest first.
ids() {
	at 9 unionml -C app runs list --json "$@" | jq -r '.[].id'
}

# lists WANT FILTER...: that these runs, by our names for them, are listed.
lists() {
	lists_want=
	for lists_name in $1; do
		eval "lists_want=\"\$lists_want \$$lists_name\""
	done
	shift
	test "$(echo $(ids "$@"))" = "$(echo $lists_want)" || {
		echo "wanted:$lists_want" >&2
		at 9 unionml -C app runs list --json "$@" >&2
		return 1
	}
}

test_expect_success 'runs of all kinds, a day apart' '
	mkdir app && cat >app/unionml.yaml <<-\END &&
	name: small
	dataset:
	  reader:
	    inputs: {how: {type: string, default: ok}}
	    format: csv
	    command: [sh, run.sh, "{how}", "{data}"]
	model:
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	  evaluator: {command: "echo \"{\\\"a\\\": 1}\" >$UNIONML_OUT_metrics"}
	  predictor: {command: [cp, "{model_object}", "{predictions}"]}
	END
	cat >app/run.sh <<-\END &&
	echo "$1" >"$2"
	case $1 in
	fail) exit 2 ;;
	kill) sleep 0.2; kill -9 $PPID ;;
	stop) kill $PPID; sleep 60 ;;
	esac
	END
	one=$(at 0 unionml -C app -q train) &&
	one=${one%% *} && one=$(echo "$one" | sed 1q) &&
	test_must_fail 1 at 1 unionml -C app train -p how=fail &&
	fail=$(ids --limit 1) &&
	test_expect_code 143 at 2 unionml -C app train -p how=stop &&
	stop=$(ids --limit 1) &&
	test_expect_code 137 at 3 unionml -C app train -p how=kill &&
	kill=$(ids --limit 1) &&
	at 4 unionml -C app -q predict &&
	predict=$(ids --limit 1) &&
	at 5 unionml -C app -q predict -f run.sh &&
	features=$(ids --limit 1) &&
	two=$(at 6 unionml -C app -q train -p how=two | sed 1q) &&
	test "$(echo $one $fail $stop $kill $predict $features $two |
		wc -w)" = 7
'

test_expect_success 'the newest first' '
	lists "two features predict kill stop fail one"
'

test_expect_success 'filters' '
	lists "two kill stop fail one" --workflow train &&
	lists predict --workflow predict &&
	lists features --workflow predict_from_features &&
	lists "two features predict one" --status succeeded &&
	lists fail --status failed &&
	lists stop --status aborted &&
	lists kill --status interrupted &&
	lists "" --status running &&
	lists "" --status pending &&
	lists "two one" --status succeeded --workflow train &&
	lists "" --schedule nightly
'

test_expect_success '--limit' '
	lists "two features" --limit 2 &&
	lists "two features predict kill stop fail one" --limit 0 &&
	lists "two kill" --limit 2 --workflow train &&
	lists kill --limit 1 --status interrupted
'

test_expect_success '--since' '
	lists "two features" --since 4d &&
	lists "two features predict" --since 5d &&
	lists "two features" --since 2026-01-06T00:00Z &&
	lists two --since 2026-01-06T00:00:00.001Z &&
	lists two --since 2026-01-07T01:00+01:00 &&
	lists "" --since 1d &&
	lists "" --since 2027-01-01T00:00:00Z &&
	lists "two kill" --since 6d --workflow train
'

test_expect_success 'twenty unless told otherwise' '
	mkdir many && cat >many/unionml.yaml <<-\END &&
	name: many
	dataset: {reader: {command: [touch, "{data}"]}}
	model: {trainer: {command: [touch, "{model_object}"]}}
	END
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22
	do
		unionml -C many -q train >id && cat id >>ids || return 1
	done &&
	unionml -C many runs >out &&
	test_line_count 21 out &&
	unionml -C many runs --json --limit 0 | jq -r ".[].id" >all &&
	sort -r ids >/dev/null &&
	sed -n "1!G;h;\$p" ids >want &&
	test_cmp want all &&
	unionml -C many runs --json | jq -r ".[].id" >got &&
	head -n 20 want | test_cmp - got
'

test_expect_success 'columns' '
	at 9 unionml -C app runs >out &&
	cat >want <<-END &&
	ID WORKFLOW STATUS STARTED TOOK SCHEDULE VERSION
	$(printf %.12s $two) train succeeded 2026-01-07 00:00 UTC 0.0s - -
	$(printf %.12s $features) predict_from_features succeeded 2026-01-06 00:00 UTC 0.0s - -
	$(printf %.12s $predict) predict succeeded 2026-01-05 00:00 UTC 0.0s - -
	$(printf %.12s $kill) train interrupted 2026-01-04 00:00 UTC - - -
	$(printf %.12s $stop) train aborted 2026-01-03 00:00 UTC 0.0s - -
	$(printf %.12s $fail) train failed 2026-01-02 00:00 UTC 0.0s - -
	$(printf %.12s $one) train succeeded 2026-01-01 00:00 UTC 0.0s - -
	END
	tr -s " " <out >got &&
	test_cmp want got &&
	at 9 unionml -C app runs list >again &&
	test_cmp out again
'

test_expect_success 'the members of --json' '
	at 9 unionml -C app runs --json >out &&
	test_jq out "all(keys_unsorted == [\"id\", \"workflow\", \"status\",
		\"started_at\", \"ended_at\", \"schedule\", \"kickoff\",
		\"app_version\", \"retry_of\"])" &&
	test_jq out ".[0].started_at == \"2026-01-07T00:00:00Z\"" &&
	test_jq out ".[3].ended_at == null and .[3].status == \"interrupted\"" &&
	test_jq out "all(.schedule == null and .kickoff == null)"
'

test_expect_success 'an empty list is done' '
	unionml -C app runs --status running >out 2>err &&
	test_line_count 0 out &&
	echo "no runs" >want &&
	test_cmp want err &&
	unionml -C app runs --status running --json >out 2>err &&
	test_jq out ". == []" &&
	test_line_count 0 err
'

test_expect_success 'filters that are none' '
	test_must_fail 2 unionml -C app runs --status done 2>err &&
	test_grep "none of pending, running, interrupted, succeeded" err &&
	test_must_fail 2 unionml -C app runs --workflow trian 2>err &&
	test_must_fail 2 unionml -C app runs --since yesterday 2>err &&
	test_grep "neither a duration like 7d nor a time like" err &&
	test_must_fail 2 unionml -C app runs --since 2026-01-01 2>err &&
	test_must_fail 2 unionml -C app runs --limit -1 &&
	test_must_fail 2 unionml -C app runs --limit all &&
	test_must_fail 2 unionml -C app runs shwo latest 2>err &&
	test_grep "no command .runs shwo.. Did you mean .runs show.?" err &&
	test_must_fail 2 unionml -C app runs list extra
'

test_expect_success 'runs are named by a beginning that only one has' '
	for n in 20 19 12 8
	do
		unionml -C app runs show "$(printf "%.${n}s" $two)" \
			--json >shown &&
		test_jq shown ".id == \"$two\"" || return 1
	done &&
	unionml -C app runs show latest --json >shown &&
	test_jq shown ".id == \"$two\""
'

test_expect_success 'the runs that it may be are named' '
	test_must_fail 6 unionml -C app runs show r 2>err &&
	test_grep "^unionml: error: .r. is the beginning of several runs$" \
		err &&
	for id in $one $fail $stop $kill $predict $features $two
	do
		test_grep "^  $id  [a-z_]*, [a-z]*$" err || return 1
	done &&
	test_grep "^  $kill  train, interrupted$" err &&
	test_must_fail 6 unionml -C many runs show r 2>err &&
	test_grep "is the beginning of many runs" err &&
	test_line_count 11 err
'

test_expect_success 'or that it is none' '
	for id in x "" ${two}0 "%" "_" "r%" "*" "$(printf "r\001")" LATEST
	do
		test_must_fail 6 unionml -C app runs show "$id" 2>err &&
		test_grep "no run .*: .unionml runs. lists them" err ||
		return 1
	done &&
	test_must_fail 2 unionml -C app runs show &&
	test_must_fail 2 unionml -C app runs show $one $two
'

test_expect_success 'runs show' '
	unionml -C app runs show $two >out &&
	tr -s " " <out >got &&
	cat >want <<-END &&
	run $two
	workflow train
	status succeeded
	started 2026-01-07 00:00 UTC
	took 0.0s
	inputs how = "two"
	nodes
	END
	sed -n 1,7p got >head &&
	test_cmp want head &&
	test_grep -E "^ reader succeeded 0.0s [0-9.]+ [KM]iB$" got &&
	test_grep "^train a 1$" got &&
	unionml -C app runs show $predict >out &&
	test_grep "^model of  $one$" out &&
	unionml -C app runs show $fail >out &&
	test_grep "^error     reader: exit status 2$" out &&
	test_grep -E "^  reader +failed .* exit status 2$" out
'

test_expect_success 'runs show --json' '
	unionml -C app runs show $two --json >out &&
	test_jq out ".inputs == {how: \"two\"} and .error == null and
		.model == null and .metrics == {train: {a: 1}}" &&
	test_jq out "[.nodes[].name] ==
		[\"reader\", \"trainer\", \"evaluator-train\"]" &&
	test_jq out ".nodes | all(keys_unsorted == [\"name\", \"status\",
		\"attempts\", \"started_at\", \"ended_at\", \"max_rss\",
		\"cpu_ms\", \"error\", \"first_error\", \"taken_from\",
		\"links\"])" &&
	unionml -C app runs show $kill --json >out &&
	test_jq out ".status == \"interrupted\" and .metrics == null and
		(.nodes[0].status | IN(\"running\", \"pending\"))" &&
	unionml -C app runs show $predict --json >out &&
	test_jq out ".model == \"$one\" and .metrics == null"
'

test_expect_success 'fetch writes ./model and ./predictions' '
	mkdir here && (
		cd here &&
		unionml --file ../app/unionml.yaml fetch model 2>../err &&
		unionml --file ../app/unionml.yaml -q fetch predictions
	) &&
	echo two >want &&
	test_cmp want here/model &&
	sum=$(sha256sum <here/model) &&
	test_grep "^.model. is of run $two, sha256 ${sum%% *}$" err &&
	test_cmp app/run.sh app/run.sh &&
	echo ok >want &&
	test_cmp want here/predictions &&
	ls -A here >names &&
	test_line_count 2 names
'

test_expect_success 'fetch of a run, to a place' '
	unionml -C app -q fetch model $one -o ../one &&
	echo ok >want &&
	test_cmp want one &&
	unionml -C app -q fetch model "$(printf %.10s $one)" -o - >out &&
	test_cmp want out &&
	unionml -C app -q fetch predictions $predict -o - >out &&
	test_cmp want out &&
	unionml -C app -q fetch model latest -o - >out &&
	echo two >want &&
	test_cmp want out
'

test_expect_success 'metrics are JSON on stdout' '
	unionml -C app fetch metrics >out 2>err &&
	test_jq out ". == {train: {a: 1}}" &&
	test_line_count 0 err &&
	unionml -C app fetch metrics $one -o ../metrics &&
	test_jq metrics ". == {train: {a: 1}}"
'

test_expect_success 'fetch --json says what it wrote' '
	unionml -C app fetch model --json -o ../json.model >out &&
	test_jq out ". == {run: \"$two\", path: \"../json.model\",
		sha256: \$sum}" --arg sum "$(sha256sum <json.model |
		sed "s/ .*//")" &&
	unionml -C app fetch metrics --json -o ../json.metrics >out &&
	test_jq out ".run == \"$two\" and .path == \"../json.metrics\"" &&
	unionml -C app fetch metrics --json >out &&
	test_jq out ". == {train: {a: 1}}"
'

test_expect_success 'what exists stays, unless --force' '
	echo mine >mine &&
	test_must_fail 4 unionml -C app fetch model -o ../mine 2>err &&
	test_grep "exists: --force replaces it, -o names another place" err &&
	echo mine >want &&
	test_cmp want mine &&
	unionml -C app -q fetch model -o ../mine --force &&
	echo two >want &&
	test_cmp want mine &&
	test_must_fail 4 unionml -C app fetch model -o .. --force 2>err &&
	test_grep "is a directory" err &&
	test_must_fail 4 unionml -C app fetch model -o ../none/x 2>err
'

test_expect_success 'what is no regular file is written straight' '
	unionml -C app -q fetch model -o /dev/null &&
	test -c /dev/null &&
	mkfifo pipe &&
	{ cat pipe >piped & } &&
	unionml -C app -q fetch model -o ../pipe &&
	wait &&
	test -p pipe &&
	test_cmp want piped
'

test_expect_success 'the model is a file of its own, with the mode of any' '
	unionml -C app -q fetch model -o ../own &&
	echo changed >own &&
	unionml -C app -q fetch model -o - >out &&
	test_cmp want out &&
	test "$(stat -c %a own)" = 644 &&
	(umask 077 && unionml -C app -q fetch model -o ../private) &&
	test "$(stat -c %a private)" = 600
'

test_expect_success FAIL_IO 'a fetch that fails leaves nothing, or the old' '
	mkdir half && echo old >half/old &&
	FAIL_IO_PATH=half && export FAIL_IO_PATH &&
	test_when_finished "unset FAIL_IO_PATH" &&
	for op in write fsync rename
	do
		test_must_fail 4 fail_io $op unionml -C app fetch model \
			-o ../half/new 2>err &&
		test_grep "cannot write .../half/new.: No space left" err &&
		test_must_fail 4 fail_io $op unionml -C app fetch model \
			-o ../half/old --force 2>err &&
		ls -A half >names &&
		echo old >want &&
		test_cmp want names &&
		test_cmp want half/old || return 1
	done
'

test_expect_success 'what a run has not' '
	test_must_fail 6 unionml -C app fetch model $predict 2>err &&
	test_grep "run $predict (predict, succeeded) has no model" err &&
	test_must_fail 6 unionml -C app fetch predictions $one 2>err &&
	test_grep "has no predictions" err &&
	test_must_fail 6 unionml -C app fetch metrics $fail 2>err &&
	test_must_fail 6 unionml -C app fetch model $kill 2>err &&
	test_must_fail 6 unionml -C app fetch model nobody 2>err &&
	test_must_fail 2 unionml -C app fetch modle 2>err &&
	test_grep "cannot fetch .modle.: it is model, predictions or metrics" \
		err &&
	test_must_fail 2 unionml -C app fetch &&
	test_path_missing app/model
'

test_expect_success 'gc wants to be told what to keep' '
	test_must_fail 2 unionml -C app runs gc 2>err &&
	test_grep -e "--keep N or --older-than D" err &&
	test_must_fail 2 unionml -C app runs gc --keep 1 --older-than 1d &&
	test_must_fail 2 unionml -C app runs gc --older-than soon &&
	test_must_fail 2 unionml -C app runs gc --keep -1 &&
	lists "two features predict kill stop fail one"
'

test_expect_success 'gc --dry-run only tells' '
	at 9 unionml -C app runs gc --keep 3 --dry-run >out 2>err &&
	for id in $kill $stop $fail $one
	do
		test_grep "^$id " out || return 1
	done &&
	test_line_count 4 out &&
	test_grep "^4 runs, .*: nothing was removed (--dry-run)$" err &&
	lists "two features predict kill stop fail one" &&
	at 9 unionml -C app runs gc --keep 3 -n >again 2>/dev/null &&
	test_cmp out again
'

test_expect_success 'gc --older-than: what ended before' '
	at 9 unionml -C app runs gc --older-than 1970-01-01T00:00Z >out &&
	test_line_count 0 out &&
	at 9 unionml -C app runs gc --older-than 100d >out &&
	test_line_count 0 out &&
	lists "two features predict kill stop fail one" &&
	at 9 unionml -C app runs gc --older-than 2026-01-03T00:00Z >out &&
	lists "two features predict kill stop" &&
	test_path_missing app/.unionml/runs/$fail &&
	at 9 unionml -C app runs gc --older-than 6d >out &&
	lists "two features predict kill" &&
	test_must_fail 6 unionml -C app runs show $stop 2>err
'

test_expect_success 'an interrupted run goes like any other' '
	at 9 unionml -C app runs gc --keep 3 --json >out &&
	test_jq out "length == 1 and .[0].id == \"$kill\" and .[0].removed and
		.[0].kept == null and .[0].bytes > 0" &&
	lists "two features predict"
'

test_expect_success 'never the latest model' '
	for i in 1 2
	do
		at 9 unionml -C app runs gc --keep 0 >out 2>err &&
		test_grep "^$two  train  *kept: its model is the latest$" out ||
		return 1
	done &&
	lists two &&
	unionml -C app -q fetch model -o - >out &&
	echo two >want &&
	test_cmp want out &&
	ls app/.unionml/runs >dirs &&
	echo $two >want &&
	test_cmp want dirs &&
	unionml -C app -q predict >out
'

test_expect_success 'nor what a run that goes on came from' '
	model=$(unionml -C app -q train | sed 1q) &&
	sed "s/cp, \"{model_object}\"/sh, wait.sh, \"{model_object}\"/" \
		app/unionml.yaml >new &&
	cp new app/unionml.yaml &&
	echo "until test -e go; do sleep 0.02; done; cp \$1 \$2" \
		>app/wait.sh &&
	run=$(unionml -C app predict --no-wait) &&
	unionml -C app -q train &&
	unionml -C app runs gc --keep 0 >out &&
	test_grep "^$model .*kept: a run that has not ended uses it$" out &&
	test_grep ! "^$run " out &&
	: >app/go &&
	unionml -C app -q runs watch $run &&
	unionml -C app runs gc --keep 0 &&
	test_must_fail 6 unionml -C app runs show $model
'

test_expect_success 'a directory that lost its row goes, others stay' '
	mkdir app/.unionml/runs/r0123456789012345678 app/.unionml/runs/notes &&
	unionml -C app runs gc --keep 9 &&
	test_path_missing app/.unionml/runs/r0123456789012345678 &&
	test -d app/.unionml/runs/notes
'

test_expect_success 'what a component wrote-protected goes too' '
	cat >app/wait.sh <<-\END &&
	mkdir "${2%/*}/locked"
	: >"${2%/*}/locked/file"
	chmod 500 "${2%/*}/locked"
	cp "$1" "$2"
	END
	unionml -C app -q predict >out &&
	unionml -C app runs gc --keep 0 >out &&
	ls app/.unionml/runs >dirs &&
	test_line_count 2 dirs
'

test_done
