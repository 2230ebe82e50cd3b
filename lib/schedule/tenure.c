/* Which definition a slot belongs to, and the slots of one after another. */
#include "lib/base/compat.h"

#include "lib/schedule/tenure.h"

void
tenures_settle(struct tenure *tenure, size_t n)
{
	int64_t until = INT64_MAX;

	while (n-- > 0) {
		tenure[n].until = until;
		if (tenure[n].after < until)
			until = tenure[n].after;
	}
}

/* The first whose time goes on after `after`: settled ones come in order. */
static size_t
first_after(const struct tenure *tenure, size_t n, int64_t after)
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (tenure[middle].until > after)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct tenure *
tenures_find(const struct tenure *tenure, size_t n, int64_t t)
{
	size_t i;

	if (t == INT64_MIN)
		return NULL;
	i = first_after(tenure, n, t - 1);
	while (i < n && tenure[i].after >= tenure[i].until)
		i++;
	return i < n && tenure[i].after < t ? &tenure[i] : NULL;
}

bool
tenures_next(const struct tenure *tenure, size_t n, int64_t after,
    int64_t *t, const struct tenure **owner)
{
	size_t i;

	for (i = first_after(tenure, n, after); i < n; i++) {
		const struct tenure *own = &tenure[i];
		int64_t from = own->after > after ? own->after : after;

		if (from < own->until && slots_next(&own->slots, from, t) &&
		    *t <= own->until) {
			*owner = own;
			return true;
		}
	}
	return false;
}
