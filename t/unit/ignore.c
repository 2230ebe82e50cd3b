/* The patterns of .unionmlignore, by a table and by what git makes of them. */
#include "lib/base/compat.h"

#include "lib/package/ignore.h"
#include "t/unit/packing.h"

/* A path with a slash at its end is a directory. */
static const struct row {
	const char *patterns, *path;
	bool want;
} rows[] = {
	{ "a", "a", true }, { "a", "b/a", true }, { "a", "a/b", true },
	{ "a", "ab", false }, { "/a", "a", true }, { "/a", "b/a", false },
	{ "a/", "a", false }, { "a/", "a/", true }, { "a/", "b/a/", true },
	{ "a/", "a/b/c", true }, { "/a/", "a/", true },
	{ "/a/", "b/a/", false }, { "a/b", "a/b", true },
	{ "a/b", "c/a/b", false }, { "/a/b", "a/b", true },
	{ "*.csv", "x.csv", true }, { "*.csv", "d/x.csv", true },
	{ "*.csv", "x.csvv", false }, { "*.csv", ".csv", true },
	{ "/*.csv", "d/x.csv", false }, { "d/*.csv", "d/x.csv", true },
	{ "d/*.csv", "d/e/x.csv", false }, { "*", "a", true },
	{ "a*b*c", "a1b2c", true }, { "a*b*c", "a1b2", false },
	{ "?", "a", true }, { "?", "ab", false }, { "a?b", "a/b", false },
	{ "[a-c]x", "bx", true }, { "[a-c]x", "dx", false },
	{ "[!a-c]x", "dx", true }, { "[^a-c]x", "ax", false },
	{ "[]]", "]", true }, { "[[:digit:]]", "7", true },
	{ "[[:digit:]]", "x", false }, { "[\\]a]", "]", true },
	{ "**/a", "a", true }, { "**/a", "b/c/a", true },
	{ "a/**", "a/b", true }, { "a/**", "a/b/c", true },
	{ "a/**", "a/", false }, { "a/**", "b/a/c", false },
	{ "a/**/b", "a/b", true }, { "a/**/b", "a/x/b", true },
	{ "a/**/b", "a/x/y/b", true }, { "a/**/b", "c/a/b", false },
	{ "**/a/**", "x/a/y", true }, { "**/a/**", "x/a", false },
	{ "a/**/**/b", "a/b", true }, { "a**b", "axb", true },
	{ "a**b", "x/aab", true }, { "x/a**b", "x/a/b", false },
	{ "**", "a/b", true }, { "**/", "a", false }, { "**/", "a/", true },
	{ "/**", "a", true }, { "a/**/", "a/b/", true },
	{ "a/**/", "a/b", false },
	{ "*\n!a", "a", false }, { "*\n!a", "b", true },
	{ "!a\n*", "a", true }, { "d/\n!d/a", "d/a", true },
	{ "d/*\n!d/a", "d/a", false }, { "d/*\n!d/a", "d/b", true },
	{ "a\n!a\na", "a", true }, { "/*\n!/d", "d/x", false },
	{ "/*\n!/d", "e/x", true }, { "*.log\n!keep.log", "d/keep.log", false },
	{ "#a", "#a", false }, { "\\#a", "#a", true }, { "\\!a", "!a", true },
	{ "a #b", "a #b", true }, { "a  ", "a", true }, { "a\\ ", "a ", true },
	{ "a\\ ", "a", false }, { "a \\  ", "a  ", true }, { " a", " a", true },
	{ " a", "a", false }, { "a\t", "a", false }, { "a\r\nb\r", "a", true },
	{ "a\r\nb\r", "b", true }, { "", "a", false }, { "\n\n\n", "a", false },
	{ "/", "a", false }, { "/", "a/", false }, { "!", "a", false },
	{ "\xef\xbb\xbf" "a", "a", true }, { "\\a", "a", true },
	{ "\\*", "*", true }, { "\\*", "a", false }, { "\\\\", "\\", true },
	{ "\xc3\xa9", "\xc3\xa9", true }, { "?", "\xc3\xa9", false },
	{ "??", "\xc3\xa9", true }, { "\xff*", "\xff\x01", true },
	{ "-a", "-a", true }, { "A", "a", false }, { ".*", ".a", true },
	{ ".*", "a.b", false }, { "a/b/", "a/b/", true },
	{ "a/b/", "a/b/c", true }, { "a//b", "a/b", false },
	{ "./a", "a", false }, { "../a", "a", false }, { "*/", "d/x", true },
	{ "*/", "x", false }, { "/*/x", "d/x", true },
	{ "/*/x", "d/e/x", false }
};

