#!/bin/sh
# unionml check: what the declared targets cannot keep to.
. "$(dirname "$0")/lib-test.sh"

cp "$DATA"/*.yaml . || exit 1

for name in cannot imageless; do
	test_expect_success "$name" '
		test_must_fail 3 unionml check --file '$name'.yaml >out 2>err &&
		test_line_count 0 out &&
		sed "\$d" err >got &&
		test_cmp "$DATA/'$name'.err" got
	'
done

test_expect_success 'as JSON, warnings and all' '
	test_must_fail 3 unionml --json check --file cannot.yaml >out &&
	test_jq out "map(select(.severity == \"warning\")) | length == 2" &&
	test_jq out "map(select(.message | test(\"latest-at-deploy\"))) |
		.[0] | .line == 63 and .column == 12"
'

test_expect_success 'what does not use the target goes on without it' '
	unionml --file cannot.yaml compile >out &&
	unionml --file cannot.yaml schedule next skips --limit 1 >out
'

test_expect_success 'without such a target nothing is asked for' '
	sed "/^targets:/,\$d" cannot.yaml >local.yaml &&
	sed -i "s/\[production, local\]/[local]/; s/\[staging\]/[local]/" \
		local.yaml &&
	unionml check --file local.yaml 2>err &&
	test_grep "local.yaml: no errors" err
'

test_expect_success 'what Flyte can keep is no error' '
	cat >can.yaml <<-\END &&
	name: can
	image: x
	dataset:
	  reader:
	    inputs:
	      time: {type: datetime, default: now}
	      big: {type: integer, default: 9007199254740993}
	      words: {type: list<integer>, default: [9007199254740993]}
	    command: [r, "{data}"]
	model:
	  hyperparameters: {n: {type: integer, default: -9007199254740992}}
	  trainer: {command: [t, "{model_object}"]}
	schedules:
	  a:
	    workflow: train
	    fixed_rate: 30m
	    reader_time_arg: time
	    offset: PT0S
	    catchup: all
	    overlap: allow
	    active: false
	    inputs: {big: 9007199254740995}
	  b:
	    workflow: train
	    expression: "cron(0 10 ? * 2-6 *)"
	    timezone: Europe/Berlin
	    inputs: {time: 2026-01-01T00:00Z}
	targets:
	  staging: {type: flyte, project: p, domain: d}
	END
	unionml check --file can.yaml 2>err &&
	echo "can.yaml: no errors" >want &&
	test_cmp want err
'

# As a text: a row of the manual's table is `key kind: what is said`.
test_expect_success 'the table of what Flyte keeps to is that of the manual' '
	printf "%s\n" "name: a" "targets:" \
		"  there: {type: flyte, project: p, domain: d}" >table.yaml &&
	unionml --file table.yaml check --verbose 2>err &&
	sed -n "s/^  \([a-z_]*\)  *\(kept\|in part\|refused\)  */\1 \2: /p" err >rows &&
	test_line_count 20 rows &&
	sed -n "s/^\.It Cm //p; /^[^.]/p" "$TOP/man/unionml-flyte.7" |
		tr "\n" " " >text &&
	while read -r row; do
		grep -qF -e "$row " text || { echo "$row"; false; } || return 1
	done <rows
'

test_expect_success 'the configuration of the target that is asked for' '
	sed "s/domain: d/domain: d, config: no.yaml/" table.yaml >config.yaml &&
	unionml --file config.yaml check 2>err &&
	test_must_fail 3 unionml --file config.yaml -t there check 2>err &&
	test_grep "cannot read .*no.yaml" err &&
	test_must_fail 3 unionml --file config.yaml check --all 2>err &&
	printf "admin:\n  endpoint: 7\n  insecure: maybe\n" >no.yaml &&
	test_must_fail 3 unionml --file config.yaml -t there check 2>err &&
	test_grep "no.yaml:3:13: error" err
'

test_done
