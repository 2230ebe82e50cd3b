/* The versions of an app that a cluster has: those of its workflows. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/fnames.h"
#include "lib/model/deployed.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"

/* An app has three workflows at most, each registered under the version. */
struct version_list {
	struct deployed *v;
	size_t n, cap;
};

static enum status
add_version(void *arg, const struct json *item)
{
	const struct json *closure = api_dig(item, "closure", NULL);
	const char *version = api_text(api_dig(item, "id", NULL), "version");
	struct version_list *list = arg;
	struct deployed *d;

	ALLOC_GROW(list->v, list->n, list->cap);
	d = &list->v[list->n++];
	memset(d, 0, sizeof(*d));
	d->version = xstrndup(version, fnames_app_version_len(version));
	d->created_at = api_time(closure, "created_at");
	d->files = d->bytes = -1;
	return EXIT_DONE;
}

static int
by_name(const void *pa, const void *pb)
{
	const struct deployed *a = pa, *b = pb;
	int order = strcmp(a->version, b->version);

	if (order != 0)
		return order;
	return a->created_at < b->created_at ? -1 :
	    a->created_at > b->created_at;
}

static int
newest_first(const void *pa, const void *pb)
{
	const struct deployed *a = pa, *b = pb;

	if (a->created_at != b->created_at)
		return a->created_at > b->created_at ? -1 : 1;
	return strcmp(a->version, b->version);
}

/* One entry for each version: that of the workflow that came first. */
static void
settle(struct version_list *list)
{
	size_t i, n = 0;

	if (list->n == 0)
		return;
	qsort(list->v, list->n, sizeof(*list->v), by_name);
	for (i = 0; i < list->n; i++) {
		if (n > 0 && strcmp(list->v[n - 1].version,
		    list->v[i].version) == 0)
			deployed_release(&list->v[i]);
		else
			list->v[n++] = list->v[i];
	}
	list->n = n;
	qsort(list->v, list->n, sizeof(*list->v), newest_first);
}

static enum status
get_versions(struct flyte *flyte, struct version_list *versions)
{
	struct api_list list = { .member = "workflows",
	    .sort_key = "created_at",
	    .what = "cannot list the versions" };
	struct arena arena = ARENA_INIT;
	enum status status = EXIT_DONE;
	int kind;

	for (kind = 0; kind < WORKFLOW_KINDS && status == EXIT_DONE; kind++) {
		list.path = api_object(&arena, flyte, "workflows",
		    arena_printf(&arena, "%s.%s", flyte->app->name,
		    workflow_name((enum workflow_kind)kind)), NULL);
		status = api_list(flyte, &list, add_version, versions, NULL);
	}
	arena_release(&arena);
	return status;
}

enum status
flyte_versions(struct target *target,
    enum status (*each)(void *arg, const struct deployed *deployed), void *arg)
{
	struct version_list versions = { NULL, 0, 0 };
	enum status status;
	size_t i;

	status = get_versions((struct flyte *)target, &versions);
	settle(&versions);
	for (i = 0; i < versions.n && status == EXIT_DONE; i++)
		status = each(arg, &versions.v[i]);
	for (i = 0; i < versions.n; i++)
		deployed_release(&versions.v[i]);
	free(versions.v);
	return status;
}
