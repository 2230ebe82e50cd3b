#!/bin/sh
# deploy: what is in a version, what it is called, what is refused, and that
# nothing is written where nothing should be.
. "$(dirname "$0")/lib-test.sh"
. "$TEST_DIR/lib-app.sh"

export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
export GIT_CEILING_DIRECTORIES="$TRASH"

# tree DIR: all that is in it, without what SQLite keeps while it is open.
tree() {
	(
		cd "$1" &&
		find . ! -name 'store.db-*' -printf '%y %m %p %l\n' | sort &&
		find . -type f ! -name 'store.db-*' -exec sha256sum {} + | sort
	)
}

# commit DIR MESSAGE: all that is there.
commit() {
	git -C "$1" add -A && git -C "$1" commit -q -m "$2"
}

# make_repository DIR WORD
make_repository() {
	make_tiny_app "$1" "$2" &&
	echo .unionml >"$1/.gitignore" &&
	git init -q "$1" &&
	commit "$1" "The first"
}

commit_of() {
	git -C "$1" rev-parse HEAD | cut -c 1-12
}

# made VERSION DIR: the deployed tree is that of the directory.
made() {
	diff -r -x .unionml -x .git "$2" "$2/.unionml/versions/$1/source"
}

test_expect_success 'a dry run says what would be and makes no store' '
	make_tiny_app app old &&
	unionml -C app deploy --dry-run >out 2>err &&
	test_grep -E "^version [0-9a-f]{12}: would be new, 2 files, 6.. B$" \
		out &&
	echo "nothing was changed" >want &&
	test_cmp want err &&
	test_must_fail 1 unionml -C app deploy -n --exit-code >again 2>err &&
	test_cmp out again &&
	unionml -C app deploy --list >out 2>err &&
	test_line_count 0 out &&
	echo "no version is deployed" >want &&
	test_cmp want err &&
	unionml -C app deploy --list --json >out &&
	test_jq out ". == []" &&
	test_must_fail 6 unionml -C app train -v x 2>err &&
	test_path_missing app/.unionml/versions
'

