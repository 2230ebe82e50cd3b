#!/bin/sh
# Deployed versions: what runs by them, what is told of them, stores of former
# versions of the program, and models chosen by what they scored.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

export GIT_CEILING_DIRECTORIES="$TRASH"

# model RUN: what that run's trainer wrote.
model() {
	unionml -C app -q fetch model "$1" -o -
}

# train ARG...: its id.
train() {
	unionml -C app -q train "$@" >trained && sed -n 1p trained
}

test_expect_success 'train -v runs what was deployed' '
	make_tiny_app app old &&
	unionml -C app -q deploy -v first &&
	sed -i s/old/new/ app/code.sh &&
	id=$(train -v first) &&
	model $id >got &&
	printf "%s\n" old "$TRASH/app/.unionml/versions/first/source" \
		"$TRASH/app" first >want &&
	test_cmp want got &&
	id=$(train) &&
	model $id >got &&
	printf "%s\n" new "$TRASH/app" "$TRASH/app" "" >want &&
	test_cmp want got
'

test_expect_success 'runs list and show say which it was' '
	unionml -C app runs >out &&
	sed -n 2p out >newest &&
	sed -n 3p out >former &&
	test_grep " -$" newest &&
	test_grep " first$" former &&
	unionml -C app runs --json >json &&
	test_jq json "map(.app_version) == [null, \"first\"]" &&
	id=$(jq -r ".[1].id" json) &&
	unionml -C app runs show $id >out &&
	test_grep "^version   first$" out &&
	unionml -C app runs show $id --json >json &&
	test_jq json ".app_version == \"first\""
'

test_expect_success 'train -v --json, --no-wait and --timeout' '
	unionml -C app -q train -v first --json >json &&
	test_jq json ".app_version == \"first\"" &&
	id=$(unionml -C app -q train -v first --no-wait) &&
	unionml -C app -q runs watch $id &&
	model $id >got &&
	test_grep "^old$" got &&
	id=$(unionml -C app -q train -v first --timeout 1m | sed q) &&
	model $id >got &&
	test_grep "^first$" got
'

test_expect_success 'the app file is that of the version' '
	cp app/unionml.yaml kept.yaml &&
	test_when_finished "cp kept.yaml app/unionml.yaml" &&
	sed -i "s/score: {type/points: {type/; s/{score}/{points}/" \
		app/unionml.yaml &&
	train -v first -p score=5 &&
	test_must_fail 3 unionml -C app train -v first -p points=5 2>err &&
	test_grep "no such input" err &&
	train -p points=5
'

test_expect_success 'unknown versions' '
	test_must_fail 6 unionml -C app train -v frist >out 2>err &&
	test_line_count 0 out &&
	test_grep "no version .frist. is deployed here" err &&
	test_grep "unionml deploy --list" err &&
	for name in "" .. ../../app/.unionml/versions/first .lock
	do
		test_must_fail 6 unionml -C app predict -v "$name" \
			|| return 1
	done
'

test_expect_success 'predict -v' '
	sed -i "s/sed 1q/tail -n 1/" app/code.sh &&
	unionml -C app -q train -v first >/dev/null &&
	unionml -C app -q predict >got &&
	unionml -C app -q predict -v first >>got &&
	printf "%s\n" first old >want &&
	test_cmp want got &&
	unionml -C app runs show latest --json >json &&
	test_jq json ".app_version == \"first\"" &&
	test_jq json ".workflow == \"predict\""
'

test_expect_success 'path: and data are those beside the app file' '
	make_tiny_app data x &&
	mkdir data/tools data/rows &&
	printf "#!/bin/sh\ncat \"\$UNIONML_APP_DIR/rows/today\" >\"\$1\"\n" \
		>data/tools/readrows &&
	chmod +x data/tools/readrows &&
	echo 4 >data/rows/today &&
	printf "%s\n" tools/ rows/ >data/.unionmlignore &&
	echo "path: [tools]" >>data/unionml.yaml &&
	sed -i "s/\[sh, code.sh, reader.*/[readrows, \"{data}\"]/" \
		data/unionml.yaml &&
	unionml -C data -q deploy -v d 2>err &&
	test_line_count 0 err &&
	test_path_missing data/.unionml/versions/d/source/tools &&
	unionml -C data -q train -v d &&
	unionml -C data fetch metrics >json &&
	test_jq json ".train.score == 4"
'

# Fails in the trainer unless `mended` is there.
make_failing_app() {
	make_tiny_app "$1" "$2" &&
	sed -i 's/^trainer) /&test -e "$UNIONML_APP_DIR\/mended"; /' \
		"$1/code.sh"
}

test_expect_success 'a retry keeps to the version of its run' '
	make_failing_app failing old &&
	unionml -C failing -q deploy -v f &&
	test_must_fail 1 unionml -C failing -q train -v f &&
	sed -i s/old/new/ failing/code.sh &&
	: >failing/mended &&
	id=$(unionml -C failing -q runs retry latest) &&
	unionml -C failing -q fetch model $id -o - >got &&
	printf "%s\n" old "$TRASH/failing/.unionml/versions/f/source" \
		"$TRASH/failing" f >want &&
	test_cmp want got &&
	unionml -C failing runs show $id --json >json &&
	test_jq json ".app_version == \"f\" and .retry_of != null" &&
	test_jq json ".nodes[0].taken_from != null" &&
	id=$(unionml -C failing -q runs retry $id --from-start --no-wait) &&
	unionml -C failing -q runs watch $id &&
	unionml -C failing -q fetch model $id -o - >got &&
	test_cmp want got
'