/* As a walk sees it, which does not enter what is ignored. */
static bool
is_ignored(const char *patterns, const char *path)
{
	struct ignore ignore = IGNORE_INIT;
	bool ignored = false;
	const char *slash;
	char *part;

	ignore_parse(&ignore, patterns, strlen(patterns));
	for (slash = path; !ignored && (slash = strchr(slash, '/')) != NULL;
	    slash++) {
		part = strndup(path, (size_t)(slash - path));
		ignored = ignore_match(&ignore, part, true);
		free(part);
	}
	if (!ignored && path[strlen(path) - 1] != '/')
		ignored = ignore_match(&ignore, path, false);
	ignore_release(&ignore);
	return ignored;
}

/* Without the slash at the end, which git would take for part of a name. */
static int
ask_git(char *path)
{
	struct process_output output = { STRBUF_INIT, STRBUF_INIT, 1 << 20 };
	char *argv[] = { (char *)(uintptr_t)"git",
	    (char *)(uintptr_t)"check-ignore", (char *)(uintptr_t)"-q",
	    (char *)(uintptr_t)"--no-index", (char *)(uintptr_t)"--",
	    path, NULL };
	struct process_end end = { .exit_code = -1 };

	if (path[strlen(path) - 1] == '/')
		path[strlen(path) - 1] = '\0';
	if (process_capture(argv, environ, "repo", &output, &end) != 0)
		end.exit_code = -1;
	strbuf_release(&output.out);
	strbuf_release(&output.err);
	return end.exit_code;
}

static void
test_row(const struct row *row)
{
	char *path = NULL, *dir;

	if (!ok(is_ignored(row->patterns, row->path) == row->want,
	    "'%s' %s", row->path, row->want ? "is ignored" : "stays"))
		printf("# by '%s'\n", row->patterns);
	put("repo/.git/info/exclude", row->patterns);
	path = path_join("repo", row->path);
	if (path[strlen(path) - 1] == '/') {
		tree_mkdirs(path);
	} else {
		dir = path_dirname(path);
		tree_mkdirs(dir);
		write_file(path, "", 0);
		free(dir);
	}
	if (!ok(ask_git(path + strlen("repo/")) == (row->want ? 0 : 1),
	    "so says git"))
		printf("# '%s' by '%s'\n", row->path, row->patterns);
	path[strlen("repo/") + strcspn(row->path, "/")] = '\0';
	tree_remove(path);
	free(path);
}

static void
test_long(void)
{
	struct ignore ignore = IGNORE_INIT;
	struct strbuf sb = STRBUF_INIT;
	int i;

	for (i = 0; i < 5000; i++)
		strbuf_addstr(&sb, "**/");
	strbuf_addstr(&sb, "a");
	ignore_parse(&ignore, sb.buf, sb.len);
	is_int((long long)ignore.v[0].parts, 2, "many ** are one");
	strbuf_reset(&sb);
	for (i = 0; i < 5000; i++)
		strbuf_addstr(&sb, "d/");
	strbuf_addstr(&sb, "b");
	ok(!ignore_match(&ignore, sb.buf, false), "a path deeper than any");
	ignore_parse(&ignore, "x\0y\nz", 5);
	ok(ignore_match(&ignore, "z", false), "a NUL ends no text");
	strbuf_release(&sb);
	ignore_release(&ignore);
}

int
main(void)
{
	char tmp[] = "/tmp/unit-ignore-XXXXXX";
	size_t i;

	packing_begin(tmp);
	shell(".", "git init -q repo");
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		test_row(&rows[i]);
	test_long();
	return packing_end(tmp);
}
