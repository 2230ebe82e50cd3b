#!/bin/sh
# The manual says what the program does: its pages against the tables of
# options, the enum of exit statuses, and the program's answers to its examples.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

man=$TOP/man

# usages COMMAND: its usage line, or those of its subcommands, in one line.
usages() {
	subcommands=$(cut -f 1 commands | sed -n "s/^$1 //p")
	if [ -z "$subcommands" ]; then
		unionml "$1" -h
	else
		for sub in $subcommands; do
			unionml "$1" "$sub" -h || return 1
		done
	fi | sed -n 's/^usage: //p' | tr -s ' \n' ' '
}

# synopsis PAGE: the same from the page.
synopsis() {
	mandoc -T ascii -O width=1000 "$1" | sed "s/.$(printf '\010')//g" |
		sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed -e 1d -e '$d' |
		tr -s ' \n' ' ' | sed 's/^ //'
}

# options COMMAND...: all that it takes but the global ones.
options() {
	unionml "$@" --dump-options | cut -f 1 | sort -u | comm -23 - globals
}

all_options() {
	cut -f 1 commands | while read -r name; do
		# shellcheck disable=SC2086 # a subcommand is two words
		options $name || return 1
	done
}

# items PAGE: the options that it describes; mentions PAGE: those it names.
items() {
	awk '/^\.It Fl / {
		for (i = 2; i < NF; i++)
			if ($i == "Fl")
				print "-" $(i + 1)
	}' "$1" | sort
}

mentions() {
	awk '/^\./ {
		for (i = 1; i < NF; i++)
			if ($i == "Fl")
				print "-" $(i + 1)
	}' "$1" | sort -u
}

# examples PAGE: the commands of its examples.
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\(\.Dl \)\{0,1\}\$ //p' "$1" |
		sed -e 's/\\-/-/g' -e 's/\\e/\\/g'
}

# statuses: number and words of each in the enum; page_statuses: in the page.
statuses() {
	sed -n '/^enum status {/,/^}/p' "$TOP/lib/base/err.h" | tr '\t' ' ' |
		sed -n 's|^ EXIT_[A-Z]* = \([0-9]*\), *\/\* \(.*\) \*/$|\1 \2|p'
}

page_statuses() {
	awk '/^\.Sh/ {
		inside = /EXIT STATUS/
	}
	/^\.It 128/ {
		inside = 0
	}
	inside && /^\.It / {
		printf "%s%s", n++ ? "\n" : "", $2
	}
	inside && n && !/^\./ {
		printf " %s", tolower($0)
	}
	END {
		print ""
	}' "$man/unionml.1"
}

unionml help --dump-commands >commands
unionml version --dump-options | cut -f 1 | sort >globals
commands=$(cut -f 1 commands | grep -v ' ')

test_expect_success 'the program tells of its commands' '
	test_grep "^check	" commands &&
	test_grep "^runs list	" commands &&
	test_grep "^--json$" globals
'

for cmd in $commands; do
	test_expect_success "$cmd has a page" '
		page=$man/unionml-$cmd.1 &&
		test_path_is_file "$page" &&
		test_grep "^\.Nm unionml-$cmd$" "$page" &&
		test_grep "^\.Sh EXAMPLES$" "$page" &&
		test_grep "^\.Sh SEE ALSO$" "$page" &&
		test_grep "^\.Xr unionml-$cmd 1 \.$" "$man/unionml.1"
	'

	test_expect_success mandoc "$cmd: the page has the usage of -h" '
		usages "$cmd" >want &&
		synopsis "$man/unionml-$cmd.1" >got &&
		test -s want &&
		test_cmp want got
	'

	test_expect_success "$cmd: the page describes each option, no other" '
		{
			options "$cmd" &&
			cut -f 1 commands | sed -n "s/^$cmd //p" |
			while read -r sub
			do
				options "$cmd" "$sub" || return 1
			done
		} | sort -u >want &&
		items "$man/unionml-$cmd.1" | uniq >got &&
		test_cmp want got
	'
done

test_expect_success 'unionml(1) describes the global options, no others' '
	{
		unionml help | grep "^  *-" | tr -s " ," "\n" |
			grep "^-" &&
		printf "%s\n" -h --help --version
	} | sort >want &&
	items "$man/unionml.1" >got &&
	test_cmp want got
'

test_expect_success 'unionml(1) has the commands in their order' '
	printf "%s\n" $commands >want &&
	sed -n "s/^\.It Cm //p" "$man/unionml.1" >got &&
	test_cmp want got
'

test_expect_success mandoc 'unionml(1) has the usage of -h' '
	unionml -h | sed -n "s/^usage: //p" | tr "\n" " " >want &&
	synopsis "$man/unionml.1" >got &&
	test_cmp want got
'

for page in "$man"/*.[15]; do
	name=${page##*/}

	test_expect_success mandoc "$name: mandoc finds no fault" '
		mandoc -T lint -W warning "$page" >out 2>&1 &&
		test_cmp /dev/null out
	'

	test_expect_success "$name names no option that is not there" '
		{
			all_options &&
			cat globals &&
			items "$man/unionml.1"
		} | sort -u >known &&
		mentions "$page" >named &&
		comm -13 known named >unknown &&
		test_cmp /dev/null unknown
	'

	test_expect_success "$name refers to pages that are there" '
		sed -n "s/^\.Xr \(unionml[^ ]*\) \([0-9]\).*/\1.\2/p" "$page" |
		while read -r other
		do
			test_path_is_file "$man/$other" || return 1
		done
	'
done

# Each status begins with the words that stand behind it in the enum.
test_expect_success 'EXIT STATUS of unionml(1) is enum status' '
	statuses >enum &&
	test_line_count 9 enum &&
	page_statuses >page &&
	test_line_count 9 page &&
	tr A-Z a-z <enum |
	while read -r line
	do
		grep -F "$line" page >found &&
		test "$(cut -c "1-${#line}" found)" = "$line" || {
			echo "not in the page: $line"
			return 1
		}
	done
'

for page in "$man"/*.1; do
	test_expect_success jq "the examples of ${page##*/} run" '
		rm -rf app &&
		make_shell_app app &&
		unionml -q -C app train >/dev/null &&
		examples "$page" >lines &&
		test -s lines &&
		while read -r line
		do
			if ! (cd app && sh -euc "$line") >out 2>&1 </dev/null
			then
				echo "failed: $line"
				cat out
				return 1
			fi
		done <lines
	'
done

test_done
