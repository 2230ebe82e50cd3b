/* What the encoders of tasks, workflows and launch plans have in common. */
#ifndef FLYTE_ENCODEPART_H
#define FLYTE_ENCODEPART_H

#include "lib/base/compat.h"
#include "lib/flyte/wire/encode.h"

struct json_writer;

/*
 * The task input that is the source. Like the members of objects it has a dot
 * in its name, which no input of the user's has.
 */
#define ENCODE_SOURCE "snapshot." ENCODE_ARCHIVE

/* core.Identifier, under the name `id`, `reference_id` or such. */
void encode_id(struct json_writer *w, const char *name,
    const struct encoding *encoding, const struct object *object);

/* The object that the task, or the workflow, became. */
const struct object *encoding_task(const struct encoding *encoding,
    const struct task *task);
const struct object *encoding_workflow(const struct encoding *encoding,
    const struct workflow *workflow);

/* The members of a task's request behind its `id`, and so on. */
void encode_task(struct json_writer *w, const struct encoding *encoding,
    const struct object *object);
void encode_workflow(struct json_writer *w, const struct encoding *encoding,
    const struct object *object);
void encode_launch_plan(struct json_writer *w,
    const struct encoding *encoding, const struct object *object);

/* The member `model_object` of a schedule's fixed inputs. */
void encode_model_object(struct json_writer *w,
    const struct encoding *encoding, const struct schedule *schedule,
    const struct type *type);

/*
 * What the cluster says of a workflow that is not the app's; false if nobody
 * has asked it: then it has a version alone, which is none.
 */
bool encode_find_foreign(const struct encoding *encoding,
    const struct launch_plan *plan, struct encode_foreign *foreign);

/* default_inputs and fixed_inputs of such a schedule. */
void encode_foreign_inputs(struct json_writer *w,
    const struct encoding *encoding, const struct launch_plan *plan);

/* Appends the arguments behind the prelude. */
void encode_arguments(struct json_writer *w, const struct task *task,
    bool source);

#endif
