/*
 * A deploy under way: the plan as it is to stand on the cluster, and what the
 * cluster has of it. It stays with the target, for its schedules are activated
 * by another call.
 */
#ifndef FLYTE_DEPLOYMENT_H
#define FLYTE_DEPLOYMENT_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/package/pack.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/register.h"

struct deploy_file {
	const char *path, *uri;
	bool directory;
	bool parts;		/* file by file, not as an archive */
};

struct deploy_foreign;
struct deploy_model;

struct deployment {
	struct flyte *flyte;
	const struct deploy_request *request;
	struct deploy_result *result;
	struct arena arena;

	struct pack pack;		/* of the source; "" without one */
	bool uploaded;			/* its snapshot is there */
	bool unchanged;			/* all was there: nothing is sent */
	bool has_project;

	struct deploy_file *file;	/* what the plan's values name */
	size_t n_files, cap_files;
	struct deploy_model *model;	/* of schedules that have one */
	size_t n_models;

	struct deploy_foreign *foreign;	/* of schedules whose workflow is
					   not made here */
	size_t n_foreign;

	struct encode_place place;
	struct encoding encoding;
	struct registration registration;
};

void deployment_free(struct deployment *d);

/* A dry run whose requests nobody wants to see. */
bool deployment_only_looks(const struct deployment *d);

/* deployfiles.c: finds, or sends, what the plan's values name. */
enum status deploy_files(struct deployment *d);

/* deploydiff.c: what would be other than it is, for result->changes. */
enum status deploy_diff(struct deployment *d);

/*
 * deployforeign.c: asks for the interfaces of workflows that something else
 * has registered, and types by them what schedules give. The workflow that a
 * journal could belong to; false if there is none of them.
 */
enum status deploy_foreign(struct deployment *d);
bool deploy_foreign_workflow(const struct deployment *d, const char **name,
    const char **version);
/* The version of the schedule's workflow, or NULL. */
const char *deploy_foreign_version(const struct deployment *d,
    const struct schedule *schedule);

/* deploymodel.c: finds, or sends, the models of schedules. */
enum status deploy_models(struct deployment *d);

/* deploynames.c: EXIT_CONFLICT for a schedule whose name is another's. */
enum status deploy_check_names(struct deployment *d);

/* deployproject.c: whether it is there, and active; makes it. */
enum status deploy_find_project(struct deployment *d);
enum status deploy_make_project(struct deployment *d);

#endif
