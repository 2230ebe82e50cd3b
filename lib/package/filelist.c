/*
 * Which files a snapshot holds. Two ways to find their names, git and a walk,
 * and one for everything after that: so the same files give the same list,
 * committed or not.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/package/below.h"
#include "lib/package/filelist.h"
#include "lib/package/git.h"
#include "lib/package/ignore.h"
#include "lib/package/tar.h"

enum { IGNORE_FILE_MAX = 1 << 20 };

const char *
filelist_why_text(enum filelist_why why)
{
	switch (why) {
	case FILELIST_TRACKED:
		return "tracked";
	case FILELIST_UNTRACKED:
		return "untracked";
	case FILELIST_NOT_IGNORED:
		break;
	}
	return "not ignored";
}

/* Keeps what is the worst so far. */
static enum status
worse(enum status a, enum status b)
{
	return a != EXIT_DONE ? a : b;
}

static enum status
read_link(struct filelist *list, int dir, const char *name,
    struct filelist_entry *entry)
{
	char target[PATH_MAX];
	ssize_t n;
	const char *fault;
	enum status status;

	n = readlinkat(dir, name, target, sizeof(target));
	if (n < 0 || (size_t)n == sizeof(target)) {
		if (n >= 0)
			errno = ENAMETOOLONG;
		return error_errno(EXIT_LOCAL, "cannot read link '%s/%s'",
		    list->dir, entry->path);
	}
	entry->kind = FILELIST_LINK;
	entry->target = arena_strndup(&list->arena, target, (size_t)n);
	fault = tar_link_fault(entry->path, entry->target);
	if (fault == NULL)
		return EXIT_DONE;
	status = error(EXIT_INPUT, "'%s/%s' links to '%s', which %s: a "
	    "snapshot holds no link that leaves it", list->dir, entry->path,
	    entry->target, fault);
	hint("%s", list->git ? "make it relative, or have git ignore it" :
	    "make it relative, or name it in '.unionmlignore'");
	return status;
}

/* An entry whose lstat is known; `name` is its last part, in `dir`. */
static enum status
add(struct filelist *list, int dir, const char *name, const char *path,
    const struct stat *st, enum filelist_why why)
{
	struct filelist_entry entry = { .why = why };
	enum status status = EXIT_DONE;

	if (!S_ISREG(st->st_mode) && !S_ISLNK(st->st_mode)) {
		warning("'%s/%s' is a %s, which a snapshot cannot hold: left "
		    "out", list->dir, path, S_ISFIFO(st->st_mode) ? "FIFO" :
		    S_ISSOCK(st->st_mode) ? "socket" : "device");
		return EXIT_DONE;
	}
	entry.path = arena_strdup(&list->arena, path);
	if (S_ISLNK(st->st_mode)) {
		status = read_link(list, dir, name, &entry);
	} else {
		entry.size = st->st_size;
		entry.executable = (st->st_mode & S_IXUSR) != 0;
	}
	ALLOC_GROW(list->v, list->n, list->cap);
	list->v[list->n++] = entry;
	return status;
}

/* Whether part of the path is the store of a local target, or git's own. */
static bool
is_state(const char *path)
{
	size_t len;

	for (; *path != '\0'; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if ((len == 8 && memcmp(path, ".unionml", 8) == 0) ||
		    (len == 4 && memcmp(path, ".git", 4) == 0))
			return true;
	}
	return false;
}

static enum status list_git(struct filelist *list, struct below *below,
    const char *prefix, bool tracked);

/*
 * Git says of a directory only that it is there: it is a submodule, or another
 * repository in this one. Both have files of their own to list.
 */
static enum status
add_repository(struct filelist *list, struct below *below, const char *path,
    bool tracked)
{
	char *full = xasprintf("%s/%s/.git", list->dir, path);
	enum status status;
	struct stat st;

	if (lstat(full, &st) == 0) {
		status = list_git(list, below, path, tracked);
	} else if (tracked) {
		status = error(EXIT_INPUT, "submodule '%s/%s' is not checked "
		    "out", list->dir, path);
		hint("git -C '%s' submodule update --init -- '%s'", list->dir,
		    path);
	} else {
		status = EXIT_DONE;
	}
	free(full);
	return status;
}

