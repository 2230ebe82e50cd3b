#!/bin/sh
# Schedules on a Flyte cluster: their states by deploy, activate-schedules and
# deactivate-schedules, what the journal keeps of them, and other hands.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster

# active: name and version of what is ACTIVE in our project.
active() {
	registered launch_plans "select(.closure.state == \"ACTIVE\") |
		.id.name + \" \" + .id.version"
}

# states: name, state and version of each schedule, as unionml has them.
states() {
	unionml -C app schedule list --json >list.json &&
	jq -r ".[] | .name + \" \" + .state + \" \" + .version" list.json
}

# note_of SCHEDULE: the note on its name.
note_of() {
	call 200 GET "/api/v1/named_entities/LAUNCH_PLAN/$PROJECT/development/a.$1" &&
	jq -r .metadata.description answer
}

# put_state SCHEDULE VERSION STATE: as another tool does it.
put_state() {
	call 200 PUT "/api/v1/launch_plans/$PROJECT/development/a.$1/$2" \
		"{\"state\":\"$3\"}"
}

# put_three SCHEDULE: activates three versions at once.
put_three() {
	three=
	for i in v1 v2 v3; do
		put="$FLYTE/api/v1/launch_plans/$PROJECT/development/a.$1/$i"
		curl -sS -o /dev/null -X PUT -d "{\"state\":\"ACTIVE\"}" "$put" &
		three="$three $!"
	done
	# shellcheck disable=SC2086
	wait $three
}

# deploy_both: the apps left and right at once; their statuses to st.*.
deploy_both() {
	both=
	for i in left right; do
		{
			unionml -C $i -q deploy --now -v $i >out.$i 2>err.$i
			echo $? >st.$i
		} &
		both="$both $!"
	done
	# shellcheck disable=SC2086
	wait $both
}

schedules() {
	printf "%s: {workflow: train, expression: \"%s\"}\n" "$@" |
		make_cluster_app app
}

test_expect_success 'deploy activates them, when all stands' '
	start_cluster &&
	schedules nightly "0 3 * * *" weekly "@weekly" &&
	unionml -C app deploy --now -v v1 >out 2>err &&
	test_grep -x "schedules: 2 new" out &&
	active >got &&
	printf "%s v1\n" a.nightly a.weekly >want &&
	test_cmp want got &&
	states >got &&
	printf "%s active v1\n" nightly weekly >want &&
	test_cmp want got
'

test_expect_success OWN_CLUSTER 'last of all, and each once' '
	new_requests >requests.new &&
	jq -r "select(.method != \"GET\") | .method + \" \" + .path" requests.new |
		tail -n 3 | sed "s,/api/v1/,,;s,launch_plans/.*/,," | LC_ALL=C sort >got &&
	printf "%s\n" "POST launch_plans" "PUT v1" "PUT v1" >want &&
	test_cmp want got
'

