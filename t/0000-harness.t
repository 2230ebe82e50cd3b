#!/bin/sh
# The test library itself.
. "$(dirname "$0")/lib-test.sh"

# inner NAME: runs a script made of standard input, in a build directory of
# its own; out and status are left here.
inner() {
	mkdir -p inner-t inner-build/t/helper &&
	cp "$TEST_DIR/lib-test.sh" inner-t/ &&
	{ echo '. "$(dirname "$0")/lib-test.sh"' && cat; } >"inner-t/$1.t" &&
	status=0 &&
	{ UNIONML_BUILD="$TRASH/inner-build" sh "inner-t/$1.t" >out 2>err ||
	status=$?; }
}

test_expect_success 'a script that passes leaves nothing behind' - <<\EOT
	inner 0001-good <<-\EOF &&
	test_expect_success 'one' 'echo noise && true'
	test_expect_success 'two' - <<\EOI
		test "it's" = "it's"
	EOI
	test_done
	EOF
	cat >want <<-\EOF &&
	ok 1 - one
	ok 2 - two
	1..2
	EOF
	test_cmp want out &&
	test "$status" -eq 0 &&
	test_path_missing inner-build/t/trash/0001-good
EOT

test_expect_success 'a failure shows the commands and what they gave' - <<\EOT
	inner 0002-bad <<-\EOF &&
	test_expect_success 'one' '
		echo some noise &&
		false
	'
	test_done
	EOF
	test "$status" -eq 1 &&
	test_grep '^not ok 1 - one$' out &&
	test_grep '^#.*echo some noise &&$' out &&
	test_grep '^#   some noise$' out &&
	test -d inner-build/t/trash/0002-bad
EOT

test_expect_success 'no script waits for a prerequisite that is none' - <<\EOT
	inner 0004-comma <<-\EOF &&
	test_expect_success A,B 'one' 'true'
	test_done
	EOF
	test "$status" -eq 1 &&
	test_grep "^Bail out! prerequisites are apart by blanks: 'A,B'" out
EOT

test_expect_success 'a script that stops early is no success' - <<\EOT
	inner 0003-stops <<-\EOF &&
	test_expect_success 'one' 'true'
	exit 0
	EOF
	test "$status" -eq 1 &&
	test_grep '^Bail out! 0003-stops stopped before test_done' out
EOT

test_expect_success 'a missing prerequisite skips' - <<\EOT
	inner 0004-skip <<-\EOF &&
	test_expect_success no_such_program 'one' 'false'
	test_expect_success 'sh no_such_program' 'two' 'false'
	test_expect_success sh 'three' 'true'
	test_done
	EOF
	test_grep '^ok 1 # SKIP needs no_such_program: one$' out &&
	test_grep '^ok 2 # SKIP needs no_such_program: two$' out &&
	test_grep '^ok 3 - three$' out
EOT

test_expect_success 'test_when_finished runs last first, also on failure' - <<\EOT
	inner 0005-finished <<-\EOF &&
	test_expect_success 'one' '
		test_when_finished "echo first >>order" &&
		test_when_finished "echo second >>order" &&
		false
	'
	test_expect_success 'two' 'test "$(cat order)" = "second
	first"'
	test_expect_success 'three' 'test_when_finished "false"'
	test_done
	EOF
	test_grep '^not ok 1 - one$' out &&
	test_grep '^ok 2 - two$' out &&
	test_grep '^not ok 3 - three$' out
EOT

test_expect_success 'a directory changed in a body is left again' '
	mkdir sub &&
	cd sub
'
test_expect_success '... before the next one' 'test "$(pwd -P)" = "$TRASH"'

