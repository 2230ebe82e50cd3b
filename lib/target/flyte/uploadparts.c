/*
 * Directories for those who read them by listing a prefix of the store: the
 * MULTIPART blobs of flytekit's tasks, which copilot and flytekit download file
 * by file. All lie below the digest of the whole, so that nothing else does.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/path.h"
#include "lib/base/xalloc.h"
#include "lib/package/filelist.h"
#include "lib/package/pack.h"
#include "lib/target/flyte/upload.h"

struct parts {
	struct flyte *flyte;
	struct arena *arena;
	struct upload upload;
	const char *path;		/* of the directory */
	struct filelist list;
	bool only_find;
};

/* The rest is encoded by some on the way, and by others not. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~=/";

static bool
is_plain(const char *name)
{
	return name[strspn(name, plain)] == '\0';
}

static enum status
check_names(const struct parts *p)
{
	enum status status = EXIT_DONE;
	size_t i;

	if (p->list.n == 0)
		status = error(EXIT_INPUT, "%s: it holds no file, and a "
		    "store knows no empty directory", p->upload.what);
	for (i = 0; i < p->list.n && status == EXIT_DONE; i++) {
		const char *name = p->list.v[i].path;

		if (!is_plain(name))
			status = error(EXIT_INPUT, "%s: the name of '%s' has "
			    "characters that do not reach every store "
			    "unchanged", p->upload.what, name);
	}
	if (status != EXIT_DONE)
		hint("where it lies in a store already, its URI will do "
		    "(s3://...)");
	return status;
}

static enum status
send_part(struct parts *p, const char *name, const char **uri)
{
	char *path = path_join(p->path, name);
	enum status status;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0)
		status = error_errno(EXIT_LOCAL, "cannot open '%s'", path);
	else if (!S_ISREG(st.st_mode))
		status = error(EXIT_INPUT, "'%s' is no file: a directory of "
		    "files is sent without links to others", path);
	else
		status = upload_send(p->flyte, p->arena, &p->upload, fd, uri);
	if (fd >= 0)
		close(fd);
	free(path);
	return status;
}

static enum status
upload_part(struct parts *p, const char *name, const char **prefix)
{
	const char *base = path_basename(p->path), *uri = "";
	bool there = false;
	enum status status;

	if (!is_plain(base))
		base = "files";
	p->upload.name = arena_printf(p->arena, "%s/%s", base, name);
	status = upload_find(p->flyte, p->arena, &p->upload, &there, &uri);
	if (status == EXIT_DONE && !there && !p->only_find)
		status = send_part(p, name, &uri);
	if (status == EXIT_DONE && strlen(uri) > strlen(name))
		*prefix = arena_strndup(p->arena, uri, strlen(uri) -
		    strlen(name) - 1);
	return status;
}

enum status
upload_parts(struct flyte *flyte, struct arena *arena, const char *path,
    bool only_find, const char **uri)
{
	struct parts p = { .flyte = flyte, .arena = arena, .path = path,
	    .only_find = only_find };
	struct pack pack = { .sha256 = "" };
	enum status status;
	size_t i;

	p.upload.what = arena_printf(arena, "cannot upload '%s'", path);
	status = filelist_load_all(&p.list, path);
	if (status == EXIT_DONE)
		status = check_names(&p);
	if (status == EXIT_DONE)
		status = pack_digest(&p.list, &pack);
	p.upload.sha256 = pack.sha256;
	for (i = 0; i < p.list.n && status == EXIT_DONE; i++)
		status = upload_part(&p, p.list.v[i].path, uri);
	filelist_release(&p.list);
	return status;
}
