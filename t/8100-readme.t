#!/bin/sh
# What README.md shows is what happens: its sessions are typed anew, in an
# empty HOME and a clone that was just built, and the output is compared.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-session.sh"

# blocks FIRST HEADING...: the indented blocks below these headings whose first
# line begins with FIRST, one after the other.
blocks() {
	first=$1
	shift
	for heading; do
		awk -v first="    $first" -v heading="## $heading" '
		/^## / {
			inside = $0 == heading
		}
		!/^    / {
			block = ""
			next
		}
		block == "" {
			block = index($0, first) == 1 ? "taken" : "other"
		}
		inside && block == "taken" {
			print substr($0, 5)
		}' "$TOP/README.md"
	done
}

# 9030 builds an archive of the source; here the build is a link.
make_clone() {
	rm -rf clone "$HOME" && mkdir clone "$HOME" &&
	ln -s "$BUILD" clone/build &&
	printf 'all:\n\t@:\n' >clone/Makefile
}

if ! python3 -c 'from statistics import linear_regression' 2>/dev/null; then
	test_skip_all 'needs Python 3.10'
fi

test_expect_success 'a newcomer types less than 20 lines' '
	blocks "\$ " "An app of your own" >session &&
	session_typed session >typed &&
	test "$(wc -l <typed)" -lt 20 &&
	head -n 1 typed >first &&
	test_grep "^\\$ make " first &&
	tail -n 1 typed >last &&
	test_grep "unionml predict" last
'

test_expect_success 'and has predictions of an own component' '
	make_clone &&
	(cd clone && session_run ../session) >out &&
	tail -n 1 out >predictions &&
	echo 412.944 >want &&
	test_cmp want predictions
'

test_expect_success 'the sessions of README.md are what happens' '
	make_clone &&
	blocks "\$ " "An app of your own" Versions Schedules >shown &&
	session_settle <shown >want &&
	(cd clone && session_run ../shown) >out &&
	session_settle <out >got &&
	test_cmp want got
'

test_expect_success 'the app file that it shows in part is right' '
	{
		echo "name: digits" &&
		blocks dataset: "An app of your own"
	} >unionml.yaml &&
	test_grep "evaluator:" unionml.yaml &&
	unionml check
'

test_expect_success 'its table of exit statuses is enum status' '
	sed -n "s/^| \([0-8]\) |.*/\1/p" "$TOP/README.md" >got &&
	sed -n "/^enum status {/,/^}/s/.*EXIT_[A-Z]* = \([0-9]\),.*/\1/p" \
		"$TOP/lib/base/err.h" >want &&
	test_line_count 9 want &&
	test_cmp want got
'

test_expect_success 'the commands that it names are there' '
	unionml help --dump-commands | cut -f 1 >known &&
	sed -n "s/^    unionml \([a-z-]*\).*/\1/p" "$TOP/README.md" |
		sort -u >named &&
	while read -r name
	do
		test_grep "^$name\$" known || return 1
	done <named
'

test_expect_success 'the files that it names are there' '
	for i in CONTRIBUTING.md CHANGELOG.md LICENSE scripts/setup
	do
		test_grep "$i" "$TOP/README.md" &&
		test_path_is_file "$TOP/$i" || return 1
	done
'

test_done
