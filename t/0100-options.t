#!/bin/sh
# The command line: options before and behind a command, help, wrong usage,
# and what becomes of a result that nobody can take.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

unionml help --dump-commands | cut -f 1 >commands

# each_command COMMAND...: runs it for each command and subcommand, which are
# its last arguments.
each_command() {
	while read -r each_name; do
		# shellcheck disable=SC2086 # a subcommand is two words
		"$@" $each_name || {
			echo "of $each_name"
			return 1
		}
	done <commands
}

# is_usage_error COMMAND...: status 2, a message and the usage on stderr.
is_usage_error() {
	test_must_fail 2 "$@" >out 2>err &&
	test_cmp /dev/null out &&
	test_grep "^unionml: error: " err &&
	test_grep "^ *usage: unionml " err
}

helps() {
	unionml "$@" -h >out 2>err &&
	test_cmp /dev/null err &&
	head -n 1 out >first &&
	test_grep "^usage: unionml $*\( \|\$\)" first &&
	unionml "$@" --help >long &&
	test_cmp out long &&
	unionml help "$@" >of_help &&
	test_cmp out of_help
}

refuses_options() {
	is_usage_error unionml "$@" --no-such-option &&
	test_grep "unknown option .--no-such-option." err &&
	is_usage_error unionml "$@" -: &&
	test_grep "unknown option .-:." err
}

dumps_options() {
	unionml "$@" --dump-options >out 2>err &&
	test_cmp /dev/null err &&
	test_grep "^--json		" out &&
	! test_grep -v "^-[^	]*	[^	]*	[^	][^	]*$" out 2>/dev/null &&
	test_must_fail 2 unionml "$@" --dump-options --json 2>err
}

test_expect_success 'each command has -h, on stdout, without an app' '
	test_path_missing unionml.yaml &&
	test_grep "^runs gc$" commands &&
	each_command helps
'

test_expect_success 'each command refuses an unknown option' '
	each_command refuses_options
'

test_expect_success 'each command tells completion of its options' '
	each_command dumps_options
'

test_expect_success 'help, -h and --help list the commands' '
	unionml help >out 2>err &&
	test_cmp /dev/null err &&
	for i in -h --help
	do
		unionml $i >got &&
		test_cmp out got || return 1
	done &&
	sed "/ /d" commands | while read -r name
	do
		test_grep "^  $name  *[a-z]" out || return 1
	done &&
	test_grep "^  -C, --directory DIR " out
'

test_expect_success 'version' '
	unionml version >out &&
	test_grep -E "^unionml [0-9]+\.[0-9]+\.[0-9]+$" out &&
	unionml --version >got &&
	test_cmp out got &&
	unionml version --json >json &&
	test_jq json "\"unionml \" + .version == \$v" \
		--arg v "$(cat out)"
'

test_expect_success 'help of what there is not' '
	test_must_fail 2 unionml help trian >out 2>err &&
	test_cmp /dev/null out &&
	test_grep "Did you mean .train.?" err &&
	test_must_fail 2 unionml help runs shwo 2>err &&
	test_grep "Did you mean .runs show.?" err &&
	test_must_fail 2 unionml help train now 2>err &&
	is_usage_error unionml help runs list now
'

test_expect_success 'no command, or one that is not there' '
	test_must_fail 2 unionml >out 2>err &&
	test_cmp /dev/null out &&
	test_grep "no command given" err &&
	test_must_fail 2 unionml trian 2>err &&
	test_grep "^unionml: error: no command .trian.. Did you mean .train.?" \
		err &&
	test_must_fail 2 unionml xyzzy 2>err &&
	test_grep "no command .xyzzy.$" err &&
	test_grep "unionml help" err &&
	test_must_fail 2 unionml "" 2>err &&
	test_must_fail 2 unionml runs lst 2>err &&
	test_grep "Did you mean .runs list.?" err &&
	test_must_fail 2 unionml runs xyzzy 2>err &&
	test_grep "unionml runs -h" err
'

