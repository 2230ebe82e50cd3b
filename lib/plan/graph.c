/*
 * Which node of a workflow waits for which. Nothing here knows what a
 * component is: nodes have tasks with typed interfaces, and bindings say where
 * each value comes from. All faults of the bindings are told in one run; the
 * order is looked for once they are sound.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/plan/graph.h"
#include "lib/plan/plan.h"

/* What is being bound: an input of `node`, or an output of the workflow. */
struct place {
	struct arena *arena;
	const struct workflow *workflow;
	const struct node *node;	/* NULL: the workflow's outputs */
	const char *var;
	bool *waits;			/* for which nodes this one waits */
	size_t last_input, last_member;	/* found there */
};

static enum status
fault(const struct place *place, const char *what)
{
	const char *workflow = place->workflow->name;

	if (place->node == NULL)
		return error(EXIT_INPUT, "workflow '%s': output '%s' %s",
		    workflow, place->var, what);
	return error(EXIT_INPUT, "workflow '%s': input '%s' of node '%s' %s",
	    workflow, place->var, place->node->id, what);
}

/*
 * Bindings mostly come in the order of what they are bound to: the variable
 * found last and the one behind it are tried first, which an app with
 * thousands of inputs is grateful for.
 */
static const struct variable *
find_near(const struct interface *interface, const char *name, size_t *last)
{
	const struct variable *v;
	size_t i;

	for (i = *last; i < interface->n && i < *last + 2; i++) {
		if (strcmp(interface->v[i].name, name) == 0) {
			*last = i;
			return &interface->v[i];
		}
	}
	v = interface_find(interface, name);
	if (v != NULL)
		*last = (size_t)(v - interface->v);
	return v;
}

static enum status
check_type(const struct place *place, const struct type *want,
    const struct type *got, const char *from)
{
	if (type_equal(want, got))
		return EXIT_DONE;
	return fault(place, arena_printf(place->arena,
	    "is of type %s, but what is bound to it, %s, is of type %s",
	    type_name(place->arena, want), from,
	    type_name(place->arena, got)));
}

static enum status
check_input(struct place *place, const struct binding *binding,
    const struct type *want)
{
	const struct variable *v;
	const char *from;

	v = find_near(&place->workflow->inputs, binding->input,
	    &place->last_input);
	if (v == NULL)
		return fault(place, arena_printf(place->arena,
		    "is bound to '%s', which is no input of the workflow",
		    binding->input));
	from = arena_printf(place->arena, "workflow input '%s'",
	    binding->input);
	if (binding->member == NULL)
		return check_type(place, want, v->type, from);
	v = v->members == NULL ? NULL :
	    find_near(v->members, binding->member, &place->last_member);
	if (v == NULL)
		return fault(place, arena_printf(place->arena,
		    "is bound to member '%s', which %s has not",
		    binding->member, from));
	return check_type(place, want, v->type, arena_printf(place->arena,
	    "member '%s' of %s", binding->member, from));
}

static enum status
check_output(const struct place *place, const struct binding *binding,
    const struct type *want)
{
	const struct variable *v;
	const struct node *node;

	node = workflow_node(place->workflow, binding->node);
	if (node == NULL)
		return fault(place, arena_printf(place->arena,
		    "is bound to node '%s', which does not exist",
		    binding->node));
	place->waits[node - place->workflow->node] = true;
	v = interface_find(&node->task->outputs, binding->output);
	if (v == NULL)
		return fault(place, arena_printf(place->arena,
		    "is bound to output '%s', which node '%s' has not",
		    binding->output, binding->node));
	return check_type(place, want, v->type, arena_printf(place->arena,
	    "output '%s' of node '%s'", binding->output, binding->node));
}

static enum status
check_binding(struct place *place, const struct binding *binding,
    const struct type *want)
{
	enum status status = EXIT_DONE;
	size_t i;

	switch (binding->kind) {
	case BIND_INPUT:
		return check_input(place, binding, want);
	case BIND_OUTPUT:
		return check_output(place, binding, want);
	case BIND_MAP:
		break;
	}
	if (want->kind != TYPE_MAP)
		return fault(place, arena_printf(place->arena,
		    "is of type %s, but a map is bound to it",
		    type_name(place->arena, want)));
	for (i = 0; i < binding->n; i++)
		if (check_binding(place, &binding->entry[i],
		    want->element) != EXIT_DONE)
			status = EXIT_INPUT;
	return status;
}

/* Each variable is bound once, and nothing else is. */
static enum status
check_bindings(struct place *place, const struct interface *interface,
    const struct binding *binding, size_t n)
{
	enum status status = EXIT_DONE;
	bool *bound = arena_array(place->arena, interface->n, sizeof(*bound));
	const struct variable *v;
	size_t i, last = 0;

	place->last_input = place->last_member = 0;
	for (i = 0; i < n; i++) {
		place->var = binding[i].var;
		v = find_near(interface, binding[i].var, &last);
		if (v == NULL)
			status = fault(place, "is bound but not declared");
		else if (bound[v - interface->v])
			status = fault(place, "is bound twice");
		else if (check_binding(place, &binding[i], v->type) !=
		    EXIT_DONE)
			status = EXIT_INPUT;
		if (v != NULL)
			bound[v - interface->v] = true;
	}
	for (i = 0; i < interface->n; i++) {
		place->var = interface->v[i].name;
		if (!bound[i])
			status = fault(place, "is not bound");
	}
	return status;
}

