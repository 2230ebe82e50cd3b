#!/bin/sh
# deploy: what becomes of schedules that are new, changed, removed, renamed,
# paused, or without a model, and that nothing happens the second time.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-schedule.sh"

nightly='nightly: {workflow: train, expression: "0 2 * * *"}'
hourly='hourly: {workflow: train, fixed_rate: 1h}'

# in_app ARG...: unionml in the directory `app`.
in_app() {
	unionml -C app "$@"
}

# told ARG...: what it says of schedules is what stdin says.
told() {
	cat >want &&
	in_app -q "$@" >out 2>err &&
	sed "/^version /d" out >got &&
	test_cmp want got
}

# told_line PATTERN ARG...: a line of it matches.
told_line() {
	told_pattern=$1
	shift
	in_app -q "$@" >out 2>err &&
	test_grep "$told_pattern" out
}

# is_err LINE...: what the last command said on stderr.
is_err() {
	printf '%s\n' "$@" >want.err &&
	test_cmp want.err err
}

sums() {
	find app/.unionml -type f ! -name 'store.db-*' -exec sha256sum {} + |
		sort
}

test_expect_success 'new ones are activated, and the first slot is told' '
	at 12:30 &&
	printf "%s\n" "$nightly" "$hourly" | make_app app &&
	told deploy -n -v one <<-\END &&
	schedules: 2 new
	  + nightly  from Fri 2026-01-02 02:00 UTC
	  + hourly   from Thu 2026-01-01 13:00 UTC
	END
	test_path_missing app/.unionml &&
	told deploy -v one <<-\END &&
	schedules: 2 new
	  + nightly  from Fri 2026-01-02 02:00 UTC
	  + hourly   from Thu 2026-01-01 13:00 UTC
	END
	is_states "hourly active one null
nightly active one null"
'

test_expect_success 'the same deploy again writes nothing' '
	at 12:40 &&
	sums >before &&
	in_app deploy -v one >out 2>err &&
	test_grep "^schedules: 2 unchanged$" out &&
	test_line_count 2 out &&
	test_grep "^nothing was changed$" err &&
	in_app -q deploy -v one -n --exit-code &&
	sums >after &&
	test_cmp before after
'

test_expect_success 'a new version takes all of them over' '
	at 13:20 &&
	told deploy -v two <<-\END &&
	schedules: 2 unchanged
	END
	is_states "hourly active two null
nightly active two null" &&
	at 14:30 &&
	test_must_fail 1 in_app deploy -n --exit-code -v three &&
	told deploy -n -v three <<-\END
	schedules: 2 unchanged
	  = nightly  three from Fri 2026-01-02 02:00 UTC
	  = hourly   two until Thu 2026-01-01 14:00 UTC, three from Thu 2026-01-01 15:00 UTC
	END
'

test_expect_success 'what changed is told by its keys, and who owns which slot' '
	printf "%s\n" "nightly: {workflow: train, expression: 0 3 * * *,
		overlap: queue}" "$hourly" | tr -d "\n\t" |
		sed "s/}hourly/}\nhourly/" | make_app app &&
	at 02:30 &&
	test_set_now $((UNIONML_TEST_NOW + 86400)) &&
	told deploy -n -v three <<-\END &&
	schedules: 1 changed (nightly: expression, overlap), 1 unchanged
	  ~ nightly  expression "0 2 * * *" -> "0 3 * * *", overlap unset -> queue; two until Fri 2026-01-02 02:00 UTC, three from Fri 2026-01-02 03:00 UTC
	  = hourly   two until Fri 2026-01-02 02:00 UTC, three from Fri 2026-01-02 03:00 UTC
	END
	in_app -q deploy -v three --json >out &&
	test_jq out ".schedules[0] == {name: \"nightly\", change: \"changed\",
		written: true, keys: \"expression \\\"0 2 * * *\\\" -> \\\"0 3 * * *\\\", overlap unset -> queue\",
		old_state: \"active\", state: \"active\", reason: null,
		old_version: \"two\", version: \"three\",
		old_until: \"2026-01-02T02:00:00Z\",
		from: \"2026-01-02T03:00:00Z\", missed: 0, old_model: null, model: null,
		since: \"2026-01-01T12:30:00Z\", who: .schedules[0].who,
		note: null}" &&
	test_jq out ".schedules[1].change == \"unchanged\" and
		.schedules[1].written" &&
	in_app -q deploy -v three --json >out &&
	test_jq out "[.schedules[].written] == [false, false]"
'

