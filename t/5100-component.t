#!/bin/sh
# What a component is given and what it must give back.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

# latest APP: the directory of its newest run.
latest() {
	echo "$1/.unionml/runs/$(unionml -C "$1" runs --json --limit 1 |
		jq -r '.[0].id')"
}

test_expect_success 'placeholders in an argument vector' '
	mkdir argv && cat >argv/unionml.yaml <<-\END &&
	name: argv
	dataset:
	  reader:
	    inputs:
	      i: {type: integer, default: 7}
	      s: {type: string, default: "two words; $(date) `x` \"q\" {i}"}
	      e: {type: string, default: ""}
	    format: csv
	    command: [sh, show.sh, "{data}", "{i}", "{s}", "{e}", "[{i}{e}]",
	              "{{i}}", "{print $1}", "{}", "{nobody}", "{i", "$HOME",
	              "x{i}y{i}z", "*", 12, 1.10]
	model:
	  hyperparameters: {C: {type: float, default: 1.0}}
	  trainer:
	    command: [sh, show.sh, "{model_object}", "{train}",
	              "{hyperparameters}", "{hyperparameters.C}"]
	END
	cat >argv/show.sh <<-\END &&
	out=$1
	shift
	printf "<%s>\n" "$@" >"$out"
	END
	unionml -C argv -q train >out &&
	dir=$PWD/$(latest argv) &&
	cat >want <<-\END &&
	<7>
	<two words; $(date) `x` "q" {i}>
	<>
	<[7]>
	<{i}>
	<{print $1}>
	<{}>
	<{nobody}>
	<{i>
	<$HOME>
	<x7y7z>
	<*>
	<12>
	<1.10>
	END
	test_cmp want "$dir/reader/out/data.csv" &&
	cat >want <<-END &&
	<$dir/trainer/in/train.csv>
	<$dir/trainer/in/hyperparameters>
	<1>
	END
	test_cmp want "$dir/trainer/out/model_object"
'

test_expect_success 'values as flyte-copilot would write them' '
	mkdir -p types/dir/sub && cat >types/unionml.yaml <<-\END &&
	name: types
	dataset:
	  reader:
	    inputs:
	      i:    {type: integer, default: -9007199254740993}
	      big:  {type: float, default: 1e21}
	      tiny: {type: float, default: 1e-7}
	      f:    {type: float, default: 0.1}
	      one:  {type: float, default: 1}
	      s:    {type: string, default: "two\nlines \u00e9 "}
	      e:    {type: string, default: ""}
	      b:    {type: boolean, default: true}
	      t:    {type: datetime, default: 2026-01-02T04:04:05.123456+01:00}
	      d:    {type: duration, default: 1h30m0.5s}
	      ms:   {type: duration, default: 500ms}
	      day:  {type: duration, default: 1d}
	      iso:  {type: duration, default: PT1M}
	      j:    {type: json, default: {a: 1, b: [1, x], c: {d: null},
	             e: 1e21, f: 0.1}}
	      li:   {type: list<integer>, default: [1, 2]}
	      le:   {type: list<string>, default: []}
	      ll:   {type: "list<list<float>>", default: [[1, 0.5], []]}
	      ma:   {type: map<string>, default: {k1: v1, k-2: ""}}
	      file: {type: file}
	      dir:  {type: directory}
	      lf:   {type: list<file>}
	      md:   {type: map<directory>}
	    command: [sh, copy.sh, "{data}", "{s}", "{j}", "{li}", "{ma}",
	              "{file}", "{dir}", "{ll}"]
	model:
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	END
	cat >types/copy.sh <<-\END &&
	set -eu
	cp -RL "$(dirname "$3")" "$UNIONML_APP_DIR/../in"
	env | grep ^UNIONML_IN_ | sort >"$UNIONML_APP_DIR/../env"
	printf "%s\n" "$@" >"$1"
	END
	printf "a\0b\n" >types/f.bin &&
	echo 1 >types/dir/one &&
	echo 2 >types/dir/sub/two &&
	unionml -C types -q train -p file=f.bin -p dir=dir \
		-i "{\"lf\": [\"f.bin\", \"dir/one\"], \"md\": {\"k\": \"dir\"}}" &&
	dir=$PWD/$(latest types)/reader &&
	mkdir want.in want.in/li want.in/le want.in/ll want.in/ll/0 \
		want.in/ll/1 want.in/ma want.in/lf want.in/md &&
	(
		cd want.in &&
		printf %s -9007199254740993 >i &&
		printf %s 1000000000000000000000 >big &&
		printf %s 0.0000001 >tiny &&
		printf %s 0.1 >f &&
		printf %s 1 >one &&
		printf "two\nlines \303\251 " >s &&
		: >e &&
		printf %s true >b &&
		printf %s 2026-01-02T03:04:05.123456Z >t &&
		printf %s 1h30m0.5s >d &&
		printf %s 500ms >ms &&
		printf %s 24h0m0s >day &&
		printf %s 1m0s >iso &&
		printf "%s%s" "{\"a\":1,\"b\":[1,\"x\"],\"c\":{\"d\":null}," \
			"\"e\":1e+21,\"f\":0.1}" >j &&
		printf 1 >li/0 && printf 2 >li/1 &&
		printf 1 >ll/0/0 && printf 0.5 >ll/0/1 &&
		printf v1 >ma/k1 && : >ma/k-2 &&
		cp ../types/f.bin file && cp -R ../types/dir dir &&
		cp file lf/0 && cp dir/one lf/1 && cp -R dir md/k
	) &&
	mv in/inputs.json . &&
	diff -r want.in in &&
	jq -n --arg in "$dir/in" "
		{i: -9007199254740993, big: 1e21, tiny: 1e-7, f: 0.1, one: 1,
		s: \"two\nlines \u00e9 \", e: \"\", b: true,
		t: \"2026-01-02T03:04:05.123456Z\",
		d: null, ms: null, day: null, iso: null,
		j: {a: 1, b: [1, \"x\"], c: {d: null}, e: 1e21, f: 0.1},
		li: [1, 2], le: [], ll: [[1, 0.5], []],
		ma: {k1: \"v1\", \"k-2\": \"\"},
		file: (\$in + \"/file\"), dir: (\$in + \"/dir\"),
		lf: [\$in + \"/lf/0\", \$in + \"/lf/1\"],
		md: {k: (\$in + \"/md/k\")}}" >want &&
	test_json_cmp want inputs.json &&
	test_grep -F -e "\"i\":-9007199254740993," inputs.json &&
	test_grep -F "\"big\":1e+21," inputs.json &&
	test_grep -F "\"f\":0.1," inputs.json
'

test_expect_success 'the same as arguments and in the environment' '
	blank=" " &&
	cat >want <<-END &&
	$dir/out.part/data
	two
	lines $(printf "\303\251")$blank
	$dir/in/j
	$dir/in/li
	$dir/in/ma
	$dir/in/file
	$dir/in/dir
	$dir/in/ll
	END
	test_cmp want $dir/out/data &&
	test_grep "^UNIONML_IN_i=-9007199254740993$" env &&
	test_grep "^UNIONML_IN_big=1000000000000000000000$" env &&
	test_grep "^UNIONML_IN_s=two$" env &&
	test_grep "^UNIONML_IN_day=24h0m0s$" env &&
	test_grep -x "UNIONML_IN_e=" env &&
	test_grep -x "UNIONML_IN_file=$dir/in/file" env &&
	test_grep -x "UNIONML_IN_le=$dir/in/le" env
'

test_expect_success 'a key of a map must be fit to name a file' '
	for key in ../x a/b "" . ..
	do
		test_must_fail 3 unionml -C types train -p file=f.bin \
			-p dir=dir -p lf="[]" -p md="{}" \
			-p ma="{\"$key\": \"v\"}" 2>err &&
		test_grep -F "input '\''ma'\'': key '\''$key'\''" err || return 1
	done
'

test_expect_success 'files that are not there, or of another kind' '
	test_must_fail 3 unionml -C types train -p file=missing -p dir=f.bin \
		-p lf="[\"missing\"]" -p md="{\"k\": \"dir/one\"}" 2>err &&
	test_grep "input .file.: .*/missing.: No such file or directory" err &&
	test_grep "input .dir.: .*/f.bin. is no directory" err &&
	test_grep "input .lf.: .*/missing.: No such file" err &&
	test_grep "input .md.: .*/dir/one. is no directory" err &&
	mkfifo types/pipe &&
	test_must_fail 3 unionml -C types train -p file=pipe -p dir=dir \
		-p lf="[]" -p md="{}" 2>err &&
	test_grep "is no regular file" err
'

test_expect_success 'a script gets its values by the environment alone' '
	mkdir script && cat >script/unionml.yaml <<-\END &&
	name: script
	dataset:
	  reader:
	    inputs:
	      s: {type: string, default: "$(touch bad) `touch bad`; x"}
	    command: |
	      test $# -eq 0
	      printf "%s\n" "$UNIONML_IN_s" >"$UNIONML_OUT_data"
	      echo "{print}" | tee -a "$UNIONML_OUT_data"
	model:
	  hyperparameters: {C: {type: float, default: 0.5}}
	  trainer:
	    command: |
	      false | cat
	      cp "$UNIONML_IN_train" "$UNIONML_OUT_model_object"
	      echo "$UNIONML_IN_hyperparameters_C" >>"$UNIONML_OUT_model_object"
	      cat "$UNIONML_IN_hyperparameters" >>"$UNIONML_OUT_model_object"
	END
	unionml -C script -q train &&
	unionml -C script -q fetch model -o model &&
	printf "%s\n" "\$(touch bad) \`touch bad\`; x" "{print}" 0.5 \
		"{\"C\":0.5}" >want &&
	mv script/model . &&
	echo >>model &&
	test_cmp want model &&
	test_path_missing script/bad
'

test_expect_success 'a script ends at the first failure, or unset variable' '
	mkdir strict && cat >strict/unionml.yaml <<-\END &&
	name: strict
	dataset:
	  reader:
	    inputs: {unset: {type: boolean, default: false}}
	    command: |
	      if $UNIONML_IN_unset; then echo "$nobody_set_this"; fi
	      false
	      touch "$UNIONML_OUT_data"
	model: {trainer: {command: [touch, "{model_object}"]}}
	END
	test_must_fail 1 unionml -C strict train 2>err &&
	test_grep "failed in reader: exit status 1" err &&
	test_must_fail 1 unionml -C strict train -p unset=true 2>err &&
	test_grep "nobody_set_this" err
'

test_expect_success 'a placeholder in a script is refused' '
	mkdir braces && cat >braces/unionml.yaml <<-\END &&
	name: braces
	dataset:
	  reader: {command: "echo 1 >{data}"}
	model: {trainer: {command: [touch, "{model_object}"]}}
	END
	test_must_fail 3 unionml -C braces train 2>err &&
	test_grep "^unionml.yaml:3:.*dataset.reader.command.*{data}" err &&
	test_grep "UNIONML_OUT_data" err
'

# around NODE COMPONENT OWN [LINE]: what the node saw around it in run $id.
around() {
	cat >want <<-END &&
	COMMON=all
	KEPT=1
	OWN=$3
	${4:-UNIONML_APP_DIR=$PWD/around}
	UNIONML_APP_DIR=$PWD/around
	UNIONML_APP_VERSION=
	UNIONML_ATTEMPT=1
	UNIONML_COMPONENT=$2
	UNIONML_RUN_ID=$id
	UNIONML_WORKFLOW=train
	PATH=$PWD/around/bin:/nowhere:$PATH
	$PWD/around/src
	END
	unionml -C around runs log $id $1 | uniq >got &&
	uniq want | test_cmp - got
}

test_expect_success 'the environment of every component' '
	mkdir -p around/src around/bin && cat >around/unionml.yaml <<-\END &&
	name: around
	source: src
	path: [bin, /nowhere]
	env: {COMMON: all, OWN: none}
	dataset:
	  reader: {command: [sh, ../show.sh, "{data}"]}
	  splitter: {command: [sh, ../show.sh, "{train}", "{test}"]}
	model:
	  trainer:
	    env: {OWN: trainer, PLACE: "a b"}
	    command: [sh, ../show.sh, "{model_object}"]
	  evaluator:
	    command: "echo {} >$UNIONML_OUT_metrics; sh ../show.sh"
	  predictor: {command: [sh, ../show.sh, "{predictions}"]}
	END
	cat >around/show.sh <<-\END &&
	env | grep -E "^(UNIONML_|COMMON|OWN|PLACE|KEPT)" |
		grep -v -E "^UNIONML_(IN|OUT)_" | sort
	echo "PATH=$PATH"
	pwd
	for i; do : >"$i"; done
	END
	UNIONML_IN_x=1 UNIONML_BAD=1 UNIONML_ATTEMPT=9 KEPT=1 \
		OWN=caller unionml -C around -q train >out &&
	id=$(sed -n 1p out) &&
	around reader reader none &&
	around splitter splitter none &&
	around trainer trainer trainer "PLACE=a b" &&
	around evaluator-train evaluator none &&
	around evaluator-test evaluator none
'

test_expect_success 'the workflow is the one that runs' '
	unionml -C around -q predict >out &&
	unionml -C around runs log latest predictor >got &&
	test_grep -x UNIONML_WORKFLOW=predict got &&
	unionml -C around -q predict -f show.sh >out &&
	unionml -C around runs log latest predictor >got &&
	test_grep -x UNIONML_WORKFLOW=predict_from_features got
'

test_expect_success 'path: comes first, also for the command itself' '
	mkdir -p first/bin && cat >first/unionml.yaml <<-\END &&
	name: first
	source: none
	path: [bin]
	dataset: {reader: {command: [awk, "{data}"]}}
	model: {trainer: {command: [./here, "{model_object}"]}}
	END
	printf "#!/bin/sh\necho mine >\$1\npwd >>\$1\n" >first/bin/awk &&
	cp first/bin/awk first/here &&
	chmod +x first/bin/awk first/here &&
	mkdir first/below &&
	unionml -C first/below -q train &&
	unionml -C first fetch model -o - >model &&
	printf "mine\n%s\n" "$PWD/first" >want &&
	test_cmp want model
'

test_expect_success 'a directory of source: that is not there' '
	sed "s/source: none/source: missing/" first/unionml.yaml >new &&
	cp new first/unionml.yaml &&
	test_must_fail 3 unionml -C first train 2>err &&
	test_grep "the directory of source: in .unionml.yaml. is not there" \
		err
'

test_expect_success 'a secret must be there before anything runs' '
	mkdir secret && cat >secret/unionml.yaml <<-\END &&
	name: secret
	dataset:
	  reader: {command: "echo read >$UNIONML_OUT_data"}
	model:
	  trainer:
	    secrets: {DSN: digits/dsn, KEY: digits/key}
	    command: |
	      test "$DSN" = hush-hush
	      test "${KEY+x}" = x
	      touch "$UNIONML_OUT_model_object"
	END
	test_must_fail 3 unionml -C secret train 2>err &&
	test_grep "DSN" err &&
	test_grep "KEY" err &&
	test_path_missing secret/.unionml/runs &&
	DSN=hush-hush KEY=k-e-y unionml -C secret train >out 2>err &&
	unionml -C secret runs show latest --json >>out &&
	DSN=wrong-hush KEY=k-e-y \
		test_must_fail 1 unionml -C secret train >>out 2>>err &&
	test_grep ! -E "hush|k-e-y" out &&
	test_grep ! -E "hush|k-e-y" err &&
	test_must_fail 1 grep -r -E "hush|k-e-y" secret/.unionml
'

test_expect_success 'stdin is empty, and no descriptor is left over' '
	mkdir std && cat >std/unionml.yaml <<-\END &&
	name: std
	dataset:
	  reader:
	    command: |
	      cat >"$UNIONML_OUT_data"
	      ls /proc/self/fd | tr "\n" " "
	      readlink /proc/self/fd/0 /proc/self/fd/3
	      echo out; echo err >&2
	model: {trainer: {command: [cp, "{train}", "{model_object}"]}}
	END
	echo input | unionml -C std -q train 9<std/unionml.yaml &&
	unionml -C std fetch model -o - >model &&
	test_line_count 0 model &&
	unionml -C std runs log latest reader >log &&
	cat >want <<-END &&
	0 1 2 3 4 /dev/null
	$PWD/$(latest std)/lock
	out
	err
	END
	test_cmp want log
'

test_expect_success 'a command that cannot be started has failed' '
	mkdir cannot && cat >cannot/unionml.yaml <<-\END &&
	name: cannot
	dataset: {reader: {command: [no-such-command, "{data}"]}}
	model: {trainer: {command: [touch, "{model_object}"]}}
	END
	test_must_fail 1 unionml -C cannot train 2>err &&
	test_grep "reader: cannot start .no-such-command.: No such file" err &&
	unionml -C cannot runs show latest --json >shown &&
	test_jq shown ".status == \"failed\" and .nodes[0].attempts == 1" &&
	sed "s/no-such-command/.\/unionml.yaml/" cannot/unionml.yaml >new &&
	cp new cannot/unionml.yaml &&
	test_must_fail 1 unionml -C cannot train 2>err &&
	test_grep "cannot start ../unionml.yaml.: Permission denied" err
'

test_expect_success 'formats name the files, directories stand ready' '
	mkdir dirs && cat >dirs/unionml.yaml <<-\END &&
	name: dirs
	dataset:
	  reader:
	    directory: true
	    command: "ls -A $UNIONML_OUT_data; echo 1 >$UNIONML_OUT_data/a;
	      mkdir $UNIONML_OUT_data/sub; echo 2 >$UNIONML_OUT_data/sub/b"
	  splitter:
	    directory: true
	    command: [sh, -c, "cp -R $1/. $2; cp -R $1/. $3", sh,
	              "{data}", "{train}", "{test}"]
	model:
	  trainer:
	    directory: true
	    format: bin
	    command: [sh, -c, "cp -R $1/. $2", sh, "{train}", "{model_object}"]
	  predictor:
	    format: txt
	    command: [sh, -c, "ls $1 $2 >$3", sh, "{model_object}",
	              "{features}", "{predictions}"]
	END
	unionml -C dirs -q train &&
	dir=$(latest dirs) &&
	test "$(cat $dir/trainer/out/model_object*/sub/b)" = 2 &&
	unionml -C dirs runs log latest reader >log &&
	test_line_count 0 log &&
	unionml -C dirs -q fetch model &&
	test "$(cat dirs/model/sub/b)" = 2 &&
	test_must_fail 4 unionml -C dirs fetch model 2>err &&
	test_grep "is a directory: -o names another place" err &&
	test_must_fail 2 unionml -C dirs fetch model -o - 2>err &&
	test_grep "a directory cannot go to stdout" err &&
	unionml -C dirs -q predict >out &&
	test_grep -x a out &&
	mkdir features && echo 3 >features/c &&
	unionml -C dirs -q predict -f ../features >out &&
	test_grep -x c out &&
	test_must_fail 3 unionml -C dirs predict -f unionml.yaml 2>err &&
	test_grep "features .unionml.yaml.: expected a directory" err
'

test_expect_success 'an app of which each fault can be had' '
	mkdir faults && cat >faults/unionml.yaml <<-\END &&
	name: faults
	dataset:
	  reader:
	    inputs: {how: {type: string, default: file}}
	    format: csv
	    command: [sh, out.sh, "{how}", "{data}"]
	model:
	  trainer: {command: [cp, "{train}", "{model_object}"]}
	  evaluator:
	    inputs: {say: {type: string, default: "{\"a\": 1}"}}
	    command: [sh, -c, "printf %s \"$1\" >\"$2\"", sh, "{say}",
	              "{metrics}"]
	END
	cat >faults/out.sh <<-\END
	case $1 in
	file) echo 1 >"$2" ;;
	bare) echo 1 >"${2%.csv}" ;;
	other) echo 1 >"${2%.csv}.tsv" ;;
	many) echo 1 >"${2%.csv}.tsv"; echo 1 >"${2%.csv}.txt" ;;
	beside) echo 1 >"$2"; echo 1 >"${2%.csv}.tsv"; echo 1 >"$2.more" ;;
	link) echo 1 >other; ln -s "$PWD/other" "$2" ;;
	nowhere) ln -s /nowhere "$2" ;;
	directory) mkdir "$2" ;;
	pipe) mkfifo "$2" ;;
	gone) rmdir "${2%/*}" ;;
	large) dd if=/dev/zero of="$2" bs=64k count=33 ;;
	esac
	END
