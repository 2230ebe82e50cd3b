#!/bin/sh
# A sample of the fault matrix: requests of each command that speaks to Flyte,
# and faults that befall them. `make faults` runs all; UNIONML_TEST_SEED picks
# another sample.
seed=${UNIONML_TEST_SEED:-1}
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
[ -z "$test_flyte_url" ] || test_skip_all "only for our own cluster"
test_have python3 || test_skip_all "needs python3"
test_have git || test_skip_all "needs git"
export PYTHONDONTWRITEBYTECODE=1

# matrix OPTION...: nothing goes wrong in it but what is meant to.
matrix() {
	"$TEST_DIR/matrix/matrix" --build "$BUILD" --dir "$TRASH/m" \
		--seed "$seed" "$@" >rows
	matrix_status=$?
	cat rows >&2
	return "$matrix_status"
}

test_expect_success 'a sample of all rows' '
	matrix --rows 3
'
tail -n 1 rows | sed 's/^/# /'

test_expect_success 'a sample behind TLS, HTTP/2 and a login' '
	matrix --guarded --commands 12 --rows 3
'
tail -n 1 rows | sed 's/^/# /'

test_expect_success 'the driver sees what it is to see' '
	test_must_fail 1 matrix --only none &&
	test_grep "^0 rows" rows &&
	sed "s/^row(.503., .heal.,/& count=-1,/" \
		"$TEST_DIR/matrix/faults.py" >faults.py &&
	cp "$TEST_DIR/matrix/matrix" "$TEST_DIR"/matrix/[cw]*.py . &&
	test_must_fail 1 ./matrix --build "$BUILD" --dir "$TRASH/m" \
		--only runs/1/503 >rows &&
	test_grep "^FAILED runs/1/503 .*status 5" rows &&
	test_grep "again: t/matrix/matrix --only runs/1/503$" rows
'

test_done
