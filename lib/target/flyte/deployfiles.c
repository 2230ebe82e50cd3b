/*
 * The files that the values of a plan name. Where one lies follows from its
 * bytes; what is there already is not sent again.
 */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/target/flyte/deployment.h"
#include "lib/target/flyte/upload.h"

static struct deploy_file *
find(struct deployment *d, const char *path, bool parts)
{
	size_t i;

	for (i = 0; i < d->n_files; i++)
		if (d->file[i].parts == parts &&
		    strcmp(d->file[i].path, path) == 0)
			return &d->file[i];
	return NULL;
}

static const char *
note_file(void *arg, const char *path, bool directory, bool parts)
{
	struct deployment *d = arg;
	struct deploy_file *file = find(d, path, parts);

	if (file != NULL)
		return file->uri;
	if (d->n_files == d->cap_files) {
		d->cap_files = d->cap_files * 2 + 8;
		d->file = xreallocarray(d->file, d->cap_files,
		    sizeof(*d->file));
	}
	file = &d->file[d->n_files++];
	*file = (struct deploy_file){ arena_strdup(&d->arena, path), NULL,
	    directory, parts };
	return NULL;
}

static const char *
file_uri(void *arg, const char *path, bool directory)
{
	return note_file(arg, path, directory, false);
}

static const char *
parts_uri(void *arg, const char *path)
{
	return note_file(arg, path, true, true);
}

static enum status
upload(struct deployment *d, struct deploy_file *file)
{
	bool only_find = deployment_only_looks(d);

	return file->parts ? upload_parts(d->flyte, &d->arena, file->path,
	    only_find, &file->uri) : upload_path(d->flyte, &d->arena,
	    file->path, file->directory, only_find, &file->uri);
}

enum status
deploy_files(struct deployment *d)
{
	enum status status;
	size_t i;

	d->place.files.uri = file_uri;
	d->place.files.parts = parts_uri;
	d->place.files.arg = d;
	status = encode_plan(&d->encoding, d->request->plan, &d->place);
	encoding_release(&d->encoding);
	for (i = 0; i < d->n_files && status == EXIT_DONE; i++)
		status = upload(d, &d->file[i]);
	return status;
}
