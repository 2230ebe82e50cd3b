# A scheduler under a clock whose hands the test moves; after lib-schedule.sh.
# shellcheck shell=sh

HANDS=$PWD/hands
export UNIONML_TEST_NOW="@$HANDS"

# move_hands SECONDS: sets the clock, which nobody is told.
move_hands() {
	echo "$1" >hands.part &&
	mv hands.part hands
}

# hands SECONDS: sets the clock, and lets schedulers of `app` look at it.
hands() {
	move_hands "$1" &&
	if [ -d app/.unionml ]; then
		touch app/.unionml/wake
	fi
}

# hands_at HH:MM[:SS]: of 2026-01-01, a Thursday.
hands_at() {
	hands "$(date -u -d "2026-01-01 $1" +%s)"
}

# eventually SECONDS COMMAND...: tries it until it succeeds.
eventually() {
	tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		if [ "$tries" -le 0 ]; then
			echo "# never: $*"
			return 1
		fi
		sleep 0.05
	done
}

# start_scheduler NAME [OPTIONS]: one of `app`, with its log in NAME.log.
start_scheduler() {
	scheduler_name=$1
	shift
	unionml -C app scheduler "$@" >"$scheduler_name.log" \
		2>"$scheduler_name.err" &
	echo $! >"$scheduler_name.pid"
	eventually 20 grep -q " ready " "$scheduler_name.log"
}

# stop_scheduler NAME [SIGNAL]: its exit status is that of this.
stop_scheduler() {
	kill -s "${2:-TERM}" "$(cat "$1.pid")" &&
	wait "$(cat "$1.pid")"
}

# runs FILTER: a line for each run of `app`, as jq makes it of one.
runs() {
	unionml -C app runs --limit 100000 --json >runs.json &&
	jq -r ".[] | $1" runs.json
}