test_expect_success 'another name is another schedule' '
	at 02:30 &&
	test_set_now $((UNIONML_TEST_NOW + 2 * 86400)) &&
	printf "%s\n" "evening: {workflow: train, expression: 0 3 * * *,
		overlap: queue}" "$hourly" | tr -d "\n\t" |
		sed "s/}hourly/}\nhourly/" | make_app app &&
	told deploy -n -v four <<-\END &&
	schedules: 1 new, 1 removed (nightly, deactivated), 1 unchanged
	  + evening  from Sat 2026-01-03 03:00 UTC
	  = hourly   three until Sat 2026-01-03 02:00 UTC, four from Sat 2026-01-03 03:00 UTC
	  - nightly  no longer declared here: will be deactivated
	END
	is_states "evening null null not deployed
hourly active three null
nightly active three not declared" &&
	in_app -q deploy -v four >out &&
	test_grep "^  - nightly  no longer declared here: deactivated$" out &&
	is_states "evening active four null
hourly active four null"
'

test_expect_success 'one that comes back is new, and makes up nothing' '
	printf "%s\n" "$nightly" "$hourly" | make_app app &&
	test_set_now $((UNIONML_TEST_NOW + 3 * 86400)) &&
	told deploy -v five <<-\END &&
	schedules: 1 new, 1 removed (evening, deactivated), 1 unchanged
	  + nightly  from Wed 2026-01-07 02:00 UTC
	  - evening  no longer declared here: deactivated
	END
	in_app runs --schedule nightly --json >runs &&
	test_jq runs "[.[].kickoff] == [\"2026-01-02T02:00:00Z\"]"
'

test_expect_success 'one that has ended is told' '
	echo "past: {workflow: train, fixed_rate: 1h,
		end: 2025-06-01T00:00Z}" | tr -d "\n\t" | make_app app &&
	unionml -q -C app deploy -v past >out &&
	test_grep "^  + past     no slot is to come$" out
'

test_expect_success 'targets: another target is none of its business' '
	rm -rf app/.unionml &&
	at 12:30 &&
	printf "%s\n" "$nightly" "there: {workflow: train, fixed_rate: 1h,
		targets: [other]}" -- "targets:" \
		"  other: {type: local, store: other}" |
		tr -d "\t" | awk "/^there/ { printf \"%s \", \$0; next } 1" |
		make_app app &&
	in_app -q deploy -v one >out &&
	test_grep "^schedules: 1 new$" out &&
	is_states "nightly active one null" &&
	in_app -q -t other deploy -v one >out &&
	test_grep "^schedules: 2 new$" out &&
	sed -i "s/\[other\]/[local]/" app/unionml.yaml &&
	in_app -q -t other deploy -v two >out &&
	test_grep "^schedules: 1 removed (there, deactivated), 1 unchanged$" \
		out &&
	in_app -q deploy -v two >out &&
	test_grep "^schedules: 1 new, 1 unchanged$" out &&
	is_states "nightly active two null
there active two null"
'

test_expect_success 'active: false is left as it is' '
	rm -rf app/.unionml &&
	echo "off: {workflow: train, fixed_rate: 1h, active: false}" |
		make_app app &&
	in_app -q deploy -v one >out &&
	test_grep "^  + off  inactive$" out &&
	is_states "off inactive one null" &&
	in_app -q activate-schedules >out &&
	test_grep "^off  active from Thu 2026-01-01 13:00 UTC$" out &&
	in_app -q deploy -v two >out &&
	test_grep "^schedules: 1 unchanged$" out &&
	is_states "off active two null" &&
	echo "off: {workflow: train, fixed_rate: 1h}" | make_app app &&
	in_app -q deploy -v three >out &&
	test_grep "off: active" out &&
	is_states "off active three null" &&
	in_app -q deactivate-schedules off >out &&
	echo "off: {workflow: train, fixed_rate: 1h, active: false}" |
		make_app app &&
	in_app -q deploy -v four --activate >out &&
	is_states "off paused four null"
'

test_expect_success 'what was paused stays so, with its note' '
	rm -rf app/.unionml &&
	printf "%s\n" "$nightly" "$hourly" | make_app app &&
	in_app -q deploy -v one >out &&
	in_app -q deactivate-schedules hourly --note INC-42 >out &&
	at 12:40 &&
	in_app -q deploy -n -v two >out &&
	test_grep "^schedules: 1 unchanged, 1 kept paused$" out &&
	test_grep -E "^  = hourly   paused since 2026-01-01 12:30 UTC by [^ ]+@[^ ]*: INC-42 \(--activate overrides\)$" \
		out &&
	in_app -q deploy -v two >out &&
	test_grep "^schedules: 1 unchanged, 1 kept paused$" out &&
	is_states "hourly paused two null
