/* What deploy did, or would do. */
#ifndef CMD_DEPLOY_REPORT_H
#define CMD_DEPLOY_REPORT_H

#include "lib/base/compat.h"
#include "lib/model/scheduled.h"
#include "lib/target/target.h"

struct context;

struct deploy_report {
	const struct deploy_result *result;
	const struct schedule_changes *changes;
	bool dry_run;
	bool states;		/* of schedules; false: --no-schedule */
	bool hands_over;	/* when a version takes over is worth a line */
	bool json;
};

/* Whether anything is other than it was before. */
bool deploy_did_something(const struct deploy_report *report);

/* The result on stdout, remarks beside it. */
void deploy_print(const struct deploy_report *report);

/* Slots that an old version missed, and the way to run them. */
void deploy_tell_missed(const struct schedule_changes *changes);

#endif
