#!/bin/sh
# unionml schema: by an independent validator, over the files of t/1000 and
# one small file for each rule. What the parser takes is never refused.
. "$(dirname "$0")/lib-test.sh"

test_expect_success 'it is a document of its own' '
	unionml schema >schema.json &&
	test_jq schema.json ".title == \"unionml.yaml\"" &&
	test_jq schema.json ".required == [\"name\"]" &&
	test_jq schema.json "[.. | objects | select(has(\"\$ref\"))] |
		length > 10"
'

# validate FILE...: there only where Python has what it takes.
if python3 -c 'import jsonschema, yaml' 2>/dev/null
then
	validate() {
		python3 "$TEST_DIR/helper/validate.py" schema.json "$@"
	}
fi

test_expect_success validate 'what the parser takes is good' '
	for i in "$DATA"/../1000/*.yaml "$TOP"/share/templates/*/unionml.yaml
	do
		err=${i%.yaml}.err &&
		{ [ -e "$err" ] && grep -q ": error: " "$err" ||
			validate "$i" || return 1; }
	done >out &&
	test_grep ! " bad " out &&
	test_grep "full.yaml 1 good" out &&
	test_grep "scalars.yaml 1 good" out &&
	test_grep "templates/shell/unionml.yaml 1 good" out
'

test_expect_success validate 'each rule that can be said refuses its file' '
	validate "$DATA/refused.yaml" >out &&
	test_grep ! " good" out &&
	grep -c "^---" "$DATA/refused.yaml" >want &&
	grep -c " bad " out >got &&
	test_cmp want got
'

test_expect_success 'the parser refuses them, too' - <<\EOT
	awk '/^---/ { n++; next } { print >("doc" n ".yaml") }' \
		"$DATA/refused.yaml" &&
	for i in doc*.yaml
	do
		test_must_fail 3 unionml check --file "$i" 2>err || return 1
	done
EOT

test_done