nightly active two null" &&
	listed "\"\\(.note) \\(.next)\"" >got &&
	printf "%s\n" "INC-42 null" "null 2026-01-02T02:00:00Z" >want &&
	test_cmp want got &&
	in_app -q deploy -v two --activate >out &&
	test_grep "^schedules: 1 activated (hourly), 1 unchanged$" out &&
	test_grep "^  ~ hourly   activated from Thu 2026-01-01 13:00 UTC$" \
		out &&
	listed "\"\\(.note) \\(.next)\"" >got &&
	printf "%s\n" "null 2026-01-01T13:00:00Z" \
		"null 2026-01-02T02:00:00Z" >want &&
	test_cmp want got
'

test_expect_success '--no-schedule makes new ones known and leaves the rest' '
	at 13:30 &&
	printf "%s\n" "hourly: {workflow: train, fixed_rate: 2h}" \
		"new: {workflow: train, fixed_rate: 3h}" | make_app app &&
	in_app -q deploy -v three --no-schedule >out &&
	test_grep "^schedules: 1 registered, 2 left as they are$" out &&
	is_states "hourly active two fixed_rate
new inactive three null
nightly active two not declared" &&
	in_app -q deploy -v three --no-schedule >out &&
	test_grep "^schedules: 3 left as they are$" out &&
	sed -i s/3h/4h/ app/unionml.yaml &&
	in_app -q deploy -v four --no-schedule >out &&
	test_grep "^schedules: 1 registered, 2 left as they are$" out &&
	in_app -q activate-schedules new >out &&
	test_grep "^new  active from Thu 2026-01-01 16:00 UTC$" out &&
	is_states "hourly active two fixed_rate
new active four null
nightly active two not declared" &&
	in_app -q deploy -v four >out &&
	test_grep "^schedules: 1 changed (hourly: fixed_rate), 1 removed (nightly, deactivated), 1 unchanged$" \
		out &&
	test_must_fail 2 in_app deploy --no-schedule --activate
'

scoring='scoring: {workflow: predict, fixed_rate: 1h, model:'

test_expect_success 'latest-at-deploy: inactive until there is a model' '
	rm -rf app/.unionml &&
	unset UNIONML_TEST_NOW &&
	echo "$scoring latest-at-deploy}" | make_app app &&
	in_app -q deploy -v one >out &&
	test_grep "^  + scoring  inactive: there is no model yet: train, then deploy again$" \
		out &&
	in_app schedule 2>err >out &&
	test_grep "^scoring: deployed while there was no model: train, then deploy again$" \
		err &&
	test_must_fail 6 in_app activate-schedules scoring 2>err &&
	test_grep "schedule .scoring. cannot be active: there is no model" \
		err &&
	in_app activate-schedules --json >out 2>err &&
	test_jq out ".[0].state == \"inactive\" and (.[0].written | not)" &&
	test_grep "warning: schedule .scoring. stays inactive: there is no" \
		err &&
	is_states "scoring inactive one null" &&
	first=$(in_app -q train | head -n 1) &&
	in_app -q deploy -v one >out &&
	test_grep "^schedules: 1 activated (scoring)$" out &&
	test_grep "^  ~ scoring  model $first; activated from " out &&
	test "$(listed .model)" = $first &&
	in_app -q deploy -v one >out &&
	test_grep "^schedules: 1 unchanged$" out
'

test_expect_success 'latest-at-deploy: each deploy pins it anew' '
	second=$(in_app -q train | head -n 1) &&
	test "$(listed .model)" = $first &&
	in_app -q deploy -v one >out &&
	test_grep "^  = scoring  model $second (was $first); from " out &&
	test "$(listed .model)" = $second &&
	in_app -q deactivate-schedules >out &&
	third=$(in_app -q train | head -n 1) &&
	in_app -q deploy -v one >out &&
	test_grep "^  = scoring  model $third (was $second); paused since " \
		out &&
	in_app -q activate-schedules >out &&
	test "$(listed .model)" = $third
'

