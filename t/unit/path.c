/* Paths as text, and the two functions that look at the disk. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "t/unit/tap.h"

static void
is_freed(char *got, const char *want, const char *name)
{
	is_str(got, want, name);
	free(got);
}

static void
test_join(void)
{
	static const struct {
		const char *dir, *name, *want;
	} cases[] = {
		{ "a", "b", "a/b" },
		{ "a/", "b", "a/b" },
		{ "/", "b", "/b" },
		{ "a", "/b", "/b" },
		{ "", "b", "b" },
		{ "a", "", "a" },
		{ "", "", "" },
		{ "a b", "../c", "a b/../c" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		is_freed(path_join(cases[i].dir, cases[i].name),
		    cases[i].want, "path_join");
}

static void
test_split(void)
{
	static const struct {
		const char *path, *dir, *base;
	} cases[] = {
		{ "a", ".", "a" },
		{ "a/b", "a", "b" },
		{ "a//b", "a", "b" },
		{ "a/b/c.yaml", "a/b", "c.yaml" },
		{ "/a", "/", "a" },
		{ "//a", "/", "a" },
		{ "/", "/", "" },
		{ "//", "/", "" },
		{ "a/b/", "a", "" },
		{ "a/", ".", "" },
		{ ".", ".", "." },
		{ "..", ".", ".." },
		{ "", ".", "" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		is_freed(path_dirname(cases[i].path), cases[i].dir,
		    "path_dirname");
		is_str(path_basename(cases[i].path), cases[i].base,
		    "path_basename");
	}
}

static void
test_absolute(const char *cwd)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
		{ "/", "/" },
		{ "/a", "/a" },
		{ "/a/", "/a" },
		{ "//a///b//", "/a/b" },
		{ "/a/./b/.", "/a/b" },
		{ "/a/../b", "/b" },
		{ "/..", "/" },
		{ "/../../a", "/a" },
		{ "/a/b/../../..", "/" },
		{ "/...", "/..." },
		{ "/.a/..b", "/.a/..b" },
	};
	char *want;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		is_freed(path_absolute(cases[i].path), cases[i].want,
		    "path_absolute");
	want = xasprintf("%s/x/z", cwd);
	is_freed(path_absolute("./x/y/../z"), want, "path_absolute, relative");
	free(want);
	is_freed(path_absolute(""), cwd, "path_absolute, empty");
	is_freed(path_absolute("."), cwd, "path_absolute, dot");
}

static void
test_home(void)
{
	setenv("HOME", "/home/me", 1);
	is_freed(path_expand_home("~"), "/home/me", "~");
	is_freed(path_expand_home("~/a/b"), "/home/me/a/b", "~/a/b");
	is_freed(path_expand_home("~//a"), "/home/me/a", "~//a");
	is_freed(path_expand_home("~you/a"), "~you/a", "~you is not ours");
	is_freed(path_expand_home("a/~"), "a/~", "~ inside");
	is_freed(path_expand_home(""), "", "empty");
	is_freed(path_resolve("/d", "~/a"), "/home/me/a", "resolve ~");
	is_freed(path_resolve("/d", "a"), "/d/a", "resolve relative");
	is_freed(path_resolve("/d", "/a"), "/a", "resolve absolute");
	setenv("HOME", "", 1);
	is_freed(path_expand_home("~/a"), "~/a", "HOME empty");
	unsetenv("HOME");
	is_freed(path_expand_home("~/a"), "~/a", "HOME unset");
}

static void
test_find_up(const char *cwd)
{
	char *want = xasprintf("%s/a/app.yaml", cwd);

	mkdir("a", 0777);
	mkdir("a/b", 0777);
	mkdir("a/b/c", 0777);
	write_file("a/app.yaml", "x", 1);
	is_freed(path_find_up("a/b/c", "app.yaml"), want, "two above");
	is_freed(path_find_up("a/b/../b/c/", "app.yaml"), want, "dots");
	is_freed(path_find_up("a", "app.yaml"), want, "in the directory");
	is_freed(path_find_up("a/none/such", "app.yaml"), want,
	    "from a directory that is not there");
	is_freed(path_find_up("a/b/c", "no-such-name-anywhere"), NULL,
	    "nowhere");
	is_freed(path_find_up("/", "no-such-name-anywhere"), NULL, "root");
	free(want);
}

static void
test_cwd_removed(const char *tmp)
{
	mkdir("gone", 0777);
	if (chdir("gone") < 0 || rmdir("../gone") < 0)
		ok(false, "set-up");
	is_freed(path_absolute("a/../b"), "a/../b", "no working directory");
	is_freed(path_absolute("/a/../b"), "/b", "absolute needs none");
	is_freed(path_find_up(".", "no-such-name-anywhere"), NULL,
	    "find up from nowhere");
	if (chdir(tmp) < 0)
		ok(false, "chdir '%s'", tmp);
}

int
main(void)
{
	char tmp[] = "/tmp/unit-path-XXXXXX";
	char *cwd;

	if (mkdtemp(tmp) == NULL || chdir(tmp) < 0)
		return 1;
	cwd = getcwd(NULL, 0);
	test_join();
	test_split();
	test_absolute(cwd);
	test_home();
	test_find_up(cwd);
	test_cwd_removed(cwd);
	if (chdir("/") == 0 && tree_remove(tmp) < 0)
		ok(false, "clean up");
	free(cwd);
	return tap_done();
}
