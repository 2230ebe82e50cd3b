#!/bin/sh
# The store behind Flyte: where uploads go, what a signed URL insists on, and
# downloads.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
D=development

# place [FILTER]: asks where x.csv is to go.
place() {
	jq -n --arg p "$PROJECT" --arg m "$MD5" "{project: \$p, domain: \"$D\",
		filename: \"x.csv\", content_md5: \$m, expires_in: \"600s\"} |
		${1:-.}" >body
	call "${2:-200}" POST /api/v1/dataproxy/artifact_urn @body
}

# upload STATUS CODE [CURL-OPTION...]: x.csv to the place in `answer`.
upload() {
	upload_want=$1 upload_code=$2
	shift 2
	upload_got=$(curl -sS -X PUT -o stored -D stored.headers -w '%{http_code}' \
		"$@" "$(jq -r .signed_url answer)") || return 1
	if [ "$upload_got" != "$upload_want" ]; then
		echo "expected $upload_want, got $upload_got" >&2
		cat stored >&2
		return 1
	fi
	if [ -n "$upload_code" ]; then
		test_grep "<Code>$upload_code</Code>" stored
	fi
}

# download NATIVE-URL [CURL-OPTION...]
download() {
	download_url=$1
	shift
	call 200 GET "/api/v1/dataproxy/artifact_urn?native_url=$(jq -rn \
		--arg u "$download_url" '$u | @uri')" &&
	curl -sS -o got -D got.headers "$@" "$(jq -r .signed_url answer)"
}

test_expect_success 'a cluster, a file and its digest' '
	start_cluster &&
	seq 1 5 >x.csv &&
	MD5=$(openssl md5 -binary x.csv | base64)
'

test_expect_success 'a place that follows from the digest' '
	place &&
	test_jq answer ".native_url | startswith(\"s3://\") and
		endswith(\"/$PROJECT/$D/\" + \$b + \"/x.csv\")" \
		--arg b "$(openssl md5 -binary x.csv | base32)" &&
	test_jq answer ".headers == {\"Content-Length\": \"24\",
		\"Content-MD5\": \$m}" --arg m "$MD5" &&
	test_jq answer ".signed_url | contains(\"X-Amz-SignedHeaders=content-md5%3Bhost\")" &&
	test_jq answer ".expires_at | test(\"Z\$\")"
'

test_expect_success 'an upload, twice; then a download and a part of it' '
	native=$(jq -r .native_url answer) &&
	upload 200 "" -H "Content-MD5: $MD5" -T x.csv &&
	test_grep -i "^etag: .*$(openssl md5 -r x.csv | cut -d" " -f1)" \
		stored.headers &&
	upload 200 "" -H "Content-MD5: $MD5" -T x.csv &&
	download "$native" &&
	test_cmp x.csv got &&
	download "$native" -H "Range: bytes=4-" &&
	test_grep " 206" got.headers &&
	tail -c +5 x.csv >rest &&
	test_cmp rest got
'

test_expect_success 'what a signed URL insists on' '
	place &&
	upload 403 SignatureDoesNotMatch -T x.csv &&
	upload 403 SignatureDoesNotMatch -H "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==" \
		-T x.csv &&
	upload 400 InvalidDigest -H "Content-MD5;" -T x.csv &&
	upload 400 InvalidArgument -H "Content-MD5: $MD5" \
		-H "Authorization: Bearer x" -T x.csv &&
	seq 2 6 >other &&
	upload 400 BadDigest -H "Content-MD5: $MD5" -T other &&
	jq ".signed_url |= sub(\"x.csv\"; \"y.csv\")" answer >changed &&
	cp answer right && cp changed answer &&
	upload 403 SignatureDoesNotMatch -H "Content-MD5: $MD5" -T x.csv &&
	jq ".signed_url |= sub(\"[?].*\"; \"\")" right >answer &&
	upload 403 AccessDenied -H "Content-MD5: $MD5" -T x.csv
'

test_expect_success OWN_CLUSTER 'no chunks' '
	place &&
	upload 411 MissingContentLength -H "Content-MD5: $MD5" \
		-H "Transfer-Encoding: chunked" -T x.csv
'

test_expect_success 'a digest in hex is taken, and useless' '
	place ".content_md5 = \"$(openssl md5 -r x.csv | cut -d" " -f1)\"" &&
	upload 400 InvalidDigest \
		-H "Content-MD5: $(jq -r ".headers.\"Content-MD5\"" answer)" -T x.csv &&
	place ".content_md5 = \"no base64!\"" 400
'

test_expect_success 'the digest as metadata is signed, too' '
	place ".add_content_md5_metadata = true" &&
	test_jq answer ".headers.\"x-amz-meta-flyteContentMD5\" == \$m" \
		--arg m "$MD5" &&
	upload 403 SignatureDoesNotMatch -H "Content-MD5: $MD5" -T x.csv &&
	upload 200 "" -H "Content-MD5: $MD5" \
		-H "x-amz-meta-flyteContentMD5: $MD5" -T x.csv
'

test_expect_success 'a place of a chosen name: once, or with the same digest' '
	root=".filename_root = \"snapshot\"" &&
	place "$root | del(.content_md5)" &&
	test_jq answer ".headers == {\"Content-MD5\": \"\",
		\"Content-Length\": \"0\"} and
		(.native_url | endswith(\"/$PROJECT/$D/snapshot/x.csv\"))" &&
	upload 200 "" -T x.csv &&
	place "$root | del(.content_md5)" 409 &&
	test_jq answer ".code == 6" &&
	place "$root" &&
	place "$root | .content_md5 = \"AAAAAAAAAAAAAAAAAAAAAA==\"" 409 &&
	place "$root | del(.filename) | del(.content_md5)"
'

test_expect_success 'uploads that are refused' '
	place "del(.content_md5)" 400 &&
	test_jq answer ".message == \"content_md5 or filename_root is a required parameter\"" &&
	place ".expires_in = \"86400s\"" 400 &&
	test_jq answer ".message == \"expiresIn [24h0m0s] cannot exceed max allowed expiration [1h0m0s]\""
'

test_expect_success 'the project need not exist, nor the object' '
	place ".project = \"none\"" &&
	download "s3://nowhere/nothing" &&
	test_grep "<Code>NoSuch" got &&
	test_grep " 404" got.headers &&
	refused 500 13 "" GET \
		"/api/v1/dataproxy/artifact_urn?native_url=no%20url"
'

test_expect_success OWN_CLUSTER 'URLs end' '
	place ".expires_in = \"60s\"" &&
	cp answer place &&
	set_clock "$(date -u -d "+10 minutes" +%Y-%m-%dT%H:%M:%SZ)" &&
	cp place answer &&
	upload 403 AccessDenied -H "Content-MD5: $MD5" -T x.csv &&
	test_grep "Request has expired" stored
'

stop_cluster
test_done
