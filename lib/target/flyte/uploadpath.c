/* Uploads of what lies on this machine: files, and directories packed. */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/path.h"
#include "lib/base/tempfile.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/encodetype.h"
#include "lib/package/filelist.h"
#include "lib/package/pack.h"
#include "lib/target/flyte/upload.h"

static enum status
upload_file(struct flyte *flyte, struct arena *arena,
    struct upload *upload, const char *path, bool only_find,
    const char **uri)
{
	enum status status;
	char sha256[65];
	bool there;
	int fd;

	if (tree_sha256(path, sha256) != 0)
		return error_errno(EXIT_LOCAL, "cannot read '%s'", path);
	upload->sha256 = sha256;
	upload->name = path_basename(path);
	status = upload_find(flyte, arena, upload, &there, uri);
	if (status != EXIT_DONE || there || only_find)
		return status;
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return error_errno(EXIT_LOCAL, "cannot open '%s'", path);
	status = upload_send(flyte, arena, upload, fd, uri);
	close(fd);
	return status;
}

enum status
upload_archive(struct flyte *flyte, struct arena *arena,
    const struct upload *upload, const struct filelist *list,
    const char **uri)
{
	struct tempfile file = TEMPFILE_INIT;
	enum status status = EXIT_DONE;
	struct pack pack;
	const char *dir;

	if (tempfile_scratch(&file, &dir) != 0)
		status = error_errno(EXIT_LOCAL, "cannot write into '%s'",
		    dir);
	if (status == EXIT_DONE)
		status = pack_write_fd(list, file.fd, file.path, &pack);
	if (status == EXIT_DONE && strcmp(pack.sha256, upload->sha256) != 0)
		status = error(EXIT_LOCAL, "'%s' changes while it is read",
		    list->dir);
	if (status == EXIT_DONE)
		status = upload_send(flyte, arena, upload, file.fd, uri);
	tempfile_abort(&file);
	return status;
}

static enum status
upload_directory(struct flyte *flyte, struct arena *arena,
    struct upload *upload, const char *path, bool only_find,
    const char **uri)
{
	struct pack pack = { .sha256 = "" };
	struct filelist list;
	enum status status;
	bool there = false;

	status = filelist_load_all(&list, path);
	if (status == EXIT_DONE)
		status = pack_digest(&list, &pack);
	upload->sha256 = pack.sha256;
	upload->name = arena_printf(arena, "%s." ENCODE_ARCHIVE,
	    path_basename(path));
	if (status == EXIT_DONE)
		status = upload_find(flyte, arena, upload, &there, uri);
	if (status == EXIT_DONE && !there && !only_find)
		status = upload_archive(flyte, arena, upload, &list, uri);
	filelist_release(&list);
	return status;
}

enum status
upload_path(struct flyte *flyte, struct arena *arena, const char *path,
    bool directory, bool only_find, const char **uri)
{
	struct upload upload = {
		.what = arena_printf(arena, "cannot upload '%s'", path),
	};

	return directory ? upload_directory(flyte, arena, &upload, path,
	    only_find, uri) : upload_file(flyte, arena, &upload, path,
	    only_find, uri);
}