static void
set_upstream(struct arena *arena, struct node *node, const bool *waits,
    size_t n)
{
	size_t i;

	node->upstream = arena_array(arena, n, sizeof(*node->upstream));
	node->n_upstream = 0;
	for (i = 0; i < n; i++)
		if (waits[i])
			node->upstream[node->n_upstream++] = i;
}

/* Checks all bindings and notes in each node which others it waits for. */
static enum status
resolve_bindings(struct arena *arena, struct workflow *workflow)
{
	enum status status = EXIT_DONE;
	struct place place = { .arena = arena, .workflow = workflow };
	struct node *node;
	size_t i, size = workflow->n_nodes * sizeof(*place.waits);

	place.waits = arena_alloc(arena, size);
	for (i = 0; i < workflow->n_nodes; i++) {
		node = &workflow->node[i];
		if (workflow_node(workflow, node->id) != node)
			status = error(EXIT_INPUT,
			    "workflow '%s': two nodes are called '%s'",
			    workflow->name, node->id);
		memset(place.waits, 0, size);
		place.node = node;
		if (check_bindings(&place, &node->task->inputs, node->binding,
		    node->n_bindings) != EXIT_DONE)
			status = EXIT_INPUT;
		set_upstream(arena, node, place.waits, workflow->n_nodes);
	}
	place.node = NULL;
	if (check_bindings(&place, &workflow->outputs, workflow->output,
	    workflow->n_outputs) != EXIT_DONE)
		status = EXIT_INPUT;
	return status;
}

/* The first upstream node that has no place in the order yet, or n. */
static size_t
first_pending(const struct node *node, const bool *placed, size_t n)
{
	size_t i;

	for (i = 0; i < node->n_upstream; i++)
		if (!placed[node->upstream[i]])
			return node->upstream[i];
	return n;
}

/*
 * Names the nodes of one circle, in the direction in which data would flow.
 * Going upstream from one unplaced node to the next must come round at last,
 * since every unplaced node waits for another.
 */
static enum status
circle(struct arena *arena, const struct workflow *workflow,
    const bool *placed)
{
	size_t i, k, n = workflow->n_nodes, at = 0;
	size_t *walk = arena_array(arena, n + 1, sizeof(*walk));
	bool *seen = arena_array(arena, n, sizeof(*seen));
	struct strbuf sb = STRBUF_INIT;

	while (placed[at])
		at++;
	for (k = 0; !seen[at]; k++) {
		seen[at] = true;
		walk[k] = at;
		at = first_pending(&workflow->node[at], placed, n);
	}
	walk[k] = at;
	for (i = k; i == k || walk[i] != at; i--)
		strbuf_addf(&sb, "'%s' -> ", workflow->node[walk[i]].id);
	strbuf_addf(&sb, "'%s'", workflow->node[at].id);
	error(EXIT_INPUT, "workflow '%s': nodes wait for each other: %s",
	    workflow->name, sb.buf);
	strbuf_release(&sb);
	return EXIT_INPUT;
}

/* Puts the nodes where `order` says, and lets upstream lists follow. */
static void
reorder(struct arena *arena, struct workflow *workflow, const size_t *order)
{
	size_t i, j, n = workflow->n_nodes;
	struct node *node = arena_array(arena, n, sizeof(*node));
	size_t *place = arena_array(arena, n, sizeof(*place));
	bool *waits = arena_array(arena, n, sizeof(*waits));

	for (i = 0; i < n; i++)
		place[order[i]] = i;
	for (i = 0; i < n; i++) {
		node[i] = workflow->node[order[i]];
		memset(waits, 0, n * sizeof(*waits));
		for (j = 0; j < node[i].n_upstream; j++)
			waits[place[node[i].upstream[j]]] = true;
		set_upstream(arena, &node[i], waits, n);
	}
	workflow->node = node;
}

enum status
graph_resolve(struct arena *arena, struct workflow *workflow)
{
	size_t i, k, n = workflow->n_nodes;
	size_t *order = arena_array(arena, n, sizeof(*order));
	bool *placed = arena_array(arena, n, sizeof(*placed));

	if (resolve_bindings(arena, workflow) != EXIT_DONE)
		return EXIT_INPUT;
	for (k = 0; k < n; k++) {
		for (i = 0; i < n; i++)
			if (!placed[i] && first_pending(&workflow->node[i],
			    placed, n) == n)
				break;
		if (i == n)
			return circle(arena, workflow, placed);
		placed[i] = true;
		order[k] = i;
	}
	reorder(arena, workflow, order);
	return EXIT_DONE;
}
