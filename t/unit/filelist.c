/* Which files a snapshot holds, by git and without. */
#include "lib/base/compat.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "lib/package/filelist.h"
#include "t/unit/packing.h"

/* A line for each entry: mode or link, size, why, path. */
static void
is_list(const char *dir, enum status want, const char *lines)
{
	struct strbuf got = STRBUF_INIT;
	const struct filelist_entry *e;
	struct filelist list;
	int64_t bytes = 0;
	size_t i;

	is_int(filelist_load(&list, dir), want, dir);
	for (i = 0; i < list.n; i++) {
		e = &list.v[i];
		bytes += e->size;
		if (e->kind == FILELIST_LINK)
			strbuf_addf(&got, "%s -> %s (%s)\n", e->path,
			    e->target, filelist_why_text(e->why));
		else
			strbuf_addf(&got, "%s%s %lld (%s)\n", e->path,
			    e->executable ? "*" : "", (long long)e->size,
			    filelist_why_text(e->why));
	}
	is_str(got.buf, lines, "its files");
	is_int(list.bytes, bytes, "their bytes");
	strbuf_release(&got);
	filelist_release(&list);
}

static void
make_fifo_and_socket(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX,
	    .sun_path = "w/socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (mkfifo("w/fifo", 0600) < 0 || bind(fd, (struct sockaddr *)&addr,
	    sizeof(addr)) < 0)
		ok(false, "set-up: a FIFO and a socket");
	close(fd);
}

static void
test_walk(void)
{
	put("w/b", "22");
	put("w/a/x", "1");
	put("w/a-b", "333");
	put("w/a.b", "");
	put("w/a/y/z", "4444");
	put("w/run", "#!");
	put("w/.hidden", "h");
	put("w/two\nlines", "n");
	put("w/\xff\xfe", "bytes");
	put("w/.git/HEAD", "not git's");
	put("w/.unionml/store.db", "state");
	put("w/a/.unionml/store.db", "state");
	put("w/sub/.git", "gitdir: elsewhere");
	put("w/data/big.csv", "data");
	put("w/data/keep/small.csv", "data");
	put("w/out/model", "m");
	tree_mkdirs("w/empty/dir");
	link_to("../b", "w/a/link");
	link_to("nowhere", "w/dangling");
	link_to("a", "w/dir");
	put("w/.unionmlignore", "# results\n/out/\ndata/*\n!data/keep\n");
	chmod("w/run", 0700);
	chmod("w/b", 0600);
	make_fifo_and_socket();
	is_list("w", EXIT_DONE,
	    ".hidden 1 (not ignored)\n"
	    ".unionmlignore 34 (not ignored)\n"
	    "a-b 3 (not ignored)\n"
	    "a.b 0 (not ignored)\n"
	    "a/link -> ../b (not ignored)\n"
	    "a/x 1 (not ignored)\n"
	    "a/y/z 4 (not ignored)\n"
	    "b 2 (not ignored)\n"
	    "dangling -> nowhere (not ignored)\n"
	    "data/keep/small.csv 4 (not ignored)\n"
	    "dir -> a (not ignored)\n"
	    "run* 2 (not ignored)\n"
	    "two\nlines 1 (not ignored)\n"
	    "\xff\xfe 5 (not ignored)\n");
	ok(strstr(said.buf, "'w/fifo' is a FIFO, which a snapshot cannot hold: "
	    "left out") != NULL, "the FIFO is named");
	has_said("'w/socket' is a socket, which a snapshot cannot hold");
}