test_expect_success 'deploy prints the version' '
	rm -rf app/.unionml &&
	unionml -C app deploy >out 2>err &&
	version=$(sed "s/^version \([0-9a-f]*\): new, 2 files, .*/\1/" out) &&
	test ${#version} -eq 12 &&
	echo "run it: unionml train -v $version" >want &&
	test_cmp want err &&
	made $version app &&
	gzip -dc <app/.unionml/versions/$version/snapshot.tar.gz |
		sha256sum >sum &&
	test_grep "^$version" sum
'

test_expect_success 'the same again changes nothing and says so' '
	tree app/.unionml >before &&
	unionml -C app deploy >out 2>err &&
	test_grep "^version $version: unchanged, 2 files, " out &&
	echo "nothing was changed" >want &&
	test_cmp want err &&
	unionml -C app deploy --dry-run --exit-code >again &&
	test_cmp out again &&
	tree app/.unionml >after &&
	test_cmp before after
'

test_expect_success 'times of files are nothing to a version' '
	touch -d 2001-01-01 app/code.sh &&
	chmod 600 app/code.sh &&
	unionml -C app -q deploy --dry-run --exit-code
'

test_expect_success 'other contents are another version' '
	sed -i s/old/new/ app/code.sh &&
	unionml -C app -q deploy --json >out &&
	test_jq out "keys_unsorted == [\"version\", \"state\", \"files\",
		\"bytes\", \"subject\", \"schedules\"]" &&
	test_jq out ".version != \"$version\" and .state == \"new\"" &&
	made "$(jq -r .version out)" app &&
	unionml -C app -q deploy --json >out &&
	test_jq out ".state == \"unchanged\" and .files == 2" &&
	unionml -C app deploy --list >out &&
	test_line_count 3 out &&
	test_grep "^VERSION  *DEPLOYED  *FILES  *SIZE  SUBJECT$" out &&
	sed 1d out | tail -n 1 >last &&
	test_grep -E "^$version  +20[-0-9 :]+ UTC +2 +6.. B  -$" last &&
	unionml -C app deploy --list --json >out &&
	test_jq out "map(keys_unsorted) | unique == [[\"version\",
		\"deployed_at\", \"files\", \"bytes\", \"subject\"]]" &&
	test_jq out ".[1].version == \"$version\""
'

test_expect_success 'a mode is part of the contents' '
	chmod +x app/code.sh &&
	test_must_fail 1 unionml -C app -q deploy -n --exit-code &&
	chmod -x app/code.sh
'

test_expect_success 'a name stands for one thing' '
	unionml -C app deploy -v first >out &&
	test_grep "^version first: new, " out &&
	unionml -C app deploy -v first >out &&
	test_grep "^version first: unchanged, " out &&
	sed -i s/new/newer/ app/code.sh &&
	tree app/.unionml >before &&
	test_must_fail 6 unionml -C app deploy -v first >out 2>err &&
	test_line_count 0 out &&
	test_grep "version .first. is deployed with other contents" err &&
	test_grep "another name: unionml deploy -v NAME" err &&
	test_must_fail 6 unionml -C app deploy -v first -n --exit-code &&
	tree app/.unionml >after &&
	test_cmp before after
'

while IFS='|' read -r args message; do
	test_expect_success "wrong usage: deploy $args" '
		test_must_fail 2 unionml -C app deploy '"$args"' >out 2>err &&
		test_line_count 0 out &&
		test_grep -F "unionml: error: $message" err
	'
done <<\EOT
-v ''|version '': is empty
-v ../x|version '../x': begins with neither a letter nor a digit
-v a/b|version 'a/b': has other characters than letters, digits, '.', '_' and '-'
-v "$(printf %064d 0)"|version '0000000000000000000000000000000000000000000000000000000000000000': is over 63 characters long
--exit-code|--exit-code goes with --dry-run
--limit 3|--limit goes with --list-files
--list-files --limit -1|option '--limit'
EOT

test_expect_success '--list-files: the largest first, and why' '
	make_tiny_app listed x &&
	: >listed/empty &&
	ln -s code.sh listed/link &&
	unionml -C listed deploy --list-files >out 2>err &&
	sed "s/^ *[0-9.]* [KiB]* //" out >got &&
	cat >want <<-\END &&
	 not ignored  unionml.yaml
	 not ignored  code.sh
	 not ignored  empty
	 not ignored  link -> code.sh
	END
	test_cmp want got &&
	test_grep "^4 files, 6.. B$" err &&
	unionml -C listed -q deploy --list-files --limit 2 >got 2>err &&
	head -n 2 out >want &&
	test_cmp want got &&
	test_line_count 0 err &&
	unionml -C listed deploy --list-files --json --limit 4 >json &&
	test_jq json "map(.path) ==
		[\"unionml.yaml\", \"code.sh\", \"empty\", \"link\"]" &&
	test_jq json ".[2:] == [{path: \"empty\", size: 0,
		why: \"not ignored\", link: null}, {path: \"link\", size: 0,
		why: \"not ignored\", link: \"code.sh\"}]" &&
	test_path_missing listed/.unionml
'

test_expect_success '.unionmlignore leaves files out' '
	mkdir listed/data listed/keep &&
	: >listed/data/x.csv && : >listed/keep/x.csv && : >listed/a.tmp &&
	printf "%s\n" "# comment" "*.tmp" /data/ .unionmlignore empty link \
		>listed/.unionmlignore &&
	unionml -C listed deploy --list-files --json >json &&
	test_jq json "map(.path) | sort ==
		[\"code.sh\", \"keep/x.csv\", \"unionml.yaml\"]" &&
	unionml -C listed -q deploy -v l &&
	(cd listed/.unionml/versions/l/source && find . -type f) | sort >got &&
	printf "%s\n" ./code.sh ./keep/x.csv ./unionml.yaml >want &&
	test_cmp want got
'

test_expect_success 'secrets stop it' '
	make_tiny_app secret x &&
	echo TOKEN=1 >secret/.env &&
	mkdir secret/keys &&
	printf "%s\n" "-----BEGIN RSA PRIVATE KEY-----" x >secret/keys/k.txt &&
	test_must_fail 3 unionml -C secret deploy >out 2>err &&
	test_line_count 0 out &&
	cat >want <<-\END &&
	unionml: error: .env looks like a secret: it has the name of a file of secrets
	  keep it out with .unionmlignore, or: --allow-secret .env
	unionml: error: keys/k.txt looks like a secret: it holds a private key
	  keep it out with .unionmlignore, or: --allow-secret keys/k.txt
	END
	tr -d "'\''" <err >got &&
	test_cmp want got &&
	test_must_fail 3 unionml -C secret deploy --allow-secret .env 2>err &&
	test_grep ! "env" err &&
	test_path_missing secret/.unionml &&
	unionml -C secret deploy --allow-secret .env \
		--allow-secret keys/k.txt >out &&
	test_grep ": new, 4 files" out &&
	echo "keys/" >secret/.unionmlignore &&
	echo ".env" >>secret/.unionmlignore &&
	unionml -C secret deploy >out
'

test_expect_success 'a link that leaves the tree is refused, one inside kept' '
	make_tiny_app links x &&
	mkdir links/sub &&
	ln -s ../code.sh links/sub/up &&
	unionml -C links -q deploy -v good &&
	test "$(readlink links/.unionml/versions/good/source/sub/up)" = \
		../code.sh &&
	ln -s ../../outside links/sub/out &&
	ln -s /etc/passwd links/absolute &&
	test_must_fail 3 unionml -C links deploy 2>err &&
	test_grep "sub/out. links to .../../outside., which" err &&
	test_grep "absolute. links to ./etc/passwd., which" err &&
	test_grep "unionmlignore" err
'

test_expect_success 'a large source is named by its largest files' '
	make_tiny_app large x &&
	for i in 1 2 3 4 5 6
	do
		truncate -s ${i}M large/$i.bin || return 1
	done &&
	unionml -C large deploy --dry-run >out 2>err &&
	test_grep "unionml: warning: the source has 21 MiB; its largest" err &&
	sed -n "s/^  *\([0-9.]* MiB  [0-9]*.bin\)$/\1/p" err >got &&
	printf "%s\n" "6.0 MiB  6.bin" "5.0 MiB  5.bin" "4.0 MiB  4.bin" \
		"3.0 MiB  3.bin" "2.0 MiB  2.bin" >want &&
	test_cmp want got &&
	test_grep "^  .unionmlignore keeps files out$" err &&
	unionml -C large deploy >out 2>err &&
	test_grep ": new, 8 files, 21 MiB$" out &&
	rm large/6.bin large/5.bin large/1.bin &&
	unionml -C large deploy >out 2>err &&
	test_grep ! "largest" err
'

test_expect_success 'programs that only the caller finds are warned of' '
	make_tiny_app paths x &&
	mkdir -p mine paths/tools paths/bin &&
	for i in mine/onlymine paths/tools/viapath paths/bin/inside
	do
		printf "#!/bin/sh\n" >$i && chmod +x $i || return 1
	done &&
	cat >>paths/unionml.yaml <<-\END &&
	path: [tools]
	END
	sed -i -e "s/sh, code.sh, reader/onlymine/" \
		-e "s/sh, code.sh, trainer/viapath/" \
		-e "s/sh, code.sh, evaluator/bin\/inside/" \
		-e "s/sh, code.sh, predictor/.venv\/bin\/python/" \
		paths/unionml.yaml &&
	PATH=$TRASH/mine:$PATH unionml -C paths deploy -n 2>err &&
	cat >want <<-END &&
	unionml: warning: onlymine of the reader is found by your PATH only ($TRASH/mine/onlymine): put its directory under path:
	unionml: warning: .venv/bin/python of the predictor is not among the files that are deployed
	  name it by python and put its directory under path:
	nothing was changed
	END
	tr -d "'\''" <err >got &&
	test_cmp want got &&
	unionml -C paths deploy -n 2>err &&
	test_grep "onlymine. of the reader is not found" err
'

test_expect_success git 'in git the version is the commit' '
	make_repository repo old &&
	first=$(commit_of repo) &&
	unionml -C repo deploy >out 2>err &&
	test_grep "^version $first \"The first\": new, 3 files, " out &&
	made $first repo &&
	unionml -C repo deploy >out &&
	test_grep "^version $first \"The first\": unchanged, 3 files, " out &&
	unionml -C repo deploy --list-files --json >json &&
	test_jq json "all(.why == \"tracked\")" &&
	unionml -C repo deploy --list --json >json &&
	test_jq json ".[0].subject == \"The first\""
'

test_expect_success git 'changes are refused, and shown' '
	sed -i s/old/new/ repo/code.sh &&
	: >repo/notes.txt &&
	tree repo/.unionml >before &&
	test_must_fail 3 unionml -C repo deploy >out 2>err &&
	test_line_count 0 out &&
	cat >want <<-\END &&
	unionml: error: the source has changes that are not committed
	   M code.sh
	  ?? notes.txt
	  commit them, or deploy them as they are: --allow-uncommitted
	END
	test_cmp want err &&
	test_must_fail 3 unionml -C repo deploy --dry-run &&
	test_must_fail 3 unionml -C repo deploy -v named &&
	for i in 1 2 3 4 5; do : >repo/x$i || return 1; done &&
	test_must_fail 3 unionml -C repo deploy 2>err &&
	test_line_count 8 err &&
	test_grep "^  and 2 more$" err &&
	tree repo/.unionml >after &&
	test_cmp before after &&
	rm repo/x?
'

test_expect_success git '--allow-uncommitted, which is --patch' '
	unionml -C repo deploy --list-files --json >json &&
	test_jq json "map(select(.path == \"notes.txt\").why) ==
		[\"untracked\"]" &&
	unionml -C repo deploy --allow-uncommitted >out &&
	test_grep -E "^version $first-d[0-9a-f]{7} \"The first\": new" out &&
	dirty=$(sed "s/version \([^ ]*\) .*/\1/" out) &&
	made $dirty repo &&
	unionml -C repo deploy --patch >out &&
	test_grep "^version $dirty .*: unchanged" out &&
	echo more >>repo/notes.txt &&
	unionml -C repo deploy --patch --json >json &&
	test_jq json ".version != \"$dirty\" and .state == \"new\""
'

test_expect_success git 'committed at last, it is a commit again' '
	commit repo "The second" &&
	second=$(commit_of repo) &&
	unionml -C repo deploy >out &&
	test_grep "^version $second \"The second\": new, 4 files" out
'

test_expect_success git 'what git was told to overlook is a change' '
	git -C repo update-index --assume-unchanged code.sh &&
	test_must_fail 3 unionml -C repo deploy 2>err &&
	test_grep "^  h  code.sh$" err &&
	git -C repo update-index --no-assume-unchanged code.sh &&
	unionml -C repo deploy >out &&
	test_grep ": unchanged" out
'

test_expect_success git 'a name that was given before a commit was made' '
	echo x >>repo/notes.txt &&
	unionml -C repo -q deploy --patch -v release &&
	commit repo "The third" &&
	unionml -C repo deploy -v release >out &&
	test_grep "^version release .*: unchanged" out
'

test_expect_success git 'before the first commit the content is the name' '
	make_tiny_app fresh x &&
	git init -q fresh &&
	test_must_fail 3 unionml -C fresh deploy 2>err &&
	test_grep "^  ?? code.sh$" err &&
	unionml -C fresh deploy --patch >out &&
	test_grep -E "^version [0-9a-f]{12}: new, 2 files" out
'

test_expect_success git 'what git ignores is not deployed' '
	make_repository ignoring x &&
	echo "*.csv" >>ignoring/.gitignore &&
	commit ignoring More &&
	: >ignoring/big.csv &&
	unionml -C ignoring deploy --list-files --json >json &&
	test_jq json "length == 3 and all(.path != \"big.csv\")" &&
	unionml -C ignoring deploy
'

test_expect_success git 'a subdirectory is judged alone' '
	git init -q mono &&
	make_tiny_app mono/one x &&
	make_tiny_app mono/two x &&
	echo .unionml >mono/.gitignore &&
	commit mono Both &&
	: >mono/two/dirt &&
	unionml -C mono/one deploy >out &&
	test_grep "^version $(commit_of mono) \"Both\": new, 2 files" out &&
	made "$(commit_of mono)" mono/one &&
	test_must_fail 3 unionml -C mono/two deploy 2>err &&
	test_grep "?? two/dirt" err
'

# make_split DIR: the app file stands beside its source.
make_split() {
	make_tiny_app "$1" x &&
	mkdir "$1/src" &&
	mv "$1/code.sh" "$1/src" &&
	echo "source: src" >>"$1/unionml.yaml"
}

test_expect_success 'an app file outside of the source is deployed, too' '
	make_split split &&
	unionml -C split deploy -v one >out &&
	test_grep "^version one: new, 1 file, " out &&
	test_cmp split/unionml.yaml \
		split/.unionml/versions/one/unionml.yaml &&
	test_path_is_file split/.unionml/versions/one/source/code.sh &&
	unionml -C split -q train -v one >id &&
	unionml -C split -q fetch model "$(sed q id)" -o - >got &&
	printf "%s\n" x "$TRASH/split/.unionml/versions/one/source" \
		"$TRASH/split" one >want &&
	test_cmp want got
'

test_expect_success 'and is part of what the version is called by' '
	unionml -C split -q deploy --json | jq -r .version >one &&
	unionml -C split -q deploy -n --exit-code &&
	echo "description: other" >>split/unionml.yaml &&
	unionml -C split -q deploy --json | jq -r .version >two &&
	! cmp one two &&
	test_must_fail 6 unionml -C split deploy -v one
'

test_expect_success git 'it must be committed like the rest' '
	make_split gitsplit &&
	echo .unionml >gitsplit/.gitignore &&
	git init -q gitsplit && commit gitsplit A &&
	: >gitsplit/README &&
	unionml -C gitsplit -q deploy >out &&
	test_grep "^version $(commit_of gitsplit) " out &&
	echo "description: other" >>gitsplit/unionml.yaml &&
	test_must_fail 3 unionml -C gitsplit deploy 2>err &&
	test_grep "^   M unionml.yaml$" err &&
	unionml -C gitsplit -q deploy --patch >out &&
	test_grep -E "^version $(commit_of gitsplit)-d[0-9a-f]{7} " out &&
	git -C gitsplit update-index --skip-worktree unionml.yaml &&
	test_must_fail 3 unionml -C gitsplit deploy 2>err &&
	test_grep "^  h  unionml.yaml$" err
'

test_expect_success git 'also where git ignores it, or does not know it' '
	make_repository ignored x &&
	echo /local.yaml >>ignored/.gitignore && commit ignored B &&
	sed "s/tiny/local/" ignored/unionml.yaml >ignored/local.yaml &&
	test_must_fail 3 unionml -C ignored --file local.yaml deploy 2>err &&
	test_grep "^  !! local.yaml$" err &&
	sed "s|^name.*|&\nsource: $TRASH/ignored|" ignored/local.yaml \
		>outside.yaml &&
	test_must_fail 3 unionml --file outside.yaml deploy 2>err &&
	test_grep "^  ?? .*outside.yaml$" err &&
	test_when_finished "rm -rf .unionml" &&
	unionml --file outside.yaml -q deploy --patch -v o &&
	test_path_is_file .unionml/versions/o/outside.yaml &&
	test_path_is_file .unionml/versions/o/source/code.sh
'

test_expect_success 'source: none: the app file alone' '
	make_tiny_app none x &&
	echo "source: none" >>none/unionml.yaml &&
	unionml -C none deploy >out &&
	version=$(sha256sum none/unionml.yaml | cut -c 1-12) &&
	echo "version $version: new, 0 files, 0 B" >want &&
	test_cmp want out &&
	unionml -C none deploy >out &&
	test_grep ": unchanged" out &&
	find none/.unionml/versions/$version -type f >got &&
	echo none/.unionml/versions/$version/unionml.yaml >want &&
	test_cmp want got &&
	test_must_fail 3 unionml -C none deploy --list-files 2>err &&
	test_grep "source: none, so there are no files" err &&
	unionml -C none -q train -v $version >id &&
	unionml -C none -q fetch model "$(sed q id)" -o - >got &&
	printf "%s\n" x "$TRASH/none" "$TRASH/none" $version >want &&
	test_cmp want got
'

test_expect_success git 'source: none: git is asked about it alone' '
	echo .unionml >none/.gitignore &&
	git init -q none && commit none C && : >none/dirt &&
	unionml -C none deploy >out &&
	test_grep "^version $(commit_of none) \"C\": new, 0 files" out &&
	echo "description: d" >>none/unionml.yaml &&
	test_must_fail 3 unionml -C none deploy
'

test_expect_success 'an app file below its source' '
	make_tiny_app below/conf x &&
	mv below/conf/code.sh below &&
	echo "source: .." >>below/conf/unionml.yaml &&
	unionml -C below/conf -q deploy -v b &&
	test_path_is_file \
		below/conf/.unionml/versions/b/source/conf/unionml.yaml &&
	unionml -C below/conf -q train -v b
'

test_expect_success 'a source that is not there' '
	make_tiny_app lost x &&
	echo "source: src" >>lost/unionml.yaml &&
	test_must_fail 3 unionml -C lost deploy 2>err &&
	test_grep "the directory of source: in .unionml.yaml. is not there" \
		err &&
	: >lost/src &&
	test_must_fail 3 unionml -C lost deploy 2>err &&
	test_grep "source: in .unionml.yaml. is no directory" err &&
	test_path_missing lost/.unionml
'

test_expect_success 'a store in the source is not part of it' '
	make_tiny_app inside x &&
	cat >>inside/unionml.yaml <<-\END &&
	targets: {near: {type: local, store: state/near}}
	END
	unionml -C inside -t near -q deploy >one &&
	unionml -C inside -t near -q deploy >two &&
	test_grep ": new, 2 files" one &&
	test_grep ": unchanged, 2 files" two &&
	mkdir -p inside/cache/x inside/some &&
	printf "# Made by itself\n*\n" >inside/cache/.gitignore &&
	: >inside/cache/x/y &&
	printf "*\n!kept\n" >inside/some/.gitignore &&
	unionml -C inside deploy --list-files --json >json &&
	test_jq json "map(.path) | sort ==
		[\"code.sh\", \"some/.gitignore\", \"unionml.yaml\"]"
'

test_expect_success 'a version that somebody removed is made again' '
	make_tiny_app removed x &&
	unionml -C removed -q deploy -v r &&
	rm -r removed/.unionml/versions/r &&
	test_must_fail 4 unionml -C removed train -v r 2>err &&
	test_grep "version .r. was removed" err &&
	test_must_fail 1 unionml -C removed deploy -v r -n --exit-code &&
	unionml -C removed deploy -v r >out &&
	test_grep ": new, " out &&
	unionml -C removed -q train -v r &&
	rm -r removed/.unionml/versions/r &&
	sed -i s/x/y/ removed/code.sh &&
	test_must_fail 6 unionml -C removed deploy -v r
'

test_expect_success FAIL_IO 'a full disk leaves no version' '
	make_tiny_app full x &&
	head -c 3000000 /dev/urandom >full/random &&
	unionml -C full runs list &&
	for op in write fsync rename
	do
		test_when_finished "rm -rf full/.unionml" &&
		FAIL_IO_PATH=/versions/ FAIL_IO_ERRNO=ENOSPC \
			test_must_fail 4 fail_io $op \
			unionml -C full deploy >out 2>err &&
		test_line_count 0 out &&
		test_grep "No space left on device" err &&
		unionml -C full deploy --list --json >json &&
		test_jq json "length == 0" &&
		ls -A full/.unionml/versions >left &&
		echo .lock >want &&
		test_cmp want left || return 1
	done &&
	unionml -C full -q deploy
'

test_done
