/*
 * Values on disk in the very forms in which flyte-copilot lays them before a
 * container: a file for each scalar or object, a directory for a list or map,
 * inputs.json last. A file of the user's is a link to where it lies.
 */
#ifndef LOCAL_VALUES_H
#define LOCAL_VALUES_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/interface.h"

struct arena;
struct inputs;
struct literal;
struct node;
struct workflow;

/* The value of one input of a node, and where it lies in `in/`. */
struct node_value {
	const struct variable *variable;
	const struct literal *value;
	const char *path;		/* absolute, in `in/` */
};

/* The name of a file that holds the variable: `data.csv`, `data`. */
const char *value_file_name(struct arena *arena,
    const struct variable *variable);

/*
 * Copies the files and directories among a run's inputs into `inputs/` of its
 * directory, so that the run has them whatever becomes of the originals. The
 * variable `linked` (NULL: none) is linked if the file system can.
 */
enum status values_keep_inputs(struct arena *arena, const char *run_dir,
    const struct inputs *inputs, const char *linked);

/*
 * The value with the files in it led to where a run kept them; as it is if the
 * run had not come so far.
 */
const struct literal *values_kept(struct arena *arena, const char *run_dir,
    const struct variable *variable, const struct literal *value);

/*
 * The values of a node's inputs, one for each of its bindings, `value` having
 * room for them: from the run's inputs as values_keep_inputs laid them, or from
 * what the nodes before it left in their `out/`.
 */
void values_bind(struct arena *arena, const struct workflow *workflow,
    const struct node *node, const struct inputs *inputs,
    const char *run_dir, struct node_value *value);

/*
 * Lays `n` values into the node's `in/`, which is made anew, and sets their
 * paths. EXIT_LOCAL after a message.
 */
enum status values_write(struct arena *arena, const char *run_dir,
    const char *node, struct node_value *value, size_t n);

#endif
