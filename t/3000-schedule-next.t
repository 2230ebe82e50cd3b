#!/bin/sh
# schedule next and explain: when an expression or a schedule fires.
. "$(dirname "$0")/lib-test.sh"

test_set_now
SQ="'"
TZDIR="$TEST_DIR/3010/zoneinfo"
export TZDIR

# tells WANT ARG...: what `schedule next` prints.
tells() {
	tells_want=$1
	shift
	unionml schedule next "$@" >got 2>err || return 1
	printf '%s\n' "$tells_want" >want
	test_cmp want got
}

test_expect_success 'an expression needs no app file' '
	tells "2026-01-02 00:00 +00:00   2026-01-02T00:00:00Z
2026-01-03 00:00 +00:00   2026-01-03T00:00:00Z" "0 0 * * *" --limit 2 &&
	test_cmp /dev/null err &&
	unionml schedule next "*/5 * * * *" >got &&
	test_line_count 10 got
'

test_expect_success 'strictly after --from, before --until' '
	tells "2026-02-02 00:00 +00:00   2026-02-02T00:00:00Z" @daily \
		--from 2026-02-01T00:00Z --until 2026-02-03T00:00Z &&
	unionml schedule next @daily --from 2026-02-01T00:00:00.5Z \
		--until 2026-02-02T00:00:00.5Z >again &&
	test_cmp got again &&
	unionml schedule next @hourly --until 2026-01-02T00:00:01+00:00 >got &&
	test_line_count 24 got &&
	unionml schedule next @hourly --until 2026-01-02T00:00Z --limit 3 \
		>got &&
	test_line_count 3 got &&
	unionml schedule next "* * * * *" --until 2026-01-03T00:00Z --limit 0 \
		>got &&
	test_line_count 2879 got
'

test_expect_success 'what daylight saving moves is marked' '
	tells "2027-03-27 02:30 +01:00   2027-03-27T01:30:00Z
2027-03-28 03:00 +02:00   2027-03-28T01:00:00Z   moved: 02:30 does not exist \
on this day
2027-03-29 02:30 +02:00   2027-03-29T00:30:00Z" \
		"30 2 * * *" --timezone Europe/Berlin \
		--from 2027-03-27T00:00Z --limit 3
'

test_expect_success '--dst-only' '
	tells "2027-03-28 03:00 +02:00   2027-03-28T01:00:00Z   moved: 02:30 \
does not exist on this day
2027-10-31 02:30 +02:00   2027-10-31T00:30:00Z   02:30 comes twice on this \
day: fires the first time" "30 2 * * *" --timezone Europe/Berlin --dst-only \
		--from 2027-01-01T00:00Z --limit 2 &&
	unionml schedule next "0 0 * * *" --timezone Asia/Kolkata --dst-only \
		>got 2>err &&
	test_cmp /dev/null got &&
	echo "no such time" >want &&
	test_cmp want err &&
	unionml schedule next "* * * * *" --timezone Europe/Berlin --dst-only \
		>got 2>err &&
	test_cmp want err &&
	unionml schedule next "@every 1h" --dst-only >got 2>err &&
	test_cmp want err
'

test_expect_success '@every counts from --from' '
	tells "2026-01-01 00:01:40 +00:00   2026-01-01T00:01:40Z
2026-01-01 00:03:10 +00:00   2026-01-01T00:03:10Z" "@every 90s" \
		--from 2026-01-01T00:00:10Z --limit 2 &&
	tells "2026-01-01 06:45 +05:45   2026-01-01T01:00:00Z" "@every 1h" \
		--timezone Asia/Kathmandu --limit 1
'

test_expect_success '--json' '
	unionml schedule next "0 2,3 * * *" --timezone Europe/Berlin \
		--from 2026-03-28T12:00Z --limit 2 --json >got.json &&
	cat >want.json <<-\EOF &&
	[{"fires": true, "kickoff": "2026-03-29T01:00:00Z",
	"local": "2026-03-29T03:00:00+02:00",
	"note": "also for 02:00, which does not exist on this day"},
	{"fires": true, "kickoff": "2026-03-30T00:00:00Z",
	"local": "2026-03-30T02:00:00+02:00", "note": null}]
	EOF
	test_json_cmp want.json got.json &&
	unionml schedule next @daily --until 2026-01-01T00:00Z --json \
		>got.json &&
	echo "[]" >want.json &&
	test_json_cmp want.json got.json
