/* Lists of variables, in the order in which they were declared. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/model/interface.h"

const struct variable *
interface_find(const struct interface *interface, const char *name)
{
	size_t i;

	for (i = 0; i < interface->n; i++)
		if (strcmp(interface->v[i].name, name) == 0)
			return &interface->v[i];
	return NULL;
}

/* The capacity is not stored: `n` is full when it is a power of two. */
void
interface_add(struct arena *arena, struct interface *interface,
    const struct variable *variable)
{
	size_t n = interface->n;
	struct variable *more;

	if ((n & (n - 1)) == 0) {
		more = arena_array(arena, n != 0 ? 2 * n : 1, sizeof(*more));
		if (n != 0)
			memcpy(more, interface->v, n * sizeof(*more));
		interface->v = more;
	}
	interface->v[interface->n++] = *variable;
}

bool
variable_required(const struct variable *variable)
{
	size_t i;

	if (variable->preset != NULL || variable->now || variable->optional)
		return false;
	if (variable->members == NULL)
		return true;
	for (i = 0; i < variable->members->n; i++)
		if (variable_required(&variable->members->v[i]))
			return true;
	return false;
}