'

# Each line: how the reader does it, and what is wrong with that.
while IFS='|' read -r how message; do
	test_expect_success "output: $how" '
		test_must_fail 1 unionml -C faults train -p how=$how 2>err &&
		test_grep -F "failed in reader: $message" err &&
		unionml -C faults runs show latest --json >shown &&
		test_jq shown ".status == \"failed\"" &&
		test_jq shown ".nodes[0].error == \$message" \
			--arg message "$message" &&
		test_path_missing "$(latest faults)/reader/out"
	'
done <<\EOT
none|did not create its output 'data'
many|made 2 files for its output 'data'
link|its output 'data' is a symbolic link, not a regular file
nowhere|its output 'data' is a symbolic link, not a regular file
directory|its output 'data' is a directory, not a regular file
pipe|its output 'data' is a special file, not a regular file
gone|did not create its output 'data'
EOT

for how in file bare other beside; do
	test_expect_success "output: $how will do" '
		unionml -C faults -q train -p how=$how &&
		unionml -C faults fetch model -o - >model &&
		test "$(cat model)" = 1
	'
done

test_expect_success 'an output larger than any pipe' '
	unionml -C faults -q train -p how=large &&
	unionml -C faults fetch model -o - >model &&
	test "$(wc -c <model)" -eq $((64 * 1024 * 33))
