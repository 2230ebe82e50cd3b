#!/bin/sh
# --dry-run --verbose: every request that would change the cluster is shown as
# it is sent without --dry-run, and none of them is sent.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster

# The times that a deploy writes down are those of its own.
clock='walk(if type == "string" then gsub("20[0-9-]+T[0-9:.]+Z"; "T") else .
	end)'

# announced FILE: what FILE says would be sent, a line of JSON for each
# request, sorted; the file that is uploaded has no body.
announced() {
	awk '/^would send / { printf "%s%s", sep, $3 " " $4; sep = "\n"
			json = 1; next }
		!/^[{} ]/ { json = 0 }
		json { printf " %s", $0 }
		END { print "" }' "$1" |
	sed -e 's,http://[^/]*,,' -e 's,?\.\.\.\,.*,,' |
	while read -r method path body; do
		printf "%s\n" "${body:-null}" |
		jq -Sc --arg method "$method" --arg path "$path" \
			"$clock | [\$method, \$path, .]"
	done | LC_ALL=C sort
}

# sent: the requests since the last call that changed something, the same way.
sent() {
	new_requests |
	jq -Sc "select(.method != \"GET\" and
		.path != \"/api/v1/dataproxy/artifact_urn\") | $clock |
		[.method, .path, .body]" | LC_ALL=C sort
}

test_expect_success OWN_CLUSTER 'a first deploy: nothing is sent' '
	start_cluster &&
	echo "nightly: {workflow: train, expression: \"0 3 * * *\"}" |
		make_cluster_app app &&
	sed -i "s/project: demo/project: fresh/" app/unionml.yaml &&
	sent >none &&
	unionml -C app --verbose deploy -v v1 --dry-run >out 2>err &&
	test_grep -x "nothing was changed" err &&
	! grep -q "^uploading\|^registering\|is new" err &&
	sent >none &&
	test_line_count 0 none &&
	announced err >want &&
	test_grep "^.\"POST\",\"/api/v1/projects\"" want
'

test_expect_success OWN_CLUSTER 'and all of it is shown' '
	unionml -C app deploy -v v1 --now &&
	sent >got &&
	test_line_count 14 got &&
	test_cmp want got
'

test_expect_success OWN_CLUSTER 'of signed URLs nothing secret is shown' '
	test_grep "would send PUT .*/snapshot.tar.gz?\.\.\., [0-9]* bytes$" \
		err &&
	! grep -q "Signature" err
'

test_expect_success OWN_CLUSTER 'a changed schedule' '
	sed -i "s/0 3 /0 4 /" app/unionml.yaml &&
	unionml -C app --verbose deploy -v v2 -n >out 2>err &&
	announced err >want &&
	unionml -C app deploy -v v2 --now &&
	sent >got &&
	test_cmp want got &&
	test_grep "/a.nightly/v2.*ACTIVE" got
'

test_expect_success OWN_CLUSTER 'without --verbose none of it is told' '
	unionml -C app deploy -v v3 -n >out 2>err &&
	! grep -q "would send" out err &&
	unionml -C app --verbose deploy -v v2 -n >out 2>err &&
	! grep -q "would send" out err
'

test_expect_success OWN_CLUSTER 'a backfill' '
	sent >none &&
	set -- --from "$(date -u -d "-2 days" +%FT00:00Z)" \
		--to "$(date -u +%FT00:00Z)" &&
	unionml -C app --verbose schedule backfill nightly "$@" -n \
		>out 2>err &&
	sent >none &&
	test_line_count 0 none &&
	test_line_count 2 out &&
	announced err >want &&
	run_as SUCCEEDED &&
	unionml -C app schedule backfill nightly "$@" &&
	sent >got &&
	grep -v _test got >really &&
	test_line_count 2 want &&
	test_cmp want really
'

stop_cluster
test_done
