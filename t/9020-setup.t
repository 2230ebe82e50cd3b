#!/bin/sh
# scripts/setup installs what is missing, says so, and else does nothing.
. "$(dirname "$0")/lib-test.sh"

# machine MISSING...: a PATH of fakes that all work, but for those missing.
machine() {
	rm -rf bin calls && mkdir bin &&
	for i in cc make prove git jq curl sqlite3 dot mandoc shellcheck dash ps \
		gcc clang valgrind bsdtar python3 openssl pkg-config; do
		ln -s /bin/true "bin/$i" || return 1
	done &&
	for i in sh env cat; do
		ln -s "$(command -v "$i")" "bin/$i" || return 1
	done &&
	printf '#!/bin/sh\necho 0\n' >bin/id &&
	printf '#!/bin/sh\necho "apt-get $*" >>"%s/calls"\n' "$TRASH" \
		>bin/apt-get &&
	printf '#!/bin/sh\necho "sudo $*" >>"%s/calls"\nexec "$@"\n' "$TRASH" \
		>bin/sudo &&
	chmod +x bin/id bin/apt-get bin/sudo &&
	for i; do
		rm "bin/$i" || return 1
	done
}

setup() {
	PATH="$TRASH/bin" CC=cc PKG_CONFIG='' "$TOP/scripts/setup" "$@"
}

test_expect_success 'nothing missing: silent, and apt-get is not called' '
	machine &&
	setup build test demo ci >out 2>&1 &&
	test_cmp /dev/null out &&
	test_path_missing calls
'

test_expect_success 'what is missing is told and installed' '
	machine jq dot &&
	setup test >out 2>err &&
	test_cmp /dev/null out &&
	echo "installing: jq graphviz" >want &&
	test_cmp want err &&
	cat >want <<-\EOF &&
	apt-get -q update
	apt-get -q -y --no-install-recommends install jq graphviz
	EOF
	test_cmp want calls
'

test_expect_success 'only of the sets asked for' '
	machine jq dot &&
	setup build ci &&
	test_path_missing calls
'

test_expect_success 'libraries are asked of pkg-config' '
	machine pkg-config &&
	printf "#!/bin/sh\ntest \"\$2\" != jansson\n" >bin/pkg-config &&
	chmod +x bin/pkg-config &&
	setup build 2>err &&
	echo "installing: libjansson-dev" >want &&
	test_cmp want err
'

test_expect_success 'without pkg-config all of them are wanted' '
	machine pkg-config &&
	setup build 2>err &&
	test_grep " pkg-config libyaml-dev libjansson-dev libsqlite3-dev" err
'

test_expect_success 'sudo serves who is not root' '
	machine jq &&
	printf "#!/bin/sh\necho 1000\n" >bin/id &&
	setup test &&
	test_grep "^sudo env DEBIAN_FRONTEND=noninteractive apt-get .* jq$" \
		calls
'

test_expect_success 'neither root nor sudo: the command to run is told' '
	machine jq sudo &&
	printf "#!/bin/sh\necho 1000\n" >bin/id &&
	test_must_fail 1 setup test 2>err &&
	test_grep "^  apt-get install jq$" err &&
	test_path_missing calls
'

test_expect_success 'without apt-get the names are told' '
	machine jq apt-get &&
	test_must_fail 1 setup test 2>err &&
	test_grep "please install.*: jq$" err
'

test_expect_success 'a failing apt-get fails it' '
	machine jq &&
	printf "#!/bin/sh\nexit 100\n" >bin/apt-get &&
	test_must_fail 100 setup test
'

test_expect_success 'an unknown set is an error' '
	machine &&
	test_must_fail 2 setup everything 2>err &&
	test_grep "no set .everything.: build, test, demo, ci" err
'

test_done
