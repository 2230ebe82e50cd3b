/*
 * The plan: tasks, workflows (a graph of nodes with bindings) and launch plans.
 * It is the one description that every target works from, and knows nothing of
 * YAML and nothing of a target. Everything in it lives in its arena, but for
 * what it shares with the app that it was compiled from, which must outlive it.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/model/app.h"

struct strbuf;

/* What a task runs. Its name is the component's. */
struct task {
	const char *name;
	enum component_kind kind;
	const struct command *command;
	const struct container *container;
	struct interface inputs;
	struct interface outputs;
};

enum binding_kind {
	BIND_INPUT,	/* a workflow input, or one member of it */
	BIND_OUTPUT,	/* the output of another node */
	BIND_MAP	/* a map with a binding for each entry */
};

struct binding {
	const char *var;		/* what it gives a value to */
	enum binding_kind kind;
	const char *input;		/* BIND_INPUT */
	const char *member;		/* BIND_INPUT: NULL for the whole */
	const char *node;		/* BIND_OUTPUT */
	const char *output;		/* BIND_OUTPUT */
	struct binding *entry;		/* BIND_MAP: var is the key */
	size_t n;			/* BIND_MAP */
};

struct node {
	const char *id;			/* reader, parser-train, ... */
	const struct task *task;
	struct binding *binding;	/* one for each input of the task */
	size_t n_bindings;
	size_t *upstream;		/* indexes of nodes that come before */
	size_t n_upstream;
};

struct workflow {
	const char *name;		/* NAME.train */
	enum workflow_kind kind;
	struct interface inputs;
	struct interface outputs;
	struct node *node;		/* each behind all its upstream nodes */
	size_t n_nodes;
	struct binding *output;		/* one for each variable of outputs */
	size_t n_outputs;
};

struct launch_plan {
	const char *name;		/* NAME.SCHEDULE; NAME.train: default */
	const char *workflow_name;	/* NAME.train */
	const struct workflow *workflow;	/* NULL: registered elsewhere */
	const struct schedule *schedule;	/* NULL: the default one */
};

struct plan {
	struct arena arena;
	const struct app *app;
	struct task task[COMPONENT_KINDS];	/* name NULL: not declared */
	struct workflow workflow[WORKFLOW_KINDS];	/* name NULL: none */
	struct launch_plan *launch_plan;
	size_t n_launch_plans;
};

/*
 * Compiles the app. EXIT_INPUT after messages if a binding's type clashes with
 * its variable's or nodes wait for each other in a circle. To be released
 * either way.
 */
enum status plan_compile(struct plan *plan, const struct app *app);
void plan_release(struct plan *plan);

/* The workflow, or NULL if the app has not its components. */
const struct workflow *plan_workflow(const struct plan *plan,
    enum workflow_kind kind);

/* The node of that id, or NULL. */
const struct node *workflow_node(const struct workflow *workflow,
    const char *id);

/* Appends the plan as JSON, indented, for `unionml compile`. */
void plan_print_json(struct strbuf *sb, const struct plan *plan);

/* Appends the workflows as Graphviz dot or as Mermaid flowcharts. */
void plan_draw_dot(struct strbuf *sb, const struct plan *plan);
void plan_draw_mermaid(struct strbuf *sb, const struct plan *plan);

#endif
