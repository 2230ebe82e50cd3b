/*
 * Paths as text. What is joined here is never looked up, so that a path means
 * the same before and after the file exists.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <unistd.h>

#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"

char *
path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	if (*name == '/' || len == 0)
		return xstrdup(name);
	if (*name == '\0')
		return xstrdup(dir);
	return xasprintf("%s%s%s", dir, dir[len - 1] == '/' ? "" : "/", name);
}

char *
path_dirname(const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	while (len > 0 && path[len - 1] != '/')
		len--;
	while (len > 1 && path[len - 1] == '/')
		len--;
	return len == 0 ? xstrdup(".") : xstrndup(path, len);
}

const char *
path_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Appends the components of `path` to a result that is absolute already. */
static void
add_components(struct strbuf *sb, const char *path)
{
	const char *end;
	size_t len;

	for (; *path != '\0'; path = end) {
		while (*path == '/')
			path++;
		end = path + strcspn(path, "/");
		len = (size_t)(end - path);
		if (len == 0 || (len == 1 && path[0] == '.'))
			continue;
		if (len == 2 && path[0] == '.' && path[1] == '.') {
			while (sb->len > 0 && sb->buf[sb->len - 1] != '/')
				strbuf_setlen(sb, sb->len - 1);
			if (sb->len > 0)
				strbuf_setlen(sb, sb->len - 1);
			continue;
		}
		strbuf_addch(sb, '/');
		strbuf_add(sb, path, len);
	}
}

char *
path_absolute(const char *path)
{
	struct strbuf sb = STRBUF_INIT;
	char *cwd;

	if (*path != '/') {
		cwd = getcwd(NULL, 0);
		if (cwd == NULL)
			return xstrdup(path);
		add_components(&sb, cwd);
		free(cwd);
	}
	add_components(&sb, path);
	if (sb.len == 0)
		strbuf_addch(&sb, '/');
	return strbuf_detach(&sb);
}

char *
path_expand_home(const char *path)
{
	const char *home;

	if (path[0] != '~' || (path[1] != '\0' && path[1] != '/'))
		return xstrdup(path);
	home = getenv("HOME");
	if (home == NULL || *home == '\0')
		return xstrdup(path);
	for (path++; *path == '/'; path++)
		;
	return path_join(home, path);
}

char *
path_find_up(const char *dir, const char *name)
{
	char *here = path_absolute(dir), *up, *found;
	struct stat st;

	for (;;) {
		found = path_join(here, name);
		if (stat(found, &st) == 0)
			break;
		free(found);
		found = NULL;
		if (*here != '/' || here[1] == '\0')
			break;
		up = path_dirname(here);
		free(here);
		here = up;
	}
	free(here);
	return found;
}

char *
path_resolve(const char *dir, const char *path)
{
	char *expanded = path_expand_home(path);
	char *joined = path_join(dir, expanded);

	free(expanded);
	return joined;
}
