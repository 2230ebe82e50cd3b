# A Flyte cluster for tests, after lib-test.sh: the one of t/flyte, or with
# UNIONML_TEST_FLYTE_URL a real one. A script that needs it says
#	need_cluster
# at its top, start_cluster in its first assertion and stop_cluster before
# test_done. Prerequisite OWN_CLUSTER: what a real cluster does not let us do.
#
# After start_cluster: $FLYTE is its URL, $PROJECT a project in it that is
# ours alone; with our own cluster $FLYTE_LOG has a line of JSON for each
# request (method, path, query, auth, body, status).
# shellcheck shell=sh

cluster_program=$BUILD/t/flyte/flyte
cluster_pid=
if [ -z "$test_flyte_url" ]; then
	OWN_CLUSTER() {
		:
	}
fi

need_cluster() {
	if [ -z "$test_flyte_url" ] && ! [ -x "$cluster_program" ]; then
		test_skip_all "no Flyte test cluster (scripts/build-flyte)"
	fi
}

# start_cluster [OPTION...]: options of t/flyte (its -h); without -projects
# there is "demo". It ends with this script, whatever becomes of that, for
# then its stdin is closed.
start_cluster() {
	FLYTE_LOG=$TRASH/requests
	if [ -n "$test_flyte_url" ]; then
		FLYTE=$test_flyte_url PROJECT=unionml-t-$(date +%s)-$$
		call 200 POST /api/v1/projects \
			"{\"project\":{\"id\":\"$PROJECT\",\"name\":\"$PROJECT\"}}"
		return
	fi
	# shellcheck disable=SC2034
	PROJECT=demo
	rm -f cluster.in cluster.url "$FLYTE_LOG.seen" &&
	mkfifo cluster.in || return 1
	"$cluster_program" -projects demo -log "$FLYTE_LOG" "$@" \
		<cluster.in >cluster.url 2>cluster.err &
	cluster_pid=$!
	exec 9>cluster.in
	cluster_try=0
	while ! [ -s cluster.url ] && [ "$cluster_try" -lt 500 ] &&
		kill -0 "$cluster_pid" 2>/dev/null; do
		sleep 0.02
		cluster_try=$((cluster_try + 1))
	done
	FLYTE=$(head -n 1 cluster.url)
	if [ -z "$FLYTE" ]; then
		echo "the cluster did not start" >&2
		cat cluster.err >&2
		return 1
	fi
}

stop_cluster() {
	if [ -n "$cluster_pid" ]; then
		exec 9>&-
		wait "$cluster_pid"
		cluster_pid=
	fi
}

# fixture NAME [FILTER]: $DATA/NAME.json as the body of a request, in our
# project and changed by jq.
fixture() {
	# shellcheck disable=SC2016
	jq --arg project "$PROJECT" \
		'(.. | .project? // empty) = $project | '"${2:-.}" \
		"$DATA/$1.json"
}

# check_document FILE: whether our cluster, empty, takes {"tasks": [...],
# "workflows": [...], "launch_plans": [...]}, whose members are bodies of
# requests; it names what is refused. Any project and domain will do.
check_document() {
	"$cluster_program" -check <"$1"
}