static enum status
add_named(struct filelist *list, struct below *below, char *path, bool tracked)
{
	size_t len = strlen(path);
	const char *name;
	struct stat st;
	int dir;

	if (len > 0 && path[len - 1] == '/')
		path[len - 1] = '\0';
	if (is_state(path))
		return EXIT_DONE;
	dir = below_parent(below, path, false, &name);
	if (dir < 0 || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		/* It was deleted, or a link stands where its directory was. */
		if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
			return EXIT_DONE;
		return error_errno(EXIT_LOCAL, "cannot read '%s/%s'",
		    list->dir, path);
	}
	if (S_ISDIR(st.st_mode))
		return add_repository(list, below, path, tracked);
	return add(list, dir, name, path, &st, tracked ? FILELIST_TRACKED :
	    FILELIST_UNTRACKED);
}

/* The repository at `prefix`, "" being the directory itself. */
static enum status
list_git(struct filelist *list, struct below *below, const char *prefix,
    bool tracked)
{
	static const char *const args[] = { "ls-files", "-c", "-o", "-t", "-z",
	    "--exclude-standard", NULL };
	struct strbuf out = STRBUF_INIT, path = STRBUF_INIT;
	enum status status;
	const char *p, *end;
	char *dir;

	dir = path_join(list->dir, prefix);
	status = git_run(dir, args, &out, NULL);
	free(dir);
	end = out.buf + out.len;
	/* Each is a letter, a blank and a path; `?` is one unknown to git. */
	for (p = out.buf; end - p > 2; p += strlen(p) + 1) {
		strbuf_reset(&path);
		strbuf_addf(&path, "%s%s%s", prefix, *prefix != '\0' ? "/" : "",
		    p + 2);
		status = worse(status, add_named(list, below, path.buf,
		    tracked && *p != '?'));
	}
	strbuf_release(&path);
	strbuf_release(&out);
	return status;
}

struct walk {
	struct filelist *list;
	struct ignore ignore;
	struct strbuf path;
	bool all;		/* nothing is left out */
};

static enum status walk(struct walk *w, int dir);

/*
 * Whether the directory's own .gitignore is `*`: then whoever made it, a store,
 * a virtual environment or a cache, says that it is nobody's source.
 */
static bool
ignores_itself(int dir)
{
	struct ignore ignore = IGNORE_INIT;
	char text[512];
	bool itself = false;
	ssize_t n;
	int fd;

	fd = openat(dir, ".gitignore", O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read_some(fd, text, sizeof(text));
	close(fd);
	if (n > 0 && n < (ssize_t)sizeof(text)) {
		ignore_parse(&ignore, text, (size_t)n);
		itself = ignore.n == 1 && !ignore.v[0].keep &&
		    !ignore.v[0].directory && ignore.v[0].parts == 1 &&
		    strcmp(ignore.v[0].part[0], "*") == 0;
	}
	ignore_release(&ignore);
	return itself;
}

static enum status
walk_entry(struct walk *w, int dir, const char *name)
{
	enum status status;
	struct stat st;
	int fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT)
			return EXIT_DONE;
		return error_errno(EXIT_LOCAL, "cannot read '%s/%s'",
		    w->list->dir, w->path.buf);
	}
	if (ignore_match(&w->ignore, w->path.buf, S_ISDIR(st.st_mode)))
		return EXIT_DONE;
	if (!S_ISDIR(st.st_mode))
		return add(w->list, dir, name, w->path.buf, &st,
		    FILELIST_NOT_IGNORED);
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (fd < 0) {
		status = error_errno(EXIT_LOCAL, "cannot read '%s/%s'",
		    w->list->dir, w->path.buf);
		hint("name it in '.unionmlignore' if it is not needed");
		return status;
	}
	if (!w->all && ignores_itself(fd)) {
		close(fd);
		return EXIT_DONE;
	}
	return walk(w, fd);
}