test_expect_success 'and cannot be one of the working tree instead' '
	rm failing/mended &&
	test_must_fail 1 unionml -C failing -q train -v f &&
	rm -r failing/.unionml/versions/f &&
	test_must_fail 4 unionml -C failing runs retry latest 2>err &&
	test_grep "version .f. was removed" err
'

test_expect_success 'targets with stores of their own keep apart' '
	make_tiny_app stages staged &&
	cat >>stages/unionml.yaml <<-\END &&
	targets:
	  staging: {type: local, store: "${STATE:-../state}/staging"}
	  production: {type: local, store: ../state/production}
	default_target: staging
	END
	unionml -C stages -q deploy -v s >out &&
	test_must_fail 6 unionml -C stages -t production train -v s &&
	test_path_missing state/production/versions &&
	unionml -C stages -q train -v s >id &&
	sed -i s/staged/produced/ stages/code.sh &&
	unionml -C stages -t production -q deploy -v s >out &&
	test_grep ": new" out &&
	unionml -C stages -t production -q train -v s >other &&
	unionml -C stages fetch model -o - >got &&
	test_grep "^staged$" got &&
	unionml -C stages -t production fetch model -o - >got &&
	test_grep "^produced$" got &&
	unionml -C stages -t production runs --json >json &&
	test_jq json "length == 1" &&
	unionml -C stages -t local runs --json >json &&
	test_jq json "length == 0" &&
	test_path_missing stages/.unionml &&
	STATE=$TRASH/elsewhere unionml -C stages deploy --list --json >json &&
	test_jq json "length == 0"
'

# downgrade DIR: what unionml 0.1 would have left there.
downgrade() {
	sqlite3 "$1/.unionml/store.db" "DROP TABLE versions;
		DROP TABLE schedules; DROP TABLE definitions;
		DROP TABLE slots; DROP TABLE queue; DROP TABLE skipped;
		DROP TABLE untold;
		DROP INDEX runs_busy;
		ALTER TABLE runs DROP COLUMN origin;
		ALTER TABLE runs DROP COLUMN gen;
		ALTER TABLE runs DROP COLUMN resumed;
		PRAGMA user_version = 1" &&
	rm -rf "$1/.unionml/versions"
}

test_expect_success sqlite3 'a store without versions gets them, and keeps its runs' '
	make_tiny_app aged x &&
	unionml -C aged -q train >/dev/null &&
	unionml -C aged -q train >/dev/null &&
	unionml -C aged runs --json >want &&
	for command in "runs" "deploy --list" "deploy -n" "deploy -v a" \
		"help --dump versions" "predict"
	do
		downgrade aged &&
		unionml -C aged -q $command >out 2>err &&
		test_line_count 0 err &&
		unionml -C aged runs --json --workflow train >got &&
		test_cmp want got &&
		unionml -C aged -q deploy -v one &&
		unionml -C aged -q train -v one >id &&
		unionml -C aged -q runs list --limit 1 --json >json &&
		test_jq json ".[0].app_version == \"one\"" &&
		unionml -C aged -q runs list --json --workflow train >want ||
			return 1
	done
'

test_expect_success 'sqlite3 NOT_ROOT' 'an old store that cannot be written' '
	downgrade aged &&
	unionml -C aged runs --json >want &&
	downgrade aged &&
	sha256sum aged/.unionml/store.db >sum &&
	test_when_finished "chmod -R u+w aged/.unionml" &&
	chmod -R a-w aged/.unionml &&
	unionml -C aged runs --json >got &&
	test_cmp want got &&
	unionml -C aged deploy --list --json >json &&
	test_jq json "length == 0" &&
	test_must_fail 4 unionml -C aged deploy 2>err &&
	test_grep "it is read-only\|it cannot be written" err &&
	test_must_fail 4 unionml -C aged train &&
	sha256sum aged/.unionml/store.db >now &&
	test_cmp sum now
'

test_expect_success 'best:METRIC is the highest of the test data' '
	make_shell_app best &&
	unionml -C best -q train -p noise=1 >/dev/null &&
	unionml -C best -q train -p noise=0.5 >id &&
	id=$(sed -n 1p id) &&
	unionml -C best -q train -p noise=3 >/dev/null &&
	unionml -C best predict -m best:r2 -p rows=3 >out 2>err &&
	test_grep "^model of run $id$" err &&
	unionml -C best runs show latest --json >json &&
	test_jq json ".model == \"$id\"" &&
	unionml -C best predict -m best:mse -p rows=3 >out 2>err &&
	test_grep ! "$id" err
'

test_expect_success 'of equals the newer one' '
	unionml -C best -q train -p noise=0.5 >id &&
	id=$(sed -n 1p id) &&
	unionml -C best predict -m best:r2 -p rows=3 >out 2>err &&
	test_grep "^model of run $id$" err
'

test_expect_success 'runs that failed are none' '
	sed -i "s/name: line/&\nenv: {FAIL: \"\"}/" best/unionml.yaml &&
	sed -i "s/^set -.*/&\n[ \"\$1\" != evaluator ] || exit 1/" \
		best/app.sh &&
	test_must_fail 1 unionml -C best -q train -p noise=0 &&
	unionml -C best predict -m best:r2 -p rows=3 >out 2>err &&
	test_grep "^model of run $id$" err
'

test_expect_success 'no run has that metric' '
	for metric in accuracy "" "r2.x" "test" "\$" "r2\"" "a b" "[0]"
	do
		test_must_fail 6 unionml -C best predict -m "best:$metric" \
			>out 2>err &&
		test_grep "no training run has a metric" err &&
		test_line_count 1 err || return 1
	done &&
	make_tiny_app none x &&
	test_must_fail 6 unionml -C none predict -m best:score 2>err &&
	test_grep "no training run has a metric" err
'

test_done
