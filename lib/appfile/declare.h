/* What components and hyperparameters declare: inputs and their defaults. */
#ifndef APPFILE_DECLARE_H
#define APPFILE_DECLARE_H

#include "lib/base/compat.h"

struct app;
struct reading;

/*
 * Says which components there are, reads the defaults of all inputs, and
 * checks their names and types between the components.
 */
void declare_check(struct reading *r, struct app *app);

#endif
