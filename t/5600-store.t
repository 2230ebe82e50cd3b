#!/bin/sh
# The store when things are not as they should be, and when all goes well.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

# An app of two copies. Its components see nothing of fail_io.
make_app() {
	mkdir -p "$1" && cat >"$1/unionml.yaml" <<-\END && echo hello >"$1/in"
	name: copies
	env: {FAIL_IO_OP: none}
	dataset:
	  reader:
	    inputs: {from: {type: file}}
	    command: [cp, "{from}", "{data}"]
	model: {trainer: {command: [cp, "{train}", "{model_object}"]}}
	targets:
	  elsewhere: {type: local, store: "${PLACE:-../place}/store"}
	END
}

train() {
	unionml -C app -q train -p from=in "$@"
}

# intact: the model of the latest train is there.
intact() {
	unionml -C app -q fetch model -o - >model &&
	echo hello | test_cmp - model
}

# all_refuse MESSAGE: each command ends with 4 and says it.
all_refuse() {
	for command in "train -p from=in" "runs list" "runs show latest" \
		"fetch model -o -" "runs gc --keep 1" "runs retry latest"
	do
		test_must_fail 4 unionml -C app $command >out 2>err &&
		test_line_count 0 out &&
		test_grep "^unionml: error: .*$1" err || return 1
	done
}

# damage OFFSET HEX: writes these bytes into the store's file.
damage() {
	perl -e '
		open my $f, "+<", $ARGV[0] or die; seek $f, $ARGV[1], 0;
		print $f pack "H*", $ARGV[2]; close $f or die' \
		app/.unionml/store.db "$1" "$2"
}

test_expect_success 'looking makes no store' '
	make_app app &&
	unionml -C app runs &&
	test_must_fail 6 unionml -C app fetch model &&
	test_must_fail 6 unionml -C app runs log latest &&
	unionml -C app check &&
	test_path_missing app/.unionml
'

test_expect_success 'what lies in it' '
	train >out &&
	ls -A app/.unionml >names &&
	printf "%s\n" .gitignore owners runs store.db >want &&
	test_cmp want names &&
	echo "*" >want &&
	test_cmp want app/.unionml/.gitignore &&
	ls -A app/.unionml/owners >names &&
	test_line_count 0 names
'

test_expect_success git 'git does not see it' '
	git init -q app &&
	git -C app status --porcelain >out &&
	test_grep ! unionml/ out &&
	test_grep unionml.yaml out &&
	rm -rf app/.git
'

test_expect_success 'its own .gitignore is kept' '
	echo "runs/" >app/.unionml/.gitignore &&
	train >out &&
	echo "runs/" >want &&
	test_cmp want app/.unionml/.gitignore
'

test_expect_success 'a store of a newer version' '
	cp app/.unionml/store.db good &&
	damage 60 000003e7 &&
	cp app/.unionml/store.db before &&
	all_refuse "is of schema 999, this unionml knows [0-9]*: use a newer" &&
	cmp before app/.unionml/store.db &&
	cp good app/.unionml/store.db &&
	intact
'

test_expect_success sqlite3 'a database of another program' '
	rm app/.unionml/store.db &&
	sqlite3 app/.unionml/store.db "CREATE TABLE runs (id TEXT);
		INSERT INTO runs VALUES (1)" &&
	cp app/.unionml/store.db before &&
	all_refuse "is a SQLite database of some other program" &&
	cmp before app/.unionml/store.db
'

test_expect_success 'no database at all' '
	head -c 20000 /dev/urandom >app/.unionml/store.db &&
	cp app/.unionml/store.db before &&
	all_refuse "it is not a SQLite database" &&
	test_grep "it was left as it is" err &&
	cmp before app/.unionml/store.db &&
	echo "hello" >app/.unionml/store.db &&
	all_refuse "it is not a SQLite database"
'

