/*
 * What a snapshot is called. All that git is asked here takes as long as its
 * `status` does; no file is read for it.
 */
#include "lib/base/compat.h"

#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/package/git.h"
#include "lib/package/version.h"

enum { SHORT = 12, SHORT_DIRTY = 7 };

/* The commit and the first line of its message; both "" before the first. */
static enum status
ask_commit(struct version *v, const char *dir)
{
	static const char *const args[] = { "rev-list", "-1",
	    "--encoding=UTF-8", "--format=%s", "HEAD", "--", NULL };
	struct strbuf out = STRBUF_INIT;
	enum status status;
	char *nl;
	int code;

	status = git_run(dir, args, &out, &code);
	/* Two lines: `commit HEX` and the subject. */
	if (status == EXIT_DONE && code == 0 &&
	    strncmp(out.buf, "commit ", 7) == 0 &&
	    (nl = strchr(out.buf, '\n')) != NULL) {
		*nl = '\0';
		strlcpy(v->commit, out.buf + 7, sizeof(v->commit));
		free(v->subject);
		v->subject = xstrdup(nl + 1);
		v->subject[strcspn(v->subject, "\n")] = '\0';
	}
	strbuf_release(&out);
	return status;
}

/* `XY PATH`, and for what was renamed the path it had in a field of its own. */
static enum status
ask_changes(struct version *v, const char *dir, const char *spec,
    const char *ignored)
{
	const char *const args[] = { "status", "--porcelain", "-z",
	    "--untracked-files=normal", "--ignore-submodules=none",
	    "--no-renames", ignored, "--", spec, NULL };
	struct strbuf out = STRBUF_INIT;
	enum status status;
	const char *p, *end;

	status = git_run(dir, args, &out, NULL);
	end = out.buf + out.len;
	for (p = out.buf; p < end; p += strlen(p) + 1)
		strvec_push(&v->changes, p);
	strbuf_release(&out);
	return status;
}

/*
 * What git was told not to look at may be anything: it counts as changed. `H`
 * is any other file, a lower-case letter assume-unchanged, `S` skip-worktree.
 */
static enum status
ask_hidden(struct version *v, const char *dir, const char *spec)
{
	const char *const args[] = { "ls-files", "-v", "-z", "--full-name",
	    "--", spec, NULL };
	struct strbuf out = STRBUF_INIT;
	enum status status;
	const char *p, *end;

	status = git_run(dir, args, &out, NULL);
	end = out.buf + out.len;
	for (p = out.buf; end - p > 2; p += strlen(p) + 1)
		if (*p == 'S' || islower((unsigned char)*p))
			strvec_pushf(&v->changes, "h  %s", p + 2);
	strbuf_release(&out);
	return status;
}

/* The tree that the commit has for the directory, if it has one. */
static enum status
ask_identity(struct version *v, const char *dir)
{
	static const char *const args[] = { "rev-parse", "-q", "--verify",
	    "HEAD:./", NULL };
	struct strbuf out = STRBUF_INIT;
	enum status status;
	int code;

	status = git_run(dir, args, &out, &code);
	strbuf_rtrim(&out);
	if (status == EXIT_DONE && code == 0)
		snprintf(v->identity, sizeof(v->identity), "git-tree:%s",
		    out.buf);
	strbuf_release(&out);
	return status;
}

/* What is said of the commit and of what differs from it. */
static enum status
ask(struct version *v, const char *dir, const char *spec, const char *ignored)
{
	enum status status;

	memset(v, 0, sizeof(*v));
	strvec_init(&v->changes);
	v->subject = xstrdup("");
	status = git_has(dir, &v->git);
	if (status != EXIT_DONE || !v->git)
		return status;
	status = ask_commit(v, dir);
	if (status == EXIT_DONE)
		status = ask_changes(v, dir, spec, ignored);
	if (status == EXIT_DONE)
		status = ask_hidden(v, dir, spec);
	v->dirty = v->changes.n > 0;
	return status;
}

enum status
version_ask(struct version *v, const char *dir)
{
	enum status status = ask(v, dir, ".", "--ignored=no");

	if (status == EXIT_DONE && v->git && !v->dirty && *v->commit != '\0')
		status = ask_identity(v, dir);
	return status;
}

enum status
version_ask_file(struct version *v, const char *path)
{
	char *dir = path_dirname(path);
	char *spec = xasprintf(":(literal)%s", path_basename(path));
	enum status status = ask(v, dir, spec, "--ignored=matching");

	free(dir);
	free(spec);
	return status;
}

bool
version_needs_digest(const struct version *v)
{
	return v->dirty || *v->commit == '\0';
}

void
version_name(struct version *v, const char *tar_sha256)
{
	if (tar_sha256 == NULL && version_needs_digest(v))
		BUG("the version wants the digest of the tar");
	if (*v->commit == '\0')
		snprintf(v->name, sizeof(v->name), "%.*s", SHORT, tar_sha256);
	else if (v->dirty)
		snprintf(v->name, sizeof(v->name), "%.*s-d%.*s", SHORT,
		    v->commit, SHORT_DIRTY, tar_sha256);
	else
		snprintf(v->name, sizeof(v->name), "%.*s", SHORT, v->commit);
}

const char *
version_fault(const char *name)
{
	size_t i;

	if (*name == '\0')
		return "is empty";
	if (!isalnum((unsigned char)*name))
		return "begins with neither a letter nor a digit";
	for (i = 0; name[i] != '\0'; i++)
		if (!isalnum((unsigned char)name[i]) &&
		    strchr("._-", name[i]) == NULL)
			return "has other characters than letters, digits, "
			    "'.', '_' and '-'";
	return i > VERSION_MAX ? "is over 63 characters long" : NULL;
}

void
version_release(struct version *v)
{
	free(v->subject);
	strvec_release(&v->changes);
	memset(v, 0, sizeof(*v));
	strvec_init(&v->changes);
}
