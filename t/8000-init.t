#!/bin/sh
# unionml init: each template trains and predicts by what `next:` says, typed
# as it stands; names; and nothing that exists is written to.
caller_home=$HOME
. "$(dirname "$0")/lib-test.sh"

# init ARGUMENT...: with what it says in `err`, and no result.
init() {
	unionml init "$@" >out 2>err && test_cmp /dev/null out
}

# type_next: types what `next:` said.
type_next() {
	sed -n 's/^next: //p' err >next &&
	test_line_count 1 next &&
	sh -eu ./next
}

# same_as_source TEMPLATE DIR: all its files, byte by byte.
same_as_source() {
	diff -r -x .unionml -x .venv -x bin "$TOP/share/templates/$1" "$2"
}

# predicts DIR FEATURES: from what it reads, and from three rows of features.
predicts() {
	unionml -q -C "$1" predict >all &&
	test_jq all "length > 10 and all(.[]; type == \"number\")" &&
	unionml -q -C "$1" predict -f "../$2" >got &&
	test_jq got "length == 3"
}

test_expect_success 'shell: what next: says trains' '
	init -t shell line &&
	cat >want <<-\EOF &&
	created line/ from template shell: unionml.yaml app.sh Dockerfile README.md .gitignore
	next: cd line && unionml train
	EOF
	test_cmp want err &&
	same_as_source shell line &&
	type_next >metrics &&
	test_grep "^test .* r2 0.9" metrics
'

test_expect_success 'shell: it predicts' '
	printf "x\n1\n2\n3\n" >points.csv &&
	predicts line points.csv
'

test_expect_success 'cc make' 'c: what next: says trains' '
	init -t c clouds &&
	test_grep "^next: cd clouds && make && unionml train$" err &&
	same_as_source c clouds &&
	type_next >metrics &&
	test_grep "^test .* accuracy 0.9" metrics
'

test_expect_success 'cc make' 'c: it predicts' '
	printf "x,y\n-1,-1\n1,1\n3,3\n" >points.csv &&
	predicts clouds points.csv &&
	test_jq got ".[0] < 0.1 and .[2] > 0.9"
'

test_expect_success 'cc make' 'c: the compiler has nothing to say' '
	make -s -B -C clouds CFLAGS="-std=c99 -O2 -Wall -Wextra -Wshadow \
		-Wstrict-prototypes -pedantic -Werror" >out 2>&1 &&
	test_cmp /dev/null out
'

test_expect_success 'cc make' 'c: bad input is told, and is no success' '
	printf "x,y\nrubbish\n" >bad.csv &&
	for i in "predictor none bad.csv 1 out" "trainer bad.csv 1 1 out" \
		"reader now" nothing
	do
		test_must_fail 1 clouds/bin/app $i 2>err || return 1
		test_grep "^app: " err || return 1
	done
'

test_expect_success Rscript 'r: what next: says trains' '
	init -t r faithful &&
	test_grep "^next: cd faithful && unionml train$" err &&
	same_as_source r faithful &&
	type_next >metrics &&
	test_grep "^test .* r2 0\.[78]" metrics
'

test_expect_success Rscript 'r: it predicts' '
	printf "eruptions\n1.8\nNA\n4.5\n" >eruptions.csv &&
	predicts faithful eruptions.csv &&
	test_jq got ".[0] < 60 and .[1] == null and .[2] > 75"
'

# The packages are the demo's: pip finds them there, so it needs no network.
# Another Python than theirs would not.
prepare_basic() {
	HOME=$caller_home XDG_CACHE_HOME='' "$TOP/scripts/venv" \
		"$BUILD/demo/venv" "$TOP/share/templates/basic/requirements.txt" \
		>pip.log 2>&1 &&
	python3 -c 'import ensurepip, venv' >>pip.log 2>&1 &&
	packages=$("$BUILD/demo/venv/bin/python3" -c \
		'import sysconfig; print(sysconfig.get_path("purelib"))') &&
	PYTHONPATH=$packages python3 -c 'import sklearn' >>pip.log 2>&1
}

