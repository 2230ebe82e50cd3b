#!/bin/sh
# Schedules of a deploy that is killed, and of two deploys at once: they are
# all of one version, and the same deploy again finishes it.
# UNIONML_TEST_SEED repeats a sequence.
seed=${UNIONML_TEST_SEED:-$$}
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-schedule.sh"

kills=25

echo "# UNIONML_TEST_SEED=$seed"

# write_app DIR WORD: forty schedules that all say which app file it was: the
# word is in each of their names, but for ten that every version has.
write_app() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		echo "all$i: {workflow: train, fixed_rate: 1h}"
		for j in 1 2 3; do
			echo "$2_$i$j: {workflow: train, fixed_rate: ${j}h}"
		done
	done | make_app "$1"
}

# of_one DIR: all schedules that the store has are of one version, which is
# printed; those of another word are removed.
of_one() {
	unionml -C "$1" schedule list --json >"$1.json" &&
	test_jq "$1.json" "[.[] | select(.state != null)] |
		length == 40 and all(.state == \"active\") and
		([.[].version] | unique | length) == 1 and
		(.[0].version as \$v |
			[.[].name | select(startswith(\$v))] | length == 30)" &&
	jq -r "[.[] | select(.state != null)][0].version" "$1.json"
}

test_expect_success 'what comes of it when nobody kills it' '
	write_app app w0 &&
	unionml -C app -q deploy -v w0 >out &&
	of_one app >first &&
	for i in 1 2 3
	do
		write_app app t$i &&
		kill-at 60000000 unionml -C app deploy -v t$i 2>err || return 1
	done | grep " ended\$" >times &&
	span=$(sort -n times | awk "NR == 2 { print int(\$1 * 1.1) }") &&
	awk -v seed="$seed" -v n="$kills" -v span="$span" "BEGIN {
		srand(seed)
		for (i = 1; i <= n; i++)
			print \"k\" i \"x\", int(rand() * span)
	}" >instants &&
	echo t3 >before
'

# kill_once WORD MICROSECONDS
kill_once() {
	write_app app "$1" &&
	kill-at "$2" unionml -C app deploy -v "$1" >how 2>err &&
	of_one app >now &&
	{
		test_cmp before now >/dev/null || test "$(cat now)" = "$1"
	} &&
	if test "$(cat now)" = "$1"
	then
		echo new >>outcomes
	elif unionml -C app deploy --list --json |
		jq -e --arg v "$1" "any(.version == \$v)" >/dev/null
	then
		echo between >>outcomes
	else
		echo old >>outcomes
	fi &&
	unionml -C app -q deploy -v "$1" >out &&
	test "$(of_one app)" = "$1" &&
	echo "$1" >before
}

test_expect_success "killed $kills times" '
	while read -r word instant <&3
	do
		kill_once $word $instant || {
			echo "seed $seed: $word $instant" >&2 &&
			cat how err out >&2
			return 1
		}
	done 3<instants &&
	test_line_count $kills outcomes
'

# kill_between: when the version is there and its schedules are not.
kill_between() {
	FAIL_IO_OP=write FAIL_IO_PATH=store.db-wal FAIL_IO_AFTER=2 \
		FAIL_IO_SLEEP=5000 LD_PRELOAD=$BUILD/t/helper/fail-io.so \
		unionml -C app deploy -v late >out 2>&1 &
	pid=$!
	waitfor 20 sh -c 'unionml -C app deploy --list | grep -q ^late'
	kill -9 $pid
	! wait $pid
}

test_expect_success FAIL_IO 'killed between the files and the schedules' '
	write_app app late &&
	kill_between &&
	test "$(of_one app)" = "$(cat before)" &&
	unionml -C app -q deploy -v late >out &&
	test_grep "^version late: unchanged" out &&
	test "$(of_one app)" = late
'

# both ROUND: deploys the two trees at once; prints the exit statuses.
both() {
	unionml -C left -q deploy -v "left$1" >out1 2>err1 &
	pid=$!
	code1=0 code2=0
	unionml -C right -q deploy -v "right$1" >out2 2>err2 || code2=$?
	wait $pid || code1=$?
	echo "$code1 $code2"
}

# Who was overtaken between its end and its reading back says so.
test_expect_success 'two at once: one wins whole' '
	for i in left right
	do
		write_app $i $i &&
		echo "targets: {local: {type: local, store: $TRASH/store}}" \
			>>$i/unionml.yaml || return 1
	done &&
	for round in 1 2 3 4 5 6 7 8
	do
		both $round >codes &&
		case $(cat codes) in
		"0 0") ;;
		"6 0") test_grep "is not as it was written" err1 ;;
		"0 6") test_grep "is not as it was written" err2 ;;
		*)
			cat codes err1 err2
			return 1 ;;
		esac &&
		unionml -C left schedule list --json >both.json &&
		test_jq both.json "[.[] | select(.state != null)] |
			length == 40 and ([.[].version] | unique | length) == 1
			and (.[0].version[:4] as \$v | [.[].name |
				select(startswith(\$v))] | length == 30)" ||
			return 1
	done
'

sort outcomes | uniq -c | sort -rn | sed 's/^/#/'
test_done
