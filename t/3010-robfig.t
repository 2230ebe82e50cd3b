#!/bin/sh
# Our next times against robfig/cron's own: 20,000 random expressions in UTC,
# and ten zones by its rule for them. What robfig answered is kept in 3010/;
# where Go and the module are there, it is asked again.
. "$(dirname "$0")/lib-test.sh"

ZONES="Europe/Berlin Europe/Dublin America/New_York America/Havana
	America/Sao_Paulo Asia/Beirut Asia/Kolkata Asia/Kathmandu
	Africa/Casablanca Australia/Lord_Howe"

# The zones as they were then, whatever this machine's say.
export TZDIR="$DATA/zoneinfo" ZONEINFO="$DATA/zoneinfo"

oracle() {
	"$BUILD/t/helper/oracle" "$@"
}

# The first answer for each of the first expressions.
rows() {
	awk -F " [|] " '$1 != last { print; last = $1 }' | head -n 60
}

# The one module that is fetched is known by its digest in go.sum.
build_robfig() {
	cp -R "$TEST_DIR/oracle" go &&
	(cd go && GOFLAGS=-modcacherw GOTOOLCHAIN=local \
		timeout 60 go build -o ../robfig .) >log 2>&1
}

test_expect_success 'UTC, 2000 to 2090: no difference' '
	oracle utc >utc &&
	test_cmp "$DATA/utc" utc
'

test_expect_success 'ten zones, 2005 to 2040: no difference' '
	oracle zones $ZONES >zones &&
	test_cmp "$DATA/zones" zones
'

test_expect_success 'some of them in full' '
	oracle -v utc >all &&
	rows <all >rows &&
	test_cmp "$DATA/rows" rows
'

test_expect_success 'before a skipped day robfig hangs, and we do not' '
	oracle zones Pacific/Apia >out &&
	test_line_count 10 out
'

if command -v go >/dev/null 2>&1 && build_robfig; then
	test_expect_success 'robfig still says so: UTC' '
		./robfig utc >utc &&
		test_cmp "$DATA/utc" utc
	'

	test_expect_success 'robfig still says so: ten zones' '
		./robfig zones $ZONES >zones &&
		test_cmp "$DATA/zones" zones
	'

	test_expect_success 'robfig still says so: some in full' '
		./robfig -v utc >all &&
		rows <all >rows &&
		test_cmp "$DATA/rows" rows
	'
else
	echo "# no Go, or no module: what robfig answered before must do"
fi

test_done