'

# Each line: what the evaluator says, and what is wrong with that.
while IFS='|' read -r say message; do
	test_expect_success "metrics: $say" '
		test_must_fail 1 unionml -C faults train -p say="$say" 2>err &&
		test_grep -F "failed in evaluator-train: $message" err
	'
done <<\EOT
|its output 'metrics' is not JSON
x|its output 'metrics' is not JSON
[1]|its output 'metrics': expected a JSON object, got list
1|its output 'metrics': expected a JSON object, got integer
{"a": "x"}|its output 'metrics': 'a': expected a number, got string
{"a": null}|its output 'metrics': 'a': expected a number, got null
{"a": {"b": 1}}|its output 'metrics': 'a': expected a number, got object
{"a": NaN}|its output 'metrics' is not JSON
{"a": 1e999}|its output 'metrics' is not JSON
{"a": 1, "a": 2}|its output 'metrics' is not JSON
{"a": 1} x|its output 'metrics' is not JSON
EOT

test_expect_success 'metrics have at most 1024 bytes' '
	say() { printf "{\"a\": 1%0$(($1 - 8))d}" 0 | tr 0 " "; } &&
	unionml -C faults -q train -p say="$(say 1024)" &&
	test_must_fail 1 unionml -C faults train -p say="$(say 1025)" 2>err &&
	test_grep "its output .metrics. has more than 1024 bytes" err
