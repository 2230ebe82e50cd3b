/*
 * Pictures of the workflows, for Graphviz and for Mermaid. Both draw the same
 * edges: one for each two nodes between which something flows, with the names
 * of all that does. `inputs` and `outputs` stand for the workflow's own ends;
 * no component is called that.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/plan/plan.h"

/* How one language writes what both have. Ids are KIND plus a node's id. */
struct pen {
	void (*begin)(struct strbuf *sb, const struct workflow *workflow);
	void (*node)(struct strbuf *sb, const char *kind, const char *id,
	    bool end);
	void (*edge)(struct strbuf *sb, const char *kind, const char *from,
	    const char *to, const char *label);
	const char *close;
};

/* What flows into one node, as pairs of where it comes from and its name. */
struct flow {
	const char *from, *label;
};

struct flows {
	struct flow *v;
	size_t n;
};

static const char inputs_id[] = "inputs", outputs_id[] = "outputs";

static void
add_flow(struct arena *arena, struct flows *flows, const char *from,
    const char *label)
{
	struct flow *more;
	size_t i;

	for (i = 0; i < flows->n; i++)
		if (strcmp(flows->v[i].from, from) == 0 &&
		    strcmp(flows->v[i].label, label) == 0)
			return;
	more = arena_array(arena, flows->n + 1, sizeof(*more));
	if (flows->n > 0)
		memcpy(more, flows->v, flows->n * sizeof(*more));
	more[flows->n] = (struct flow){ from, label };
	flows->v = more;
	flows->n++;
}

/*
 * A flow is named after what comes out of its beginning. That of a map's entry
 * has the name of its place in the map: at its beginning all are called the
 * same.
 */
static void
add_binding(struct arena *arena, struct flows *flows,
    const struct binding *binding, const char *place)
{
	const struct binding *entry;
	size_t i;

	switch (binding->kind) {
	case BIND_INPUT:
		add_flow(arena, flows, inputs_id, place != NULL ? place :
		    binding->input);
		break;
	case BIND_OUTPUT:
		add_flow(arena, flows, binding->node, place != NULL ? place :
		    binding->output);
		break;
	case BIND_MAP:
		for (i = 0; i < binding->n; i++) {
			entry = &binding->entry[i];
			add_binding(arena, flows, entry, arena_printf(arena,
			    "%s.%s", place != NULL ? place : binding->var,
			    entry->var));
		}
		break;
	}
}

/* One edge for each beginning, in the order in which they first appear. */
static void
draw_edges(struct strbuf *sb, const struct pen *pen, const char *kind,
    const struct flows *flows, const char *to)
{
	struct strbuf label = STRBUF_INIT;
	const char *from;
	size_t i, j;

	for (i = 0; i < flows->n; i++) {
		from = flows->v[i].from;
		for (j = 0; strcmp(flows->v[j].from, from) != 0; j++)
			;
		if (j < i)
			continue;
		strbuf_reset(&label);
		for (; j < flows->n; j++)
			if (strcmp(flows->v[j].from, from) == 0)
				strbuf_addf(&label, "%s%s",
				    label.len > 0 ? ", " : "",
				    flows->v[j].label);
		pen->edge(sb, kind, from, to, label.buf);
	}
	strbuf_release(&label);
}

static void
draw_flows(struct strbuf *sb, const struct pen *pen,
    const struct workflow *workflow)
{
	const char *kind = workflow_name(workflow->kind);
	struct arena arena = ARENA_INIT;
	const struct node *node;
	struct flows flows;
	size_t i, j;

	for (i = 0; i < workflow->n_nodes; i++) {
		node = &workflow->node[i];
		memset(&flows, 0, sizeof(flows));
		for (j = 0; j < node->n_bindings; j++)
			add_binding(&arena, &flows, &node->binding[j], NULL);
		draw_edges(sb, pen, kind, &flows, node->id);
	}
	memset(&flows, 0, sizeof(flows));
	for (j = 0; j < workflow->n_outputs; j++)
		add_binding(&arena, &flows, &workflow->output[j], NULL);
	draw_edges(sb, pen, kind, &flows, outputs_id);
	arena_release(&arena);
}

static void
draw_workflows(struct strbuf *sb, const struct pen *pen,
    const struct plan *plan)
{
	const struct workflow *workflow;
	const char *kind;
	size_t i, j;

	for (i = 0; i < WORKFLOW_KINDS; i++) {
		workflow = plan_workflow(plan, i);
		if (workflow == NULL)
			continue;
		kind = workflow_name(i);
		pen->begin(sb, workflow);
		if (workflow->inputs.n > 0)
			pen->node(sb, kind, inputs_id, true);
		for (j = 0; j < workflow->n_nodes; j++)
			pen->node(sb, kind, workflow->node[j].id, false);
		pen->node(sb, kind, outputs_id, true);
		draw_flows(sb, pen, workflow);
		strbuf_addstr(sb, pen->close);
	}
}

