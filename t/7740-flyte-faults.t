#!/bin/sh
# The test cluster's own ways: faults as data, tokens, TLS, the log of
# requests, and its end.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
[ -z "$test_flyte_url" ] || test_skip_all "only for our own cluster"

# get EXIT-STATUS-OF-CURL [CURL-OPTION...]
get() {
	get_want=$1
	shift
	test_expect_code "$get_want" curl -sS -o got -D headers -m 5 "$@" \
		"$FLYTE/api/v1/projects/demo"
}

get_insecure() {
	curl -sSk -o lost "$@" "$FLYTE/api/v1/projects/demo"
}

test_expect_success 'it starts at once' '
	start=$(date +%s%N) &&
	start_cluster &&
	test $((($(date +%s%N) - start) / 1000000)) -lt 1000
'

test_expect_success 'the n-th request, so many times' '
	fault "{\"path\":\"^/api/v1/projects\",\"nth\":2,\"count\":2,
		\"do\":\"status\",\"status\":503,\"headers\":{\"Retry-After\":\"1\"}}" &&
	call 200 GET /api/v1/projects/demo &&
	call 503 GET /api/v1/projects/demo &&
	test_grep -i "^retry-after: 1" headers &&
	call 200 GET /api/v1/domains &&
	call 503 GET /api/v1/projects/demo &&
	call 200 GET /api/v1/projects/demo
'

test_expect_success 'for ever, one method only, until no more' '
	no_faults &&
	fault "[{\"method\":\"GET\",\"path\":\"demo\",\"count\":-1,
		\"do\":\"status\",\"status\":429}]" &&
	call 429 GET /api/v1/projects/demo &&
	call 200 PUT /api/v1/projects/demo "{\"name\":\"demo\"}" &&
	call 429 GET /api/v1/projects/demo &&
	no_faults &&
	call 200 GET /api/v1/projects/demo
'

test_expect_success 'each kind as a client sees it' '
	for i in "reset 56" "close 52" "garbage 1" "cut 18" "length 18"; do
		fault "{\"do\":\"${i% *}\"}" &&
		get "${i#* }" || return 1
	done &&
	fault "{\"do\":\"cut\",\"bytes\":10}" && get 18 && test "$(wc -c <got)" = 10 &&
	fault "{\"do\":\"hang\"}" && get 28 -m 0.3 &&
	fault "{\"do\":\"html\"}" && get 0 && test_grep "<html>" got &&
	fault "{\"do\":\"expired\"}" && call 401 GET /api/v1/projects/demo &&
	test_jq answer ".code == 16" &&
	fault "{\"do\":\"drip\",\"delay\":\"1ms\"}" && get 0 && test_jq got ".id" &&
	fault "{\"do\":\"delay\",\"delay\":\"400ms\"}" && get 28 -m 0.2 &&
	get 0
'

test_expect_success 'carried out, the answer lost' '
	p="{\"project\":{\"id\":\"ID\",\"name\":\"x\"}}" &&
	fault "{\"method\":\"POST\",\"path\":\"projects\",\"do\":\"reset\"}" &&
	test_expect_code 56 curl -sS -d "{\"project\":{\"id\":\"lost\"}}" \
		"$FLYTE/api/v1/projects" &&
	call 404 GET /api/v1/projects/lost &&
	no_faults &&
	fault "{\"method\":\"POST\",\"path\":\"projects\",\"do\":\"reset\",
		\"after\":true}" &&
	test_expect_code 56 curl -sS -d "{\"project\":{\"id\":\"done\"}}" \
		"$FLYTE/api/v1/projects" &&
	call 200 GET /api/v1/projects/done
'

# stuck: a client that the next POST leaves hanging, its pid in $client.
stuck() {
	curl -s -d '{"project":{"id":"stuck"}}' "$FLYTE/api/v1/projects" &
	client=$!
}

test_expect_success 'a client can be killed at a request' '
	no_faults &&
	fault "{\"method\":\"POST\",\"path\":\"^/api\",\"do\":\"hang\",
		\"after\":true}" &&
	stuck &&
	fault_fired 1 &&
	kill -9 "$client" &&
	test_expect_code 137 wait "$client" &&
	call 200 GET /api/v1/projects/stuck
'

test_expect_success 'the store has faults, too' '
	no_faults &&
	call 200 GET "/api/v1/dataproxy/artifact_urn?native_url=s3%3A%2F%2Fb%2Fx" &&
	url=$(jq -r .signed_url answer) &&
	fault "{\"path\":\"^/b/x\",\"do\":\"status\",\"status\":500,\"body\":\"\"}" &&
	test "$(curl -s -o got -w "%{http_code}" "$url")" = 500 &&
	test "$(curl -s -o got -w "%{http_code}" "$url")" = 404
'

test_expect_success 'what came, and a Range that is overlooked' '
	no_faults &&
	fault "{\"do\":\"note\",\"count\":-1}" &&
	call 200 PUT /api/v1/projects/demo "{\"name\":\"demo\"}" &&
	call 200 GET /api/v1/domains &&
	call 200 GET /_test/faults &&
	test_jq answer ".noted == [\"PUT /api/v1/projects/demo\",
		\"GET /api/v1/domains\"]" &&
	no_faults &&
	call 200 POST /api/v1/dataproxy/artifact_urn "{\"project\":\"demo\",
		\"domain\":\"development\",\"filename\":\"x\",
		\"content_md5\":\"$(printf 12345 | openssl md5 -binary | base64)\"}" &&
	native=$(jq -r .native_url answer) &&
	printf 12345 >x &&
	curl -sS -T x -H "Content-MD5: $(jq -r ".headers[\"Content-MD5\"]" answer)" \
		"$(jq -r .signed_url answer)" &&
	call 200 GET "/api/v1/dataproxy/artifact_urn?native_url=$native" &&
	url=$(jq -r .signed_url answer) &&
	test "$(curl -sS -r 3- "$url")" = 45 &&
	fault "{\"do\":\"whole\"}" &&
	test "$(curl -sS -r 3- "$url")" = 12345
