/*
 * Asking git. Its plumbing is run with -z and in the C locale, so that what
 * comes back is the same whatever the user's settings; nothing is written into
 * the repository, the index neither.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/path.h"
#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/package/git.h"

/* A list of a million files fits. */
enum { OUTPUT_MAX = 512 << 20 };

/* Those of `git rev-parse --local-env-vars` that are not configuration. */
static const char *const about_another[] = {
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR",
	"GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE",
	"GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY",
	"GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE",
	"GIT_WORK_TREE",
	/* These change what it prints. */
	"GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS",
	"GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_TRACE", "LC_ALL",
	"GIT_OPTIONAL_LOCKS"
};

static bool
is_dropped(const char *setting)
{
	size_t i, len = strcspn(setting, "=");

	for (i = 0; i < ARRAY_SIZE(about_another); i++)
		if (strlen(about_another[i]) == len &&
		    memcmp(about_another[i], setting, len) == 0)
			return true;
	return false;
}

static void
make_env(struct strvec *env)
{
	size_t i;

	for (i = 0; environ[i] != NULL; i++)
		if (!is_dropped(environ[i]))
			strvec_push(env, environ[i]);
	strvec_push(env, "LC_ALL=C");
	strvec_push(env, "GIT_OPTIONAL_LOCKS=0");
}

/* What git said: its first line is the error, the others are its advice. */
static enum status
git_error(const char *dir, struct strbuf *said)
{
	char *line, *next = said->buf;
	enum status status;

	strbuf_rtrim(said);
	next = said->buf;
	line = strsep(&next, "\n");
	if (strncmp(line, "fatal: ", 7) == 0)
		line += 7;
	status = error(EXIT_LOCAL, "git fails in '%s': %s", dir,
	    *line != '\0' ? line : "it does not say why");
	while ((line = strsep(&next, "\n")) != NULL) {
		line += strspn(line, " \t");
		if (*line != '\0')
			hint("%s", line);
	}
	return status;
}

/* An errno value of starting it. */
static int
capture(const char *dir, const char *const *args, struct process_output *output,
    struct process_end *end)
{
	struct strvec argv = STRVEC_INIT, env = STRVEC_INIT;
	int err;

	strvec_push(&argv, "git");
	for (; *args != NULL; args++)
		strvec_push(&argv, *args);
	make_env(&env);
	err = process_capture(argv.v, env.v, dir, output, end);
	strvec_release(&argv);
	strvec_release(&env);
	return err;
}

enum status
git_run(const char *dir, const char *const *args, struct strbuf *out, int *code)
{
	struct process_output output = { STRBUF_INIT, STRBUF_INIT, OUTPUT_MAX };
	enum status status = EXIT_DONE;
	struct process_end end;
	int err;

	err = capture(dir, args, &output, &end);
	if (err != 0) {
		errno = err;
		status = error_errno(EXIT_LOCAL, "cannot run git in '%s'",
		    dir);
	} else if (end.exit_code < 0 || (end.exit_code > 0 && code == NULL)) {
		status = git_error(dir, &output.err);
	} else {
		strbuf_add(out, output.out.buf, output.out.len);
		if (code != NULL)
			*code = end.exit_code;
	}
	strbuf_release(&output.out);
	strbuf_release(&output.err);
	return status;
}

static void
warn_missing(const char *dir)
{
	static bool warned;

	if (!warned)
		warning("git is not installed, so that all files of '%s' "
		    "count, also those it would ignore", dir);
	warned = true;
}

/* Whether .gitignore covers the directory itself: it is somebody's output. */
static enum status
ask_ignored(const char *dir, bool *ignored)
{
	static const char *const args[] = { "check-ignore", "-q", ".", NULL };
	struct strbuf out = STRBUF_INIT;
	enum status status;
	int code = 0;

	status = git_run(dir, args, &out, &code);
	strbuf_release(&out);
	*ignored = code == 0;
	return status;
}

static enum status
ask_inside(const char *dir, bool *inside)
{
	static const char *const args[] = { "rev-parse",
	    "--is-inside-work-tree", "--show-prefix", NULL };
	struct process_output output = { STRBUF_INIT, STRBUF_INIT, OUTPUT_MAX };
	enum status status = EXIT_DONE;
	struct process_end end;
	bool ignored = false;
	int err;

	err = capture(dir, args, &output, &end);
	if (err == ENOENT || err == EACCES) {
		warn_missing(dir);
	} else if (err != 0) {
		errno = err;
		status = error_errno(EXIT_LOCAL, "cannot run git in '%s'",
		    dir);
	} else if (end.exit_code == 0) {
		*inside = strncmp(output.out.buf, "true\n", 5) == 0;
		if (*inside && output.out.buf[5] != '\n')
			status = ask_ignored(dir, &ignored);
		if (ignored)
			*inside = false;
	} else if (strstr(output.err.buf, "not a git repository") == NULL) {
		status = git_error(dir, &output.err);
	}
	strbuf_release(&output.out);
	strbuf_release(&output.err);
	return status;
}

enum status
git_has(const char *dir, bool *has)
{
	char *real = realpath(dir, NULL), *found;
	enum status status = EXIT_DONE;

	*has = false;
	if (real == NULL)
		return error_errno(EXIT_LOCAL, "cannot open '%s'", dir);
	/* Most directories without a repository need no process to know. */
	found = path_find_up(real, ".git");
	if (found != NULL)
		status = ask_inside(real, has);
	free(found);
	free(real);
	return status;
}
