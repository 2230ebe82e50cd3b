/* From the store or the cluster to where the user wants it, never half. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "cmd/deliver.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tempfile.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/package/unpack.h"
#include "lib/target/target.h"

/* For what does not exist yet, the directory that it is to be in. */
static enum status
check_parent(const char *to)
{
	enum status status = EXIT_DONE;
	char *dir = path_dirname(to);
	struct stat st;

	if (*to == '\0')
		status = error(EXIT_LOCAL, "cannot write '': it names no "
		    "file");
	else if (stat(dir, &st) != 0)
		status = error_errno(EXIT_LOCAL, "cannot write '%s': '%s'",
		    to, dir);
	else if (!S_ISDIR(st.st_mode))
		status = error(EXIT_LOCAL, "cannot write '%s': '%s' is no "
		    "directory", to, dir);
	free(dir);
	return status;
}

enum status
deliver_check(const char *to, bool force)
{
	struct stat st;

	if (strcmp(to, "-") == 0)
		return EXIT_DONE;
	if (lstat(to, &st) != 0)
		return check_parent(to);
	if (S_ISDIR(st.st_mode))
		return error(EXIT_LOCAL, "'%s' is a directory: -o names "
		    "another place", to);
	if (force || (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode)))
		return EXIT_DONE;
	if (S_ISLNK(st.st_mode) && (stat(to, &st) != 0 ||
	    !S_ISREG(st.st_mode)))
		return EXIT_DONE;
	return error(EXIT_LOCAL, "'%s' exists: --force replaces it, -o names "
	    "another place", to);
}

static enum status
copy(const char *path, int fd, const char *to)
{
	int from = open(path, O_RDONLY | O_CLOEXEC), ret, saved;

	if (from < 0)
		return error_errno(EXIT_LOCAL, "cannot open '%s'", path);
	ret = copy_fd(from, fd);
	saved = errno;
	close(from);
	errno = saved;
	if (ret != 0)
		return error_errno(EXIT_LOCAL, "cannot write '%s'", to);
	return EXIT_DONE;
}

/* What lies on a cluster, in a file that goes with `temp`. */
static enum status
bring(struct target *target, const struct artifact *artifact,
    struct tempfile *temp)
{
	const char *dir;

	if (tempfile_scratch(temp, &dir) != 0)
		return error_errno(EXIT_LOCAL, "cannot write into '%s'", dir);
	return target->ops->download(target, artifact, temp->fd);
}

/* The bytes of the artifact, to a descriptor. */
static enum status
send(struct target *target, const struct artifact *artifact, int fd,
    const char *to)
{
	struct tempfile temp = TEMPFILE_INIT;
	enum status status;

	if (artifact->path != NULL)
		return copy(artifact->path, fd, to);
	if (artifact->text != NULL) {
		if (write_full(fd, artifact->text,
		    strlen(artifact->text)) != 0 ||
		    write_full(fd, "\n", 1) != 0)
			return error_errno(EXIT_LOCAL, "cannot write '%s'",
			    to);
		return EXIT_DONE;
	}
	status = bring(target, artifact, &temp);
	if (status == EXIT_DONE)
		status = copy(temp.path, fd, to);
	tempfile_abort(&temp);
	return status;
}

static enum status
deliver_file(struct target *target, const struct artifact *artifact,
    const char *to)
{
	struct tempfile temp = TEMPFILE_INIT;
	enum status status;
	mode_t mask = umask(022);

	umask(mask);
	if (tempfile_create(&temp, to, 0666 & ~mask) != 0)
		return error_errno(EXIT_LOCAL, "cannot write beside '%s'",
		    to);
	if (artifact->uri != NULL)
		status = target->ops->download(target, artifact, temp.fd);
	else
		status = send(target, artifact, temp.fd, to);
	if (status == EXIT_DONE && tempfile_commit(&temp) != 0)
		status = error_errno(EXIT_LOCAL, "cannot write '%s'", to);
	tempfile_abort(&temp);
	return status;
}

static enum status
deliver_special(struct target *target, const struct artifact *artifact,
    const char *to)
{
	enum status status;
	int fd = open(to, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(EXIT_LOCAL, "cannot open '%s'", to);
	status = send(target, artifact, fd, to);
	if (close(fd) != 0 && status == EXIT_DONE)
		status = error_errno(EXIT_LOCAL, "cannot write '%s'", to);
	return status;
}

/* The directory at `to`, of what lies here or on a cluster. */
static enum status
make_directory(struct target *target, const struct artifact *artifact,
    const char *to)
{
	struct tempfile temp = TEMPFILE_INIT;
	enum status status;
	char sha256[65];

	if (artifact->uri == NULL)
		return tree_copy(artifact->path, to, TREE_COPY) == 0 ?
		    EXIT_DONE : error_errno(EXIT_LOCAL, "cannot write '%s'",
		    to);
	status = bring(target, artifact, &temp);
	if (status == EXIT_DONE)
		status = unpack_any(temp.path, to, sha256);
	tempfile_abort(&temp);
	return status;
}

/* `force` never removes a directory: too much could be in it. */
static enum status
deliver_directory(struct target *target, const struct artifact *artifact,
    const char *to)
{
	char *beside = xasprintf("%s.part-%ld", to, (long)getpid());
	enum status status = EXIT_DONE;
	struct stat st;

	if (lstat(to, &st) == 0)
		status = error(EXIT_LOCAL, "'%s' exists: a directory is only "
		    "written where nothing is", to);
	else
		status = make_directory(target, artifact, beside);
	if (status == EXIT_DONE && tree_sync(beside) != 0)
		status = error_errno(EXIT_LOCAL, "cannot write '%s'", beside);
	else if (status == EXIT_DONE && rename(beside, to) != 0)
		status = error_errno(EXIT_LOCAL, "cannot rename '%s' to '%s'",
		    beside, to);
	if (status != EXIT_DONE)
		tree_remove(beside);
	free(beside);
	return status;
}

enum status
deliver(struct target *target, const struct artifact *artifact,
    const char *to, bool force)
{
	enum status status;
	struct stat st;

	if (strcmp(to, "-") == 0 && artifact->directory)
		return error(EXIT_USAGE, "a directory cannot go to stdout: "
		    "-o PATH puts it somewhere (it lies in '%s')",
		    artifact->path != NULL ? artifact->path : artifact->uri);
	if ((status = deliver_check(to, force)) != EXIT_DONE)
		return status;
	if (strcmp(to, "-") == 0) {
		fflush(stdout);
		return send(target, artifact, STDOUT_FILENO, "stdout");
	}
	if (artifact->directory)
		return deliver_directory(target, artifact, to);
	if (stat(to, &st) == 0 && !S_ISREG(st.st_mode))
		return deliver_special(target, artifact, to);
	return deliver_file(target, artifact, to);
}

enum status
deliver_read(struct target *target, const struct artifact *artifact,
    struct strbuf *sb, size_t max)
{
	struct tempfile temp = TEMPFILE_INIT;
	const char *path = artifact->path;
	enum status status = EXIT_DONE;

	if (artifact->text != NULL) {
		strbuf_addf(sb, "%s\n", artifact->text);
		return EXIT_DONE;
	}
	if (path == NULL) {
		status = bring(target, artifact, &temp);
		path = temp.path;
	}
	if (status == EXIT_DONE && read_file(path, sb, max) != 0)
		status = error_errno(EXIT_LOCAL, "cannot read '%s'", path);
	tempfile_abort(&temp);
	return status;
}
