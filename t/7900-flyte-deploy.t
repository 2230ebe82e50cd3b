#!/bin/sh
# unionml deploy to a Flyte cluster: what is registered, that nothing is sent
# twice, and what is refused.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster

# writes: the requests since the last call, and those of them that could have
# changed anything, to files.
writes() {
	new_requests >requests.new &&
	jq -r "select(.method != \"GET\" and .path !=
		\"/api/v1/dataproxy/artifact_urn\") | .method + \" \" + .path" \
		requests.new | sed "s,/unionml-[0-9a-f]*/,/unionml-SHA/," >writes
}

test_expect_success 'all of an app, and nothing is active yet' '
	start_cluster &&
	echo "nightly: {workflow: train, expression: \"0 3 * * *\"}" |
		make_cluster_app app &&
	unionml -C app deploy -v v1 --no-schedule >out 2>err &&
	test_grep "^version v1: new, 3 files, " out &&
	test_grep -x "registered: 3 tasks (3 new), 3 workflows (3 new), 4 launch plans (4 new)" out &&
	test_grep -x "schedules: 1 registered" out &&
	test_grep -x "uploading the source: 3 files" err &&
	test_grep -x "registering 4 launch plans" err &&
	registered tasks >got &&
	printf "%s\n" "a.predictor v1" "a.reader v1" "a.trainer v1" >want &&
	test_cmp want got &&
	registered launch_plans ".id.name + \" \" + .closure.state" >got &&
	printf "%s INACTIVE\n" a.deploys a.nightly a.predict \
		a.predict_from_features a.train >want &&
	test_cmp want got
'

test_expect_success OWN_CLUSTER 'each thing is sent once, in their order' '
	writes &&
	uniq writes >got &&
	printf "%s\n" \
		"PUT /flyte-data/demo/development/unionml-SHA/snapshot.tar.gz" \
		"POST /api/v1/tasks" "POST /api/v1/workflows" \
		"POST /api/v1/launch_plans" >want &&
	test_cmp want got &&
	test_line_count 12 writes
'

test_expect_success 'the same again: unchanged' '
	unionml -C app deploy -v v1 --no-schedule >out 2>err &&
	test_grep "^version v1: unchanged" out &&
	test_grep -x "registered: 3 tasks (0 new), 3 workflows (0 new), 4 launch plans (0 new)" out
'

test_expect_success OWN_CLUSTER 'and nothing was sent, in a few requests' '
	writes &&
	test "$(wc -l <requests.new)" -lt 20 &&
	test_line_count 0 writes
'

test_expect_success 'the source lies there whole' '
	call 200 GET "/api/v1/workflows/$PROJECT/development/a.train/v1" &&
	uri=$(jq -r "[.. | .uri? // empty] | unique | .[]" answer) &&
	test_grep "/unionml-[0-9a-f]\{64\}/snapshot.tar.gz$" - <<-END &&
	$uri
	END
	call 200 GET "/api/v1/dataproxy/artifact_urn?native_url=$(jq -rn --arg u "$uri" "\$u | @uri")" &&
	curl -sS "$(jq -r .signed_url answer)" | tar -tz | LC_ALL=C sort >got &&
	printf "%s\n" code.sh flyte.yaml unionml.yaml >want &&
	test_cmp want got
'

test_expect_success 'a dry run says what would be, and changes nothing' '
	sed -i "s/default: 3/default: 4/" app/unionml.yaml &&
	test_must_fail 1 unionml -C app deploy -v v2 --dry-run --exit-code \
		>out 2>err &&
	test_grep "^version v2: would be new" out &&
	test_grep "^registered: 3 tasks (3 new)" out &&
	test_grep "^+ source [0-9a-f]\{12\}$" out &&
	test_grep -x "~ launch_plans a.train  v1 -> v2" out &&
	test_grep "^    default_inputs.parameters.n.default.scalar.primitive.integer: \"3\" -> \"4\"$" out &&
	test_grep ! -e "^~ tasks" -e "^~ workflows" out &&
	registered tasks >got &&
	test_line_count 3 got &&
	unionml -C app deploy -v v1 --dry-run --exit-code >out 2>err ||
	test $? = 1
'

test_expect_success 'a version that is taken: the difference, and the way out' '
	test_must_fail 6 unionml -C app deploy -v v1 >out 2>err &&
	test_grep "^unionml: error: version .v1. of the workflow" err &&
	test_grep "snapshot.tar.gz.* -> .*/unionml-" err &&
	test_grep "deploy -v NAME" err
'

