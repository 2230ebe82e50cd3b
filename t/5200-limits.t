#!/bin/sh
# Time limits, attempts, nodes beside each other, and what they took.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

# make_app DIR KEYS: a reader that runs DIR/run.sh, with these keys besides.
make_app() {
	mkdir -p "$1" && cat >"$1/unionml.yaml" <<-END && cat >"$1/run.sh"
	name: limits
	dataset:
	  reader: {command: [sh, run.sh, "{data}"], $2}
	model:
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	END
}

# seconds COMMAND...: sets $took.
seconds() {
	seconds_begin=$(date +%s%N) &&
	"$@" &&
	took=$((($(date +%s%N) - seconds_begin) / 1000000))
}

test_expect_success 'a component that takes too long is ended' '
	make_app slow "timeout: 300ms" <<-\END &&
	echo $$ >pid
	sleep 60
	END
	seconds test_must_fail 1 unionml -C slow train 2>err &&
	test "$took" -ge 300 &&
	test "$took" -lt 5000 &&
	test_grep "failed in reader: ran into its time limit of 300ms$" err &&
	gone $(cat slow/pid) &&
	unionml -C slow runs show latest --json >shown &&
	test_jq shown ".status == \"failed\"" &&
	test_jq shown ".error == \"reader: ran into its time limit of 300ms\""
'

test_expect_success 'it may end itself well, and has failed all the same' '
	make_app tidy "timeout: 300ms" <<-\END &&
	trap "echo 1 >$1; echo tidied; exit 0" TERM
	sleep 60 &
	wait
	END
	test_must_fail 1 unionml -C tidy train 2>err &&
	test_grep "^  tidied$" err &&
	test_grep "ran into its time limit" err
'

test_expect_success 'one that ignores the signal is killed 10 s later' '
	make_app deaf "timeout: 200ms" <<-\END &&
	trap "" TERM
	echo $$ >pid
	sh -c "echo \$\$ >child; sleep 60" &
	sleep 60
	sleep 60
	END
	seconds test_must_fail 1 unionml -C deaf train 2>err &&
	test "$took" -ge 10200 &&
	test "$took" -lt 16000 &&
	test_grep "ran into its time limit of 200ms" err &&
	gone $(cat deaf/pid deaf/child)
'

test_expect_success 'a grandchild with the log open does not hold the run' '
	make_app holder "retries: 0" <<-\END &&
	sleep 60 &
	echo $! >pid
	echo 1 >"$1"
	END
	seconds unionml -C holder -q train &&
	test "$took" -lt 5000 &&
	waitfor 5 gone $(cat holder/pid)
'

test_expect_success setsid 'not even one that left the group' '
	make_app fled "retries: 0" <<-\END &&
	setsid sh -c "echo \$\$ >>pids; : >ready; exec sleep 60" &
	until test -e ready; do sleep 0.01; done
	rm ready
	echo 1 >"$1"
	END
	test_when_finished "kill \$(cat fled/pids)" &&
	seconds unionml -C fled -q train &&
	test "$took" -lt 5000 &&
	unionml -C fled -q train &&
	unionml -C fled runs gc --keep 0
'

test_expect_success 'the time limit ends grandchildren too' '
	make_app family "timeout: 300ms" <<-\END &&
	sh -c "echo \$\$ >child; sleep 60" &
	sh -c "echo \$\$ >other; sleep 60"
	END
	test_must_fail 1 unionml -C family train &&
	waitfor 5 gone $(cat family/child family/other)
'

