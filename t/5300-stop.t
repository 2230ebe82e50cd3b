#!/bin/sh
# Runs that are stopped, left to themselves, and watched.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

# An app whose reader waits until the file `go` is there, a minute at most.
make_waiting() {
	mkdir -p "$1" && cat >"$1/unionml.yaml" <<-\END &&
	name: waiting
	dataset: {reader: {command: [sh, wait.sh, "{data}"]}}
	model:
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	  predictor: {command: [cp, "{features}", "{predictions}"]}
	END
	cat >"$1/wait.sh" <<-\END
	sh -c "echo \$\$ >child; exec sleep 60" &
	until test -s child; do sleep 0.01; done
	echo $$ >pid.new
	mv pid.new pid
	echo begun
	i=0
	until test -e go || test $i -ge 600
	do
		i=$((i + 1))
		sleep 0.1
	done
	echo gone on
	echo 1 >"$1"
	END
}

begin() {
	rm -f app/pid app/child app/go
}

# begun: waits for the reader to run; sets $reader to its processes.
begun() {
	waitfor 20 test -s app/pid &&
	reader=$(cat app/pid app/child)
}

# start COMMAND...: in the background. It is $program.
start() {
	"$@" &
	program=$!
}

# ends STATUS: waits for $program to end with that status.
ends() {
	ends_got=0
	wait "$program" || ends_got=$?
	if test "$ends_got" -ne "$1"
	then
		echo "expected exit status $1, got $ends_got" >&2
		return 1
	fi
}

latest() {
	unionml -C app runs show latest --json >shown &&
	id=$(jq -r .id shown)
}

