/*
 * graph_resolve on workflows that no app would make. Most are written as text:
 * "b<a c<a,b" is a node b that waits for a, and a node c that waits for both.
 * Each of them gives a file `out` and takes a file for each that it waits for.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/plan/graph.h"
#include "lib/plan/plan.h"
#include "t/unit/tap.h"

static struct strbuf said = STRBUF_INIT;

static void
hear(void *arg, const char *text, size_t len)
{
	(void)arg;
	strbuf_add(&said, text, len);
}

static void
add_variable(struct arena *arena, struct interface *interface,
    const char *name, const struct type *type)
{
	struct variable v = { .name = name, .type = type };

	interface_add(arena, interface, &v);
}

/* Reads one node and moves the cursor behind it. */
static void
read_node(struct arena *arena, struct node *node, const char **cursor)
{
	struct task *task = arena_alloc(arena, sizeof(*task));
	size_t len = strcspn(*cursor, "< ");
	struct binding *b;

	node->id = arena_strndup(arena, *cursor, len);
	node->task = task;
	node->binding = arena_array(arena, strlen(*cursor), sizeof(*b));
	add_variable(arena, &task->outputs, "out", type_simple(TYPE_FILE));
	*cursor += len;
	while (**cursor == '<' || **cursor == ',') {
		++*cursor;
		len = strcspn(*cursor, ", ");
		b = &node->binding[node->n_bindings];
		b->var = arena_printf(arena, "in%zu", node->n_bindings++);
		b->kind = BIND_OUTPUT;
		b->node = arena_strndup(arena, *cursor, len);
		b->output = "out";
		add_variable(arena, &task->inputs, b->var,
		    type_simple(TYPE_FILE));
		*cursor += len;
	}
	*cursor += strspn(*cursor, " ");
}

static struct workflow
read_workflow(struct arena *arena, const char *text)
{
	struct workflow w = { .name = "w" };

	w.node = arena_array(arena, strlen(text) + 1, sizeof(*w.node));
	while (*text != '\0')
		read_node(arena, &w.node[w.n_nodes++], &text);
	return w;
}

/* The resolved workflow in the same language. */
static void
print_workflow(struct strbuf *sb, const struct workflow *w)
{
	size_t i, j;

	for (i = 0; i < w->n_nodes; i++) {
		strbuf_addf(sb, "%s%s", i > 0 ? " " : "", w->node[i].id);
		for (j = 0; j < w->node[i].n_upstream; j++)
			strbuf_addf(sb, "%c%s", j > 0 ? ',' : '<',
			    w->node[w->node[i].upstream[j]].id);
	}
}

static void
test_order(void)
{
	static const struct {
		const char *text, *want, *name;
	} cases[] = {
		{ "", "", "nothing" },
		{ "a", "a", "one node" },
		{ "a b c", "a b c", "free nodes stay as they are" },
		{ "a b<a c<b", "a b<a c<b", "a chain in order" },
		{ "c<b b<a a", "a b<a c<b", "a chain the wrong way round" },
		{ "d<a c b<a a", "c a d<a b<a", "of two the earlier first" },
		{ "d<c,b c<a b<a a", "a c<a b<a d<c,b", "a diamond" },
		{ "b<a,a,a a", "a b<a", "the same node three times" },
		{ "e<a d<e c b<c a", "c b<c a e<a d<e",
		    "two chains that do not touch" },
	};
	struct strbuf sb = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	struct workflow w;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		w = read_workflow(&arena, cases[i].text);
		strbuf_reset(&sb);
		is_int(graph_resolve(&arena, &w), EXIT_DONE, cases[i].name);
		print_workflow(&sb, &w);
		is_str(sb.buf, cases[i].want, cases[i].name);
	}
	is_str(said.buf, "", "no message for what is sound");
	arena_release(&arena);
	strbuf_release(&sb);
}

