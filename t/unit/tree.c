/* Trees with links, FIFOs, odd names and modes. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "t/unit/tap.h"

static void
put(const char *path, const char *text)
{
	if (write_file(path, text, strlen(text)) < 0)
		ok(false, "set-up: cannot write '%s'", path);
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
link_to(const char *target, const char *path)
{
	if (symlink(target, path) < 0)
		ok(false, "set-up: cannot link '%s'", path);
}

static void
is_content(const char *path, const char *want)
{
	struct strbuf sb = STRBUF_INIT;

	if (read_file(path, &sb, 1000) < 0)
		ok(false, "cannot read '%s'", path);
	is_str(sb.buf, want, path);
	strbuf_release(&sb);
}

static void
test_mkdirs(void)
{
	static const char *const good[] =
	    { "m", "m/a/b/c", "m//x//y/", "/tmp", "/", ".", "m/./z", "m/q/.." };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		is_int(tree_mkdirs(good[i]), 0, good[i]);
	is_int(tree_mkdirs("m/a/b/c"), 0, "again");
	ok(exists("m/a/b/c") && exists("m/x/y") && exists("m/z"), "made");
	put("m/file", "x");
	is_int(tree_mkdirs("m/file"), -1, "a file");
	is_int(errno, ENOTDIR, "ENOTDIR");
	is_int(tree_mkdirs("m/file/a"), -1, "below a file");
	is_int(errno, ENOTDIR, "ENOTDIR");
	is_int(tree_mkdirs(""), -1, "nothing");
	is_int(errno, ENOENT, "ENOENT");
	link_to("a", "m/link");
	is_int(tree_mkdirs("m/link/d"), 0, "through a link");
	ok(exists("m/a/d"), "made where the link leads");
}

/* A tree with one of everything; `s` holds a file that links point at. */
static void
make_tree(void)
{
	tree_mkdirs("s");
	put("s/outside", "outside");
	tree_mkdirs("t/sub/empty");
	put("t/a", "alpha");
	put("t/sub/b", "beta");
	put("t/sub/.hidden", "h");
	link_to("../s", "t/out");
	link_to("../a", "t/sub/in");
	link_to("nowhere", "t/dangling");
	chmod("t/sub/b", 0640);
	chmod("t/a", 0755);
}

static void
test_size_and_sync(void)
{
	int64_t bytes = -1;

	is_int(tree_size("t", &bytes), 0, "tree_size");
	is_int(bytes, 5 + 4 + 1, "bytes, no link followed");
	is_int(tree_size("t/out", &bytes), 0, "a link at the top is followed");
	is_int(bytes, 7, "bytes");
	is_int(tree_size("t/a", &bytes), 0, "a file");
	is_int(bytes, 5, "bytes");
	bytes = 3;
	is_int(tree_size("none", &bytes), -1, "no such tree");
	is_int(errno, ENOENT, "ENOENT");
	is_int(bytes, 3, "nothing was stored");

	mkfifo("t/fifo", 0600);
	is_int(tree_sync("t"), 0, "tree_sync does not wait for a FIFO");
	is_int(tree_sync("t/a"), 0, "a file");
	is_int(tree_sync("t/out"), 0, "a link at the top");
	is_int(tree_sync("none"), -1, "no such tree");
	is_int(errno, ENOENT, "ENOENT");
	unlink("t/fifo");
}

static void
test_sha256(void)
{
	char hex[65];

	is_int(tree_sha256("t/a", hex), 0, "a file");
	is_str(hex, "8ed3f6ad685b959ead7022518e1af76c"
	    "d816f8e8ec7ccdda1ed4018e8f2223f8", "sha256 of 'alpha'");
	is_int(tree_sha256("t/sub/in", hex), 0, "through a link at the top");
	is_str(hex, "8ed3f6ad685b959ead7022518e1af76c"
	    "d816f8e8ec7ccdda1ed4018e8f2223f8", "the same");
	is_int(tree_sha256("/dev/null", hex), 0, "nothing");
	is_str(hex, "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855", "sha256 of nothing");
	is_int(tree_sha256("t/sub/empty", hex), 0, "an empty directory");
	is_str(hex, "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855", "sha256 of no lines");
	is_int(tree_sha256("t", hex), 0, "a directory");
	is_str(hex, "8013c19585aaf82ded3fa271933f8163"
	    "d40f9a9a06c06e666e50eb2ddef6f01b", "as sha256sum says");
	tree_mkdirs("odd");
	put("odd/two\nlines", "1");
	put("odd/back\\slash", "2");
	put("odd/-x", "3");
	put("odd/\303\251 \001", "4");
	is_int(tree_sha256("odd", hex), 0, "odd names");
	is_str(hex, "f03089308c100e48f70eae19afa20212"
	    "cd8eebc99ffe9f044f923ab3209b1fd7", "as sha256sum says");
	is_int(tree_sha256("none", hex), -1, "no such file");
	is_int(errno, ENOENT, "ENOENT");
}