'

test_expect_success 'metrics keep their numbers' '
	unionml -C faults -q train \
		-p say="{\"a\": 9007199254740993, \"b\": 0.1, \"c\": -0.5e-7}" &&
	unionml -C faults fetch metrics >metrics &&
	test_grep -F "9007199254740993" metrics &&
	test_jq metrics ".train == {a: 9007199254740993, b: 0.1, c: -5e-8}"
'

test_expect_success 'a value over 64 KiB comes as a file only' '
	mkdir long && cat >long/unionml.yaml <<-\END &&
	name: long
	dataset:
	  reader:
	    inputs: {s: {type: string, default: ""}}
	    command: |
	      echo "${UNIONML_IN_s+set}"
	      cp "${UNIONML_OUT_data%/out.part/data}/in/s" "$UNIONML_OUT_data"
	model: {trainer: {command: [cp, "{train}", "{model_object}"]}}
	END
	bytes() { awk "BEGIN { printf \"{\\\"s\\\": \\\"%0$1d\\\"}\", 0 }"; } &&
	bytes 65536 >fits.json &&
	bytes 65537 >long.json &&
	unionml -C long -q train -i @../fits.json &&
	unionml -C long runs log latest reader >log &&
	echo set >want &&
	test_cmp want log &&
	unionml -C long -q train -i @../long.json &&
	unionml -C long runs log latest reader >log &&
	echo >want &&
	test_cmp want log &&
	unionml -C long fetch model -o - >model &&
	test "$(wc -c <model)" -eq 65537 &&
	sed "s/^    command: .*/    command: [cp, \"{s}\", \"{data}\"]/
		/^      [ec]/d" long/unionml.yaml >new &&
	cp new long/unionml.yaml &&
	test_must_fail 3 unionml -C long train -i @../long.json 2>err &&
	test_grep "input .s.: 65537 bytes are too long for an argument" err
'

test_expect_success 'a failure shows the last lines, the log, what to do' '
	mkdir fails && cat >fails/unionml.yaml <<-\END &&
	name: fails
	dataset:
	  reader: {command: "seq 1 500; printf \"\\033[31mred\\n\"; exit 3"}
	model: {trainer: {command: [touch, "{model_object}"]}}
	END
	test_must_fail 1 unionml -C fails train >out 2>err &&
	test_line_count 0 out &&
	id=$(unionml -C fails runs --json | jq -r ".[0].id") &&
	test_grep -E "^reader +[0-9.]+s  failed: exit status 3$" err &&
	test_grep "^  500$" err &&
	test_grep ! "^  480$" err &&
	test_grep ! "$(printf "\033")" err &&
	test_grep "^unionml: error: run $id failed in reader: exit status 3$" \
		err &&
	test_grep "unionml runs log $id reader$" err &&
	test_grep "unionml runs retry $id$" err &&
	unionml -C fails runs log $id reader >log &&
	test_line_count 501 log &&
	test_must_fail 1 unionml -C fails train --json >out 2>/dev/null &&
	test_jq out ".status == \"failed\" and .metrics == null" &&
	test_jq out ".error == \"reader: exit status 3\""
'

test_done
