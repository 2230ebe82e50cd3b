/* What the local target does with schedules, as a table. */
#include "lib/base/compat.h"

#include "lib/target/local/schedules.h"
#include "lib/target/local/served.h"

const struct schedule_ops local_schedules = {
	.own_catchup = "latest",
	.own_overlap = "skip",
	.reconcile = local_reconcile,
	.set_active = local_set_active,
	.list = local_list_schedules,
	.audit = local_audit,
	.start = local_start,
	.identity = local_identity,
	.served = local_served,
	.serve = local_serve,
};