/* Closes `fd`. */
static enum status
walk(struct walk *w, int fd)
{
	enum status status = EXIT_DONE;
	size_t len = w->path.len;
	struct dirent *entry;
	DIR *dir;

	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return error_errno(EXIT_LOCAL, "cannot read '%s/%s'",
		    w->list->dir, w->path.buf);
	}
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    (!w->all && is_state(entry->d_name)))
			continue;
		strbuf_addf(&w->path, "%s%s", len > 0 ? "/" : "",
		    entry->d_name);
		status = worse(status, walk_entry(w, dirfd(dir),
		    entry->d_name));
		strbuf_setlen(&w->path, len);
	}
	if (errno != 0)
		status = error_errno(EXIT_LOCAL, "cannot read '%s/%s'",
		    w->list->dir, w->path.buf);
	closedir(dir);
	return status;
}

static enum status
read_rules(struct ignore *ignore, const char *dir)
{
	char *path = path_join(dir, ".unionmlignore");
	enum status status = EXIT_DONE;
	struct strbuf text = STRBUF_INIT;

	if (read_file(path, &text, IGNORE_FILE_MAX) == 0)
		ignore_parse(ignore, text.buf, text.len);
	else if (errno != ENOENT)
		status = error_errno(EXIT_LOCAL, "cannot read '%s'", path);
	strbuf_release(&text);
	free(path);
	return status;
}

static enum status
list_walk(struct filelist *list, bool all)
{
	struct walk w = { list, IGNORE_INIT, STRBUF_INIT, all };
	enum status status;
	int fd;

	fd = open(list->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(EXIT_LOCAL, "cannot open '%s'", list->dir);
	status = all ? EXIT_DONE : read_rules(&w.ignore, list->dir);
	if (status == EXIT_DONE)
		status = walk(&w, fd);
	else
		close(fd);
	ignore_release(&w.ignore);
	strbuf_release(&w.path);
	return status;
}

static int
compare(const void *a, const void *b)
{
	const struct filelist_entry *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* In order, and each once: git names an unmerged file up to three times. */
static void
settle(struct filelist *list)
{
	size_t i, n = 0;

	if (list->n > 1)
		qsort(list->v, list->n, sizeof(*list->v), compare);
	for (i = 0; i < list->n; i++) {
		if (n > 0 && strcmp(list->v[n - 1].path, list->v[i].path) == 0)
			continue;
		list->v[n++] = list->v[i];
		list->bytes += list->v[i].size;
	}
	list->n = n;
}

/* `src/.` and `src/` read better as `src` in what is said of its files. */
static char *
tidy(const char *dir)
{
	size_t len = strlen(dir);

	while (len > 1 && (dir[len - 1] == '/' ||
	    (dir[len - 1] == '.' && dir[len - 2] == '/')))
		len--;
	return xstrndup(dir, len);
}

enum status
filelist_load(struct filelist *list, const char *dir)
{
	struct below below = BELOW_INIT;
	enum status status;

	memset(list, 0, sizeof(*list));
	arena_init(&list->arena);
	list->dir = tidy(dir);
	status = git_has(dir, &list->git);
	if (status != EXIT_DONE)
		return status;
	if (!list->git) {
		status = list_walk(list, false);
	} else if (below_open(&below, dir) < 0) {
		status = error_errno(EXIT_LOCAL, "cannot open '%s'", dir);
	} else {
		status = list_git(list, &below, "", true);
		below_close(&below);
	}
	settle(list);
	return status;
}

enum status
filelist_load_all(struct filelist *list, const char *dir)
{
	enum status status;

	memset(list, 0, sizeof(*list));
	arena_init(&list->arena);
	list->dir = tidy(dir);
	status = list_walk(list, true);
	settle(list);
	return status;
}

const struct filelist_entry *
filelist_find(const struct filelist *list, const char *path)
{
	char *dir = path_absolute(list->dir), *file = path_absolute(path);
	struct filelist_entry *found = NULL, key;
	size_t len = strlen(dir);

	if (strncmp(file, dir, len) == 0 && file[len] == '/' && list->n > 0) {
		key.path = file + len + 1;
		found = bsearch(&key, list->v, list->n, sizeof(key), compare);
	}
	free(dir);
	free(file);
	return found;
}

void
filelist_release(struct filelist *list)
{
	free(list->dir);
	free(list->v);
	arena_release(&list->arena);
	memset(list, 0, sizeof(*list));
	arena_init(&list->arena);
}
