/*
 * Schedules on the local target: the functions of its table, each beside its
 * file. For the target's own modules.
 */
#ifndef LOCAL_SCHEDULES_H
#define LOCAL_SCHEDULES_H

#include "lib/base/compat.h"
#include "lib/target/local/local.h"
#include "lib/target/scheduling.h"

extern const struct schedule_ops local_schedules;

/* reconcile.c: see schedule_ops. */
enum status local_reconcile(struct target *target,
    const struct reconcile_request *request,
    struct schedule_changes *changes);

/* activate.c: see schedule_ops. */
enum status local_set_active(struct target *target,
    const struct activation *activation, struct schedule_changes *changes);

/* scheduled.c: see schedule_ops. */
enum status local_list_schedules(struct target *target, bool removed,
    enum status (*each)(void *arg, const struct scheduled *scheduled),
    void *arg);

/* audit.c: see schedule_ops. */
enum status local_audit(struct target *target,
    const struct audit_request *request,
    enum status (*each)(void *arg, const struct audited *audited),
    void *arg);

/* start.c: see schedule_ops. */
enum status local_start(struct target *target,
    const struct start_request *request, char **id, bool *already);

/* lookup.c: see schedule_ops. */
enum status local_identity(struct target *target, const char *schedule,
    struct slot_identity *identity);

/* serve.c: see schedule_ops. */
enum status local_serve(struct target *target,
    const struct scheduler_request *request, int *signum);

#endif