static void
test_circles(void)
{
	static const struct {
		const char *text, *want, *name;
	} cases[] = {
		{ "a<a", "'a' -> 'a'", "a node that waits for itself" },
		{ "a<b b<a", "'a' -> 'b' -> 'a'", "two nodes" },
		{ "a<c b<a c<b", "'a' -> 'b' -> 'c' -> 'a'", "three nodes" },
		{ "z y<z,x x<z,q q<y p<q", "'y' -> 'q' -> 'x' -> 'y'",
		    "three of five; what hangs on them is not named" },
		{ "d<c c<b b<c", "'c' -> 'b' -> 'c'",
		    "a circle that the first node only waits for" },
	};
	struct arena arena = ARENA_INIT;
	struct workflow w;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		w = read_workflow(&arena, cases[i].text);
		strbuf_reset(&said);
		is_int(graph_resolve(&arena, &w), EXIT_INPUT, cases[i].name);
		is_str(said.buf, arena_printf(&arena, "unionml: error: "
		    "workflow 'w': nodes wait for each other: %s\n",
		    cases[i].want), cases[i].name);
	}
	arena_release(&arena);
}

/*
 * A workflow whose one binding is at fault: node `b` has the input `in`, an
 * integer or a map of files, and the workflow the inputs n, s and h.
 */
static struct workflow
faulty_workflow(struct arena *arena, const struct type *want,
    struct binding *binding, size_t n)
{
	struct workflow w = read_workflow(arena, "a b");
	struct task *task = arena_alloc(arena, sizeof(*task));
	struct interface *members = arena_alloc(arena, sizeof(*members));

	add_variable(arena, &w.inputs, "n", type_simple(TYPE_INTEGER));
	add_variable(arena, &w.inputs, "s", type_simple(TYPE_STRING));
	add_variable(arena, &w.inputs, "h", type_simple(TYPE_JSON));
	add_variable(arena, members, "C", type_simple(TYPE_FLOAT));
	add_variable(arena, members, "k", type_simple(TYPE_INTEGER));
	w.inputs.v[2].members = members;
	add_variable(arena, &task->inputs, "in", want);
	w.node[1].task = task;
	w.node[1].binding = binding;
	w.node[1].n_bindings = n;
	return w;
}

static struct binding from_n = { .var = "in", .input = "n" };
static struct binding from_k = { .var = "in", .input = "h", .member = "k" };
static struct binding from_s = { .var = "in", .input = "s" };
static struct binding from_C = { .var = "in", .input = "h", .member = "C" };
static struct binding from_x = { .var = "in", .input = "x" };
static struct binding no_member = { .var = "in", .input = "h", .member = "x" };
static struct binding memberless = { .var = "in", .input = "n",
	.member = "C" };
static struct binding from_a = { .var = "in", .kind = BIND_OUTPUT,
	.node = "a", .output = "out" };
static struct binding no_node = { .var = "in", .kind = BIND_OUTPUT,
	.node = "x", .output = "out" };
static struct binding no_output = { .var = "in", .kind = BIND_OUTPUT,
	.node = "a", .output = "x" };
static struct binding twice[] = {
	{ .var = "in", .input = "n" }, { .var = "in", .input = "n" }
};
static struct binding stranger[] = {
	{ .var = "in", .input = "n" }, { .var = "x", .input = "n" }
};
static struct binding empty_map = { .var = "in", .kind = BIND_MAP };
static struct binding files[] = {
	{ .var = "x", .kind = BIND_OUTPUT, .node = "a", .output = "out" },
	{ .var = "y", .input = "n" }
};
static struct binding map_of_one = { .var = "in", .kind = BIND_MAP,
	.entry = files, .n = 1 };
static struct binding map_of_two = { .var = "in", .kind = BIND_MAP,
	.entry = files, .n = 2 };

