#!/bin/sh
# deploy, activate-schedules and deactivate-schedules on a Flyte cluster, killed
# after each of their requests in turn and run again a day later: what was
# active goes on until the journal says otherwise, the end is the same, and no
# slot is lost or fires twice. A hand-over near a slot waits until it is over.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
[ -z "$test_flyte_url" ] || test_skip_all "only for our own cluster"

test_expect_success 'killed after each request, and run again' '
	python3 -B "$TEST_DIR/7970/kills.py" "$BUILD" "$TRASH" >out || {
		cat out
		return 1
	}
'

test_expect_success 'a slot that is near is still the old version'\''s' '
	python3 -B "$TEST_DIR/7970/waits.py" "$BUILD" "$TRASH"
'
[ ! -f out ] || sed 's/^/# /' out

test_done