test_expect_success 'the journal says who did what' '
	call 200 GET "/api/v1/launch_plans/$PROJECT/development/a.deploys/00000001" &&
	jq ".spec.annotations.values" answer >values &&
	test_jq values ".\"unionml/action\" == \"deploy\" and
		(.\"unionml/who\" | contains(\"@\")) and
		(.\"unionml/schedules\" | fromjson | .nightly |
			.state == \"active\" and .version == \"v1\" and
			.when == \"0 3 * * *\" and .keys.workflow == \"train\")"
'

test_expect_success 'the same again: no state is sent, no generation made' '
	unionml -C app deploy --now -v v1 >out 2>err &&
	test_grep -x "schedules: 2 unchanged" out &&
	test_grep -x "nothing was changed" err &&
	call 404 GET "/api/v1/launch_plans/$PROJECT/development/a.deploys/00000002"
'

test_expect_success 'a pause, with its note, and what the list says' '
	unionml -C app deactivate-schedules --now nightly --note "INC 42" >out &&
	test_grep "^nightly  paused: INC 42$" out &&
	note_of nightly >got &&
	test_grep "^unionml: paused 20[0-9T:-]*Z by .*@.*: INC 42$" got &&
	active >got && echo "a.weekly v1" >want && test_cmp want got &&
	states >got &&
	test_grep -x "nightly paused v1" got &&
	test_jq list.json ".[0].note == \"INC 42\" and .[0].next == null and
		.[1].next != null"
'

test_expect_success 'a deploy keeps it; keys that changed are told' '
	schedules nightly "0 4 * * *" weekly "@weekly" &&
	unionml -C app deploy --now -v v2 >out &&
	test_grep "^schedules: 1 changed (nightly: expression)" out &&
	test_grep "nightly .*expression \"0 3 \* \* \*\" -> \"0 4 \* \* \*\".*paused since" out &&
	active >got && echo "a.weekly v2" >want && test_cmp want got
'

test_expect_success 'activate-schedules ends it' '
	unionml -C app activate-schedules --now nightly >out &&
	test_grep "^nightly  active from " out &&
	active >got &&
	printf "%s v2\n" a.nightly a.weekly >want && test_cmp want got &&
	note_of nightly >got && test_grep -x "unionml: active" got &&
	unionml -C app activate-schedules --now nightly >out 2>err &&
	test_must_fail 6 unionml -C app activate-schedules nightli 2>err &&
	test_grep "Did you mean .nightly." err
'

test_expect_success 'a schedule that is gone is deactivated; it may return' '
	schedules nightly "0 4 * * *" &&
	unionml -C app deploy --now -v v3 --dry-run >out 2>err &&
	test_grep "weekly .*no longer declared here: will be deactivated" out &&
	active >got && test_line_count 2 got &&
	unionml -C app deploy --now -v v3 >out &&
	test_grep "1 removed (weekly, deactivated)" out &&
	active >got && echo "a.nightly v3" >want && test_cmp want got &&
	note_of weekly >got && test_grep "^unionml: removed 20" got &&
	schedules nightly "0 4 * * *" weekly "@weekly" &&
	unionml -C app deploy --now -v v4 >out &&
	test_grep "^schedules: 1 new, 1 unchanged" out &&
	note_of weekly >got && test_grep -x "unionml: active" got
'

test_expect_success 'active: false, and --no-schedule' '
	printf "%s\n" "nightly: {workflow: train, expression: \"0 4 * * *\"}" \
		"weekly: {workflow: train, expression: \"@weekly\"}" \
		"later: {workflow: train, expression: \"@daily\", active: false}" |
		make_cluster_app app &&
	unionml -C app deploy --no-schedule -v v5 >out 2>err &&
	active >got && printf "%s v4\n" a.nightly a.weekly >want &&
	test_cmp want got &&
	unionml -C app deploy --now -v v5 >out &&
	active >got && printf "%s v5\n" a.nightly a.weekly >want &&
	test_cmp want got &&
	states >got && test_grep -x "later inactive v5" got
'

test_expect_success 'what another tool has paused stays so' '
	put_state nightly v5 INACTIVE &&
	states >got && test_grep -x "nightly paused v5" got &&
	echo "# 6" >>app/code.sh &&
	unionml -C app deploy --now -v v6 >out &&
	test_grep "nightly .*paused since .* by another tool" out &&
	active >got && echo "a.weekly v6" >want && test_cmp want got &&
	echo "# 7" >>app/code.sh &&
	unionml -C app deploy --now --activate -v v7 >out &&
	test_grep "1 activated (nightly)" out &&
	active >got && printf "%s v7\n" a.nightly a.weekly >want &&
	test_cmp want got
'

test_expect_success 'another version that somebody has activated' '
	put_state weekly v2 ACTIVE &&
	states >got && test_grep -x "weekly active v2" got &&
	unionml -C app deploy --now -v v7 >out &&
	active >got && printf "%s v7\n" a.nightly a.weekly >want &&
	test_cmp want got
'

test_expect_success OWN_CLUSTER 'two versions ACTIVE at once: one is left' '
	put_three weekly &&
	unionml -C app deploy --now -v v7 >out &&
	active >got && printf "%s v7\n" a.nightly a.weekly >want &&
	test_cmp want got
'

test_expect_success 'a pause by another tool outlives what is said of others' '
	put_state nightly v7 INACTIVE &&
	unionml -C app deploy -v v7 --dry-run --exit-code >out 2>err &&
	test_grep "nightly .*paused since .* by another tool" out &&
	unionml -C app deactivate-schedules --now weekly >out &&
	active >got && test_line_count 0 got &&
	states >got && test_grep -x "nightly paused v7" got &&
	unionml -C app activate-schedules --now nightly weekly >out &&
	active >got && printf "%s v7\n" a.nightly a.weekly >want &&
	test_cmp want got
'

test_expect_success 'active: false, activated by another tool: it stays so' '
	put_state later v7 ACTIVE &&
	unionml -C app deactivate-schedules --now weekly >out &&
	active >got && printf "%s v7\n" a.later a.nightly >want &&
	test_cmp want got &&
	unionml -C app activate-schedules --now weekly >out &&
	unionml -C app deactivate-schedules --now later >out
'

test_expect_success OWN_CLUSTER 'an activation that was cut is no pause' '
	unionml -C app deactivate-schedules --now nightly --note n >out &&
	fault "{\"method\":\"PUT\",\"path\":\"launch_plans\",\"count\":-1,
		\"do\":\"status\",\"status\":503}" &&
	test_must_fail 5 env UNIONML_TEST_HASTE=100 \
		unionml -C app activate-schedules --now nightly later 2>err &&
	no_faults &&
	active >got && echo "a.weekly v7" >want && test_cmp want got &&
	unionml -C app deploy --now -v v7 >out &&
	test_grep "2 activated (.*)" out &&
	active >got && printf "%s v7\n" a.later a.nightly a.weekly >want &&
	test_cmp want got &&
	unionml -C app deactivate-schedules --now later >out
'

test_expect_success OWN_CLUSTER 'a state that is not taken is not believed' '
	fault "{\"method\":\"PUT\",\"path\":\"a.weekly\",\"count\":-1,
		\"do\":\"status\",\"status\":200,\"body\":\"{}\"}" &&
	echo "# 8" >>app/code.sh &&
	test_must_fail 6 unionml -C app deploy --now -v v8 >out 2>err &&
	test_grep "does not have them: weekly" err &&
	test_grep "version v8 is deployed; its schedules are not" err &&
	no_faults &&
	unionml -C app deploy --now -v v8 >out &&
	active >got && printf "%s v8\n" a.nightly a.weekly >want &&
	test_cmp want got
'

test_expect_success 'two deploys at once: one journal, the states of one' '
	cp -R app left && cp -R app right && echo "# l" >>left/code.sh &&
	echo "# r" >>right/code.sh &&
	deploy_both &&
	sort -u st.left st.right >st && test_grep ! "[1-57]" st &&
	test_grep 0 st &&
	active | sed "s/.* //" | sort -u >got &&
	test_line_count 1 got &&
	active >got && test_line_count 2 got
'

test_expect_success '--no-schedule makes known; a version takes over by its keys' '
	printf "%s\n" "one: {workflow: train, expression: \"0 3 * * *\",
	timezone: Europe/Berlin}" | make_cluster_app b &&
	sed "s/^name: a\$/name: b/" b/unionml.yaml >b.part &&
	mv b.part b/unionml.yaml &&
	unionml -C b deploy --no-schedule -v v1 >out 2>err &&
	unionml -C b schedule list --json >list.json &&
	test_jq list.json "map([.name, .state, .version, .drift]) ==
		[[\"one\", \"inactive\", \"v1\", null]]" &&
	unionml -C b deploy -v v1 --no-schedule >out 2>err &&
	test_grep -x "nothing was changed" err &&
	unionml -C b activate-schedules --now one >out &&
	sed "s/0 3 /0 4 /; s,Europe/Berlin,Asia/Tokyo," b/unionml.yaml >b.part &&
	mv b.part b/unionml.yaml &&
	unionml -C b deploy --no-schedule -v v2 >out 2>err &&
	unionml -C b schedule list --json >list.json &&
	test_jq list.json "map([.version, .timezone, .drift]) == [[\"v1\",
		\"Europe/Berlin\", \"expression, timezone\"]]" &&
	unionml -C b activate-schedules --now -v v2 >out &&
	unionml -C b schedule list --json >list.json &&
	test_jq list.json "map([.version, .when, .timezone, .drift]) ==
		[[\"v2\", \"0 4 * * *\", \"Asia/Tokyo\", null]]" &&
	test_must_fail 6 unionml -C b activate-schedules -v v3 2>err &&
	test_grep "no version .v3. of .b. is registered" err &&
	test_must_fail 6 unionml -C b activate-schedules -v v2 two 2>err &&
	unionml -C b deactivate-schedules --now >out
'

test_expect_success OWN_CLUSTER 'a change waits until a slot is over' '
	unionml -C app -q deploy --now -v v8 >out &&
	test_set_now "$(($(date +%s) / 60 * 60 + 40))" &&
	schedules nightly "* * * * *" &&
	timeout 2 unionml -C app deploy -v v9 >out 2>err ||
	test_grep "^waiting 2[01] s until a slot of .nightly. is over" err
'

test_expect_success OWN_CLUSTER 'a model that is not there yet, and then is' '
	unset UNIONML_TEST_NOW &&
	echo "guess: {workflow: predict, expression: \"0 6 * * *\", model: latest-at-deploy}" |
		make_cluster_app app &&
	unionml -C app deploy --now -v m1 >out 2>err &&
	test_grep "guess .*inactive: there is no model yet" out &&
	unionml -C app -q train -v m1 >id &&
	unionml -C app deploy --now -v m1 >out 2>err &&
	test_grep "guess .*model $(sed q id)" out &&
	active >got &&
	test_grep "^a.guess m1-[0-9a-f]\{7\}$" got &&
	test_line_count 1 got &&
	registered launch_plans "select(.id.name == \"a.guess\") |
		.spec.annotations.values.\"unionml/model-run\"" >got &&
	sed q id >want && test_cmp want got &&
	unionml -C app deploy --now -v m1 >out 2>err &&
	test_grep -x "nothing was changed" err
'

test_expect_success OWN_CLUSTER 'a list of many asks a few times' '
	stop_cluster && rm -f "$FLYTE_LOG" "$FLYTE_LOG.seen" &&
	start_cluster -scheduler 30s -run SUCCEEDED &&
	set_clock 2026-11-20T10:00:05Z &&
	test_set_now "$(date -u -d 2026-11-20T10:00:05Z +%s)" &&
	for i in $(seq 120); do
		echo "s$i: {workflow: train, expression: \"$((i % 60)) $((i % 24)) * * $((i % 7))\"}"
	done | make_cluster_app app &&
	unionml -C app -q deploy --now -v v1 >out &&
	advance_clock 24h &&
	new_requests >requests.new &&
	unionml -C app schedule list --json >list.json &&
	test_jq list.json "length == 120 and
		(map(select(.last != null)) | length > 10 and
		all(.[]; .last.schedule == .name))" &&
	new_requests >requests.new &&
	test "$(wc -l <requests.new)" -le 6
'

test_expect_success OWN_CLUSTER 'an app file with errors: the cluster is there' '
	echo "s2: {workflow: train, expression: \"0 25 * * *\"}" |
		make_cluster_app app &&
	unionml -C app schedule list --json >list.json 2>err &&
	test_jq list.json "length == 120 and .[0].drift == \"not known\"" &&
	test_grep "hour 25 is out of range" err &&
	test_grep "has errors; what is on the cluster is there" err &&
	unionml -C app deactivate-schedules --now s7 --note "3 am" >out &&
	test_grep -x "s7  paused: 3 am" out &&
	unionml -C app schedule audit s7 >out &&
	unionml -C app schedule backfill s7 --from 2026-11-20T00:00Z \
		--to 2026-11-21T00:00Z --dry-run >out 2>err &&
	sed -i "s/domain: development/domian: development/" app/unionml.yaml &&
	test_must_fail 3 unionml -C app schedule list
'

stop_cluster
test_done
