/*
 * Whole directory trees, walked by descriptors and names (openat and its
 * kind), so that a link put in the way meanwhile leads nowhere else. One
 * descriptor is held for each level of depth.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sha2.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"

enum { CHUNK = 65536 };

/*
 * A walk calls `visit` for each entry: for files in bytewise order, for a
 * directory after what it holds.
 */
struct walk {
	int (*visit)(struct walk *w, int dir, const char *name,
	    const struct stat *st);
	bool removing;
	struct strbuf path;	/* of the entry, relative to the top */
	int64_t bytes;
	struct strvec lines;
};

static int
close_with(int fd, int rc)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return rc;
}

/* The names in the directory `fd`, sorted. */
static int
list(int fd, struct strvec *names)
{
	struct dirent *entry;
	DIR *dir;
	int own, saved;

	own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (own < 0)
		return -1;
	dir = fdopendir(own);
	if (dir == NULL)
		return close_with(own, -1);
	while (errno = 0, (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			strvec_push(names, entry->d_name);
	saved = errno;
	closedir(dir);
	errno = saved;
	strvec_sort(names);
	return saved != 0 ? -1 : 0;
}

/* Only the top, whose `follow` is 0, is looked up through links. */
static int
open_entry(int dir, const char *name, int flags, int follow)
{
	/* O_NONBLOCK: to wait for the other end of a FIFO would be for ever. */
	return openat(dir, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags |
	    (follow == 0 ? 0 : O_NOFOLLOW));
}

static int walk(struct walk *w, int dir, const char *name, int follow);

static int
walk_directory(struct walk *w, int dir, const char *name, int follow)
{
	struct strvec names = STRVEC_INIT;
	size_t i, len = w->path.len;
	int fd, rc;

	fd = open_entry(dir, name, O_DIRECTORY, follow);
	if (fd < 0)
		return -1;
	rc = list(fd, &names);
	for (i = 0; i < names.n && rc == 0; i++) {
		strbuf_addf(&w->path, "%s%s", len > 0 ? "/" : "", names.v[i]);
		rc = walk(w, fd, names.v[i], AT_SYMLINK_NOFOLLOW);
		/* What went away meanwhile might never have been there. */
		if (rc < 0 && errno == ENOENT)
			rc = 0;
		strbuf_setlen(&w->path, len);
	}
	strvec_release(&names);
	return close_with(fd, rc);
}

static int
walk(struct walk *w, int dir, const char *name, int follow)
{
	struct stat st;

	if (fstatat(dir, name, &st, follow) < 0)
		return -1;
	if (S_ISDIR(st.st_mode)) {
		/* Else what a component write-protected would stay. */
		if (w->removing && (st.st_mode & S_IRWXU) != S_IRWXU)
			fchmodat(dir, name, S_IRWXU, 0);
		if (walk_directory(w, dir, name, follow) < 0)
			return -1;
	}
	return w->visit(w, dir, name, &st);
}

static int
walk_from(struct walk *w, const char *path, int follow)
{
	int rc;

	strbuf_init(&w->path);
	strvec_init(&w->lines);
	rc = walk(w, AT_FDCWD, path, follow);
	strbuf_release(&w->path);
	return rc;
}

int
tree_mkdirs(const char *path)
{
	char *copy = xstrdup(path), *p = copy;
	struct stat st;
	int rc = 0;

	do {
		p += strspn(p, "/");
		p += strcspn(p, "/");
		*p = '\0';
		rc = mkdir(copy, 0777);
		if (rc < 0 && errno == EEXIST)
			rc = 0;
		if (path[p - copy] != '\0')
			*p = '/';
	} while (rc == 0 && *p != '\0');
	free(copy);
	if (rc == 0 && (rc = stat(path, &st)) == 0 && !S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		rc = -1;
	}
	return rc;
}

static int
visit_remove(struct walk *w, int dir, const char *name, const struct stat *st)
{
	(void)w;
	return unlinkat(dir, name, S_ISDIR(st->st_mode) ? AT_REMOVEDIR : 0);
}

int
tree_remove(const char *path)
{
	struct walk w = { .visit = visit_remove, .removing = true };
	int rc = walk_from(&w, path, AT_SYMLINK_NOFOLLOW);

	return rc < 0 && (errno == ENOENT || errno == ENOTDIR) ? 0 : rc;
}

static int
visit_sync(struct walk *w, int dir, const char *name, const struct stat *st)
{
	int fd;

	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode))
		return 0;
	/* Without a path it is the top, which may be a link. */
	fd = open_entry(dir, name, 0, w->path.len > 0 ? AT_SYMLINK_NOFOLLOW :
	    0);
	if (fd < 0)
		return -1;
	return close_with(fd, fsync(fd));
}

int
tree_sync(const char *path)
{
	struct walk w = { .visit = visit_sync };

	return walk_from(&w, path, 0);
}

static int
visit_size(struct walk *w, int dir, const char *name, const struct stat *st)
{
	(void)dir;
	(void)name;
	if (S_ISREG(st->st_mode))
		w->bytes += st->st_size;
	return 0;
}

int
tree_size(const char *path, int64_t *bytes)
{
	struct walk w = { .visit = visit_size };

	if (walk_from(&w, path, 0) < 0)
		return -1;
	*bytes = w.bytes;
	return 0;
}

/* Closes `fd`. */
static int
hash_fd(int fd, char hex[65])
{
	unsigned char buf[CHUNK];
	SHA2_CTX ctx;
	ssize_t n;

	SHA256Init(&ctx);
	while ((n = read_some(fd, buf, sizeof(buf))) > 0)
		SHA256Update(&ctx, buf, (size_t)n);
	SHA256End(&ctx, hex);
	return close_with(fd, n < 0 ? -1 : 0);
}

