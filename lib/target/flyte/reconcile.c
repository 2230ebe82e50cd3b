/* The schedules of a version, after its deploy. */
#include "lib/base/compat.h"

#include "lib/target/flyte/deployment.h"
#include "lib/target/flyte/ops.h"

enum status
flyte_reconcile(struct target *target,
    const struct reconcile_request *request,
    struct schedule_changes *changes)
{
	(void)target;
	(void)request;
	(void)changes;
	return EXIT_DONE;
}
