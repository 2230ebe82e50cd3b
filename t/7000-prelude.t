#!/bin/sh
# The script under which a component runs on a cluster, in the layout that
# flyte-copilot was seen to make, under each shell that is there. What is run
# is what `compile --for flyte` prints, with directories of our own.
. "$(dirname "$0")/lib-test.sh"

command -v jq >/dev/null || test_skip_all "needs jq"

# container TASK DIR: runs the task of plan.json by $shell, DIR/in and DIR/out
# for /var/inputs and /var/outputs. Its output goes to DIR/log.
container() {
	pod=$2
	jq -r --arg name "$1" --arg dir "$PWD/$2" '
		.tasks[] | select(.id.name == $name) |
		.spec.template.container |
		((.env[] | "export " + ("\(.key)=\(.value)" | @sh)),
		"set -- " + ([.command[1:][], .args[]] | map(
			if . == "/var/inputs" then $dir + "/in"
			elif . == "/var/outputs" then $dir + "/out"
			else . end) | @sh))' plan.json >"$pod/start" &&
	(
		FLYTE_INTERNAL_EXECUTION_ID=r0123456789abcdef000
		FLYTE_INTERNAL_EXECUTION_WORKFLOW=p:development:every.train
		FLYTE_ATTEMPT_NUMBER=2
		export FLYTE_INTERNAL_EXECUTION_ID \
			FLYTE_INTERNAL_EXECUTION_WORKFLOW FLYTE_ATTEMPT_NUMBER
		. "$PWD/$pod/start" &&
		exec sh -c "echo \$\$ >pid; exec \"\$@\"" sh $shell "$@" \
			>"$pod/log" 2>&1
	)
}

# lay DIR: the directories of a pod, with the source of src/.
lay() {
	rm -rf "$1" &&
	mkdir -p "$1/in" "$1/out" &&
	tar -C src -cf - . | gzip >"$1/in/snapshot.tar.gz" &&
	echo "{}" >"$1/in/inputs.json" &&
	: >"$1/in/inputs.pb"
}

# reason DIR TEXT: what Flyte keeps.
reason() {
	tail -n 1 "$1/log" >"$1/last" &&
	echo "unionml: $2" >"$1/want" &&
	test_cmp "$1/want" "$1/last"
}

test_expect_success 'an app with every type of input' '
	mkdir src &&
	cat >src/unionml.yaml <<-\END &&
	name: every
	image: example.com/every:1
	env: {MONEY: "a$$b $(HOME) ${HOME} $x $é"}
	dataset:
	  reader:
	    inputs:
	      i: {type: integer}
	      f: {type: float}
	      s: {type: string}
	      b: {type: boolean}
	      t: {type: datetime}
	      d: {type: duration}
	      j: {type: json}
	      file: {type: file}
	      dir: {type: directory}
	      li: {type: list<integer>}
	      lf: {type: list<file>}
	      ld: {type: list<directory>}
	      ms: {type: map<string>}
	      md: {type: "map<list<directory>>"}
	    format: csv
	    command: [sh, show.sh, "{data}", "{i}", "{f}", "{s}", "{b}", "{t}",
	              "{d}", "{j}", "{file}", "{dir}", "{li}", "{lf}", "{ld}",
	              "{ms}", "{md}"]
	  splitter:
	    inputs: {word: {type: string}}
	    directory: true
	    command: [sh, split.sh, "{data}", "{train}", "{test}"]
	model:
	  hyperparameters:
	    C: {type: float, default: 1.0}
	    in: {type: integer, default: 1}
	  trainer:
	    inputs:
	      C: {type: string}
	    format: joblib
	    command: [sh, words.sh, "{model_object}", "two words", "", "*",
	              "{{i}}", "{{.inputs.C}}", "{{ .Inputs.C }}", "x{{{{y}}}}",
	              "$$", "$(HOME)", "$HOME", "a$$$(PATH)b", "$é", "`id`", "\"q\"",
	              "it\x27s", "two\nlines\n", "=x", "+=x", "<C", "--", "-n",
	              "--C={C}", "{C}{C}", "[{hyperparameters.C}]",
	              "{hyperparameters.in}", "{hyperparameters}", "{nobody}",
	              "{{C}}{C}", "{train}"]
	  evaluator:
	    command: |
	      # {{.inputs.data}} is no template here, nor is $(HOME)
	      test -z "$(cat)"
	      . ./act
	END
	cat >src/show.sh <<-\END &&
	out=$1
	shift
	for i in "$@"; do
		if [ -d "$i" ]; then
			(cd "$i" && find . ! -type d | sort | while read -r f; do
				echo "$f: $(cat "$f")"; done)
		else
			printf "<%s>\n" "$i"
		fi
	done >"$out"
	env | grep "^UNIONML_[^I]" | sort
	echo "$MONEY"
	pwd
	END
	cat >src/words.sh <<-\END &&
	out=$1
	shift
	printf "<%s>\n" "$@" >"$out"
	END
	cat >src/split.sh <<-\END &&
	mkdir -p "$2/a b/.hidden" "$2/empty" && echo 1 >"$2/a b/.hidden/x" &&
	echo 2 >"$2/y" && echo "$UNIONML_IN_word" >"$3/word"
	END
	echo : >src/act &&
	unionml -C src compile --for flyte -v v1 >plan.json