test_expect_success 'a mistyped option gets the nearest one' '
	is_usage_error unionml train --jbos 2 &&
	test_grep "unknown option .--jbos.. Did you mean .--jobs.?" err &&
	is_usage_error unionml --quite train &&
	test_grep "Did you mean .--quiet.?" err
'

test_expect_success 'arguments that are missing, wrong or too many' '
	is_usage_error unionml train --jobs &&
	test_grep "option .--jobs. needs an argument: N" err &&
	is_usage_error unionml train -j &&
	is_usage_error unionml train -j four &&
	test_grep "four" err &&
	is_usage_error unionml train -j -1 &&
	is_usage_error unionml train --timeout soon &&
	is_usage_error unionml compile --graph png &&
	test_grep "none of dot, mermaid" err &&
	is_usage_error unionml train --wait=yes &&
	is_usage_error unionml train now &&
	test_grep "now" err &&
	is_usage_error unionml runs show &&
	is_usage_error unionml fetch &&
	is_usage_error unionml runs log a b c &&
	is_usage_error unionml runs --s &&
	test_grep "ambiguous" err
'

test_expect_success 'an app that has run' '
	make_shell_app app &&
	unionml -q -C app train >/dev/null
'

test_expect_success 'global options stand before a command or behind it' '
	unionml --json -C app runs >want &&
	test_jq want "length == 1" &&
	for i in "-C app --json runs" "-Capp --json runs" \
		"--directory app --json runs list" \
		"--directory=app runs --json" "runs --json --directory app" \
		"runs list --directory=app --json" "-C app runs --js" \
		"--file app/unionml.yaml --json runs" \
		"-t local -C app runs --json" \
		"-qCapp runs --json --target local"
	do
		unionml $i >got 2>err &&
		test_cmp want got &&
		test_cmp /dev/null err || {
			echo "unionml $i"
			return 1
		}
	done
'

test_expect_success 'their letters stand before it only' '
	is_usage_error unionml runs -C app &&
	is_usage_error unionml version -q &&
	is_usage_error unionml train -t local
'

test_expect_success '-- ends the options' '
	unionml -- version >out &&
	unionml version -- >got &&
	test_cmp out got &&
	test_must_fail 2 unionml -- --version 2>err &&
	test_grep "no command .--version." err &&
	is_usage_error unionml version -- --json &&
	test_grep "takes no argument .--json." err &&
	test_must_fail 6 unionml -C app runs show -- -h 2>err
'

test_expect_success '-C to where nothing is' '
	test_must_fail 4 unionml -C nowhere check 2>err &&
	test_grep "^unionml: error: cannot enter .nowhere.: No such file" err
'

test_expect_success '-q leaves stderr empty, and the result as it is' '
	unionml -q -C app check >out 2>err &&
	test_cmp /dev/null out &&
	test_cmp /dev/null err &&
	unionml -q -C app train >out 2>err &&
	test_line_count 3 out &&
	test_cmp /dev/null err &&
	test_must_fail 6 unionml -q -C app runs show nobody 2>err &&
	test_grep "^unionml: error: " err
'

# What each command prints, with a result even if it has nothing to say.
cat >printers <<\EOT
-h
version
--json version
help
help train
help --dump-commands
help --dump runs
schema
train -h
runs -h
train --dump-options
check --json
compile
compile --graph dot
compile --graph mermaid
compile --for flyte
train
train --json
train --no-wait
predict
predict --json
predict -o -
runs
runs --json
runs show latest
runs show latest --json
runs log
runs watch latest
runs stop latest --json
runs retry latest --from-start
runs gc --keep 99 --json
schedule
schedule list --json
schedule simulate
schedule simulate --json
scheduler --once
scheduler --once --json
activate-schedules --json
deactivate-schedules --json
schedule audit --json
schedule audit nightly_training
schedule trigger nightly_training --overlap allow --no-wait
schedule backfill nightly_training --from 2026-01-01T00:00Z --to 2026-01-04T00:00Z -n
fetch metrics
fetch model -o -
fetch predictions -o -
list-model-versions
list-model-versions --json
list-prediction-ids
list-scheduled-training-runs nightly_training --json
list-scheduled-prediction-runs hourly_predictions --json
config
config --json
config --test
config --test --json
fetch-model -o -
fetch-predictions -o -
init --list
init --list --json
deploy --dry-run
deploy --dry-run --json
deploy --list-files
deploy --list --json
EOT

