/* Snapshots: the same bytes everywhere, and none of a file that moves. */
#include "lib/base/compat.h"

#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>

#include "lib/package/filelist.h"
#include "lib/package/pack.h"
#include "lib/package/unpack.h"
#include "t/unit/packing.h"

/*
 * Of the tree that make_tree makes. A change of it means that what is deployed
 * everywhere counts as changed: think twice.
 */
static const char golden[] = "f7df8d0d47fb826581e2acb1fe0281bf"
    "3244c8e6b6bed60489d9ab708cb12199";

enum { BIG = 700000 };

static void
put_big(const char *path, size_t len, char c)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_grow(&sb, len);
	memset(sb.buf, c, len);
	write_file(path, sb.buf, len);
	strbuf_release(&sb);
}

static void
make_tree(const char *dir, bool backwards)
{
	static const char *const files[] = { "a", "a-b", "a/b",
	    "d/e/f/g", "\xff\xfe", "two\nlines", "z" };
	char *old = getcwd(NULL, 0);
	struct strbuf name = STRBUF_INIT;
	size_t i, n = ARRAY_SIZE(files);

	if (tree_mkdirs(dir) < 0 || chdir(dir) < 0)
		ok(false, "set-up: %s", dir);
	for (i = 1; i < n; i++)
		put(files[backwards ? n - i : i], files[backwards ? n - i :
		    i]);
	for (i = 0; i < 25; i++)
		strbuf_addf(&name, "%s0123456789", i > 0 ? "/" : "");
	put(name.buf, "deep");
	strbuf_addstr(&name, "x/0123456789");
	put(name.buf, "deeper");
	link_to("../z", "d/link");
	link_to(name.buf, "long-link");
	put_big("big", BIG, 'x');
	put_big("buffer", 256 << 10, 'y');
	write_file("empty", "", 0);
	chmod("z", 0711);
	chmod("big", 0600);
	strbuf_release(&name);
	if (chdir(old) < 0)
		ok(false, "set-up: %s", old);
	free(old);
}

static void
digest(const char *dir, struct pack *pack)
{
	struct filelist list;

	is_int(filelist_load(&list, dir), EXIT_DONE, dir);
	is_int(pack_digest(&list, pack), EXIT_DONE, "digest");
	filelist_release(&list);
}

static void
test_same(void)
{
	struct pack a, b, c;
	struct filelist list;
	char sha256[65];
	struct stat st;

	make_tree("one", false);
	umask(077);
	make_tree("somewhere/else", true);
	umask(022);
	shell(".", "find one -exec touch -h -d 2001-01-01 {} +");
	digest("one", &a);
	digest("somewhere/else", &b);
	is_str(a.sha256, golden, "the digest that it always had");
	is_str(b.sha256, a.sha256, "the same elsewhere");
	is_int(a.gzip_bytes, 0, "nothing written");
	is_int(a.tar_bytes % 10240, 0, "whole records");
	filelist_load(&list, "one");
	is_int(pack_write(&list, "one.tar.gz", &c), EXIT_DONE, "written");
	filelist_release(&list);
	is_str(c.sha256, a.sha256, "the same when written");
	is_int(c.tar_bytes, a.tar_bytes, "as long");
	ok(stat("one.tar.gz", &st) == 0 && st.st_size == c.gzip_bytes,
	    "the file's size");
	is_int(st.st_mode & 07777, 0644, "the file's mode");
	is_int(unpack("one.tar.gz", "back", sha256), EXIT_DONE, "unpacked");
	is_str(sha256, a.sha256, "of the same digest");
	digest("back", &b);
	is_str(b.sha256, a.sha256, "what came out has it too");
	shell(".", "git init -q one; cd one; git add .; git commit -qm 1");
	digest("one", &b);
	is_str(b.sha256, a.sha256, "and in a git tree");
	shell("one", "rm -r .git; chmod 600 z");
	digest("one", &b);
	ok(strcmp(b.sha256, a.sha256) != 0, "a mode counts");
}

static void
test_nothing(void)
{
	struct pack pack;

	tree_mkdirs("nothing");
	digest("nothing", &pack);
	is_int(pack.tar_bytes, 10240, "a record of zeros");
	is_str(pack.sha256, "84ff92691f909a05b224e1c56abb4864"
	    "f01b4f8e3c854e4bb4c7baf1d3f6d652", "its digest");
}

/* A file of `dir` is not what the list says any more. */
static void
fails(const char *script, const char *why)
{
	struct filelist list;
	struct pack pack;

	tree_remove("v");
	put("v/a", "1");
	put("v/d/b", "2");
	put_big("v/big", BIG, 'x');
	filelist_load(&list, "v");
	shell("v", script);
	is_int(pack_write(&list, "v.tar.gz", &pack), EXIT_LOCAL, script);
	has_said(why);
	ok(access("v.tar.gz", F_OK) < 0, "no archive is left");
	filelist_release(&list);
}

static void
test_moved(void)
{
	struct filelist list;
	struct pack pack;

	fails("rm d/b", "cannot read 'v/d/b': No such file or directory");
	fails("rm -r d; mkdir o; echo 3 >o/b; ln -s o d",
	    "cannot read 'v/d/b': Not a directory");
	fails("rm a; ln -s /etc/passwd a",
	    "cannot read 'v/a': Too many levels of symbolic links");
	fails("rm a; mkfifo a", "'v/a' changed while it was packed");
	fails("rm a; mkdir a", "'v/a' changed while it was packed");
	tree_remove("v/a");
	put("v/a", "1");
	filelist_load(&list, "v");
	put("v/a", "longer");
	is_int(pack_digest(&list, &pack), EXIT_DONE,
	    "a small one may change between listing and reading");
	is_int(tree_remove("v"), 0, "all is gone");
	is_int(pack_digest(&list, &pack), EXIT_LOCAL, "no directory");
	has_said("cannot open 'v': No such file or directory");
	filelist_release(&list);
	put("v/a", "1");
	filelist_load(&list, "v");
	is_int(pack_write(&list, "no/v.tar.gz", &pack), EXIT_LOCAL, "nowhere");
	has_said("cannot create 'no/v.tar.gz': No such file or directory");
	filelist_release(&list);
}

/* Somebody writes to a big file all the time. */
static void
test_growing(void)
{
	enum status status = EXIT_DONE;
	struct filelist list;
	struct pack pack;
	pid_t pid;
	int i, fd;

	tree_remove("v");
	tree_mkdirs("v");
	put_big("v/log", 64 << 20, 'x');
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		fd = open("v/log", O_WRONLY | O_APPEND | O_CLOEXEC);
		while (write(fd, "x", 1) == 1)
			;
		_exit(1);
	}
	for (i = 0; i < 20 && status == EXIT_DONE; i++) {
		filelist_load(&list, "v");
		status = pack_digest(&list, &pack);
		filelist_release(&list);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	is_int(status, EXIT_LOCAL, "a file that grows is noticed");
	has_said("'v/log' changed while it was packed");
}

static void
test_full(void)
{
	struct filelist list;
	struct pack pack;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	filelist_load(&list, "one");
	is_int(pack_write_fd(&list, fd, "f.tar.gz", &pack), EXIT_LOCAL,
	    "a full disk");
	has_said("cannot write 'f.tar.gz': No space left on device");
	filelist_release(&list);
	close(fd);
}

int
main(void)
{
	char tmp[] = "/tmp/unit-pack-XXXXXX";

	packing_begin(tmp);
	test_same();
	test_nothing();
	test_moved();
	test_growing();
	test_full();
	return packing_end(tmp);
}
