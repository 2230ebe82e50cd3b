#!/bin/sh
# Completion: the words that the program gives, and what the script of each
# shell makes of them.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

test_expect_success 'an app with a run, one without' '
	make_shell_app app &&
	make_shell_app other &&
	run=$(unionml -q -C app train | head -n 1) &&
	echo "$run" | grep -E "^r[0-9a-f]{19}$" &&
	: >app/points.csv
'

test_expect_success 'help --dump targets, schedules' '
	unionml -C app help --dump targets >got &&
	printf "local\tthis machine\n" >want &&
	test_cmp want got &&
	unionml -C app help --dump schedules >got &&
	printf "nightly_training\ttrain\nhourly_predictions\tpredict\n" \
		>want &&
	test_cmp want got
'

test_expect_success 'help --dump targets knows those of the app file' '
	mkdir targets &&
	printf "%s\n" "name: x" "targets:" \
		"  far: {type: flyte, project: p, domain: d}" \
		"  near: {type: local, store: elsewhere}" \
		>targets/unionml.yaml &&
	unionml -C targets help --dump targets >got &&
	printf "far\tflyte\nnear\tlocal\nlocal\tthis machine\n" >want &&
	test_cmp want got
'

test_expect_success 'help --dump timezones' '
	unionml -C other help --dump timezones >got &&
	test_grep "^Europe/Berlin$" got &&
	test_grep "^UTC$" got
'

test_expect_success 'help --dump runs, nodes' '
	unionml -C app help --dump runs | sed "s/, 2[-0-9 :]* UTC$//" >got &&
	printf "latest\tthe newest\n$run\ttrain, succeeded\n" >want &&
	test_cmp want got &&
	unionml -C app help --dump nodes latest >got &&
	printf "%s\tsucceeded\n" reader splitter trainer evaluator-train \
		evaluator-test >want &&
	test_cmp want got &&
	unionml -C app help --dump nodes nobody >got 2>&1 &&
	unionml -C app help --dump nodes >>got 2>&1 &&
	test_cmp /dev/null got
'

test_expect_success 'help --dump versions' '
	unionml -C app -q deploy -v one >out &&
	unionml -C app help --dump versions | sed "s/20[-0-9 :]* UTC$/T/" >got &&
	printf "one\tT\n" >want &&
	test_cmp want got
'

test_expect_success 'help --dump inputs' '
	unionml -C app help --dump inputs train >got &&
	printf "%s\n" "hyperparameters.ridge=	float" \
		"splitter_kwargs.test_size=	float" \
		"splitter_kwargs.random_state=	integer" \
		"time=	datetime" "rows=	integer" "noise=	float" \
		"seed=	integer" "labeled=	boolean" >want &&
	test_cmp want got &&
	unionml -C app help --dump inputs predict >got &&
	test_grep "^loader_kwargs.digits=	integer$" got &&
	test_grep ! -e model_object -e features got &&
	unionml -C app help --dump inputs fetch >got &&
	test_cmp /dev/null got
'

test_expect_success 'help --dump says nothing where there is nothing' '
	mkdir none broken &&
	echo "nam: x" >broken/unionml.yaml &&
	for dir in none broken
	do
		for words in inputs nodes runs schedules targets versions
		do
			unionml -C $dir help --dump $words train || return 1
		done
	done >got 2>&1 &&
	unionml -C other help --dump runs >>got 2>&1 &&
	unionml -C other help --dump nodes latest >>got 2>&1 &&
	unionml -C other help --dump versions >>got 2>&1 &&
	test_cmp /dev/null got &&
	test_path_missing other/.unionml
'

# offers SHELL WORD...: what the shell offers for the last word.
offers() {
	case $1 in
	bash) script=unionml.bash options=--norc ;;
	zsh) script=_unionml options=-f ;;
	fish) script=unionml.fish options=--private ;;
	esac
	program=$1 driver=$DATA/offers.$1
	shift
	"$program" "$options" "$driver" "$TOP/share/completions/$script" "$@"
}

