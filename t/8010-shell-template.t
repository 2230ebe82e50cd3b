#!/bin/sh
# The `shell` template: its commands alone, under every awk that is here, and
# as an app.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

# components [AWK...]: runs each component by hand, anew, with that awk.
components() {
	rm -rf app bin && mkdir bin && make_shell_app app &&
	if [ $# -ne 0 ]; then
		printf '#!/bin/sh\nexec %s "$@"\n' "$*" >bin/awk &&
		chmod +x bin/awk
	fi &&
	(
		PATH=$TRASH/bin:$PATH &&
		cd app &&
		sh app.sh reader now 50 1.5 1 true data &&
		sh app.sh splitter data 0.2 12345 train test &&
		sh app.sh trainer train 0.5 model &&
		sh app.sh evaluator model test metrics &&
		sh app.sh predictor model data 3 predictions
	)
}

for awk in mawk gawk 'gawk --posix' 'busybox awk' original-awk; do
	test_expect_success "${awk%% *}" "its commands under $awk" '
		components $awk &&
		cat app/data app/train app/test app/model app/metrics \
			app/predictions >got &&
		if test -e want
		then
			test_cmp want got
		else
			cp got want
		fi
	'
done

test_expect_success 'rows go to train or to test, in their order' '
	components &&
	(
		cd app &&
		sed 1d train >rows &&
		sed 1d test >>rows &&
		sed 1d data | sort >want &&
		sort rows >got &&
		test_cmp want got
	) &&
	test "$(wc -l <app/test)" -gt 1
'

test_expect_success 'the line is found again' '
	test_jq app/metrics ".r2 > 0.9 and .mse < 2" &&
	test_jq app/predictions "length == 50"
'

test_expect_success 'a penalty makes the slope smaller' '
	(
		cd app &&
		sh app.sh trainer train 0 free &&
		sh app.sh trainer train 100 ridge &&
		awk "\$1 == \"slope\" { print \$2 }" free ridge >slopes &&
		sort -rn slopes >want &&
		test_cmp want slopes
	)
'

test_expect_success 'too few rows are an error' '
	echo x,y >none &&
	test_must_fail 1 sh app/app.sh trainer none 0 model 2>err &&
	test_grep "fewer than two rows" err
'

test_expect_success 'unionml makes the same of it' '
	unionml -C app check &&
	unionml -C app train -p rows=50 -p hyperparameters.ridge=0.5 >out &&
	unionml -C app fetch model -o - >model &&
	test_cmp app/model model &&
	unionml -C app fetch metrics >metrics &&
	test_jq metrics ".test == \$want[0]" --slurpfile want app/metrics &&
	unionml -C app predict -f data -p loader_kwargs.digits=3 >got &&
	test_json_cmp app/predictions got
'

test_done
