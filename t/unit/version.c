/* What snapshots are called. */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/package/version.h"
#include "t/unit/packing.h"

static const char sha[] = "0123456789abcdef0123456789abcdef"
    "0123456789abcdef0123456789abcdef";

/* What git calls an object, asked by the shell. */
static const char *
say(const char *dir, const char *object)
{
	static char id[100];
	struct strbuf sb = STRBUF_INIT;
	char *script = xasprintf("git rev-parse %s >\"$HOME/id\"", object);

	shell(dir, script);
	if (read_file("id", &sb, 90) < 0)
		ok(false, "set-up: no id");
	strlcpy(id, sb.buf, sizeof(id));
	id[strcspn(id, "\n")] = '\0';
	free(script);
	strbuf_release(&sb);
	return id;
}

/*
 * `NAME|SUBJECT|FLAGS|IDENTITY` and the changes, with `x` for
 * the first digits of the commit and `tree` for the id of the tree.
 */
static void
is_version(const char *dir, const char *want)
{
	struct version v = VERSION_INIT;
	struct strbuf got = STRBUF_INIT;
	const char *name, *identity;
	size_t i;

	is_int(version_ask(&v, dir), EXIT_DONE, dir);
	version_name(&v, version_needs_digest(&v) ? sha : NULL);
	name = v.name;
	if (*v.commit != '\0' && strncmp(name, v.commit, 12) == 0 &&
	    strncmp(v.commit, say(dir, "HEAD"), 40) == 0) {
		strbuf_addch(&got, 'x');
		name += 12;
	}
	identity = v.identity;
	if (strncmp(identity, "git-tree:", 9) == 0 &&
	    strcmp(identity + 9, say(dir, "HEAD:./")) == 0)
		identity = "tree";
	strbuf_addf(&got, "%s|%s|%s%s|%s", name, v.subject,
	    v.git ? "git" : "", v.dirty ? " dirty" : "", identity);
	for (i = 0; i < v.changes.n; i++)
		strbuf_addf(&got, "|%s", v.changes.v[i]);
	is_str(got.buf, want, "its version");
	strbuf_release(&got);
	version_release(&v);
}

static void
test_git(void)
{
	shell(".", "git init -q g; mkdir g/app g/lib");
	is_version("g/app", "0123456789ab||git|");
	put("g/app/a", "1\n");
	is_version("g/app", "0123456789ab||git dirty||?? app/");
	shell("g", "echo lib >lib/l; git add lib;"
	    "git commit -qm 'Add lib\n\nand more'");
	is_version("g/app", "x-d0123456|Add lib|git dirty||"
	    "?? app/");
	is_version("g/lib", "x|Add lib|git|tree");
	shell("g", "git add app; git commit -qm 'Add \xc3\xa9'");
	is_version("g/app", "x|Add \xc3\xa9|git|tree");
	put("g/lib/new", "1\n");
	is_version("g/app", "x|Add \xc3\xa9|git|tree");
	is_version("g/lib", "x-d0123456|Add \xc3\xa9|git dirty||?? lib/new");
	put("g/app/a", "2\n");
	is_version("g/app", "x-d0123456|Add \xc3\xa9|git dirty|| M app/a");
	shell("g", "git add app");
	is_version("g/app", "x-d0123456|Add \xc3\xa9|git dirty||M  app/a");
	shell("g", "git mv app/a app/b");
	is_version("g/app", "x-d0123456|Add \xc3\xa9|git dirty||D  app/a|"
	    "A  app/b");
}

/* What git was told not to look at is no reason to believe that it is clean. */
static void
test_hidden(void)
{
	shell(".", "git init -q h; cd h; mkdir d; echo 1 >a; echo 1 >d/b;"
	    "echo 1 >d/c; git add .; git commit -qm 'Hide'");
	is_version("h", "x|Hide|git|tree");
	shell("h", "git update-index --assume-unchanged d/b;"
	    "git update-index --skip-worktree d/c; echo 2 >d/b; rm d/c");
	is_version("h", "x-d0123456|Hide|git dirty||h  d/b|h  d/c");
	/* The user's settings do not hide anything either. */
	shell("h", "git update-index --no-assume-unchanged d/b;"
	    "git update-index --no-skip-worktree d/c; git checkout -q .;"
	    "git config status.showUntrackedFiles no;"
	    "git config log.showSignature true; echo 1 >new");
	is_version("h", "x-d0123456|Hide|git dirty||?? new");
	shell("h", "echo new >>.git/info/exclude");
	is_version("h", "x|Hide|git|tree");
}