for signal in INT:130 TERM:143 HUP:129; do
	test_expect_success "SIG${signal%:*} stops the run" '
		make_waiting app &&
		begin &&
		start interruptible unionml -C app train >out 2>err &&
		begun &&
		kill -${signal%:*} $program &&
		ends ${signal#*:} &&
		test_line_count 0 out &&
		gone $reader &&
		latest &&
		test_jq shown ".status == \"aborted\" and .ended_at != null" &&
		test_jq shown ".error | startswith(\"stopped by signal \")" &&
		test_jq shown ".nodes[0].status == \"aborted\"" &&
		test_jq shown ".nodes[1] |
			.attempts == 0 and .started_at == null" &&
		test_grep "run $id aborted: .unionml runs retry $id. goes on" err
	'
done

test_expect_success 'a second signal does not wait for the grace' '
	begin &&
	sed "1s/^/trap \"\" TERM; /" app/wait.sh >new && cp new app/wait.sh &&
	start interruptible unionml -C app train >out 2>err &&
	begun &&
	kill -INT $program &&
	sleep 0.3 &&
	! gone $reader &&
	kill -INT $program &&
	ends 130 &&
	waitfor 5 gone $reader &&
	latest &&
	test_jq shown ".status == \"aborted\"" &&
	make_waiting app
'

test_expect_success 'a predict is stopped the same way' '
	: >app/go &&
	unionml -C app -q train >out &&
	begin &&
	start interruptible unionml -C app predict -o ../pred 2>err &&
	begun &&
	kill -TERM $program &&
	ends 143 &&
	gone $reader &&
	test_path_missing pred &&
	latest &&
	test_jq shown ".workflow == \"predict\" and .status == \"aborted\""
'

test_expect_success 'runs stop ends a run in the foreground' '
	begin &&
	start unionml -C app train >out 2>err &&
	begun &&
	latest &&
	test_must_fail 2 unionml -C app runs stop $id --cause "$(printf "a\nb")" &&
	unionml -C app runs stop $id 2>stop.err &&
	test_grep "^run $id aborted$" stop.err &&
	ends 1 &&
	gone $reader &&
	test_grep "run $id aborted: stopped by unionml runs stop" err &&
	latest &&
	test_jq shown ".error == \"stopped by unionml runs stop\"" &&
	test_must_fail 1 unionml -C app runs watch $id
'

test_expect_success 'and says why' '
	begin &&
	start unionml -C app train >out 2>err &&
	begun &&
	latest &&
	unionml -C app runs stop $id --cause "wrong data" &&
	ends 1 &&
	latest &&
	test_jq shown ".error ==
		\"stopped by unionml runs stop: wrong data\"" &&
	unionml -C app runs stop $id --cause "too late" &&
	latest &&
	test_jq shown ".error | endswith(\": wrong data\")"
'

test_expect_success sqlite3 'who asked for it died before the signal' '
	begin &&
	start unionml -C app train >out 2>err &&
	begun &&
	sqlite3 app/.unionml/store.db "PRAGMA busy_timeout = 9000;
		UPDATE runs SET stop_requested = 1
		WHERE status = \"running\"" >sql &&
	ends 1 &&
	gone $reader &&
	latest &&
	test_jq shown ".error == \"stopped by unionml runs stop\""
'

test_expect_success 'stopping what has ended is done already' '
	unionml -C app runs stop $id 2>err &&
	test_grep "run $id had ended: aborted" err &&
	unionml -C app runs stop $id --json >out &&
	test_jq out ".id == \$id and .status == \"aborted\"" --arg id $id &&
	test_must_fail 6 unionml -C app runs stop nobody
'

test_expect_success '--no-wait prints the id alone, and the run goes on' '
	begin &&
	unionml -C app train --no-wait >out 2>err &&
	test_line_count 1 out &&
	test_line_count 0 err &&
	test_grep -E "^r[0-9a-f]{19}$" out &&
	id=$(cat out) &&
	begun &&
	latest &&
	test "$id" = "$(cat out)" &&
	test_jq shown ".status == \"running\"" &&
	: >app/go &&
	unionml -C app runs watch $id >out 2>err &&
	echo $id >want &&
	test_cmp want out &&
	test_grep -E "^reader .* ok" err &&
	test_grep -E "^trainer .* ok" err &&
	waitfor 5 gone $reader
'

test_expect_success 'it is in a session of its own, without our files' '
	begin &&
	unionml -C app train --no-wait | cat >out &&
	begun &&
	leader=$(ps -o ppid= -p "$(cat app/pid)") &&
	test "$(ps -o sid= -p $leader)" -eq "$leader" &&
	test "$(readlink /proc/$((leader))/fd/0)" = /dev/null &&
	unionml -C app runs stop latest
'

test_expect_success 'runs stop ends such a run' '
	begin &&
	id=$(unionml -C app train --no-wait) &&
	begun &&
	unionml -C app runs stop $id &&
	gone $reader &&
	latest &&
	test_jq shown ".status == \"aborted\""
'

test_expect_success 'at once, too' '
	for i in 1 2 3 4 5
	do
		begin &&
		id=$(unionml -C app train --no-wait) &&
		unionml -C app runs stop $id &&
		latest &&
		test_jq shown ".status == \"aborted\"" || return 1
	done
'

test_expect_success FAIL_IO 'even before its process has taken it' '
	begin &&
	FAIL_IO_PATH=unionml.log FAIL_IO_SLEEP=700 &&
	export FAIL_IO_PATH FAIL_IO_SLEEP &&
	test_when_finished "unset FAIL_IO_PATH FAIL_IO_SLEEP" &&
	fail_io open unionml -C app train --no-wait >out &&
	id=$(cat out) &&
	unionml -C app runs stop $id &&
	latest &&
	test_jq shown ".status == \"aborted\"" &&
	gone $(cat app/pid app/child)
'

test_expect_success '--no-wait --json' '
	begin &&
	unionml -C app train --no-wait --json >out &&
	test_jq out "(.status == \"pending\" or .status == \"running\") and
		.ended_at == null and .metrics == null" &&
	unionml -C app runs stop "$(jq -r .id out)"
'

test_expect_success '--timeout ends the wait, not the run' '
	begin &&
	test_must_fail 7 unionml -C app train --timeout 300ms >out 2>err &&
	test_line_count 0 out &&
	begun &&
	latest &&
	test_jq shown ".status == \"running\"" &&
	test_grep "run $id goes on: .unionml runs watch $id. follows it" err &&
	test_must_fail 7 unionml -C app runs watch $id --timeout 200ms 2>err &&
	test_grep "run $id goes on" err &&
	: >app/go &&
	unionml -C app runs watch $id --timeout 1m >out &&
	echo $id >want &&
	test_cmp want out
'

test_expect_success 'predict --timeout says how its -o is had later' '
	mkdir -p slow && echo 1 >slow/features &&
	cat >slow/unionml.yaml <<-\EOF &&
	name: slow
	model:
	  predictor:
	    command: sleep 1; echo 5 >"$UNIONML_OUT_predictions"
	EOF
	test_must_fail 7 unionml -C slow predict -f features -m @features \
		-o late --timeout 100ms 2>err &&
	test_path_missing slow/late &&
	sed -n "s/.*: .unionml \(fetch predictions [^ ]* -o late\). does.*/\1/p" \
		err >next &&
	unionml -C slow runs watch latest &&
	unionml -C slow $(cat next) &&
	test "$(cat slow/late)" = 5
'

test_expect_success 'a run that ends in time is like any other' '
	unionml -C app train --timeout 1m >out 2>err &&
	latest &&
	echo $id >want &&
	test_cmp want out &&
	test_grep -E "^reader .* ok" err
'

test_expect_success 'a signal during --timeout stops the run' '
	begin &&
	start interruptible unionml -C app train --timeout 1m >out 2>err &&
	begun &&
	kill -INT $program &&
	ends 130 &&
	waitfor 5 gone $reader &&
	latest &&
	test_jq shown ".status == \"aborted\""
'

test_expect_success 'watch may be interrupted; the run is left alone' '
	begin &&
	id=$(unionml -C app train --no-wait) &&
	begun &&
	start interruptible unionml -C app runs watch $id 2>err &&
	sleep 0.3 &&
	kill -INT $program &&
	ends 130 &&
	! gone $reader &&
	latest &&
	test_jq shown ".status == \"running\"" &&
	start unionml -C app runs watch $id >out 2>err &&
	unionml -C app runs stop $id &&
	ends 1 &&
	test_grep "run $id aborted" err
'

test_expect_success 'watch ends as train does' '
	mkdir -p failing && cat >failing/unionml.yaml <<-\END &&
	name: failing
	dataset: {reader: {command: "sleep 0.3; echo oh no; exit 9"}}
	model: {trainer: {command: [touch, "{model_object}"]}}
	END
	id=$(unionml -C failing train --no-wait) &&
	test_must_fail 1 unionml -C failing runs watch $id >out 2>err &&
	test_line_count 0 out &&
	test_grep "^  oh no$" err &&
	test_grep "run $id failed in reader: exit status 9" err &&
	test_must_fail 1 unionml -C failing runs watch latest --json >out &&
	test_jq out ".status == \"failed\" and
		.error == \"reader: exit status 9\"" &&
	test_must_fail 6 unionml -C failing runs watch nobody
'

test_expect_success 'log -f follows to the end' '
	begin &&
	id=$(unionml -C app train --no-wait) &&
	start unionml -C app runs log -f $id reader >log &&
	waitfor 20 grep -q begun log &&
	test_grep ! "gone on" log &&
	: >app/go &&
	ends 0 &&
	printf "begun\ngone on\n" >want &&
	test_cmp want log &&
	unionml -C app runs log $id reader >log &&
	test_cmp want log &&
	unionml -C app runs log $id >log &&
	printf "==> reader <==\nbegun\ngone on\n" >want &&
	test_cmp want log
'

test_expect_success 'log of a node that is not there' '
	test_must_fail 6 unionml -C app runs log latest raeder 2>err &&
	test_grep "has no node .raeder.. Did you mean .reader.?" err &&
	test_must_fail 6 unionml -C app runs log nobody 2>err
'

test_expect_success 'one program runs beside another' '
	begin &&
	one=$(unionml -C app train --no-wait) &&
	begun &&
	: >features &&
	unionml -C app -q predict -f ../features -m @../features &&
	test_must_fail 6 unionml -C app runs retry $one 2>err &&
	test_grep "run $one still goes on: .unionml runs stop $one. ends it" \
		err &&
	unionml -C app runs --json --status running >runs &&
	test_jq runs "length == 1 and .[0].id == \"$one\"" &&
	unionml -C app runs gc --keep 0 &&
	unionml -C app runs show $one --json >shown &&
	test_jq shown ".status == \"running\"" &&
	: >app/go &&
	unionml -C app -q runs watch $one
'

test_expect_success 'the owner is known by its lock alone' '
	begin &&
	start unionml -C app train >out 2>err &&
	begun &&
	test_when_finished "kill -9 $reader 2>/dev/null; :" &&
	kill -9 $program &&
	ends 137 &&
	latest &&
	test_jq shown ".status == \"interrupted\" and .ended_at == null" &&
	! gone $reader &&
	test_must_fail 1 unionml -C app runs watch $id 2>err &&
	test_grep "run $id interrupted" err &&
	unionml -C app runs stop $id 2>err &&
	test_grep "ending what still lives of run $id" err &&
	gone $reader &&
	latest &&
	test_jq shown ".status == \"aborted\"" &&
	test_jq shown ".nodes[0].status == \"aborted\""
'

test_expect_success 'what signals were ignored stay so' '
	begin &&
	start sh -c "trap \"\" HUP && exec unionml -C app train" >out 2>err &&
	begun &&
	kill -HUP $program &&
	sleep 0.2 &&
	! gone $program &&
	: >app/go &&
	ends 0
'

test_expect_success 'owners leave nothing behind' '
	rm -f app/.unionml/owners/.keep &&
	ls app/.unionml/owners >owners &&
	unionml -C app -q train >out &&
	ls app/.unionml/owners >after &&
	test_cmp owners after
'

test_done
