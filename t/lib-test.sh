# TAP in POSIX sh. A script t/NNNN-name.t begins with
#	. "$(dirname "$0")/lib-test.sh"
# holds assertions
#	test_expect_success [PREREQ] 'what holds' 'commands chained by &&'
# where the commands may be `-` and follow as a here-document (<<\EOT), and
# ends with test_done. It runs in a private directory, which is kept on
# failure. Options: -v shows all output, -x traces, -i stops at the first
# failure.
# shellcheck shell=sh

TEST_DIR=$(cd "$(dirname "$0")" && pwd -P) || exit 1
TOP=${TEST_DIR%/*}
BUILD=${UNIONML_BUILD:-$TOP/build}
test_sanitize=${UNIONML_SANITIZE:-}
UPDATE=${UNIONML_TEST_UPDATE:-}
# A Flyte cluster to test against, in place of our own (lib-flyte.sh).
# shellcheck disable=SC2034
test_flyte_url=${UNIONML_TEST_FLYTE_URL:-}
TEST_NAME=${0##*/}
TEST_NAME=${TEST_NAME%.t}
# This script's fixtures and goldens.
# shellcheck disable=SC2034
DATA=$TEST_DIR/${TEST_NAME%%-*}

# Nothing of the caller's that could change a result.
for test_var in $(env | sed -n \
	-e 's/^\(UNIONML_[A-Za-z0-9_]*\)=.*/\1/p' \
	-e 's/^\(AWS_[A-Za-z0-9_]*\)=.*/\1/p' \
	-e 's/^\(FLYTE[A-Za-z0-9_]*\)=.*/\1/p' \
	-e 's/^\(XDG_[A-Za-z0-9_]*\)=.*/\1/p' \
	-e 's/^\(FAIL_IO_[A-Z]*\)=.*/\1/p' \
	-e 's/^\(LC_[A-Z]*\)=.*/\1/p' \
	-e 's/^\([A-Za-z]*_proxy\)=.*/\1/p' \
	-e 's/^\([A-Z]*_PROXY\)=.*/\1/p'); do
	unset "$test_var"
done
unset LANG LANGUAGE CDPATH MAKEFLAGS MAKELEVEL MFLAGS MAKEOVERRIDES O \
	SANITIZE WERROR NO_COLOR PAGER EDITOR \
	VISUAL GIT_DIR GIT_WORK_TREE COLUMNS
export LC_ALL=C TZ=UTC TERM=dumb
umask 022

TRASH=$BUILD/t/trash/$TEST_NAME
rm -rf "$TRASH" "$TRASH.log" || exit 1
mkdir -p "$TRASH/home/.config" "$TRASH/tmp" || exit 1
TRASH=$(cd "$TRASH" && pwd -P) || exit 1
export HOME="$TRASH/home" XDG_CONFIG_HOME="$TRASH/home/.config"
export XDG_STATE_HOME="$TRASH/home/.local/state"
export XDG_CACHE_HOME="$TRASH/home/.cache" TMPDIR="$TRASH/tmp"
PATH=$BUILD:$TEST_DIR/helper:$PATH
export PATH
cd "$TRASH" || exit 1

test_count=0
test_failed=0
test_ended=
test_verbose=
test_immediate=
test_trace=
for test_var; do
	case $test_var in
	-v) test_verbose=t ;;
	-x) test_verbose=t test_trace=t ;;
	-i) test_immediate=t ;;
	*) echo "usage: $0 [-v] [-x] [-i]" >&2; exit 2 ;;
	esac
done

test_at_exit() {
	test_status=$?
	if [ -z "$test_ended" ]; then
		echo "Bail out! $TEST_NAME stopped before test_done" \
			"(status $test_status)"
		exit 1
	fi
}
trap test_at_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Prerequisites: what this machine or this build may not have.
test_have() {
	case $1 in
	NOT_ROOT) [ "$(id -u)" -ne 0 ] ;;
	# A sanitizer must be the first library, and maps terabytes.
	FAIL_IO) [ -z "$test_sanitize" ] && [ -f "$BUILD/t/helper/fail-io.so" ] ;;
	MEMORY_LIMIT) [ -z "$test_sanitize" ] ;;
	FULL) [ -c /dev/full ] ;;
	# A container may have no /dev/pts.
	TERMINAL) script -qec true /dev/null </dev/null >/dev/null 2>&1 ;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

# test_skip_all REASON: for the top of a script that cannot run here.
test_skip_all() {
	test_ended=t
	echo "1..0 # SKIP $*"
	cd / && rm -rf "$TRASH" "$TRASH.log"
	exit 0
}

# The clock of the program stands still at SECONDS since 1970; without an
# argument at 2026-01-01T00:00:00Z.
test_set_now() {
	export UNIONML_TEST_NOW="${1:-1767225600}"
}

test_when_finished() {
	test_cleanup="{ $*
} && $test_cleanup"
}

test_eval() {
	if [ -n "$test_trace" ]; then
		set -x
	fi
	eval "$1"
	{ test_status=$?; set +x; } 2>/dev/null
	return "$test_status"
}

test_run() {
	test_cleanup=:
	test_eval "$1" </dev/null
	test_result=$?
	cd "$TRASH" || exit 1
	if ! test_eval "$test_cleanup" </dev/null; then
		echo "test_when_finished failed"
		test_result=1
	fi
	cd "$TRASH" || exit 1
	return "$test_result"
}

