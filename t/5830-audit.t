#!/bin/sh
# schedule audit: what became of each slot, as long as no run is needed for it.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

day=86400
start=1767225600	# 2026-01-01T00:00:00Z

# at SECONDS COMMAND...: so long after the start.
at() {
	at_time=$(($start + $1))
	shift
	UNIONML_TEST_NOW=$at_time "$@"
}

# schedules LINE...: the app with these schedules.
schedules() {
	make_tiny_app app word &&
	{
		echo "schedules:" &&
		printf "  %s\n" "$@"
	} >>app/unionml.yaml
}

# states NAME SECONDS ARG...: `02 MISSED`, a line a slot: day and state.
states() {
	states_name=$1 states_now=$2
	shift 2
	at "$states_now" unionml -C app schedule audit "$states_name" --json \
		"$@" >out.json
	states_code=$?
	jq -r ".[] | .kickoff[8:10] + \" \" + .state" out.json &&
	return "$states_code"
}

test_expect_success 'nothing was ever deployed' '
	schedules "nightly: {workflow: train, expression: \"0 3 * * *\", catchup: none}" &&
	at 0 unionml -C app schedule audit >out 2>err &&
	test_cmp /dev/null out &&
	echo "no slot was due" >want &&
	test_cmp want err &&
	at 0 unionml -C app schedule audit --json >out &&
	test_jq out ". == []" &&
	test_path_missing app/.unionml &&
	test_must_fail 6 unionml -C app schedule audit nightly 2>err &&
	test_grep "no schedule .nightly. is deployed here$" err &&
	test_grep "unionml deploy" err
'

test_expect_success 'what nobody ran is MISSED, and an alert' '
	at 0 unionml -q -C app deploy -v one &&
	at $((3 * $day)) test_must_fail 1 unionml -C app schedule audit \
		>out 2>err &&
	cat >want <<-\END &&
	nightly  3 due: 3 MISSED
	  MISSED     2026-01-01 03:00 UTC  3 slots up to 2026-01-03 03:00 UTC  REASON
	END
	sed "s/no scheduler .*/REASON/" out >got &&
	test_cmp want got &&
	echo "to run what was missed: unionml schedule backfill nightly" \
		"--from 2026-01-01T03:00Z --to 2026-01-03T03:01Z" >want &&
	test_cmp want err &&
	at $((3 * $day)) test_must_fail 1 unionml -C app -t local schedule \
		audit 2>err >out &&
	test_grep "unionml -t local schedule backfill nightly" err
'

test_expect_success 'unless that is allowed' '
	at $((3 * $day)) unionml -C app schedule audit --allow missed >out &&
	test_grep "3 MISSED" out &&
	at $((3 * $day)) test_must_fail 1 unionml -C app schedule audit \
		--allow failed --allow UNKNOWN >out &&
	for i in ok due nonsense ""
	do
		test_must_fail 2 unionml -C app schedule audit --allow "$i" \
			2>err &&
		test_grep "allow .$i.: it is failed" err || return 1
	done
'

test_expect_success 'sixty seconds are no proof' '
	at $((3 * 3600 - 1)) unionml -C app schedule audit nightly >out &&
	echo "nightly  0 due" >want &&
	test_cmp want out &&
	at $((3 * 3600 + 60)) unionml -C app schedule audit >out &&
	test_grep "^nightly  1 due: 1 due$" out &&
	at $((3 * 3600 + 61)) test_must_fail 1 unionml -C app schedule audit \
		>out &&
	test_grep "1 MISSED" out
'

test_expect_success 'from and to' '
	echo "03 MISSED" >want &&
	test_must_fail 1 states nightly $((3 * $day)) --since 1d >got &&
	test_cmp want got &&
	echo "02 MISSED" >want &&
	test_must_fail 1 states nightly $((3 * $day)) \
		--since 2026-01-02T03:00Z --until 2026-01-03T03:00Z >got &&
	test_cmp want got &&
	states nightly $((3 * $day)) --since 2026-01-02T03:00:01Z \
		--until 2026-01-03T03:00Z >got &&
	test_cmp /dev/null got &&
	at $((30 * $day)) test_must_fail 1 unionml -C app schedule audit \
		--until 2026-01-20T00:00Z >out &&
	test_grep "7 MISSED" out &&
	test_must_fail 2 unionml -C app schedule audit --since yesterday &&
	test_must_fail 2 unionml -C app schedule audit --until soon &&
	test_must_fail 2 unionml -C app schedule audit \
		--since 2026-01-02T00:00Z --until 2026-01-02T00:00Z
'

test_expect_success 'JSON' '
	test_must_fail 1 states nightly $((3 * $day)) --since 1d >/dev/null &&
	test_jq out.json "length == 1" &&
	jq -c "map(del(.reason))[]" out.json >got &&
	cat >want <<-\END &&
	{"schedule":"nightly","kickoff":"2026-01-03T03:00:00Z","state":"MISSED","run":null,"attempts":0,"delay":null,"version":"one"}
	END
	test_cmp want got
'