test_expect_success 'basic: the files' '
	init digits &&
	test_grep "^created digits/ from template basic: unionml.yaml app.py \
requirements.txt Dockerfile README.md .gitignore$" err &&
	test_grep "^next: cd digits && python3 -m venv .venv && \
.venv/bin/pip install -r requirements.txt && unionml train$" err &&
	same_as_source basic digits &&
	unionml -C digits check
'

if prepare_basic; then
	test_expect_success 'basic: what next: says trains' '
		(
			export PYTHONPATH="$packages" PIP_NO_INDEX=1 &&
			type_next >metrics
		) &&
		test_grep "^test .* accuracy 0.9" metrics
	'

	test_expect_success 'basic: it predicts' '
		export PYTHONPATH="$packages" &&
		test_when_finished "unset PYTHONPATH" &&
		(
			cd digits &&
			.venv/bin/python3 app.py reader --labeled false all.csv &&
			head -n 4 all.csv >../images.csv
		) &&
		predicts digits images.csv
	'
fi

test_expect_success 'each has what every app should have' '
	unionml init --list --json >list &&
	for i in $(jq -r ".[].name" list)
	do
		init -t "$i" "every-$i" &&
		test_path_is_file "every-$i/README.md" &&
		test_path_is_file "every-$i/Dockerfile" &&
		test_grep "^USER " "every-$i/Dockerfile" &&
		test_grep "^.unionml/$" "every-$i/.gitignore" &&
		unionml -C "every-$i" check &&
		unionml -C "every-$i" compile --json >plan &&
		test_jq plan "[.launch_plans[].name] |
			contains([\"every-$i.nightly_training\",
				\"every-$i.hourly_predictions\"])" &&
		test_grep "time: .*type: datetime, default: now" \
			"every-$i/unionml.yaml" &&
		test_grep "labeled: .*type: boolean" "every-$i/unionml.yaml" ||
			return 1
	done
'

test_expect_success 'the list is the templates that there are' '
	for i in "$TOP"/share/templates/*/unionml.yaml
	do
		i=${i%/*} && echo "${i##*/}" || return 1
	done >want &&
	jq -r ".[].name" list | sort >got &&
	test_cmp want got &&
	jq -r ".[0].name" list >got &&
	echo basic >want &&
	test_cmp want got &&
	unionml init --list >table &&
	test_line_count 5 table &&
	test_grep "^shell .* awk$" table
'

test_expect_success 'the choices of -t are known to completion' '
	unionml init --dump-options >options &&
	test_grep "^-t	basic|shell|r|c	" options &&
	test_must_fail 2 unionml init -t basik x 2>err &&
	test_grep "none of basic, shell, r, c. Did you mean .basic.?" err &&
	test_path_missing x
'

test_expect_success 'the name goes wherever the template names itself' '
	init -t shell "_My_App-1" &&
	test_grep "^name: _My_App-1$" _My_App-1/unionml.yaml &&
	test_grep "APP_IMAGE:-my-app-1:latest" _My_App-1/unionml.yaml &&
	test_grep "docker build -t my-app-1:latest" _My_App-1/README.md &&
	unionml -q -C _My_App-1 train >out &&
	init -t shell ___ &&
	test_grep "APP_IMAGE:-app:latest" ___/unionml.yaml &&
	unionml -C ___ check
'

test_expect_success 'a name that YAML might take for something else' '
	for i in true null Null No y e1 inf
	do
		init -t shell "$i" && unionml -q -C "$i" train >out || return 1
	done
'

test_expect_success 'a name that no app can have, and one that would do' '
	while IFS="|" read -r name rule proposal
	do
		test_must_fail 2 unionml init -t shell "$name" 2>err &&
		test_grep "cannot name an app: a name $rule" err &&
		test_grep "^  $proposal would do: unionml init $proposal$" err &&
		init -t shell "$proposal" &&
		rm -r "$proposal" || return 1
	done <<-\EOF
	|cannot be empty|app
	/|cannot be empty|app
	2fast|begins with a letter|app_2fast
	my app|holds letters, digits|my_app
	sub/a.b..c!|holds letters, digits|a_b_c
	%|begins with a letter|app
	aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeee|has at most 40|aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd
	EOF
'

test_expect_success 'no name at all' '
	test_must_fail 2 unionml init 2>err &&
	test_grep "wants the name of the new directory" err &&
	test_must_fail 2 unionml init a b &&
	test_must_fail 2 unionml init --list a &&
	test_path_missing a
'

test_expect_success 'what exists is left as it is' '
	mkdir full empty &&
	echo mine >full/README.md &&
	echo mine >file &&
	ln -s nowhere link &&
	for i in full full/ empty file link line
	do
		test_must_fail 4 unionml init -t shell "$i" 2>err || return 1
		test_grep "exists: init overwrites nothing" err || return 1
	done &&
	echo mine >want &&
	test_cmp want full/README.md &&
	test_cmp want file &&
	test_path_missing nowhere &&
	ls -A empty >names &&
	test_cmp /dev/null names &&
	find . -name "*.part-*" >parts &&
	test_cmp /dev/null parts
'

test_expect_success 'a directory that exists is filled by its own name' '
	test_must_fail 4 unionml init -t shell empty 2>err &&
	test_grep "unionml -C empty init \. adds" err &&
	echo mine >empty/notes &&
	unionml -C empty init -t shell . 2>err &&
	test_grep "^next: cd empty && unionml train$" err &&
	test_grep "^name: empty$" empty/unionml.yaml &&
	test_path_is_file empty/notes &&
	type_next >out
'

test_expect_success 'but not over a file of the template' '
	test_must_fail 4 unionml -C full init -t shell . 2>err &&
	test_grep "README.md. exists" err &&
	ls -A full >names &&
	echo README.md >want &&
	test_cmp want names &&
	test_must_fail 4 unionml init -t shell line 2>err &&
	test_grep ! " init \." err
'

test_expect_success 'elsewhere: what next: says is right where it was called' '
	mkdir "a place" &&
	(
		cd "a place" &&
		init -t shell ../over &&
		type_next >out
	) &&
	init -t shell "a place/inner/" &&
	test_grep "^next: cd .a place/inner. && unionml train$" err &&
	type_next >out &&
	unionml -C "a place" init -t shell other 2>err &&
	type_next >out &&
	init -t shell "$TRASH/absolute" &&
	type_next >out &&
	test_must_fail 4 unionml init -t shell no/such/place 2>err &&
	test_grep "No such file or directory" err
'

test_expect_success 'as JSON' '
	unionml init --json -t c "a place/json" >made 2>err &&
	test_jq made ".name == \"json\" and .template == \"c\" and
		.path == \$dir and (.files | index(\"Makefile\")) and
		.next == \"cd '\''a place/json'\'' && make && unionml train\"" \
		--arg dir "$TRASH/a place/json"
'

test_expect_success 'a missing program is told, with the package' '
	program=$(command -v unionml) &&
	mkdir none &&
	PATH=$TRASH/none "$program" init -t c poor 2>err &&
	test_grep "warning: .cc. is needed.*apt install gcc" err &&
	test_grep "warning: .make. is needed.*apt install make" err &&
	test_path_is_file poor/app.c &&
	PATH=$TRASH/none "$program" init --list >table &&
	test_grep "Rscript (missing)" table &&
	PATH=$TRASH/none "$program" init --list --json >got &&
	test_jq got "[.[].needs[].found] | any | not"
'

test_expect_success 'quiet' '
	init --quiet -t shell hush &&
	test_cmp /dev/null err
'

test_expect_success 'modes are as the umask has them' '
	(umask 077 && unionml -q init -t shell private) &&
	find private -perm -040 >open &&
	test_cmp /dev/null open &&
	find line/app.sh -perm 644 >open &&
	test_line_count 1 open
'

test_expect_success FAIL_IO 'a disk that is full leaves nothing' '
	for after in 0 1 4
	do
		FAIL_IO_PATH=cut FAIL_IO_AFTER=$after test_must_fail 4 \
			fail_io write unionml init -t shell cut 2>err || return 1
		test_grep "cannot write .*No space left" err || return 1
	done &&
	FAIL_IO_PATH=cut test_must_fail 4 \
		fail_io rename unionml init -t shell cut &&
	find . -name "cut*" >left &&
	test_cmp /dev/null left &&
	mkdir here &&
	FAIL_IO_PATH=here FAIL_IO_AFTER=3 test_must_fail 4 \
		fail_io write unionml -C here init -t shell . &&
	ls -A here >left &&
	test_cmp /dev/null left
'

test_done
