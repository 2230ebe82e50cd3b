/* Targets, and the names by which others refer to them. */
#ifndef APPFILE_APPTARGET_H
#define APPFILE_APPTARGET_H

#include "lib/base/compat.h"

struct app;
struct reading;

/* Checks targets, default_target and the targets of schedules. */
void apptarget_check(struct reading *r, struct app *app);

#endif
