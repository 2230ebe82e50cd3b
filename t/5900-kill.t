#!/bin/sh
# SIGKILL at 200 random instants of a train: the store opens, the run is
# succeeded or interrupted, and `runs retry` completes it to the same model
# and metrics. UNIONML_TEST_SEED repeats a sequence.
seed=${UNIONML_TEST_SEED:-$$}
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

kills=200 each=25

echo "# UNIONML_TEST_SEED=$seed"

# Three nodes in a row, then two together. Each tells whether another attempt
# at it lives at the same time, or left something in its outputs.
make_app() {
	mkdir app && cat >app/unionml.yaml <<-\END && cat >app/run.sh <<-\END
	name: killed
	env: {PATH: /usr/local/bin:/usr/bin:/bin}
	dataset:
	  reader:
	    inputs: {seed: {type: integer, default: 7}}
	    command: [sh, run.sh, reader, "{seed}", "{data}"]
	model:
	  trainer: {command: [sh, run.sh, trainer, "{train}", "{model_object}"]}
	  evaluator:
	    command: [sh, run.sh, evaluator, "{model_object}", "{metrics}"]
	END
	set -eu
	test ! -e "$3"
	case $1 in
	reader)
		echo "first $2" >"$3"
		sleep 0.005
		echo "second $2" >>"$3" ;;
	trainer)
		cat "$2" >"$3"
		sleep 0.005
		wc -c <"$2" >>"$3" ;;
	evaluator)
		printf "{\"bytes\": " >"$3"
		wc -c <"$2" >>"$3"
		echo "}" >>"$3" ;;
	esac
	END
}

# sums RUN: what it made.
sums() {
	{
		unionml -C app -q fetch model "$1" -o - &&
		unionml -C app fetch metrics "$1"
	} | sha256sum
}

# newest: sets $id and $status of the newest run; both are empty without any.
newest() {
	unionml -C app -q runs list --limit 1 >newest &&
	id=$(sed -n "2s/ .*//p" newest) &&
	status=$(awk "NR == 2 { print \$3 }" newest)
}

# settled: as `newest`, of a run whose program is dead. What was just being
# started then has its locks until it is another program.
settled() {
	newest
	for i in 1 2 3 4 5 6 7 8 9 10; do
		test "$status" = running || break
		sleep 0.1
		newest
	done
}

# settle: brings the newest run to its end. Only the killed are interrupted.
settle() {
	if test "$status" = interrupted
	then
		test_must_fail 6 unionml -C app fetch model "$id" -o - \
			>/dev/null 2>&1 &&
		unionml -C app runs retry "$id" >out 2>err &&
		newest
	fi &&
	test "$status" = succeeded &&
	sums "$id" >got &&
	test_cmp want.sums got &&
	left "$PWD/app"
}

# kill_once MICROSECONDS [MICROSECONDS]: kills a train, and its retry.
kill_once() {
	newest &&
	before=$id &&
	kill-at "$1" unionml -C app train >how 2>err &&
	settled &&
	if test "$id" = "$before"
	then
		echo none >>outcomes
		return
	fi &&
	unionml -C app runs show "$id" >shown &&
	echo "$status:$(sed -n "s/^  [a-z-]*  *\([a-z]*\) .*/ \1/p" shown |
		tr -d "\n")" >>outcomes &&
	if test "$status" = interrupted && test $# -eq 2
	then
		kill-at "$2" unionml -C app runs retry "$id" >how 2>err &&
		settled
	fi &&
	settle
}

test_expect_success 'what comes of it when nobody kills it' '
	make_app &&
	unionml -C app train >out &&
	newest &&
	test "$status" = succeeded &&
	sums $id >want.sums &&
	awk -v seed="$seed" -v n="$kills" "BEGIN {
		srand(seed)
		for (i = 0; i < n; i++)
			print rand(), rand() < 0.25 ? rand() : \"\"
	}" >instants &&
	test_line_count $kills instants
'

# instants FROM TO: the microseconds of these kills. What a train takes on this
# machine changes with what else goes on there.
instants() {
	for i in 1 2 3; do
		kill-at 60000000 unionml -C app train 2>err
	done | sed -n "s/ ended$//p" >times &&
	sed -n "$1,$2p" instants |
		awk -v span="$(sort -n times | sed -n 2p)" '{
			for (i = 1; i <= NF; i++)
				printf "%d%s", 1.1 * span * $i,
				    i < NF ? " " : "\n"
		}'
}

done=0
while test "$done" -lt "$kills"; do
	test_expect_success "killed $((done + 1)) to $((done + each)) times" '
		instants $((done + 1)) $((done + each)) >now &&
		test_line_count $each now &&
		while read -r times <&3
		do
			kill_once $times || {
				echo "seed $seed: $times" >&2
				cat how err out >&2
				return 1
			}
		done 3<now
	'
	done=$((done + each))
done

test_expect_success 'enough of them hit a run that was not done' '
	test_line_count $kills outcomes &&
	sort outcomes | uniq -c | sort -rn &&
	test "$(grep -c ^interrupted outcomes)" -ge $((kills / 8))
'

test_expect_success sqlite3 'the store is whole' '
	echo ok >want &&
	sqlite3 app/.unionml/store.db "PRAGMA integrity_check" >got &&
	test_cmp want got
'

test_expect_success 'and can be emptied' '
	unionml -C app runs gc --keep 0 &&
	unionml -C app runs --json --limit 0 >runs &&
	test_jq runs "length == 1" &&
	ls app/.unionml/runs >dirs &&
	test_line_count 1 dirs
'

sort outcomes | uniq -c | sort -rn | sed 's/^/#/'
test_done
