#!/bin/sh
# activate-schedules, deactivate-schedules and schedule list: by name, all,
# with a note, of a version; what was so already; what nobody knows.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-schedule.sh"

# told COMMAND...: its stdout is what stdin says.
told() {
	cat >want &&
	"$@" >got 2>err &&
	test_cmp want got
}

# is_err LINE...: what it said on stderr, whoever did it.
is_err() {
	printf '%s\n' "$@" >want.err &&
	sed 's/ by [^ @]*@[^ :]*/ by me/' err >got.err &&
	test_cmp want.err got.err
}

# a_state: the states of the three.
a_state() {
	listed .state | tr '\n' ' '
}

test_expect_success 'what was never deployed is listed as that' '
	at 12:30 &&
	make_app app <<-\END &&
	nightly: {workflow: train, expression: 0 2 * * *, timezone: Europe/Berlin}
	hourly: {workflow: train, fixed_rate: 1h, overlap: allow}
	off: {workflow: train, expression: "@daily", active: false, catchup: all}
	END
	told unionml -C app schedule <<-\END &&
	NAME     WORKFLOW  WHEN                     STATE  LAST  NEXT  VERSION  DRIFT
	hourly   train     every 1h                 -      -     -     -        not deployed
	nightly  train     0 2 * * * Europe/Berlin  -      -     -     -        not deployed
	off      train     @daily                   -      -     -     -        not deployed
	END
	test_path_missing app/.unionml &&
	unionml -C app schedule list --json >out &&
	test_jq out "map(keys_unsorted) | unique == [[\"name\", \"workflow\",
		\"when\", \"timezone\", \"state\", \"since\", \"who\", \"note\",
		\"last\", \"next\", \"version\", \"model\", \"catchup\",
		\"overlap\", \"keys\", \"drift\", \"changes\"]]" &&
	test_jq out ".[1].timezone == \"Europe/Berlin\"" &&
	test_must_fail 6 unionml -C app activate-schedules nightly 2>err &&
	is_err "unionml: error: no schedule '\''nightly'\'' is deployed here" \
		"  there is none: '\''unionml deploy'\'' makes those of the app file known here" &&
	unionml -C app deactivate-schedules >out 2>err &&
	test_line_count 0 out &&
	is_err "no schedule is deployed on '\''local'\''" &&
	test_path_missing app/.unionml
'

