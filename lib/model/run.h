/*
 * A run (Flyte's execution) as every target describes it, and its nodes.
 * Times are milliseconds since 1970 UTC; 0 where there is none yet. Texts are
 * owned by the struct and freed by run_release.
 */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct json_writer;

enum run_status {
	RUN_PENDING, RUN_RUNNING, RUN_INTERRUPTED, RUN_SUCCEEDED, RUN_FAILED,
	RUN_ABORTED, RUN_STATUSES
};

enum { RUN_ID_LEN = 20 };

struct run {
	char *id;
	char *workflow;			/* train, predict, ... */
	enum run_status status;
	int64_t created_at, started_at, ended_at;
	char *schedule;			/* NULL: none */
	int64_t kickoff;		/* seconds; has_kickoff */
	bool has_kickoff;
	char *app_version;		/* NULL: the working tree */
	char *retry_of;			/* NULL: none */
	char *model;			/* the run that made its model; NULL */
	char *inputs;			/* JSON object */
	char *error;			/* why it failed, one line; NULL */
};

/* A page about a run: of a console, of a log viewer. */
struct run_link {
	char *name, *uri;
};

struct node_run {
	char *name;			/* trainer, evaluator-test, ... */
	enum run_status status;
	int64_t attempts;
	int64_t started_at, ended_at;
	int64_t max_rss;		/* bytes */
	int64_t cpu_ms;			/* user and system */
	char *error;
	char *first_error;		/* of its first attempt, if another
					   one followed and it is known */
	char *taken_from;		/* the run it was taken over from */
	struct run_link *link;		/* to its logs */
	size_t n_links;
};

/* A run with its nodes, in the order of the plan. */
struct run_detail {
	struct run run;
	struct node_run *node;
	size_t n_nodes;
	char *console;			/* URL of its page; NULL: none */
};

/* A new id: the letter and random hex digits. */
void run_make_id(char id[RUN_ID_LEN + 1], char letter);

/* Which runs are asked for. */
struct run_filter {
	const char *schedule;		/* NULL: any */
	const char *workflow;
	const char *app_version;
	int status;			/* an enum run_status; -1: any */
	int64_t since_ms;		/* created at or after; 0: any */
	long limit;			/* 0: no limit */
};

const char *run_status_name(enum run_status status);
bool run_status_from_name(const char *name, enum run_status *status);

/* Succeeded, failed or aborted. An interrupted run may still be resumed. */
bool run_ended(enum run_status status);

/* What a command that waited for the run ends with. */
enum status run_exit_status(enum run_status status);

void run_release(struct run *run);
void node_run_release(struct node_run *node);
void run_detail_release(struct run_detail *detail);

/* The node of that name, or NULL. */
const struct node_run *run_detail_find(const struct run_detail *detail,
    const char *name);

/*
 * The members `id workflow status started_at ended_at schedule kickoff
 * app_version retry_of`, null where there is none, into an object that the
 * caller opened (and may add to).
 */
void run_write_json(struct json_writer *w, const struct run *run);

#endif
