/*
 * The local target: subprocesses and SQLite, no services. This header is for
 * its own modules and for who lists the targets.
 */
#ifndef LOCAL_LOCAL_H
#define LOCAL_LOCAL_H

#include "lib/base/compat.h"
#include "lib/store/store.h"
#include "lib/target/local/owner.h"
#include "lib/target/setup.h"
#include "lib/target/target.h"

struct local {
	struct target target;
	struct store *store;	/* NULL: nothing was ever run here */
	char *dir;		/* the store's directory */
	char *app_dir;		/* the app file's, absolute */
	struct owner_lock owner;	/* held from create to the run's end */
};

extern const struct target_ops local_target;
extern const struct target_setup local_setup;

/*
 * The store's directory: `store:` of the target, else beside the app file. The
 * caller frees it.
 */
enum status local_find_dir(const struct app *app,
    const struct target_decl *decl, char **dir);

/*
 * What a run really is: one that was not brought to its end and whose owner is
 * dead is interrupted.
 */
enum run_status local_status(struct store *store, const char *id,
    enum run_status status, const char *owner);

/* Opens the store to write, which makes it if it is not there. */
enum status local_reopen(struct local *local);

/*
 * Executes a run that somebody asked for by hand, and looks at: see
 * executor_run.
 */
enum status local_conduct(struct local *local,
    const struct run_request *request, const char *id,
    const struct observer *observer, int *signum);

/* EXIT_CONFLICT after a message if nothing was ever run here. */
enum status local_need_store(const struct local *local);

/* create.c: see target_ops. */
enum status local_create(struct target *target,
    const struct run_request *request, char **id);
enum status local_make_directory(struct local *local,
    const struct run_request *request, const char *id);
enum status local_inputs(struct target *target, struct arena *arena,
    const char *id, const struct interface *interface,
    struct inputs *inputs);

/* stop.c: see target_ops. */
enum status local_stop(struct target *target, const char *id,
    const char *cause);

/*
 * Asks the owner of a run that is marked to be stopped to do so, and waits for
 * nothing. Whoever takes a run that is nobody's sees the mark itself.
 */
enum status local_tell_owner(struct store *store, const char *id);

/*
 * Ends what still lives of a run whose owner is dead. EXIT_CONFLICT after a
 * message if it cannot be ended, or its owner is alive.
 */
enum status local_end_remains(struct local *local, const char *id);

/* The same for its new owner, who took it over; `former` as it was before. */
enum status local_end_former(struct local *local, const char *id,
    const char *owner, const struct run_owner *former);

/*
 * detach.c: see target_ops. A process that is to go on alone leaves its
 * terminal first: what it says goes into unionml.log of the directory.
 */
void local_leave_terminal(const char *run_dir);
enum status local_detach(struct target *target,
    const struct run_request *request, const char *id);
enum status local_watch(struct target *target, const char *id,
    const struct observer *observer, int64_t timeout_ms, int *signum);

/* artifact.c: see target_ops. */
enum status local_outputs(struct target *target, const char *id,
    struct run_outputs *outputs);
enum status local_artifact(struct target *target, enum run_artifact what,
    const char *run, struct artifact *artifact);

/* deploy.c: see target_ops. */
enum status local_deploy(struct target *target,
    const struct deploy_request *request, struct deploy_result *result);
enum status local_snapshot(struct target *target, const char *version,
    struct snapshot *snapshot);
enum status local_versions(struct target *target,
    enum status (*each)(void *arg, const struct deployed *deployed),
    void *arg);

/* gc.c: see target_ops. */
enum status local_gc(struct target *target, const struct gc_request *request);

#endif