test_expect_success 'what is deployed, with its next time' '
	unionml -q -C app deploy -v one >out &&
	told unionml -C app schedule <<-\END &&
	NAME     WORKFLOW  WHEN                     STATE     LAST  NEXT                             VERSION  DRIFT
	hourly   train     every 1h                 active    -     Thu 2026-01-01 13:00 UTC  30min  one      -
	nightly  train     0 2 * * * Europe/Berlin  active    -     Fri 2026-01-02 01:00 UTC  12h    one      -
	off      train     @daily                   inactive  -     -                                one      -
	END
	unionml -C app schedule list --json >out &&
	test_jq out ".[0] | .state == \"active\" and .last == null and
		.next == \"2026-01-01T13:00:00Z\" and .overlap == \"allow\" and
		.catchup == \"latest\" and .since == \"2026-01-01T12:30:00Z\" and
		.keys == {workflow: \"train\", fixed_rate: \"1h\",
			overlap: \"allow\"} and .drift == null" &&
	test_jq out ".[2] | .catchup == \"all\" and .overlap == \"skip\" and
		.next == null" &&
	unionml --verbose -C app schedule >out 2>err &&
	test_grep "^hourly: catchup latest (the target.s own way), overlap allow$" \
		err &&
	test_grep "^off: catchup all, overlap skip (the target.s own way)$" err
'

test_expect_success 'deactivated by name, with a note' '
	at 12:45 &&
	told unionml -C app deactivate-schedules nightly --name hourly \
		--name nightly --note "disk full, INC-42" <<-\END &&
	nightly  paused: disk full, INC-42
	hourly   paused: disk full, INC-42
	END
	test "$(a_state)" = "paused paused inactive " &&
	unionml -C app schedule >out 2>err &&
	is_err "hourly: paused since 2026-01-01 12:45 UTC by me: disk full, INC-42" \
		"nightly: paused since 2026-01-01 12:45 UTC by me: disk full, INC-42" &&
	test_grep "^hourly .* paused  *-  *-  *one  *-$" out
'

test_expect_success 'what is so already is said and left as it is' '
	at 12:50 &&
	unionml -C app deactivate-schedules hourly --note other >out 2>err &&
	test_line_count 0 out &&
	is_err "schedule '\''hourly'\'' is paused already since 2026-01-01 12:45 UTC by me: disk full, INC-42" &&
	unionml -C app deactivate-schedules --json >out 2>err &&
	test_jq out "map([.name, .written, .old_state, .state]) == [
		[\"hourly\", false, \"paused\", \"paused\"],
		[\"nightly\", false, \"paused\", \"paused\"],
		[\"off\", true, \"inactive\", \"paused\"]]"
'

test_expect_success 'activated by name' '
	told unionml -C app activate-schedules nightly <<-\END &&
	nightly  active from Fri 2026-01-02 01:00 UTC
	END
	test "$(a_state)" = "paused active paused " &&
	test "$(listed .note | tr "\n" " ")" = \
		"disk full, INC-42 null null " &&
	unionml -C app activate-schedules nightly >out 2>err &&
	test_line_count 0 out &&
	test_grep "^schedule .nightly. is active already since 2026-01-01 12:50" \
		err
'

test_expect_success 'all of them' '
	told unionml -q -C app activate-schedules <<-\END &&
	hourly  active from Thu 2026-01-01 13:00 UTC
	off     active from Fri 2026-01-02 00:00 UTC
	END
	test "$(a_state)" = "active active active "
'

test_expect_success 'slots of a pause are not made up' '
	unionml -q -C app deactivate-schedules hourly >out &&
	at 15:30 &&
	unionml -q -C app activate-schedules hourly >out &&
	test_grep "^hourly  active from Thu 2026-01-01 16:00 UTC$" out &&
	unionml -C app runs --schedule hourly --json >out &&
	test_jq out ". == []"
'

test_expect_success 'unknown names change nothing, and the known are told' '
	test_must_fail 6 unionml -C app deactivate-schedules hourly nigthly \
		zzz >out 2>err &&
	test_line_count 0 out &&
	is_err "unionml: error: no schedule '\''nigthly'\'' is deployed here. Did you mean '\''nightly'\''?" \
		"unionml: error: no schedule '\''zzz'\'' is deployed here" \
		"  there are: hourly, nightly, off" &&
	test "$(a_state)" = "active active active " &&
	test_must_fail 6 unionml -C app activate-schedules ""
'

test_expect_success 'a note is one short line' '
	long=$(printf %0201d 0) &&
	test_must_fail 2 unionml -C app deactivate-schedules --note $long \
		2>err &&
	test_grep "^unionml: error: --note is 201 bytes long: at most 200" \
		err &&
	test_must_fail 2 unionml -C app deactivate-schedules --note "a
b" 2>err &&
	test_grep "one line of text" err &&
	test_must_fail 2 unionml -C app deactivate-schedules \
		--note "$(printf "a\377")" 2>err &&
	test_grep "not UTF-8" err &&
	test "$(a_state)" = "active active active " &&
	unionml -q -C app deactivate-schedules off --note "${long#0}" >out &&
	test "$(listed .note | tail -n 1)" = "${long#0}" &&
	unionml -q -C app activate-schedules off >out
'

test_expect_success '-v: those of a version, and those handed over to one' '
	sed -i "s/1h/2h/" app/unionml.yaml &&
	echo "  late: {workflow: train, fixed_rate: 3h}" \
		>>app/unionml.yaml &&
	unionml -q -C app deploy -v two >out &&
	told unionml -q -C app activate-schedules hourly -v one <<-\END &&
	hourly  active, version one from Thu 2026-01-01 16:00 UTC
	END
	is_states "hourly active one fixed_rate
late active two null
nightly active two null
off active two null" &&
	told unionml -q -C app deactivate-schedules -v one <<-\END &&
	hourly  paused
	END
	test_must_fail 6 unionml -C app deactivate-schedules late -v one 2>err &&
	is_err "unionml: error: no schedule '\''late'\'' of version '\''one'\'' is deployed here" \
		"  there is: hourly" &&
	test_must_fail 6 unionml -C app activate-schedules late -v one 2>err &&
	is_err "unionml: error: no schedule '\''late'\'' of version '\''one'\'' is deployed here" \
		"  there are: hourly, nightly, off" &&
	test_must_fail 6 unionml -C app activate-schedules -v none 2>err &&
	test_grep "no version .none. is deployed here" err &&
	unionml -q -C app activate-schedules -v two >out &&
	is_states "hourly active two null
late active two null
nightly active two null
off active two null" &&
	unionml -C app activate-schedules -v two >out 2>err &&
	test_line_count 0 out
'

test_expect_success 'drift: what the working tree has otherwise' '
	make_app app <<-\END &&
	nightly: {workflow: train, expression: 0 3 * * *, timezone: Europe/Berlin, hyperparameters: {C: 2}}
	hourly: {workflow: train, fixed_rate: 2h, overlap: allow}
	new: {workflow: train, fixed_rate: 2h}
	END
	is_states "hourly active two null
late active two not declared
new null null not deployed
nightly active two expression, hyperparameters
off active two not declared" &&
	listed .changes >got &&
	cat >want <<-\END &&
	null
	null
	null
	expression "0 2 * * *" -> "0 3 * * *", hyperparameters.C unset -> 2
	null
	END
	test_cmp want got
'

test_expect_success 'LAST: the newest run' '
	at 12:30 &&
	echo "hourly: {workflow: train, fixed_rate: 1h}" | make_app last &&
	unionml -q -C last deploy -v one >out &&
	at 13:00 &&
	unionml -q -C last deploy -v two >out &&
	unionml -C last schedule >out &&
	test_grep "^hourly .* active  pending  Thu 2026-01-01 14:00 UTC" out &&
	unionml -C last schedule list --json >out &&
	test_jq out ".[0].last | .status == \"pending\" and
		.kickoff == \"2026-01-01T13:00:00Z\" and .app_version == \"one\""
'

test_expect_success 'LAST: how it ended, and how long ago' '
	unionml -q -C last scheduler --once >out &&
	unionml -C last schedule >out 2>err &&
	test_grep "^hourly .* active  ok 0s ago  Thu 2026-01-01 14:00 UTC" \
		out &&
	test_grep "^no scheduler is running here: .unionml scheduler. fires what is active$" \
		err &&
	at 13:47 &&
	unionml -C last schedule >out &&
	test_grep "^hourly .* active  ok 47min ago  Thu 2026-01-01 14:00 UTC  13min  two" \
		out
'

test_expect_success 'an app file with errors keeps nobody from pausing' '
	echo "yearly: {workflow: train, expression: \"@yearly\"}" |
		make_app edited &&
	unionml -q -C edited deploy >out &&
	echo "model: [" >>edited/unionml.yaml &&
	unionml -C edited deactivate-schedules --note half >out 2>err &&
	test_grep "^yearly  paused: half" out &&
	test_grep "unionml.yaml.* error: " err &&
	test_grep "what is in the store is there all the same" err &&
	for command in "schedule audit" "schedule trigger yearly" runs \
		"runs show latest" "runs log latest" \
		"list-scheduled-training-runs yearly" "scheduler --once"
	do
		unionml -C edited $command >out 2>err &&
		test_grep "there all the same" err || return 1
	done &&
	test_must_fail 3 unionml -C edited train &&
	test_must_fail 3 unionml -C edited -t elsewhere deactivate-schedules &&
	rm -r edited/.unionml &&
	test_must_fail 3 unionml -C edited deactivate-schedules
'

# served DIR: a scheduler is there, and not a word of that there is none.
served() {
	unionml -C "$1" scheduler >log 2>&1 &
	pid=$!
	served_code=0
	waitfor 20 sh -c "unionml -C '$1' schedule 2>err >out && test ! -s err" ||
		served_code=1
	kill $pid
	wait $pid
	return $served_code
}

test_expect_success 'no remark while a scheduler runs' '
	unset UNIONML_TEST_NOW &&
	echo "yearly: {workflow: train, expression: \"@yearly\"}" |
		make_app served &&
	unionml -q -C served deploy >out &&
	served served &&
	unionml -C served schedule 2>err >out &&
	test_grep "^no scheduler is running" err
'

test_done
