/*
 * A run of a schedule made ready to be executed: app file, plan and inputs are
 * those of its version's snapshot, whatever the working tree has become.
 */
#ifndef LOCAL_PREPARE_H
#define LOCAL_PREPARE_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/model/app.h"
#include "lib/model/inputs.h"
#include "lib/plan/plan.h"
#include "lib/store/ledger.h"
#include "lib/target/local/local.h"

struct prepared {
	struct arena arena;
	struct app app;
	struct plan plan;
	bool has_app, has_plan;
	struct snapshot snapshot;
	const struct schedule *schedule;	/* NULL: not come so far */
	struct inputs inputs;
	char *model;			/* the run that made it; NULL */
	struct run_request request;
};

/*
 * Loads the app file of the run's version and finds its schedule there. After
 * a failure, which is told, what was loaded is still there, and
 * app.directory is.
 */
enum status prepare_load(struct local *local, const struct ledger_run *run,
    struct prepared *prepared);

/*
 * After prepare_load: its inputs, and with them its directory and its rows, or
 * what the run has of them if it is resumed.
 */
enum status prepare_run(struct local *local, const char *id,
    const struct ledger_run *run, struct prepared *prepared);

void prepared_release(struct prepared *prepared);

#endif
