#!/bin/sh
# Literals on Flyte: which are taken for an input of which type.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-flyte.sh"
need_cluster
D=development
number=0

# typed TYPE: a task with one input x of that type.
typed() {
	number=$((number + 1))
	jq -n --arg p "$PROJECT" --arg n "x$number" --argjson t "$1" "{id:
		{resource_type: \"TASK\", project: \$p, domain: \"$D\", name: \$n,
		version: \"v1\"}, spec: {template: {type: \"raw-container\",
		metadata: {}, interface: {inputs: {variables: {x: {type: \$t}}}},
		container: {image: \"busybox\", command: [\"true\"]}}}}" >body &&
	call 200 POST /api/v1/tasks @body
}

# given STATUS LITERAL...: what becomes of each as the input of that task.
given() {
	given_status=$1
	shift
	for literal; do
		jq -n --arg p "$PROJECT" --arg n "x$number" --argjson x "$literal" \
			"{project: \$p, domain: \"$D\", spec: {launch_plan:
			{resource_type: \"TASK\", project: \$p, domain: \"$D\",
			name: \$n, version: \"v1\"}}, inputs: {literals: {x: \$x}}}" \
			>body &&
		call "$given_status" POST /api/v1/executions @body || return 1
	done
}

# primitives STATUS JSON...
primitives() {
	primitives_status=$1
	shift
	for primitive; do
		given "$primitives_status" \
			"{\"scalar\":{\"primitive\":$primitive}}" || return 1
	done
}

BLOB='{"scalar":{"blob":{"uri":"s3://b/k","metadata":{"type":{"format":"FORMAT"}}}}}'

# blob FORMAT
blob() {
	echo "$BLOB" | sed "s/FORMAT/$1/"
}

test_expect_success 'integers' '
	start_cluster -run SUCCEEDED &&
	typed "{\"simple\":\"INTEGER\"}" &&
	primitives 200 "{\"integer\":7}" "{\"integer\":\"7\"}" \
		"{\"integer\":7.0}" "{\"integer\":\"-9223372036854775808\"}" &&
	primitives 400 "{\"integer\":7.5}" "{\"integer\":\"0x7\"}" \
		"{\"integer\":\"9223372036854775808\"}" "{\"float_value\":7}"
'

test_expect_success 'floats' '
	typed "{\"simple\":\"FLOAT\"}" &&
	primitives 200 "{\"float_value\":1.5}" "{\"float_value\":1}" \
		"{\"float_value\":\"1.5\"}" "{\"float_value\":\"NaN\"}" \
		"{\"float_value\":\"-Infinity\"}" &&
	primitives 400 "{\"integer\":1}" "{\"float_value\":\"one\"}"
'

test_expect_success 'texts and booleans' '
	typed "{\"simple\":\"STRING\"}" &&
	primitives 200 "{\"string_value\":\"\"}" "{\"string_value\":\"é\\n\"}" &&
	primitives 400 "{\"string_value\":1}" "{\"boolean\":true}" &&
	typed "{\"simple\":\"BOOLEAN\"}" &&
	primitives 200 "{\"boolean\":false}" &&
	primitives 400 "{\"boolean\":\"false\"}"
'

test_expect_success 'instants and durations' '
	typed "{\"simple\":\"DATETIME\"}" &&
	primitives 200 "{\"datetime\":\"2026-01-02T03:04:05.123456Z\"}" \
		"{\"datetime\":\"2026-01-02T03:04:05+02:00\"}" &&
	primitives 400 "{\"datetime\":\"2026-01-02\"}" \
		"{\"datetime\":\"2026-01-02T03:04:05\"}" &&
	typed "{\"simple\":\"DURATION\"}" &&
	primitives 200 "{\"duration\":\"5400.500s\"}" "{\"duration\":\"-1s\"}" &&
	primitives 400 "{\"duration\":\"1h\"}" "{\"duration\":5}"
'

test_expect_success 'objects and none' '
	typed "{\"simple\":\"STRUCT\"}" &&
	given 200 "{\"scalar\":{\"generic\":{\"a\":1,\"b\":[1,\"x\"],\"c\":{\"d\":null}}}}" \
		"{\"scalar\":{\"binary\":{\"value\":\"gKE=\",\"tag\":\"msgpack\"}}}" &&
	given 400 "{\"scalar\":{\"generic\":[1]}}" &&
	typed "{\"simple\":\"BINARY\"}" &&
	given 400 "{\"scalar\":{\"binary\":{\"value\":\"gKE=\",\"tag\":\"msgpack\"}}}" &&
	typed "{\"simple\":\"NONE\"}" &&
	given 200 "{\"scalar\":{\"none_type\":{}}}" &&
	primitives 400 "{\"integer\":1}"
'

test_expect_success 'blobs: the format counts, the dimensionality does not' '
	typed "{\"blob\":{\"format\":\"csv\",\"dimensionality\":\"MULTIPART\"}}" &&
	given 200 "$(blob csv)" "$(blob "")" &&
	given 400 "$(blob pq)"
'

test_expect_success 'lists and maps' '
	one="{\"scalar\":{\"primitive\":{\"integer\":1}}}" &&
	text="{\"scalar\":{\"primitive\":{\"string_value\":\"a\"}}}" &&
	typed "{\"collection_type\":{\"simple\":\"INTEGER\"}}" &&
	given 200 "{\"collection\":{\"literals\":[$one,$one]}}" \
		"{\"collection\":{\"literals\":[]}}" &&
	given 400 "$one" "{\"collection\":{\"literals\":[$one,$text]}}" &&
	typed "{\"map_value_type\":{\"simple\":\"STRING\"}}" &&
	given 200 "{\"map\":{\"literals\":{\"k1\":$text}}}" \
		"{\"map\":{\"literals\":{}}}" &&
	given 400 "{\"map\":{\"literals\":{\"k1\":$one}}}"
'

test_expect_success 'the values of an enum are not looked at' '
	typed "{\"enum_type\":{\"values\":[\"red\",\"blue\"]}}" &&
	primitives 200 "{\"string_value\":\"red\"}" "{\"string_value\":\"green\"}" &&
	primitives 400 "{\"integer\":1}"
'

test_expect_success 'unions: a variant by its tag, or bare' '
	int="{\"simple\":\"INTEGER\",\"structure\":{\"tag\":\"int\"}}" &&
	one="{\"scalar\":{\"primitive\":{\"integer\":1}}}" &&
	typed "{\"union_type\":{\"variants\":[$int,
		{\"simple\":\"NONE\",\"structure\":{\"tag\":\"none\"}}]}}" &&
	given 200 "{\"scalar\":{\"union\":{\"value\":$one,\"type\":$int}}}" \
		"$one" "{\"scalar\":{\"none_type\":{}}}" &&
	primitives 400 "{\"string_value\":\"1\"}"
'

test_expect_success 'schemas and structured datasets' '
	typed "{\"schema\":{\"columns\":[{\"name\":\"a\",\"type\":\"INTEGER\"}]}}" &&
	given 200 "{\"scalar\":{\"schema\":{\"uri\":\"s3://b/p\",\"type\":{\"columns\":[]}}}}" &&
	typed "{\"structured_dataset_type\":{\"format\":\"parquet\",\"columns\":[
		{\"name\":\"a\",\"literal_type\":{\"simple\":\"INTEGER\"}}]}}" &&
	dataset="{\"scalar\":{\"structured_dataset\":{\"uri\":\"s3://b/p\",
		\"metadata\":{\"structured_dataset_type\":{\"format\":\"FORMAT\"}}}}}" &&
	given 200 "$(echo "$dataset" | sed s/FORMAT/parquet/)" &&
	given 400 "$(echo "$dataset" | sed s/FORMAT/csv/)"
'

stop_cluster
test_done
