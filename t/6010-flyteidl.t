#!/bin/sh
# What goes to Flyte, and what the test cluster knows, against Flyte's own
# messages. They come with pip; where it has no network, this is skipped.
caller_home=$HOME
. "$(dirname "$0")/lib-test.sh"

venv=$BUILD/t/flyteidl
idl() {
	"$venv/bin/python3" "$TEST_DIR/helper/idl.py" "$@"
}

HOME=$caller_home XDG_CACHE_HOME='' "$TOP/scripts/venv" "$venv" \
	"$DATA/requirements.txt" >pip.log 2>&1 ||
	test_skip_all "no Python environment: $(tail -n 1 pip.log)"

test_expect_success 'requests for an app with all that there is' '
	mkdir everything &&
	cp "$TEST_DIR/6000/everything.yaml" everything/unionml.yaml &&
	unionml -C everything compile --for flyte -v v1 >document &&
	idl document <document >out &&
	jq -r "to_entries[] | \"\\(.key) \\(.value | length)\"" document >want &&
	test_cmp want out
'

test_expect_success 'requests for each template' '
	for i in basic shell r c
	do
		unionml -q init -t $i app-$i &&
		unionml -C app-$i compile --for flyte -v v1 >document &&
		idl document <document >out &&
		test_grep "^workflows 3$" out || return 1
	done
'

test_expect_success 'a field that Flyte does not know is refused' '
	jq ".tasks[0].spec.template.nonsense = 1" document >odd &&
	test_must_fail 1 idl document <odd 2>err &&
	test_grep nonsense err
'

test_expect_success 'the messages of the test cluster are those of Flyte' '
	idl table "$TEST_DIR/flyte/api.txt"
'

test_expect_success 'a table that is not is told' '
	sed "s/^\\tretries uint32/\\tretries string/" \
		"$TEST_DIR/flyte/api.txt" >odd &&
	test_must_fail 1 idl table odd >out &&
	test_grep "flyteidl.core.RetryStrategy.retries: string" out
'

test_done
