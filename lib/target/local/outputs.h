/*
 * What a component made: looked at, synced, and published by one rename, so
 * that an `out/` that is there is whole.
 */
#ifndef LOCAL_OUTPUTS_H
#define LOCAL_OUTPUTS_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct arena;
struct json;
struct node;
struct strbuf;
struct workflow;

/* Copilot takes no more for numbers, texts and objects. */
enum { SIMPLE_OUTPUT_MAX = 1024 };

/* Where the outputs of an attempt are written: `out.part`. */
const char *outputs_part(struct arena *arena, const char *run_dir,
    const char *node);

/*
 * Empties `out.part` and makes the directories that are outputs; what an
 * attempt before it published goes.
 */
enum status outputs_prepare(struct arena *arena, const char *run_dir,
    const struct node *node);

/*
 * Checks that each output is there, of its kind and size. False if the
 * component is at fault: `fault` then says why.
 */
bool outputs_check(struct arena *arena, const char *run_dir,
    const struct node *node, struct strbuf *fault);

/* Syncs `out.part` and renames it to `out`. */
enum status outputs_publish(struct arena *arena, const char *run_dir,
    const struct node *node);

/*
 * The outputs of a workflow whose nodes have all succeeded, as one object:
 * files by their path in the run's directory, objects as they are.
 */
struct inputs;
enum status outputs_collect(struct arena *arena, const char *run_dir,
    const struct workflow *workflow, const struct inputs *inputs,
    struct json **outputs);

#endif
