#!/bin/sh
# Snapshots as other programs see them: GNU tar, bsdtar and Python read what
# we write and agree, and we read theirs.
. "$(dirname "$0")/lib-test.sh"

packdir=$BUILD/t/helper/packdir
export GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES="$TRASH"
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.com
export GIT_COMMITTER_NAME=C GIT_COMMITTER_EMAIL=c@example.com

hundred=$(printf '%0100d' 0)
deep=$(printf 'd%.0s/' 1 2 3 4 5 6 7 8 9 10)

# tree DIR: one of everything that a snapshot holds. Each name is there in
# the lengths at which tar changes its way to write it.
tree() {
	mkdir -p "$1/bin" "$1/$hundred/$deep" "$1/$hundred/$hundred/$hundred" &&
	cd "$1" &&
	echo alpha >a && : >empty && printf '#!/bin/sh\n' >bin/run &&
	chmod 755 bin/run &&
	head -c 700000 /dev/zero >big && head -c 512 /dev/zero >block &&
	echo 1 >"$hundred/x" && echo 2 >"$hundred/$deep/x" &&
	echo 3 >"$hundred/$hundred/x" &&
	echo 4 >"$hundred/$hundred/$hundred/x" &&
	echo 5 >"$hundred$hundred" && echo 6 >"$(printf 'caf\303\251')" &&
	echo 7 >"$hundred$(printf '\303\251')$hundred" &&
	echo 8 >"$(printf 'two\nlines')" && echo 9 >' -blank ' &&
	ln -s ../a bin/link && ln -s nowhere dangling &&
	ln -s "$hundred/$hundred/$hundred/x" long &&
	cd "$TRASH"
}

# bytes: names that are no text at all, which readers print each in their way.
bytes() {
	tree "$1" && echo 10 >"$1/$(printf '\377\376')" &&
	echo 11 >"$1/$hundred$(printf '\377')$hundred"
}

# same DIR DIR: the same files, links, contents and who may execute.
same() {
	diff -r --no-dereference "$1" "$2" &&
	(cd "$1" && find . -type f -perm -100 | sort) >one &&
	(cd "$2" && find . -type f -perm -100 | sort) >two &&
	cmp one two
}

test_expect_success 'a snapshot' '
	bytes src &&
	"$packdir" pack src src.tar.gz >out &&
	gzip -dc src.tar.gz >src.tar &&
	echo "$(sha256sum <src.tar | cut -c 1-64) $(wc -c <src.tar)" >want &&
	test_cmp want out
'

test_expect_success 'we read it ourselves' '
	"$packdir" unpack src.tar.gz ours >out &&
	cut -c 1-64 want >digest &&
	test_cmp digest out &&
	same src ours
'

test_expect_success 'GNU tar reads it' '
	mkdir gnu &&
	tar xzf src.tar.gz -C gnu --warning=no-unknown-keyword 2>err &&
	test_cmp /dev/null err &&
	same src gnu
'

test_expect_success bsdtar 'bsdtar reads it' '
	mkdir bsd &&
	LC_ALL=C.UTF-8 bsdtar xf src.tar.gz -C bsd 2>err &&
	test_cmp /dev/null err &&
	same src bsd
'

test_expect_success python3 'Python reads it' '
	mkdir py &&
	python3 -c "
