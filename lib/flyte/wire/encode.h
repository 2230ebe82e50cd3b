/*
 * A plan as what FlyteAdmin is asked to register: the bodies of the POST
 * requests to /api/v1/tasks, /workflows and /launch_plans (flyteidl's
 * admin.TaskCreateRequest, WorkflowCreateRequest, LaunchPlanCreateRequest), in
 * the order in which they must stand. No I/O and no network: what the cluster
 * alone knows is asked of the caller, and as long as nobody knows it stands
 * there as a text between two @.
 */
#ifndef FLYTE_ENCODE_H
#define FLYTE_ENCODE_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/flyte/wire/encodetype.h"
#include "lib/plan/plan.h"

struct json;
struct strbuf;

/* A model that is there. */
struct encode_model {
	const char *uri;	/* of its file, or of its archive */
	const char *run;	/* the run that made it; NULL: a file's */
};

/*
 * The inputs of a schedule whose workflow the app has no components for, typed
 * by the interface that the workflow was registered with.
 */
struct encode_foreign {
	const char *version;		/* of the workflow */
	const struct json *parameters;	/* of core.ParameterMap */
	const struct json *literals;	/* of core.LiteralMap: the fixed ones */
};

struct encode_place {
	const char *target;		/* its name; NULL: nobody's */
	const char *project, *domain;
	const char *service_account;	/* NULL: the project's own */
	const char *app_version;
	/*
	 * Something in every spec does not follow from the snapshot: the app
	 * file is not in it, or the service account comes from the
	 * environment.
	 */
	bool outside;
	const char *snapshot;		/* URI; NULL: @snapshot@ */
	struct encode_files files;	/* else @file:PATH@ */
	/* What it points to lives as long as the place; false: @model@. */
	bool (*model)(void *arg, const struct schedule *schedule,
	    struct encode_model *model);
	/* False: @workflow@, and literals guessed from the values. */
	bool (*foreign)(void *arg, const struct launch_plan *plan,
	    struct encode_foreign *foreign);
	void *arg;			/* of both */
};

enum object_kind { OBJECT_TASK, OBJECT_WORKFLOW, OBJECT_LAUNCH_PLAN,
	OBJECT_KINDS };

struct object {
	enum object_kind kind;
	const char *name;
	const char *version;	/* see fnames.h */
	union {
		const struct task *task;
		const struct workflow *workflow;
		const struct launch_plan *launch_plan;
	};
	const char *image;	/* of a task: expanded */
	bool own;		/* its spec does not follow from the snapshot */
	/*
	 * "@model@", "@file@" or "@workflow@": that is not known, and so
	 * neither is the version; or NULL.
	 */
	const char *open;
};

struct encoding {
	struct arena arena;
	const struct plan *plan;
	struct encode_place place;
	struct object *object;	/* tasks, workflows, launch plans */
	size_t n;
};

/*
 * Lists what is to be registered at the place: all tasks and workflows, their
 * default launch plans, and one for each schedule that lives there. EXIT_INPUT
 * after a message for each thing that no spec can be made of (no image, a
 * ${NAME} that is not set). To be released either way. The plan must live as
 * long.
 */
enum status encode_plan(struct encoding *encoding, const struct plan *plan,
    const struct encode_place *place);
void encoding_release(struct encoding *encoding);

/* "tasks", "workflows", "launch_plans": the last part of the URL. */
const char *object_collection(enum object_kind kind);

/* The object, or NULL. */
const struct object *encoding_find(const struct encoding *encoding,
    enum object_kind kind, const char *name);

/* Appends the request's body, on one line. */
void encode_body(struct strbuf *sb, const struct encoding *encoding,
    const struct object *object);

/*
 * Appends all of them as one document, indented: {"tasks": [BODY...],
 * "workflows": [...], "launch_plans": [...]}.
 */
void encode_document(struct strbuf *sb, const struct encoding *encoding);

#endif