static void
test_faults(void)
{
	put("f/a/x", "1");
	put("f/y", "1");
	link_to("/etc/passwd", "f/absolute");
	link_to("../../f/y", "f/a/out");
	link_to("../y", "f/a/in");
	is_list("f", EXIT_INPUT, "a/in -> ../y (not ignored)\n"
	    "a/out -> ../../f/y (not ignored)\n"
	    "a/x 1 (not ignored)\n"
	    "absolute -> /etc/passwd (not ignored)\n"
	    "y 1 (not ignored)\n");
	ok(strstr(said.buf, "'f/absolute' links to '/etc/passwd', which is "
	    "absolute: a snapshot holds no link that leaves it") != NULL,
	    "one");
	ok(strstr(said.buf, "'f/a/out' links to '../../f/y', which leads out "
	    "of the directory") != NULL, "and the other");
	has_said("make it relative, or name it in '.unionmlignore'");
	put("f/.unionmlignore", "absolute\nout\n");
	is_list("f", EXIT_DONE, ".unionmlignore 13 (not ignored)\n"
	    "a/in -> ../y (not ignored)\n"
	    "a/x 1 (not ignored)\n"
	    "y 1 (not ignored)\n");
	link_to("/", "f/absolute2");
	is_list("f/./", EXIT_INPUT, ".unionmlignore 13 (not ignored)\n"
	    "a/in -> ../y (not ignored)\n"
	    "a/x 1 (not ignored)\n"
	    "absolute2 -> / (not ignored)\n"
	    "y 1 (not ignored)\n");
	has_said("'f/absolute2' links to '/', which is absolute");
	unlink("f/absolute2");
	is_list("none", EXIT_LOCAL, "");
	has_said("cannot open 'none': No such file or directory");
	is_list("f/y", EXIT_LOCAL, "");
	has_said("cannot open 'f/y': Not a directory");
	tree_mkdirs("e");
	is_list("e", EXIT_DONE, "");
	tree_mkdirs("e/.unionmlignore");
	is_list("e", EXIT_LOCAL, "");
	has_said("cannot read 'e/.unionmlignore': Is a directory");
	if (geteuid() == 0)
		return;
	tree_mkdirs("p/locked");
	chmod("p/locked", 0);
	is_list("p", EXIT_LOCAL, "");
	has_said("cannot read 'p/locked': Permission denied");
}

static void
test_git(void)
{
	shell(".", "git init -q g; cd g; mkdir d e; echo 1 >a; echo 22 >d/b;"
	    "echo 3 >e/c; echo x >gone; printf 'ignored\\n*.o\\n' >.gitignore;"
	    "echo '#!' >run; chmod 755 run; ln -s ../a d/l; echo 1 >d/x.o;"
	    "git add -f .; git commit -qm first; rm gone;"
	    "echo new >new; echo x >ignored; echo x >y.o;"
	    "mkdir -p .unionml e/.unionml; echo x >.unionml/s;"
	    "git add -f .unionml; echo x >e/.unionml/s;"
	    "printf x >\"$(printf 'two\\nlines')\";"
	    "printf x >\"$(printf '\\377')\"; mkfifo fifo");
	is_list("g", EXIT_DONE,
	    ".gitignore 12 (tracked)\n"
	    "a 2 (tracked)\n"
	    "d/b 3 (tracked)\n"
	    "d/l -> ../a (tracked)\n"
	    "d/x.o 2 (tracked)\n"
	    "e/c 2 (tracked)\n"
	    "new 4 (untracked)\n"
	    "run* 3 (tracked)\n"
	    "two\nlines 1 (untracked)\n"
	    "\xff 1 (untracked)\n");
	is_list("g/e", EXIT_DONE, "c 2 (tracked)\n");
	/* What a hook's environment says is about another repository. */
	setenv("GIT_DIR", "/nonexistent", 1);
	setenv("GIT_INDEX_FILE", "/nonexistent", 1);
	is_list("g/e", EXIT_DONE, "c 2 (tracked)\n");
	unsetenv("GIT_DIR");
	unsetenv("GIT_INDEX_FILE");
	/* A link in the place of a directory: its files are gone. */
	shell("g", "rm -r e; mkdir o; echo 1 >o/c; ln -s o e");
	is_list("g/o", EXIT_DONE, "c 2 (untracked)\n");
	shell("g", "rm -r d a run new two* \"$(printf '\\377')\";"
	    "echo 1 >a");
	is_list("g", EXIT_DONE,
	    ".gitignore 12 (tracked)\n"
	    "a 2 (tracked)\n"
	    "e -> o (untracked)\n"
	    "o/c 2 (untracked)\n");
	/* In g/ a link may lead to ../a, in g/o it leaves the source. */
	link_to("../a", "g/o/l");
	is_list("g/o", EXIT_INPUT, "c 2 (untracked)\n"
	    "l -> ../a (untracked)\n");
	has_said("make it relative, or have git ignore it");
	unlink("g/o/l");
	shell("g", "rm a; mkfifo a");
	strbuf_reset(&said);
	is_list("g", EXIT_DONE,
	    ".gitignore 12 (tracked)\n"
	    "e -> o (untracked)\n"
	    "o/c 2 (untracked)\n");
	has_said("'g/a' is a FIFO");
}