test_expect_success 'attempts, with a pause that doubles' '
	make_app flaky "retries: 2" <<-\END &&
	echo "$UNIONML_ATTEMPT" >>attempts
	date +%s%N >>times
	ls "${1%/*}"
	echo "this is $UNIONML_ATTEMPT"
	echo 1 >"$1"
	test "$UNIONML_ATTEMPT" -eq 3 || exit "$UNIONML_ATTEMPT"
	END
	unionml -C flaky train >out 2>err &&
	test_line_count 1 out &&
	printf "1\n2\n3\n" >want &&
	test_cmp want flaky/attempts &&
	test_grep "failed: exit status 1, attempt 1; trying again" err &&
	test_grep "failed: exit status 2, attempt 2; trying again" err &&
	test_grep -E "^reader .* ok, attempt 3" err &&
	awk "{ print int((\$1 - last) / 1000000); last = \$1 }" \
		flaky/times >pauses &&
	awk "NR == 2 && \$1 < 1000 || NR == 3 && \$1 < 2000 ||
		NR > 1 && \$1 > 8000 { exit 1 }" pauses &&
	unionml -C flaky runs show latest --json >shown &&
	test_jq shown ".nodes[0].attempts == 3" &&
	test_jq shown ".nodes[0].error == null" &&
	test_jq shown ".nodes[1].attempts == 1"
'

test_expect_success 'the log holds all attempts; outputs began empty' '
	cat >want <<-\END &&
	this is 1
	unionml: attempt 2 of 3
	this is 2
	unionml: attempt 3 of 3
	this is 3
	END
	unionml -C flaky runs log latest reader >got &&
	test_cmp want got
'

test_expect_success 'attempts come to an end' '
	make_app hopeless "retries: 1" <<-\END &&
	echo "try $UNIONML_ATTEMPT"
	exit 7
	END
	test_must_fail 1 unionml -C hopeless train 2>err &&
	test_grep "failed in reader: exit status 7" err &&
	test_grep "^  try 2$" err &&
	test_grep ! "^  try 1$" err &&
	unionml -C hopeless runs show latest --json >shown &&
	test_jq shown ".nodes[0].attempts == 2" &&
	test_jq shown ".error == \"reader: exit status 7, attempt 2 of 2\"" &&
	test_jq shown ".nodes[1].status == \"aborted\" and
		.nodes[1].attempts == 0 or .nodes[1].status == \"pending\""
'

test_expect_success 'a time limit is tried again as well' '
	make_app late "retries: 1, timeout: 400ms" <<-\END &&
	test "$UNIONML_ATTEMPT" -eq 2 || sleep 60
	echo 1 >"$1"
	END
	unionml -C late train 2>err &&
	test_grep "ran into its time limit of 400ms, attempt 1; trying" err
'

for signal in 9:Killed 11:Segmentation 15:Terminated 2:Interrupt; do
	test_expect_success "killed by signal ${signal%%:*}" '
		make_app killed "retries: 0" <<-END &&
		kill -${signal%%:*} \$\$
		sleep 60
		END
		test_must_fail 1 unionml -C killed train 2>err &&
		test_grep "killed by signal ${signal%%:*} (${signal#*:}" err
	'
done

test_expect_success 'an exit status like that of a signal is none' '
	make_app status "retries: 0" <<-\END &&
	exit 137
	END
	test_must_fail 1 unionml -C status train 2>err &&
	test_grep "failed in reader: exit status 137" err
'