'

test_expect_success 'schedules of the app file' '
	cat >unionml.yaml <<-\EOF
	name: a
	dataset: {reader: {command: [cat, "{data}"]}}
	model: {trainer: {command: [cp, "{train}", "{model_object}"]}}
	schedules:
	  nightly: {workflow: train, expression: "30 2 * * *", timezone: Europe/Berlin}
	  rated: {workflow: train, fixed_rate: 1h, start: 2026-01-01T00:20Z, end: 2026-01-01T02:21Z, offset: PT90S}
	  far_only: {workflow: train, expression: "0 0 * * *", timezone: America/Havana, targets: [far]}
	targets:
	  far: {type: flyte, project: p, domain: d}
	EOF
'

test_expect_success 'by name: with their zone, start, end and offset' '
	tells "2026-01-01 02:30 +01:00   2026-01-01T01:30:00Z" nightly \
		--limit 1 &&
	tells "2026-01-01 00:20 +00:00   2026-01-01T00:20:00Z
2026-01-01 01:20 +00:00   2026-01-01T01:20:00Z
2026-01-01 02:20 +00:00   2026-01-01T02:20:00Z" rated &&
	echo "each run starts 1m30s after its time" >want &&
	test_cmp want err &&
	unionml schedule next rated --from 2027-01-01T00:00Z >got 2>err &&
	test_cmp /dev/null got &&
	test_grep "no such time" err
'

test_expect_success 'as Flyte fires it: what is lost is told' '
	tells "2027-03-27 02:30 +01:00   2027-03-27T01:30:00Z
2027-03-28 03:00 +02:00   2027-03-28T01:00:00Z   lost: 02:30 does not exist \
on this day
2027-03-29 02:30 +02:00   2027-03-29T00:30:00Z" --target far nightly \
		--from 2027-03-27T00:00Z --limit 3 &&
	echo "as the scheduler of Flyte fires it, on target ${SQ}far$SQ" \
		>want &&
	test_cmp want err &&
	tells "2027-10-31 02:30 +02:00   2027-10-31T00:30:00Z   02:30 comes \
twice on this day: this is the first
2027-10-31 02:30 +01:00   2027-10-31T01:30:00Z   02:30 comes twice on this \
day: this is the second" --target far "30 2 * * *" --timezone Europe/Berlin \
		--from 2027-10-31T00:00Z --limit 2 &&
	unionml schedule next far_only --dst-only --limit 1 --json >got.json \
		2>err &&
	test_grep "target .far." err &&
	jq -r ".[0] | .kickoff, .fires, .note" got.json >got &&
	printf "%s\n" 2026-03-08T05:00:00Z false \
		"lost: 00:00 does not exist on this day" >want &&
	test_cmp want got &&
	tells "2026-10-04 03:00 +11:00   2026-10-03T16:00:00Z   lost: \
Flyte${SQ}s scheduler steps over it" --target far "0 3 * * *" \
		--timezone Australia/Lord_Howe --from 2026-10-02T17:00Z \
		--until 2026-10-04T12:00Z
'


# fails STATUS TEXT ARG...
fails() {
	fails_want=$2
	test_must_fail "$1" unionml schedule "$3" "$4" $5 $6 2>err >out &&
	test_cmp /dev/null out &&
	echo "unionml: error: $fails_want" >want &&
	head -n 1 err >first &&
	test_cmp want first
}

