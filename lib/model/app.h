/*
 * What an app file says: plain data, checked, in one arena. Texts are as
 * written; what is optional is NULL (or the value named) when left out.
 */
#ifndef MODEL_APP_H
#define MODEL_APP_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/model/interface.h"
#include "lib/schedule/dialect.h"

struct json;

/* Position in the app file, from 1; line 0: not written there. */
struct position {
	int line, column;
};

struct setting {
	const char *name;
	const char *value;
	struct position at;
};

struct settings {
	struct setting *v;
	size_t n;
};

struct names {
	const char **v;
	struct position *at;
	size_t n;
};

/* Exactly one of the two is given. */
struct command {
	const char **argv;		/* NULL-terminated, n elements */
	size_t n;
	struct position *argv_at;
	const char *script;		/* a string: run under sh -euc */
	struct position at;
};

struct resources {
	const char *cpu, *memory, *gpu;
};

enum component_kind {
	READER, SPLITTER, PARSER, TRAINER, EVALUATOR, PREDICTOR,
	COMPONENT_KINDS
};

enum { RETRIES_MAX = 100 };

/* What a component may say, and the app for all of them. */
struct container {
	const char *image;
	struct resources resources;
	int64_t retries;		/* of the app: -1 if not given */
	struct span timeout;		/* 0: not given */
	struct settings env;
	struct settings secrets;	/* value: group/key */
};

struct component {
	bool declared;
	struct position at;		/* of its key, as those below */
	struct command command;
	struct interface inputs;	/* the declared ones */
	const char *format;		/* of its outputs; not inherited */
	bool directory;
	struct container container;	/* the app's defaults filled in */
};

enum workflow_kind { TRAIN, PREDICT, PREDICT_FROM_FEATURES, WORKFLOW_KINDS };

enum catchup { CATCHUP_UNSET, CATCHUP_NONE, CATCHUP_LATEST, CATCHUP_ALL };
enum overlap { OVERLAP_UNSET, OVERLAP_ALLOW, OVERLAP_SKIP, OVERLAP_QUEUE,
	OVERLAP_REPLACE };

enum model_source { MODEL_UNSET, MODEL_LATEST, MODEL_LATEST_AT_DEPLOY,
	MODEL_VERSION, MODEL_FILE };

struct model_choice {
	enum model_source source;
	const char *version, *app_version;
	const char *file;		/* relative to the app file */
	struct position at;
};

/* The keys of a schedule that not every target can keep to. */
enum schedule_key { SCHEDULE_WHEN, SCHEDULE_OFFSET, SCHEDULE_START,
	SCHEDULE_END, SCHEDULE_CATCHUP, SCHEDULE_CATCHUP_WINDOW,
	SCHEDULE_OVERLAP, SCHEDULE_ON_FAILURE, SCHEDULE_KEYS };

struct schedule {
	const char *name;
	struct position at;
	struct position key_at[SCHEDULE_KEYS];	/* of their values */
	enum workflow_kind workflow;
	const char *when;		/* expression or fixed_rate */
	struct expression expression;	/* fixed_rate: DIALECT_EVERY */
	struct span offset;
	const char *reader_time_arg;
	/*
	 * The workflow inputs that it fixes, as one object: what `inputs`
	 * holds, hyperparameters and kwargs, typed as the workflow wants
	 * them; paths (relative to the app file) and dates as written.
	 */
	const struct json *bound;
	struct model_choice model;
	const char *timezone;
	struct instant start, end;
	bool has_start, has_end;
	enum catchup catchup;
	struct span catchup_window;	/* 0: unlimited */
	enum overlap overlap;
	struct names targets;		/* n 0: every target */
	bool active;			/* true unless `active: false` */
	struct command on_failure;
};

enum target_type { TARGET_LOCAL, TARGET_FLYTE };

struct target_decl {
	const char *name;
	struct position at;
	enum target_type type;
	const char *store;		/* local; `~` and ${} as written */
	const char *config, *project, *domain, *service_account;
};

struct app {
	struct arena arena;
	const char *file;		/* as the user would name it */
	const char *directory;		/* absolute: where the file lies */

	const char *name;
	const char *description;
	const char *source;		/* "." unless given; NULL for `none` */
	struct names path;
	struct container defaults;
	struct component component[COMPONENT_KINDS];
	struct interface hyperparameters;	/* n 0: none declared */
	struct position hyperparameters_at;
	struct schedule *schedule;
	size_t n_schedules;
	struct target_decl *target;
	size_t n_targets;
	const char *default_target;	/* "local" unless given */
};

/* "reader" ..., "train" ...; kinds as the app file spells them. */
const char *component_name(enum component_kind kind);

/* Where it stands in the app file: "dataset.reader". */
const char *component_key(enum component_kind kind);

/*
 * The names of what it gets besides the declared inputs (`hyperparameters` only
 * if the app has some), and of what it makes; each list ends in NULL.
 */
const char *const *component_takes(enum component_kind kind);
const char *const *component_makes(enum component_kind kind);

/* The word of the key; NULL where it was left out. */
const char *catchup_name(enum catchup catchup);
const char *overlap_name(enum overlap overlap);
const char *model_source_name(enum model_source source);

const char *workflow_name(enum workflow_kind kind);
bool workflow_from_name(const char *name, enum workflow_kind *kind);

/* The reader and trainer make train, and so on: whether the app has it. */
bool app_has_workflow(const struct app *app, enum workflow_kind kind);

/*
 * Which components the app lacks for the workflow, for an error: `reader`,
 * `reader and trainer`. NULL if it has it.
 */
const char *app_lacks(const struct app *app, enum workflow_kind kind);

/* The schedule of that name, or NULL. */
const struct schedule *app_find_schedule(const struct app *app,
    const char *name);

/* Whether the schedule is for the target of that name. */
bool schedule_lives_on(const struct schedule *schedule, const char *target);

/*
 * The type of each output of the component: a file or directory with its
 * format, of the evaluator a JSON object. What the predictor and the evaluator
 * get as features or data is the parser's if there is one, else the reader's.
 */
const struct type *component_output_type(struct arena *arena,
    const struct app *app, enum component_kind kind);

/*
 * The inputs of a workflow, in the order in which they are shown. One that two
 * components share is there once, with the default that either of them gives.
 */
void app_workflow_inputs(struct arena *arena, const struct app *app,
    enum workflow_kind kind, struct interface *inputs);

/* Frees all of it; it may be zeroed memory or half read. */
void app_release(struct app *app);

#endif
