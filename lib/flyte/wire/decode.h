/*
 * What FlyteAdmin answers about runs, in the words of model/run.h: executions
 * (flyteidl's admin.Execution), their nodes (admin.NodeExecution) and the
 * attempts at those (admin.TaskExecution). Any member may be absent or of
 * another kind; nothing here fails. Texts are the caller's to free.
 */
#ifndef FLYTE_DECODE_H
#define FLYTE_DECODE_H

#include "lib/base/compat.h"
#include "lib/model/run.h"

struct json;

/*
 * Of core.WorkflowExecution, core.NodeExecution and core.TaskExecution alike.
 * A phase that is not known is pending.
 */
enum run_status decode_phase(const char *phase);

/*
 * The phases that mean the status, for a filter of executions: `FAILED` or
 * several with a `;`. NULL for one that Flyte has not.
 */
const char *decode_phases(enum run_status status);

/* All but `inputs`. Workflow and schedule without the app's `APP.`. */
void decode_run(struct run *run, const struct json *execution,
    const char *app);

/*
 * False, and nothing to free, for start-node and end-node. What was taken over
 * came from the run `source` (NULL: from none).
 */
bool decode_node(struct node_run *node, const struct json *execution,
    const char *source);

/*
 * The node's error anew, of an answer about that node alone: lists keep the
 * first 100 bytes of a message.
 */
void decode_node_error(struct node_run *node, const struct json *execution);

/* One attempt: it is counted; its error, if the first; its links. */
void decode_attempt(struct node_run *node, const struct json *execution);

/* For qsort(3) of struct node_run: in the order of a plan, then of time. */
int decode_compare_nodes(const void *a, const void *b);

#endif