static void
test_unmerged(void)
{
	shell(".", "git init -q m; cd m; echo 1 >f; git add f;"
	    "git commit -qm 1; git checkout -q -b b; echo 2 >f;"
	    "git commit -qam 2; git checkout -q -; echo 3 >f;"
	    "git commit -qam 3; ! git merge -q b; echo x >f");
	is_list("m", EXIT_DONE, "f 2 (tracked)\n");
}

static void
test_submodule(void)
{
	shell(".", "git init -q s; cd s; echo 1 >f; mkdir d; echo 2 >d/g;"
	    "git add .; git commit -qm 1");
	shell(".", "git init -q t; cd t; echo 1 >a; echo 1 >sub.a;"
	    "git -c protocol.file.allow=always submodule --quiet add "
	    "\"$(cd ..; pwd)/s\" sub; git add .; git commit -qm 1;"
	    "sed -i d .gitmodules");
	is_list("t", EXIT_DONE,
	    ".gitmodules 0 (tracked)\n"
	    "a 2 (tracked)\n"
	    "sub.a 2 (tracked)\n"
	    "sub/d/g 2 (tracked)\n"
	    "sub/f 2 (tracked)\n");
	shell("t", "git init -q inner; echo 1 >inner/i; echo 1 >sub/new;"
	    "cd inner; git add i; git commit -qm 1");
	is_list("t", EXIT_DONE,
	    ".gitmodules 0 (tracked)\n"
	    "a 2 (tracked)\n"
	    "inner/i 2 (untracked)\n"
	    "sub.a 2 (tracked)\n"
	    "sub/d/g 2 (tracked)\n"
	    "sub/f 2 (tracked)\n"
	    "sub/new 2 (untracked)\n");
	shell("t", "rm -rf inner sub; mkdir sub");
	is_list("t", EXIT_INPUT,
	    ".gitmodules 0 (tracked)\n"
	    "a 2 (tracked)\n"
	    "sub.a 2 (tracked)\n");
	ok(strstr(said.buf, "submodule 't/sub' is not checked out") != NULL,
	    "it is named");
	has_said("git -C 't' submodule update --init -- 'sub'");
	shell("t", "rmdir sub");
	is_list("t", EXIT_DONE,
	    ".gitmodules 0 (tracked)\n"
	    "a 2 (tracked)\n"
	    "sub.a 2 (tracked)\n");
}

/* Where git is not asked, or not there to ask. */
static void
test_no_git(void)
{
	char *path = strdup(getenv("PATH"));

	shell(".", "git init -q n; cd n; mkdir -p out/app part;"
	    "echo out >.gitignore; echo 1 >out/app/f; echo 1 >part/f;"
	    "echo 1 >part/.gitignore");
	is_list("n/out/app", EXIT_DONE, "f 2 (not ignored)\n");
	put("n/.git/x/f", "1");
	is_list("n/.git/x", EXIT_DONE, "f 1 (not ignored)\n");
	shell("n", "git add -f out/app/f");
	is_list("n/out/app", EXIT_DONE, "f 2 (tracked)\n");
	tree_mkdirs("bin");
	setenv("PATH", "/nonexistent", 1);
	strbuf_reset(&said);
	is_list("n/part", EXIT_DONE, ".gitignore 2 (not ignored)\n"
	    "f 2 (not ignored)\n");
	has_said("git is not installed, so that all files of");
	is_list("n/part", EXIT_DONE, ".gitignore 2 (not ignored)\n"
	    "f 2 (not ignored)\n");
	is_str(said.buf, "", "said once");
	put("bin/git", "#!/bin/sh\necho 'fatal: detected dubious ownership in "
	    "repository' >&2\necho >&2\necho ' To allow it, call:' >&2\n"
	    "exit 128\n");
	chmod("bin/git", 0755);
	setenv("PATH", "bin:/usr/bin:/bin", 1);
	shell(".", "cp -r bin n/part/");
	is_list("n/part", EXIT_LOCAL, "");
	ok(strstr(said.buf, "/n/part': detected dubious ownership in "
	    "repository") != NULL, "git's own words");
	has_said("To allow it, call:");
	setenv("PATH", path, 1);
	free(path);
	put("broken/.git", "gitdir: nowhere");
	put("broken/f", "1");
	is_list("broken", EXIT_DONE, "f 1 (not ignored)\n");
	strbuf_reset(&said);
}

int
main(void)
{
	char tmp[] = "/tmp/unit-filelist-XXXXXX";

	packing_begin(tmp);
	test_walk();
	test_faults();
	test_git();
	test_unmerged();
	test_submodule();
	test_no_git();
	return packing_end(tmp);
}
