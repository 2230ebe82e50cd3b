#!/bin/sh
# A newcomer's first hour, mistakes included, as it is seen: t/8200/session is
# to be read from top to bottom by whoever changes a message. It is what is
# typed here, too; UNIONML_TEST_UPDATE=1 writes anew what is seen.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-session.sh"

test_expect_success 'the session is as it was' '
	(cd "$HOME" && session_run "$DATA/session") >out &&
	session_settle <out >got &&
	test_cmp "$DATA/session" got
'

test_done