import tarfile
with tarfile.open(\"src.tar.gz\") as t:
    t.extractall(\"py\")
	" &&
	same src py
'

test_expect_success 'nothing in it tells when, where or by whom' '
	tree plain &&
	"$packdir" pack plain plain.tar.gz &&
	tar tvzf plain.tar.gz --numeric-owner --quoting-style=escape \
		--full-time >out &&
	find plain -type f -o -type l >files &&
	sed -E "s/ +/ /g; s/^(.)[^ ]* ([^ ]*) [0-9]+ ([^ ]* [^ ]*) .*/\1 \2 \3/" \
		out | sort -u >got &&
	cat >expect <<-\EOF &&
	- 0/0 1970-01-01 00:00:00
	l 0/0 1970-01-01 00:00:00
	EOF
	test_cmp expect got &&
	cut -c 1-10 out | sort | uniq -c | sed "s/^ *//" >got &&
	cat >expect <<-\EOF &&
	13 -rw-r--r--
	1 -rwxr-xr-x
	3 lrwxrwxrwx
	EOF
	test_cmp expect got
'

test_expect_success python3 'names, types, sizes and modes as Python sees them' '
	python3 - plain.tar.gz <<-\EOF >names &&
	import sys, tarfile
	for m in tarfile.open(sys.argv[1]):
	    assert m.uid == m.gid == m.mtime == 0, m.name
	    assert m.uname == m.gname == "", m.name
	    assert m.isfile() or m.issym(), m.name
	    print(m.name.encode().hex(), m.size, oct(m.mode), m.linkname)
	EOF
	sort -c names &&
	python3 - plain <<-\EOF >want &&
	import os, sys
	top = sys.argv[1]
	names = []
	for at, _, files in os.walk(top):
	    names += [os.path.relpath(os.path.join(at, f), top) for f in files]
	for n in sorted(names, key=os.fsencode):
	    p = os.path.join(top, n)
	    if os.path.islink(p):
	        row = 0, "0o777", os.readlink(p)
	    elif os.access(p, os.X_OK) and n == "bin/run":
	        row = os.path.getsize(p), "0o755", ""
	    else:
	        row = os.path.getsize(p), "0o644", ""
	    print(os.fsencode(n).hex(), *row)
	EOF
	test_cmp want names
'

test_expect_success bsdtar 'bsdtar and GNU tar list the same' '
	LC_ALL=C.UTF-8 tar tzf plain.tar.gz --quoting-style=escape >want &&
	LC_ALL=C.UTF-8 bsdtar tf plain.tar.gz >got &&
	test_cmp want got
'

test_expect_success 'the same tree, the same bytes' '
	(umask 077 && bytes else/where) &&
	find else/where -exec touch -h -d 2001-02-03 {} + &&
	"$packdir" digest src >want &&
	"$packdir" digest else/where >out &&
	test_cmp want out &&
	(cd else/where && LC_ALL=C.UTF-8 "$packdir" digest .) >out &&
	test_cmp want out &&
	"$packdir" digest "$TRASH/src/" >out &&
	test_cmp want out
'

test_expect_success 'the same tree in git, with files of no snapshot around' '
	cp -a src repo &&
	git init -q repo &&
	echo "*.o" >repo/.git/info/exclude &&
	echo x >repo/x.o && mkdir -p repo/.unionml repo/none &&
	echo x >repo/.unionml/store.db &&
	"$packdir" digest src >want &&
	"$packdir" digest repo >out &&
	test_cmp want out &&
	git -C repo add . && git -C repo commit -qm all &&
	"$packdir" digest repo >out &&
	test_cmp want out
'

test_expect_success 'a clone of it has the same version and bytes' '
	git clone -q repo clone &&
	"$packdir" version repo >want &&
	"$packdir" version clone >out &&
	test_cmp want out &&
	test_grep " git-tree:[0-9a-f]\{40\}$" out &&
	echo x >clone/new &&
	"$packdir" version clone >out &&
	sha=$(git -C clone rev-parse HEAD | cut -c 1-12) &&
	tar=$("$packdir" digest clone | cut -c 1-7) &&
	printf "%s-d%s dirty \"all\" \n?? new\n" "$sha" "$tar" >want &&
	test_cmp want out
'

test_expect_success 'archives of GNU tar' '
	(cd plain &&
	find . -type f -printf "%P\0" -o -type l -printf "%P\0" >../list &&
	tar czf ../gnu.tgz --format=posix --null -T ../list) &&
	"$packdir" unpack gnu.tgz from-gnu &&
	same plain from-gnu
'

# packed TAR...: what the prelude makes of the output of a component.
packed() {
	rm -rf packed any &&
	bytes packed && mkdir packed/none && ln packed/a packed/bin/same &&
	"$@" -cf - -C packed . | gzip >any.tgz &&
	"$packdir" unpack-any any.tgz any &&
	same packed any &&
	test_must_fail 3 "$packdir" unpack any.tgz ours2 2>err
}

test_expect_success 'a directory packed by GNU tar' '
	packed tar &&
	packed tar --format=gnu &&
	packed tar --format=pax
'
test_expect_success busybox 'a directory packed by busybox' '
	packed busybox tar
'
test_expect_success bsdtar 'a directory packed by bsdtar' '
	packed env LC_ALL=C.UTF-8 bsdtar
'

test_expect_success python3 'numbers in base 256, and links to nothing' '
	cat >gnu.py <<-\EOF &&
	import io, tarfile
	def make(name, *members):
	    with tarfile.open(name, "w:gz", format=tarfile.GNU_FORMAT) as t:
	        for path, kind, target, data in members:
	            m = tarfile.TarInfo(path)
	            m.type, m.linkname, m.size = kind, target, len(data)
	            t.addfile(m, io.BytesIO(data))
	make("twice.tgz", ("./d/a", b"0", "", b"x"), ("d/b", b"1", "./d/a", b""),
	    ("d/c", b"1", "d/b", b""))
	make("dangling.tgz", ("b", b"1", "a", b""), ("a", b"0", "", b"x"))
	make("dir.tgz", ("a/", b"5", "", b""), ("b", b"1", "a", b""))
	h = bytearray(tarfile.TarInfo("f").tobuf(tarfile.GNU_FORMAT))
	h[124:136] = b"\x80" + bytes(10) + b"\x03"
	h[148:156] = b" " * 8
	h[148:156] = b"%06o\0 " % sum(h)
	import gzip
	gzip.open("base.tgz", "wb").write(bytes(h) + b"abc" + bytes(509 + 1024))
	EOF
	python3 gnu.py &&
	"$packdir" unpack-any base.tgz base &&
	printf abc >want && cmp want base/f &&
	test_must_fail 3 "$packdir" unpack base.tgz base2 &&
	"$packdir" unpack-any twice.tgz twice &&
	printf x >want && cmp want twice/d/c && cmp want twice/d/b &&
	test_must_fail 3 "$packdir" unpack-any dangling.tgz x 2>err &&
	test_grep "no file of it: refused" err &&
	test_must_fail 3 "$packdir" unpack-any dir.tgz x 2>err &&
	test_grep "no file of it: refused" err &&
	test_path_missing x
'

test_expect_success python3 'what an enemy packs stays in its directory' '
	mkdir prison && echo precious >precious &&
	cat >enemy.py <<-\EOF &&
	import io, sys, tarfile
	entries = {
	    "dots": [("../precious", "0", "")],
	    "absolute": [(sys.argv[1] + "/precious", "0", "")],
	    "link": [("l", "2", ".."), ("l/precious", "0", "")],
	    "link-absolute": [("l", "2", sys.argv[1]), ("l/precious", "0", "")],
	    "two-links": [("d/a", "2", "."), ("l", "2", "d/a/../.."),
	        ("l/precious", "0", "")],
	    "through": [("d/f", "0", ""), ("l", "2", "d"), ("l/g", "0", "")],
	    "over": [("l", "2", "x"), ("l", "0", "")],
	    "hard": [("h", "1", "../precious"), ("h", "0", "")],
	    "fifo": [("f", "6", "")],
	    "device": [("f", "3", "")],
	    "pax": [("x" * 200 + "/../../../precious", "0", "")],
	}
	for name, members in entries.items():
	    with tarfile.open(name + ".evil", "w:gz", format=tarfile.PAX_FORMAT) as t:
	        for path, kind, target in members:
	            m = tarfile.TarInfo(path)
	            m.type, m.linkname, m.size = kind.encode(), target, 0
	            data = b""
	            if kind == "0":
	                data = b"gotcha"
	                m.size = len(data)
	            t.addfile(m, io.BytesIO(data))
	EOF
	python3 enemy.py "$TRASH" &&
	for i in *.evil; do
		test_must_fail 3 "$packdir" unpack "$i" prison/cell 2>err &&
		test_grep "^unionml: error: .$i. .*: refused$" err &&
		test_must_fail 3 "$packdir" unpack-any "$i" prison/cell \
			2>err &&
		test_grep "^unionml: error: .$i. .*: refused$" err || return 1
	done &&
	test "$(cat precious)" = precious &&
	test "$(ls -A prison)" = ""
'

test_expect_success 'a damaged archive leaves nothing behind' '
	head -c 700 src.tar.gz >cut.tgz &&
	test_must_fail 3 "$packdir" unpack cut.tgz cut 2>err &&
	test_grep "cut.tgz. is cut short" err &&
	test_path_missing cut
'

test_expect_success NOT_ROOT 'what cannot be read is named' '
	mkdir -p locked/d && echo x >locked/d/f && chmod 0 locked/d/f &&
	test_must_fail 4 "$packdir" pack locked locked.tgz 2>err &&
	test_grep "cannot read .locked/d/f.: Permission denied" err &&
	test_path_missing locked.tgz
'

test_done