test_expect_success 'no file at all' '
	rm app/.unionml/store.db &&
	mkdir app/.unionml/store.db &&
	all_refuse "store.db.: it is not a regular file" &&
	rmdir app/.unionml/store.db &&
	mkfifo app/.unionml/store.db &&
	all_refuse "store.db.: it is not a regular file" &&
	rm app/.unionml/store.db &&
	cp good app/.unionml/store.db &&
	intact
'

test_expect_success 'a file where a directory should be' '
	for name in runs owners
	do
		mv app/.unionml/$name away &&
		: >app/.unionml/$name &&
		test_must_fail 4 train 2>err &&
		test_grep "unionml: error: .*/$name" err &&
		rm -r app/.unionml/$name &&
		mv away app/.unionml/$name || return 1
	done &&
	mv app/.unionml away &&
	: >app/.unionml &&
	test_must_fail 4 train 2>err &&
	test_grep "unionml: error: .*/.unionml" err &&
	rm app/.unionml &&
	mv away app/.unionml &&
	intact &&
	train >out
'

test_expect_success 'an empty file is an empty store' '
	cp app/.unionml/store.db good &&
	: >app/.unionml/store.db &&
	unionml -C app runs --json >out &&
	test_jq out ". == []" &&
	train >out &&
	intact
'

test_expect_success 'a store cut short' '
	for size in 99 100 1000 4096 5000 8192 20000
	do
		head -c $size good >app/.unionml/store.db &&
		for command in "runs list" "runs show latest" \
			"fetch model -o -" "train -p from=in"
		do
			test_must_fail 4 unionml -C app -q $command >out \
				2>err &&
			test_grep "^unionml: error: .*store.db" err || {
				echo "$size bytes: $command" >&2
				return 1
			}
		done || return 1
	done
'

# spoil SEED NUMBER: so many bytes of the file `good` have changed.
spoil() {
	rm -f app/.unionml/store.db-* &&
	perl -e '
		local $/; srand $ARGV[0]; my $bytes = <STDIN>;
		substr($bytes, int(100 + rand(length($bytes) - 100)), 1) =
			chr(int(rand(256))) for 1 .. $ARGV[1];
		print $bytes' "$1" "$2" <good >app/.unionml/store.db
}

# honest COMMAND...: ends well, or with an error of that kind.
honest() {
	got=0
	unionml -C app -q "$@" >out 2>err || got=$?
	case $got in
	0 | 6) ;;
	4) test_grep "^unionml: error: " err ;;
	*)
		echo "exit status $got: $*" >&2
		cat err >&2
		return 1 ;;
	esac
}

test_expect_success 'bytes that have changed: an error or none, no crash' '
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24
	do
		echo "seed $$$i" >&2 &&
		spoil $$$i $((1 + 40 * (i % 4))) &&
		honest runs list --limit 0 &&
		honest runs show latest &&
		honest fetch model -o - &&
		honest runs log latest &&
		honest train -p from=in &&
		honest runs gc --keep 1 || return 1
	done &&
	rm -rf app/.unionml &&
	train >out &&
	intact
'

# As root there is no directory that cannot be written: become nobody.
unprivileged() {
	if [ "$(id -u)" -eq 0 ]; then
		perl -e '$( = 65534; $) = "65534 65534"; $< = $> = 65534;
			exec @ARGV' "$@"
	else
		"$@"
	fi
}
if unprivileged test -x "$TRASH" && unprivileged test -x "$BUILD/unionml"; then
	UNPRIVILEGED() { :; }
fi

test_expect_success UNPRIVILEGED 'a store that cannot be written is read' '
	find app -name store.db-\* >left &&
	test_line_count 0 left &&
	chmod -R a-w,a+rX app &&
	test_when_finished "chmod -R u+w app" &&
	unprivileged unionml -C app runs >out &&
	test_line_count 2 out &&
	unprivileged unionml -C app runs show latest >out &&
	unprivileged unionml -C app -q fetch model -o - >model &&
	echo hello >want &&
	test_cmp want model &&
	unprivileged unionml -C app runs log latest reader
