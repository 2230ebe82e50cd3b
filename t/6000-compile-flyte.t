#!/bin/sh
# unionml compile --for flyte: what deploy would send, byte for byte.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

command -v jq >/dev/null || test_skip_all "needs jq"
cluster=$BUILD/t/flyte/flyte
prelude='"# Runs a component of unionml.*"'

# same GOLDEN FILE: but for the text of the prelude and what hangs on it.
same() {
	sed -e "s/^\\( *\\)$prelude/\\1\"PRELUDE\"/" \
		-e 's/"v1-[0-9a-f]\{7\}"/"v1-HASH"/' "$2" >got &&
	test_cmp "$DATA/$1" got
}

test_expect_success 'an app with all that there is' '
	mkdir everything foreign &&
	cp "$DATA/everything.yaml" everything/unionml.yaml &&
	unionml -C everything compile --for flyte -v v1 >out 2>err &&
	test_line_count 0 err &&
	same everything.json out
'

test_expect_success 'schedules of what something else registered' '
	cp "$DATA/foreign.yaml" foreign/unionml.yaml &&
	unionml -C foreign compile --for flyte -v v1 >out &&
	same foreign.json out
'

for i in basic shell r c; do
	test_expect_success "the template $i" '
		unionml -q init -t '$i' app-'$i' &&
		unionml -C app-'$i' compile --for flyte -v v1 >out &&
		same '$i'.json out
	'
done

test_expect_success "$cluster" 'a cluster takes all of it' '
	unionml -C everything compile --for flyte -v v1 | "$cluster" -check &&
	for i in basic shell r c
	do
		printf "%s\n" targets: "  x: {type: flyte, project: p, domain: \
development}" >>app-$i/unionml.yaml &&
		unionml -C app-$i compile --for flyte | "$cluster" -check ||
		return 1
	done
'

test_expect_success 'the same bytes, pretty or not as --json is given' '
	unionml -C everything compile --for flyte -v v1 >a &&
	unionml -C everything --json compile --for flyte -v v1 >b &&
	cp -R everything copy &&
	unionml -C copy compile --for flyte -v v1 >c &&
	cmp a b &&
	cmp a c
'

test_expect_success 'options that do not go together' '
	test_must_fail 2 unionml -C everything compile --for flyte \
		--graph dot &&
	test_must_fail 2 unionml -C everything compile -v 1 &&
	test_must_fail 2 unionml -C everything compile --for local -v 1 &&
	test_must_fail 2 unionml -C everything compile --for flyte -v a/b \
		2>err &&
	test_grep "a/b" err &&
	unionml -C everything compile --for local >local &&
	unionml -C everything compile >plan &&
	cmp plan local
'

