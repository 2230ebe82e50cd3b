#!/bin/sh
# SIGKILL at random instants of a deploy, and two deploys at once: a version is
# whole or not there, and the same deploy again makes it. UNIONML_TEST_SEED
# repeats a sequence.
seed=${UNIONML_TEST_SEED:-$$}
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

kills=40

echo "# UNIONML_TEST_SEED=$seed"

# fill DIR: what takes a while to pack.
fill() {
	mkdir "$1/data" &&
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
	do
		head -c 100000 /dev/zero | tr '\0' "$(printf "\\$((i + 100))")" \
			>"$1/data/$i" || return 1
	done
}

# whole VERSION: what runs is all of what was deployed, and it does run.
whole() {
	diff -r -x .unionml app "app/.unionml/versions/$1/source" &&
	unionml -C app -q train -v "$1" >id &&
	unionml -C app -q fetch model "$(sed q id)" -o - >model &&
	test "$(sed q model)" = "$(sed -n 's/^trainer).*"%s.n" "\([^"]*\)".*/\1/p' \
		app/code.sh)"
}

# kill_once WORD MICROSECONDS
kill_once() {
	make_tiny_app app "$1" &&
	kill-at "$2" unionml -C app deploy -v "$1" >how 2>err &&
	unionml -C app deploy --list --json >json &&
	if jq -e --arg v "$1" "any(.version == \$v)" json >/dev/null
	then
		echo there >>outcomes
		whole "$1" || return 1
	elif test -d "app/.unionml/versions/$1"
	then
		echo nameless >>outcomes
	elif ls -A app/.unionml/versions | grep -q part
	then
		echo part >>outcomes
	else
		echo nothing >>outcomes
	fi &&
	unionml -C app -q deploy -v "$1" >out &&
	whole "$1" &&
	unionml -C app -q deploy -v "$1" >out &&
	test_grep ": unchanged" out &&
	ls -A app/.unionml/versions >left &&
	test_grep ! part left
}

test_expect_success 'what comes of it when nobody kills it' '
	make_tiny_app app w0 &&
	fill app &&
	unionml -C app -q deploy -v w0 >out &&
	whole w0 &&
	for i in 1 2 3
	do
		make_tiny_app app t$i &&
		kill-at 60000000 unionml -C app deploy -v t$i 2>err || return 1
	done | grep " ended\$" >times &&
	span=$(sort -n times | awk "NR == 2 { print int(\$1 * 1.1) }") &&
	awk -v seed="$seed" -v n="$kills" -v span="$span" "BEGIN {
		srand(seed)
		for (i = 1; i <= n; i++)
			print \"k\" i, int(rand() * span)
	}" >instants
'

test_expect_success "killed $kills times" '
	while read -r word instant <&3
	do
		kill_once $word $instant || {
			echo "seed $seed: $word $instant" >&2 &&
			cat how err out >&2
			return 1
		}
	done 3<instants &&
	test_line_count $kills outcomes &&
	test "$(grep -c -v there outcomes)" -ge $((kills / 8))
'

test_expect_success 'all of them are listed' '
	unionml -C app deploy --list --json >json &&
	test_jq json "length == $kills + 4"
'

# kill_late: when the directory has its name, before its row is written.
kill_late() {
	FAIL_IO_OP=write FAIL_IO_PATH=store.db-wal FAIL_IO_SLEEP=3000 \
		LD_PRELOAD=$BUILD/t/helper/fail-io.so \
		unionml -C app deploy -v late >out 2>&1 &
	pid=$!
	for i in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.1
		test ! -d app/.unionml/versions/late || break
	done
	kill -9 $pid
	! wait $pid
}

test_expect_success FAIL_IO 'killed between the name and the row' '
	make_tiny_app app late &&
	kill_late &&
	test -d app/.unionml/versions/late &&
	unionml -C app deploy --list --json >json &&
	test_jq json "all(.version != \"late\")" &&
	test_must_fail 6 unionml -C app train -v late &&
	make_tiny_app app later &&
	unionml -C app -q deploy -v late >out &&
	test_grep ": new" out &&
	whole late
'

# both: deploys the pair under one name at once; prints the exit statuses.
both() {
	unionml -C one -q deploy -v both >out1 2>err1 &
	first=$!
	code1=0 code2=0
	unionml -C two -q deploy -v both >out2 2>err2 || code2=$?
	wait $first || code1=$?
	echo "$code1 $code2"
}

# make_pair WORD WORD: two trees with one store.
make_pair() {
	rm -rf one two store &&
	for i in one two
	do
		make_tiny_app $i $1 &&
		echo "targets: {local: {type: local, store: ../store}}" \
			>>$i/unionml.yaml &&
		fill $i && shift || return 1
	done
}

test_expect_success 'two at once, of the same' '
	for i in 1 2 3 4 5 6
	do
		make_pair x x &&
		test "$(both)" = "0 0" &&
		cat out1 out2 | sed "s/.*: \([a-z]*\),.*/\1/" | sort >got &&
		printf "new\nunchanged\n" >want &&
		test_cmp want got &&
		diff -r one store/versions/both/source || return 1
	done
'

test_expect_success 'two at once, of different contents' '
	for i in 1 2 3 4 5 6
	do
		make_pair x y &&
		case $(both) in
		"0 6")
			test_grep "deployed with other contents" err2 &&
			diff -r one store/versions/both/source ;;
		"6 0")
			test_grep "deployed with other contents" err1 &&
			diff -r two store/versions/both/source ;;
		*)
			cat err1 err2
			return 1 ;;
		esac &&
		ls -A store/versions >left &&
		printf "%s\n" .lock both >want &&
		test_cmp want left || return 1
	done
'

sort outcomes | uniq -c | sort -rn | sed 's/^/#/'
test_done