'

test_expect_success 'a state that is come back to' '
	no_faults &&
	call 200 POST /_test/state "{\"save\":\"here\"}" &&
	jq .state answer >here &&
	call 200 POST /api/v1/projects "{\"project\":{\"id\":\"new\"}}" &&
	call 200 PUT /api/v1/projects/demo "{\"state\":\"ARCHIVED\"}" &&
	call 200 GET /_test/state &&
	test_jq answer ".state | any(startswith(\"project new\")) and
		any(. == \"project demo ARCHIVED\")" &&
	call 200 POST /_test/state "{\"restore\":\"here\"}" &&
	jq .state answer >now &&
	test_cmp here now &&
	call 404 GET /api/v1/projects/new &&
	call 400 POST /_test/state "{\"restore\":\"nowhere\"}"
'

test_expect_success 'rules that are none' '
	for i in "{\"do\":\"explode\"}" "{\"path\":\"(\",\"do\":\"cut\"}" \
		"{\"do\":\"drip\",\"delay\":\"x\"}" "{\"what\":1}" "nothing"; do
		call 400 POST /_test/faults "$i" &&
		test_jq answer ".error" || return 1
	done
'

test_expect_success 'the log: what was asked, and no secrets' '
	curl -sS -o /dev/null -H "Authorization: Bearer secret1" \
		"$FLYTE/api/v1/projects?limit=3" &&
	call 200 GET "/api/v1/dataproxy/artifact_urn?native_url=s3%3A%2F%2Fb%2Fx" &&
	curl -s -o got "$(jq -r .signed_url answer)" &&
	tail -n 3 "$FLYTE_LOG" | jq -s . >log &&
	test_jq log ".[0] | .method == \"GET\" and .path == \"/api/v1/projects\" and
		.query == {limit: \"3\"} and .auth == \"bearer\" and .status == 200" &&
	test_jq log ".[2] | .auth == \"signed\" and .path == \"/b/x\"" &&
	test_grep ! -e secret1 -e Signature -e _test "$FLYTE_LOG" &&
	jq -s -e "any(.[]; .method == \"POST\" and .body.project.id == \"done\")" \
		"$FLYTE_LOG"
'

test_expect_success 'it ends with its stdin, and leaves nothing' '
	pid=$cluster_pid &&
	stop_cluster &&
	test_must_fail 1 kill -0 "$pid" &&
	find "$TMPDIR" -name "flyte-*" >left &&
	test_line_count 0 left
'

test_expect_success 'it ends on TERM' '
	start_cluster &&
	kill -TERM "$cluster_pid" &&
	wait "$cluster_pid" &&
	exec 9>&- &&
	cluster_pid= &&
	find "$TMPDIR" -name "flyte-*" >left &&
	test_line_count 0 left
'

test_expect_success 'tokens: none, a bad one, a good one by either header' '
	echo good >tokens &&
	start_cluster -tokens tokens &&
	call 200 GET /healthcheck &&
	call 200 GET /.well-known/oauth-authorization-server &&
	test_jq answer ".token_endpoint == \"$FLYTE/oauth2/token\" and
		.code_challenge_methods_supported == [\"S256\"]" &&
	call 200 GET /config/v1/flyte_client &&
	test_jq answer ".authorization_metadata_key == \"flyte-authorization\"" &&
	for i in /api/v1/version /api/v1/projects /me; do
		refused 401 16 "token parse error id token err" GET "$i" &&
		test_grep -i "^www-authenticate: token parse error" headers || return 1
	done &&
	call 401 GET /api/v1/version - -H "Authorization: Bearer bad" &&
	call 401 GET /api/v1/version - -H "Authorization: good" &&
	call 200 GET /api/v1/version - -H "Authorization: Bearer good" &&
	call 200 GET /me - -H "flyte-authorization: Bearer good" &&
	test_jq answer ".subject == \"\"" &&
	echo better >tokens &&
	call 401 GET /api/v1/version - -H "Authorization: Bearer good"
'

test_expect_success 'tokens that another server gives out' '
	stop_cluster &&
	start_cluster -tokens tokens -issuer http://127.0.0.1:9 &&
	call 200 GET /.well-known/oauth-authorization-server &&
	test_jq answer ".token_endpoint == \"http://127.0.0.1:9/oauth2/token\""
'

test_expect_success 'TLS with a certificate of its own' '
	stop_cluster &&
	start_cluster -tls cert.pem &&
	test "${FLYTE%%:*}" = https &&
	test_expect_code 60 curl -sS -o got "$FLYTE/healthcheck" &&
	curl -sS --cacert cert.pem -w "%{http_version}" -o got \
		"$FLYTE/healthcheck" >version &&
	curl -sSk --http1.1 -o got "$FLYTE/api/v1/projects/demo" &&
	call_fault() {
		curl -sSk -o answer -d "{\"do\":\"reset\"}" "$FLYTE/_test/faults"
	} &&
	call_fault && test_expect_code 56 get_insecure --http1.1 &&
	call_fault && test_expect_code 92 get_insecure --http2 &&
	test_jq got ".id == \"demo\"" &&
	grep -x 2 version
'

stop_cluster
test_done
