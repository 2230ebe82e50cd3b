/* What the unit tests of lib/package share: files, git, what was said. */
#ifndef UNIT_PACKING_H
#define UNIT_PACKING_H

#include "lib/base/compat.h"

#include <sys/stat.h>

#include <unistd.h>

#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;

static inline void
listen_to(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

/* Makes the file and its directories. */
static inline void
put(const char *path, const char *text)
{
	char *dir = path_dirname(path);

	if (tree_mkdirs(dir) < 0 || write_file(path, text, strlen(text)) < 0)
		ok(false, "set-up: cannot write '%s'", path);
	free(dir);
}

static inline void
link_to(const char *target, const char *path)
{
	char *dir = path_dirname(path);

	if (tree_mkdirs(dir) < 0 || symlink(target, path) < 0)
		ok(false, "set-up: cannot link '%s'", path);
	free(dir);
}

/* What was said holds this; forgets it all. */
static inline void
has_said(const char *part)
{
	if (!ok(strstr(said.buf, part) != NULL, "said: %s", part))
		printf("# said %s\n", said.buf);
	strbuf_reset(&said);
}

/* Runs a script in a directory and wants 0. */
static inline void
shell(const char *dir, const char *script)
{
	struct process_output output = { STRBUF_INIT, STRBUF_INIT, 1 << 20 };
	char *argv[] = { (char *)(uintptr_t)"sh", (char *)(uintptr_t)"-euc",
	    (char *)(uintptr_t)script, NULL };
	struct process_end end = { .exit_code = -1 };

	if (process_capture(argv, environ, dir, &output, &end) != 0 ||
	    end.exit_code != 0)
		ok(false, "set-up: %s: %s", script, output.err.buf);
	strbuf_release(&output.out);
	strbuf_release(&output.err);
}

/* A directory of its own to work in, and git without anybody's settings. */
static inline void
packing_begin(char *tmp)
{
	umask(022);
	if (mkdtemp(tmp) == NULL || chdir(tmp) < 0) {
		printf("Bail out! no directory '%s'\n", tmp);
		exit(1);
	}
	setenv("HOME", tmp, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_CEILING_DIRECTORIES", "/tmp", 1);
	setenv("GIT_AUTHOR_NAME", "A U Thor", 1);
	setenv("GIT_AUTHOR_EMAIL", "author@example.com", 1);
	setenv("GIT_AUTHOR_DATE", "1767225600 +0000", 1);
	setenv("GIT_COMMITTER_NAME", "C O Mitter", 1);
	setenv("GIT_COMMITTER_EMAIL", "committer@example.com", 1);
	setenv("GIT_COMMITTER_DATE", "1767225600 +0000", 1);
	setenv("GIT_ALLOW_PROTOCOL", "file", 1);
	unsetenv("XDG_CONFIG_HOME");
	err_set_sink(listen_to, NULL);
}

static inline int
packing_end(const char *tmp)
{
	err_set_sink(NULL, NULL);
	strbuf_release(&said);
	if (chdir("/") < 0 || tree_remove(tmp) < 0)
		ok(false, "clean up");
	return tap_done();
}

#endif
