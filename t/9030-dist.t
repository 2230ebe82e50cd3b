#!/bin/sh
# What a packager does: takes the archive of a release, builds it by `make`
# alone, installs below DESTDIR, and runs what is there.
. "$(dirname "$0")/lib-test.sh"

if ! git -C "$TOP" rev-parse --verify -q HEAD >/dev/null 2>&1; then
	test_skip_all 'needs a git tree'
fi
version=$("$BUILD/unionml" version | sed 's/.* //')
source=$TRASH/unionml-$version

# A build that calls one of these would need the network, or its own history.
mkdir bin
for i in git curl wget apt-get sudo pip pip3 python3; do
	printf '#!/bin/sh\necho "%s $*" >>"%s/calls"\nexit 1\n' "$i" "$TRASH" \
		>"bin/$i" && chmod +x "bin/$i"
done

packager_make() {
	PATH=$TRASH/bin:$PATH make -s -C "$source" CFLAGS=-O0 "$@"
}

test_expect_success 'the archive is the same each time' '
	make -s -C "$TOP" dist DIST="$TRASH/one.tar.gz" &&
	make -s -C "$TOP" dist DIST="$TRASH/two.tar.gz" &&
	cmp one.tar.gz two.tar.gz
'

test_expect_success 'all of it is below the name and version' '
	tar -tzf one.tar.gz >members &&
	test_grep ! -v "^unionml-$version/" members &&
	for i in Makefile LICENSE README.md CONTRIBUTING.md CHANGELOG.md
	do
		test_grep "^unionml-$version/$i\$" members || return 1
	done &&
	tar -xzf one.tar.gz &&
	test_path_missing "$source/.git"
'

test_expect_success 'make alone builds it, without git and the network' '
	packager_make >out 2>&1 &&
	test_cmp /dev/null out &&
	test_path_missing calls &&
	"$source/build/unionml" version >got &&
	unionml version >want &&
	test_cmp want got
'

test_expect_success 'install goes below DESTDIR and builds nothing anew' '
	packager_make install DESTDIR="$TRASH/root" PREFIX=/usr >out 2>&1 &&
	test_cmp /dev/null out &&
	test_path_missing calls &&
	find root -type f ! -path "root/usr/*" >elsewhere &&
	test_cmp /dev/null elsewhere &&
	test_path_is_file root/usr/share/man/man1/unionml.1
'

test_expect_success 'what was installed trains and predicts' '
	PATH=$TRASH/root/usr/bin:$PATH &&
	test "$(command -v unionml)" = "$TRASH/root/usr/bin/unionml" &&
	unionml init -t shell line &&
	unionml -C line train &&
	unionml -C line predict -p labeled=false -p rows=3 >got &&
	test_line_count 1 got
'

test_expect_success 'uninstall leaves no file' '
	packager_make uninstall DESTDIR="$TRASH/root" PREFIX=/usr &&
	find root -type f >left &&
	test_cmp /dev/null left
'

test_expect_success 'libraries that are missing are named' '
	test_must_fail 2 packager_make O="$TRASH/none" PKG_CONFIG=false \
		>out 2>err &&
	test_grep "^  jansson is missing$" err &&
	test_grep "scripts/setup build" err &&
	test_path_missing none
'

test_done