'

test_expect_success UNPRIVILEGED 'but nothing runs in it' '
	chmod -R a-w,a+rX app &&
	test_when_finished "chmod -R u+w app" &&
	for command in "train -p from=in" "runs gc --keep 0" \
		"runs retry --from-start latest"
	do
		test_must_fail 4 unprivileged unionml -C app $command 2>err &&
		test_grep "store .*store.db.: it \(cannot be written\|is read\)" \
			err &&
		test_grep "must be writable" err || return 1
	done
'

test_expect_success UNPRIVILEGED 'nor is one made where that is not allowed' '
	make_app fixed &&
	chmod a-w fixed &&
	test_when_finished "chmod u+w fixed" &&
	test_must_fail 4 unprivileged unionml -C fixed train -p from=in 2>err &&
	test_grep "cannot make .*/fixed/.unionml.: Permission denied" err &&
	unprivileged unionml -C fixed runs
'

# fault OPERATION AFTER: one train with it, and what must hold then.
fault() {
	before=$(unionml -C app runs --json --limit 1 | jq -r '.[0].id')
	got=0
	FAIL_IO_AFTER=$2 fail_io "$1" unionml -C app -q train -p from=in \
		>out 2>err || got=$?
	echo "$1 $2: $got" >>faults
	case $got in
	0) intact && return ;;
	4) ;;
	*) cat err >&2; return 1 ;;
	esac
	test_grep "^unionml: error: cannot " err &&
	unionml -C app runs --json --limit 1 >newest &&
	id=$(jq -r ".[0].id" newest) &&
	intact &&
	if test "$id" != "$before"
	then
		test_jq newest ".[0].status == \"failed\" or
			.[0].status == \"interrupted\"" &&
		unionml -C app -q runs retry "$id" >out 2>err &&
		intact
	fi
}

for op in write fsync rename mkdir open unlink; do
	test_expect_success FAIL_IO "no space at some $op" '
		FAIL_IO_PATH=.unionml && export FAIL_IO_PATH &&
		test_when_finished "unset FAIL_IO_PATH" &&
		for after in 0 1 2 3 4 5 7 9 11 14 17 20 25 30 40 50
		do
			fault $op $after || return 1
		done &&
		test $op = unlink || test_grep "^$op .*: 4$" faults
	'
done

test_expect_success FAIL_IO 'nor space for a new store' '
	export FAIL_IO_PATH FAIL_IO_AFTER &&
	FAIL_IO_PATH=.unionml &&
	test_when_finished "unset FAIL_IO_PATH FAIL_IO_AFTER" &&
	for op in write fsync rename mkdir open
	do
		for FAIL_IO_AFTER in 0 1 2 3 5 8 12 16
		do
			rm -rf app/.unionml &&
			got=0 &&
			{ fail_io $op unionml -C app -q train -p from=in \
				>out 2>err || got=$?; } &&
			case $got in
			0) ;;
			4) test_grep "^unionml: error: cannot " err ;;
			*) cat err >&2; false ;;
			esac &&
			train >out &&
			intact || return 1
		done
	done
'

test_expect_success FAIL_IO 'another fault of the disk is named, too' '
	FAIL_IO_PATH=reader/out FAIL_IO_ERRNO=EIO &&
	export FAIL_IO_PATH FAIL_IO_ERRNO &&
	test_when_finished "unset FAIL_IO_PATH FAIL_IO_ERRNO" &&
	test_must_fail 4 fail_io fsync unionml -C app train -p from=in 2>err &&
	test_grep "cannot sync .*/reader/out.part.: Input/output error" err &&
	unionml -C app runs show latest --json >shown &&
	test_jq shown ".status == \"failed\" and
		.error == \"this machine could not go on\"" &&
	test_jq shown ".nodes[0].status == \"failed\"" &&
	intact
