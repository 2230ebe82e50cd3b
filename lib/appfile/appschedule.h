/* Schedules: what their keys mean together and for the app's workflows. */
#ifndef APPFILE_APPSCHEDULE_H
#define APPFILE_APPSCHEDULE_H

#include "lib/base/compat.h"

struct app;
struct reading;

/* Checks all schedules and types what they bind; after declare_check. */
void appschedule_check(struct reading *r, struct app *app);

#endif
