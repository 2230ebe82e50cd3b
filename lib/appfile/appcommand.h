/* Commands of components: what their placeholders stand for. */
#ifndef APPFILE_APPCOMMAND_H
#define APPFILE_APPCOMMAND_H

#include "lib/base/compat.h"

struct app;
struct reading;

/* Checks the placeholders in the commands of all components. */
void appcommand_check(struct reading *r, const struct app *app);

#endif
