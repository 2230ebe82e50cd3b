#!/bin/sh
# The `basic` template learns what scikit-learn itself learns of the same split.
# Its Python environment is the demo's; where pip has no network, it is skipped.
caller_home=$HOME
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

HOME=$caller_home XDG_CACHE_HOME='' "$TOP/scripts/venv" "$BUILD/demo/venv" \
	"$TOP/share/templates/basic/requirements.txt" >pip.log 2>&1 ||
	test_skip_all "no Python environment: $(tail -n 1 pip.log)"

test_expect_success 'the app trains' '
	make_basic_app app &&
	ln -s "$BUILD/demo/venv" app/.venv &&
	unionml -C app check &&
	unionml -C app train >out &&
	unionml -C app fetch metrics >metrics
'

test_expect_success 'its accuracy is what scikit-learn gives' '
	app/.venv/bin/python3 "$TEST_DIR/ref/digits.py" >reference &&
	jq "{train, test}" reference >want &&
	test_json_cmp want metrics &&
	test_jq metrics ".test.accuracy > 0.95"
'

test_expect_success 'training converges, without a warning' '
	unionml -C app runs log latest trainer >log &&
	test_cmp /dev/null log
'

test_expect_success 'a lack of convergence is told' '
	unionml -C app train -p hyperparameters.max_iter=5 &&
	unionml -C app runs log latest trainer >log &&
	test_grep ConvergenceWarning log
'

test_expect_success 'it predicts the digits' '
	unionml -C app train &&
	unionml -C app predict -p labeled=false >predictions &&
	test_jq predictions "length == 1797 and .[:10] == [range(10)]"
'

test_expect_success 'it predicts from features, labelled or not' '
	(
		cd app &&
		.venv/bin/python3 app.py reader --labeled false plain.csv &&
		.venv/bin/python3 app.py reader labelled.csv
	) &&
	unionml -C app predict -f plain.csv >got &&
	test_json_cmp predictions got &&
	unionml -C app predict -f labelled.csv >got &&
	test_json_cmp predictions got
'

test_done