test_expect_success 'mistakes point at their place' '
	fails 3 "expression ${SQ}0 25 * * *$SQ, column 3: hour 25 is out of \
range 0-23" next "0 25 * * *" &&
	fails 3 "expression ${SQ}cron(0 0 L * ? *)$SQ, column 10: day of \
month: five fields cannot say ${SQ}L$SQ, the last one" explain \
		"cron(0 0 L * ? *)" &&
	fails 3 "expression ${SQ}0 0 30 2 *$SQ never fires: there is no such \
date" next "0 0 30 2 *" &&
	fails 3 "expression ${SQ}0 0 30 2 *$SQ never fires: there is no such \
date" explain "0 0 30 2 *" &&
	fails 2 "--timezone ${SQ}Europe/Berlni$SQ is no time zone that this \
system knows. Did you mean ${SQ}Europe/Berlin$SQ?" next @daily \
		--timezone=Europe/Berlni &&
	fails 2 "--from ${SQ}2026-01-01T00:00$SQ: the zone is missing (Z, or \
an offset like +02:00)" next @daily --from=2026-01-01T00:00 &&
	fails 2 "--limit 0 wants an end: --until T" next @daily --limit=0 &&
	fails 6 "no schedule ${SQ}nightyl$SQ. Did you mean ${SQ}nightly$SQ?" \
		next nightyl &&
	fails 6 "schedule ${SQ}far_only$SQ does not live on target \
${SQ}local$SQ" next far_only --target=local &&
	fails 2 "--timezone is for expressions; a schedule has its own" \
		next nightly --timezone=UTC &&
	fails 3 "no target ${SQ}nowhere$SQ in unionml.yaml" next @daily \
		--target=nowhere
'

test_expect_success 'explain' '
	unionml schedule explain "cron(0 10 ? * 2-6 *)" >got &&
	cat >want <<-\EOF &&
	read as   AWS cron
	means     at 10:00, Monday to Friday
	unix      0 10 * * 1-5
	next      Thu 2026-01-01 10:00 UTC, Fri 2026-01-02 10:00 UTC, Mon 2026-01-05 10:00 UTC
	EOF
	test_cmp want got &&
	unionml schedule explain "0 0 */2 * mon" >got &&
	cat >want <<-\EOF &&
	read as   cron, five fields
	means     at 00:00, on every second day of the month from day 1 and on every Monday
	unix      0 0 1-31/2 * 1
	AWS       cannot say it: days match by either of two fields
	next      Sat 2026-01-03 00:00 UTC, Mon 2026-01-05 00:00 UTC, Wed 2026-01-07 00:00 UTC
	EOF
	test_cmp want got &&
	unionml schedule explain @weekly >got &&
	cat >want <<-\EOF &&
	read as   cron, a descriptor
	means     at 00:00, on Sundays
	unix      0 0 * * 0
	AWS       cron(0 0 ? * 1 *)
	next      Sun 2026-01-04 00:00 UTC, Sun 2026-01-11 00:00 UTC, Sun 2026-01-18 00:00 UTC
	EOF
	test_cmp want got &&
	unionml schedule explain "@every 90s" >got &&
	cat >want <<-EOF &&
	read as   a fixed rate
	means     every 1m30s, counted from the schedule${SQ}s start or from 1970-01-01T00:00Z
	unix      five fields cannot say it
	AWS       cannot say it
	next      Thu 2026-01-01 00:01:30 UTC, Thu 2026-01-01 00:03 UTC, Thu 2026-01-01 00:04:30 UTC
	EOF
	test_cmp want got
'

test_expect_success 'explain --json' '
	unionml schedule explain --json "@every 6h" >got.json &&
	cat >want.json <<-EOF &&
	{"dialect": "every", "means": "every 6h, counted from the schedule${SQ}s start or from 1970-01-01T00:00Z",
	"unix": "0 */6 * * *", "aws": "cron(0 0/6 * * ? *)",
	"next": ["2026-01-01T06:00:00Z", "2026-01-01T12:00:00Z", "2026-01-01T18:00:00Z"]}
	EOF
	test_json_cmp want.json got.json &&
	unionml schedule explain --json "0 0 13 * 5" >got.json &&
	jq -r .aws got.json >got &&
	echo null >want &&
	test_cmp want got
'

test_expect_success 'a year of minutes, in bounded memory' '
	unionml schedule next "* * * * *" --until 2027-01-01T00:00Z >got &&
	test_line_count 525599 got
'

test_done
