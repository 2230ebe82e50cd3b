#!/bin/sh
# Random histories of schedules on a Flyte cluster: deploys, pauses, removals,
# new names, other hands, requests that go wrong and a scheduler that stands
# still. After each command the cluster has what t/7970/model.py says, which
# knows the manual and none of our code, and in the end each slot has fired
# once, under the version that owned it. UNIONML_TEST_HISTORIES is how many,
# UNIONML_TEST_SEED the first; one that fails is shortened and printed.
count=${UNIONML_TEST_HISTORIES:-20}
seed=${UNIONML_TEST_SEED:-1}
jobs=${UNIONML_TEST_JOBS:-1}
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
[ -z "$test_flyte_url" ] || test_skip_all "only for our own cluster"

echo "# UNIONML_TEST_SEED=$seed UNIONML_TEST_HISTORIES=$count"

test_expect_success 'the cluster is what the model says after each command' '
	python3 -B "$DATA/histories.py" "$BUILD" "$TRASH" "$seed" "$count" \
		"$jobs" >out || {
		cat out
		return 1
	} &&
	tail -n 1 out >counts
'
[ ! -f counts ] || sed 's/^/# /' counts

test_done
