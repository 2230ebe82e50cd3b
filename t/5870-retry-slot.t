#!/bin/sh
# runs retry of a scheduled run is the next attempt of its slot, and runs gc
# leaves the audit what it knows.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

start=1767225600	# 2026-01-01T00:00:00Z

# at SECONDS COMMAND...: so long after the start.
at() {
	at_time=$(($start + $1))
	shift
	UNIONML_TEST_NOW=$at_time "$@"
}

# audited SECONDS: state, attempts, run and version of each slot.
audited() {
	at "$1" unionml -C app schedule audit --json >audit.json
	jq -r '.[] | "\(.state) \(.attempts) \(.run) \(.version)"' audit.json
}

test_expect_success 'a scheduled run fails' '
	make_timed_app app "hourly: {workflow: train, expression: \"@hourly\", reader_time_arg: time}" &&
	at 0 unionml -q -C app deploy -v one &&
	echo 2026-01-01T01 >app/bad &&
	at 3600 test_must_fail 1 unionml -C app scheduler --once >log &&
	at 3600 unionml -C app runs --json >json &&
	test_jq json "length == 1 and .[0].status == \"failed\" and
		.[0].kickoff == \"2026-01-01T01:00:00Z\" and
		(.[0].id | test(\"^f[0-9a-f]{16}000\$\"))" &&
	jq -r ".[0].id" json >id &&
	echo "failed 1 $(cat id) one" >want &&
	audited 3999 >got &&
	test_cmp want got
'

test_expect_success 'its retry is the next attempt of the slot' '
	rm app/bad app/ran &&
	sed "s/000\$/001/" id >second &&
	at 3700 unionml -C app runs retry "$(cat id)" >out &&
	test_grep "^$(cat second)\$" out &&
	echo "2026-01-01T01:00:00Z one" >want.ran &&
	test_cmp want.ran app/ran &&
	at 3700 unionml -C app runs show "$(cat second)" --json >json &&
	test_jq json ".schedule == \"hourly\" and .status == \"succeeded\" and
		.kickoff == \"2026-01-01T01:00:00Z\" and
		.retry_of == \"$(cat id)\" and .app_version == \"one\"" &&
	echo "ok 2 $(cat second) one" >want &&
	audited 3999 >got &&
	test_cmp want got
'

test_expect_success 'with the snapshot and clock of the slot, whatever the tree is' '
	sed -i "s/ran\"/elsewhere\"/" app/code.sh &&
	at 3800 unionml -q -C app deploy -v two &&
	echo "2026-01-01T01" >app/bad &&
	at 3900 test_must_fail 1 unionml -C app runs retry --from-start \
		"$(cat id)" >out &&
	sed "s/000\$/002/" id >third &&
	echo "2026-01-01T01:00:00Z one" >>want.ran &&
	test_cmp want.ran app/ran &&
	echo "failed 3 $(cat third) one" >want &&
	audited 3999 >got &&
	test_cmp want got &&
	rm app/bad
'

test_expect_success 'a retry of a retry, too' '
	at 3950 unionml -C app runs retry "$(cat third)" >out &&
	sed "s/000\$/003/" id >fourth &&
	test_grep "^$(cat fourth)\$" out
'

test_expect_success 'the schedule goes on beside it' '
	at 7200 unionml -C app scheduler --once >log &&
	audited 7300 >got &&
	test_line_count 2 got &&
	test_grep "^ok 4 $(cat fourth) one\$" got &&
	test_grep "^ok 1 f[0-9a-f]*000 two\$" got
'

test_expect_success 'what gc removed is known to the audit' '
	at 7300 unionml -C app runs gc --keep 1 >out &&
	at 7300 unionml -C app runs --json >json &&
	test_jq json "length == 1" &&
	mv got want &&
	audited 7300 >got &&
	test_cmp want got &&
	at 7300 test_must_fail 6 unionml -C app runs show "$(cat id)" &&
	at 7300 unionml -C app schedule backfill hourly --reprocess failed \
		--from 2026-01-01T01:00Z --to 2026-01-01T03:00Z >out 2>err &&
	audited 7300 >got &&
	test_cmp want got
'

test_expect_success 'a triggered run of no slot is retried as one' '
	at 7300 unionml -C app schedule trigger hourly >out &&
	id=$(sed -n "s/^\(r[0-9a-f]*\)\$/\1/p" out) &&
	at 7300 unionml -C app runs retry --from-start "$id" >out &&
	id=$(sed -n "s/^\(r[0-9a-f]*\)\$/\1/p" out) &&
	at 7300 unionml -C app runs show "$id" --json >json &&
	test_jq json ".schedule == \"hourly\" and
		.kickoff == \"2026-01-01T02:01:40Z\" and
		.status == \"succeeded\"" &&
	audited 7300 >got &&
	test_cmp want got
'

test_done