# call STATUS METHOD PATH [BODY [CURL-OPTION...]]: a request whose answer has
# that status; it goes to the file `answer`, its headers to `headers`. A BODY
# of `-` is none.
call() {
	call_want=$1 call_method=$2 call_path=$3 call_body=${4:--}
	shift 3
	if [ $# -gt 0 ]; then
		shift
	fi
	if [ "$call_body" != - ]; then
		set -- --data-binary "$call_body" "$@"
	fi
	call_got=$(curl -sS -o answer -D headers -w '%{http_code}' \
		-X "$call_method" -H 'Accept: application/json' \
		-H 'Content-Type: application/json' "$@" "$FLYTE$call_path") ||
		return 1
	if [ "$call_got" != "$call_want" ]; then
		echo "expected status $call_want, got $call_got:" \
			"$call_method $call_path" >&2
		cat answer >&2
		return 1
	fi
}

# refused STATUS CODE TEXT METHOD PATH [BODY]: the error of that gRPC code
# whose message has TEXT in it. White space in messages varies.
# shellcheck disable=SC2016
refused() {
	refused_status=$1 refused_code=$2 refused_text=$3
	shift 3
	call "$refused_status" "$@" &&
	test_jq answer '.code == $code and
		(.message | gsub("[\\s\u00a0]+"; " ") | contains($text))' \
		--argjson code "$refused_code" --arg text "$refused_text"
}

# fault RULE: one rule, or a list of them, of how requests go wrong:
#	{"method": "GET", "path": REGEX, "nth": 1, "count": 1, "do": KIND, ...}
# The first nth - 1 requests that match pass, the next count (-1: all) do not.
# KIND and what belongs to it:
#	status	"status", "headers", "body": that answer
#	html	a page of some proxy ("status", else 200)
#	expired	401, as of a token that is too old
#	reset, close, garbage, hang	no answer, a broken one, never one
#	cut	the answer ends after "bytes", "length" tells that many more
#	drip	a byte each "delay", "delay": all that much later
#	whole	a Range is overlooked, note: nothing, but it is told (noted)
# With "after": true the request is carried out before its answer is lost;
# cut, length and drip always do so. no_faults ends them all.
fault() {
	call 200 POST /_test/faults "$1"
}

no_faults() {
	call 200 DELETE /_test/faults
}

# fault_fired COUNT: waits until so many requests were spoilt since no_faults.
# With "hang" and "after" a client can be killed at that very request.
fault_fired() {
	for fault_try in $(seq 400); do
		call 200 GET /_test/faults || return 1
		if [ "$(jq .fired answer)" -ge "$1" ]; then
			return 0
		fi
		sleep 0.025
	done
	echo "no fault in $fault_try tries" >&2
	return 1
}

# The cluster's clock: set_clock TIME stops it there, advance_clock DURATION
# (30s, 2h) moves it on by way of all that the scheduler does meanwhile.
set_clock() {
	call 200 POST /_test/clock "{\"now\":\"$1\",\"frozen\":true}"
}

advance_clock() {
	call 200 POST /_test/clock "{\"advance\":\"$1\",\"frozen\":true}"
}

# scheduler poll|stop|start|hold|release: look for changes now, stop, start
# again and catch up, fire nothing (as while admin is down), fire again. It
# needs start_cluster -scheduler INTERVAL.
scheduler() {
	call 200 POST /_test/scheduler "{\"action\":\"$1\"}"
}

# run_as process|no|PHASE: what becomes of the executions created from now on:
# they are run, stay queued, or are in that phase at once.
run_as() {
	call 200 POST /_test/run "{\"way\":\"$1\"}"
}

# past_runs JSON: adds runs that are over, {"project", "domain",
# "launch_plan", "version", "count", "from": TIME, "every": DURATION,
# "duration": DURATION, "phase", "manual": true}, named as their slots are.
past_runs() {
	call 200 POST /_test/executions "$1"
}

# make_cluster_app DIR: an app for the cluster, in our project, its schedules
# from stdin, a line each: `nightly: {...}`. Behind `--` come lines of the app
# file itself.
make_cluster_app() {
	mkdir -p "$1" &&
	printf "admin: {endpoint: \"%s\", insecure: true}\n" "$FLYTE" \
		>"$1/flyte.yaml" &&
	cat >"$1/unionml.yaml.part" <<-END &&
	name: a
	image: local/none:1
	dataset:
	  reader:
	    inputs: {n: {type: integer, default: 3}}
	    command: [sh, code.sh, reader, "{n}", "{data}"]
	model:
	  hyperparameters: {C: {type: float, default: 1}}
	  trainer: {command: [sh, code.sh, trainer, "{train}", "{model_object}"]}
	  predictor: {command: [sh, code.sh, predictor, "{features}",
	    "{predictions}"]}
	targets:
	  there: {type: flyte, config: flyte.yaml, project: $PROJECT,
	    domain: development}
	default_target: there
	END
	awk '/^--$/ { top = 1; next }
		top { print; next }
		!any++ { print "schedules:" }
		{ print "  " $0 }' >>"$1/unionml.yaml.part" &&
	mv "$1/unionml.yaml.part" "$1/unionml.yaml" &&
	cat >"$1/code.sh" <<-\END
	set -eu
	case $1 in
	reader) seq "$2" >"$3" ;;
	*) cp "$2" "$3" ;;
	esac
	END
}

# new_requests: the lines of $FLYTE_LOG since this was called last.
new_requests() {
	cat "$FLYTE_LOG" >"$FLYTE_LOG.now" &&
	touch "$FLYTE_LOG.seen" &&
	tail -n +$(($(wc -l <"$FLYTE_LOG.seen") + 1)) "$FLYTE_LOG.now" &&
	mv "$FLYTE_LOG.now" "$FLYTE_LOG.seen"
}

# registered COLLECTION [FILTER]: what jq makes of each object of our project,
# sorted; else its name and version.
registered() {
	call 200 GET "/api/v1/$1/$PROJECT/development?limit=9999" >&2 &&
	jq -r ".$1[] | ${2:-\"\\(.id.name) \\(.id.version)\"}" answer |
	LC_ALL=C sort
}