# each_printer COMMAND...: runs it in the app with the words of each line.
each_printer() {
	sed "s/^runs log$/runs log $logged reader/" printers >lines
	while read -r each_line; do
		# shellcheck disable=SC2086
		(cd app && "$@" $each_line </dev/null) || {
			echo "of $each_line"
			return 1
		}
	done <lines
}

prints() {
	unionml "$@" >out 2>err && test -s out
}

to_full() {
	test_must_fail 4 unionml "$@" >/dev/full 2>err &&
	test_grep "^unionml: error: cannot write .*stdout" err
}

to_closed() {
	test_must_fail 4 unionml "$@" >&- 2>err &&
	test_grep "^unionml: error: cannot write .*stdout" err
}

# Its reader is gone before it writes: it dies by SIGPIPE, without a word.
to_nobody() {
	rm -f gone status &&
	{
		waitfor 10 test -e gone
		test_got=0
		unionml -q "$@" 2>err || test_got=$?
		echo "$test_got" >status
	} | {
		exec <&-
		: >gone
	} &&
	test "$(cat status)" -eq 141 &&
	test_cmp /dev/null err
}

test_expect_success 'all that prints' '
	logged=$(unionml -q -C app train | head -n 1) &&
	unionml -q -C app predict >/dev/null &&
	unionml -q -C app deploy -v one >/dev/null &&
	sed "s/ .*//" commands | uniq | while read -r name
	do
		test_grep "^$name" printers || return 1
	done &&
	each_printer prints
'

test_expect_success FULL 'a full stdout is 4' '
	each_printer to_full &&
	test_must_fail 4 unionml version >/dev/full 2>err &&
	test_grep "cannot write to stdout: No space left on device" err
'

test_expect_success 'a closed stdout is 4' '
	each_printer to_closed &&
	test_must_fail 4 unionml version 2>err >&- &&
	test_grep "cannot write to stdout: Bad file descriptor" err
'

# With -q the scheduler has no log.
test_expect_success 'a reader that has gone is SIGPIPE' '
	sed -i "/^scheduler --once/d" printers &&
	each_printer to_nobody
'

test_expect_success 'a closed stdin or stderr is no fault' '
	unionml version <&- >out &&
	test -s out &&
	unionml -C app train >out 2>&- <&- &&
	test_line_count 3 out &&
	test_must_fail 3 unionml check 2>&-
'

test_expect_success 'nothing is coloured in a pipe or a file' '
	TERM=xterm-256color &&
	export TERM &&
	test_when_finished "TERM=dumb" &&
	unionml -C app train >out 2>&1 &&
	unionml -C app runs >>out 2>&1 &&
	test_must_fail 1 unionml -C app train -p rows=1 >>out 2>&1 &&
	test_must_fail 1 grep "$(printf "\\033")" out
'

# on_terminal COMMAND: what it prints on a terminal.
on_terminal() {
	script -qefc "$1" /dev/null </dev/null
}

test_expect_success TERMINAL 'colours are for terminals without NO_COLOR' '
	escape=$(printf "\\033") &&
	TERM=xterm &&
	export TERM &&
	test_when_finished "TERM=dumb" &&
	on_terminal "unionml -C app runs" >out &&
	test_grep "$escape\[32msucceeded" out &&
	on_terminal "NO_COLOR=1 unionml -C app runs" >out &&
	test_grep succeeded out &&
	test_grep ! "$escape" out &&
	on_terminal "NO_COLOR= unionml -C app runs" >out &&
	test_grep "$escape" out &&
	on_terminal "TERM=dumb unionml -C app runs" >out &&
	test_grep ! "$escape" out
'

test_done