static void
test_submodule(void)
{
	shell(".", "git init -q s; cd s; echo 1 >f; git add f;"
	    "git commit -qm 1");
	shell(".", "git init -q t; cd t; git -c protocol.file.allow=always "
	    "submodule --quiet add \"$(cd ..; pwd)/s\" sub;"
	    "sed -i d .gitmodules; git add .; git commit -qm Sub;"
	    "git config diff.ignoreSubmodules all");
	is_version("t", "x|Sub|git|tree");
	put("t/sub/f", "2\n");
	is_version("t", "x-d0123456|Sub|git dirty|| M sub");
	shell("t/sub", "git checkout -q f");
	is_version("t", "x|Sub|git|tree");
	put("t/sub/new", "2\n");
	is_version("t", "x-d0123456|Sub|git dirty|| M sub");
}

/* The same content has the same key, wherever it lies and whatever is said. */
static void
test_identity(void)
{
	struct version v = VERSION_INIT, w = VERSION_INIT;

	shell(".", "git init -q i; cd i; mkdir d e; echo 1 >d/a; echo 1 >e/a;"
	    "git add .; git commit -qm 1");
	is_int(version_ask(&v, "i/d"), EXIT_DONE, "d");
	is_int(version_ask(&w, "i/e"), EXIT_DONE, "e");
	is_str(v.identity, w.identity, "the same files, the same key");
	is_int((long long)strlen(v.commit), 40, "the whole commit");
	version_release(&w);
	shell("i", "git commit -q --allow-empty -m 2");
	is_int(version_ask(&w, "i/d"), EXIT_DONE, "after another commit");
	is_str(v.identity, w.identity, "the same files, the same key");
	ok(strcmp(v.commit, w.commit) != 0, "another commit");
	version_release(&w);
	shell("i", "chmod +x d/a; git commit -qam 3");
	is_int(version_ask(&w, "i/d"), EXIT_DONE, "after chmod");
	ok(strcmp(v.identity, w.identity) != 0, "another key");
	version_release(&v);
	version_release(&w);
}

static void
test_elsewhere(void)
{
	struct version v = VERSION_INIT;

	put("n/f", "1");
	is_version("n", "0123456789ab|||");
	is_int(version_ask(&v, "none"), EXIT_LOCAL, "no such directory");
	has_said("cannot open 'none': No such file or directory");
	version_release(&v);
}

static void
test_names(void)
{
	static const struct row {
		const char *name, *fault;
	} rows[] = {
		{ "1", NULL }, { "v1.0", NULL }, { "2026-01-01_a", NULL },
		{ "a..b", NULL }, { "A-", NULL },
		{ "0123456789012345678901234567890123456789"
		    "01234567890123456789012", NULL },
		{ "0123456789012345678901234567890123456789"
		    "012345678901234567890123", "is over 63 characters long" },
		{ "", "is empty" }, { ".", "begins with neither" },
		{ "..", "begins with neither" }, { "-v", "begins with" },
		{ "_a", "begins with neither a letter nor a digit" },
		{ "/", "begins with" }, { "a/b", "has other characters" },
		{ "a b", "has other characters" }, { "a\n", "has other" },
		{ "\xc3\xa9", "begins with" }, { "a\xc3\xa9", "has other" },
		{ "a:b", "has other characters than letters, digits, '.', '_' "
		    "and '-'" }
	};
	const char *fault;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		fault = version_fault(rows[i].name);
		ok((fault == NULL) == (rows[i].fault == NULL) &&
		    (fault == NULL || strncmp(fault, rows[i].fault,
		    strlen(rows[i].fault)) == 0), "'%s' %s", rows[i].name,
		    fault != NULL ? fault : "is good");
	}
}

int
main(void)
{
	char tmp[] = "/tmp/unit-version-XXXXXX";

	packing_begin(tmp);
	test_git();
	test_hidden();
	test_submodule();
	test_identity();
	test_elsewhere();
	test_names();
	return packing_end(tmp);
}
