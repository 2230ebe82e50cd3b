/*
 * The functions of the Flyte target's table, by the file that has them; see
 * target_ops for what each does. flytetarget.c is the table.
 */
#ifndef FLYTE_OPS_H
#define FLYTE_OPS_H

#include "lib/base/compat.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/scheduling.h"

/* runs.c */
enum status flyte_list(struct target *target, const struct run_filter *filter,
    enum status (*each)(void *arg, const struct run *run), void *arg);
enum status flyte_resolve(struct target *target, const char *text, char **id);

/* registered.c */
enum status flyte_registered(struct target *target, struct arena *arena,
    enum workflow_kind kind, const char **version, struct workflow *workflow);

/*
 * The launch plan of that name and version, an app's or its own (NULL: the
 * newest); *plan is NULL if there is none.
 */
enum status flyte_find_registered(struct flyte *flyte, struct arena *arena,
    const char *name, const char *version, struct json **plan);

/* create.c */
enum status flyte_create(struct target *target,
    const struct run_request *request, char **id);

/* artifact.c */
enum status flyte_artifact(struct target *target, enum run_artifact what,
    const char *run, struct artifact *artifact);

enum status flyte_outputs(struct target *target, const char *id,
    struct run_outputs *outputs);

/* download.c */
enum status flyte_download(struct target *target,
    const struct artifact *artifact, int fd);

/* dryrun.c */
void flyte_dry_run(struct target *target);

/* deploy.c */
enum status flyte_deploy(struct target *target,
    const struct deploy_request *request, struct deploy_result *result);

/* activate.c */
enum status flyte_set_active(struct target *target,
    const struct activation *activation, struct schedule_changes *changes);

/* scheduled.c */
enum status flyte_list_schedules(struct target *target, bool removed,
    enum status (*each)(void *arg, const struct scheduled *scheduled),
    void *arg);

/* reconcile.c */
enum status flyte_reconcile(struct target *target,
    const struct reconcile_request *request,
    struct schedule_changes *changes);

/* audit.c */
enum status flyte_audit(struct target *target,
    const struct audit_request *request,
    enum status (*each)(void *arg, const struct audited *audited),
    void *arg);

/* slotstart.c */
enum status flyte_start(struct target *target,
    const struct start_request *request, char **id, bool *already);
enum status flyte_identity(struct target *target, const char *schedule,
    struct slot_identity *identity);


/* show.c */
enum status flyte_show(struct target *target, const char *id,
    struct run_detail *detail);
enum status flyte_log(struct target *target, const char *id, const char *node,
    struct run_log *log);

/* wait.c */
enum status flyte_watch(struct target *target, const char *id,
    const struct observer *observer, int64_t timeout_ms, int *signum);

/* stop.c */
enum status flyte_stop(struct target *target, const char *id,
    const char *cause);
enum status flyte_retry(struct target *target, const char *id,
    bool from_start, char **new_id);

/* versions.c */
enum status flyte_versions(struct target *target,
    enum status (*each)(void *arg, const struct deployed *deployed),
    void *arg);

#endif