test_expect_success 'which cluster is meant' '
	unionml -C everything -t other compile --for flyte -v v1 >out &&
	test_jq out "[.. | .domain? | select(. != null)] | unique ==
		[\"production\"]" &&
	test_jq out "[.launch_plans[].id.name] | contains(
		[\"everything.weekly\"])" &&
	test_jq out "[.launch_plans[].id.name] |
		any(. == \"everything.pinned\") | not" &&
	test_jq out "[.. | .security_context? | select(. != null) |
		.run_as | select(. != null)] == []" &&
	test_must_fail 3 unionml -C everything -t local compile --for flyte \
		2>err &&
	test_grep "of type local, not flyte" err &&
	test_must_fail 3 unionml -C everything -t nope compile --for flyte \
		2>err &&
	test_grep "no target .nope." err &&
	mkdir two &&
	sed "/^default_target/d" everything/unionml.yaml >two/unionml.yaml &&
	test_must_fail 3 unionml -C two compile --for flyte 2>err &&
	test_grep "declares 2 targets of type flyte" err &&
	test_grep "unionml -t other compile --for flyte" err
'

test_expect_success 'project and domain from the environment' '
	PROJECT=acme unionml -C everything compile --for flyte -v v1 >out &&
	test_jq out "[.. | .project? | select(. != null)] | unique ==
		[\"acme\"]" &&
	test_jq out ".workflows[0].id.version == \"v1\"" &&
	PROJECT=a/b test_must_fail 3 unionml -C everything compile \
		--for flyte 2>err &&
	test_grep "targets.staging.project: .a/b. is no name" err
'

versions() {
	jq -r '.tasks[0], .workflows[0], .launch_plans[0] | .id.version' "$1"
}

test_expect_success 'a version of its own for what else is in a spec' '
	make_tiny_app tiny word &&
	sed -i "1a image: \"\${IMAGE}\"" tiny/unionml.yaml &&
	test_must_fail 3 unionml -C tiny compile --for flyte 2>err &&
	test_grep "dataset.reader.image: .IMAGE. is not set" err &&
	IMAGE=a unionml -C tiny compile --for flyte -v v1 >a &&
	IMAGE=b unionml -C tiny compile --for flyte -v v1 >b &&
	IMAGE=a unionml -C tiny compile --for flyte -v v1 >again &&
	cmp a again &&
	versions a >got &&
	test_grep ! -v "^v1-[0-9a-f]\{7\}$" got &&
	test_line_count 3 got &&
	versions b | cat - got | sort -u >both &&
	test_line_count 6 both &&
	sed -i "s/^image: .*/image: a/" tiny/unionml.yaml &&
	unionml -C tiny compile --for flyte -v v1 >plain &&
	versions plain | sort -u >got &&
	echo v1 >want &&
	test_cmp want got
'

test_expect_success 'the suffix is of the body with the bare version' '
	IMAGE=a unionml -C tiny compile --for flyte -v v1 >plain &&
	version=$(jq -r ".tasks[1].id.version" a) &&
	hash=$(jq -cj ".tasks[1]" a | sed "s/$version/v1/g" | sha256sum |
		cut -c 1-7) &&
	test "$version" = "v1-$hash"
'

test_expect_success 'an app file that is not in the source' '
	mkdir -p outside/src &&
	cp tiny/code.sh outside/src &&
	sed "1a source: src" tiny/unionml.yaml >outside/unionml.yaml &&
	unionml -C outside compile --for flyte -v v1 >got &&
	versions got >v &&
	test_grep ! -v "^v1-[0-9a-f]\{7\}$" v &&
	sed -i "s/^source: .*/source: none/" outside/unionml.yaml &&
	unionml -C outside compile --for flyte -v v1 >got &&
	versions got >v &&
	test_grep ! -v "^v1-[0-9a-f]\{7\}$" v &&
	test_grep ! snapshot got
'

test_expect_success 'the version is what deploy calls the source' '
	unionml -C tiny compile --for flyte >out &&
	want=$(unionml -C tiny deploy --dry-run --json | jq -r .version) &&
	test_jq out ".workflows[0].id.version == \$want" --arg want "$want"
'

test_expect_success git 'of a commit, and of changes to it' '
	git -C tiny init -q &&
	git -C tiny add . &&
	git -C tiny -c user.name=x -c user.email=x commit -qm one &&
	unionml -C tiny compile --for flyte >out &&
	want=$(git -C tiny rev-parse HEAD | cut -c 1-12) &&
	test_jq out ".workflows[0].id.version == \$want" --arg want "$want" &&
	echo >>tiny/code.sh &&
	unionml -C tiny compile --for flyte >out &&
	want=$(unionml -C tiny deploy --allow-uncommitted -n --json |
		jq -r .version) &&
	test_jq out ".workflows[0].id.version == \$want" --arg want "$want" &&
	test_jq out ".workflows[0].id.version | test(\"-d[0-9a-f]{7}$\")"
'

test_expect_success 'what Flyte cannot take is refused' '
	cp "$TEST_DIR/1020/cannot.yaml" . &&
	test_must_fail 3 unionml --file cannot.yaml -t staging \
		compile --for flyte >out 2>err &&
	test_line_count 0 out &&
	test_grep "schedules.scoring.model: .latest. cannot be kept" err &&
	test_grep "(target staging)" err &&
	test_grep ! production err &&
	test_grep ! warning err &&
	cp "$TEST_DIR/1020/imageless.yaml" . &&
	test_must_fail 3 unionml --file imageless.yaml compile \
		--for flyte 2>err &&
	test_grep "dataset.reader: no image" err
'

test_done