static void
test_copy(void)
{
	char one[65], two[65], target[32];
	ssize_t n;

	is_int(tree_copy("t", "c", TREE_COPY), 0, "tree_copy");
	tree_sha256("t", one);
	tree_sha256("c", two);
	is_str(two, one, "the same files");
	ok(exists("c/sub/empty"), "the empty directory");
	is_int(mode_of("c/a"), 0755, "mode 755");
	is_int(mode_of("c/sub/b"), 0640, "mode 640");
	is_int(mode_of("c/sub"), mode_of("t/sub"), "mode of a directory");
	n = readlink("c/out", target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	is_str(target, "../s", "a link stays a link");
	n = readlink("c/dangling", target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	is_str(target, "nowhere", "a dangling one too");

	is_int(tree_copy("t", "c", TREE_COPY), -1, "onto what is there");
	is_int(errno, EEXIST, "EEXIST");
	is_int(tree_copy("t/a", "c/a", TREE_COPY), -1, "onto a file");
	is_int(errno, EEXIST, "EEXIST");
	is_int(tree_copy("t/a", "c/a", TREE_LINK), -1, "link onto a file");
	is_int(errno, EEXIST, "EEXIST");
	is_int(tree_copy("none", "d", TREE_COPY), -1, "from nothing");
	is_int(errno, ENOENT, "ENOENT");
	is_int(tree_copy("t/a", "none/a", TREE_COPY), -1, "to nowhere");
	is_int(errno, ENOENT, "ENOENT");
	is_int(tree_copy("t/out", "c/followed", TREE_COPY), 0,
	    "the top is followed");
	is_content("c/followed/outside", "outside");
	is_int(tree_copy("t/sub/in", "c/file", TREE_COPY), 0, "also a file");
	is_content("c/file", "alpha");
	is_int(mode_of("c/file"), 0755, "its mode");

	mkfifo("c/fifo", 0600);
	is_int(tree_copy("c/fifo", "d", TREE_COPY), -1, "a FIFO");
	is_int(errno, EINVAL, "EINVAL");
	unlink("c/fifo");
	is_int(tree_copy("t", "t/sub/self", TREE_COPY), 0, "into itself");
	ok(exists("t/sub/self/sub/b"), "copied");
	ok(!exists("t/sub/self/sub/self"), "but not the copy itself");
	tree_remove("t/sub/self");
}

static void
test_link(void)
{
	struct stat a, b;

	is_int(tree_copy("t", "l", TREE_LINK), 0, "tree_copy, TREE_LINK");
	stat("t/sub/b", &a);
	stat("l/sub/b", &b);
	ok(a.st_ino == b.st_ino && a.st_nlink == 2, "one file, two names");
	ok(exists("l/sub/empty") && exists("l/dangling"), "and the rest");
	is_int(tree_copy("t/sub/in", "l/file", TREE_LINK), 0, "top, a link");
	lstat("l/file", &b);
	ok(S_ISREG(b.st_mode), "is followed");
	/* /dev/shm is another file system nearly everywhere. */
	if (stat("/dev/shm", &a) == 0 && stat(".", &b) == 0 &&
	    a.st_dev != b.st_dev && access("/dev/shm", W_OK) == 0) {
		char tmp[] = "/dev/shm/unit-tree-XXXXXX";
		char path[64];

		if (mkdtemp(tmp) != NULL) {
			snprintf(path, sizeof(path), "%s/a", tmp);
			is_int(tree_copy("t/a", path, TREE_LINK), 0,
			    "another file system");
			is_content(path, "alpha");
			is_int(mode_of(path), 0755, "its mode");
			tree_remove(tmp);
		}
	}
}

static void
test_remove(void)
{
	is_int(tree_remove("none"), 0, "nothing there");
	is_int(tree_remove("t/a/below"), 0, "nothing below a file");
	is_int(tree_remove("t/out"), 0, "a link");
	ok(!exists("t/out") && exists("s/outside"), "only the link");
	link_to("../s", "t/out");
	mkfifo("t/fifo", 0600);
	chmod("t/sub/empty", 0);
	chmod("t/sub", 0555);
	is_int(tree_copy("t/sub/b", "t/b", TREE_COPY), 0, "set-up");
	is_int(tree_remove("t/b"), 0, "a file");
	is_int(tree_remove("t"), 0, "a tree, write-protected in part");
	ok(!exists("t"), "gone");
	is_content("s/outside", "outside");
}

static void
test_protected_copy(void)
{
	tree_mkdirs("p/ro");
	put("p/ro/f", "x");
	chmod("p/ro/f", 0444);
	chmod("p/ro", 0555);
	is_int(tree_copy("p", "q", TREE_COPY), 0, "a read-only directory");
	is_content("q/ro/f", "x");
	is_int(mode_of("q/ro"), 0555, "its mode");
	is_int(mode_of("q/ro/f"), 0444, "mode of the file in it");
}

int
main(void)
{
	char tmp[] = "/tmp/unit-tree-XXXXXX";

	umask(022);
	if (mkdtemp(tmp) == NULL || chdir(tmp) < 0)
		return 1;
	test_mkdirs();
	make_tree();
	test_size_and_sync();
	test_sha256();
	test_copy();
	test_link();
	test_remove();
	test_protected_copy();
	if (chdir("/") < 0 || tree_remove(tmp) < 0 || exists(tmp))
		ok(false, "clean up");
	return tap_done();
}
