/*
 * Files into the cluster's store by signed URLs (flyteidl's
 * service/dataproxy.proto, CreateUploadLocation). Where a file lies follows
 * from what is in it, so that nothing is sent twice.
 */
#ifndef FLYTE_UPLOAD_H
#define FLYTE_UPLOAD_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct arena;
struct filelist;
struct flyte;

struct upload {
	const char *sha256;	/* 64 hex digits of what it holds */
	const char *name;	/* the last part of its URI, or parts */
	const char *what;	/* "cannot upload the source" */
};

/*
 * Where it lies or would lie (a URI of the arena), and whether it is there.
 * That changes nothing: a dry run asks, too.
 */
enum status upload_find(struct flyte *flyte, struct arena *arena,
    const struct upload *upload, bool *there, const char **uri);

/*
 * Sends the whole file behind `fd`, a regular one. What is there by now is
 * EXIT_DONE as well.
 */
enum status upload_send(struct flyte *flyte, struct arena *arena,
    const struct upload *upload, int fd, const char **uri);

/*
 * Both, of what lies at that path: its name and its bytes make the URI. A
 * directory becomes NAME.tar.gz. With `only_find` nothing is sent.
 */
enum status upload_path(struct flyte *flyte, struct arena *arena,
    const char *path, bool directory, bool only_find, const char **uri);

/*
 * Each file of a directory for itself, as a MULTIPART blob is read: below the
 * URI, by its relative path. EXIT_INPUT for names that not every store and
 * reader takes as they are, and for a directory without files.
 */
enum status upload_parts(struct flyte *flyte, struct arena *arena,
    const char *path, bool only_find, const char **uri);

/*
 * Where a list of files, packed, lies or would lie, by the tar's sha256.
 * `name` is that of the archive.
 */
enum status upload_archive(struct flyte *flyte, struct arena *arena,
    const struct upload *upload, const struct filelist *list,
    const char **uri);

#endif