test_expect_success 'gc keeps the model of a schedule' '
	fourth=$(in_app -q train | head -n 1) &&
	in_app runs gc --keep 0 --dry-run --json >out &&
	test_jq out "map(select(.kept != null) | [.id, .kept]) | sort ==
		([[\"$third\", \"a schedule is deployed with its model\"],
		[\"$fourth\", \"its model is the latest\"]] | sort)" &&
	in_app -q runs gc --keep 0 >out &&
	in_app -q runs show $third >out &&
	first=$(in_app -q train | head -n 1) &&
	second=$(in_app -q train | head -n 1)
'

test_expect_success 'a model by its run' '
	echo "$scoring {version: $first}}" | make_app app &&
	in_app -q deploy -v by >out &&
	test "$(listed .model)" = $first &&
	echo "$scoring {version: $(echo $second | cut -c 1-9)}}" |
		make_app app &&
	in_app -q deploy -v beginning >out &&
	test "$(listed .model)" = $second &&
	made=$(in_app -q train -v by | head -n 1) &&
	echo "$scoring {version: $made, app_version: by}}" | make_app app &&
	in_app -q deploy -v both >out &&
	test "$(listed .model)" = $made
'

test_expect_success 'a model that is not there' '
	run=$(in_app -q predict -o "$TRASH/predicted" --force 2>&1 | head -n 1) &&
	run=$(in_app runs --workflow predict --json | jq -r ".[0].id") &&
	listed .model >before &&
	while IFS="|" read -r code model message
	do
		echo "$scoring $model}" | make_app app &&
		test_must_fail $code in_app deploy >out 2>err &&
		test_line_count 0 out &&
		test_grep -F "error: schedule '\''scoring'\'': $message" \
			err || return 1
	done <<-END &&
	6|{version: r0000}|there is no run '\''r0000'\'' to take the model of
	6|{version: r}|'\''r'\'' is the beginning of several runs
	6|{version: $run}|run $run (predict, succeeded) has no model
	6|{version: $made, app_version: one}|run $made is of app_version '\''by'\'', not '\''one'\''
	6|{version: $first, app_version: one}|run $first ran in the working tree, not by app_version '\''one'\''
	3|{file: none.bin}|its model '\''$TRASH/app/none.bin'\'': No such file
	END
	listed .model >after &&
	test_cmp before after &&
	: >app/none.bin &&
	in_app -q deploy -v file >out &&
	test "$(listed .model)" = null
'

test_expect_success 'a store fires the schedules of one app' '
	mkdir shared &&
	for i in 1 2
	do
		printf "%s\n" "s$i: {workflow: train, fixed_rate: 1h}" -- \
			"targets: {local: {type: local, store: ../common}}" |
			make_app app$i &&
		sed -i "s/^name: a/name: app$i/" app$i/unionml.yaml || return 1
	done &&
	unionml -q -C app1 deploy -v v1 >out &&
	test_must_fail 6 unionml -C app2 deploy -v v2 >out 2>err &&
	cat >want <<-END &&
	unionml: error: the store '\''$TRASH/app2/../common'\'' fires schedules of another app, '\''app1'\'': s1
	  give this app a store of its own, by '\''store:'\'' of a target, or end the others: unionml deactivate-schedules
	version v2 is deployed; its schedules are not
	END
	test_cmp want err &&
	test_must_fail 6 unionml -C app2 deploy -n -v v2 &&
	unionml -C app2 schedule >out &&
	test_grep "^s1 .* of app .app1.$" out &&
	test_grep "^s2 .* not deployed$" out &&
	unionml -q -C app2 deploy -v v2 --no-schedule >out &&
	test_grep "^schedules: 1 registered$" out &&
	unionml -q -C app2 deactivate-schedules s1 >out &&
	unionml -q -C app2 deploy -v v2 >out &&
	test_grep "^schedules: 1 activated (s2)$" out &&
	test_must_fail 6 unionml -C app1 deploy -v v1 2>err
'

test_expect_success sqlite3 'what is read back is compared' '
	rm -rf app/.unionml &&
	echo "$nightly" | make_app app &&
	in_app -q deploy -v one >out &&
	sqlite3 app/.unionml/store.db "CREATE TRIGGER meddle
		AFTER UPDATE ON schedules WHEN NEW.state = '\''active'\''
		BEGIN UPDATE schedules SET state = '\''paused'\'',
		who = '\''else'\'' WHERE number = NEW.number; END" &&
	test_must_fail 6 in_app deploy -v two >out 2>err &&
	test_grep "schedule .nightly. is not as it was written: it is paused, of version two, by else" \
		err &&
	sqlite3 app/.unionml/store.db "DROP TRIGGER meddle" &&
	test_must_fail 0 true || in_app -q deploy -v two --activate >out &&
	is_states "nightly active two null"
'

test_expect_success 'an app without schedules says nothing of them' '
	rm -rf app/.unionml &&
	: | make_app app &&
	in_app -q deploy -v none >out &&
	test_line_count 1 out &&
	in_app schedule >out 2>err &&
	test_line_count 0 out &&
	is_err "no schedules"
'

test_done
