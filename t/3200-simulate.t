#!/bin/sh
# schedule simulate: what the scheduler would do, told beforehand.
. "$(dirname "$0")/lib-test.sh"

UNIONML_TEST_NOW=1767225600	# 2026-01-01T00:00:00Z
export UNIONML_TEST_NOW

test_expect_success 'schedules' '
	cat >unionml.yaml <<-\EOF
	name: a
	dataset: {reader: {command: [cat, "{data}"]}}
	model: {trainer: {command: [cp, "{train}", "{model_object}"]}}
	schedules:
	  plain: {workflow: train, fixed_rate: 1h}
	  all: {workflow: train, fixed_rate: 1h, catchup: all, overlap: queue}
	  none: {workflow: train, fixed_rate: 1h, catchup: none, overlap: allow}
	  swap: {workflow: train, fixed_rate: 1h, overlap: replace, offset: PT5M}
	  old: {workflow: train, fixed_rate: 1h, catchup: all, overlap: allow, catchup_window: 2h}
	  berlin: {workflow: train, expression: "30 2 * * *", timezone: Europe/Berlin, start: 2026-03-28T00:00Z}
	  ended: {workflow: train, expression: "@hourly", end: 2026-01-01T03:00Z}
	  minutes: {workflow: train, expression: "* * * * *", targets: [there]}
	targets:
	  there: {type: local, store: there}
	  far: {type: flyte, project: p, domain: d}
	EOF
'

# told WANT NAME ARG...: in short, `01:00 start 01:00`, a line an event. What
# is late has a *, what ended because it was cancelled a !.
told() {
	told_want=$1
	shift
	unionml schedule simulate --json "$@" >out.json || return 1
	jq -r '(.time[11:16]) + " " + .event + " " + .kickoff[11:16] +
		(if .late then "*" else "" end) +
		(if .cancelled then "!" else "" end) +
		(if .event == "skip" then "-" + .last_kickoff[11:16] + " " +
			(.slots | tostring) + " " + .reason else "" end) +
		(if .by then " by " + .by[11:16] else "" end)' out.json >got
	printf '%s\n' "$told_want" >want
	test_cmp want got
}

test_expect_success 'a run a slot while nothing is in its way' '
	told "01:00 start 01:00
01:10 end 01:00
02:00 start 02:00
02:10 end 02:00" ended --days 1
'

test_expect_success 'skip: unless it says otherwise' '
	told "01:00 start 01:00
02:00 skip 02:00-02:00 1 overlap by 01:00
02:30 end 01:00" ended --days 1 --duration 90m
'

test_expect_success 'latest: unless it says otherwise' '
	told "06:30 skip 01:00-05:00 5 catchup
06:30 start 06:00*
06:40 end 06:00" plain --days 1 --outage 0s..6h30m --outage 6h50m..1d
'

test_expect_success 'none' '
	told "03:30 skip 01:00-03:00 3 catchup" \
		none --days 1 --outage 0s..3h30m --outage 3h40m..1d
'

test_expect_success 'all: one after the other, one on time waits' '
	told "03:30 start 01:00*
03:30 wait 02:00* by 01:00
03:30 wait 03:00* by 01:00
03:50 end 01:00
03:50 start 02:00*
04:00 wait 04:00 by 02:00
04:10 end 02:00
04:10 start 03:00*
04:30 end 03:00
04:30 start 04:00
04:50 end 04:00" all --days 1 --duration 20m --outage 0s..3h30m \
		--outage 4h55m..1d
'

test_expect_success 'a window' '
	told "06:30 skip 01:00-04:00 4 window
06:30 start 05:00*
06:30 start 06:00*
06:40 end 05:00
06:40 end 06:00" old --days 1 --outage 0s..6h30m --outage 6h50m..1d
'

test_expect_success 'replace, and an offset' '
	told "01:05 start 01:00
02:05 cancel 01:00
02:05 wait 02:00 by 01:00
02:05 end 01:00!
02:05 start 02:00
03:35 end 02:00" swap --days 1 --duration 90m --outage 3h..1d
'

test_expect_success 'daylight saving' '
	UNIONML_TEST_NOW=1774656000 unionml schedule simulate berlin \
		--days 2 --json >out.json &&
	jq -r "select(.event == \"start\").kickoff" out.json >got &&
	cat >want <<-\EOF &&
	2026-03-28T01:30:00Z
	2026-03-29T01:00:00Z
	EOF
	test_cmp want got
'

test_expect_success 'the same for people' '
	unionml schedule simulate ended --days 1 --duration 90m >got 2>err &&
	cat >want <<-\EOF &&
	TIME                  SCHEDULE  EVENT  KICKOFF               NOTE
	2026-01-01 01:00 UTC  ended     start  2026-01-01 01:00 UTC  -
	2026-01-01 02:00 UTC  ended     skip   2026-01-01 02:00 UTC  the run of 2026-01-01 01:00 UTC goes on
	EOF
	test_cmp want got &&
	echo "ended: 1 run, 0 of them made up; 1 skipped" >want &&
	test_cmp want err &&
	unionml schedule simulate old --days 1 --outage 1h..6h30m >got &&
	test_grep "06:30 UTC  old  *skip  .* 4 slots, up to 2026-01-01 04:00" \
		got &&
	test_grep "06:30 UTC  old  *start  .* 05:00 UTC  1h30m late: made up" \
		got
'

test_expect_success 'all that live on the target, by one clock' '
	unionml schedule simulate --json --days 1 --outage 0s..23h30m >out &&
	jq -r .schedule out | sort -u >got &&
	printf "%s\n" all ended none old plain swap >want &&
	test_cmp want got &&
	jq -r .time out >times &&
	sort times >sorted &&
	test_cmp sorted times &&
	unionml -t there schedule simulate --json --days 1 \
		--outage 0s..23h59m >out &&
	test_jq out -s "any(.schedule == \"minutes\")"
'

test_expect_success 'ten years without a scheduler are three lines' '
	unionml -t there schedule simulate minutes --days 3650 \
		--outage 2m..3649d23h58m30s --json >out &&
	jq -c "select(.event == \"skip\") | [.slots, .reason]" out >got &&
	cat >want <<-\EOF &&
	[5245997,"too many"]
	[9999,"catchup"]
	[1,"overlap"]
	EOF
	test_cmp want got
'

test_expect_success 'nothing is written, no store is made' '
	! test -e .unionml && ! test -e there
'

test_expect_success 'what cannot be simulated' '
	test_must_fail 6 unionml schedule simulate plaim 2>err &&
	test_grep "no schedule .plaim.. Did you mean .plain.?" err &&
	test_must_fail 6 unionml schedule simulate minutes 2>err &&
	test_grep "does not live on target .local." err &&
	test_must_fail 3 unionml -t far schedule simulate 2>err &&
	test_grep "has a scheduler of its own" err &&
	test_must_fail 3 unionml -t nowhere schedule simulate 2>err &&
	test_must_fail 2 unionml schedule simulate --days 0 &&
	test_must_fail 2 unionml schedule simulate --days 4000 &&
	test_must_fail 2 unionml schedule simulate --duration -1h &&
	for outage in 1h 1h..x x..1h 2h..1h 1h..1h 8d..9d \
		2025-01-01T00:00Z..2025-01-02T00:00Z
	do
		test_must_fail 2 unionml schedule simulate \
			--outage "$outage" 2>err &&
		test_grep "outage .$outage." err || return 1
	done
'

test_done
