/*
 * A template's files on the disk, whole or not at all. Every file is made
 * anew (O_EXCL): nothing that was there is ever written to.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "cmd/scaffold.h"
#include "cmd/templates.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"

/* What registries take: lower case, and one '-' between letters and digits. */
static void
add_image(struct strbuf *sb, const char *app)
{
	size_t start = sb->len;

	for (; *app != '\0'; app++) {
		if (isalnum((unsigned char)*app))
			strbuf_addch(sb, (char)tolower((unsigned char)*app));
		else if (sb->len > start && sb->buf[sb->len - 1] != '-')
			strbuf_addch(sb, '-');
	}
	if (sb->len > start && sb->buf[sb->len - 1] == '-')
		strbuf_setlen(sb, sb->len - 1);
	if (sb->len == start)
		strbuf_addstr(sb, "app");
}

/* `null` would be no text in YAML; all else that can be a name is. */
static void
add_name(struct strbuf *sb, const char *app)
{
	const char *quote = strcasecmp(app, "null") == 0 ? "\"" : "";

	strbuf_addf(sb, "%s%s%s", quote, app, quote);
}

static void
add_text(struct strbuf *sb, const char *text, const char *app)
{
	static const char name[] = "@NAME@", image[] = "@IMAGE@";
	size_t len;

	for (; *text != '\0'; text += len) {
		len = strcspn(text, "@");
		strbuf_add(sb, text, len);
		text += len;
		if (strncmp(text, name, len = sizeof(name) - 1) == 0)
			add_name(sb, app);
		else if (strncmp(text, image, len = sizeof(image) - 1) == 0)
			add_image(sb, app);
		else
			strbuf_add(sb, text, len = *text != '\0');
	}
}

/* Leaves nothing there if it fails. */
static int
write_new(const char *path, mode_t mode, const struct strbuf *sb)
{
	int fd, rc, saved;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return -1;
	rc = write_full(fd, sb->buf, sb->len);
	saved = errno;
	if (close(fd) != 0 && rc == 0) {
		saved = errno;
		rc = -1;
	}
	if (rc != 0)
		unlink(path);
	errno = saved;
	return rc;
}

static void
remove_files(const struct template *t, const char *dir, size_t n)
{
	char *path;

	while (n-- > 0) {
		path = path_join(dir, t->files[n].path);
		unlink(path);
		free(path);
	}
}

static enum status
write_files(const struct template *t, const char *dir, const char *app)
{
	const struct template_file *f = t->files;
	enum status status = EXIT_DONE;
	struct strbuf sb = STRBUF_INIT;
	char *path;

	for (; f->path != NULL && status == EXIT_DONE; f++) {
		path = path_join(dir, f->path);
		strbuf_reset(&sb);
		add_text(&sb, f->text, app);
		/* Who else may write is for the umask to say. */
		if (write_new(path, f->mode | 0022, &sb) != 0) {
			status = error_errno(EXIT_LOCAL, "cannot write '%s'",
			    path);
			remove_files(t, dir, (size_t)(f - t->files));
		}
		free(path);
	}
	strbuf_release(&sb);
	return status;
}

/* Signals wait until all of it is there or none. */
static void
hold_signals(sigset_t *saved)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, saved);
}

static enum status
refuse(const char *path)
{
	return error(EXIT_LOCAL, "'%s' exists: init overwrites nothing", path);
}

static enum status
refuse_directory(const char *dir)
{
	char *file = path_join(dir, "unionml.yaml");
	struct stat st;

	refuse(dir);
	if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode) &&
	    lstat(file, &st) != 0)
		hint("unionml -C %s init . adds an app to what is in it", dir);
	free(file);
	return EXIT_LOCAL;
}

enum status
scaffold_create(const struct template *t, const char *dir, const char *app)
{
	char *part = xasprintf("%s.part-%ld", dir, (long)getpid());
	enum status status;
	struct stat st;
	sigset_t saved;

	hold_signals(&saved);
	if (lstat(dir, &st) == 0) {
		status = refuse_directory(dir);
	} else if (mkdir(part, 0777) != 0) {
		status = error_errno(EXIT_LOCAL, "cannot make '%s'", dir);
	} else {
		status = write_files(t, part, app);
		if (status == EXIT_DONE && (tree_sync(part) != 0 ||
		    rename(part, dir) != 0))
			status = error_errno(EXIT_LOCAL, "cannot make '%s'",
			    dir);
		if (status != EXIT_DONE)
			tree_remove(part);
		else
			sync_parent(dir);
	}
	sigprocmask(SIG_SETMASK, &saved, NULL);
	free(part);
	return status;
}

enum status
scaffold_fill(const struct template *t, const char *app)
{
	const struct template_file *f;
	enum status status;
	struct stat st;
	sigset_t saved;

	for (f = t->files; f->path != NULL; f++)
		if (lstat(f->path, &st) == 0) {
			refuse(f->path);
			hint("unionml init NAME makes a directory of its own");
			return EXIT_LOCAL;
		}
	hold_signals(&saved);
	status = write_files(t, ".", app);
	sigprocmask(SIG_SETMASK, &saved, NULL);
	return status;
}