# make_pair DIR: an app whose two evaluators run DIR/run.sh train|test.
make_pair() {
	mkdir -p "$1" && cat >"$1/unionml.yaml" <<-\END && cat >"$1/run.sh"
	name: pair
	dataset:
	  reader: {command: [touch, "{data}"]}
	  splitter: {command: [touch, "{train}", "{test}"]}
	model:
	  trainer: {command: [touch, "{model_object}"]}
	  evaluator:
	    command: |
	      echo "{}" >"$UNIONML_OUT_metrics"
	      case $UNIONML_OUT_metrics in
	      */evaluator-train/*) sh run.sh train test ;;
	      */evaluator-test/*) sh run.sh test train ;;
	      esac
	END
}

test_expect_success 'nodes that do not need each other run together' '
	make_pair meet <<-\END &&
	: >here-$1
	i=0
	until test -e here-$2
	do
		sleep 0.02
		i=$((i + 1))
		test $i -lt 500
	done
	END
	unionml -C meet -q train -j 2
'

test_expect_success 'and one after the other with -j 1' '
	make_pair alone <<-\END &&
	mkdir busy
	sleep 0.2
	rmdir busy
	END
	unionml -C alone -q train -j 1 &&
	test_must_fail 1 unionml -C alone train -j 2 2>err
'

test_expect_success 'a node that fails stops the one beside it' '
	make_pair fail <<-\END &&
	if test $1 = train
	then
		until test -e pid; do sleep 0.02; done
		exit 5
	fi
	sh -c "echo \$\$ >child; exec sleep 60" &
	until test -s child; do sleep 0.02; done
	echo $$ >pid
	sleep 60
	END
	seconds test_must_fail 1 unionml -C fail train -j 2 2>err &&
	test "$took" -lt 8000 &&
	test_grep "failed in evaluator-train: exit status 5" err &&
	test_grep -E "^evaluator-test .* aborted" err &&
	waitfor 5 gone $(cat fail/pid fail/child) &&
	unionml -C fail runs show latest --json >shown &&
	test_jq shown ".status == \"failed\"" &&
	test_jq shown "[.nodes[] | {(.name): .status}] | add == {
		reader: \"succeeded\", splitter: \"succeeded\",
		trainer: \"succeeded\", \"evaluator-train\": \"failed\",
		\"evaluator-test\": \"aborted\"}"
'

test_expect_success 'a failure ends the pause of the one beside it' '
	make_pair pause <<-\END &&
	if test $1 = train
	then
		test $UNIONML_ATTEMPT -eq 2 || exit 3
		: >tried
		sleep 0.3
		exit 3
	fi
	until test -e tried; do sleep 0.02; done
	exit 4
	END
	echo "    retries: 1" >>pause/unionml.yaml &&
	test_must_fail 1 unionml -C pause train -j 2 2>err &&
	test_grep "failed in evaluator-train: exit status 3" err &&
	unionml -C pause runs show latest --json >shown &&
	test_jq shown ".nodes[] | select(.name == \"evaluator-test\") |
		.status == \"aborted\" and .attempts == 1 and
		.error == \"exit status 4\""
'

test_expect_success 'peak memory and CPU time are recorded' '
	make_app use "retries: 0" <<-\END &&
	dd if=/dev/zero of="$1" bs=64M count=1
	: >"$1"
	awk "BEGIN { while (i < 5e6) i++ }"
	END
	unionml -C use train 2>err &&
	test_grep -E "^reader .* ok   (6[4-9]|[7-9][0-9]) MiB$" err &&
	unionml -C use runs show latest --json >shown &&
	test_jq shown ".nodes[0] | .max_rss >= 67108864 and
		.max_rss < 134217728" &&
	test_jq shown ".nodes[0] | .cpu_ms >= 20 and .cpu_ms < 30000" &&
	test_jq shown ".nodes[1] | .max_rss > 65536 and .max_rss < 33554432" &&
	test_jq shown ".nodes[1] | .cpu_ms < 1000"
'

test_expect_success 'waiting takes no CPU time, and none of ours' '
	make_app wait "retries: 0" <<-\END &&
	sleep 0.5
	echo 1 >"$1"
	END
	unionml -C wait -q train &&
	unionml -C wait runs show latest --json >shown &&
	test_jq shown ".nodes[0].cpu_ms < 300" &&
	test_jq shown "def t: sub(\"[.].*Z\$\"; \"Z\") | fromdate;
		.nodes[0] | (.ended_at | t) - (.started_at | t) <= 3"
'

test_expect_success 'a log larger than any pipe is whole' '
	make_app chatty "retries: 0" <<-\END &&
	seq 1 200000
	seq 1 200000 >&2
	echo 1 >"$1"
	END
	unionml -C chatty -q train &&
	unionml -C chatty runs log latest reader >log &&
	test_line_count 400000 log &&
	{ seq 1 200000 && seq 1 200000; } >want &&
	cmp want log
'

test_done
