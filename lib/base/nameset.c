/* A sorted list of names: no lookup of the app file's checks is linear. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/nameset.h"
#include "lib/base/suggest.h"
#include "lib/base/xalloc.h"

static int
compare(const void *pa, const void *pb)
{
	const struct nameset_entry *a = pa, *b = pb;
	int order = strcmp(a->name, b->name);

	if (order != 0)
		return order;
	return a->index < b->index ? -1 : a->index > b->index;
}

void
nameset_init(struct nameset *set, struct arena *arena, const void *array,
    size_t n, size_t size)
{
	const char *at = array;
	size_t i;

	set->n = n;
	set->v = arena_array(arena, n, sizeof(*set->v));
	for (i = 0; i < n; i++, at += size) {
		memcpy(&set->v[i].name, at, sizeof(set->v[i].name));
		set->v[i].index = i;
	}
	if (n > 1)
		qsort(set->v, n, sizeof(*set->v), compare);
}

size_t
nameset_find(const struct nameset *set, const char *name)
{
	size_t low = 0, high = set->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(set->v[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == set->n || strcmp(set->v[low].name, name) != 0)
		return SIZE_MAX;
	return set->v[low].index;
}

const char *
nameset_suggest(const struct nameset *set, const char *word)
{
	const char **names, *near;
	size_t i;

	if (set->n == 0)
		return NULL;
	names = xcalloc(set->n, sizeof(*names));
	for (i = 0; i < set->n; i++)
		names[i] = set->v[i].name;
	near = suggest(word, names, set->n);
	free(names);
	return near;
}