'

test_expect_success 'eight trains at once on a store that is not there yet' '
	rm -rf app/.unionml && rm -f status.* &&
	for i in 1 2 3 4 5 6 7 8
	do
		{ train >out.$i 2>err.$i & } || return 1
	done &&
	wait &&
	cat err.* >&2 &&
	unionml -C app runs --json >runs &&
	test_jq runs "length == 8 and all(.status == \"succeeded\")" &&
	test "$(cat out.* | sort)" = "$(jq -r ".[].id" runs | sort)" &&
	intact
'

# noting NAME COMMAND...: its exit status goes to status.NAME.
noting() {
	noting_name=$1
	shift
	"$@" >/dev/null 2>"err.$noting_name"
	echo $? >"status.$noting_name"
}

test_expect_success 'trains, gc and lists at once' '
	rm -f status.* err.* &&
	for i in 1 2 3 4
	do
		{ noting train$i train & } &&
		{ noting gc$i unionml -C app runs gc --keep 2 & } &&
		{ noting list$i unionml -C app runs & } || return 1
	done &&
	wait &&
	cat err.* >&2 &&
	test "$(cat status.* | sort -u)" = 0 &&
	intact
'

test_expect_success 'a store that was moved keeps what it has' '
	unionml -C app runs --json --limit 0 >before &&
	mv app moved &&
	unionml -C moved runs --json --limit 0 >after &&
	test_cmp before after &&
	unionml -C moved -q fetch model -o - >model &&
	echo hello >want &&
	test_cmp want model &&
	unionml -C moved runs log latest trainer &&
	id=$(unionml -C moved -q runs retry --from-start latest) &&
	unionml -C moved -q fetch model $id -o - >model &&
	test_cmp want model &&
	dir=moved/.unionml/runs/$id &&
	test_cmp want $dir/reader/in/from &&
	test_cmp want $dir/trainer/in/train &&
	mv moved app &&
	test_cmp want app/.unionml/runs/$id/trainer/in/train
'

test_expect_success 'so does a copy that was made while a run goes on' '
	make_app busy &&
	sed "s/\[cp, \"{train}\"/[sh, wait.sh, \"{train}\"/" busy/unionml.yaml \
		>new &&
	cp new busy/unionml.yaml &&
	echo "until test -e go; do sleep 0.02; done; cp \$1 \$2" \
		>busy/wait.sh &&
	id=$(unionml -C busy train -p from=in --no-wait) &&
	waitfor 20 test -d busy/.unionml/runs/$id/reader/out &&
	cp -R busy copy &&
	unionml -C copy runs show $id --json >shown &&
	test_jq shown ".status == \"interrupted\"" &&
	: >copy/go &&
	unionml -C copy -q runs retry $id >out 2>err &&
	unionml -C copy -q fetch model -o - >model &&
	test_cmp want model &&
	unionml -C busy runs show $id --json >shown &&
	test_jq shown ".status == \"running\"" &&
	: >busy/go &&
	unionml -C busy -q runs watch $id
'

test_expect_success 'store: of a target' '
	unionml -C app -q -t elsewhere train -p from=in >out &&
	test_path_is_file place/store/store.db &&
	unionml -C app -t elsewhere runs --json >runs &&
	test_jq runs "length == 1" &&
	PLACE=$PWD/other unionml -C app -q -t elsewhere train -p from=in &&
	test_path_is_file other/store/store.db &&
	test_must_fail 3 unionml -C app -t nowhere train -p from=in 2>err &&
	test_grep "nowhere" err &&
	intact
'

test_expect_success 'rm -r forgets it all' '
	rm -r app/.unionml &&
	unionml -C app runs --json >runs &&
	test_jq runs ". == []" &&
	test_must_fail 6 unionml -C app fetch model &&
	train >out &&
	intact
'

test_done
