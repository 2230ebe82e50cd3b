# Apps with schedules for tests, and a clock; after lib-test.sh.
# shellcheck shell=sh

# make_app DIR: an app that trains and predicts, its schedules from stdin, a
# line each: `nightly: {...}`. Behind `--` come lines of the app file itself.
make_app() {
	mkdir -p "$1" &&
	cat >"$1/unionml.yaml.part" <<-\END &&
	name: a
	dataset:
	  reader:
	    inputs: {time: {type: datetime, default: now}}
	    command: [cp, unionml.yaml, "{data}"]
	model:
	  hyperparameters: {C: {type: float, default: 1}}
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	  predictor: {command: [cp, "{features}", "{predictions}"]}
	END
	awk '/^--$/ { top = 1; next }
		top { print; next }
		!any++ { print "schedules:" }
		{ print "  " $0 }' >>"$1/unionml.yaml.part" &&
	mv "$1/unionml.yaml.part" "$1/unionml.yaml"
}

# at HH:MM: that time of 2026-01-01, a Thursday, for the program.
at() {
	test_set_now "$(date -u -d "2026-01-01 $1" +%s)"
}

# listed FILTER: a line for each schedule of `app`, as jq makes it of one.
listed() {
	unionml -C app schedule list --json >list.json &&
	jq -r ".[] | $1" list.json
}

# states: name, state, version and drift of each.
states() {
	listed '"\(.name) \(.state) \(.version) \(.drift)"'
}

# is_states WANT: that they are so.
is_states() {
	printf '%s\n' "$1" >want.states &&
	states >got.states &&
	test_cmp want.states got.states
}
