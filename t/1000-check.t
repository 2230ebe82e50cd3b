#!/bin/sh
# unionml check: what it says of each file of t/1000, how it finds the file,
# and that it never stops at the first error.
. "$(dirname "$0")/lib-test.sh"

cp "$DATA"/*.yaml . || exit 1

for file in *.yaml; do
	name=${file%.yaml}
	code=0
	grep -q ': error: ' "$DATA/$name.err" && code=3
	test_expect_success "$name" '
		PROJECT=p test_expect_code '$code' unionml check --file '"$file"' \
			>out 2>err &&
		test_line_count 0 out &&
		sed "\$d" err >got &&
		test_cmp "$DATA/'"$name"'.err" got
	'
done

test_expect_success 'the last line counts, or says that all is well' '
	unionml check --file minimal.yaml 2>err &&
	echo "minimal.yaml: no errors" >want &&
	test_cmp want err &&
	test_must_fail 3 unionml check --file no-name.yaml 2>err &&
	tail -n 1 err >got &&
	echo "1 error" >want &&
	test_cmp want got &&
	test_must_fail 3 unionml check --file targets.yaml 2>err &&
	tail -n 1 err >got &&
	echo "14 errors" >want &&
	test_cmp want got
'

test_expect_success 'the file is found from below, and by its name' '
	mkdir -p app/sub/deep other &&
	cp minimal.yaml app/unionml.yaml &&
	(cd app/sub/deep && unionml check 2>../../../err) &&
	test_grep "app/unionml.yaml: no errors" err &&
	unionml -C app/sub check &&
	(cd app && unionml check 2>../err) &&
	echo "unionml.yaml: no errors" >want &&
	test_cmp want err &&
	(cd other && test_must_fail 3 unionml check 2>../err) &&
	test_grep "no app file: unionml.yaml was not found in .*/other" err &&
	test_grep "unionml.yaml(5)" err &&
	test_must_fail 3 unionml check --file nosuch.yaml 2>err &&
	test_grep "no app file: .nosuch.yaml. does not exist" err &&
	test_must_fail 4 unionml check --file other 2>err &&
	test_grep "cannot read .other." err
'

test_expect_success 'what is unset in the environment is told where it is used' '
	cat >place.yaml <<-\EOF &&
	name: a
	targets:
	  far: {type: flyte, project: "${PROJECT}", domain: "${D:-x}"}
	default_target: far
	EOF
	test_must_fail 3 unionml check --file place.yaml 2>err &&
	test_grep "targets.far.project: .PROJECT. is not set" err &&
	PROJECT=p unionml check --file place.yaml &&
	unionml -t local check --file place.yaml &&
	test_must_fail 3 unionml -t local check --all --file place.yaml
'

test_expect_success 'more than 4 MiB is refused, just less is read' '
	head -c 4194298 /dev/zero | tr "\0" "#" >filler &&
	(cat filler && echo) >big.yaml &&
	test_must_fail 3 unionml check --file big.yaml 2>err &&
	test_grep "is empty" err &&
	(cat filler && echo "########") >big.yaml &&
	test_must_fail 3 unionml check --file big.yaml 2>err &&
	test_grep "bytes" err
'

test_expect_success '--json: one array of what was found' '
	test_must_fail 3 unionml --json check --file targets.yaml >out &&
	test_jq out "length == 14" &&
	test_jq out ".[0] | .file == \"targets.yaml\" and .line == 3 and
		.column == 3 and .severity == \"error\"" &&
	unionml --json check --file minimal.yaml >out &&
	test_jq out ". == []"
'

test_done
