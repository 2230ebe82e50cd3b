#!/bin/sh
# The Flyte test cluster without its network: its unit tests, which Go built
# beside it, and the check of a document.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
DATA=$TEST_DIR/7700
[ -x "$cluster_program.test" ] ||
	test_skip_all "no Flyte test cluster (scripts/build-flyte)"

test_expect_success 'filters, types, copilot, slots' '
	"$cluster_program.test" -test.v >out &&
	test_grep "^--- PASS: TestInputForms" out &&
	test_grep -x PASS out
'

document() {
	PROJECT=@project@
	for i in gen count pipe nightly; do
		fixture "$i" ".id.domain = \"@domain@\" |
			(.. | .domain? // empty) = \"@domain@\"" >"$i.json" || return 1
	done
	jq -n --slurpfile g gen.json --slurpfile c count.json \
		--slurpfile p pipe.json --slurpfile n nightly.json "{tasks: (\$g + \$c),
		workflows: \$p, launch_plans: \$n} | ${1:-.}" >document
}

test_expect_success 'a document that an empty cluster takes' '
	document &&
	check_document document >out &&
	grep -x "4 taken" out
'

test_expect_success 'one with faults: which objects, and why' '
	document "del(.tasks[0].spec.template.type) |
		.launch_plans[0].spec.nonsense = 1" &&
	test_must_fail 1 check_document document >out 2>err &&
	test_grep -x "tasks\[0\]: missing type" out &&
	test_grep "^workflows\[0\]: failed to compile workflow.*missing entity" out &&
	test_grep "^launch_plans\[0\]: proto:.*unknown field \"nonsense\"" out &&
	grep -x "3 refused, 1 taken" err &&
	echo "{\"what\": []}" >other &&
	test_must_fail 1 check_document other
'

test_done