static void
test_bindings(void)
{
	static const struct type file = { .kind = TYPE_FILE };
	static const struct type map_of_files = { .kind = TYPE_MAP,
		.element = &file };
	static const struct {
		struct binding *binding;
		size_t n;
		bool map;
		const char *want;	/* NULL: it is sound */
	} cases[] = {
		{ &from_n, 1, false, NULL },
		{ &from_k, 1, false, NULL },
		{ &empty_map, 1, true, NULL },
		{ &map_of_one, 1, true, NULL },
		{ &from_s, 1, false, "is of type integer, but what is bound "
		    "to it, workflow input 's', is of type string" },
		{ &from_C, 1, false, "is of type integer, but what is bound "
		    "to it, member 'C' of workflow input 'h', is of type "
		    "float" },
		{ &from_a, 1, false, "is of type integer, but what is bound "
		    "to it, output 'out' of node 'a', is of type file" },
		{ &from_n, 1, true, "is of type map<file>, but what is bound "
		    "to it, workflow input 'n', is of type integer" },
		{ &map_of_two, 1, true, "is of type file, but what is bound "
		    "to it, workflow input 'n', is of type integer" },
		{ &empty_map, 1, false,
		    "is of type integer, but a map is bound to it" },
		{ &from_x, 1, false,
		    "is bound to 'x', which is no input of the workflow" },
		{ &no_member, 1, false, "is bound to member 'x', which "
		    "workflow input 'h' has not" },
		{ &memberless, 1, false, "is bound to member 'C', which "
		    "workflow input 'n' has not" },
		{ &no_node, 1, false,
		    "is bound to node 'x', which does not exist" },
		{ &no_output, 1, false,
		    "is bound to output 'x', which node 'a' has not" },
		{ twice, 2, false, "is bound twice" },
		{ NULL, 0, false, "is not bound" },
	};
	struct arena arena = ARENA_INIT;
	struct workflow w;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_reset(&said);
		w = faulty_workflow(&arena, cases[i].map ? &map_of_files :
		    type_simple(TYPE_INTEGER), cases[i].binding, cases[i].n);
		is_int(graph_resolve(&arena, &w), cases[i].want == NULL ?
		    EXIT_DONE : EXIT_INPUT, "result of a binding");
		is_str(said.buf, cases[i].want == NULL ? "" :
		    arena_printf(&arena, "unionml: error: workflow 'w': "
		    "input 'in' of node 'b' %s\n", cases[i].want),
		    cases[i].want == NULL ? "no message" : cases[i].want);
	}
	strbuf_reset(&said);
	w = faulty_workflow(&arena, type_simple(TYPE_INTEGER), stranger, 2);
	is_int(graph_resolve(&arena, &w), EXIT_INPUT, "an unknown variable");
	is_str(said.buf, "unionml: error: workflow 'w': input 'x' of node "
	    "'b' is bound but not declared\n", "its message");
	arena_release(&arena);
}

static void
test_workflow(void)
{
	static struct binding output = { .var = "result",
		.kind = BIND_OUTPUT, .node = "b", .output = "out" };
	struct arena arena = ARENA_INIT;
	struct workflow w;

	strbuf_reset(&said);
	w = read_workflow(&arena, "a b<c a");
	is_int(graph_resolve(&arena, &w), EXIT_INPUT, "two faults");
	is_str(said.buf, "unionml: error: workflow 'w': input 'in0' of node "
	    "'b' is bound to node 'c', which does not exist\n"
	    "unionml: error: workflow 'w': two nodes are called 'a'\n",
	    "are both told");

	strbuf_reset(&said);
	w = read_workflow(&arena, "a b");
	add_variable(&arena, &w.outputs, "result", type_simple(TYPE_JSON));
	is_int(graph_resolve(&arena, &w), EXIT_INPUT, "an unbound output");
	w.output = &output;
	w.n_outputs = 1;
	is_int(graph_resolve(&arena, &w), EXIT_INPUT, "one of another type");
	is_str(said.buf, "unionml: error: workflow 'w': output 'result' is "
	    "not bound\nunionml: error: workflow 'w': output 'result' is of "
	    "type json, but what is bound to it, output 'out' of node 'b', is "
	    "of type file\n", "both messages");
	w.outputs.v[0].type = type_file(&arena, false, "csv");
	is_int(graph_resolve(&arena, &w), EXIT_DONE,
	    "formats are not compared");
	arena_release(&arena);
}

/* Random graphs against an oracle. */
enum { N = 9 };

static uint32_t
chance(uint32_t below)
{
	static uint64_t state = 20261121;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % below;
}

