# Apps for tests to run; after lib-test.sh.
# shellcheck shell=sh

# make_shell_app DIR: the `shell` template, as `unionml init` would make it.
make_shell_app() {
	mkdir -p "$1" && cp -R "$TOP/share/templates/shell/." "$1"
}

# make_basic_app DIR: the `basic` template, without its Python environment.
make_basic_app() {
	mkdir -p "$1" && cp -R "$TOP/share/templates/basic/." "$1"
}

# make_tiny_app DIR WORD: an app whose model tells the word, where and as what
# it ran, and whose metric is the reader's number.
make_tiny_app() {
	mkdir -p "$1" &&
	cat >"$1/unionml.yaml" <<-\END &&
	name: tiny
	dataset:
	  reader:
	    inputs: {score: {type: float, default: 1}}
	    command: [sh, code.sh, reader, "{score}", "{data}"]
	model:
	  trainer:
	    command: [sh, code.sh, trainer, "{train}", "{model_object}"]
	  evaluator:
	    command: [sh, code.sh, evaluator, "{data}", "{metrics}"]
	  predictor:
	    command: [sh, code.sh, predictor, "{model_object}",
	              "{predictions}"]
	END
	cat >"$1/code.sh" <<-END
	set -eu
	case \$1 in
	reader) echo "\$2" >"\$3" ;;
	trainer) printf "%s\n" "$2" "\$PWD" "\$UNIONML_APP_DIR" \\
		"\$UNIONML_APP_VERSION" >"\$3" ;;
	evaluator) echo "{\"score\": \$(cat "\$2")}" >"\$3" ;;
	predictor) sed 1q "\$2" >"\$3" ;;
	esac
	END
}

# make_timed_app DIR SCHEDULE...: an app for schedules, each a line of YAML.
# Beside its app file each run adds `KICKOFF VERSION` to `ran`, fails if `bad`
# has its beginning, and waits while there is a file `hold`.
make_timed_app() {
	mkdir -p "$1" &&
	cat >"$1/unionml.yaml" <<-\END &&
	name: timed
	dataset:
	  reader:
	    inputs: {time: {type: datetime, default: now}}
	    command: [sh, code.sh, reader, "{time}", "{data}"]
	model:
	  trainer:
	    command: [sh, code.sh, trainer, "{train}", "{model_object}"]
	  evaluator:
	    command: [sh, code.sh, evaluator, "{metrics}"]
	  predictor:
	    command: [sh, code.sh, predictor, "{features}", "{predictions}"]
	schedules:
	END
	cat >"$1/code.sh" <<-\END &&
	set -eu
	case $1 in
	reader)
		echo "$2 $UNIONML_APP_VERSION" >>"$UNIONML_APP_DIR/ran"
		while test -e "$UNIONML_APP_DIR/hold"; do sleep 0.05; done
		if echo "$2" | grep -f "$UNIONML_APP_DIR/bad" 2>/dev/null; then
			exit 1
		fi
		echo "$2" >"$3" ;;
	evaluator) echo "{\"score\": 1}" >"$2" ;;
	*) cp "$2" "$3" ;;
	esac
	END
	make_timed_dir=$1 &&
	shift &&
	printf "  %s\n" "$@" >>"$make_timed_dir/unionml.yaml"
}
