#!/bin/sh
# A deploy to a Flyte cluster that is killed after each of its requests in
# turn, and run again: the end is the same, and until it is run again what was
# active goes on.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
[ -z "$test_flyte_url" ] || test_skip_all "only for our own cluster"

# write_app WORD: nightly, which each version has, and one of its own.
write_app() {
	{
		echo "nightly: {workflow: train, expression: \"0 3 * * *\"}" &&
		echo "held: {workflow: train, expression: \"0 4 * * *\"}" &&
		echo "$1: {workflow: train, expression: \"0 5 * * *\"}"
	} | make_cluster_app app &&
	echo "# $1" >>app/code.sh
}

# begin N: version v1 in a project of its own, with one schedule paused.
begin() {
	PROJECT=p$1 &&
	write_app one &&
	unionml -C app -q deploy --now -v v1 >out &&
	unionml -C app -q deactivate-schedules --now held --note why >out &&
	write_app two
}

# ends: all that the cluster has of the project, but for times.
ends() {
	{
		registered tasks &&
		registered workflows &&
		registered launch_plans "select(.id.name != \"a.deploys\") |
			.id.name + \" \" + .id.version + \" \" + .closure.state" &&
		for i in nightly held one two; do
			call 200 GET "/api/v1/named_entities/LAUNCH_PLAN/$PROJECT/development/a.$i" &&
			jq -r .metadata.description answer | sed "s/ 20[0-9-]*T[0-9:]*Z/ T/" ||
			return 1
		done &&
		unionml -C app schedule list --json |
			jq -c ".[] | [.name, .state, .version, .note]"
	} >"$1"
}

test_expect_success 'what comes of it when nobody kills it' '
	start_cluster &&
	begin 0 &&
	new_requests >/dev/null &&
	unionml -C app -q deploy --now -v v2 >out &&
	requests=$(new_requests | wc -l) &&
	test "$requests" -gt 30 &&
	ends want &&
	test_grep "^a.nightly v2 ACTIVE$" want &&
	test_grep "^a.nightly v1 INACTIVE$" want &&
	test_grep "^a.one v1 INACTIVE$" want &&
	test_grep "^a.two v2 ACTIVE$" want &&
	test_grep "^unionml: paused T by .*: why$" want &&
	test_grep "^unionml: removed T$" want
'

# kill_at N: the deploy of v2, killed while it waits for the answer of its
# N-th request, which was carried out.
kill_at() {
	begin "$1" &&
	no_faults &&
	fault "{\"nth\":$1,\"do\":\"hang\",\"after\":true}" || return 1
	unionml -C app -q deploy --now -v v2 >out 2>err &
	killed=$!
	fault_fired 1 || return 1
	kill -9 "$killed"
	wait "$killed" 2>/dev/null
	no_faults &&
	registered launch_plans "select(.closure.state == \"ACTIVE\") |
		.id.name" >active &&
	test_grep -x a.nightly active &&
	test_grep ! -x a.held active &&
	unionml -C app -q deploy --now -v v2 >out 2>err &&
	ends got &&
	test_cmp want got &&
	new_requests >/dev/null &&
	unionml -C app deploy --now -v v2 >out 2>err &&
	test_grep "^version v2: unchanged" out &&
	test_grep -x "nothing was changed" err &&
	new_requests | jq -e -s "all(.method == \"GET\" or
		(.path | contains(\"artifact_urn\")))" >/dev/null
}

test_expect_success 'killed after each of its requests, and run again' '
	for n in $(seq "${requests:-0}"); do
		kill_at "$n" || {
			echo "killed at request $n" >&2
			return 1
		}
	done
'

stop_cluster
test_done