'

test_expect_success 'no argument is a template or a reference' '
	jq -r ".tasks[].spec.template.container | (.command, .args)[]" \
		plan.json >arguments &&
	test_grep ! "{{" arguments &&
	test_grep ! -F "\$\$" arguments &&
	test_grep ! -F "\$é" arguments &&
	test_grep ! "\$([A-Za-z_][A-Za-z0-9_]*)" arguments
'

test_expect_success 'one prelude for all' '
	jq -r "[.tasks[].spec.template.container.command] | unique | length" \
		plan.json >n &&
	echo 1 >one &&
	test_cmp one n &&
	jq -r ".tasks[0].spec.template.container.command[2]" plan.json |
		sed "\$d" >embedded &&
	sed 1d "$TOP/share/flyte/prelude.sh" >prelude &&
	test_cmp prelude embedded
'

# What Kubernetes makes of a value: its own escapes undone.
test_expect_success 'the environment is what was written' '
	jq -r ".tasks[0].spec.template.container.env[] |
		select(.key == \"MONEY\").value" plan.json >got &&
	echo "a\$\$\$b \$\$(HOME) \${HOME} \$x \$\$é" >want &&
	test_cmp want got
'

# archive FILE TEXT: a directory with that file, as a tar.gz without a name.
archive() {
	rm -rf tree && mkdir -p tree/sub && echo "$2" >"tree/sub/$1" &&
	tar -C tree -cf - . | gzip
}

lay_reader() {
	lay "$1" &&
	cd "$1/in" &&
	printf 9007199254740993 >i &&
	printf 1000000000000000000000 >f &&
	printf "two\nlines é \"q\" {i} \$(id)\n\n" >s &&
	printf true >b &&
	printf 2026-01-02T03:04:05.123456Z >t &&
	printf 1h30m0.5s >d &&
	printf "{\"a\":1}" >j &&
	echo bytes >file &&
	mkdir li lf ld ms md md/k md/.k &&
	printf 1 >li/0 && printf 2 >li/1 &&
	echo zero >lf/0 && echo one >lf/1 &&
	printf "v 1" >ms/k1 &&
	cd "$TRASH" &&
	archive one 1 >"$1/in/dir" &&
	archive two 2 >"$1/in/ld/0" &&
	archive three 3 >"$1/in/ld/1" &&
	archive four 4 >"$1/in/md/k/0" &&
	archive five 5 >"$1/in/md/.k/0"
}

lay_trainer() {
	lay "$1" &&
	printf "a \"b\"\n" >"$1/in/C" &&
	printf 0.1 >"$1/in/hyperparameters.C" &&
	printf 7 >"$1/in/hyperparameters.in" &&
	echo "{\"C\":0.1}" >"$1/in/hyperparameters" &&
	archive t 1 >"$1/in/train"
}

# lay_evaluator DIR COMMANDS: what it is to do.
lay_evaluator() {
	lay "$1" &&
	echo "$2" >act &&
	rm -rf tree && cp -R src tree && cp act tree &&
	tar -C tree -cf - . | gzip >"$1/in/snapshot.tar.gz" &&
	echo model >"$1/in/model_object" &&
	archive data 1 >"$1/in/data"
}

# fails STATUS REASON COMMANDS: how the evaluator ends that does that.
fails() {
	lay_evaluator pod "$3" &&
	test_expect_code "$1" container every.evaluator pod &&
	reason pod "evaluator: $2" &&
	test_path_missing pod/out/metrics
}

apostrophe=\'
for shell in dash bash "busybox sh"; do
	export shell
	have=${shell%% *}

	test_expect_success "$have" "$have: every type of input" '
		lay_reader pod &&
		container every.reader pod &&
		cat >want <<-END &&
		<9007199254740993>
		<1000000000000000000000>
		<two
		lines é "q" {i} \$(id)

		>
		<true>
		<2026-01-02T03:04:05.123456Z>
		<1h30m0.5s>
		<$PWD/pod/in/j>
		<$PWD/pod/in/file>
		./sub/one: 1
		./0: 1
		./1: 2
		./0: zero
		./1: one
		./0/sub/two: 2
		./1/sub/three: 3
		./k1: v 1
		./.k/0/sub/five: 5
		./k/0/sub/four: 4
		END
		test_cmp want pod/out/data &&
		cat >want <<-END &&
		UNIONML_APP_VERSION=v1
		UNIONML_ATTEMPT=3
		UNIONML_COMPONENT=reader
		UNIONML_OUT_data=$PWD/pod/out/.part/data.csv
		UNIONML_RUN_ID=r0123456789abcdef000
		UNIONML_WORKFLOW=train
		a\$\$\$b \$\$(HOME) \${HOME} \$x \$\$é
		$PWD/pod/in/.source
		END
		test_cmp want pod/log
	'

	test_expect_success "$have" "$have: words are words" '
		lay_trainer pod &&
		container every.trainer pod &&
		cat >want <<-END &&
		<two words>
		<>
		<*>
		<{i}>
		<{{.inputs.C}}>
		<{{ .Inputs.C }}>
		<x{{{y}}}>
		<\$\$>
		<\$(HOME)>
		<\$HOME>
		<a\$\$\$(PATH)b>
		<\$é>
		<\`id\`>
		<"q">
		<it${apostrophe}s>
		<two
		lines
		>
		<=x>
		<+=x>
		<<C>
		<-->
		<-n>
		<--C=a "b"
		>
		<a "b"
		a "b"
		>
		<[0.1]>
		<7>
		<$PWD/pod/in/hyperparameters>
		<{nobody}>
		<{C}a "b"
		>
		<$PWD/pod/in/train>
		END
		test_cmp want pod/out/model_object
	'

	test_expect_success "$have" "$have: directories come and go whole" '
		lay pod &&
		printf "1,2\n" >pod/in/data &&
		printf w >pod/in/word &&
		container every.splitter pod &&
		mkdir back &&
		test_when_finished "rm -rf back" &&
		gzip -dc <pod/out/train | tar -xf - -C back &&
		(cd back && find . | sort) >got &&
		cat >want <<-\END &&
		.
		./a b
		./a b/.hidden
		./a b/.hidden/x
		./empty
		./y
		END
		test_cmp want got &&
		gzip -dc <pod/out/test | tar -xOf - ./word >got &&
		echo w >want &&
		test_cmp want got
	'

	test_expect_success "$have" "$have: a script, and what it makes" '
		metrics="{\"accuracy\": 0.5, \"n\": 1}" &&
		lay_evaluator pod "
			ls \"\$UNIONML_IN_data\" &&
			cat \"\$UNIONML_IN_model_object\" &&
			echo ${apostrophe}$metrics${apostrophe} \
				>\"\$UNIONML_OUT_metrics\"" &&
		container every.evaluator pod &&
		echo "$metrics" >want &&
		test_cmp want pod/out/metrics &&
		printf "%s\n" sub model >want &&
		test_cmp want pod/log
	'

	test_expect_success "$have" "$have: any one extension will do" '
		lay_evaluator pod "echo {} >\"\$UNIONML_OUT_metrics.json\"" &&
		container every.evaluator pod &&
		echo {} >want &&
		test_cmp want pod/out/metrics &&
		fails 137 "made 2 files for its output \
${apostrophe}metrics${apostrophe}" "
			echo {} >\"\$UNIONML_OUT_metrics.json\"
			echo {} >\"\$UNIONML_OUT_metrics.txt\""
	'

	test_expect_success "$have" "$have: failures end with 137 and a reason" '
		metrics=${apostrophe}metrics${apostrophe} &&
		out="\"\$UNIONML_OUT_metrics\"" &&
		fails 137 "exit status 3" "echo {} >$out; exit 3" &&
		fails 137 "exit status 1" "false; echo no" &&
		fails 137 "killed by signal 9 (KILL)" "kill -9 \$\$" &&
		fails 137 "did not create its output $metrics" true &&
		fails 137 "its output $metrics is a directory, not a regular \
file" "mkdir $out" &&
		fails 137 "its output $metrics is a symbolic link, not a \
regular file" "ln -s /nowhere $out" &&
		fails 137 "its output $metrics is a special file, not a \
regular file" "mkfifo $out" &&
		fails 137 "its output $metrics is not a JSON object" \
			"echo 0.5 >$out" &&
		fails 137 "its output $metrics is not a JSON object" ": >$out"
	'

	test_expect_success "$have" "$have: 1024 bytes and no more" '
		out="\"\$UNIONML_OUT_metrics\"" &&
		pad="head -c 1022 /dev/zero | tr \"\\\\0\" \" \"" &&
		lay_evaluator pod "{ printf {; $pad; printf }; } >$out" &&
		container every.evaluator pod &&
		test 1024 -eq "$(wc -c <pod/out/metrics)" &&
		fails 137 "its output ${apostrophe}metrics${apostrophe} has \
more than 1024 bytes" "{ printf {; $pad; echo }; } >$out"
	'

	test_expect_success "$have" "$have: TERM goes on to the component" '
		lay_evaluator pod "trap \"echo told; kill \\\$p; exit 0\" TERM
			: >\"$PWD/ready\"; sleep 100 & p=\$!; wait" &&
		rm -f ready &&
		{ container every.evaluator pod & started=$!; } &&
		n=0 &&
		until test -e ready || test $n -gt 100
		do
			sleep 0.1 &&
			n=$((n + 1)) || return 1
		done &&
		test_path_is_file ready &&
		kill -TERM "$(cat pid)" &&
		test_expect_code 143 wait "$started" &&
		test_grep "^told$" pod/log &&
		reason pod "evaluator: stopped by a signal"
	'

	test_expect_success "$have" "$have: what copilot did not deliver" '
		lay_evaluator pod "echo {} >\"\$UNIONML_OUT_metrics\"" &&
		rm pod/in/inputs.json &&
		container every.evaluator pod &&
		lay_evaluator pod "echo {} >\"\$UNIONML_OUT_metrics\"" &&
		rm pod/in/inputs.* &&
		test_must_fail 1 container every.evaluator pod &&
		reason pod "evaluator: flyte-copilot did not deliver the \
inputs; its own log says why" &&
		lay_evaluator pod "echo {} >\"\$UNIONML_OUT_metrics\"" &&
		rm pod/in/model_object &&
		test_must_fail 1 container every.evaluator pod &&
		reason pod "evaluator: flyte-copilot did not deliver the \
input ${apostrophe}model_object${apostrophe}; its own log says why" &&
		lay_evaluator pod "echo {} >\"\$UNIONML_OUT_metrics\"" &&
		rm pod/in/snapshot.tar.gz &&
		test_must_fail 1 container every.evaluator pod &&
		reason pod "evaluator: flyte-copilot did not deliver the \
input ${apostrophe}snapshot.tar.gz${apostrophe}; its own log says why"
	'

	test_expect_success "$have" "$have: archives that are broken" '
		lay_evaluator pod "echo {} >\"\$UNIONML_OUT_metrics\"" &&
		gzip -dc <pod/in/snapshot.tar.gz | gzip >all &&
		head -c 200 all >pod/in/snapshot.tar.gz &&
		test_must_fail 1 container every.evaluator pod &&
		reason pod "evaluator: cannot unpack the source" &&
		lay_evaluator pod "echo {} >\"\$UNIONML_OUT_metrics\"" &&
		echo no archive >pod/in/data &&
		test_must_fail 1 container every.evaluator pod &&
		reason pod "evaluator: cannot make \
${apostrophe}$PWD/pod/in/data${apostrophe}"
	'

	test_expect_success "$have" "$have: a text too long for an argument" '
		lay_reader pod &&
		head -c 65536 /dev/zero | tr "\\0" x >pod/in/s &&
		container every.reader pod &&
		test "$(wc -c <pod/out/data)" -gt 65536 &&
		lay_reader pod &&
		head -c 65537 /dev/zero | tr "\\0" x >pod/in/s &&
		test_expect_code 137 container every.reader pod &&
		reason pod "reader: input ${apostrophe}s${apostrophe} is too \
long for an argument (at most 65536 bytes): declare it as a file" &&
		test_path_missing pod/out/data
	'
done

test_done
