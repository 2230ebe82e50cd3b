#!/bin/sh
# The source keeps its own rules, and the checker of the rules works.
. "$(dirname "$0")/lib-test.sh"

test_expect_success 'make lint finds nothing' '
	make -s -C "$TOP" O="$BUILD" CC="${CC:-cc}" lint
'

test_expect_success 'a broken chain of a test is found' - <<\EOT
	cat >sample.t <<-\EOF &&
	test_expect_success 'one' '
		first
		second &&
		if third
		then
			fourth
		fi &&
		cat >file <<-\END &&
		not a command
		END
		echo "two
		lines"
		(
			fifth
			sixth
		) &&
		last
	'
	test_expect_success 'two' '
		first && (
	'
	test_expect_success 'three' 'first'
	EOF
	awk -f "$TOP/scripts/chainlint.awk" sample.t >got &&
	cat >want <<-\EOF &&
	sample.t:2: missing `&&`
	sample.t:12: missing `&&`
	sample.t:14: missing `&&`
	sample.t:19: syntax error in the commands of this test
	EOF
	test_cmp want got
EOT

test_expect_success 'faults of each kind are found' - <<\EOT
	mkdir -p tree/lib/base tree/lib/text tree/scripts tree/t &&
	cp "$TOP/scripts/lint" "$TOP/scripts/chainlint.awk" tree/scripts/ &&
	cp "$TOP/lib/LAYERS" tree/lib/ &&
	cp "$TOP/lib/base/compat.h" tree/lib/base/ &&
	cat >tree/lib/base/low.c <<-\EOF &&
	#include "lib/base/compat.h"
	#include "lib/text/high.h"
	#include <sqlite3.h>
	        int spaces;
	int f(void) { exit(1); }
	EOF
	cat >tree/lib/text/high.h <<-\EOF &&
	size_t needs_a_header;
	EOF
	echo "int blank; " >tree/lib/text/late.c &&
	awk "BEGIN { for (i = 0; i < 501; i++) print \"int a\" i \";\" }" \
		>tree/lib/text/long.c &&
	cat >tree/t/0001-x.t <<-\EOF &&
	#!/bin/sh
	if
	EOF
	test_must_fail 1 tree/scripts/lint >out &&
	test_grep "^lib/base/low.c:2: lib/base may not include" out &&
	test_grep "^lib/base/low.c:3: only lib/store may" out &&
	test_grep "^lib/base/low.c:4: indent by tabs" out &&
	test_grep "^lib/text/high.h:1:.*error: unknown type name" out &&
	test_grep "^lib/text/late.c:1: blanks at the end" out &&
	test_grep "^lib/text/long.c:501: over 500 lines" out &&
	test_grep "^t/0001-x.t:1: .*[Ss]yntax error" out &&
	test_grep "^t/0001-x.t:1: not executable" out
EOT

test_done
