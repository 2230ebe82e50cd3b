#!/bin/sh
# The unit tests of the Flyte test cluster, which Go built beside it.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
[ -x "$cluster_program.test" ] ||
	test_skip_all "no Flyte test cluster (scripts/build-flyte)"

test_expect_success 'filters, types, copilot, slots' '
	"$cluster_program.test" -test.v >out &&
	test_grep "^--- PASS: TestInputForms" out &&
	test_grep -x PASS out
'

test_done