test_expect_success 'a slot is its owner'\''s, whatever came later' '
	schedules "nightly: {workflow: train, expression: \"0 4 * * *\", catchup: none}" &&
	at $((3 * $day)) unionml -q -C app deploy -v two &&
	test_must_fail 1 states nightly $((5 * $day)) >/dev/null &&
	jq -r ".[] | .kickoff[8:13] + \" \" + .version" out.json >got &&
	cat >want <<-\END &&
	01T03 one
	02T03 one
	03T03 one
	04T04 two
	05T04 two
	END
	test_cmp want got
'

test_expect_success 'one that is not active is paused, and no alert' '
	schedules "idle: {workflow: train, fixed_rate: 1d, active: false}" &&
	at $((5 * $day)) unionml -q -C app deploy -v three &&
	states idle $((7 * $day)) >got &&
	printf "%s\n" "07 paused" "08 paused" >want &&
	test_cmp want got &&
	at $((7 * $day)) unionml -C app schedule audit idle >out 2>err &&
	test_grep "^idle  2 due: 2 paused$" out &&
	test_cmp /dev/null err
'

test_expect_success 'a removed one has no more slots' '
	test_must_fail 1 states nightly $((9 * $day)) --since 30d >got &&
	test_line_count 5 got &&
	at $((9 * $day)) unionml -C app schedule audit nightly --since 2d \
		>out &&
	echo "nightly  0 due" >want &&
	test_cmp want out
'

test_expect_success 'nor had it any when it is declared again' '
	schedules "nightly: {workflow: train, expression: \"0 5 * * *\", catchup: none}" &&
	at $((9 * $day)) unionml -q -C app deploy -v four &&
	test_must_fail 1 states nightly $((11 * $day)) --since 30d >got &&
	cat >want <<-\END &&
	01 MISSED
	02 MISSED
	03 MISSED
	04 MISSED
	05 MISSED
	06 paused
	07 paused
	08 paused
	09 paused
	10 MISSED
	11 MISSED
	END
	test_cmp want got
'

test_expect_success 'commands for what was missed step over pauses' '
	at $((11 * $day)) test_must_fail 1 unionml -C app schedule audit \
		nightly --since 30d 2>err >out &&
	sed "s/.*--from//" err >got &&
	cat >want <<-\END &&
	 2026-01-01T03:00Z --to 2026-01-05T04:01Z
	 2026-01-10T05:00Z --to 2026-01-11T05:01Z
	END
	test_cmp want got
'

test_expect_success 'several, in their order, and names that are not there' '
	at $((11 * $day)) test_must_fail 1 unionml -C app schedule audit \
		nightly idle nightly --since 9d >out &&
	sed -n "s/  .*due.*//p" out >got &&
	printf "%s\n" nightly idle >want &&
	test_cmp want got &&
	test_must_fail 6 unionml -C app schedule audit nighly idle weekly \
		2>err >out &&
	test_grep "no schedule .nighly.*Did you mean .nightly.?" err &&
	test_grep "no schedule .weekly. is deployed here$" err &&
	test_grep "^  there is: nightly$" err &&
	test_cmp /dev/null out
'

test_expect_success 'schedule next tells what its runs are called' '
	at 0 unionml -C app schedule next nightly --limit 2 --json >out &&
	test_jq out "map(.run | test(\"^f[0-9a-f]{16}000$\")) | all" &&
	test_jq out ".[0].run != .[1].run" &&
	make_tiny_app other word &&
	printf "%s\n" "schedules:" "  new: {workflow: train, fixed_rate: 1h}" \
		>>other/unionml.yaml &&
	unionml -C other schedule next new --limit 1 --json >out &&
	test_jq out ".[0] | has(\"run\") and .run == null" &&
	test_path_missing other/.unionml &&
	unionml schedule next @daily --limit 1 --json >out &&
	test_jq out ".[0] | has(\"run\") | not"
'

# A year of half a million slots; the store has nothing of them.
test_expect_success MEMORY_LIMIT 'a year of minutes in little memory' '
	schedules "busy: {workflow: train, fixed_rate: 1m}" &&
	at $((12 * $day)) unionml -q -C app deploy -v five &&
	(
		ulimit -v 200000 &&
		at $((377 * $day)) test_must_fail 1 unionml -C app schedule \
			audit busy --since 365d >out &&
		at $((377 * $day)) test_must_fail 1 unionml -C app schedule \
			audit busy --since 365d --json >out.json
	) &&
	test_grep "^busy  525600 due: 2 due, 525598 MISSED$" out &&
	test_grep "525598 slots up to" out &&
	test "$(grep -c kickoff out.json)" -eq 525600
'

test_expect_success 'more than anybody can mean' '
	schedules "busy: {workflow: train, fixed_rate: 1m}" &&
	at $((12 * $day)) unionml -q -C app deploy -v six &&
	test_must_fail 3 unionml -C app schedule backfill busy -n \
		--from 1990-01-01T00:00Z --to 2026-01-01T00:00Z 2>err &&
	test_grep "more than 1000000 slots" err
'

test_done