test_expect_success() {
	if [ $# -eq 3 ]; then
		test_prereq=$1
		shift
	else
		test_prereq=
	fi
	if [ $# -ne 2 ]; then
		echo "Bail out! test_expect_success takes 2 or 3 arguments"
		exit 1
	fi
	case $test_prereq in *[A-Z],[A-Z]*)
		echo "Bail out! prerequisites are apart by blanks: '$test_prereq'"
		exit 1 ;;
	esac
	if [ "$2" = - ]; then
		test_body=$(cat)
	else
		test_body=$2
	fi
	test_count=$((test_count + 1))
	for test_var in $test_prereq; do
		if ! test_have "$test_var"; then
			echo "ok $test_count # SKIP needs $test_var: $1"
			return
		fi
	done
	if [ -n "$test_verbose" ]; then
		test_run "$test_body" >&2
	else
		test_run "$test_body" >"$TRASH.log" 2>&1
	fi
	if [ "$test_result" -eq 0 ]; then
		echo "ok $test_count - $1"
		return
	fi
	echo "not ok $test_count - $1"
	test_failed=$((test_failed + 1))
	printf '%s\n' "$test_body" | sed 's/^/#   /'
	if [ -z "$test_verbose" ]; then
		echo "# -- gave:"
		sed 's/^/#   /' "$TRASH.log"
	fi
	if [ -n "$test_immediate" ]; then
		test_ended=t
		echo "# kept: $TRASH"
		exit 1
	fi
}

test_done() {
	test_ended=t
	echo "1..$test_count"
	if [ "$test_failed" -ne 0 ]; then
		echo "# failed $test_failed of $test_count; kept: $TRASH"
		exit 1
	fi
	cd / && chmod -R u+rwx "$TRASH" && rm -rf "$TRASH" "$TRASH.log"
	exit 0
}

# What assertions are made of. Each says what was wrong.

# test_expect_code CODE COMMAND...: that very exit status.
test_expect_code() {
	test_want=$1
	shift
	test_got=0
	"$@" || test_got=$?
	if [ "$test_got" -ne "$test_want" ]; then
		echo "expected exit status $test_want, got $test_got: $*" >&2
		return 1
	fi
}

# test_must_fail CODE COMMAND...: that very exit status, which is neither
# success nor what a shell gives for a missing command or a death by signal.
test_must_fail() {
	if [ "$1" -lt 1 ] || [ "$1" -gt 125 ]; then
		echo "test_must_fail: $1 is not an honest failure" >&2
		return 1
	fi
	test_expect_code "$@"
}

# test_cmp WANT GOT: with UNIONML_TEST_UPDATE=1 a golden under t/ that differs
# is rewritten instead.
test_cmp() {
	if [ -n "$UPDATE" ] && ! cmp -s "$1" "$2"; then
		case $1 in
		"$TEST_DIR"/*) cp "$2" "$1" ;;
		esac
	fi
	diff -u "$1" "$2"
}

# test_json_cmp WANT GOT: the same JSON, whatever the order of the keys.
test_json_cmp() {
	jq -S . "$2" >"$TMPDIR/got.json" || return 1
	if [ -n "$UPDATE" ]; then
		case $1 in
		"$TEST_DIR"/*)
			mkdir -p "${1%/*}" && cp "$TMPDIR/got.json" "$1" ;;
		esac
	fi
	jq -S . "$1" >"$TMPDIR/want.json" || return 1
	diff -u "$TMPDIR/want.json" "$TMPDIR/got.json"
}

# test_jq FILE EXPRESSION [JQ-OPTION...]: that it is true of the document.
test_jq() {
	test_file=$1 test_expr=$2
	shift 2
	if ! jq -e "$@" "$test_expr" "$test_file" >"$TMPDIR/jq" 2>&1; then
		echo "not true: $test_expr" >&2
		cat "$TMPDIR/jq" >&2
		test_dump "$test_file" >&2
		return 1
	fi
}

test_dump() {
	if [ -s "$1" ]; then
		echo "-- $1:"
		cat "$1"
	elif [ -e "$1" ]; then
		echo "-- $1 is empty"
	else
		echo "-- $1 does not exist"
	fi
}

# test_grep [!] [GREP-OPTION...] PATTERN FILE
test_grep() {
	test_negated=
	if [ "$1" = ! ]; then
		test_negated=t
		shift
	fi
	for test_file; do :; done
	test_got=0
	grep "$@" >"$TMPDIR/grep" 2>&1 || test_got=$?
	case $test_got$test_negated in
	0 | 1t) return 0 ;;
	0t) echo "expected no match of: grep $*" ;;
	*) echo "expected a match of: grep $*" ;;
	esac >&2
	test_dump "$test_file" >&2
	return 1
}

# test_line_count NUMBER FILE
test_line_count() {
	if [ "$(wc -l <"$2")" -ne "$1" ]; then
		echo "expected $1 lines" >&2
		test_dump "$2" >&2
		return 1
	fi
}

test_path_missing() {
	if [ -e "$1" ] || [ -L "$1" ]; then
		echo "'$1' should not exist" >&2
		ls -ld "$1" >&2
		return 1
	fi
}

test_path_is_file() {
	if ! [ -f "$1" ]; then
		echo "'$1' should be a file" >&2
		ls -la "$(dirname "$1")" >&2
		return 1
	fi
}

# fail_io OP COMMAND...: runs it with that operation failing; FAIL_IO_PATH,
# FAIL_IO_AFTER, FAIL_IO_ERRNO and FAIL_IO_SLEEP (t/helper/fail-io.c) come from
# the caller.
fail_io() {
	test_op=$1
	shift
	FAIL_IO_OP=$test_op LD_PRELOAD=$BUILD/t/helper/fail-io.so "$@"
}