/* Half of the graphs can have circles; in the rest edges go one way. */
static size_t
random_edges(bool edge[N][N])
{
	size_t i, j, n = 1 + chance(N), rank[N];
	bool any = chance(2) == 0;
	uint32_t one_in = 2 + chance(10);

	for (i = 0; i < n; i++)
		rank[i] = chance(1000);
	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			edge[i][j] = (any || rank[i] < rank[j]) &&
			    chance(one_in) == 0;
	return n;
}

static void
print_edges(struct strbuf *sb, bool edge[N][N], size_t n)
{
	size_t i, j;
	char c;

	for (i = 0; i < n; i++) {
		strbuf_addf(sb, "%s%c", i > 0 ? " " : "", (char)('a' + i));
		for (j = 0, c = '<'; j < n; j++)
			if (edge[j][i]) {
				strbuf_addf(sb, "%c%c", c, (char)('a' + j));
				c = ',';
			}
	}
}

static bool
has_circle(bool edge[N][N], size_t n)
{
	bool reach[N][N];
	size_t i, j, k;

	memcpy(reach, edge, sizeof(reach));
	for (k = 0; k < n; k++)
		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++)
				reach[i][j] |= reach[i][k] && reach[k][j];
	for (i = 0; i < n; i++)
		if (reach[i][i])
			return true;
	return false;
}

/* Each step of the circle that the message names is an edge. */
static bool
names_circle(bool edge[N][N])
{
	const char *s = strchr(said.buf, '>');
	char first, from, to;

	if (s == NULL)
		return false;
	first = from = s[-4];
	for (; s != NULL; s = strchr(s + 1, '>')) {
		to = s[3];
		if (!edge[from - 'a'][to - 'a'])
			return false;
		from = to;
	}
	return from == first;
}

/* Always the earliest of those whose upstream nodes all stand already. */
static bool
in_order(const struct workflow *w, bool edge[N][N], size_t n)
{
	bool done[N] = { false };
	size_t i, j, k, at, edges = 0, waits = 0;

	for (k = 0; k < n; k++) {
		at = (size_t)(w->node[k].id[0] - 'a');
		for (i = 0; i < n; i++) {
			bool ready = !done[i];

			for (j = 0; j < n; j++)
				if (edge[j][i] && !done[j])
					ready = false;
			if (ready)
				break;
		}
		if (i != at)
			return false;
		done[at] = true;
		for (j = 0; j < n; j++)
			edges += edge[j][at];
		for (j = 0; j < w->node[k].n_upstream; j++) {
			i = w->node[k].upstream[j];
			if (i >= k || (j > 0 && i <= w->node[k].upstream[j - 1])
			    || !edge[w->node[i].id[0] - 'a'][at])
				return false;
			waits++;
		}
	}
	return edges == waits;
}

static void
test_random(void)
{
	struct strbuf text = STRBUF_INIT;
	int i, circles = 0, bad = 0;
	bool edge[N][N], round, pass;
	struct arena arena = ARENA_INIT;
	struct workflow w;
	size_t n;

	for (i = 0; i < 3000; i++) {
		memset(edge, 0, sizeof(edge));
		n = random_edges(edge);
		strbuf_reset(&text);
		strbuf_reset(&said);
		print_edges(&text, edge, n);
		w = read_workflow(&arena, text.buf);
		round = has_circle(edge, n);
		circles += round;
		pass = graph_resolve(&arena, &w) ==
		    (round ? EXIT_INPUT : EXIT_DONE) &&
		    (round ? names_circle(edge) : in_order(&w, edge, n));
		if (!pass && bad++ == 0)
			printf("# %s\n# %s", text.buf, said.buf);
		arena_release(&arena);
	}
	is_int(bad, 0, "3000 random graphs are as an oracle says");
	ok(circles > 500 && circles < 2500, "%d of them have circles",
	    circles);
	strbuf_release(&text);
}

int
main(void)
{
	err_set_sink(hear, NULL);
	test_order();
	test_circles();
	test_bindings();
	test_workflow();
	test_random();
	strbuf_release(&said);
	return tap_done();
}