test_expect_success 'the environment is the same everywhere' - <<\EOT
	UNIONML_X=1 AWS_X=1 https_proxy=x HTTP_PROXY=x LC_NUMERIC=de_DE.UTF-8 \
		FLYTECTL_CONFIG=x &&
	export UNIONML_X AWS_X https_proxy HTTP_PROXY LC_NUMERIC \
		FLYTECTL_CONFIG &&
	inner 0006-env <<-\EOF &&
	test_expect_success 'one' 'env >"$BUILD/env" && umask >"$BUILD/umask"'
	test_done
	EOF
	unset UNIONML_X AWS_X https_proxy HTTP_PROXY LC_NUMERIC \
		FLYTECTL_CONFIG &&
	test_grep ! -E '^(UNIONML_|AWS_|https_proxy|HTTP_PROXY|LC_N|FLYTE)' \
		inner-build/env &&
	test_grep '^LC_ALL=C$' inner-build/env &&
	test_grep '^TZ=UTC$' inner-build/env &&
	test_grep "^HOME=$TRASH/inner-build/t/trash/0006-env/home\$" \
		inner-build/env &&
	test_grep '^0*22$' inner-build/umask
EOT

test_expect_success 'the clock stands still only when told to' '
	test -z "${UNIONML_TEST_NOW:-}" &&
	test_when_finished "unset UNIONML_TEST_NOW" &&
	test_set_now &&
	test "$(env | grep "^UNIONML_TEST_NOW=")" = UNIONML_TEST_NOW=1767225600
'

test_expect_success 'test_must_fail wants that very status' '
	test_must_fail 3 sh -c "exit 3" &&
	! test_must_fail 3 sh -c "exit 4" &&
	! test_must_fail 3 true
'

test_expect_success 'test_must_fail takes no signal and no missing command' '
	! test_must_fail 127 no-such-command-here &&
	! test_must_fail 126 "$TRASH" &&
	! test_must_fail 143 sh -c "kill \$\$" &&
	! test_must_fail 0 true
'

test_expect_success 'test_expect_code takes any status' '
	test_expect_code 0 true &&
	test_expect_code 143 sh -c "kill \$\$" &&
	! test_expect_code 0 false
'

test_expect_success 'test_cmp and test_json_cmp' '
	echo "{\"a\": 1, \"b\": [1.5, null]}" >one &&
	echo "{\"b\":[1.5,null],\"a\":1}" >two &&
	echo "{\"b\":[1.5,null],\"a\":2}" >three &&
	test_cmp one one &&
	! test_cmp one two &&
	test_json_cmp one two &&
	! test_json_cmp one three &&
	! test_json_cmp one missing
'

test_expect_success 'test_jq' '
	echo "{\"a\": 1}" >doc &&
	test_jq doc ".a == 1" &&
	test_jq doc ".a == \$x" --argjson x 1 &&
	! test_jq doc ".a == 2" &&
	! test_jq missing "true"
'

test_expect_success 'test_grep shows the file that does not match' '
	echo abc >file &&
	test_grep b file &&
	test_grep ! x file &&
	test_grep -E "^(abc|d)$" file &&
	! test_grep ! b file &&
	! test_grep x file 2>dump &&
	test_grep "^abc$" dump &&
	! test_grep ! x missing
'

test_expect_success 'counts and paths' '
	printf "a\nb\n" >file &&
	test_line_count 2 file &&
	! test_line_count 1 file &&
	test_path_is_file file &&
	! test_path_is_file missing &&
	test_path_missing missing &&
	! test_path_missing file &&
	ln -s nowhere dangling &&
	! test_path_missing dangling
'

test_expect_success 'waitfor waits, but not for ever' '
	{ sleep 0.2 && : >there & } &&
	waitfor 10 test -e there &&
	wait &&
	test_must_fail 1 waitfor 0 test -e never
'

test_expect_success FAIL_IO 'fail_io makes one operation on one file fail' '
	printf x >source &&
	FAIL_IO_PATH=target FAIL_IO_ERRNO=EIO &&
	export FAIL_IO_PATH FAIL_IO_ERRNO &&
	test_when_finished "unset FAIL_IO_PATH FAIL_IO_ERRNO FAIL_IO_AFTER" &&
	test_must_fail 1 fail_io write dd if=source of=target 2>err &&
	test_grep "Input/output error" err &&
	fail_io write dd if=source of=another &&
	fail_io rename dd if=source of=target &&
	test_must_fail 1 fail_io fsync,rename mv source target2 &&
	test_path_is_file source &&
	FAIL_IO_AFTER=2 &&
	export FAIL_IO_AFTER &&
	printf abc >source &&
	test_must_fail 1 fail_io write dd if=source of=target bs=1 &&
	test "$(cat target)" = ab
'

test_done