test_expect_success 'so it is when the server cannot tell the difference' '
	echo "x: {workflow: train, expression: \"0 3 * * *\"}" |
		make_cluster_app long &&
	for i in x y; do
		big=$(head -c 40000 /dev/zero | tr "\0" $i) &&
		sed -i "s/reader, \"{n}\"/reader, \"{n}\", $big/" \
			long/unionml.yaml || return 1
		[ $i = y ] || unionml -C long deploy -v long --no-schedule ||
			return 1
	done &&
	test_must_fail 6 unionml -C long deploy -v long 2>err &&
	test_grep "version .long. of the task .a.reader. is registered" err &&
	test_grep "args\[" err
'

test_expect_success 'another name, the same source: it is not sent again' '
	echo "# more yet" >>app/code.sh &&
	unionml -C app deploy -v v2 --no-schedule >out 2>err &&
	test_grep "^uploading" err &&
	unionml -C app deploy -v v3 --no-schedule >out 2>err &&
	test_grep ! "^uploading" err &&
	test_grep "^version v3: new" out
'

test_expect_success 'as JSON' '
	unionml -C app deploy -v v3 --no-schedule --json >out &&
	test_jq out ".version == \"v3\" and .state == \"unchanged\" and
		.registered[2] == {what: \"launch plan\", new: 0, unchanged: 4}"
'

test_expect_success 'files that schedules name are sent once' '
	make_cluster_app files <<-\END &&
	odd: {workflow: predict, expression: "0 4 * * *", model: {file: m.bin}}
	END
	echo model >files/m.bin &&
	unionml -C files deploy -v f1 >out 2>err &&
	registered launch_plans "select(.id.name == \"a.odd\") |
		.spec.fixed_inputs.literals[] | .scalar.blob.uri" >got &&
	test_grep "/unionml-[0-9a-f]\{64\}/m.bin$" got &&
	unionml -C files deploy -v f1 >out &&
	test_grep "^version f1: unchanged" out
'

test_expect_success 'a project that is not there is made' '
	other=$PROJECT-new &&
	echo "x: {workflow: train, expression: \"0 3 * * *\"}" |
		PROJECT=$other make_cluster_app other &&
	unionml -C other deploy -v v1 >out 2>err &&
	test_grep -x "project .$other. is new" err &&
	call 200 GET "/api/v1/projects/$other" &&
	unionml -C other deploy -v v1 >out 2>err &&
	test_grep ! "is new$" err
'

test_expect_success 'one that is archived, a domain that is none' '
	call 200 PUT "/api/v1/projects/$other" "{\"name\":\"x\",\"state\":\"ARCHIVED\"}" &&
	test_must_fail 6 unionml -C other deploy -v v2 2>err &&
	test_grep "project .$other. is archived" err &&
	sed "s/domain: development/domain: nowhere/" app/unionml.yaml >x &&
	mkdir away && cp x away/unionml.yaml && cp app/flyte.yaml app/code.sh away &&
	test_must_fail 3 unionml -C away deploy -v v1 2>err &&
	test_grep "targets.there.domain: the cluster has no domain .nowhere." err &&
	test_grep "it has: .*development" err
'

test_expect_success OWN_CLUSTER 'an upload that the store refuses' '
	echo "# still more" >>app/code.sh &&
	fault "{\"method\":\"PUT\",\"path\":\"/snapshot.tar.gz$\",\"count\":-1,
		\"do\":\"status\",\"status\":400,\"body\":\"<Error><Code>BadDigest</Code></Error>\"}" &&
	test_must_fail 3 unionml -C app deploy -v v4 2>err &&
	test_grep "cannot upload the source: " err &&
	test_grep ! "Signature" err &&
	no_faults &&
	registered tasks | grep -c v4 >got || test_grep -x 0 got
'

test_expect_success OWN_CLUSTER 'a URL that has expired is asked for again' '
	fault "{\"method\":\"PUT\",\"path\":\"/snapshot.tar.gz$\",
		\"do\":\"status\",\"status\":403,\"body\":\"<Error><Code>AccessDenied</Code></Error>\"}" &&
	unionml -C app deploy -v v4 --no-schedule >out 2>err &&
	no_faults
'

test_expect_success OWN_CLUSTER 'answers that are lost on their way' '
	echo "# and more" >>app/code.sh &&
	fault "[{\"method\":\"POST\",\"path\":\"tasks\",\"do\":\"reset\",\"after\":true},
		{\"method\":\"POST\",\"path\":\"launch_plans\",\"do\":\"close\",\"after\":true},
		{\"method\":\"PUT\",\"do\":\"reset\",\"after\":true}]" &&
	unionml -C app deploy -v v5 >out 2>err &&
	no_faults &&
	unionml -C app deploy -v v5 >out &&
	test_grep "^version v5: unchanged" out
'

stop_cluster
test_done