/*
 * A quoted string of dot. Only the quote is special to the language; labels
 * read the backslash, too. A control character would end the line or be lost.
 */
static void
add_dot(struct strbuf *sb, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			strbuf_addch(sb, '\\');
		strbuf_addch(sb, iscntrl((unsigned char)*text) ? ' ' : *text);
	}
}

static void
add_dot_id(struct strbuf *sb, const char *kind, const char *id)
{
	strbuf_addf(sb, "\"%s/", kind);
	add_dot(sb, id);
	strbuf_addch(sb, '"');
}

static void
dot_begin(struct strbuf *sb, const struct workflow *workflow)
{
	strbuf_addf(sb, "\n\tsubgraph \"cluster_%s\" {\n\t\tlabel=\"",
	    workflow_name(workflow->kind));
	add_dot(sb, workflow->name);
	strbuf_addstr(sb, "\";\n");
}

static void
dot_node(struct strbuf *sb, const char *kind, const char *id, bool end)
{
	strbuf_addstr(sb, "\t\t");
	add_dot_id(sb, kind, id);
	strbuf_addstr(sb, " [label=\"");
	add_dot(sb, id);
	strbuf_addf(sb, "\"%s];\n", end ? ", shape=plaintext" : "");
}

static void
dot_edge(struct strbuf *sb, const char *kind, const char *from, const char *to,
    const char *label)
{
	strbuf_addstr(sb, "\t\t");
	add_dot_id(sb, kind, from);
	strbuf_addstr(sb, " -> ");
	add_dot_id(sb, kind, to);
	strbuf_addstr(sb, " [label=\"");
	add_dot(sb, label);
	strbuf_addstr(sb, "\"];\n");
}

void
plan_draw_dot(struct strbuf *sb, const struct plan *plan)
{
	static const struct pen dot = {
		dot_begin, dot_node, dot_edge, "\t}\n",
	};

	strbuf_addstr(sb, "digraph \"");
	add_dot(sb, plan->app->name);
	strbuf_addstr(sb, "\" {\n\trankdir=LR;\n\tnode [shape=box];\n");
	draw_workflows(sb, &dot, plan);
	strbuf_addstr(sb, "}\n");
}

/* A quoted text of Mermaid, which knows entities and no backslash. */
static void
add_mermaid(struct strbuf *sb, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("\"#<>&`", *text) != NULL)
			strbuf_addf(sb, "#%d;", *text);
		else
			strbuf_addch(sb, iscntrl((unsigned char)*text) ? ' ' :
			    *text);
	}
}

/*
 * An id of Mermaid has no quotes, and `end` or `--` in it would be read as
 * syntax: what is no letter or digit becomes an underscore.
 */
static void
add_mermaid_id(struct strbuf *sb, const char *kind, const char *id)
{
	strbuf_addf(sb, "%s_", kind);
	for (; *id != '\0'; id++)
		strbuf_addch(sb, isalnum((unsigned char)*id) ? *id : '_');
}

static void
mermaid_begin(struct strbuf *sb, const struct workflow *workflow)
{
	strbuf_addf(sb, "  subgraph %s_workflow [\"",
	    workflow_name(workflow->kind));
	add_mermaid(sb, workflow->name);
	strbuf_addstr(sb, "\"]\n");
}

static void
mermaid_node(struct strbuf *sb, const char *kind, const char *id, bool end)
{
	strbuf_addstr(sb, "    ");
	add_mermaid_id(sb, kind, id);
	strbuf_addstr(sb, end ? "([\"" : "[\"");
	add_mermaid(sb, id);
	strbuf_addstr(sb, end ? "\"])\n" : "\"]\n");
}

static void
mermaid_edge(struct strbuf *sb, const char *kind, const char *from,
    const char *to, const char *label)
{
	strbuf_addstr(sb, "    ");
	add_mermaid_id(sb, kind, from);
	strbuf_addstr(sb, " -->|\"");
	add_mermaid(sb, label);
	strbuf_addstr(sb, "\"| ");
	add_mermaid_id(sb, kind, to);
	strbuf_addch(sb, '\n');
}

void
plan_draw_mermaid(struct strbuf *sb, const struct plan *plan)
{
	static const struct pen mermaid = {
		mermaid_begin, mermaid_node, mermaid_edge, "  end\n",
	};

	strbuf_addstr(sb, "flowchart LR\n");
	draw_workflows(sb, &mermaid, plan);
}
