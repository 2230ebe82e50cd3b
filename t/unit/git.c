/* Asking git: its status, its words, and what it is kept from. */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/package/git.h"
#include "t/unit/packing.h"

static void
test_has(void)
{
	bool has = true;

	is_int(git_has(".", &has), EXIT_DONE, "no repository");
	ok(!has, "none");
	is_int(git_has("none", &has), EXIT_LOCAL, "no such directory");
	has_said("cannot open 'none': No such file or directory");
	shell(".", "git init -q r; mkdir -p r/d/e r/out;"
	    "echo out >r/.gitignore;"
	    "git init -q --bare b; ln -s r/d l");
	is_int(git_has("r", &has), EXIT_DONE, "the top");
	ok(has, "it has");
	is_int(git_has("r/d/e", &has), EXIT_DONE, "below");
	ok(has, "it has");
	is_int(git_has("l/e", &has), EXIT_DONE, "through a link");
	ok(has, "it has");
	is_int(git_has("r/out", &has), EXIT_DONE, "what it ignores");
	ok(!has, "it has not");
	is_int(git_has("r/.git", &has), EXIT_DONE, "the repository itself");
	ok(!has, "it has not");
	is_int(git_has("b", &has), EXIT_DONE, "a bare one");
	ok(!has, "it has not");
	setenv("GIT_DIR", "/nonexistent", 1);
	setenv("GIT_WORK_TREE", "/nonexistent", 1);
	is_int(git_has("r", &has), EXIT_DONE, "in another's environment");
	ok(has, "it has");
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
}

static void
test_run(void)
{
	static const char *const prefix[] = { "rev-parse", "--show-prefix",
	    NULL };
	static const char *const head[] = { "rev-parse", "-q", "--verify",
	    "HEAD", NULL };
	static const char *const config[] = { "config", "a.b", NULL };
	static const char *const wrong[] = { "cat-file", "-p", "HEAD", NULL };
	struct strbuf out = STRBUF_INIT;
	char *path;
	int code = -1;

	strbuf_addstr(&out, "prefix: ");
	is_int(git_run("r/d", prefix, &out, NULL), EXIT_DONE, "rev-parse");
	is_str(out.buf, "prefix: d/\n", "appended to");
	is_int(git_run("r", head, &out, &code), EXIT_DONE, "no HEAD yet");
	is_int(code, 1, "is a status");
	strbuf_reset(&said);
	is_int(git_run("r", wrong, &out, NULL), EXIT_LOCAL, "or an error");
	has_said("git fails in 'r': Not a valid object name HEAD");
	is_int(git_run("r", head, &out, NULL), EXIT_LOCAL, "said or not");
	has_said("git fails in 'r': it does not say why");
	path = xstrdup(getenv("PATH"));
	setenv("PATH", "/nonexistent", 1);
	is_int(git_run("r", head, &out, NULL), EXIT_LOCAL, "no git");
	has_said("cannot run git in 'r': No such file or directory");
	setenv("PATH", path, 1);
	free(path);
	strbuf_reset(&out);
	setenv("GIT_CONFIG_COUNT", "1", 1);
	setenv("GIT_CONFIG_KEY_0", "a.b", 1);
	setenv("GIT_CONFIG_VALUE_0", "c", 1);
	is_int(git_run("r", config, &out, NULL), EXIT_DONE, "configuration");
	is_str(out.buf, "c\n", "in the environment counts");
	unsetenv("GIT_CONFIG_COUNT");
	strbuf_release(&out);
}

int
main(void)
{
	char tmp[] = "/tmp/unit-git-XXXXXX";

	packing_begin(tmp);
	test_has();
	test_run();
	return packing_end(tmp);
}
