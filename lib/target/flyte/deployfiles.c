/*
 * The files that the values of a plan name. Where one lies follows from its
 * bytes; what is there already is not sent again.
 */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/target/flyte/deployment.h"
#include "lib/target/flyte/upload.h"

static struct deploy_file *
find(struct deployment *d, const char *path)
{
	size_t i;

	for (i = 0; i < d->n_files; i++)
		if (strcmp(d->file[i].path, path) == 0)
			return &d->file[i];
	return NULL;
}

static const char *
file_uri(void *arg, const char *path, bool directory)
{
	struct deployment *d = arg;
	struct deploy_file *file = find(d, path);

	if (file != NULL)
		return file->uri;
	if (d->n_files == d->cap_files) {
		d->cap_files = d->cap_files * 2 + 8;
		d->file = xreallocarray(d->file, d->cap_files,
		    sizeof(*d->file));
	}
	file = &d->file[d->n_files++];
	*file = (struct deploy_file){ arena_strdup(&d->arena, path), NULL,
	    directory };
	return NULL;
}

enum status
deploy_files(struct deployment *d)
{
	enum status status;
	size_t i;

	d->place.files.uri = file_uri;
	d->place.files.arg = d;
	status = encode_plan(&d->encoding, d->request->plan, &d->place);
	encoding_release(&d->encoding);
	for (i = 0; i < d->n_files && status == EXIT_DONE; i++)
		status = upload_path(d->flyte, &d->arena, d->file[i].path,
		    d->file[i].directory, deployment_only_looks(d),
		    &d->file[i].uri);
	return status;
}
