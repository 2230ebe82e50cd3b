#!/bin/sh
# Two commands at once that change the schedules of one app on a Flyte cluster:
# the end is that of one of the two in all schedules. UNIONML_TEST_RACES is how
# many, UNIONML_TEST_SEED the first.
count=${UNIONML_TEST_RACES:-20}
seed=${UNIONML_TEST_SEED:-1}
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
[ -z "$test_flyte_url" ] || test_skip_all "only for our own cluster"

echo "# UNIONML_TEST_SEED=$seed UNIONML_TEST_RACES=$count"

test_expect_success 'two commands at once end as one of them, never a mix' '
	python3 -B "$TEST_DIR/7970/races.py" "$BUILD" "$TRASH" "$seed" \
		"$count" >out || {
		cat out
		return 1
	}
'
[ ! -f out ] || sed 's/^/# /' out

test_done