/* As sha256sum(1) does it: else a name with a newline could be two lines. */
static char *
hash_line(const char *hex, const char *name)
{
	struct strbuf sb = STRBUF_INIT;

	if (strpbrk(name, "\\\n\r") != NULL)
		strbuf_addch(&sb, '\\');
	strbuf_addf(&sb, "%s  ", hex);
	for (; *name != '\0'; name++) {
		if (*name == '\\')
			strbuf_addstr(&sb, "\\\\");
		else if (*name == '\n')
			strbuf_addstr(&sb, "\\n");
		else if (*name == '\r')
			strbuf_addstr(&sb, "\\r");
		else
			strbuf_addch(&sb, *name);
	}
	strbuf_addch(&sb, '\n');
	return strbuf_detach(&sb);
}

static int
visit_hash(struct walk *w, int dir, const char *name, const struct stat *st)
{
	char hex[65];
	int fd;

	if (!S_ISREG(st->st_mode))
		return 0;
	fd = open_entry(dir, name, 0, AT_SYMLINK_NOFOLLOW);
	if (fd < 0 || hash_fd(fd, hex) < 0)
		return -1;
	strvec_push_owned(&w->lines, hash_line(hex, w->path.buf));
	return 0;
}

int
tree_sha256(const char *path, char hex[65])
{
	struct walk w = { .visit = visit_hash };
	struct stat st;
	SHA2_CTX ctx;
	size_t i;
	int fd, rc;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return close_with(fd, -1);
	if (!S_ISDIR(st.st_mode))
		return hash_fd(fd, hex);
	close(fd);
	rc = walk_from(&w, path, 0);
	strvec_sort(&w.lines);
	SHA256Init(&ctx);
	for (i = 0; i < w.lines.n; i++)
		SHA256Update(&ctx, (const uint8_t *)w.lines.v[i],
		    strlen(w.lines.v[i]));
	SHA256End(&ctx, hex);
	strvec_release(&w.lines);
	return rc;
}

/* Where a file is copied from and to. */
struct copy {
	int from_dir;
	const char *from;
	int to_dir;
	const char *to;
	int follow;
	enum tree_copy how;
	const struct stat *made;	/* the top of the copy, once it is */
};

static int
copy_file(const struct copy *c, mode_t mode)
{
	int in, out, rc;

	if (c->how == TREE_LINK) {
		if (linkat(c->from_dir, c->from, c->to_dir, c->to,
		    c->follow == 0 ? AT_SYMLINK_FOLLOW : 0) == 0)
			return 0;
		if (errno == EEXIST)
			return -1;
	}
	in = open_entry(c->from_dir, c->from, 0, c->follow);
	if (in < 0)
		return -1;
	out = openat(c->to_dir, c->to, O_WRONLY | O_CREAT | O_EXCL |
	    O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out < 0)
		return close_with(in, -1);
	rc = copy_fd(in, out);
	if (rc == 0)
		rc = fchmod(out, mode & 0777);
	close_with(in, 0);
	if (rc < 0)
		return close_with(out, -1);
	return close(out);
}

static int
copy_symlink(const struct copy *c)
{
	char target[PATH_MAX];
	ssize_t n;

	n = readlinkat(c->from_dir, c->from, target, sizeof(target));
	if (n < 0)
		return -1;
	if ((size_t)n == sizeof(target)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	target[n] = '\0';
	return symlinkat(target, c->to_dir, c->to);
}

static int copy_entry(const struct copy *c);

static int
copy_directory(const struct copy *c, mode_t mode)
{
	struct strvec names = STRVEC_INIT;
	struct copy below = *c;
	struct stat made;
	int rc = -1;
	size_t i;

	below.from_dir = open_entry(c->from_dir, c->from, O_DIRECTORY,
	    c->follow);
	if (below.from_dir < 0)
		return -1;
	if (list(below.from_dir, &names) < 0 ||
	    mkdirat(c->to_dir, c->to, 0700) < 0)
		goto out;
	below.to_dir = open_entry(c->to_dir, c->to, O_DIRECTORY,
	    AT_SYMLINK_NOFOLLOW);
	if (below.to_dir < 0)
		goto out;
	below.follow = AT_SYMLINK_NOFOLLOW;
	rc = fstat(below.to_dir, &made);
	if (c->made == NULL)
		below.made = &made;
	for (i = 0; i < names.n && rc == 0; i++) {
		below.from = below.to = names.v[i];
		rc = copy_entry(&below);
	}
	if (rc == 0)
		rc = fchmod(below.to_dir, mode & 0777);
	close_with(below.to_dir, rc);
out:
	strvec_release(&names);
	return close_with(below.from_dir, rc);
}

static int
copy_entry(const struct copy *c)
{
	struct stat st;

	if (fstatat(c->from_dir, c->from, &st, c->follow) < 0)
		return -1;
	/* A copy that lies inside what is copied does not go round for ever. */
	if (c->made != NULL && st.st_ino == c->made->st_ino &&
	    st.st_dev == c->made->st_dev)
		return 0;
	if (S_ISREG(st.st_mode))
		return copy_file(c, st.st_mode);
	if (S_ISDIR(st.st_mode))
		return copy_directory(c, st.st_mode);
	if (S_ISLNK(st.st_mode))
		return copy_symlink(c);
	errno = EINVAL;
	return -1;
}

int
tree_copy(const char *from, const char *to, enum tree_copy how)
{
	struct copy c = { AT_FDCWD, from, AT_FDCWD, to, 0, how, NULL };

	return copy_entry(&c);
}