# The words up to the cursor, then all that is offered for the last of them.
cat >cases <<\EOT
t|train
''|init check compile deploy train predict schedule scheduler activate-schedules deactivate-schedules runs fetch list-model-versions list-prediction-ids list-scheduled-training-runs list-scheduled-prediction-runs fetch-model fetch-predictions config schema version help
init -t ''|basic shell r c
init --template=s|shell
nope ''|
train ''|
train x|
-- ch|check
--ver|--verbose
--d|--directory
version --js|--json
train --no|--no-wait
train --j|--jobs --json
train --h|--help
train -- -|
train -j ''|
compile --g|--graph
co|compile config
compile --graph ''|dot mermaid
compile --graph=m|mermaid
compile --for ''|local flyte
config --te|--test
runs ''|list show watch log stop retry gc
runs l|list log
runs --st|--status
runs list --status s|succeeded
runs list --since ''|
runs list --schedule ''|nightly_training hourly_predictions
schedule backfill n|nightly_training
schedule backfill nightly_training --reprocess ''|none failed
schedule trigger h|hourly_predictions
runs show r|RUN
runs show ''|latest RUN
runs log latest ev|evaluator-test evaluator-train
runs log -f latest sp|splitter
runs log --follow RUN re|reader
runs gc ''|
schedule ''|list next explain audit backfill trigger simulate
activate-schedules n|nightly_training
scheduler --a|--adopt
deactivate-schedules --name h|hourly_predictions
deactivate-schedules --no|--note --now
schedule audit n|nightly_training
list-scheduled-prediction-runs h|hourly_predictions
fetch model --schedule n|nightly_training
schedule next n|nightly_training
schedule next --timezone Europe/Berl|Europe/Berlin
schedule next @daily --timezone=Asia/Kath|Asia/Kathmandu
schedule explain ''|
help r|runs
help runs s|show stop
help --dump s|schedules
fetch m|metrics model
fetch model ''|latest RUN
fetch app:x m|metrics model
fetch model latest ''|
train -p ''|hyperparameters.ridge= splitter_kwargs.test_size= splitter_kwargs.random_state= time= rows= noise= seed= labeled=
train -i @x.json --param hyper|hyperparameters.ridge=
predict app:x -p l|labeled= loader_kwargs.digits=
predict -m l|latest
predict -m ''|@ latest RUN
train -v ''|one
predict --app-version=o|one
predict -i ''|@
predict -i @poi|points.csv
predict -f poi|points.csv
predict --features=poi|points.csv
-t ''|local
-t local -q runs show r|RUN
runs --target ''|local
runs --target=l|local
-C ../other runs show ''|
-C../other runs show ''|
--directory=../other runs show ''|
runs show --directory ../other ''|
runs show --directory=../other ''|
-C ../other/../app runs show r|RUN
--file ../none/unionml.yaml train -p ''|
EOT

for shell in bash zsh fish; do
	test_expect_success $shell "$shell offers what there is" '
		sed "s/RUN/$run/g" cases >real &&
		: >failed &&
		while IFS="|" read -r line want
		do
			eval "set -- $line" &&
			(cd app && offers $shell "$@") >got 2>&1 </dev/null
			sort got | tr "\n" " " >sorted
			printf "%s\n" $want | sort | tr "\n" " " |
				sed "s/^ $//" >expected
			if ! cmp -s expected sorted
			then
				echo "unionml $line: $(cat sorted)" >>failed
			fi
		done <real &&
		test_cmp /dev/null failed &&
		test_path_missing other/.unionml
	'

	test_expect_success $shell "$shell offers nothing without the program" '
		(
			ln -s "$(command -v $shell)" "$TRASH/tmp/" &&
			PATH=$TRASH/tmp &&
			offers $shell t >got 2>/dev/null </dev/null
			test ! -s got
		)
	'
done

test_expect_success zsh 'zsh can load its script by itself' '
	head -n 1 "$TOP/share/completions/_unionml" >got &&
	echo "#compdef unionml" >want &&
	test_cmp want got
'

test_done
