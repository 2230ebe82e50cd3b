#!/bin/sh
# make install puts everything below DESTDIR and PREFIX, and uninstall takes it
# away again. Nothing is built here: the flags of other tests stay.
. "$(dirname "$0")/lib-test.sh"

install_make() {
	make -s -C "$TOP" O="$BUILD" -o "$BUILD/unionml" \
		DESTDIR="$TRASH/a root" PREFIX=/opt/x "$@"
}

test_expect_success 'install' '
	install_make install >out 2>&1 &&
	test_cmp /dev/null out &&
	cmp "$BUILD/unionml" "a root/opt/x/bin/unionml" &&
	test -x "a root/opt/x/bin/unionml" &&
	"a root/opt/x/bin/unionml" version
'

test_expect_success 'the program brings its templates along' '
	"a root/opt/x/bin/unionml" init -t shell line &&
	unionml -C line check
'

test_expect_success 'each manual page is in its section' '
	for i in "$TOP"/man/*.[15]
	do
		test -e "$i" || continue
		cmp "$i" "a root/opt/x/share/man/man${i##*.}/${i##*/}" ||
			return 1
	done
'

test_expect_success 'files for all to read, only the program to run' '
	find "a root" -type f ! -perm -444 >unreadable &&
	test_cmp /dev/null unreadable &&
	find "a root" -type f -perm -100 >runnable &&
	echo "a root/opt/x/bin/unionml" >want &&
	test_cmp want runnable
'

test_expect_success 'uninstall leaves no file' '
	install_make uninstall >out 2>&1 &&
	test_cmp /dev/null out &&
	find "a root" -type f >left &&
	test_cmp /dev/null left &&
	test_path_missing "a root/opt/x/share/unionml"
'

test_expect_success 'uninstall is content when there is nothing' '
	install_make uninstall
'

test_done
